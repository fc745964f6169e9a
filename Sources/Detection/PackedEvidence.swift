// What the detectors said of a field's value, in the form that is remembered.

/// Up to four pieces of evidence in a word, the strongest in the lowest bits: detector, then score, a byte each.
struct PackedEvidence: Equatable, Sendable {
  var word: UInt64 = 0

  /// The four strongest of `tally`; ties go to the lower detector.
  init(_ tally: borrowing EvidenceTally) {
    guard tally.any else { return }
    for slot in 0..<4 {
      var best = 0
      var score: UInt8 = 0
      for i in 0..<EvidenceTally.capacity where tally.scores[i] > score && !holds(i) {
        best = i
        score = tally.scores[i]
      }
      guard score >= 20 else { return }
      word |= (UInt64(best) | UInt64(score) << 8) << UInt64(slot * 16)
    }
  }
  init(word: UInt64) { self.word = word }

  private func holds(_ detector: Int) -> Bool {
    for slot in 0..<4 where score(slot) > 0 && self.detector(slot) == detector { return true }
    return false
  }
  @inline(__always) func detector(_ slot: Int) -> Int { Int(word >> UInt64(slot &* 16) & 0xff) }
  @inline(__always) func score(_ slot: Int) -> Int { Int(word >> UInt64(slot &* 16 &+ 8) & 0xff) }
}
