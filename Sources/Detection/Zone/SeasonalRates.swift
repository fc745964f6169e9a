// What a zone's rate usually is at this hour of the week.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

/// What a usual rate was learned from, as a small number that travels with a candidate's facts.
public struct BaselineBasis: RawRepresentable, Sendable, Hashable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The last quarter of an hour, or hours.
  public static let recent = BaselineBasis(rawValue: 0)
  /// Earlier weeks, at this hour of the week: 0 is Monday from 00:00 to 01:00 UTC.
  static func hourOfWeek(_ hour: Int) -> Self { Self(rawValue: UInt16(25 + min(max(hour, 0), 167))) }
  /// Earlier days, at this hour of the day.
  static func hourOfDay(_ hour: Int) -> Self { Self(rawValue: UInt16(1 + min(max(hour, 0), 23))) }
  /// What a single network sent in earlier hours.
  static let network = BaselineBasis(rawValue: 193)

  /// In words, to stand after a rate; empty where there is no more to say.
  var words: String {
    func time(_ hour: Int) -> String { "\(hour < 10 ? "0" : "")\(hour):00 UTC" }
    switch Int(rawValue) {
    case 1...24: return " at \(time(Int(rawValue) - 1)), by the days before"
    case 25...192:
      let hour = Int(rawValue) - 25
      let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
      return " on a \(days[hour / 24]) at \(time(hour % 24))"
    default: return ""
    }
  }
}

/// The mean rate of each hour of the last three weeks, 168 hours a week, and the largest rate that a window had.
///
/// An hour of the week is judged by the median of its last three weeks (of two, by the smaller), so that no single odd
/// day sets it; before two weeks are known, an hour of the day by the median of the days that are, three at least.
/// Windows of an attack are left out, and an hour of which too little remains is as if it had not been. How busy the last
/// hours were against what is usual for them, `trend`, carries a holiday or a launch that stays over to the next hour.
///
/// 1.3 KB, allocated with the first hour in which a zone is busy enough for a threshold to depend on it. All times UTC.
struct SeasonalRates: Sendable {
  static let hour: Nanoseconds = 3_600 * nanosecondsPerSecond
  static let hours = 168
  static let weeks = 3
  /// Of an hour, at least so much was seen in peace.
  static let leastSeen: Nanoseconds = 900 * nanosecondsPerSecond
  /// Requests a second below which no threshold depends on what is usual.
  static let leastRate = 0.2
  static let trendHalfLife: Nanoseconds = 6 * hour

  /// The newest first, three an hour; empty where there is no table.
  private(set) var means: [RateCode] = []
  /// Halved each week.
  private(set) var peaks: [RateCode] = []
  /// The hour at hand, in hours since the epoch, what came in it, how much of it was seen, its largest window.
  private(set) var current: Int64 = .min
  private(set) var requests: UInt64 = 0
  private(set) var seen: Nanoseconds = 0
  private(set) var peak = 0.0
  /// All until then is counted.
  private(set) var until: Nanoseconds = .min
  /// Sums over the last hours of what came, and of what was usual.
  private(set) var trendSum = 0.0
  private(set) var trendUsual = 0.0
  /// Since it was saved.
  var hasChanged = false
  /// Between which hours' middles the last question was, and what is usual at them.
  private var asked: (hour: Int64, from: Double?, to: Double?)?

  init() {}

  var isEmpty: Bool { means.isEmpty }

  /// How the last hours compare with what is usual: from a quarter to four times.
  var trend: Double { trendUsual > 0 ? min(max(trendSum / trendUsual, 0.25), 4) : 1 }

  /// Requests a second that are usual at a time, between the middles of two hours in proportion, and since when; nil where
  /// that is not known. O(1).
  mutating func usual(at time: Nanoseconds) -> (rate: Double, basis: BaselineBasis)? {
    if means.isEmpty { return nil }
    let half = Self.hour / 2
    let place = CivilTime.floorDivide(time &- half, Self.hour)
    if asked?.hour != place {
      asked = (place, level(Self.slot(of: place))?.rate, level(Self.slot(of: place &+ 1))?.rate)
    }
    let slot = Self.slot(of: CivilTime.floorDivide(time, Self.hour))
    guard let asked, let here = level(slot) else { return nil }
    guard let from = asked.from, let to = asked.to else { return here }
    let part = Double(time &- half &- place &* Self.hour) / Double(Self.hour)
    return (from + (to - from) * min(max(part, 0), 1), here.basis)
  }

  /// The largest rate that a window of this hour of the week had in the weeks before; nil before two are known.
  func usualPeak(at time: Nanoseconds) -> Double? {
    if means.isEmpty { return nil }
    let slot = Self.slot(of: CivilTime.floorDivide(time, Self.hour))
    return means[slot * Self.weeks + 1].isKnown ? peaks[slot].rate : nil
  }

