// The steps of the campaign stage do not depend on how many zone stages made the candidates.

import Bytes
import Testing

@testable import Detection

@Suite struct CandidateSequenceTests {
  struct Step: Equatable {
    var candidates: [Candidate]
    var end: Nanoseconds
  }

  @Test(arguments: [UInt64](1...40))
  func zonesSplitOverPartitionsGiveTheStepsOfOne(seed: UInt64) {
    var dice = Dice(seed)
    let length = 10 * nanosecondsPerSecond
    let partitions = 1 + dice.roll(5)
    // One window of one zone: what it gave and when it is due. In the order in which one stage would judge them.
    var windows: [(zone: Int, end: Nanoseconds, isLate: Bool, candidates: [Candidate])] = []
    var end = scriptStart / length * length
    for _ in 0..<60 {
      end += length * Nanoseconds(1 + dice.roll(3))
      for isLate in [true, false] {
        for zone in 0..<7 where dice.roll(3) == 0 {
          var candidates = (0..<dice.roll(3)).map { _ in dice.candidate(end: isLate ? end - 3 * length : end) }
          for i in candidates.indices { candidates[i].zone = [UInt8(zone)] }
          windows.append((zone, end, isLate, candidates))
        }
      }
    }
    var one = CandidateSequence(partitions: 1)
    var whole: [Step] = []
    for (i, window) in windows.enumerated() {
      one.add(window.candidates, end: window.end, isLate: window.isLate, partition: 0)
      if i + 1 == windows.count || windows[i + 1].end != window.end {
        one.advance(partition: 0, to: window.end)
        one.drain { whole.append(Step(candidates: $0, end: $1)) }
      }
    }
    one.finish { whole.append(Step(candidates: $0, end: $1)) }

    // Each partition goes at its own pace.
    var several = CandidateSequence(partitions: partitions)
    var merged: [Step] = []
    var lanes = (0..<partitions).map { p in windows.filter { $0.zone % partitions == p } }
    while lanes.contains(where: { !$0.isEmpty }) {
      let p = dice.roll(partitions)
      guard let window = lanes[p].first else {
        several.advance(partition: p, to: .max)
        continue
      }
      lanes[p].removeFirst()
      several.add(window.candidates, end: window.end, isLate: window.isLate, partition: p)
      if lanes[p].first.map({ $0.end != window.end }) ?? true { several.advance(partition: p, to: window.end) }
      if dice.roll(2) == 0 { several.drain { merged.append(Step(candidates: $0, end: $1)) } }
    }
    for p in 0..<partitions { several.advance(partition: p, to: .max) }
    several.drain { merged.append(Step(candidates: $0, end: $1)) }
    several.finish { merged.append(Step(candidates: $0, end: $1)) }

    func inOrder(_ steps: [Step]) -> [Step] {
      steps.map { Step(candidates: $0.candidates.sorted(by: Candidate.precedes), end: $0.end) }
    }
    #expect(inOrder(whole) == inOrder(merged), "seed \(seed)")
    #expect(merged.map(\.end) == merged.map(\.end).sorted())
  }

  /// As when the last partition speaks after a long backlog of the others: once quadratic, which held a line up for good.
  @Test func aHundredThousandStepsAtOnceAreTheStepsOneByOne() {
    var dice = Dice(2)
    let found = dice.candidate(end: 10)
    func steps(atOnce: Bool) -> [Nanoseconds] {
      var sequence = CandidateSequence(partitions: 2)
      var ends: [Nanoseconds] = []
      for i in 1...100_000 as ClosedRange<Nanoseconds> {
        sequence.add(i % 100 == 0 ? [found] : [], end: i * 10, isLate: false, partition: 1)
        if i % 50 == 0 { sequence.add([found], end: i * 10, isLate: true, partition: 1) }
        if i % 70 == 0 { sequence.add([], end: i * 10 + 5, isLate: false, partition: 0) }
        sequence.advance(partition: 1, to: i * 10)
        if !atOnce {
          sequence.advance(partition: 0, to: i * 10)
          sequence.drain { ends += [Nanoseconds]($0.map { _ in -1 }) + [$1] }
        }
      }
      sequence.advance(partition: 0, to: .max)
      sequence.advance(partition: 1, to: .max)
      sequence.drain { ends += [Nanoseconds]($0.map { _ in -1 }) + [$1] }
      #expect(sequence.waiting == 0 && sequence.firstOffset == nil)
      return ends
    }
    #expect(steps(atOnce: true) == steps(atOnce: false))
  }

  @Test func whatComesLateJoinsTheStepItIsDueWith() {
    var dice = Dice(1)
    var sequence = CandidateSequence(partitions: 2)
    let late = dice.candidate(end: 10)
    sequence.add([late], end: 20, isLate: true, partition: 1)
    sequence.add([], end: 10, isLate: false, partition: 0)
    sequence.add([], end: 30, isLate: false, partition: 0)
    var steps: [(Int, Nanoseconds)] = []
    sequence.advance(partition: 0, to: 30)
    sequence.drain { steps.append(($0.count, $1)) }
    #expect(steps.isEmpty)
    sequence.advance(partition: 1, to: 30)
    sequence.drain { steps.append(($0.count, $1)) }
    #expect(steps.map(\.0) == [0, 1] && steps.map(\.1) == [10, 30])
    #expect(sequence.waiting == 0)
  }
}
