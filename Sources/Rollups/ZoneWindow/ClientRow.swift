// One client in one window and zone, in 208 bytes: the row that the hot path writes and the detectors read.

import Bytes
import Sketches

/// What one client did in one window of one zone. Counts are weighted and stop at 2^32 - 1.
///
/// Texts and sets are held by the `ZoneWindow` the row belongs to: hashes of texts are given back as bytes by
/// `path(_:)` and `userAgent(_:)`, sets are counted by `count(of:)`.
public struct ClientRow: BitwiseCopyable, Sendable {
  public var address: IPAddress
  public var firstTime: Nanoseconds
  public var lastTime: Nanoseconds
  public var bytes: UInt64 = 0
  public var requests: UInt32 = 0
  public var status2xx: UInt32 = 0
  public var status3xx: UInt32 = 0
  public var status4xx: UInt32 = 0
  public var status5xx: UInt32 = 0
  public var notFound: UInt32 = 0
  public var get: UInt32 = 0
  public var post: UInt32 = 0
  public var assets: UInt32 = 0
  public var referrers: UInt32 = 0
  /// Distinct paths asked for.
  public var paths = DistinctSet()
  /// Surplus of `topPath` over all other paths together: at most the number of requests for it.
  public var topPathCount: UInt32 = 0
  /// Hash of its most asked path where one has more than half of its requests, else of any of its paths: majority vote
  /// (Boyer and Moore 1981). In that case alone does it depend on the order of the requests.
  public var topPath: UInt64 = 0
  /// Hash of the user agent of its first request; of several at that time the smallest, so that order doesn't matter.
  public var userAgent: UInt64 = 0

  public var asn: UInt32 = 0
  public var country: UInt16 = 0
  /// Asked for robots.txt.
  public var robots = false
  public var maxScore: UInt8 = 0
  public var status1xx: UInt32 = 0
  public var unauthorized: UInt32 = 0
  public var tooMany: UInt32 = 0
  public var head: UInt32 = 0
  public var otherMethods: UInt32 = 0
  public var cacheHits: UInt32 = 0
  public var cacheMisses: UInt32 = 0
  public var malformed: UInt32 = 0
  public var matched: UInt32 = 0
  public var logins: UInt32 = 0
  public var loginFailures: UInt32 = 0
  public var slow: UInt32 = 0
  /// Requests that it may have had before its row was evicted and made again: `requests + error` is the upper bound.
  public var error: UInt32 = 0
  public var scoreSum: UInt32 = 0
  /// Of its matched requests.
  public var classes: AttackClasses = []
  /// Distinct paths answered 4xx.
  public var failedPaths = DistinctSet()
  /// Distinct query strings.
  public var queries = DistinctSet()
  /// Distinct remote users.
  public var users = DistinctSet()
  /// Distinct user agents, empty where there was only one.
  public var userAgents = DistinctSet()
  /// Heads of lists in the window's pools, -1 where empty.
  var evidence: Int32 = -1
  var rules: Int32 = -1
  /// Hash of the path where it tried to log in, 0 without an attempt; of several the smallest.
  public var loginPath: UInt64 = 0

  public init(address: IPAddress, firstTime: Nanoseconds, lastTime: Nanoseconds) {
    self.address = address
    self.firstTime = firstTime
    self.lastTime = lastTime
  }

  /// Takes in when, and as whom, requests were made.
  @inline(__always)
  mutating func began(at time: Nanoseconds, agent: UInt64) {
    if time > firstTime { return }
    if time < firstTime || userAgent == 0 || agent != 0 && agent < userAgent { userAgent = agent }
    firstTime = time
  }

  /// The row as counts.
  public var counts: RequestCounts {
    var counts = RequestCounts()
    counts.requests = UInt64(requests)
    counts.bytes = bytes
    counts.status1xx = UInt64(status1xx)
    counts.status2xx = UInt64(status2xx)
    counts.status3xx = UInt64(status3xx)
    counts.status4xx = UInt64(status4xx)
    counts.status5xx = UInt64(status5xx)
    counts.unauthorized = UInt64(unauthorized)
    counts.notFound = UInt64(notFound)
    counts.tooMany = UInt64(tooMany)
    counts.get = UInt64(get)
    counts.head = UInt64(head)
    counts.post = UInt64(post)
    counts.otherMethods = UInt64(otherMethods)
    counts.cacheHits = UInt64(cacheHits)
    counts.cacheMisses = UInt64(cacheMisses)
    counts.malformed = UInt64(malformed)
    counts.matched = UInt64(matched)
    counts.logins = UInt64(logins)
    counts.loginFailures = UInt64(loginFailures)
    counts.slow = UInt64(slow)
    counts.assets = UInt64(assets)
    counts.referrers = UInt64(referrers)
    return counts
  }

