// Merging: sums where both hold a key, the other's floor where one doesn't.

import Bytes

extension SpaceSaving {
  /// Adds what `other` counted. O(count + other.count).
  public mutating func merge(_ other: borrowing SpaceSaving) {
    beginMerge(otherFloor: other.floor)
    for i in 0..<other.count {
      if i &+ 12 < other.count { prefetch(other[i &+ 12].hash) }
      if i &+ 6 < other.count { prefetchEntry(other[i &+ 6].hash) }
      let entry = other[i]
      mergeEntry(
        other.key(i), hash: entry.hash, lower: entry.lower, error: entry.error, first: entry.first,
        second: entry.second, otherFloor: other.floor)
    }
    endMerge(otherTotal: other.total, otherFloor: other.floor)
  }

  /// Merging piecewise, as when the other sketch is read from a record: `beginMerge`, `mergeEntry` for each of its
  /// entries (once a key), `endMerge`.
  public mutating func beginMerge(otherFloor: UInt64) {
    // Until told otherwise a key of ours may weigh the other's floor there.
    guard otherFloor > 0 else { return }
    for i in 0..<entries.count { entries[i].error = entries[i].error.saturatingAdd(otherFloor) }
  }

  /// Has the processor fetch where the search for this hash begins.
  @inlinable @inline(__always)
  public func prefetch(_ hash: UInt64) { index.prefetch(hash) }

  /// Has the processor fetch the entry of this hash; once where the search begins has been fetched.
  @inlinable @inline(__always)
  public func prefetchEntry(_ hash: UInt64) { entries.prefetch(index.firstGuess(hash)) }

  @inlinable
  @discardableResult
  public mutating func mergeEntry(
    _ key: RawSpan, hash: UInt64, lower: UInt64, error: UInt64, first: UInt64 = 0, second: UInt64 = 0,
    otherFloor: UInt64
  ) -> Int {
    var entry = find(hash)
    if entry >= 0 {
      entries[entry].error = (entries[entry].error - min(entries[entry].error, otherFloor)).saturatingAdd(error)
    } else {
      entry = insertUnbounded(key, hash: hash)
      entries[entry].error = floor.saturatingAdd(error)
    }
    entries[entry].lower = entries[entry].lower.saturatingAdd(lower)
    entries[entry].first = entries[entry].first.saturatingAdd(first)
    entries[entry].second = entries[entry].second.saturatingAdd(second)
    return entry
  }

  public mutating func endMerge(otherTotal: UInt64, otherFloor: UInt64) {
    weight = weight.saturatingAdd(otherTotal)
    floor = floor.saturatingAdd(otherFloor)
    if entries.count > 2 * capacity { evict() }
  }

  /// An insertion during a merge: eviction waits for its end, when both floors are known.
  @usableFromInline
  mutating func insertUnbounded(_ key: RawSpan, hash: UInt64) -> Int {
    let offset = keys.count
    let length = min(key.byteCount, keyLimit)
    keys.append(key.extracting(0..<length))
    entries.append(
      Entry(
        hash: hash, lower: 0, error: 0, first: 0, second: 0, keyOffset: UInt32(truncatingIfNeeded: offset),
        keyCount: UInt16(truncatingIfNeeded: length), mark: 0))
    index.insert(hash)
    return entries.count - 1
  }

  /// Calls `body` with the numbers of the `k` entries with the largest upper bounds, largest first, equal ones in the
  /// order of their keys' bytes. O(count + k log k); allocates.
  public func top(_ k: Int, _ body: (Int) -> Void) {
    var order = Array(0..<count)
    order.sort { a, b in
      let (x, y) = (entries[a].upper, entries[b].upper)
      return x != y ? x > y : lexicographicallyPrecedes(key(a), key(b))
    }
    for entry in order.prefix(max(0, k)) { body(entry) }
  }
}

/// Order of bytes as memcmp has it, the shorter of equal beginnings first.
@inlinable
public func lexicographicallyPrecedes(_ a: RawSpan, _ b: RawSpan) -> Bool {
  let n = min(a.byteCount, b.byteCount)
  for i in 0..<n {
    let (x, y) = (a.unchecked(i), b.unchecked(i))
    if x != y { return x < y }
  }
  return a.byteCount < b.byteCount
}
