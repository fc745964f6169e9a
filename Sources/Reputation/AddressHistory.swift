// What the line itself has seen of an address: in how many attacks it was, when, and what that says against it.

import Bytes

/// Attacks with an address of a network among their told sources.
public struct AddressHistory: Sendable, Equatable {
  public struct Seen: Sendable, Equatable {
    public var start: Nanoseconds
    /// Rounded down by `AddressHistory.rounded`, as `AddressHistory.last` is.
    public var end: Nanoseconds
    public init(start: Nanoseconds, end: Nanoseconds) { (self.start, self.end) = (start, end) }
  }
  /// At least 1.
  public var attacks: UInt32
  /// The latest end of any of them.
  public var last: Nanoseconds
  /// Those that started last, the latest first; at most `mostRecent`.
  public var recent: [Seen]

  public static let mostRecent = 8
  /// In which a score halves.
  public static let halfLife: Nanoseconds = 30 * 86_400 * nanosecondsPerSecond

  public init(attacks: UInt32, last: Nanoseconds, recent: [Seen]) {
    (self.attacks, self.last, self.recent) = (attacks, last, recent)
  }

  /// - Parameter seen: Every attack, in any order. nil where there is none.
  public init?(_ seen: [Seen]) {
    guard let last = seen.map(\.end).max() else { return nil }
    let sorted = seen.sorted { ($0.start, $0.end) > ($1.start, $1.end) }
    self.init(attacks: UInt32(clamping: seen.count), last: last, recent: Array(sorted.prefix(Self.mostRecent)))
  }

  /// Ten minutes: an attack that goes on does not change what is known every second.
  public static func rounded(_ time: Nanoseconds) -> Nanoseconds {
    let step = 600 * nanosecondsPerSecond
    let rest = time % step
    return time &- (rest < 0 ? min(rest &+ step, time &- .min) : rest)
  }

  // MARK: Score

  /// What so many attacks say against an address on the day of the last of them: `100 - 100 * (3/4)^attacks`, rounded. One
  /// is 25, two 44, four 68, eight 90.
  public static func score(attacks: UInt32) -> UInt8 {
    var left: Int64 = 100_000
    for _ in 0..<min(attacks, 64) { left = left * 3 / 4 }
    return UInt8((100_000 - left + 500) / 1_000)
  }

  /// What is left of a score after a time: half after each `halfLife`, and in between on a straight line. Rounded.
  public static func score(_ score: UInt8, after time: Nanoseconds) -> UInt8 {
    let time = max(0, time)
    let halvings = time / halfLife
    guard halvings < 8 else { return 0 }
    let whole = Int64(min(score, 100)) * 1_000 >> halvings
    let seconds = (time % halfLife) / nanosecondsPerSecond
    let left = whole - whole * seconds / (2 * (halfLife / nanosecondsPerSecond))
    return UInt8((left + 500) / 1_000)
  }

  // MARK: Before an attack

  /// How many of the attacks began before one that began at `start`, and when the last of them ended; nil where none did.
  ///
  /// That attack itself is never among them, told already or not, for it did not begin before itself. Where more than
  /// `mostRecent` began since, the number is too large by those that are not in `recent`.
  public func before(_ start: Nanoseconds) -> (attacks: UInt32, last: Nanoseconds)? {
    let later = recent.count { $0.start >= start }
    if later == 0 { return (attacks, last) }
    guard later == recent.count else {
      let end = recent.dropFirst(later).map(\.end).max() ?? last
      let rest = attacks &- min(attacks, UInt32(later))
      // Older ones than are listed may have ended later; never after the last of all.
      return rest == 0 ? nil : (rest, Int(attacks) > recent.count ? max(end, min(last, start)) : end)
    }
    // It may be one of those that are not listed.
    let rest = Int64(attacks) - Int64(later) - 1
    return rest > 0 ? (UInt32(rest), min(last, start)) : nil
  }
}
