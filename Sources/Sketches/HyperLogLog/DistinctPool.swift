// Many small distinct counts, as one a client and field: a HyperLogLog of precision 8 that starts as a
// list of 15 hashes in one cache line. Their memory comes from a pool that is emptied at once.

import Bytes

/// A small distinct count that lives in a `DistinctPool`; 0 is the empty one.
public struct DistinctSet: BitwiseCopyable, Sendable {
  /// What the two upper bits of `bits` say about the block: none, 16 words, 64 words, registers. The rest is its number.
  @usableFromInline var bits: UInt32
  @inlinable public init() { bits = 0 }
  @inlinable public var isEmpty: Bool { bits == 0 }
}

/// Owner of the memory of its `DistinctSet`s. A set is a list up to 63 hashes, then registers of precision 8
/// (standard error 6.5 %); the same bytes as `HyperLogLog` of that precision.
public struct DistinctPool: ~Copyable, Sendable {
  public static var precision: Int { 8 }
  @usableFromInline typealias Line = SIMD16<UInt32>

  /// Blocks of one line (up to 15 hashes, the count in the first word) and of four (63 hashes, or 256 registers).
  @usableFromInline var small: FlatArray<Line>
  @usableFromInline var large: FlatArray<Line>
  /// Small blocks given back by sets that grew.
  @usableFromInline var free: FlatArray<UInt32>
  /// Large blocks of sets that were given back.
  @usableFromInline var freeLarge: FlatArray<UInt32>

  public init() {
    small = FlatArray()
    large = FlatArray()
    free = FlatArray()
    freeLarge = FlatArray()
  }

  public var footprint: Int { (small.capacity + large.capacity) * 64 + free.capacity * 4 }

  public mutating func removeAll() {
    small.removeAll()
    large.removeAll()
    free.removeAll()
    freeLarge.removeAll()
  }

  public mutating func release() {
    small.release()
    large.release()
    free.release()
    freeLarge.release()
  }

  @usableFromInline static var smallKind: UInt32 { 1 << 30 }
  @usableFromInline static var listKind: UInt32 { 2 << 30 }
  @usableFromInline static var denseKind: UInt32 { 3 << 30 }
  @usableFromInline static var kindMask: UInt32 { 3 << 30 }

  /// Takes one value into `set`, by its keyed hash. O(1).
  @inlinable @inline(__always)
  public mutating func insert(_ hash: UInt64, into set: inout DistinctSet) {
    insert(folded: HyperLogLog.fold(hash), into: &set)
  }

  @inlinable @inline(__always)
  mutating func insert(folded: UInt32, into set: inout DistinctSet) {
    if set.bits & Self.kindMask == Self.smallKind {
      let block = Int(set.bits & ~Self.kindMask)
      precondition(block < small.count)
      let line = small.base[block]
      // Lane 0 is the count, at most 15: smaller than any folded hash.
      if any(line .== Line(repeating: folded)) { return }
    }
    insertSlowly(folded, into: &set)
  }

  @usableFromInline @inline(never)
  mutating func insertSlowly(_ folded: UInt32, into set: inout DistinctSet) {
    let block = Int(set.bits & ~Self.kindMask)
    switch set.bits & Self.kindMask {
    case 0:
      var line = Line()
      line[0] = 1
      line[1] = folded
      let number: Int
      if free.isEmpty {
        number = small.count
        small.append(line)
      } else {
        number = Int(free.removeLast())
        small[number] = line
      }
      set.bits = Self.smallKind | UInt32(truncatingIfNeeded: number)
    case Self.smallKind:
      let words = Self.words(small.unsafeAddress(of: block))
      let count = Int(min(words[0], 15))
      for i in 0..<count where words[i + 1] == folded { return }
      if count < 15 {
        words[count + 1] = folded
        words[0] = UInt32(count + 1)
        return
      }
      let held = small[block]
      let number = takeLarge()
      large[number] = held
      free.append(UInt32(truncatingIfNeeded: block))
      set.bits = Self.listKind | UInt32(truncatingIfNeeded: number)
      insertSlowly(folded, into: &set)
    case Self.listKind:
      let count = Int(large[block][0])
      var found = false
      for i in 0..<4 { found = found || any(large[block + i] .== Line(repeating: folded)) }
      if found { return }
      if count < HyperLogLog.listLimit {
        let place = count + 1
        large[block + place / 16][place % 16] = folded
        large[block][0] = UInt32(count + 1)
        return
      }
      makeDense(block)
      set.bits = Self.denseKind | UInt32(truncatingIfNeeded: block)
      withRegisters(block) { Registers.insert(folded, into: $0, precision: Self.precision) }
    default:
      withRegisters(block) { Registers.insert(folded, into: $0, precision: Self.precision) }
    }
  }

