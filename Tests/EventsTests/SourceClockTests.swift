import Bytes
import Events
import Testing

@Suite struct SourceClockTests {
  static let second = nanosecondsPerSecond
  static let start: Nanoseconds = 1_456_000_000 * second
  static let year2099: Nanoseconds = 4_070_908_800 * second

  func judge(
    _ clock: inout SourceClock, _ stamps: [Nanoseconds], following: [Nanoseconds] = []
  ) -> [SourceClock.Judgement] {
    var result: [SourceClock.Judgement] = []
    clock.judge(stamps.span, following: following.span, into: &result)
    return result
  }

  func summary(_ stamps: [Nanoseconds]) -> StampSummary {
    var run = StampSummary(maxDisorder: ClockLimits().maxDisorder)
    for stamp in stamps { run.add(stamp) }
    return run
  }

  @Test func oneLineFrom2099MovesNothing() {
    var clock = SourceClock()
    var stamps = (0..<200).map { Self.start + Int64($0) * Self.second }
    stamps.insert(Self.year2099, at: 100)
    #expect(clock.pass(summary(stamps)) == nil)
    let judged = judge(&clock, stamps)
    #expect(judged[100] == .ahead)
    #expect(judged.filter { $0 == .onTime }.count == 200)
    #expect(clock.time == Self.start + 199 * Self.second)
  }

  @Test func aFirstLineFrom2099IsNotBelieved() {
    var clock = SourceClock()
    let judged = judge(&clock, [Self.year2099, Self.start, Self.start + Self.second, Self.start + 2 * Self.second])
    #expect(judged == [.ahead, .onTime, .onTime, .onTime])
  }

  @Test func aNightWithoutVisitorsLosesNoLine() {
    var clock = SourceClock()
    let evening = (0..<50).map { Self.start + Int64($0) * Self.second }
    let morning = (0..<50).map { Self.start + Int64(10 * 3600 + $0) * Self.second }
    #expect(judge(&clock, evening + morning).allSatisfy { $0 == .onTime })
  }

  @Test func visitsHoursApartLoseNoLine() {
    var clock = SourceClock()
    let visits = (0..<40).map { Self.start + Int64($0) * 5 * 3600 * Self.second }
    #expect(judge(&clock, visits).allSatisfy { $0 == .onTime })
  }

  @Test func aStepIsSupportedByTheRunThatFollows() {
    var clock = SourceClock()
    _ = judge(&clock, [Self.start])
    let later = Self.start + 86_400 * Self.second * 30
    let following = (1...20).map { later + Int64($0) * Self.second }
    #expect(judge(&clock, [later], following: following) == [.onTime])
  }

  @Test func aStampOlderThanTheWatermarkIsLate() {
    var clock = SourceClock()
    let stamps = [
      Self.start, Self.start + 10 * Self.second, Self.start + 8 * Self.second, Self.start + 7 * Self.second,
    ]
    #expect(judge(&clock, stamps) == [.onTime, .onTime, .onTime, .late])
    #expect(clock.lowWatermark == Self.start + 8 * Self.second)
  }

  @Test func stampsAtTheEndsOfTimeDoNotTrap() {
    var clock = SourceClock()
    let stamps: [Nanoseconds] = [.min, .max, 0, .min, .max, .max - 1]
    _ = clock.pass(summary(stamps))
    _ = judge(&clock, stamps)
    #expect(clock.time != nil)
  }

  @Test func passingARunSaysTheSameAsJudgingIt() {
    var seed: UInt64 = 0x5eed
    print("seed \(seed)")
    for _ in 0..<500 {
      var quick = SourceClock()
      var slow = SourceClock()
      var now = Self.start
      for _ in 0..<6 {
        var stamps: [Nanoseconds] = []
        for _ in 0..<(20 + Int(splitMix(&seed) % 60)) {
          now += Int64(splitMix(&seed) % 3) * Self.second
          let back = splitMix(&seed) % 10 == 0 ? Int64(splitMix(&seed) % 4) : 0
          stamps.append(now - back * Self.second)
        }
        let judged = judge(&slow, stamps)
        if let late = quick.pass(summary(stamps)) {
          #expect(Int(late) == judged.filter { $0 == .late }.count)
          #expect(!judged.contains(.ahead))
          #expect(quick == slow)
        } else {
          quick = slow
        }
      }
    }
  }
}
