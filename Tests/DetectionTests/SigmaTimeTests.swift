import Bytes
import Testing

@testable import Detection

/// Sigma's time modifiers: parts of a request's time, in UTC.
@Suite struct SigmaTimeTests {
  private func time(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Nanoseconds {
    let days = CivilTime.days(year: year, month: month, day: day)
    return Nanoseconds((days * 24 + hour) * 60 + minute) * 60 * nanosecondsPerSecond
  }

  @Test func aPartOfTheTimeIsCompared() throws {
    let monday = Request(time: time(2025, 6, 2, 23, 59))
    for yes in [
      "time|hour: 23", "time|hour|gte: 22", "date|day: 2", "date|month: [5, 6]", "timestamp|minute: 59",
      "date|year: 2025", "date|week: 23", "time|hour|neq: 3", "time|gt|hour: 22",
    ] {
      #expect(try holds(yes, monday), "\(yes)")
    }
    for no in ["time|hour: 22", "time|hour|lt: 23", "date|week: 22", "date|day|neq: [1, 2]"] {
      #expect(try !holds(no, monday), "\(no)")
    }
    #expect(try !holds("time|hour|gte: 0", Request()), "an unknown time has no hour")
  }

  @Test func weeksAreThoseOfTheISO() {
    for (day, week) in [
      (time(2021, 1, 3), 53), (time(2021, 1, 4), 1), (time(2024, 12, 30), 1), (time(2024, 12, 29), 52),
      (time(1969, 12, 28, 23), 52), (time(1969, 12, 29), 1), (time(2026, 12, 31), 53),
    ] {
      #expect(TimePart.value(of: .week, at: day) == week)
    }
    #expect(TimePart.value(of: .hour, at: -1) == 23 && TimePart.value(of: .year, at: -1) == 1969)
  }

  @Test func whatIsNoPartOfATimeIsRefused() {
    func error(_ search: String) -> String { loadErrors(rule("s: {\(search)}\ncondition: s")).first ?? "" }
    #expect(error("time|hour: 24").hasSuffix("'24' is not a number from 0 to 23"))
    #expect(error("time|hour: soon").hasSuffix("'soon' is not a number from 0 to 23"))
    #expect(error("sc-status|hour: 3").hasSuffix("'hour' needs a field that is a time: date, time or timestamp"))
    #expect(error("time|hour|contains: 3").hasSuffix("'hour' goes with gt, gte, lt, lte, neq and all only"))
    #expect(error("time: 3").hasSuffix("such as 'time|hour|gte: 22'"))
    #expect(error("time|hour|day: 3").hasSuffix("only one part of a time can be compared"))
  }
}
