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

  /// Evidence that threatens whoever reads a header, wherever the header came from.
  private static func threatensReaders(_ index: Int) -> Bool {
    switch BuiltInRule(rawValue: UInt8(truncatingIfNeeded: index)) {
    case .expression, .functionImport, .phpCode, .serializedObject, .serverSideInclude, .headerSplitting: true
    default: false
    }
  }

  /// Leaves `percent` of each score, except of what threatens readers of headers; markup leaves `markup` percent.
  mutating func weaken(to percent: Int, markup: Int) {
    guard any else { return }
    for i in 0..<Self.capacity where scores[i] > 0 && !Self.threatensReaders(i) {
      let isMarkup = i == Int(BuiltInRule.markup.rawValue) || i == Int(BuiltInRule.script.rawValue)
      scores[i] = UInt8(truncatingIfNeeded: Int(scores[i]) * (isMarkup ? markup : percent) / 100)
    }
  }

  /// Leaves what concerns a document as a whole: its entities, and what reads it; of markup, what runs script.
  mutating func keepOfDocument() {
    guard any else { return }
    for i in 0..<Self.capacity where scores[i] > 0 && !Self.threatensReaders(i) {
      let rule = BuiltInRule(rawValue: UInt8(truncatingIfNeeded: i))
      if rule == .externalEntity || rule == .upload || rule == .markup && scores[i] >= 90 { continue }
      scores[i] = 0
    }
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
