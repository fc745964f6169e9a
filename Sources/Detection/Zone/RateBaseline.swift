// What a zone's rate of requests usually is, and how far a window departs from it.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

/// A learned rate with a robust deviation.
///
/// The level is an exponentially weighted mean whose half-life is `halfLife`, so that it follows the day's curve; the
/// deviation is the same mean of absolute differences (1.25 of it estimates sigma where rates are normal), never
/// below what Poisson arrivals would show. Where earlier days or weeks are known, `season` tells what is usual at this hour,
/// and the higher of the two is what is expected: Monday's rise at nine is no flood, and the same rate on a Sunday night
/// may be one. For each hour of the day the largest rate of earlier days is kept, so that a job that runs every night is
/// known on the second night. What rises too slowly to depart from the level is summed up against what is usual at the
/// hour, or, before that is known, against a second level that takes hours to follow (CUSUM, Page 1954). Windows of an
/// attack are not learned, until they have lasted for `acceptAfter`: then they are the new normal.
public struct RateBaseline: Sendable {
  public static let halfLife: Nanoseconds = 900 * nanosecondsPerSecond
  /// No judgement before this much history; before `settled` a stricter one.
  public static let coldStart: Nanoseconds = 120 * nanosecondsPerSecond
  public static let settled: Nanoseconds = 900 * nanosecondsPerSecond
  public static let slowHalfLife: Nanoseconds = 6 * 3_600 * nanosecondsPerSecond
  /// A zone has known so much of its day before a slow rise is told from the morning.
  public static let slowStart: Nanoseconds = 3 * 3_600 * nanosecondsPerSecond
  static let driftRatio = 3.0
  /// The same against what is usual at the hour.
  static let seasonalDriftRatio = 2.0
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
  /// What is usual at an hour of the week.
  var season = SeasonalRates()

  public init() {}

  /// How a window compares with what was learned before it.
  public struct Departure: Sendable, Equatable {
    /// Requests a second in the window, expected, and the threshold that was used.
    public var rate: Double
    public var expected: Double
    public var threshold: Double
    public var learned: Nanoseconds
    /// How far windows usually are from it.
    public var spread: Double
    /// Where `expected` is from.
    public var basis = BaselineBasis.recent
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

  /// Whether the rate has been rising for a while: who comes now may be what makes it rise, and is not learned as usual.
  var isRising: Bool { drift > Self.driftLimit / 4 }

  /// Judges a window without learning from it. O(1).
  public mutating func judge(
    requests: UInt64, start: Nanoseconds, length: Nanoseconds, settings: BehaviourSettings
  ) -> Departure {
    let seconds = max(Double(length) / 1e9, 1e-3)
    let rate = Double(requests) / seconds
    let recent = weight > 0 ? level / weight : 0
    let seasonal = season.usual(at: start)
    let usual = seasonal.map { $0.rate * season.trend } ?? 0
    let expected = max(recent, usual)
    // Where the last minutes were much busier than the hour usually is, they are the measure.
    let basis = recent <= 1.25 * usual ? seasonal?.basis ?? .recent : .recent
    let spread = max(1.25 * (weight > 0 ? deviation / weight : 0), (max(expected, 1 / seconds) / seconds).squareRoot())
    let strictness = learned < Self.settled ? 2.0 : 1.0
    let peak = usualPeak(at: start) * 1.5
    let threshold = max(
      settings.floodRate * strictness, expected * settings.floodRatio * strictness,
      expected + settings.floodDeviations * spread * strictness, peak)
    let learning = learned < Self.coldStart
    let swell = max(
      settings.swellRate, expected * settings.swellRatio, expected + settings.floodDeviations * spread, peak)
    let isExcess = !learning && rate > threshold
    if learned >= Self.slowStart, !isExcess, drift > Self.driftLimit {
      let slow = slowlyExpected(seasonal)
      let ramp = max(
        settings.swellRate, slow.rate * (slow.isSeasonal ? settings.floodRatio * 0.75 : settings.floodRatio), peak)
      if rate > ramp {
        return Departure(
          rate: rate, expected: slow.rate, threshold: ramp, learned: learned, spread: spread,
          basis: slow.isSeasonal ? seasonal?.basis ?? .recent : .recent, isExcess: false, isSwell: true,
          isLearning: false, since: driftSince)
      }
    }
    let isSwell = learned >= Self.settled && rate > swell
    return Departure(
      rate: rate, expected: expected, threshold: isSwell && !isExcess ? swell : threshold, learned: learned,
      spread: spread, basis: basis, isExcess: isExcess, isSwell: isSwell, isLearning: learning)
  }

  /// What a slow rise is measured against: the last hours must not have much say in it, or the rise would excuse itself.
  private func slowlyExpected(
    _ seasonal: (rate: Double, basis: BaselineBasis)?
  ) -> (rate: Double, isSeasonal: Bool) {
    if let seasonal { return (seasonal.rate * min(max(season.trend, 1), 2), true) }
    return (slowWeight > 0 ? slowLevel / slowWeight : 0, false)
  }

  /// The largest rate that a window of this hour had before. What is known of the same hour of other days counts by half
  /// once this one's weeks are known.
  private func usualPeak(at time: Nanoseconds) -> Double {
    let ofDay = hourPeaks[Self.hour(of: time)]
    return season.usualPeak(at: time).map { max($0, ofDay / 2) } ?? ofDay
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
    let seasonal = season.usual(at: start)
    let slow = seasonal == nil && slowWeight <= 0 ? rate : slowlyExpected(seasonal).rate
    let ratio = seasonal == nil ? Self.driftRatio : Self.seasonalDriftRatio
    if drift <= 0 { driftSince = start }
    drift = min(max(0, drift + (rate / max(slow, 0.05) - ratio) * Double(length) / 1e9), 2 * Self.driftLimit)
    season.learn(
      requests: requests, start: start, length: length, isAttack: isAttack && departedFor < Self.acceptAfter)
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
