// How fast messages may go, and how long after a failure. Pure: the time is a parameter, monotonic, ns.

/// At most so many in any minute.
struct RateLimit: Sendable {
  private static let minute: Int64 = 60_000_000_000
  private var sent: [Int64] = []
  private var oldest = 0
  private let limit: Int

  init(perMinute limit: Int) { self.limit = max(1, limit) }

  /// When the next one may go: not after `now` where it may go at once.
  func next(_ now: Int64) -> Int64 { sent.count < limit ? now : sent[oldest] &+ Self.minute }

  mutating func take(_ now: Int64) {
    if sent.count < limit {
      sent.append(now)
    } else {
      sent[oldest] = now
      oldest = (oldest + 1) % limit
    }
  }
}

/// 1 s, doubled with each failure, up to a minute.
struct Backoff: Sendable, Equatable {
  private(set) var failures = 0

  /// How long to wait after this failure.
  /// - Parameter asked: What the receiver asked for (Retry-After), ns; at most an hour is granted.
  mutating func next(asked: Int64 = 0) -> Int64 {
    failures += 1
    let own = Int64(1_000_000_000) << Int64(min(failures - 1, 6))
    return max(min(own, 60_000_000_000), min(max(asked, 0), 3_600_000_000_000))
  }

  mutating func reset() { failures = 0 }
}
