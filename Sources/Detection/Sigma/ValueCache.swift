// What is already known of field values: most targets, user agents and referrers have been seen before, and judging
// is pure, so a look-up by hash answers for them.

import Bytes

/// A table, two entries wide, from 64-bit keyed hashes of values to what was found in them: the evidence of the
/// detectors and the patterns of the rules. Two values with the same hash would be taken for each other: once in 2^64
/// pairs, and nobody without the key can aim at it.
///
/// Of two entries the one that was not asked for again makes room: most values that appear once never come back.
///
/// Invariant of the unsafe code: `base` addresses `mask + 1` entries of 32 bytes, initialised: hash (8), evidence (8),
/// state (1), whether it was asked for again (1), up to 7 pattern numbers (2 each). While a value waits for its scan
/// the state is `pending` and its slot stands at byte 20.
struct ValueCache: ~Copyable {
  static let capacity = 7
  static let pending: UInt8 = 0xff

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

  /// Entry that a hash belongs to; the other is the one beside it, `^ 1`, in the same cache line. Hashes are never 0:
  /// that marks an empty entry.
  @inline(__always)
  func entry(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 20) & mask }

  @inline(__always)
  func holds(_ hash: UInt64, at entry: Int) -> Bool {
    base.load(fromByteOffset: entry &* 32, as: UInt64.self) == hash
  }

  /// The entry that holds `hash`, or -1. Of 0: -1.
  @inline(__always)
  func find(_ hash: UInt64) -> Int {
    if hash == 0 { return -1 }
    let entry = entry(of: hash)
    if holds(hash, at: entry) { return entry }
    return holds(hash, at: entry ^ 1) ? entry ^ 1 : -1
  }

  /// Has the processor fetch what `find` will look at.
  @inline(__always)
  func prefetch(_ hash: UInt64) { Bytes.prefetch(base + entry(of: hash) &* 32) }

  /// Which of the two entries of `hash` a newcomer takes.
  func victim(of hash: UInt64) -> Int {
    let first = entry(of: hash)
    if !wasUsed(first) { return first }
    if wasUsed(first ^ 1) { setUsed(first, 0) }
    setUsed(first ^ 1, 0)
    return first ^ 1
  }

  @inline(__always)
  private func wasUsed(_ entry: Int) -> Bool { base.load(fromByteOffset: entry &* 32 &+ 17, as: UInt8.self) != 0 }

  @inline(__always)
  private func setUsed(_ entry: Int, _ mark: UInt8) {
    base.storeBytes(of: mark, toByteOffset: entry &* 32 &+ 17, as: UInt8.self)
  }

  /// Marks an entry as asked for again.
  @inline(__always)
  func use(_ entry: Int) { if !wasUsed(entry) { setUsed(entry, 1) } }

  /// What the detectors said of the value; a word whose meaning is the caller's.
  @inline(__always)
  func evidence(at entry: Int) -> UInt64 { base.load(fromByteOffset: entry &* 32 &+ 8, as: UInt64.self) }

  /// Number of patterns, or `pending`.
  @inline(__always)
  func state(at entry: Int) -> UInt8 { base.load(fromByteOffset: entry &* 32 &+ 16, as: UInt8.self) }

  @inline(__always)
  func pattern(_ index: Int, at entry: Int) -> UInt16 {
    base.load(fromByteOffset: entry &* 32 &+ 18 &+ index &* 2, as: UInt16.self)
  }

  @inline(__always)
  func slot(at entry: Int) -> UInt32 { base.load(fromByteOffset: entry &* 32 &+ 20, as: UInt32.self) }

  /// A value in which no pattern is looked for.
  mutating func set(_ hash: UInt64, evidence: UInt64, at entry: Int) {
    base.storeBytes(of: hash, toByteOffset: entry &* 32, as: UInt64.self)
    base.storeBytes(of: evidence, toByteOffset: entry &* 32 &+ 8, as: UInt64.self)
    base.storeBytes(of: 0, toByteOffset: entry &* 32 &+ 16, as: UInt64.self)
  }

  mutating func setPending(_ hash: UInt64, evidence: UInt64, slot: UInt32, at entry: Int) {
    set(hash, evidence: evidence, at: entry)
    base.storeBytes(of: Self.pending, toByteOffset: entry &* 32 &+ 16, as: UInt8.self)
    base.storeBytes(of: slot, toByteOffset: entry &* 32 &+ 20, as: UInt32.self)
  }

  mutating func set(pattern: UInt16, _ index: Int, at entry: Int) {
    guard index < Self.capacity else { return }
    base.storeBytes(of: pattern, toByteOffset: entry &* 32 &+ 18 &+ index &* 2, as: UInt16.self)
  }

  mutating func set(count: Int, at entry: Int) {
    base.storeBytes(of: UInt8(truncatingIfNeeded: count), toByteOffset: entry &* 32 &+ 16, as: UInt8.self)
  }

  mutating func clear(at entry: Int) { base.storeBytes(of: 0, toByteOffset: entry &* 32, as: UInt64.self) }
}
