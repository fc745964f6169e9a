// What is usual at an hour of the week, learned in spite of what is not, and what departs from it.

import Bytes
import Testing

@testable import Detection

@Suite struct SeasonTests {
  static let hour: Nanoseconds = 3_600 * nanosecondsPerSecond
  /// A Monday, 00:00 UTC.
  static let monday: Nanoseconds = 1_699_833_600 * nanosecondsPerSecond
  static let window: Nanoseconds = 60 * nanosecondsPerSecond

  /// Requests a second of an office's site: busy from nine to six on weekdays.
  static func usual(_ hour: Int) -> Double {
    let (day, time) = (hour / 24 % 7, hour % 24)
    return day < 5 && (9..<18).contains(time) ? 20 : 1
  }

  /// Learns so many hours, each of its usual rate times `factor`, with chance's noise.
  static func learn(
    _ baseline: inout RateBaseline, hours: Range<Int>, seed: UInt64 = 1, factor: (Int) -> Double = { _ in 1 }
  ) {
    var dice = Dice(seed)
    for i in hours {
      let start = monday + Nanoseconds(i) * hour
      for w in 0..<60 {
        let mean = usual(i) * factor(i) * 60
        let count = UInt64(max(0, mean * (0.85 + 0.3 * dice.unit())))
        if count == 0 { continue }
        baseline.learn(requests: count, start: start + Nanoseconds(w) * window, length: window, isAttack: false)
      }
    }
  }

  func judge(_ baseline: inout RateBaseline, hour: Int, minute: Int = 5, rate: Double) -> RateBaseline.Departure {
    let start = Self.monday + Nanoseconds(hour) * Self.hour + Nanoseconds(minute) * Self.window
    return baseline.judge(
      requests: UInt64(rate * 60), start: start, length: Self.window, settings: BehaviourSettings())
  }

  @Test func mondaysRiseIsExpectedAndTheSameRateOnASundayNightIsNot() {
    var baseline = RateBaseline()
    Self.learn(&baseline, hours: 0..<(3 * 168 + 9))
    let monday = judge(&baseline, hour: 3 * 168 + 9, minute: 40, rate: 60)
    #expect(!monday.isExcess && !monday.isSwell)
    #expect(monday.expected > 15)
    #expect(monday.basis == .hourOfWeek(9))
    #expect(monday.basis.words == " on a Monday at 09:00 UTC")

    var night = RateBaseline()
    Self.learn(&night, hours: 0..<(3 * 168 + 6 * 24 + 3))
    let sunday = judge(&night, hour: 3 * 168 + 6 * 24 + 3, rate: 60)
    #expect(sunday.isExcess)
    #expect(sunday.expected < 2)
    #expect(sunday.basis.words == " on a Sunday at 03:00 UTC")
  }

  @Test func aSaturdayIsNotMeasuredByWeekdays() {
    var baseline = RateBaseline()
    Self.learn(&baseline, hours: 0..<(3 * 168 + 5 * 24 + 10))
    let saturday = judge(&baseline, hour: 3 * 168 + 5 * 24 + 10, rate: 50)
    #expect(saturday.isExcess)
    #expect(saturday.expected < 2)
  }

  @Test func beforeWeeksAreKnownTheHourOfTheDayIsAndBeforeThatTheLastMinutes() {
    var first = RateBaseline()
    Self.learn(&first, hours: 0..<33)
    #expect(judge(&first, hour: 33, rate: 20).basis == .recent)
    var days = RateBaseline()
    Self.learn(&days, hours: 0..<(4 * 24 + 9))
    let friday = judge(&days, hour: 4 * 24 + 9, minute: 40, rate: 20)
    #expect(friday.basis == .hourOfDay(9))
    #expect(friday.expected > 15)
    #expect(friday.basis.words == " at 09:00 UTC, by the days before")
  }

  @Test func oneOddDayDoesNotSetTheLevel() {
    var baseline = RateBaseline()
    // The second week's Tuesday was forty times as busy all day.
    Self.learn(&baseline, hours: 0..<(3 * 168 + 24 + 10)) { 168 + 24..<168 + 48 ~= $0 ? 40 : 1 }
    let tuesday = judge(&baseline, hour: 3 * 168 + 24 + 10, rate: 20)
    #expect(tuesday.basis == .hourOfWeek(34))
    #expect((15...30).contains(tuesday.expected))
  }

  @Test func whatAnAttackBroughtIsNotLearned() {
    var season = SeasonalRates()
    for i in 0..<(2 * 168) {
      for w in 0..<60 {
        let isAttack = i % 24 == 12 && w >= 20
        season.learn(
          requests: isAttack ? 60_000 : 60,
          start: Self.monday + Nanoseconds(i) * Self.hour + Nanoseconds(w) * Self.window,
          length: Self.window, isAttack: isAttack)
      }
    }
    let noon = season.usual(at: Self.monday + (2 * 168 + 12) * Self.hour + Self.hour / 2)
    #expect(noon.map { (0.9...1.1).contains($0.rate) } == true)
  }

  @Test func aHolidayLowersWhatIsExpectedOfItsNextHour() {
    var baseline = RateBaseline()
    Self.learn(&baseline, hours: 0..<(3 * 168 + 13)) { $0 >= 3 * 168 + 8 ? 0.05 : 1 }
    let noon = judge(&baseline, hour: 3 * 168 + 13, rate: 50)
    #expect(noon.expected < 10)
    #expect(noon.isExcess)
  }

