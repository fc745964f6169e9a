// Reading and searching borrowed bytes.

import CPlatform

#if canImport(Glibc)
  import Glibc
#endif

extension RawSpan {
  /// The byte at `index`. Traps out of bounds.
  @inlinable @inline(__always)
  public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < byteCount)
    return unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
  }

  /// The byte at `index`, which the caller has checked to be in bounds.
  @inlinable @inline(__always)
  public func unchecked(_ index: Int) -> UInt8 {
    assert(index >= 0 && index < byteCount)
    return unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
  }

  /// Index of the first `byte` at or after `start`, by memchr. O(n), about 30 bytes a nanosecond.
  @inlinable @inline(__always)
  public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    withUnsafeBytes { buffer in
      guard start < buffer.count, let base = buffer.baseAddress else { return nil }
      guard let hit = memchr(base + start, Int32(byte), buffer.count - start) else { return nil }
      return UnsafeRawPointer(hit) - base
    }
  }

  /// Index of the last `byte`, by memrchr.
  @inlinable
  public func lastIndex(of byte: UInt8) -> Int? {
    withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress, buffer.count > 0 else { return nil }
      guard let hit = platform_memrchr(base, Int32(byte), buffer.count) else { return nil }
      return hit - base
    }
  }

  /// Whether `needle` occurs. In short bytes, which most are, by looking for its first one; else by memmem, which
  /// prepares a table for every search.
  @inlinable
  public func firstRange(of needle: StaticString) -> Int? {
    withUnsafeBytes { buffer in
      let length = needle.utf8CodeUnitCount
      guard let base = buffer.baseAddress, buffer.count >= length else { return nil }
      if length > 1, buffer.count <= 256 {
        let wanted = needle.utf8Start
        let last = buffer.count &- length
        var i = 0
        while i <= last {
          guard let hit = memchr(base + i, Int32(wanted[0]), last &- i &+ 1) else { return nil }
          if memcmp(hit + 1, wanted + 1, length &- 1) == 0 { return UnsafeRawPointer(hit) - base }
          i = UnsafeRawPointer(hit) - base &+ 1
        }
        return nil
      }
      guard
        let hit = platform_memmem(base, buffer.count, needle.utf8Start, needle.utf8CodeUnitCount)
      else { return nil }
      return hit - base
    }
  }

  /// Equality of bytes.
  @inlinable @inline(__always)
  public func equals(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    return withUnsafeBytes { a in
      other.withUnsafeBytes { b in
        a.count == 0 || memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0
      }
    }
  }

  /// Equality with ASCII text known at compile time.
  @inlinable @inline(__always)
  public func equals(_ text: StaticString) -> Bool {
    guard byteCount == text.utf8CodeUnitCount else { return false }
    return withUnsafeBytes { $0.count == 0 || memcmp($0.baseAddress!, text.utf8Start, $0.count) == 0 }
  }

  @inlinable @inline(__always)
  public func hasPrefix(_ text: StaticString) -> Bool {
    guard byteCount >= text.utf8CodeUnitCount else { return false }
    return withUnsafeBytes {
      text.utf8CodeUnitCount == 0 || memcmp($0.baseAddress!, text.utf8Start, text.utf8CodeUnitCount) == 0
    }
  }

  /// Equality that ignores ASCII case; `text` must be lower case.
  @inlinable
  public func equalsIgnoringCase(_ text: StaticString) -> Bool {
    guard byteCount == text.utf8CodeUnitCount else { return false }
    for i in 0..<byteCount where unchecked(i).asciiLowercased != text.utf8Start[i] { return false }
    return true
  }

  /// A copy as an array. Allocates; not for hot paths.
  @inlinable
  public func copied() -> [UInt8] { withUnsafeBytes { Array($0) } }

  /// The bytes as text, ill-formed UTF-8 replaced. Allocates; not for hot paths.
  @inlinable
  public func decodedString() -> String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}

extension UInt8 {
  @inlinable @inline(__always)
  public var asciiLowercased: UInt8 { (self &- 0x41) < 26 ? self | 0x20 : self }
  @inlinable @inline(__always)
  public var isASCIIDigit: Bool { (self &- 0x30) < 10 }
  @inlinable @inline(__always)
  public var isASCIILetter: Bool { ((self | 0x20) &- 0x61) < 26 }
  /// Value of a hexadecimal digit.
  @inlinable @inline(__always)
  public var hexValue: UInt8? {
    let digit = self &- 0x30
    if digit < 10 { return digit }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }
}
