// `--diff-rules`, a batch at a time: the second judgement, and where it differs from the first. On any thread.

import CapnProto
import Detection
import Events
import Rollups

/// What two rule sets make of one batch.
struct BatchComparison {
  /// A request on which they differ.
  struct Difference {
    var event: Int
    var a: RequestVerdict
    var b: RequestVerdict
    /// Numbers of the union's rules that matched, ascending.
    var rulesA: [Int32]
    var rulesB: [Int32]
  }
  var requests: UInt64 = 0
  var attacksA: UInt64 = 0
  var attacksB: UInt64 = 0
  /// Matches of each rule of the union.
  var matchesA: [UInt64] = []
  var matchesB: [UInt64] = []
  var differences: [Difference] = []

  mutating func begin(rules: Int) {
    (requests, attacksA, attacksB) = (0, 0, 0)
    matchesA.removeAll(keepingCapacity: true)
    matchesB.removeAll(keepingCapacity: true)
    for _ in 0..<rules {
      matchesA.append(0)
      matchesB.append(0)
    }
    differences.removeAll(keepingCapacity: true)
  }
}

/// Judges by the second rule set. One a thread.
final class RuleComparer {
  private var scorer: RequestScorer
  private var verdicts: [RequestVerdict] = []
  private let union: RuleUnion
  private let threshold: UInt8

  init(_ scorer: consuming RequestScorer, _ union: RuleUnion, threshold: UInt8) {
    self.scorer = scorer
    (self.union, self.threshold) = (union, threshold)
  }

  /// - Parameter first: The scorer of A, which classified these events last, with `given` as its answer.
  func compare(
    _ events: borrowing HttpEventList, _ first: ScorerBox, _ given: [RequestVerdict],
    into comparison: inout BatchComparison
  ) {
    comparison.begin(rules: union.entries.count)
    scorer.classify(events, into: &verdicts)
    for i in 0..<min(events.count, given.count, verdicts.count) {
      let (a, b) = (given[i], verdicts[i])
      comparison.requests &+= 1
      if a.score >= threshold { comparison.attacksA &+= 1 }
      if b.score >= threshold { comparison.attacksB &+= 1 }
      // What cannot be read is matched by no rule.
      let rulesA = ((try? first.scorer.matchedRules(i, events[i])) ?? []).map { Int32($0) }
      let rulesB = ((try? scorer.matchedRules(i, events[i])) ?? []).map { union.ofB[Int($0)] }.sorted()
      for rule in rulesA { comparison.matchesA[Int(rule)] &+= 1 }
      for rule in rulesB { comparison.matchesB[Int(rule)] &+= 1 }
      if rulesA != rulesB || (a.score >= threshold) != (b.score >= threshold) {
        comparison.differences.append(BatchComparison.Difference(event: i, a: a, b: b, rulesA: rulesA, rulesB: rulesB))
      }
    }
  }
}
