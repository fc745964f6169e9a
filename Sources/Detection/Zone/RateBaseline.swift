// What a zone's rate of requests usually is, and how far a window departs from it.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

/// A learned rate with a robust deviation.
///
/// The level is an exponentially weighted mean whose half-life is `halfLife`, so that it follows the day's curve; the
/// deviation is the same mean of absolute differences (1.25 of it estimates sigma where rates are normal), never
/// below what Poisson arrivals would show. For each hour of the day the largest level of earlier days is kept, so that a
/// job that runs every night is known on the second night. What rises too slowly to depart from that level is summed
/// up against a second one that takes hours to follow (CUSUM, Page 1954). Windows of an attack are not learned, until they have lasted
/// for `acceptAfter`: then they are the new normal.
public struct RateBaseline: Sendable {
  public static let halfLife: Nanoseconds = 900 * nanosecondsPerSecond
  /// No judgement before this much history; before `settled` a stricter one.
  public static let coldStart: Nanoseconds = 120 * nanosecondsPerSecond
  public static let settled: Nanoseconds = 900 * nanosecondsPerSecond
  public static let slowHalfLife: Nanoseconds = 6 * 3_600 * nanosecondsPerSecond
  /// A zone has known so much of its day before a slow rise is told from the morning.
  public static let slowStart: Nanoseconds = 3 * 3_600 * nanosecondsPerSecond
  static let driftRatio = 3.0
  static let driftLimit = 600.0
  public static let acceptAfter: Nanoseconds = 12 * 3_600 * nanosecondsPerSecond

  /// Requests a second.
  public internal(set) var level = 0.0
  public internal(set) var deviation = 0.0
  /// Time that was learned from.
  public internal(set) var learned: Nanoseconds = 0
  var last: Nanoseconds = .min
  var weight = 0.0
  /// Largest rate a window of this hour of the day had on earlier days, halved each week.
  var hourPeaks = [Double](repeating: 0, count: 24)
  var hourPeak = 0.0
  var hour = -1
  /// A level that takes hours to follow, and its weight.
  var slowLevel = 0.0
  var slowWeight = 0.0
  /// Cumulative sum of what goes beyond `driftRatio` times the slow level, in seconds' worth of that level.
  public internal(set) var drift = 0.0
  /// When it was 0 last.
  var driftSince: Nanoseconds = .min
  var departedFor: Nanoseconds = 0

  public init() {}

  /// How a window compares with what was learned before it.
  public struct Departure: Sendable, Equatable {
    /// Requests a second in the window, expected, and the threshold that was used.
    public var rate: Double
    public var expected: Double
    public var threshold: Double
    public var learned: Nanoseconds
    /// Over the threshold.
    public var isExcess: Bool
    /// Far more than this zone is used to, though less than what counts as a flood everywhere: a flood where what was
    /// added shows by itself that it is one.
    public var isSwell: Bool
    /// Nothing can be said yet.
    public var isLearning: Bool
    /// Where it came about slowly: since when.
    public var since: Nanoseconds?
  }

  /// Judges a window without learning from it. O(1).
  public func judge(requests: UInt64, start: Nanoseconds, length: Nanoseconds, settings: BehaviourSettings) -> Departure
  {
    let seconds = max(Double(length) / 1e9, 1e-3)
    let rate = Double(requests) / seconds
    let expected = weight > 0 ? level / weight : 0
    let spread = max(1.25 * (weight > 0 ? deviation / weight : 0), (max(expected, 1 / seconds) / seconds).squareRoot())
    let strictness = learned < Self.settled ? 2.0 : 1.0
    var threshold = max(
      settings.floodRate * strictness, expected * settings.floodRatio * strictness,
      expected + settings.floodDeviations * spread * strictness)
    let hourOfDay = Self.hour(of: start)
    threshold = max(threshold, hourPeaks[hourOfDay] * 1.5)
    let learning = learned < Self.coldStart
    let swell = max(
      settings.swellRate, expected * settings.swellRatio, expected + settings.floodDeviations * spread,
      hourPeaks[hourOfDay] * 1.5)
    let isExcess = !learning && rate > threshold
    if learned >= Self.slowStart, !isExcess, drift > Self.driftLimit {
      let slow = slowWeight > 0 ? slowLevel / slowWeight : 0
      let ramp = max(settings.swellRate, slow * settings.floodRatio, hourPeaks[hourOfDay] * 1.5)
      if rate > ramp {
        return Departure(
          rate: rate, expected: slow, threshold: ramp, learned: learned, isExcess: false, isSwell: true,
          isLearning: false, since: driftSince)
      }
    }
    let isSwell = learned >= Self.settled && rate > swell
    return Departure(
      rate: rate, expected: expected, threshold: isSwell && !isExcess ? swell : threshold, learned: learned,
      isExcess: isExcess, isSwell: isSwell, isLearning: learning)
  }

  /// Takes in a window. `isAttack`: the rate is not learned. Windows without any request need not be told: the gap
  /// is learned as silence, up to an hour of it.
  public mutating func learn(requests: UInt64, start: Nanoseconds, length: Nanoseconds, isAttack: Bool) {
    let length = max(length, 1)
    let rate = Double(requests) / (Double(length) / 1e9)
    if last != .min, start > last {
      let silent = min(start &- last, 3_600 * nanosecondsPerSecond)
      forget(silent)
      weight += 1 - halved(over: silent, halfLife: Self.halfLife)
      slowWeight += 1 - halved(over: silent, halfLife: Self.slowHalfLife)
      learned &+= silent
    }
    let end = start.addingReportingOverflow(length)
    last = max(last, end.overflow ? .max : end.partialValue)
    // Of an attack as well: it goes on for as long as the rate does.
    let slow = slowWeight > 0 ? slowLevel / slowWeight : rate
    if drift <= 0 { driftSince = start }
    drift = min(max(0, drift + (rate / max(slow, 0.05) - Self.driftRatio) * Double(length) / 1e9), 2 * Self.driftLimit)
    if isAttack {
      departedFor &+= length
      if departedFor < Self.acceptAfter { return }
    } else {
      departedFor = 0
    }
    let gain = 1 - halved(over: length, halfLife: Self.halfLife)
    let expected = weight > 0 ? level / weight : rate
    forget(length)
    weight += gain
    level += gain * rate
    let slowGain = 1 - halved(over: length, halfLife: Self.slowHalfLife)
    slowWeight += slowGain
    slowLevel += slowGain * rate
    deviation += gain * abs(rate - expected)
    learned &+= length
    let hourOfDay = Self.hour(of: start)
    if hourOfDay != hour {
      if hour >= 0 { hourPeaks[hour] = max(hourPeaks[hour] * 0.906, hourPeak) }
      (hour, hourPeak) = (hourOfDay, 0)
    }
    hourPeak = max(hourPeak, rate)
  }

  private mutating func forget(_ elapsed: Nanoseconds) {
    let kept = halved(over: elapsed, halfLife: Self.halfLife)
    let slowlyKept = halved(over: elapsed, halfLife: Self.slowHalfLife)
    slowLevel *= slowlyKept
    slowWeight *= slowlyKept
    level *= kept
    deviation *= kept
    weight *= kept
  }

  private static func hour(of time: Nanoseconds) -> Int {
    Int(((CivilTime.floorDivide(time, 3_600 * nanosecondsPerSecond)) % 24 + 24) % 24)
  }
}
