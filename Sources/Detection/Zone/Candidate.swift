// What the zone stage tells the campaign stage: one client (or network, or zone) did something in one
// window that may be part of an attack. Small, self-contained, in a defined order.

import Bytes
import Rollups

/// Numbers behind a candidate: enough to say in words why it was raised.
public struct CandidateFacts: Sendable, Equatable {
  /// Requests of the visit so far, and how many failed (4xx).
  public var requests: UInt64 = 0
  public var failed: UInt64 = 0
  public var serverErrors: UInt64 = 0
  public var slow: UInt64 = 0
  public var matched: UInt64 = 0
  public var logins: UInt64 = 0
  public var loginFailures: UInt64 = 0
  public var distinctPaths: UInt64 = 0
  public var missingPaths: UInt64 = 0
  public var distinctQueries: UInt64 = 0
  public var users: UInt64 = 0
  public var maxScore: UInt8 = 0
  /// Addresses that did the same, where the test looked at several.
  public var addresses: UInt64 = 0
  /// Addresses that did the same at the time, where none of them would have been told alone.
  public var crowd: UInt64 = 0
  /// Zones in which one address did the same, where none of them would have told of it; known to the campaign stage alone.
  public var zones: UInt64 = 0
  /// Requests a second, now and as learned.
  public var rate: Double = 0
  public var baselineRate: Double = 0
  /// Requests a second from which the zone counted as flooded.
  public var threshold: Double = 0
  /// How much history the baseline has.
  public var learned: Nanoseconds = 0
  /// Where the learned rate is from.
  public var basis = BaselineBasis.recent

  public init() {}

  /// The larger of each: what the campaign at its strongest looked like; what the rate was held against is that of the
  /// largest rate. Order does not matter.
  public mutating func formMaximum(_ other: CandidateFacts) {
    requests = max(requests, other.requests)
    failed = max(failed, other.failed)
    serverErrors = max(serverErrors, other.serverErrors)
    slow = max(slow, other.slow)
    matched = max(matched, other.matched)
    logins = max(logins, other.logins)
    loginFailures = max(loginFailures, other.loginFailures)
    distinctPaths = max(distinctPaths, other.distinctPaths)
    missingPaths = max(missingPaths, other.missingPaths)
    distinctQueries = max(distinctQueries, other.distinctQueries)
    users = max(users, other.users)
    maxScore = max(maxScore, other.maxScore)
    addresses = max(addresses, other.addresses)
    crowd = max(crowd, other.crowd)
    zones = max(zones, other.zones)
    if hasLowerRate(than: other) {
      (rate, baselineRate, threshold) = (other.rate, other.baselineRate, other.threshold)
      (learned, basis) = (other.learned, other.basis)
    }
  }

  private func hasLowerRate(than other: CandidateFacts) -> Bool {
    if (threshold > 0) != (other.threshold > 0) { return other.threshold > 0 }
    if rate != other.rate { return rate < other.rate }
    if baselineRate != other.baselineRate { return baselineRate < other.baselineRate }
    if threshold != other.threshold { return threshold < other.threshold }
    if learned != other.learned { return learned < other.learned }
    return basis.rawValue < other.basis.rawValue
  }
}

/// One finding of the zone stage in one window.
public struct Candidate: Sendable, Equatable {
  public var zone: [UInt8]
  public var kind: AttackKind
  public var classes: AttackClasses = []
  /// The window that raised it.
  public var windowStart: Nanoseconds
  public var windowEnd: Nanoseconds
  /// The client, or `.unknown` where no single client is meant.
  public var address: IPAddress
  /// First and last request that count. `first` may lie before the window: what led up to it.
  public var first: Nanoseconds
  public var last: Nanoseconds
  /// Requests not told before.
  public var requests: UInt64
  /// 0 to 1: how sure this client is part of an attack of this kind, by what it did itself.
  public var confidence: Double
  /// What says something only where the same client does as much in other zones.
  static let hint = 0.2
  /// Whether the client is an attack by itself rather than a stray request or two.
  public var loud = false
  /// What it may share with others: set of paths and user agent (0: unknown), user agent alone, login path.
  public var signature: UInt64 = 0
  public var userAgent: UInt64 = 0
  /// Text of `userAgent`, cut to 128 bytes; empty where it is not known.
  public var agent: [UInt8] = []
  public var loginPath: UInt64 = 0
  /// The strongest rule that matched, 0 for none.
  public var rule: UInt64 = 0
  /// A probe was answered with success; another was not.
  public var succeeded = false
  public var refused = false
  public var target: [UInt8] = []
  public var targetRequests: UInt64 = 0
  public var rules: [RuleTally] = []
  public var evidence: [EvidenceRecord] = []
  public var facts = CandidateFacts()
  /// A sample of what is normal for the zone: with one of its candidates from time to time.
  public var normal: [RequestFields] = []
  /// Of a correlation: hash of its id, and the group.
  public var correlation: UInt64 = 0

  public init(
    zone: [UInt8], kind: AttackKind, windowStart: Nanoseconds, windowEnd: Nanoseconds, address: IPAddress,
    first: Nanoseconds, last: Nanoseconds, requests: UInt64, confidence: Double
  ) {
    (self.zone, self.kind, self.address) = (zone, kind, address)
    (self.windowStart, self.windowEnd, self.first, self.last) = (windowStart, windowEnd, first, last)
    (self.requests, self.confidence) = (requests, confidence)
  }

  /// The order in which the campaign stage takes the candidates of one window: independent of how they were made.
  public static func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
    if a.windowEnd != b.windowEnd { return a.windowEnd < b.windowEnd }
    if a.zone != b.zone { return a.zone.lexicographicallyPrecedes(b.zone) }
    if a.kind != b.kind { return a.kind.order < b.kind.order }
    if a.first != b.first { return a.first < b.first }
    if a.address != b.address { return a.address < b.address }
    if a.correlation != b.correlation { return a.correlation < b.correlation }
    return a.requests < b.requests
  }
}

extension [Candidate] {
  /// Puts those from `first` on into the defined order. Mostly they are in it; else numbers are sorted, for a candidate is
  /// large to move about. Candidates that are equal in that order stay as they stand.
  mutating func putInOrder(from first: Int = 0) {
    guard count - first > 1 else { return }
    guard !(first + 1..<count).allSatisfy({ !Candidate.precedes(self[$0], self[$0 - 1]) }) else { return }
    var order = [Int](first..<count)
    order.sort {
      if Candidate.precedes(self[$0], self[$1]) { return true }
      return !Candidate.precedes(self[$1], self[$0]) && $0 < $1
    }
    replaceSubrange(first..., with: order.map { self[$0] })
  }
}

extension AttackKind {
  /// Place in the defined order of kinds.
  var order: Int {
    switch self {
    case .injection: 0
    case .scanning: 1
    case .bruteForce: 2
    case .credentialStuffing: 3
    case .scraping: 4
    case .flood: 5
    case .distributedFlood: 6
    case .cacheBusting: 7
    case .slowRequests: 8
    case .errorStorm: 9
    case .formSpam: 10
    case .correlation: 11
    }
  }
}
