// Attacks as the topic tells them one after another: the last word on each, and how its rate went.

import Bytes
import Detection

/// What is known of one attack.
struct KnownAttack: Sendable, Equatable {
  /// As it was told last.
  var attack: Attack
  /// Requests a second between one telling and the next, oldest first; at most `AttackBook.historyLimit`.
  var rates: [Double] = []
  /// States in the order in which they were told, with their time; repeated ones are not in it.
  var timeline: [Moment] = []
  /// Number of the telling: larger is newer.
  var told: UInt64 = 0

  struct Moment: Sendable, Equatable {
    var state: AttackState
    var time: Nanoseconds
    var requests: UInt64
  }
}

/// Pure: the same tellings give the same book.
struct AttackBook: Sendable {
  static let historyLimit = 64
  static let momentLimit = 64

  private(set) var known: [String: KnownAttack] = [:]
  /// Attacks kept at most; those that ended go first, the longest ended before others.
  let limit: Int
  private(set) var forgotten: UInt64 = 0
  private(set) var damaged: UInt64 = 0
  private(set) var isClosed = false
  /// The campaign stage had taken the windows that end by it.
  private(set) var watermark: Nanoseconds = .min
  private var count: UInt64 = 0

  init(limit: Int = .max) { self.limit = max(1, limit) }

  mutating func take(_ news: AttackNews) {
    switch news {
    case .closed: isClosed = true
    case .damaged: damaged &+= 1
    case .attack(let attack, let watermark):
      // A line that was closed can go on: on the same topics nothing else would tell so.
      isClosed = false
      self.watermark = max(self.watermark, watermark)
      take(attack)
    }
  }

  private mutating func take(_ attack: Attack) {
    guard !attack.isWithdrawn else {
      known[attack.id] = nil
      return
    }
    count &+= 1
    let before = known[attack.id]
    var now = before ?? KnownAttack(attack: attack)
    now.rates.append(Self.rate(from: before?.attack, to: attack))
    if now.rates.count > Self.historyLimit { now.rates.removeFirst(now.rates.count - Self.historyLimit) }
    let time = attack.state == .started ? attack.start : attack.end
    if now.timeline.last?.state != attack.state {
      now.timeline.append(.init(state: attack.state, time: time, requests: attack.requests))
      if now.timeline.count > Self.momentLimit { now.timeline.remove(at: 1) }
    }
    now.attack = attack
    now.told = count
    known[attack.id] = now
    if known.count > limit { forget() }
  }

  /// What it did since it was last told; at first since it began.
  private static func rate(from before: Attack?, to now: Attack) -> Double {
    let since = before?.end ?? now.start
    let (length, overflow) = now.end.subtractingReportingOverflow(since)
    let requests = now.requests >= before?.requests ?? 0 ? now.requests - (before?.requests ?? 0) : 0
    guard !overflow, length > 0 else { return before == nil ? now.peakRate : 0 }
    // A window is the shortest time that is looked at.
    return min(Double(requests) / (Double(max(length, nanosecondsPerSecond)) / 1e9), max(now.peakRate, 0))
  }

  /// Lets go of a tenth, so that it need not be done again soon.
  private mutating func forget() {
    let order = known.values.sorted { a, b in
      let (overA, overB) = (a.attack.state == .ended, b.attack.state == .ended)
      return overA != overB ? overA : a.told < b.told
    }
    let surplus = known.count - limit + limit / 10
    for old in order.prefix(surplus) { known[old.attack.id] = nil }
    forgotten &+= UInt64(surplus)
  }

  /// The last state of each attack, in no order.
  var attacks: [Attack] { known.values.map(\.attack) }
}
