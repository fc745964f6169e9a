// What happens next: a binary heap of times, so that memory is bounded by what is under way.

import Bytes

/// Whose turn it is.
enum Turn: Sendable {
  /// Somebody new of this kind arrives.
  case arrival(Int32)
  /// An actor under way goes on.
  case actor(Int32)
  /// An attack sends its next request.
  case attack(Int32)
}

/// A min-heap by time. Push and pop O(log n).
struct EventQueue: Sendable {
  private struct Entry {
    var time: Nanoseconds
    var turn: Turn
  }
  private var heap: [Entry] = []

  var count: Int { heap.count }

  mutating func push(_ turn: Turn, at time: Nanoseconds) {
    heap.append(Entry(time: time, turn: turn))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].time < heap[parent].time else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> (time: Nanoseconds, turn: Turn)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      var parent = 0
      while true {
        var least = parent
        let left = 2 * parent + 1
        if left < heap.count, heap[left].time < heap[least].time { least = left }
        if left + 1 < heap.count, heap[left + 1].time < heap[least].time { least = left + 1 }
        if least == parent { break }
        heap.swapAt(least, parent)
        parent = least
      }
    }
    return (first.time, first.turn)
  }
}
