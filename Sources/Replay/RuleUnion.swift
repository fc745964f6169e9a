// The rules of two sets, each id once.

import Detection

/// Numbers for the rules of A and B together: those of A as they stand, then those that only B has.
struct RuleUnion: Sendable {
  struct Entry: Sendable {
    var id: String
    var title: String
    var isInA: Bool
    var isInB: Bool
  }
  private(set) var entries: [Entry] = []
  /// Number of each rule of B, by its index there.
  private(set) var ofB: [Int32] = []

  init(_ a: [RuleInfo], _ b: [RuleInfo]) {
    var numbers: [UInt64: Int] = [:]
    for rule in a {
      numbers[rule.hash] = entries.count
      entries.append(Entry(id: rule.id, title: rule.title, isInA: true, isInB: false))
    }
    for rule in b {
      if let number = numbers[rule.hash] {
        entries[number].isInB = true
        entries[number].title = rule.title
        ofB.append(Int32(number))
      } else {
        ofB.append(Int32(entries.count))
        entries.append(Entry(id: rule.id, title: rule.title, isInA: false, isInB: true))
      }
    }
  }
}
