// Rows by address: by radix where all are IPv4, which is what nearly every window has.

import Bytes
import Sketches

/// Sorts numbers of rows by the rows' addresses, keeping its scratch memory.
struct AddressOrder: ~Copyable {
  private struct Key: BitwiseCopyable {
    var address: UInt32
    var row: UInt32
  }
  private var keys = FlatArray<Key>()
  private var other = FlatArray<Key>()

  /// Makes `order` the numbers 0..<rows.count in order of address. O(rows) for IPv4, else O(rows log rows).
  mutating func sort(_ rows: borrowing FlatArray<ClientRow>, into order: inout FlatArray<UInt32>) {
    let count = rows.count
    order.removeAll()
    var all4 = true
    for i in 0..<count {
      order.append(UInt32(truncatingIfNeeded: i))
      all4 = all4 && rows[i].address.isIPv4
    }
    if count < 2 { return }
    // Below this the passes over 256 counters cost more than comparing.
    guard all4, count >= 64 else {
      rows.withElements { rows in
        order.sort { rows[Int($0)].address < rows[Int($1)].address }
      }
      return
    }
    keys.removeAll()
    other.removeAll()
    for i in 0..<count {
      keys.append(
        Key(address: UInt32(truncatingIfNeeded: rows[i].address.low), row: UInt32(truncatingIfNeeded: i)))
    }
    other.resize(to: count, filledWith: Key(address: 0, row: 0))
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { starts in
      for shift in stride(from: 0 as UInt32, to: 32, by: 8) {
        starts.initialize(repeating: 0)
        for i in 0..<count { starts[Int(keys[i].address >> shift & 255)] += 1 }
        var next: UInt32 = 0
        for digit in 0..<256 {
          let here = starts[digit]
          starts[digit] = next
          next += here
        }
        for i in 0..<count {
          let digit = Int(keys[i].address >> shift & 255)
          other[Int(starts[digit])] = keys[i]
          starts[digit] += 1
        }
        swap(&keys, &other)
      }
    }
    for i in 0..<count { order[i] = keys[i].row }
  }
}
