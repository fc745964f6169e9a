// Everything a report shows, as plain values: what was read, what the traffic was, who attacked.
// No clock and no machine in it, so that the same log gives the same report.

import Bytes
import Detection

/// The whole of a run.
public struct ReplayReport: Sendable {
  public var input = InputReport()
  public var traffic = TrafficReport()
  /// In any order: the reports sort by severity, confidence, start and id.
  public var attacks: [Attack] = []
  public var ledger = LedgerReport()
  /// Reading ended early: interrupted, or an input failed. Nil when all was read.
  public var partial: String?
  /// What a reader should know, in sentences: a cold start, hosts that share a zone, a limit that was reached.
  public var remarks: [String] = []
  /// Rules and detectors that looked, for the reader who sees that nothing was found.
  public var ruleCount = 0
  public var detectors: [String] = []

  public init() {}

  /// Requests that were looked at.
  var requests: UInt64 { traffic.requests > 0 ? traffic.requests : input.parsed }

  /// As every report lists them.
  public var sortedAttacks: [Attack] { Self.sorted(attacks) }

  /// Most severe first, then most certain, then earliest, then by id.
  public static func sorted(_ attacks: [Attack]) -> [Attack] {
    attacks.sorted { a, b in
      if a.severity != b.severity { return a.severity > b.severity }
      if a.confidence != b.confidence { return a.confidence > b.confidence }
      return a.start != b.start ? a.start < b.start : a.id < b.id
    }
  }
}

/// What was read.
public struct InputReport: Sendable {
  public struct File: Sendable {
    /// Path as raw bytes.
    public var path: [UInt8]
    /// The format decided for, in a word: `combined`.
    public var format: String
    /// After decompression.
    public var bytes: UInt64
    public var lines: UInt64
    public var parsed: UInt64
    public init(path: [UInt8], format: String, bytes: UInt64, lines: UInt64, parsed: UInt64) {
      (self.path, self.format, self.bytes, self.lines, self.parsed) = (path, format, bytes, lines, parsed)
    }
  }
  /// One way in which lines did not parse.
  public struct UnparsedShape: Sendable {
    /// The line with its digits, words and quoted parts put into classes.
    public var shape: [UInt8]
    public var count: UInt64
    public var file: [UInt8]
    /// Of the first such line.
    public var line: UInt64
    public init(shape: [UInt8], count: UInt64, file: [UInt8], line: UInt64) {
      (self.shape, self.count, self.file, self.line) = (shape, count, file, line)
    }
  }
  /// In the order they were named.
  public var files: [File] = []
  public var bytes: UInt64 = 0
  public var lines: UInt64 = 0
  public var parsed: UInt64 = 0
  public var unparsed: UInt64 = 0
  /// Of the parsed events; nil where there are none.
  public var first: Nanoseconds?
  public var last: Nanoseconds?
  /// Most frequent first.
  public var unparsedShapes: [UnparsedShape] = []

  public init() {}

  /// Share of the lines that parsed, 0 to 1; 1 of no lines.
  public var coverage: Double { lines == 0 ? 1 : Double(parsed) / Double(lines) }
}

/// What the traffic was.
public struct TrafficReport: Sendable {
  /// Requests by class of status.
  public struct Statuses: Sendable, Equatable {
    public var informational: UInt64 = 0
    public var success: UInt64 = 0
    public var redirect: UInt64 = 0
    public var clientError: UInt64 = 0
    public var serverError: UInt64 = 0
    public init() {}
    public init(_ one: UInt64, _ two: UInt64, _ three: UInt64, _ four: UInt64, _ five: UInt64) {
      (informational, success, redirect, clientError, serverError) = (one, two, three, four, five)
    }
    /// 1xx to 5xx.
    public var all: [UInt64] { [informational, success, redirect, clientError, serverError] }
  }
  /// One step of the series.
  public struct Point: Sendable, Equatable {
    public var requests: UInt64
    public var bytes: UInt64
    public var statuses: Statuses
    /// Requests judged hostile by themselves.
    public var matched: UInt64
    public init(requests: UInt64 = 0, bytes: UInt64 = 0, statuses: Statuses = Statuses(), matched: UInt64 = 0) {
      (self.requests, self.bytes, self.statuses, self.matched) = (requests, bytes, statuses, matched)
    }
  }
  /// A frequent value with bounds.
  public struct Top: Sendable, Equatable {
    /// As it is shown: raw bytes, an address as text.
    public var value: [UInt8]
    public var requests: UInt64
    public var lower: UInt64
    public var upper: UInt64
    public var bytes: UInt64
    /// Answered 4xx or 5xx.
    public var errors: UInt64
    public init(value: [UInt8], requests: UInt64, lower: UInt64, upper: UInt64, bytes: UInt64 = 0, errors: UInt64 = 0) {
      (self.value, self.requests, self.lower, self.upper) = (value, requests, lower, upper)
      (self.bytes, self.errors) = (bytes, errors)
    }
  }
  /// Microseconds.
  public struct Latency: Sendable, Equatable {
    public var p50: UInt64
    public var p90: UInt64
    public var p99: UInt64
    public init(p50: UInt64, p90: UInt64, p99: UInt64) { (self.p50, self.p90, self.p99) = (p50, p90, p99) }
  }

  public var requests: UInt64 = 0
  public var bytes: UInt64 = 0
  public var statuses = Statuses()
  /// GET, HEAD, POST, others.
  public var methods: (get: UInt64, head: UInt64, post: UInt64, other: UInt64) = (0, 0, 0, 0)
  /// Distinct clients, estimated.
  public var clients: UInt64 = 0
  /// Requests judged hostile by themselves.
  public var matched: UInt64 = 0
  public var latency: Latency?

  /// Start of the first point, and the length of each, ns.
  public var seriesStart: Nanoseconds = 0
  public var seriesStep: Nanoseconds = 60_000_000_000
  /// Without gaps.
  public var series: [Point] = []

  /// Most frequent first.
  public var paths: [Top] = []
  public var topClients: [Top] = []
  public var networks: [Top] = []
  public var userAgents: [Top] = []
  public var referrers: [Top] = []
  public var hosts: [Top] = []

  public init() {}
}

/// Where every line went.
public struct LedgerReport: Sendable, Equatable {
  public var lines: UInt64 = 0
  public var parsed: UInt64 = 0
  public var unparsed: UInt64 = 0
  /// Stamped too far ahead of their source's time.
  public var ahead: UInt64 = 0
  public var sampledOut: UInt64 = 0
  /// Of the parsed: behind their source's watermark when read, and counted all the same.
  public var late: UInt64 = 0
  /// Of the parsed: outside of the times or the zone asked for.
  public var excluded: UInt64 = 0
  /// Of the parsed: counted in a window.
  public var aggregated: UInt64 = 0
  /// Of those: allowed by the pipeline, and looked at no further.
  public var allowed: UInt64 = 0

  public init() {}

  /// Whether every line is accounted for once.
  public var balances: Bool {
    let (known, o1) = [parsed, unparsed, ahead, sampledOut].reduce((UInt64(0), false)) {
      let (sum, overflow) = $0.0.addingReportingOverflow($1)
      return (sum, $0.1 || overflow)
    }
    let (counted, o2) = aggregated.addingReportingOverflow(excluded)
    return !o1 && !o2 && known == lines && counted == parsed
  }
}
