// Sets of lower-case words with a small value each: what tokenisers look names up in.

import Bytes

/// A fixed set of words, built once and read without allocation. O(length of the word) a look-up.
struct WordTable: Sendable {
  private let hashes: [UInt64]
  private let values: [UInt8]
  private let mask: Int

  /// Each entry: words separated by spaces, and the value of them all. Later entries win.
  init(_ entries: [(String, UInt8)]) {
    var words: [(UInt64, UInt8)] = []
    for (text, value) in entries {
      for word in text.split(separator: " ") { words.append((Self.hash(Array(word.utf8).span.bytes), value)) }
    }
    var size = 64
    while size < words.count * 4 { size *= 2 }
    var hashes = [UInt64](repeating: 0, count: size)
    var values = [UInt8](repeating: 0, count: size)
    for (hash, value) in words {
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & (size - 1) }
      hashes[slot] = hash
      values[slot] = value
    }
    (self.hashes, self.values, mask) = (hashes, values, size - 1)
  }

  /// FNV-1a, 64 bits, mixed once; never 0.
  @inline(__always)
  static func hash(_ word: RawSpan) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for i in 0..<word.byteCount { hash = (hash ^ UInt64(word.unchecked(i))) &* 0x100_0000_01b3 }
    return (hash ^ hash >> 29) | 1
  }

  /// The value of `word`, which is in lower case, or 0.
  @inline(__always)
  func value(_ word: RawSpan) -> UInt8 { value(hash: Self.hash(word)) }

  @inline(__always)
  func value(hash: UInt64) -> UInt8 {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while hashes[slot] != 0 {
      if hashes[slot] == hash { return values[slot] }
      slot = (slot &+ 1) & mask
    }
    return 0
  }

  @inline(__always)
  func contains(_ word: RawSpan) -> Bool { value(word) != 0 }
}
