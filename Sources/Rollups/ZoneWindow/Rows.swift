// The smaller rows of a window: evidence, matches of rules, signatures, correlations, samples.

import Bytes
import Events
import Sketches

/// A run of bytes among the texts of a window.
public struct TextRange: BitwiseCopyable, Sendable, Equatable {
  var offset: UInt32
  public var count: UInt32

  init(offset: Int, count: Int) {
    self.offset = UInt32(truncatingIfNeeded: offset)
    self.count = UInt32(truncatingIfNeeded: count)
  }
  public init() { (offset, count) = (0, 0) }
}

/// A line kept as evidence, with its place.
public struct EvidenceItem: BitwiseCopyable, Sendable {
  public var source: UInt64
  /// Line in the file, from 1; 0 where there is no file.
  public var line: UInt64
  /// Of the line in the (decompressed) file.
  public var offset: UInt64
  /// Number of the line in its source.
  public var ordinal: UInt64
  public var time: Nanoseconds
  public var client: IPAddress
  /// Hash.
  public var userAgent: UInt64
  /// Hash; 0 where there is none.
  public var fingerprint: UInt64 = 0
  /// Sent to the client; `.max` stands for more.
  public var bytes: UInt32 = 0
  public var asn: UInt32 = 0
  public var country: UInt16 = 0
  public var status: UInt16
  var methodWire: UInt16
  public var method: Method { Method(wire: methodWire) }
  var protocolWire: UInt16 = 0
  public var protocolVersion: `Protocol` { `Protocol`(wire: protocolWire) }
  public var hasReferrer = false
  public var score: UInt8
  /// Worth as evidence: the score, or a little where a request failed or tried to log in.
  public var rank: UInt8
  /// The request's target, cut to 512 bytes.
  public var request: TextRange
  var next: Int32 = -1

  init(
    source: UInt64, line: UInt64, offset: UInt64, ordinal: UInt64, time: Nanoseconds, client: IPAddress,
    userAgent: UInt64, status: UInt16, method: Method, score: UInt8, rank: UInt8
  ) {
    (self.source, self.line, self.offset, self.ordinal) = (source, line, offset, ordinal)
    (self.time, self.client, self.userAgent, self.status) = (time, client, userAgent, status)
    (methodWire, self.score, self.rank) = (method.wire, score, rank)
    request = TextRange()
  }

  /// Order of worth: rank, then earlier, then place. A total order over lines, so that what is kept doesn't depend on
  /// the order in which it came.

  public func isBetter(than other: Self) -> Bool {
    if rank != other.rank { return rank > other.rank }
    if time != other.time { return time < other.time }
    if source != other.source { return source < other.source }
    return ordinal < other.ordinal
  }
}

/// Matches of one rule in a zone's window.
public struct RuleRow: BitwiseCopyable, Sendable {
  /// Hash of the rule's id.
  public var rule: UInt64
  public var matches: UInt64 = 0
  public var clients = DistinctSet()
  var evidence: Int32 = -1
  init(rule: UInt64) { self.rule = rule }
}

/// Matches of one rule by one client.
public struct RuleMatches: BitwiseCopyable, Sendable, Equatable {
  public var rule: UInt64
  public var count: UInt64
  public init(rule: UInt64, count: UInt64) { (self.rule, self.count) = (rule, count) }
}

struct RuleLink: BitwiseCopyable, Sendable {
  var matches: RuleMatches
  var next: Int32
}

/// What several clients share in one window.
public struct SignatureRow: BitwiseCopyable, Sendable {
  public enum Kind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// The same path, of failed, matched, writing or logging-in requests.
    case path = 0
    /// The same form of a matched target: digits, letters and hexadecimal runs put together.
    case payloadShape
    case userAgent
    case loginPath
  }
  /// Of kind and value.
  public var hash: UInt64
  public var kind: Kind
  public var value: TextRange
  public var requests: UInt64 = 0
  /// Requests it may have had before it was evicted and taken in again.
  public var error: UInt64 = 0
  public var errors: UInt64 = 0
  public var matched: UInt64 = 0
  public var clients = DistinctSet()
  /// Distinct query strings.
  public var queries = DistinctSet()
  var evidence: Int32 = -1

  init(hash: UInt64, kind: Kind, value: TextRange) { (self.hash, self.kind, self.value) = (hash, kind, value) }
}

/// Counts of one group of a Sigma correlation.
public struct CorrelationRow: BitwiseCopyable, Sendable {
  /// Hash of the correlation's id; of one of its rules as well where they are told apart.
  public var correlation: UInt64
  public var groupHash: UInt64
  /// The group-by values, each length-prefixed.
  public var group: TextRange
  public var count: UInt64 = 0
  /// Distinct values of the field that `value_count` counts.
  public var values = DistinctSet()
  public var firstTime: Nanoseconds
  public var lastTime: Nanoseconds
  var evidence: Int32 = -1

  init(correlation: UInt64, groupHash: UInt64, group: TextRange, time: Nanoseconds) {
    (self.correlation, self.groupHash, self.group) = (correlation, groupHash, group)
    (firstTime, lastTime) = (time, time)
  }

  /// Adds a group's counts; values and evidence are added by the caller.
  mutating func add(_ other: CorrelationRow) {
    count = count.saturatingAdd(other.count)
    firstTime = min(firstTime, other.firstTime)
    lastTime = max(lastTime, other.lastTime)
  }
}

/// The fields of one sampled request. Texts by hash, but for the target.
public struct TupleItem: BitwiseCopyable, Sendable {
  public var time: Nanoseconds
  public var client: IPAddress
  public var weight: UInt32
  public var asn: UInt32
  /// Sent to the client; `.max` stands for more.
  public var bytes: UInt32
  public var status: UInt16
  var methodWire: UInt16
  public var method: Method { Method(wire: methodWire) }
  var protocolWire: UInt16
  public var protocolVersion: `Protocol` { `Protocol`(wire: protocolWire) }
  public var country: UInt16
  public var score: UInt8
  public var target: TextRange
  public var userAgent: UInt64
  /// 0 where there is none, as for the fingerprint.
  public var referrer: UInt64
  public var fingerprint: UInt64
}

/// Requests by status code.
public struct StatusRow: BitwiseCopyable, Sendable, Equatable {
  public var code: UInt16
  public var count: UInt64
}
