// Which zone has not been seen for longest, without looking at all of them.

import Bytes

/// Zones by the time they were last seen, then by name: a heap whose times may be old.
///
/// Each zone is entered once, with a time at which it was seen. A zone is seen all the time, so entries are put right
/// only when they come to the front: what is in front with its true time is the first of all, because no true time is
/// before the one entered. O(log zones) amortised over the windows in between.
struct ZoneQueue: Sendable {
  private struct Entry: Sendable {
    var time: Nanoseconds
    var zone: [UInt8]
    static func < (a: Entry, b: Entry) -> Bool {
      a.time != b.time ? a.time < b.time : a.zone.lexicographicallyPrecedes(b.zone)
    }
  }
  private var heap: [Entry] = []

  mutating func insert(_ zone: [UInt8], seen time: Nanoseconds) {
    heap.append(Entry(time: time, zone: zone))
    var i = heap.count - 1
    while i > 0, heap[i] < heap[(i - 1) / 2] {
      heap.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  /// Takes out the zone that was not seen for longest. `lastSeen` says when; nil for a zone that is no more.
  mutating func removeFirst(lastSeen: ([UInt8]) -> Nanoseconds?) -> [UInt8]? {
    while let first = heap.first {
      if let time = lastSeen(first.zone) {
        if time == first.time {
          dropFirst()
          return first.zone
        }
        heap[0].time = time
        sink()
      } else {
        dropFirst()
      }
    }
    return nil
  }

  private mutating func dropFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    sink()
  }

  private mutating func sink() {
    var i = 0
    while true {
      var least = i
      for child in [2 * i + 1, 2 * i + 2] where child < heap.count && heap[child] < heap[least] { least = child }
      if least == i { return }
      heap.swapAt(i, least)
      i = least
    }
  }
}
