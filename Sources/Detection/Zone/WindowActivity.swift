// What the zone stage reads: everything one zone did in one window, merged over the input partitions.

import Bytes
import Events
import Rollups

/// Requests by outcome, as `Counts` of rollups.capnp; only what the tests of this module look at.
public struct ActivityCounts: Sendable, Equatable {
  public var requests: UInt64 = 0
  public var bytes: UInt64 = 0
  public var status2xx: UInt64 = 0
  public var status3xx: UInt64 = 0
  public var status4xx: UInt64 = 0
  public var status5xx: UInt64 = 0
  public var unauthorized: UInt64 = 0
  public var notFound: UInt64 = 0
  public var get: UInt64 = 0
  public var head: UInt64 = 0
  public var post: UInt64 = 0
  public var cacheHits: UInt64 = 0
  public var cacheMisses: UInt64 = 0
  /// Requests whose score reached the threshold.
  public var matched: UInt64 = 0
  /// Attempts to log in, and those that failed.
  public var logins: UInt64 = 0
  public var loginFailures: UInt64 = 0
  /// Answers of 401 where no login form is: set by the zone stage, which takes them out of the logins.
  var challenges: UInt64 = 0
  /// Answers of 401 and 403 to asking for a login form: set by the zone stage.
  var turnedAway: UInt64 = 0
  public var slow: UInt64 = 0
  /// Style sheets, scripts, images, fonts.
  public var assets: UInt64 = 0

  public init() {}

  /// Adds with saturation: counts come from the wire.
  public static func += (a: inout Self, b: Self) {
    @inline(__always) func add(_ x: inout UInt64, _ y: UInt64) {
      let (sum, overflow) = x.addingReportingOverflow(y)
      x = overflow ? .max : sum
    }
    add(&a.requests, b.requests)
    add(&a.bytes, b.bytes)
    add(&a.status2xx, b.status2xx)
    add(&a.status3xx, b.status3xx)
    add(&a.status4xx, b.status4xx)
    add(&a.status5xx, b.status5xx)
    add(&a.unauthorized, b.unauthorized)
    add(&a.notFound, b.notFound)
    add(&a.get, b.get)
    add(&a.head, b.head)
    add(&a.post, b.post)
    add(&a.cacheHits, b.cacheHits)
    add(&a.cacheMisses, b.cacheMisses)
    add(&a.matched, b.matched)
    add(&a.logins, b.logins)
    add(&a.loginFailures, b.loginFailures)
    add(&a.slow, b.slow)
    add(&a.assets, b.assets)
  }
}

/// One line kept as evidence, with its place.
public struct EvidenceRecord: Sendable, Equatable {
  public var source: UInt64 = 0
  public var ordinal: UInt64 = 0
  public var file: [UInt8] = []
  public var line: UInt64 = 0
  public var time: Nanoseconds = 0
  public var client: IPAddress = .unknown
  public var status: UInt16 = 0
  public var score: UInt8 = 0
  public var request: [UInt8] = []
  public var marks = RequestMarks()
  /// Of `marks.tlsFingerprint`, cut to 128 bytes; empty where it is not known.
  public var tlsText: [UInt8] = []
  /// Its answer may show that it succeeded.
  public var tells = false
  /// Where the window that it is of holds its texts, as long as they are not copied.
  var texts: Texts?

  struct Texts: Sendable, Equatable {
    var method: Method
    var target: TextRange
    /// Hash of the TLS fingerprint.
    var fingerprint: UInt64
  }

  public init() {}

  /// The path of its request, less the query.
  var path: [UInt8] { [UInt8](RequestTexts.target(of: request).prefix { $0 != 0x3f }) }

  /// Whether something was posted.
  var isPost: Bool { request.starts(with: Self.post) }
  private static let post = Array("POST ".utf8)

  /// The better of two pieces of evidence: higher score, then earlier, then by place. A total order over distinct lines.
  public static func isBetter(_ a: Self, _ b: Self) -> Bool {
    if a.score != b.score { return a.score > b.score }
    if a.time != b.time { return a.time < b.time }
    if a.source != b.source { return a.source < b.source }
    return a.ordinal < b.ordinal
  }
}

