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
  /// What waits, in the order in which it came. Steps are taken from the front, and there may be very many at once: a
  /// backlog whose partitions were all waiting for one. So what was taken stays until it is half of all.
  private struct Waiting: Sendable {
    private var dues: [Due] = []
    private var front = 0
    /// As a zone stage gives them.
    private var isAscending = true

    var all: ArraySlice<Due> { dues[front...] }

    mutating func append(_ due: Due) {
      if front < dues.count, let last = dues.last {
        if last.end == due.end {
          dues[dues.count - 1].candidates += due.candidates
          return
        }
        if last.end > due.end { isAscending = false }
      }
      dues.append(due)
    }

    /// Takes all that is due by `end`. O(taken), amortised, where they are ascending.
    mutating func take(upTo end: Nanoseconds, into candidates: inout [Candidate]) {
      if isAscending {
        while front < dues.count, dues[front].end <= end {
          candidates += dues[front].candidates
          dues[front].candidates = []
          front += 1
        }
        if front * 2 > dues.count {
          dues.removeFirst(front)
          front = 0
        }
        return
      }
      dues.removeFirst(front)
      front = 0
      guard dues.contains(where: { $0.end <= end }) else { return }
      for due in dues where due.end <= end { candidates += due.candidates }
      dues.removeAll { $0.end <= end }
      isAscending = zip(dues, dues.dropFirst()).allSatisfy { $0.end <= $1.end }
    }
  }
  private struct Lane: Sendable {
    var watermark: Nanoseconds = .min
    var late = Waiting()
    var onTime = Waiting()
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
    lanes.reduce(0) {
      $1.late.all.reduce($1.onTime.all.reduce($0) { $0 + $1.candidates.count }) { $0 + $1.candidates.count }
    }
  }

  /// Smallest offset of the candidates that wait, if any do: from there a restarted stage has to read again.
  public var firstOffset: Int64? {
    lanes.reduce(nil) { first, lane in
      let own = lane.onTime.all.reduce(lane.late.all.reduce(.max) { min($0, $1.offset) }) { min($0, $1.offset) }
      return lane.late.all.isEmpty && lane.onTime.all.isEmpty ? first : min(first ?? .max, own)
    }
  }

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
      if !candidates.isEmpty { lanes[partition].late.append(due) }
      return
    }
    lanes[partition].onTime.append(due)
    let place = firstEnd(after: end)
    if place == 0 || ends[place - 1] != end { ends.insert(end, at: place) }
  }

  private func firstEnd(after end: Nanoseconds) -> Int {
    if let last = ends.last, last <= end { return ends.count }
    var (low, high) = (0, ends.count)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= end { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Says that `partition` will give nothing more for windows that end at or before `watermark`; `.max` closes it.
  public mutating func advance(partition: Int, to watermark: Nanoseconds) {
    guard lanes.indices.contains(partition) else { return }
    lanes[partition].watermark = max(lanes[partition].watermark, watermark)
  }

  /// Gives out the steps that are complete, in order of time.
  public mutating func drain(_ step: (_ candidates: [Candidate], _ watermark: Nanoseconds) -> Void) {
    let complete = ends[..<firstEnd(after: watermark)]
    if complete.isEmpty { return }
    ends.removeFirst(complete.count)
    for end in complete { give(upTo: end, as: end, step) }
  }

  /// Gives out all steps that are left, complete or not, at the end of everything.
  public mutating func finish(_ step: (_ candidates: [Candidate], _ watermark: Nanoseconds) -> Void) {
    for end in ends { give(upTo: end, as: end, step) }
    ends = []
    let last = lanes.reduce(taken) { $1.late.all.reduce($0) { max($0, $1.end) } }
    if lanes.contains(where: { !$0.late.all.isEmpty }) { give(upTo: .max, as: last, step) }
  }

  private mutating func give(
    upTo end: Nanoseconds, as watermark: Nanoseconds, _ step: ([Candidate], Nanoseconds) -> Void
  ) {
    var candidates: [Candidate] = []
    for lane in lanes.indices {
      lanes[lane].late.take(upTo: end, into: &candidates)
      lanes[lane].onTime.take(upTo: end, into: &candidates)
    }
    taken = max(taken, watermark)
    step(candidates, watermark)
  }
}
