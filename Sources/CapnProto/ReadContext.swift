// What every reader of one message carries along. Two words: readers must stay small, or the compiler moves
// them to memory (docs/workarounds.md).

/// The frame that far pointers are looked up in, and the budget that reading is charged to.
///
/// Invariant of the unsafe code: `table`, unless nil, addresses a whole frame that `Message.measure` has
/// accepted and lives as long as `self`'s lifetime says; `counter` addresses the limiter's counter, which lives on.
@usableFromInline
struct ReadContext: ~Escapable, BitwiseCopyable {
  /// Start of the frame; nil for a single segment without a table.
  @usableFromInline let table: UnsafeRawPointer?
  @usableFromInline let counter: UnsafeMutablePointer<Int>

  @inlinable
  @_lifetime(copy frame)
  init(frame: RawSpan, limiter: borrowing ReadLimiter) {
    table = frame.withUnsafeBytes { $0.baseAddress }
    counter = limiter.counter
  }

  /// For a single segment without a table.
  @inlinable
  @_lifetime(immortal)
  init(limiter: borrowing ReadLimiter) {
    table = nil
    counter = limiter.counter
  }

  /// For a constant of the schema, which is a single segment, within the budget of `context`.
  @inlinable
  @_lifetime(copy context)
  init(constantWithin context: ReadContext) {
    table = nil
    counter = context.counter
  }

  /// Takes `words` out of the budget. What is spent stays spent: the counter is below zero from then on.
  @inlinable @inline(__always)
  func charge(words: Int) throws(WireError) {
    if !spend(words: words) { throw .traversalLimit }
  }

  /// The same, telling whether the budget held.
  @inlinable @inline(__always)
  func spend(words: Int) -> Bool {
    counter.pointee = counter.pointee &- words
    return counter.pointee >= 0
  }

  /// Bytes of the table of a frame: a count, a size in words for each segment, padded to a word.
  @inlinable @inline(__always)
  static func tableBytes(_ segments: Int) -> Int { (4 &+ 4 &* segments &+ 7) & ~7 }

  /// The bytes of segment `id`; `current` is the segment of the pointer that names it. O(id).
  @usableFromInline
  @_lifetime(copy current)
  func segment(_ id: UInt32, current: Segment) throws(WireError) -> Segment {
    guard let table else {
      guard id == 0 else { throw .farPointer }
      return current
    }
    func word(_ offset: Int) -> Int {
      Int(table.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    let count = word(0) + 1
    guard id < count else { throw .farPointer }
    var start = ReadContext.tableBytes(count)
    for i in 0..<Int(id) { start += word(4 + 4 * i) * 8 }
    let found = Segment(base: table + start, byteCount: word(4 + 4 * Int(id)) * 8)
    return _overrideLifetime(found, copying: current)
  }
}