/// Matches of one rule.
public struct RuleTally: Sendable, Equatable {
  public var rule: UInt64
  public var count: UInt64
  public init(rule: UInt64, count: UInt64) { (self.rule, self.count) = (rule, count) }
}

/// One client in one window and zone.
public struct ClientObservation: Sendable {
  public var address: IPAddress
  public var firstTime: Nanoseconds
  public var lastTime: Nanoseconds
  public var counts = ActivityCounts()
  public var classes: AttackClasses = []
  public var maxScore: UInt8 = 0
  public var scoreSum: UInt64 = 0
  public var paths = DistinctBitmap()
  public var failedPaths = DistinctBitmap()
  public var queries = DistinctBitmap()
  public var users = DistinctBitmap()
  /// Hash of the user agent of its first request; 0 where there is none.
  public var userAgent: UInt64 = 0
  /// Hash of the path of its first login attempt, 0 without one.
  public var loginPath: UInt64 = 0
  /// Asked for robots.txt.
  public var robots = false
  /// Requests with a referrer.
  public var referrers: UInt64 = 0
  /// Of its set of paths and user agent.
  public var signature: UInt64 = 0
  /// Hash of the path it asked for most, and by how much it outweighs the others.
  public var topPath: UInt64 = 0
  public var topPathCount: UInt64 = 0
  public var rules: [RuleTally] = []
  public var evidence: [EvidenceRecord] = []

  public init(address: IPAddress, firstTime: Nanoseconds, lastTime: Nanoseconds) {
    (self.address, self.firstTime, self.lastTime) = (address, firstTime, lastTime)
  }
}

/// What a hash in an observation stands for: texts are looked up only where they are needed.
public enum ObservedText: Sendable { case path, userAgent }

/// Gives the bytes behind a hash, empty where they are not known.
public typealias TextLookup = (ObservedText, UInt64) -> [UInt8]

/// A group of a Sigma correlation that reached its condition.
public struct CorrelationFinding: Sendable {
  /// Hash of the correlation's id.
  public var correlation: UInt64
  /// The group's values in words.
  public var group: [UInt8]
  public var count: UInt64
  public var firstTime: Nanoseconds
  public var lastTime: Nanoseconds
  /// The client, where the group is by client.
  public var client: IPAddress?
  public var evidence: [EvidenceRecord]
  /// What the condition looked at: events, or distinct values, in the whole span.
  public var reached: UInt64
  public var isDistinct: Bool
  public init(
    correlation: UInt64, group: [UInt8], count: UInt64, firstTime: Nanoseconds, lastTime: Nanoseconds,
    client: IPAddress?, evidence: [EvidenceRecord], reached: UInt64 = 0, isDistinct: Bool = false
  ) {
    (self.reached, self.isDistinct) = (reached, isDistinct)
    (self.correlation, self.group, self.count) = (correlation, group, count)
    (self.firstTime, self.lastTime, self.client, self.evidence) = (firstTime, lastTime, client, evidence)
  }
}

/// One zone in one window. Windows of a zone come in order of `start`.
public struct WindowActivity: Sendable {
  /// ns; the window is [start, start + length).
  public var start: Nanoseconds
  public var length: Nanoseconds
  public var zone: [UInt8]
  public var counts = ActivityCounts()
  /// Of events that came after their window: counted with their clients, never taken for a rate.
  public var isLate = false
  /// Estimated.
  public var distinctClients: UInt64 = 0
  /// In order of address.
  public var clients: [ClientObservation] = []
  public var correlations: [CorrelationFinding] = []

  public init(start: Nanoseconds, length: Nanoseconds, zone: [UInt8]) {
    (self.start, self.length, self.zone) = (start, length, zone)
  }

  public var end: Nanoseconds {
    let (sum, overflow) = start.addingReportingOverflow(max(length, 1))
    return overflow ? .max : sum
  }
}
