// All generated text of a site in one block of memory, named by small values.

import Bytes

/// A run of bytes in a `BytePool`.
struct PoolSlice: Sendable {
  var offset: UInt32
  var count: UInt32
}

/// Text built once, when a simulation starts, and only read afterwards.
struct BytePool: Sendable {
  private(set) var storage: [UInt8] = []

  mutating func add(_ text: String) -> PoolSlice {
    let offset = storage.count
    storage.append(contentsOf: text.utf8)
    return PoolSlice(offset: UInt32(offset), count: UInt32(storage.count - offset))
  }
}

extension ByteBuffer {
  @inline(__always)
  mutating func append(_ slice: PoolSlice, of pool: borrowing BytePool) {
    append(pool.storage.span.bytes.extracting(Int(slice.offset)..<Int(slice.offset) + Int(slice.count)))
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    append(upTo: text.utf8CodeUnitCount) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
      return text.utf8CodeUnitCount
    }
  }

  /// Decimal digits.
  mutating func append(decimal value: UInt64) {
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &digits) { scratch in
      var rest = value
      var i = scratch.count
      repeat {
        i -= 1
        scratch[i] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
        rest /= 10
      } while rest > 0
      append(UnsafeRawBufferPointer(rebasing: scratch[i...]).bytes)
    }
  }

  @inline(__always)
  mutating func append(decimal value: Int) { append(decimal: UInt64(max(value, 0))) }

  /// Two decimal digits.
  @inline(__always)
  mutating func append(twoDigits value: Int) {
    append(UInt8(truncatingIfNeeded: 0x30 + value / 10 % 10))
    append(UInt8(truncatingIfNeeded: 0x30 + value % 10))
  }

  /// The lowest `digits` hexadecimal digits of `value`, lower case.
  mutating func append(hexadecimal value: UInt64, digits: Int) {
    for i in stride(from: digits - 1, through: 0, by: -1) {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(4 * i) & 15)
      append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }

  /// `digits` characters of the alphabet that tokens are written in, from the bits of `value`.
  mutating func append(token value: UInt64, digits: Int) {
    var state = value
    for _ in 0..<digits {
      let index = Int(splitMix(&state) >> 58)
      append(
        UInt8(
          truncatingIfNeeded: index < 26
            ? 0x41 + index : index < 52 ? 0x61 + index - 26 : index < 62 ? 0x30 + index - 52 : index == 62 ? 0x2d : 0x5f
        ))
    }
  }

  /// RFC 5952 text of an address; mapped IPv4 dotted.
  mutating func append(_ address: IPAddress) {
    guard address.isIPv4 else { return append(address.description) }
    append(decimal: address.low >> 24 & 255)
    append(0x2e)
    append(decimal: address.low >> 16 & 255)
    append(0x2e)
    append(decimal: address.low >> 8 & 255)
    append(0x2e)
    append(decimal: address.low & 255)
  }
}

extension ByteBuffer {
  /// Appends another buffer's contents.
  mutating func append(_ other: borrowing ByteBuffer) { append(other.bytes) }
  mutating func append(_ other: borrowing ByteBuffer, as encoding: QueryEncoding) { append(other.bytes, as: encoding) }
}
