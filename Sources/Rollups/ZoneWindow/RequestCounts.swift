// Requests by outcome: `Counts` of the schema as a plain value that adds.

import Sketches

/// Weighted counts of requests; each is at most `requests`, but for `bytes`. Sums saturate: they may come from the wire.
public struct RequestCounts: BitwiseCopyable, Sendable, Equatable {
  public var requests: UInt64 = 0
  /// Sent to clients.
  public var bytes: UInt64 = 0
  public var status1xx: UInt64 = 0
  public var status2xx: UInt64 = 0
  public var status3xx: UInt64 = 0
  public var status4xx: UInt64 = 0
  public var status5xx: UInt64 = 0
  /// 401 and 403.
  public var unauthorized: UInt64 = 0
  /// 404 and 410.
  public var notFound: UInt64 = 0
  /// 429.
  public var tooMany: UInt64 = 0
  public var get: UInt64 = 0
  public var head: UInt64 = 0
  public var post: UInt64 = 0
  public var otherMethods: UInt64 = 0
  public var cacheHits: UInt64 = 0
  public var cacheMisses: UInt64 = 0
  public var malformed: UInt64 = 0
  /// Requests whose score reached the threshold.
  public var matched: UInt64 = 0
  /// Attempts to log in, and those that failed.
  public var logins: UInt64 = 0
  public var loginFailures: UInt64 = 0
  /// Duration at or over the pipeline's `slow_request`, less what sending the answer takes at 64 KiB/s; without a duration: given up
  /// (408, 499).
  public var slow: UInt64 = 0
  /// Style sheets, scripts, images, fonts.
  public var assets: UInt64 = 0
  /// Requests with a referrer.
  public var referrers: UInt64 = 0

  public init() {}

  public static func += (a: inout Self, b: Self) {
    // Field by field; the compiler makes vectors of it.
    a.requests = a.requests.saturatingAdd(b.requests)
    a.bytes = a.bytes.saturatingAdd(b.bytes)
    a.status1xx = a.status1xx.saturatingAdd(b.status1xx)
    a.status2xx = a.status2xx.saturatingAdd(b.status2xx)
    a.status3xx = a.status3xx.saturatingAdd(b.status3xx)
    a.status4xx = a.status4xx.saturatingAdd(b.status4xx)
    a.status5xx = a.status5xx.saturatingAdd(b.status5xx)
    a.unauthorized = a.unauthorized.saturatingAdd(b.unauthorized)
    a.notFound = a.notFound.saturatingAdd(b.notFound)
    a.tooMany = a.tooMany.saturatingAdd(b.tooMany)
    a.get = a.get.saturatingAdd(b.get)
    a.head = a.head.saturatingAdd(b.head)
    a.post = a.post.saturatingAdd(b.post)
    a.otherMethods = a.otherMethods.saturatingAdd(b.otherMethods)
    a.cacheHits = a.cacheHits.saturatingAdd(b.cacheHits)
    a.cacheMisses = a.cacheMisses.saturatingAdd(b.cacheMisses)
    a.malformed = a.malformed.saturatingAdd(b.malformed)
    a.matched = a.matched.saturatingAdd(b.matched)
    a.logins = a.logins.saturatingAdd(b.logins)
    a.loginFailures = a.loginFailures.saturatingAdd(b.loginFailures)
    a.slow = a.slow.saturatingAdd(b.slow)
    a.assets = a.assets.saturatingAdd(b.assets)
    a.referrers = a.referrers.saturatingAdd(b.referrers)
  }
}