  @Test func aLaunchThatStaysIsNoAttackAndIsLearned() {
    var baseline = RateBaseline()
    let launch = 3 * 168 + 24 + 12
    Self.learn(&baseline, hours: 0..<(launch + 4 * 168)) { $0 >= launch ? 3 : 1 }
    let after = judge(&baseline, hour: launch + 4 * 168, rate: 62)
    #expect(!after.isExcess && !after.isSwell)
    #expect((45...75).contains(after.expected))
  }

  @Test(arguments: [10.0, 15, 20, 25, 30]) func aRampIsFoundWhereTheHourIsKnown(minutesToDouble: Double) {
    var baseline = RateBaseline()
    let begin = 3 * 168 + 6 * 24 + 2
    Self.learn(&baseline, hours: 0..<begin)
    var added = 0.2
    var found: Double?
    for minute in 0..<600 {
      let start = Self.monday + Nanoseconds(begin) * Self.hour + Nanoseconds(minute) * Self.window
      let requests = UInt64((1 + added) * 60)
      let departure = baseline.judge(
        requests: requests, start: start, length: Self.window, settings: BehaviourSettings())
      if departure.isExcess || departure.isSwell {
        found = added
        break
      }
      baseline.learn(requests: requests, start: start, length: Self.window, isAttack: false)
      added *= exponential(0.693_147 / minutesToDouble)
    }
    // Before it is six times what is usual, however slowly it came.
    #expect(found.map { $0 < 6 } == true, "\(String(describing: found))")
  }

  private func exponential(_ x: Double) -> Double { 1 + x + x * x / 2 + x * x * x / 6 + x * x * x * x / 24 }

  @Test func aQuietZoneHasNoTable() {
    var season = SeasonalRates()
    for i in 0..<400 {
      season.learn(requests: 300, start: Self.monday + Nanoseconds(i) * Self.hour, length: Self.window, isAttack: false)
    }
    #expect(season.isEmpty)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func hostileTimesAndCountsAreHarmless(seed: UInt64) {
    var dice = Dice(seed)
    var season = SeasonalRates()
    func time() -> Int64 {
      [Int64.min, .min + 1, .max, .max - 1, 0, -1, Self.monday, Self.monday + Int64(dice.roll(1 << 50))][dice.roll(8)]
    }
    for _ in 0..<4_000 {
      season.learn(
        requests: [0, 1, .max, 4_000][dice.roll(4)], start: time(),
        length: [1, .max, Self.window, 9 * Self.hour][dice.roll(4)], isAttack: dice.roll(3) == 0)
      let usual = season.usual(at: time())
      #expect(usual.map { $0.rate.isFinite && $0.rate >= 0 } ?? true)
      #expect(season.trend.isFinite)
    }
  }

  @Test(arguments: [11, 12] as [UInt64]) func aRateSurvivesItsCode(seed: UInt64) {
    var dice = Dice(seed)
    for _ in 0..<2_000 {
      let rate = Double(dice.roll(1 << 40)) / Double(1 + dice.roll(1 << 20)) + 0.001
      #expect(abs(RateCode(rate).rate / rate - 1) < 0.001)
    }
    #expect(RateCode(0).isKnown && RateCode(0).rate == 0)
    #expect(!RateCode().isKnown)
    #expect(RateCode(.infinity).rate.isFinite)
  }

  @Test func aTableSavedIsTheTableRead() throws {
    var baseline = RateBaseline()
    Self.learn(&baseline, hours: 0..<(2 * 168 + 30))
    var writer = StateWriter()
    baseline.season.writeCurrent(to: &writer)
    baseline.season.write(to: &writer)
    var reader = StateReader(writer.take())
    var read = try SeasonalRates(current: &reader)
    try read.readTable(&reader)
    try reader.finish()
    #expect(read.means == baseline.season.means && read.peaks == baseline.season.peaks)
    for i in 0..<168 {
      let time = Self.monday + Nanoseconds(2 * 168 + 30 + i) * Self.hour
      #expect(read.usual(at: time)?.rate == baseline.season.usual(at: time)?.rate)
    }
  }

  @Test func aStateOfTheVersionBeforeIsReadAndGoesOn() throws {
    var stage = ZoneStage(seed: 7)
    stage.trackChanges()
    let made = ZoneStateTests.scripts(4)[0].windows()
    let (first, rest) = (made.windows.prefix(200), made.windows.dropFirst(200))
    var found: [Candidate] = []
    for window in first { stage.consume(window, text: { made.texts[$1] ?? [] }, into: &found) }
    var parts = stage.takeChanges()
    for i in parts.indices {
      let name = String(decoding: parts[i].name, as: UTF8.self)
      var writer = StateWriter()
      if name == "zones" {
        writer.number(UInt64(4))
        parts[i].bytes = writer.take()
      } else if name.hasPrefix("zone/"), let state = stage.zones[Array(parts[i].name.dropFirst(5))] {
        state.baseline.season.writeCurrent(to: &writer)
        state.networkLoads.write(to: &writer)
        state.normal.writeMarks(to: &writer)
        parts[i].bytes?.removeLast(writer.take().count)
      } else if name.hasPrefix("crowds/"), let state = stage.zones[Array(parts[i].name.dropFirst(7))] {
        state.guesses.write(to: &writer)
        parts[i].bytes?.removeLast(writer.take().count)
      }
    }
    var saved = SavedState()
    saved.apply(parts)
    var restored = try ZoneStage(settings: BehaviourSettings(), seed: 7, restoring: saved)
    #expect(restored.memory == stage.memory)
    var (expected, again): ([Candidate], [Candidate]) = ([], [])
    for window in rest {
      stage.consume(window, text: { made.texts[$1] ?? [] }, into: &expected)
      restored.consume(window, text: { made.texts[$1] ?? [] }, into: &again)
    }
    #expect(again == expected)
  }
}
