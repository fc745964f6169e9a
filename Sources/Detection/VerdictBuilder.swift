// Adds the evidence of all fields and rules up into one verdict.

import Rollups

/// Collects the matches of one request, strongest first, and their combined score.
struct VerdictBuilder {
  private(set) var verdict = RequestVerdict()
  private var scores = InlineArray<8, UInt8>(repeating: 0)

  /// Adds a match of the rule at `index`. The same rule twice counts once, at its higher score.
  mutating func add(rule index: Int, score: Int, classes: AttackClasses) {
    guard score >= 20 else { return }
    verdict.classes.formUnion(classes)
    let wide = UInt16(truncatingIfNeeded: index)
    var position = Int(verdict.ruleCount)
    for i in 0..<Int(verdict.ruleCount) where verdict.rules[i] == wide {
      if Int(scores[i]) >= score { return }
      // Moves up below.
      var k = i
      while k &+ 1 < Int(verdict.ruleCount) {
        verdict.rules[k] = verdict.rules[k &+ 1]
        scores[k] = scores[k &+ 1]
        k &+= 1
      }
      verdict.ruleCount &-= 1
      position = Int(verdict.ruleCount)
      break
    }
    if position == 8 {
      guard Int(scores[7]) < score else { return }
      position = 7
    } else {
      verdict.ruleCount &+= 1
    }
    // Stable: equals keep the order they came in.
    while position > 0, Int(scores[position &- 1]) < score {
      scores[position] = scores[position &- 1]
      verdict.rules[position] = verdict.rules[position &- 1]
      position &-= 1
    }
    scores[position] = UInt8(truncatingIfNeeded: min(score, 100))
    verdict.rules[position] = wide
  }

  /// The verdict. The strongest match counts in full; each further one closes a third of its share of the gap to 100.
  consuming func finish() -> RequestVerdict {
    var total = 0
    for i in 0..<Int(verdict.ruleCount) {
      let score = Int(scores[i])
      total = i == 0 ? score : total + (100 - total) * score / 300
    }
    verdict.score = UInt8(truncatingIfNeeded: min(total, 100))
    return verdict
  }
}
