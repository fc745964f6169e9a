// A message over borrowed bytes: its segments, found through the frame's own table, so that opening one
// copies nothing and allocates nothing.

/// A framed message, or one bare segment, that is being read.
public struct Message: ~Escapable, BitwiseCopyable {
  @usableFromInline let context: ReadContext
  /// Segment 0, where the root pointer is.
  @usableFromInline let first: Segment
  /// Bytes of the frame; what follows it in a stream begins here.
  public let byteCount: Int
  @usableFromInline let depth: Int

  /// As many as libcapnp accepts.
  public static var maxSegments: Int { 512 }

  /// Opens the message that `bytes` begin with: a segment table, then the segments. Bytes after it are left
  /// alone. Refills the limiter. O(number of segments).
  @inlinable
  @_lifetime(copy bytes)
  public init(framed bytes: RawSpan, limiter: borrowing ReadLimiter) throws(WireError) {
    let (segments, size) = try Message.measure(bytes)
    context = ReadContext(frame: bytes, limiter: limiter)
    let start = ReadContext.tableBytes(segments)
    first = Segment(bytes.extracting(start..<start &+ Int(bytes.word32(4)) &* 8))
    byteCount = size
    depth = limiter.depth
    limiter.refill()
  }

  /// Opens a single segment without a table. Refills the limiter.
  @inlinable
  @_lifetime(copy bytes)
  public init(segment bytes: RawSpan, limiter: borrowing ReadLimiter) throws(WireError) {
    first = Segment(bytes)
    context = ReadContext(limiter: limiter)
    byteCount = first.byteCount
    depth = limiter.depth
    limiter.refill()
  }

  /// Number of segments and bytes of the frame that `bytes` begin with.
  @usableFromInline
  static func measure(_ bytes: RawSpan) throws(WireError) -> (segments: Int, size: Int) {
    guard bytes.byteCount >= 8 else { throw .truncatedFrame }
    let count = Int(bytes.word32(0)) + 1
    guard count <= maxSegments else { throw .segmentCount }
    // A count, then a size in words for each segment, padded to a word.
    let table = ReadContext.tableBytes(count)
    guard bytes.byteCount >= table else { throw .truncatedFrame }
    var size = table
    for i in 0..<count { size += Int(bytes.word32(4 + 4 * i)) * 8 }
    guard bytes.byteCount >= size else { throw .truncatedFrame }
    return (count, size)
  }

  /// The root pointer.
  @inlinable
  public var root: AnyPointer {
    @_lifetime(copy self)
    get throws(WireError) {
      guard first.byteCount >= 8 else { throw .outOfBounds }
      try context.charge(words: 1)
      return AnyPointer(context: context, segment: first, at: 0, depth: depth)
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
}
