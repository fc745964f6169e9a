// Numbers hashes in the order in which they come, for tables whose entries are told apart by a 64-bit
// keyed hash: open addressing with linear probing, without deletion.

import Bytes

/// A map from 64-bit hashes to 0, 1, 2, ... Lookup O(1) expected.
///
/// Hashes cannot be removed singly: a table that evicts rebuilds with `removeAll` and `insert`.
public struct HashIndex: ~Copyable, Sendable {
  /// Upper half: high 32 bits of the hash. Lower half: the number + 1; 0 is an empty slot.
  @usableFromInline var slots: FlatArray<UInt64>
  @usableFromInline var hashes: FlatArray<UInt64>

  @inlinable
  public init() {
    slots = FlatArray()
    hashes = FlatArray()
  }

  @inlinable public var count: Int { @inline(__always) get { hashes.count } }
  /// Bytes held.
  @inlinable public var footprint: Int { (slots.capacity + hashes.capacity) * 8 }

  /// The hash with this number.
  @inlinable public subscript(number: Int) -> UInt64 { @inline(__always) get { hashes[number] } }

  /// The number of this hash, or -1.
  @inlinable @inline(__always)
  public func find(_ hash: UInt64) -> Int {
    let size = slots.count
    if size == 0 { return -1 }
    let mask = size &- 1
    var i = Int(truncatingIfNeeded: hash) & mask
    let tag = hash >> 32
    while true {
      // In bounds: `i` is masked by the size, a power of two; slots hold only numbers given out.
      let slot = slots.base[i]
      if slot == 0 { return -1 }
      if slot >> 32 == tag {
        let number = Int(truncatingIfNeeded: slot & 0xffff_ffff) &- 1
        if hashes.base[number] == hash { return number }
      }
      i = (i &+ 1) & mask
    }
  }

  /// The number of this hash, or -1, for an owner that keeps the hashes with what it looks at next: `isIt` tells whether
  /// a number is the hash's.
  @inlinable @inline(__always)
  public func find(_ hash: UInt64, where isIt: (Int) -> Bool) -> Int {
    let size = slots.count
    if size == 0 { return -1 }
    let mask = size &- 1
    var i = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots.base[i]
      if slot == 0 { return -1 }
      if (slot ^ hash) >> 32 == 0 {
        let number = Int(truncatingIfNeeded: slot & 0xffff_ffff) &- 1
        if isIt(number) { return number }
      }
      i = (i &+ 1) & mask
    }
  }

  /// The number at which a search for this hash begins, or -1: mostly that of the hash, if it has one. For fetching
  /// ahead what lies with the number.
  @inlinable @inline(__always)
  public func firstGuess(_ hash: UInt64) -> Int {
    if slots.count == 0 { return -1 }
    return Int(truncatingIfNeeded: slots.base[Int(truncatingIfNeeded: hash) & (slots.count &- 1)] & 0xffff_ffff) &- 1
  }

  /// Has the processor fetch what `find` will look at first.
  @inlinable @inline(__always)
  public func prefetch(_ hash: UInt64) {
    if slots.count > 0 { Bytes.prefetch(slots.base + (Int(truncatingIfNeeded: hash) & (slots.count &- 1))) }
  }

  /// Gives the next number to a hash that has none yet.
  @inlinable
  @discardableResult
  public mutating func insert(_ hash: UInt64) -> Int {
    let number = hashes.count
    hashes.append(hash)
    if hashes.count &* 2 > slots.count {
      slots.resize(to: max(4, slots.count * 2), filledWith: 0)
      slots.fill(with: 0)
      for other in 0...number { place(hashes[other], other) }
    } else {
      place(hash, number)
    }
    return number
  }

  @inlinable @inline(__always)
  mutating func place(_ hash: UInt64, _ number: Int) {
    let mask = slots.count &- 1
    var i = Int(truncatingIfNeeded: hash) & mask
    while slots.base[i] != 0 { i = (i &+ 1) & mask }
    slots.base[i] = (hash & 0xffff_ffff_0000_0000) | UInt64(truncatingIfNeeded: number &+ 1)
  }

  /// Empties the index in time proportional to its entries, not to its size; keeps the memory.
  @inlinable
  public mutating func removeAll() {
    if hashes.count &* 4 > slots.count {
      slots.fill(with: 0)
    } else {
      // Entries lie in unbroken runs from their home slot on, so clearing from every home to the next
      // empty slot clears all of them.
      let mask = slots.count &- 1
      for number in 0..<hashes.count {
        var i = Int(truncatingIfNeeded: hashes[number]) & mask
        while slots.base[i] != 0 {
          slots.base[i] = 0
          i = (i &+ 1) & mask
        }
      }
    }
    hashes.removeAll()
  }

  /// Gives all memory back.
  public mutating func release() {
    slots.release()
    hashes.release()
  }
}
