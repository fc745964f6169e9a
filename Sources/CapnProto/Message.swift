// A message over borrowed bytes: its segments, found through the frame's own table, so that opening one
// copies nothing and allocates nothing.

/// A framed message, or one bare segment, that is being read.
public struct Message: ~Escapable {
  /// The whole frame; where `segmentCount` is 0, the only segment.
  @usableFromInline let frame: RawSpan
  @usableFromInline let segmentCount: Int
  @usableFromInline let budget: Budget
  /// Bytes of the frame; what follows it in a stream begins here.
  public let byteCount: Int
  @usableFromInline let depth: Int32

  /// As many as libcapnp accepts.
  public static var maxSegments: Int { 512 }

  /// Opens the message that `bytes` begin with: a segment table, then the segments. Bytes after it are left
  /// alone. Refills the limiter. O(number of segments).
  @inlinable
  @_lifetime(copy bytes, borrow limiter)
  public init(framed bytes: RawSpan, limiter: borrowing ReadLimiter) throws(WireError) {
    let (segments, size) = try Message.measure(bytes)
    frame = bytes.extracting(0..<size)
    segmentCount = segments
    byteCount = size
    budget = Budget(limiter)
    depth = Int32(truncatingIfNeeded: limiter.depth)
    limiter.remaining.pointee = limiter.words
  }

  /// Opens a single segment without a table. Refills the limiter.
  @inlinable
  @_lifetime(copy bytes, borrow limiter)
  public init(segment bytes: RawSpan, limiter: borrowing ReadLimiter) throws(WireError) {
    frame = bytes.extracting(0..<(bytes.byteCount & ~7))
    segmentCount = 0
    byteCount = frame.byteCount
    budget = Budget(limiter)
    depth = Int32(truncatingIfNeeded: limiter.depth)
    limiter.remaining.pointee = limiter.words
  }

  /// A message within another's budget: constants of a schema.
  @inlinable
  @_lifetime(copy segment, copy message)
  init(constant segment: RawSpan, within message: Message) {
    frame = segment
    segmentCount = 0
    byteCount = segment.byteCount
    budget = message.budget
    depth = message.depth
  }

  /// Number of segments and bytes of the frame that `bytes` begin with.
  @usableFromInline
  static func measure(_ bytes: RawSpan) throws(WireError) -> (segments: Int, size: Int) {
    guard bytes.byteCount >= 8 else { throw .truncatedFrame }
    let count = Int(bytes.word32(0)) + 1
    guard count <= maxSegments else { throw .segmentCount }
    // A count, then a size in words for each segment, padded to a word.
    let table = (4 + 4 * count + 7) & ~7
    guard bytes.byteCount >= table else { throw .truncatedFrame }
    var size = table
    for i in 0..<count { size += Int(bytes.word32(4 + 4 * i)) * 8 }
    guard bytes.byteCount >= size else { throw .truncatedFrame }
    return (count, size)
  }

  /// The bytes of segment `id`. O(id).
  @usableFromInline
  @_lifetime(copy self)
  func segment(_ id: UInt32) throws(WireError) -> RawSpan {
    if segmentCount == 0 {
      guard id == 0 else { throw .farPointer }
      return frame
    }
    guard id < segmentCount else { throw .farPointer }
    var start = (4 + 4 * segmentCount + 7) & ~7
    for i in 0..<Int(id) { start += Int(frame.word32(4 + 4 * i)) * 8 }
    return frame.extracting(start..<start + Int(frame.word32(4 + 4 * Int(id))) * 8)
  }

  /// The root pointer.
  @inlinable
  public var root: AnyPointer {
    @_lifetime(copy self)
    get throws(WireError) {
      let first = try segment(0)
      guard first.byteCount >= 8 else { throw .outOfBounds }
      try budget.charge(words: 1)
      return AnyPointer(message: self, segment: first, at: 0, depth: depth)
    }
  }

  /// The root as a struct; an absent one reads as all defaults.
  @inlinable
  public var rootStruct: StructReader {
    @_lifetime(copy self)
    get throws(WireError) { try root.structure }
  }
}

#if _endian(big)
  #error("Cap'n Proto is read in place, which needs a little-endian machine.")
#endif

extension RawSpan {
  /// Four bytes at `offset`, which the caller has checked.
  @inlinable @inline(__always)
  func word32(_ offset: Int) -> UInt32 {
    assert(offset >= 0 && offset + 4 <= byteCount)
    return unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self)
  }

  /// Eight bytes at `offset`, which the caller has checked.
  @inlinable @inline(__always)
  func word64(_ offset: Int) -> UInt64 {
    assert(offset >= 0 && offset + 8 <= byteCount)
    return unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
  }

  /// Whether `length` bytes at `start` lie inside. No overflow: `length` is at most 2^35 and not negative.
  @inlinable @inline(__always)
  func holds(_ start: Int, _ length: Int) -> Bool {
    start >= 0 && start <= byteCount && length <= byteCount &- start
  }
}