  /// A block's words, which are 16 a line, one line after the other: SIMD16<UInt32> has no other layout. A word by its
  /// number in a vector would go by way of memory anyhow.
  @inlinable @inline(__always)
  static func words(_ lines: UnsafeMutablePointer<Line>) -> UnsafeMutablePointer<UInt32> {
    UnsafeMutableRawPointer(lines).assumingMemoryBound(to: UInt32.self)
  }

  /// Four cleared lines.
  mutating func takeLarge() -> Int {
    if freeLarge.isEmpty {
      for _ in 0..<4 { large.append(Line()) }
      return large.count - 4
    }
    let number = Int(freeLarge.removeLast())
    for i in 0..<4 { large[number + i] = Line() }
    return number
  }

  /// Empties the set and gives its memory back to the pool.
  public mutating func empty(_ set: inout DistinctSet) {
    let block = set.bits & ~Self.kindMask
    switch set.bits & Self.kindMask {
    case 0: return
    case Self.smallKind: free.append(block)
    default: freeLarge.append(block)
    }
    set.bits = 0
  }

  mutating func makeDense(_ block: Int) {
    let held = (large[block], large[block + 1], large[block + 2], large[block + 3])
    for i in 0..<4 { large[block + i] = Line() }
    withRegisters(block) { registers in
      for i in 1...HyperLogLog.listLimit {
        let line = i < 16 ? held.0 : i < 32 ? held.1 : i < 48 ? held.2 : held.3
        Registers.insert(line[i % 16], into: registers, precision: Self.precision)
      }
    }
  }

  @usableFromInline
  mutating func withRegisters(_ block: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    precondition(block >= 0 && block + 4 <= large.count)
    // Four lines of 64 bytes, of which `large` owns all.
    body(
      UnsafeMutableBufferPointer(
        start: UnsafeMutableRawPointer(large.base + block).assumingMemoryBound(to: UInt8.self), count: 256))
  }

  /// Number of values, exact up to 63.
  public func estimate(_ set: DistinctSet) -> UInt64 {
    let block = Int(set.bits & ~Self.kindMask)
    switch set.bits & Self.kindMask {
    case 0: return 0
    case Self.smallKind: return UInt64(small[block][0])
    case Self.listKind: return UInt64(large[block][0])
    default:
      precondition(block + 4 <= large.count)
      return Registers.estimate(
        UnsafeBufferPointer(
          start: UnsafeRawPointer(large.base + block).assumingMemoryBound(to: UInt8.self), count: 256),
        precision: Self.precision)
    }
  }

  /// Calls `body` with every value held, in no particular order; false where only registers are left.
  @inlinable
  public func forEach(_ set: DistinctSet, _ body: (UInt32) -> Void) -> Bool {
    let block = Int(set.bits & ~Self.kindMask)
    switch set.bits & Self.kindMask {
    case 0: return true
    case Self.smallKind:
      precondition(block < small.count)
      let words = Self.words(small.base + block)
      for i in 0..<Int(min(words[0], 15)) { body(words[i + 1]) }
      return true
    case Self.listKind:
      precondition(block + 4 <= large.count)
      let words = Self.words(large.base + block)
      for i in 0..<Int(min(words[0], 63)) { body(words[i + 1]) }
      return true
    default: return false
    }
  }