  /// What makes a row worth keeping when there are too many: its requests, and much more so what is wrong with them.
  var worth: UInt64 {
    UInt64(requests) &+ UInt64(error) &+ 32 &* UInt64(matched) &+ 8 &* UInt64(loginFailures)
  }
}

extension RequestCounts {
  /// Adds a row's counts to sums of fewer than 2^32 rows; bytes saturate.
  @inline(__always)
  mutating func addWithoutOverflow(_ row: ClientRow) {
    requests &+= UInt64(row.requests)
    bytes = bytes.saturatingAdd(row.bytes)
    status1xx &+= UInt64(row.status1xx)
    status2xx &+= UInt64(row.status2xx)
    status3xx &+= UInt64(row.status3xx)
    status4xx &+= UInt64(row.status4xx)
    status5xx &+= UInt64(row.status5xx)
    unauthorized &+= UInt64(row.unauthorized)
    notFound &+= UInt64(row.notFound)
    tooMany &+= UInt64(row.tooMany)
    get &+= UInt64(row.get)
    head &+= UInt64(row.head)
    post &+= UInt64(row.post)
    otherMethods &+= UInt64(row.otherMethods)
    cacheHits &+= UInt64(row.cacheHits)
    cacheMisses &+= UInt64(row.cacheMisses)
    malformed &+= UInt64(row.malformed)
    matched &+= UInt64(row.matched)
    logins &+= UInt64(row.logins)
    loginFailures &+= UInt64(row.loginFailures)
    slow &+= UInt64(row.slow)
    assets &+= UInt64(row.assets)
    referrers &+= UInt64(row.referrers)
  }
}

extension ClientRow {
  /// Adds what every row has, but for the first time and the user agent that goes with it, and for sets and lists.
  @inline(__always)
  mutating func add(_ other: ClientRow) {
    lastTime = max(lastTime, other.lastTime)
    bytes = bytes.saturatingAdd(other.bytes)
    requests.count(other.requests)
    status2xx.count(other.status2xx)
    status3xx.count(other.status3xx)
    status4xx.count(other.status4xx)
    status5xx.count(other.status5xx)
    notFound.count(other.notFound)
    get.count(other.get)
    post.count(other.post)
    assets.count(other.assets)
    referrers.count(other.referrers)
    asn = max(asn, other.asn)
    country = max(country, other.country)
    robots = robots || other.robots
    // Majority votes merge as the vote itself does.
    if topPath == other.topPath {
      topPathCount.count(other.topPathCount)
    } else if other.topPathCount > topPathCount {
      topPath = other.topPath
      topPathCount = other.topPathCount - topPathCount
    } else {
      topPathCount -= other.topPathCount
    }
  }

  /// Adds what only some rows have, but for sets and lists: the counts of `ClientDetail`.
  @inline(__always)
  mutating func addDetail(_ other: ClientRow) {
    status1xx.count(other.status1xx)
    unauthorized.count(other.unauthorized)
    tooMany.count(other.tooMany)
    head.count(other.head)
    otherMethods.count(other.otherMethods)
    cacheHits.count(other.cacheHits)
    cacheMisses.count(other.cacheMisses)
    malformed.count(other.malformed)
    matched.count(other.matched)
    logins.count(other.logins)
    loginFailures.count(other.loginFailures)
    slow.count(other.slow)
    error.count(other.error)
    scoreSum.count(other.scoreSum)
    classes.formUnion(other.classes)
    maxScore = max(maxScore, other.maxScore)
    // Of two, the smaller hash: an order that has nothing to do with partitions.
    if other.loginPath != 0 { loginPath = loginPath == 0 ? other.loginPath : min(loginPath, other.loginPath) }
  }
}
