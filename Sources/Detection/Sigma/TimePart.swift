// Parts of a time, as Sigma's time modifiers take them: in UTC, whatever the zone of the log.

import Bytes

enum TimePart {
  /// 0 for a field that is none.
  static func value(of field: NumberField, at time: Nanoseconds) -> Int {
    let seconds = CivilTime.floorDivide(time, nanosecondsPerSecond)
    let day = Int(CivilTime.floorDivide(seconds, 86_400))
    switch field {
    case .minute: return Int(seconds - Int64(day) * 86_400) / 60 % 60
    case .hour: return Int(seconds - Int64(day) * 86_400) / 3600
    case .day: return CivilTime.date(days: day).day
    case .week: return week(ofDay: day)
    case .month: return CivilTime.date(days: day).month
    case .year: return CivilTime.date(days: day).year
    default: return 0
    }
  }

  /// ISO 8601: weeks begin on Monday, the first is that of the year's first Thursday.
  private static func week(ofDay day: Int) -> Int {
    // Day 0 was a Thursday.
    let weekday = ((day + 3) % 7 + 7) % 7
    let thursday = day - weekday + 3
    let year = CivilTime.date(days: thursday).year
    return (thursday - CivilTime.days(year: year, month: 1, day: 1)) / 7 + 1
  }
}
