// The traversal limit: how many words a reader may visit in one message, counted as libcapnp counts.

import Synchronization

/// The budget of one reader of messages, refilled by each message opened with it.
///
/// A message can point at the same bytes many times over, so its size says nothing about the work of walking
/// it. Every pointer followed is charged the words it leads to, and a list of zero-sized structs its count.
///
/// Belongs to one thread at a time. Make one and keep it: opening a message with it allocates nothing.
///
/// Tried and rejected: several counters side by side, so that charges do not wait for each other. Sharing out what
/// is left when one runs dry costs more in every reader than the waiting does (no time at all on a processor that
/// forwards a stored word at once).
///
/// Invariant of the unsafe code: `counter` addresses one initialised word, for ever. Readers keep that address and
/// depend only on the bytes they read, so that a limiter can be a stored property beside what is mutated while
/// reading; hence a counter is never freed but goes to the next limiter. A reader that outlives its limiter spends
/// another's budget, and nothing worse.
public struct ReadLimiter: ~Copyable, @unchecked Sendable {
  @usableFromInline let counter: UnsafeMutablePointer<Int>
  /// Words that may be visited in one message; 8 Mi words (64 MiB) as in libcapnp.
  public let words: Int
  /// Levels of pointers that may be followed; 64 as in libcapnp, at most 32,767.
  public let depth: Int

  private static let unused = Mutex<[UInt]>([])

  public init(words: Int = 8 << 20, depth: Int = 64) {
    self.words = min(max(words, 0), 1 << 60)
    self.depth = min(max(depth, 0), 1 << 15 - 1)
    let known = ReadLimiter.unused.withLock { $0.popLast() }
    counter = known.flatMap { UnsafeMutablePointer(bitPattern: $0) } ?? .allocate(capacity: 1)
    counter.initialize(to: self.words)
  }

  deinit {
    let address = UInt(bitPattern: counter)
    ReadLimiter.unused.withLock { $0.append(address) }
  }

  /// Words that may still be visited in the message opened last.
  public var remaining: Int { max(0, counter.pointee) }

  @inlinable
  func refill() { counter.pointee = words }
}
