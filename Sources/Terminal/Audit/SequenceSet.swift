// Which numbers of a sequence have been seen, in any order, in little memory.

/// A set of numbers that are mostly without gaps: a bit each, and whole blocks cost nothing.
struct SequenceSet: Sendable {
  private static let blockBits: UInt64 = 4096
  private static let blockWords = 64
  /// Blocks with a gap that are kept; a sequence more scattered than that is none.
  static let blockLimit = 65_536

  private var partial: [UInt64: [UInt64]] = [:]
  private var full: Set<UInt64> = []
  private(set) var count: UInt64 = 0
  private(set) var smallest: UInt64?
  private(set) var largest: UInt64?
  /// Numbers that found no room.
  private(set) var dropped: UInt64 = 0

  /// Whether it was not there before. O(1).
  mutating func insert(_ number: UInt64) -> Bool {
    let block = number / Self.blockBits
    if full.contains(block) { return false }
    let bit = Int(number % Self.blockBits)
    guard partial[block] != nil || partial.count < Self.blockLimit else {
      dropped &+= 1
      return true
    }
    let isNew = Self.set(bit, in: &partial[block, default: [UInt64](repeating: 0, count: Self.blockWords)])
    guard isNew else { return false }
    count &+= 1
    smallest = min(smallest ?? number, number)
    largest = max(largest ?? number, number)
    // Only the last bit to come can fill a block, and it is often the highest.
    if let words = partial[block], words[bit / 64] == .max, words.allSatisfy({ $0 == .max }) {
      partial[block] = nil
      full.insert(block)
    }
    return true
  }

  private static func set(_ bit: Int, in words: inout [UInt64]) -> Bool {
    let mask = UInt64(1) << UInt64(bit % 64)
    guard words[bit / 64] & mask == 0 else { return false }
    words[bit / 64] |= mask
    return true
  }

  /// What is missing between 0 and the largest, in order, at most `limit` ranges. O(blocks).
  func gaps(limit: Int) -> [ClosedRange<UInt64>] {
    guard let largest else { return [] }
    var found: [ClosedRange<UInt64>] = []
    var next: UInt64 = 0
    // Blocks that nothing is in are skipped at once: a hostile number may be very large.
    for block in (full.union(partial.keys)).sorted() {
      let start = block * Self.blockBits
      if start > next { Self.add(next...(start - 1), to: &found) }
      next = max(next, start)
      if full.contains(block) {
        next = start &+ Self.blockBits
      } else if let words = partial[block] {
        for bit in 0..<Self.blockBits {
          let number = start + bit
          if number > largest { break }
          if words[Int(bit / 64)] & (1 << (bit % 64)) == 0 { Self.add(number...number, to: &found) }
          next = number &+ 1
        }
      }
      if found.count > limit { break }
    }
    return Array(found.prefix(limit))
  }

  private static func add(_ range: ClosedRange<UInt64>, to found: inout [ClosedRange<UInt64>]) {
    if let last = found.last, last.upperBound &+ 1 == range.lowerBound {
      found[found.count - 1] = last.lowerBound...range.upperBound
    } else {
      found.append(range)
    }
  }
}
