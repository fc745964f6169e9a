// What is already known of field values: most targets, user agents and referrers have been seen before, and judging
// is pure, so a look-up by hash answers for them.

/// A table, two entries wide, from 64-bit keyed hashes of values to the patterns found in them. Two values with the same hash
/// would be taken for each other: once in 2^64 pairs, and nobody without the key can aim at it.
///
/// Invariant of the unsafe code: `base` addresses `count` entries of 32 bytes, initialised: hash (8), state (2), up to
/// 11 pattern numbers (2 each). While a value waits for its scan the state is `pending` and its slot stands at byte 12.
struct ValueCache: ~Copyable {
  static let capacity = 11
  static let pending: UInt16 = 0xffff

  private let base: UnsafeMutableRawPointer
  private let mask: Int

  /// - Parameter entries: Rounded up to a power of two; 32 bytes each.
  init(entries: Int) {
    var count = 16
    while count < entries, count < 1 << 24 { count *= 2 }
    base = .allocate(byteCount: count * 32, alignment: 64)
    base.initializeMemory(as: UInt64.self, repeating: 0, count: count * 4)
    mask = count - 1
  }

  deinit { base.deallocate() }

  /// Entry that a hash belongs to; the other is the one beside it, `^ 1`, in the same cache line. Hashes are never 0: that marks an empty entry.
  @inline(__always)
  func entry(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 20) & mask }

  @inline(__always)
  func holds(_ hash: UInt64, at entry: Int) -> Bool {
    base.load(fromByteOffset: entry &* 32, as: UInt64.self) == hash
  }

  /// Number of patterns, or `pending`.
  @inline(__always)
  func state(at entry: Int) -> UInt16 { base.load(fromByteOffset: entry &* 32 &+ 8, as: UInt16.self) }

  @inline(__always)
  func pattern(_ index: Int, at entry: Int) -> UInt16 {
    base.load(fromByteOffset: entry &* 32 &+ 10 &+ index &* 2, as: UInt16.self)
  }

  @inline(__always)
  func slot(at entry: Int) -> UInt32 { base.load(fromByteOffset: entry &* 32 &+ 12, as: UInt32.self) }

  mutating func setPending(_ hash: UInt64, slot: UInt32, at entry: Int) {
    base.storeBytes(of: hash, toByteOffset: entry &* 32, as: UInt64.self)
    base.storeBytes(of: Self.pending, toByteOffset: entry &* 32 &+ 8, as: UInt16.self)
    base.storeBytes(of: slot, toByteOffset: entry &* 32 &+ 12, as: UInt32.self)
  }

  mutating func set(pattern: UInt16, _ index: Int, at entry: Int) {
    guard index < Self.capacity else { return }
    base.storeBytes(of: pattern, toByteOffset: entry &* 32 &+ 10 &+ index &* 2, as: UInt16.self)
  }

  mutating func set(count: Int, at entry: Int) {
    base.storeBytes(of: UInt16(truncatingIfNeeded: count), toByteOffset: entry &* 32 &+ 8, as: UInt16.self)
  }

  mutating func clear(at entry: Int) { base.storeBytes(of: 0, toByteOffset: entry &* 32, as: UInt64.self) }
}
