// Eviction in bulk: the lighter half goes, and what it weighed bounds what is not held.

import Bytes

extension SpaceSaving {
  /// Drops every entry whose upper bound is at most that of the entry at rank `capacity + 1`, which becomes the floor.
  ///
  /// Why `floor <= total / capacity`: in the Misra-Gries reading an entry's counter is `upper - floor`, and raising the
  /// floor by d takes d from at least `capacity` counters, whose sum is at most the total.
  mutating func evict() {
    guard entries.count > capacity else { return }
    scratch.removeAll()
    for i in 0..<entries.count { scratch.append(entries[i].upper) }
    let cut = scratch.withMutableElements { selectLargest($0, rank: capacity) }
    floor = max(floor, cut)
    index.removeAll()
    var kept = 0
    var keyEnd = 0
    for i in 0..<entries.count {
      var entry = entries[i]
      if entry.upper <= floor {
        evictions &+= 1
        continue
      }
      // Entries lie in the order of their keys, so that keys only ever move down.
      for j in 0..<Int(entry.keyCount) { keys[keyEnd + j] = keys[Int(entry.keyOffset) + j] }
      entry.keyOffset = UInt32(truncatingIfNeeded: keyEnd)
      keyEnd += Int(entry.keyCount)
      entries[kept] = entry
      kept += 1
    }
    entries.truncate(to: kept)
    keys.truncate(to: keyEnd)
    for i in 0..<kept { index.insert(entries[i].hash) }
  }
}

/// The value that `rank` values of the buffer are not smaller than, were it sorted descending (rank from 0).
/// Quickselect with the median of three, O(n) expected; reorders the buffer.
public func selectLargest(_ values: UnsafeMutableBufferPointer<UInt64>, rank: Int) -> UInt64 {
  var low = 0
  var high = values.count - 1
  while low < high {
    let middle = low + (high - low) / 2
    let a = values[low]
    let b = values[middle]
    let c = values[high]
    let pivot = max(min(a, b), min(max(a, b), c))
    var i = low
    var j = high
    while i <= j {
      while values[i] > pivot { i += 1 }
      while values[j] < pivot { j -= 1 }
      if i <= j {
        values.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if rank <= j {
      high = j
    } else if rank >= i {
      low = i
    } else {
      break
    }
  }
  return values[rank]
}
