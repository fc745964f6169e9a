// The traversal limit: how many words a reader may visit in one message, counted as libcapnp counts.

/// The budget of one reader of messages, refilled by each message opened with it.
///
/// A message can point at the same bytes many times over, so its size says nothing about the work of walking
/// it. Every pointer followed is charged the words it leads to, and a list of zero-sized structs its count.
///
/// Belongs to one thread at a time. Make one and keep it: opening a message with it allocates nothing.
///
/// Invariant of the unsafe code: `remaining` addresses one initialised word for as long as `self` lives, and
/// every reader's lifetime depends on `self`.
public struct ReadLimiter: ~Copyable, @unchecked Sendable {
  @usableFromInline let remaining: UnsafeMutablePointer<Int>
  /// Words that may be visited in one message; 8 Mi words (64 MiB) as in libcapnp.
  public let words: Int
  /// Levels of pointers that may be followed; 64 as in libcapnp.
  public let depth: Int

  public init(words: Int = 8 << 20, depth: Int = 64) {
    self.words = max(words, 0)
    self.depth = min(max(depth, 0), 1 << 20)
    remaining = .allocate(capacity: 1)
    remaining.initialize(to: self.words)
  }

  deinit { remaining.deallocate() }
}

/// The part of a limiter that readers carry along.
@usableFromInline
struct Budget: ~Escapable {
  @usableFromInline let remaining: UnsafeMutablePointer<Int>

  @inlinable @inline(__always)
  @_lifetime(borrow limiter)
  init(_ limiter: borrowing ReadLimiter) { remaining = limiter.remaining }

  /// Takes `words` out of the budget.
  @inlinable @inline(__always)
  func charge(words: Int) throws(WireError) {
    let left = remaining.pointee &- words
    remaining.pointee = left
    if left < 0 { throw .traversalLimit }
  }
}
