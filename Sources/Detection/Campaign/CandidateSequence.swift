// In what steps candidates reach the campaign stage: the same whether one zone stage made them all or several did side by
// side, each for its part of the zones.

import Bytes

/// Puts the candidates of several partitions of zones into the steps in which `CampaignStage.consume` takes them.
///
/// A step is the end of a window for which at least one partition had a window in time. It holds the candidates of that
/// window of all partitions, in the order of the partitions, and before them those of late windows that are due by then
/// and were in no step yet. It is complete when every partition has passed its end. What of the late is left at the very
/// end makes a last step.
///
/// Pure: the steps depend on what each partition said, in its order, and not on how the partitions take turns.
public struct CandidateSequence: Sendable {
  /// Candidates of one partition that are due at one time, in the order in which it gave them.
  private struct Due: Sendable {
    var end: Nanoseconds
    var candidates: [Candidate]
    /// Of the first record that it is from.
    var offset: Int64
  }
  private struct Lane: Sendable {
    var watermark: Nanoseconds = .min
    var late: [Due] = []
    var onTime: [Due] = []
  }
  private var lanes: [Lane]
  /// Ends of windows that make a step and have not been taken, ascending.
  private var ends: [Nanoseconds] = []
  /// End of the last step.
  public private(set) var taken: Nanoseconds = .min

  /// - Parameter taken: End of the last step of a sequence that this one goes on with.
  public init(partitions: Int, taken: Nanoseconds = .min) {
    lanes = [Lane](repeating: Lane(), count: max(partitions, 1))
    self.taken = taken
  }

  /// The smallest watermark of the partitions: steps up to it are complete.
  public var watermark: Nanoseconds { lanes.reduce(.max) { min($0, $1.watermark) } }

  /// The watermark of one partition.
  public func watermark(of partition: Int) -> Nanoseconds {
    lanes.indices.contains(partition) ? lanes[partition].watermark : .min
  }

  /// Candidates that wait for their step.
  public var waiting: Int {
    lanes.reduce(0) { $0 + ($1.late + $1.onTime).reduce(0) { $0 + $1.candidates.count } }
  }

  /// Smallest offset of the candidates that wait, if any do: from there a restarted stage has to read again.
  public var firstOffset: Int64? { lanes.lazy.compactMap { ($0.late + $0.onTime).map(\.offset).min() }.min() }

  /// Whether every partition has said that it is closed.
  public var isClosed: Bool { watermark == .max }

  /// Takes in what one partition found in a window; that it found nothing has to be said as well, because the end of a
  /// window in time is a step.
  /// - Parameters:
  ///   - end: Of the window, or for a late one of the window that it was given out with.
  ///   - offset: Of the record that said so, where there is one.
  public mutating func add(
    _ candidates: [Candidate], end: Nanoseconds, isLate: Bool, partition: Int, offset: Int64 = .max
  ) {
    guard lanes.indices.contains(partition) else { return }
    let due = Due(end: end, candidates: candidates, offset: offset)
    if isLate {
      if !candidates.isEmpty { Self.append(due, to: &lanes[partition].late) }
      return
    }
    Self.append(due, to: &lanes[partition].onTime)
    let place = ends.lastIndex { $0 <= end }.map { ends[$0] == end ? -1 : $0 + 1 } ?? 0
    if place >= 0 { ends.insert(end, at: place) }
  }

  private static func append(_ due: Due, to list: inout [Due]) {
    if let last = list.last, last.end == due.end {
      list[list.count - 1].candidates += due.candidates
    } else {
      list.append(due)
    }
  }

  /// Says that `partition` will give nothing more for windows that end at or before `watermark`; `.max` closes it.
  public mutating func advance(partition: Int, to watermark: Nanoseconds) {
    guard lanes.indices.contains(partition) else { return }
    lanes[partition].watermark = max(lanes[partition].watermark, watermark)
  }

  /// Gives out the steps that are complete, in order of time.
  public mutating func drain(_ step: (_ candidates: [Candidate], _ watermark: Nanoseconds) -> Void) {
    let watermark = watermark
    while let end = ends.first, end <= watermark {
      ends.removeFirst()
      give(upTo: end, as: end, step)
    }
  }

  /// Gives out all steps that are left, complete or not, at the end of everything.
  public mutating func finish(_ step: (_ candidates: [Candidate], _ watermark: Nanoseconds) -> Void) {
    for end in ends { give(upTo: end, as: end, step) }
    ends = []
    let last = lanes.reduce(taken) { $1.late.reduce($0) { max($0, $1.end) } }
    if lanes.contains(where: { !$0.late.isEmpty }) { give(upTo: .max, as: last, step) }
  }

  private mutating func give(
    upTo end: Nanoseconds, as watermark: Nanoseconds, _ step: ([Candidate], Nanoseconds) -> Void
  ) {
    var candidates: [Candidate] = []
    for lane in lanes.indices {
      Self.take(from: &lanes[lane].late, upTo: end, into: &candidates)
      Self.take(from: &lanes[lane].onTime, upTo: end, into: &candidates)
    }
    taken = max(taken, watermark)
    step(candidates, watermark)
  }

  private static func take(from list: inout [Due], upTo end: Nanoseconds, into candidates: inout [Candidate]) {
    guard list.contains(where: { $0.end <= end }) else { return }
    for due in list where due.end <= end { candidates += due.candidates }
    list.removeAll { $0.end <= end }
  }
}
