// What the pipeline is for: one attack, as the reports, the topic `attacks` and the terminal show it.

import Bytes
import Rollups

/// What kind of behaviour an attack is.
public enum AttackKind: String, Sendable, CaseIterable {
  /// Requests that carry payloads against the application.
  case injection
  /// Probing for what is there: many paths, known weak spots, backups, shells.
  case scanning
  case bruteForce = "brute-force"
  case credentialStuffing = "credential-stuffing"
  case scraping
  case flood
  case distributedFlood = "distributed-flood"
  case cacheBusting = "cache-busting"
  case slowRequests = "slow-requests"
  case errorStorm = "error-storm"
  /// Forms sent again and again, by clients that load nothing: comment and contact spam.
  case formSpam = "form-spam"
  /// A rule or correlation of the user's own.
  case correlation
}

public enum AttackState: String, Sendable { case started, ongoing, ended }

public enum Severity: Int, Sendable, Comparable, CaseIterable {
  case low = 0
  case medium
  case high
  case critical
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  public var name: String { ["low", "medium", "high", "critical"][rawValue] }
}

/// One attack. Times in ns since the epoch; rates in requests a second.
public struct Attack: Sendable, Equatable {
  public struct Source: Sendable, Equatable {
    public var address: IPAddress
    public var requests: UInt64
    /// Bounds of `requests`: equal where the tables did not overflow.
    public var lower: UInt64
    public var upper: UInt64
    /// What is known of it from elsewhere, where anything is.
    public var note: SourceNote?
    public init(address: IPAddress, requests: UInt64, lower: UInt64, upper: UInt64) {
      (self.address, self.requests, self.lower, self.upper) = (address, requests, lower, upper)
    }
  }
  public struct Target: Sendable, Equatable {
    /// Path as raw bytes.
    public var path: [UInt8]
    public var requests: UInt64
    public var lower: UInt64
    public var upper: UInt64
    public init(path: [UInt8], requests: UInt64, lower: UInt64, upper: UInt64) {
      (self.path, self.requests, self.lower, self.upper) = (path, requests, lower, upper)
    }
  }
  public struct Rule: Sendable, Equatable {
    public var id: String
    public var title: String
    public var matches: UInt64
    public init(id: String, title: String, matches: UInt64) {
      (self.id, self.title, self.matches) = (id, title, matches)
    }
  }
  public struct EvidenceLine: Sendable, Equatable {
    /// Path of the file as raw bytes.
    public var file: [UInt8]
    public var line: UInt64
    public var time: Nanoseconds
    public var client: IPAddress
    public var status: UInt16
    /// Method and target as raw bytes, as received.
    public var request: [UInt8]
    public init(
      file: [UInt8], line: UInt64, time: Nanoseconds, client: IPAddress, status: UInt16, request: [UInt8]
    ) {
      (self.file, self.line, self.time, self.client) = (file, line, time, client)
      (self.status, self.request) = (status, request)
    }
  }

  /// The zone of an attack on many zones, none of which would have told of it.
  public static let manyZones: [UInt8] = [0x2a]

  /// 16 hexadecimal digits, from the content: kind, zone, class, start and first source. Never a counter or a clock.
  public var id: String
  public var state: AttackState
  public var kind: AttackKind
  /// The chief class of its requests, as in `AttackClasses.names`; "" for purely behavioural kinds.
  public var attackClass: String
  public var severity: Severity
  /// Zone (host) as raw bytes; `manyZones` where it is on several.
  public var zone: [UInt8]
  public var start: Nanoseconds
  public var end: Nanoseconds
  /// 0 to 1.
  public var confidence: Double
  public var requests: UInt64
  public var peakRate: Double
  public var baselineRate: Double
  public var sourceCount: UInt64
  /// Most active first; at most 20 here, all of them through `AttackSourceSink`.
  public var sources: [Source]
  public var targets: [Target]
  public var rules: [Rule]
  public var evidence: [EvidenceLine]
  /// What singles it out, where something does and the zone's normal traffic is known.
  public var fingerprint: Fingerprint?
  /// Normal requests of the zone that were looked at for saying whom a block would hit, and those of them that came from
  /// sources of the attack.
  public var normalSampled = 0
  public var normalFromSources = 0
  /// Why it was raised, in words, with numbers.
  public var explanation: String

  /// 16 hexadecimal digits.
  public static func text(ofId word: UInt64) -> String {
    let text = String(word, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }

  public init(id: String, kind: AttackKind, zone: [UInt8], start: Nanoseconds, end: Nanoseconds) {
    (self.id, self.kind, self.zone, self.start, self.end) = (id, kind, zone, start, end)
    state = .started
    attackClass = ""
    severity = .medium
    confidence = 0
    requests = 0
    peakRate = 0
    baselineRate = 0
    sourceCount = 0
    sources = []
    targets = []
    rules = []
    evidence = []
    explanation = ""
  }
}

extension Attack {
  /// What was told of it has become part of others: it is told once more, without requests, and no report has it.
  public var isWithdrawn: Bool { state == .ended && requests == 0 }

  /// The most severe first, then by start, then by id.
  public static func precedes(_ a: Attack, _ b: Attack) -> Bool {
    if a.severity != b.severity { return a.severity > b.severity }
    if a.start != b.start { return a.start < b.start }
    return a.id < b.id
  }
}
