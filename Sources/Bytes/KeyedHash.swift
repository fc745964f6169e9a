// Keyed 64-bit hashing of bytes and words. The key keeps an attacker from aiming at a table or a
// sketch; the same key gives the same hash in every process, so results are reproducible.
//
// The construction is folded 64x64->128 multiplication with a secret mixed into every block, as in
// Wang Yi's wyhash (final version 4), with both secrets derived from the key.

/// A keyed hash function. Not cryptographic: it resists aiming by someone who knows neither the key nor the hashes.
public struct KeyedHash: Sendable {
  public let key: UInt64
  @usableFromInline let a: UInt64
  @usableFromInline let b: UInt64
  @usableFromInline let c: UInt64

  public init(key: UInt64) {
    self.key = key
    var state = key
    a = splitMix(&state) | 1
    b = splitMix(&state) | 1
    c = splitMix(&state) | 1
  }

  @inlinable @inline(__always)
  static func fold(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let product = x.multipliedFullWidth(by: y)
    return product.high ^ product.low
  }

  /// Hash of bytes. About 0.15 ns a byte.
  @inlinable
  public func hash(_ bytes: RawSpan) -> UInt64 {
    let n = bytes.byteCount
    var seed = c ^ Self.fold(key ^ a, UInt64(truncatingIfNeeded: n) ^ b)
    return bytes.withUnsafeBytes { buffer in
      guard let p = buffer.baseAddress, n > 0 else { return Self.fold(seed ^ a, b) }
      @inline(__always) func word(_ i: Int) -> UInt64 { p.loadUnaligned(fromByteOffset: i, as: UInt64.self) }
      @inline(__always) func half(_ i: Int) -> UInt64 {
        UInt64(p.loadUnaligned(fromByteOffset: i, as: UInt32.self))
      }
      var x: UInt64
      var y: UInt64
      if n <= 16 {
        if n >= 8 {
          x = word(0)
          y = word(n - 8)
        } else if n >= 4 {
          x = half(0)
          y = half(n - 4)
        } else {
          x = UInt64(buffer[0]) << 16 | UInt64(buffer[n >> 1]) << 8 | UInt64(buffer[n - 1])
          y = 0
        }
      } else {
        var i = 0
        var second = seed ^ b
        while n - i > 32 {
          seed = Self.fold(word(i) ^ a, word(i + 8) ^ seed)
          second = Self.fold(word(i + 16) ^ c, word(i + 24) ^ second)
          i += 32
        }
        seed ^= second
        if n - i > 16 {
          seed = Self.fold(word(i) ^ a, word(i + 8) ^ seed)
        }
        x = word(n - 16)
        y = word(n - 8)
      }
      let product = (x ^ b).multipliedFullWidth(by: y ^ seed)
      return Self.fold(product.low ^ a ^ UInt64(truncatingIfNeeded: n), product.high ^ c)
    }
  }

  /// Hash of one word.
  @inlinable @inline(__always)
  public func hash(_ word: UInt64) -> UInt64 { Self.fold(Self.fold(word ^ a, key ^ b) ^ c, word &+ b) }

  /// Hash of two words, such as an address.
  @inlinable @inline(__always)
  public func hash(_ first: UInt64, _ second: UInt64) -> UInt64 {
    Self.fold(Self.fold(first ^ a, second ^ b) ^ key, Self.fold(second ^ c, first &+ a))
  }

  /// Hash of text. Not for hot paths.
  public func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { hash($0.span.bytes) }
  }
}

/// One step of SplitMix64 (Steele, Lea, Flood 2014): a seeded stream of well mixed words.
@inlinable
public func splitMix(_ state: inout UInt64) -> UInt64 {
  state &+= 0x9e37_79b9_7f4a_7c15
  var z = state
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}
