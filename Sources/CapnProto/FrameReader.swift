// Messages out of a stream of bytes that arrives in pieces of any size.

#if canImport(Glibc)
  import Glibc
#endif

/// Collects bytes until a whole frame is there. Keep it: the memory stays.
///
///     reader.append(piece)
///     while try reader.next() { use(reader.frame) }
///
/// Invariant of the unsafe code: `base` addresses `capacity` bytes, of which `start..<end` are initialised.
public struct FrameReader: ~Copyable, @unchecked Sendable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0
  /// Bytes of the frame that `next` found; forgotten at the next call.
  private var current = 0
  /// Frames may not be larger, so that a length made up by the sender reserves nothing.
  public let largestFrame: Int

  public init(largestFrame: Int = 64 << 20) {
    self.largestFrame = max(largestFrame, 16)
    capacity = 4096
    base = .allocate(byteCount: capacity, alignment: 8)
  }

  deinit { base.deallocate() }

  /// Adds bytes of the stream. Amortised O(bytes).
  public mutating func append(_ bytes: RawSpan) {
    if capacity - end < bytes.byteCount { makeRoom(bytes.byteCount) }
    bytes.withUnsafeBytes { if $0.count > 0 { memcpy(base + end, $0.baseAddress!, $0.count) } }
    end += bytes.byteCount
  }

  private mutating func makeRoom(_ extra: Int) {
    let held = end - start
    if capacity - held >= extra, start >= capacity / 2 {
      memmove(base, base + start, held)
    } else {
      capacity = max(capacity * 2, held + extra)
      let moved = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
      moved.copyMemory(from: base + start, byteCount: held)
      base.deallocate()
      base = moved
    }
    start = 0
    end = held
  }

  /// Goes to the next frame; false while it is not whole.
  ///
  /// - Throws: `.segmentCount` or `.messageSize` where the stream cannot be one of frames. There is no way on
  ///   from there.
  public mutating func next() throws(WireError) -> Bool {
    start += current
    current = 0
    guard let size = try frameSize(), end - start >= size else { return false }
    current = size
    return true
  }

  /// Bytes of the frame that begins at `start`; nil while its table is not whole.
  private func frameSize() throws(WireError) -> Int? {
    let held = end - start
    guard held >= 4 else { return nil }
    func word(_ offset: Int) -> Int {
      Int(base.loadUnaligned(fromByteOffset: start + offset, as: UInt32.self))
    }
    let segments = word(0) + 1
    guard segments <= Message.maxSegments else { throw .segmentCount }
    let table = ReadContext.tableBytes(segments)
    guard held >= table else { return nil }
    var size = table
    for i in 0..<segments { size += word(4 + 4 * i) * 8 }
    guard size <= largestFrame else { throw .messageSize }
    return size
  }

  /// The frame that `next` found, for `Message(framed:limiter:)`.
  public var frame: RawSpan {
    @_lifetime(borrow self)
    get {
      let span = RawSpan(_unsafeStart: UnsafeRawPointer(base + start), byteCount: current)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// Bytes held that belong to no whole frame yet; not 0 at the end of a stream means that it was cut short.
  public var pendingBytes: Int { end - start - current }
}