  /// What is usual in an hour of the week.
  private func level(_ slot: Int) -> (rate: Double, basis: BaselineBasis)? {
    let (a, b, c) = (means[slot * 3], means[slot * 3 + 1], means[slot * 3 + 2])
    if b.isKnown {
      let median = c.isKnown ? max(min(a, b), min(max(a, b), c)) : min(a, b)
      return (median.rate, .hourOfWeek(slot))
    }
    var days = InlineArray<7, RateCode>(repeating: RateCode())
    var count = 0
    for day in 0..<7 {
      let mean = means[(day * 24 + slot % 24) * Self.weeks]
      guard mean.isKnown else { continue }
      var i = count
      while i > 0, days[i - 1] > mean {
        days[i] = days[i - 1]
        i -= 1
      }
      days[i] = mean
      count += 1
    }
    return count < 3 ? nil : (days[(count - 1) / 2].rate, .hourOfDay(slot % 24))
  }

  /// Takes in a window. Windows come in order of time; silence between two is counted where it is no longer than an hour.
  mutating func learn(requests count: UInt64, start: Nanoseconds, length: Nanoseconds, isAttack: Bool) {
    let silent = start.subtractingReportingOverflow(until)
    if until != .min, !silent.overflow, silent.partialValue <= Self.hour { pass(from: until, to: start, isSeen: true) }
    let place = CivilTime.floorDivide(start, Self.hour)
    if place != current { begin(place) }
    let end = start.addingReportingOverflow(length)
    pass(from: start, to: end.overflow ? .max : min(end.partialValue, start &+ Self.hour), isSeen: !isAttack)
    if isAttack { return }
    requests = saturating(requests, count)
    peak = max(peak, Double(count) * 1e9 / Double(max(length, 1)))
  }

  private mutating func pass(from: Nanoseconds, to: Nanoseconds, isSeen: Bool) {
    var from = from
    while from < to {
      let place = CivilTime.floorDivide(from, Self.hour)
      if place != current { begin(place) }
      let edge = place &* Self.hour &+ Self.hour
      let next = edge > from ? min(to, edge) : to
      if isSeen { seen = min(seen &+ (next &- from), Self.hour) }
      from = next
    }
    until = max(until, to)
  }

  /// The hour at hand is over.
  private mutating func begin(_ place: Int64) {
    defer { (current, requests, seen, peak) = (place, 0, 0, 0) }
    guard current != .min, seen >= Self.leastSeen else { return }
    let mean = Double(requests) * 1e9 / Double(seen)
    if means.isEmpty {
      guard mean >= Self.leastRate else { return }
      means = [RateCode](repeating: RateCode(), count: Self.hours * Self.weeks)
      peaks = [RateCode](repeating: RateCode(), count: Self.hours)
    }
    let slot = Self.slot(of: current)
    let kept = halved(over: min(max(place &- current, 1), 1_000) &* Self.hour, halfLife: Self.trendHalfLife)
    trendSum *= kept
    trendUsual *= kept
    if let usual = level(slot)?.rate, usual > 0 {
      trendSum += min(max(mean, usual / 4), usual * 4)
      trendUsual += usual
    }
    means[slot * 3 + 2] = means[slot * 3 + 1]
    means[slot * 3 + 1] = means[slot * 3]
    means[slot * 3] = RateCode(mean)
    peaks[slot] = RateCode(max(peaks[slot].rate / 2, peak))
    hasChanged = true
    asked = nil
  }

  /// The epoch was a Thursday.
  private static func slot(of hour: Int64) -> Int { Int(((hour % 168 &+ 72) % 168 + 168) % 168) }

  func write(to state: inout StateWriter) {
    state.flag(!means.isEmpty)
    for code in means { state.half(code.rawValue) }
    for code in peaks { state.half(code.rawValue) }
  }

  /// The hour at hand, which changes with every window.
  func writeCurrent(to state: inout StateWriter) {
    state.signed(current)
    state.number(requests)
    state.signed(seen)
    state.number(peak)
    state.signed(until)
    state.number(trendSum)
    state.number(trendUsual)
  }

  init(current state: inout StateReader) throws(StateError) {
    current = try state.signed()
    requests = try state.number()
    seen = try state.signed()
    guard (0...Self.hour).contains(seen) else { throw .invalid("\(seen) ns of an hour", at: state.position) }
    peak = try state.double()
    until = try state.signed()
    trendSum = try state.double()
    trendUsual = try state.double()
  }

  mutating func readTable(_ state: inout StateReader) throws(StateError) {
    guard try state.flag() else { return }
    for _ in 0..<(Self.hours * Self.weeks) { means.append(RateCode(rawValue: try state.half())) }
    for _ in 0..<Self.hours { peaks.append(RateCode(rawValue: try state.half())) }
  }
}

/// A rate in 16 bits, exact to a thousandth: its logarithm, from 2^-16 to 2^47 requests a second. 0 is unknown.
struct RateCode: Sendable, Comparable {
  let rawValue: UInt16
  private static let steps = 1_024.0
  init() { rawValue = 0 }
  init(rawValue: UInt16) { self.rawValue = rawValue }

  init(_ rate: Double) {
    let place = rate > 0 ? (log2(rate) + 16) * Self.steps : 0
    rawValue = UInt16(min(max(place.isFinite ? place.rounded() : 64_000, 0), 64_000)) + 1
  }

  var isKnown: Bool { rawValue > 0 }
  var rate: Double { rawValue <= 1 ? 0 : exp2(Double(rawValue - 1) / Self.steps - 16) }
  static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
