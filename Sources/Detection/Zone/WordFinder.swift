// Which of many words stands in a text, in one pass over the text.

/// Finds lower-case words in any case. Words that share their first two letters share a bucket, so that nearly every
/// place of a text is left after one look at its two letters.
struct WordFinder: Sendable {
  private let words: [[UInt8]]
  /// For each bucket where its words begin in `members`; one more at the end.
  private let starts: [UInt16]
  private let members: [UInt16]

  /// - Parameter words: of two letters or more, lower case; at most 65,535.
  init(_ words: [[UInt8]]) {
    self.words = words
    var buckets = [[UInt16]](repeating: [], count: 1024)
    for (number, word) in words.enumerated() where word.count >= 2 {
      buckets[Self.bucket(word[0], word[1])].append(UInt16(number))
    }
    var starts: [UInt16] = [0]
    for bucket in buckets { starts.append((starts.last ?? 0) + UInt16(bucket.count)) }
    self.starts = starts
    members = buckets.flatMap { $0 }
  }

  /// The smallest number of a word that stands in `text`; the number of words where none does. O(length).
  func first(in text: [UInt8]) -> Int {
    var best = words.count
    let text = text.span
    let starts = starts.span
    guard text.count >= 2 else { return best }
    for i in 0..<(text.count - 1) {
      let bucket = Self.bucket(text[i], text[i + 1])
      let (from, to) = (starts[bucket], starts[bucket + 1])
      if from == to { continue }
      for place in from..<to {
        let number = Int(members[Int(place)])
        if number < best, Self.stands(words[number], in: text, at: i) { best = number }
      }
    }
    return best
  }

  /// Letters differ in case by a bit that isn't looked at; what else shares a bucket is told apart later.
  @inline(__always)
  private static func bucket(_ first: UInt8, _ second: UInt8) -> Int { Int(first & 31) << 5 | Int(second & 31) }

  private static func stands(_ word: [UInt8], in text: Span<UInt8>, at place: Int) -> Bool {
    guard word.count <= text.count - place else { return false }
    for k in 0..<word.count {
      let byte = text[place + k]
      if (byte &- 0x41 < 26 ? byte | 0x20 : byte) != word[k] { return false }
    }
    return true
  }
}