  /// Bytes that `write` appends: at most 256.
  public func byteCount(_ set: DistinctSet) -> Int {
    switch set.bits & Self.kindMask {
    case 0: 0
    case Self.denseKind: 256
    default: 4 * Int(estimate(set))
    }
  }

  /// Appends the set as `HyperLogLog.write` does: values ascending, or registers.
  public func write(_ set: DistinctSet, to buffer: inout ByteBuffer) {
    let block = Int(set.bits & ~Self.kindMask)
    if set.bits & Self.kindMask == Self.denseKind {
      precondition(block + 4 <= large.count)
      let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(large.base + block), count: 256)
      return buffer.append(bytes.bytes)
    }
    buffer.append(upTo: 4 * HyperLogLog.listLimit) { bytes in
      // Insertion sort: most sets hold one or two values, none more than 63.
      var count = 0
      _ = forEach(set) { value in
        var place = count
        while place > 0 {
          let before = bytes.loadUnaligned(fromByteOffset: 4 * (place - 1), as: UInt32.self).littleEndian
          if before < value { break }
          bytes.storeBytes(of: before.littleEndian, toByteOffset: 4 * place, as: UInt32.self)
          place -= 1
        }
        bytes.storeBytes(of: value.littleEndian, toByteOffset: 4 * place, as: UInt32.self)
        count += 1
      }
      return 4 * count
    }
  }

  /// Adds a set of another pool.
  public mutating func merge(_ other: DistinctSet, of pool: borrowing DistinctPool, into set: inout DistinctSet) {
    if other.bits & Self.kindMask != Self.denseKind {
      var added = set
      _ = pool.forEach(other) { insert(folded: $0, into: &added) }
      set = added
      return
    }
    makeRegisters(&set)
    let block = Int(other.bits & ~Self.kindMask)
    let mine = Int(set.bits & ~Self.kindMask)
    precondition(block + 4 <= pool.large.count)
    let given = UnsafeRawBufferPointer(start: UnsafeRawPointer(pool.large.base + block), count: 256)
    withRegisters(mine) { registers in
      for i in 0..<256 { registers[i] = max(registers[i], given[i]) }
    }
  }

  /// Adds what was written; refuses bytes that are no such set, leaving `set` as it was.
  public mutating func merge(reading bytes: RawSpan, into set: inout DistinctSet) throws(SketchError) {
    let n = bytes.byteCount
    if n == 0 { return }
    if n == 4 {
      // By far the most: one value.
      let value = UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: 0, as: UInt32.self))
      if value < 16 { throw .invalid(at: 0) }
      return insert(folded: value, into: &set)
    }
    try Registers.check(bytes, precision: Self.precision)
    if n < 256 {
      for i in stride(from: 0, to: n, by: 4) {
        insert(
          folded: UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt32.self)),
          into: &set)
      }
      return
    }
    makeRegisters(&set)
    withRegisters(Int(set.bits & ~Self.kindMask)) { registers in
      for i in 0..<256 { registers[i] = max(registers[i], bytes.unchecked(i)) }
    }
  }

  /// Turns whatever the set is into registers.
  mutating func makeRegisters(_ set: inout DistinctSet) {
    if set.bits & Self.kindMask == Self.denseKind { return }
    let number = takeLarge()
    let old = set
    set.bits = Self.denseKind | UInt32(truncatingIfNeeded: number)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { values in
      var count = 0
      _ = forEach(old) {
        values[count] = $0
        count += 1
      }
      for i in 0..<count {
        withRegisters(number) { Registers.insert(values[i], into: $0, precision: Self.precision) }
      }
    }
    var given = old
    empty(&given)
  }
}
