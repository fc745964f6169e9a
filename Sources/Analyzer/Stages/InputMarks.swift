// How far the input partitions are, as their owners say in `rollups`.

import Bytes

/// The watermarks of all input partitions. One that is idle is not waited for; nor is one that the pipeline does not know,
/// because `events` has gained partitions since, before it has spoken.
struct InputMarks: Sendable, Equatable {
  struct Mark: Sendable, Equatable {
    var watermark: Nanoseconds = .min
    var isIdle = false
  }
  private(set) var marks: [Mark]
  /// As many as a pipeline may have.
  static let most = 1_024

  init(inputs: Int) { marks = [Mark](repeating: Mark(), count: inputs) }

  /// Waits from now on for partitions up to a number, whether they have spoken or not. Returns whether any is new.
  mutating func expect(_ inputs: Int) -> Bool {
    guard marks.count < inputs else { return false }
    marks += [Mark](repeating: Mark(), count: inputs - marks.count)
    return true
  }

  private mutating func know(_ partition: Int) {
    while marks.count <= partition { marks.append(Mark(isIdle: true)) }
  }

  /// Returns whether there can be such a partition.
  mutating func advance(_ partition: Int, to watermark: Nanoseconds, isIdle: Bool) -> Bool {
    guard partition >= 0, partition < Self.most else { return false }
    know(partition)
    marks[partition].watermark = max(marks[partition].watermark, watermark)
    marks[partition].isIdle = isIdle
    return true
  }

  /// A window of the partition came: it is not idle any more.
  mutating func hear(_ partition: Int) {
    guard partition >= 0, partition < Self.most else { return }
    know(partition)
    marks[partition].isIdle = false
  }

  /// Windows that end by it are complete; nil where nobody says anything. All is at its end only when every partition has
  /// said so: one that is idle may speak again before it does.
  var watermark: Nanoseconds? {
    let smallest = marks.lazy.filter { !$0.isIdle || $0.watermark == .max }.map(\.watermark).min()
    return smallest == .max && !open.isEmpty ? nil : smallest
  }

  /// Those that have not said that they are at their end.
  var open: [Int] { marks.indices.filter { marks[$0].watermark != .max } }

  func write(to state: inout StateWriter) {
    state.count(marks.count)
    for mark in marks {
      state.signed(mark.watermark)
      state.flag(mark.isIdle)
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init(inputs: 0)
    let count = try state.count(ofAtLeast: 9)
    guard count <= Self.most else { throw .invalid("\(count) partitions of events", at: state.position) }
    know(count - 1)
    for i in 0..<count { marks[i] = Mark(watermark: try state.signed(), isIdle: try state.flag()) }
  }
}
