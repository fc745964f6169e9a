// What can be wrong with the bytes of a sketch, and the checked reading of them.

import Bytes

/// Why the bytes of a sketch were refused. Such bytes come from a topic and are hostile until checked.
public enum SketchError: Error, Equatable, Sendable {
  case truncated(at: Int)
  case wrongLength(expected: Int, found: Int)
  case unsupportedVersion(UInt8)
  /// A value that no sketch of this kind writes.
  case invalid(at: Int)
  /// More entries than the reader allows.
  case tooLarge(Int)
  /// Sketches of different parameters don't merge.
  case differentParameters
}

/// A little-endian cursor over borrowed bytes.
struct SketchReader: ~Escapable {
  let bytes: RawSpan
  var offset = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  var atEnd: Bool { offset == bytes.byteCount }

  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(SketchError) -> T {
    let size = MemoryLayout<T>.size
    guard bytes.byteCount - offset >= size else { throw .truncated(at: offset) }
    let value = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
    offset += size
    return T(littleEndian: value)
  }

  @_lifetime(copy self)
  mutating func take(_ count: Int) throws(SketchError) -> RawSpan {
    guard count >= 0, bytes.byteCount - offset >= count else { throw .truncated(at: offset) }
    let taken = bytes.extracting(offset..<offset + count)
    offset += count
    return taken
  }
}

extension ByteBuffer {
  @inlinable
  mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
    var rest = value
    for _ in 0..<MemoryLayout<T>.size {
      append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }
}

extension UInt64 {
  /// Sum that stops at the largest value instead of wrapping: counters never go backwards.
  @inlinable @inline(__always)
  public func saturatingAdd(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

extension UInt32 {
  @inlinable @inline(__always)
  public func saturatingAdd(_ other: UInt32) -> UInt32 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
