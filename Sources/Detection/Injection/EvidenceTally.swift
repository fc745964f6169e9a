// The evidence that the detectors find in one field.

import Rollups

/// The strongest score of each built-in detector over the values of one field.
///
/// Scores are how sure one piece of evidence is by itself: 50 is as likely an attack as not, 90 is syntax that
/// has no honest use, below 20 says nothing. `VerdictBuilder` adds them up.
struct EvidenceTally {
  static let capacity = 32
  var scores = InlineArray<32, UInt8>(repeating: 0)
  var any = false

  @inline(__always)
  mutating func add(_ rule: BuiltInRule, _ score: Int) {
    guard score > 0 else { return }
    let score = UInt8(truncatingIfNeeded: min(score, 100))
    any = true
    if scores[Int(rule.rawValue)] < score { scores[Int(rule.rawValue)] = score }
  }

  /// Adds what `other` found, each score at `percent` of its size.
  mutating func add(_ other: borrowing EvidenceTally, percent: Int) {
    guard other.any else { return }
    for i in 0..<Self.capacity where other.scores[i] > 0 {
      any = true
      scores[i] = max(scores[i], UInt8(truncatingIfNeeded: Int(other.scores[i]) * percent / 100))
    }
  }
}
