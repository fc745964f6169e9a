// One segment of a message: the only place where readers touch memory.
//
// A RawSpan would do, but each cut of one checks what the reader has just checked, and at four pointers an
// event that is a third of the time a decode takes.

import CPlatform

/// The borrowed bytes of a segment, read at offsets that have been checked with `holds`.
///
/// Invariant of the unsafe code: `base` addresses `byteCount` bytes that live and do not change as long as
/// `self`'s lifetime says. Every function that takes an offset requires it inside, and asserts it.
@usableFromInline
struct Segment: ~Escapable, BitwiseCopyable {
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let byteCount: Int

  /// Whole words only: what is left of a last one is not part of the segment.
  @inlinable
  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) {
    // An empty span may have no address; no offset into it is ever valid.
    base = bytes.withUnsafeBytes { $0.baseAddress } ?? UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
    byteCount = bytes.byteCount & ~7
  }

  /// Segment of a frame that has been measured.
  @inlinable @inline(__always)
  @_lifetime(immortal)
  init(base: UnsafeRawPointer, byteCount: Int) {
    self.base = base
    self.byteCount = byteCount
  }

  /// Whether `length` bytes at `start` lie inside. No overflow: `length` is at most 2^35 and not negative.
  @inlinable @inline(__always)
  func holds(_ start: Int, _ length: Int) -> Bool {
    start >= 0 && start <= byteCount && length <= byteCount &- start
  }

  @inlinable @inline(__always)
  func word(_ offset: Int) -> UInt64 { load(offset) }

  @inlinable @inline(__always)
  func load<T: BitwiseCopyable>(_ offset: Int) -> T {
    assert(holds(offset, MemoryLayout<T>.size))
    return base.loadUnaligned(fromByteOffset: offset, as: T.self)
  }

  /// `count` bytes at `start`.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  func bytes(_ start: Int, _ count: Int) -> RawSpan {
    assert(holds(start, count))
    // Known not to be null, or who looks at the bytes asks again.
    let address = optimizer_address(base, start)
    return _overrideLifetime(RawSpan(_unsafeStart: address, byteCount: count), copying: self)
  }

  /// No bytes.
  @inlinable @inline(__always)
  var none: RawSpan {
    @_lifetime(copy self)
    get { _overrideLifetime(RawSpan(), copying: self) }
  }
}
