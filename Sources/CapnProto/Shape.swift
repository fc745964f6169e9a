// Sizes of structs and lists, packed: readers of more than seven words are moved to memory by the compiler, and
// a decode then takes twice its time (docs/workarounds.md).

/// The sizes of a struct as sent, and how many levels of pointers may still be followed from it.
@usableFromInline
struct Shape: BitwiseCopyable {
  /// Bytes of data in the low 32 bits, pointers in the next 16, levels above.
  @usableFromInline let packed: UInt64

  /// `dataBytes` below 2^32, `pointers` below 2^16, `depth` below 2^15 or negative, which counts as none.
  @inlinable @inline(__always)
  init(dataBytes: Int, pointers: Int, depth: Int) {
    packed =
      UInt64(truncatingIfNeeded: dataBytes) | UInt64(truncatingIfNeeded: pointers) &<< 32
      | UInt64(truncatingIfNeeded: depth < 0 ? 0 : depth) &<< 48
  }

  @inlinable @inline(__always)
  init(packed: UInt64) { self.packed = packed }

  @inlinable @inline(__always)
  var dataBytes: Int { Int(UInt32(truncatingIfNeeded: packed)) }
  @inlinable @inline(__always)
  var pointers: Int { Int(UInt16(truncatingIfNeeded: packed >> 32)) }
  @inlinable @inline(__always)
  var depth: Int { Int(packed >> 48) }

  /// The shape of an element of a list: one level is used up.
  @inlinable @inline(__always)
  var oneLevelDown: Shape { Shape(packed: packed >> 48 == 0 ? packed : packed &- 1 << 48) }
}

/// How far elements of a list are apart (bits: not at all), and their size as sent.
@usableFromInline
struct ListLayout: BitwiseCopyable {
  @usableFromInline let packed: UInt64

  @inlinable @inline(__always)
  init(stepBytes: Int, size: ElementSize) {
    packed = UInt64(truncatingIfNeeded: stepBytes) | UInt64(size.rawValue) &<< 32
  }

  @inlinable @inline(__always)
  var stepBytes: Int { Int(UInt32(truncatingIfNeeded: packed)) }
  @inlinable @inline(__always)
  var size: ElementSize { ElementSize.of(packed) }
}
