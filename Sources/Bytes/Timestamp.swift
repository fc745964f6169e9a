// Civil time and nanoseconds since the epoch, without a clock, a locale or Foundation.

/// A point in time: ns since 1970-01-01T00:00:00Z, from 1677 to 2262.
public typealias Nanoseconds = Int64

public let nanosecondsPerSecond: Int64 = 1_000_000_000

/// Calendar arithmetic on the proleptic Gregorian calendar (Howard Hinnant, 'chrono-compatible low-level date
/// algorithms'). All O(1).
public enum CivilTime {
  /// Days since 1970-01-01 of a date; month from 1, day from 1. The date is not validated.
  @inlinable @inline(__always)
  public static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Year, month and day of a number of days since 1970-01-01.
  @inlinable
  public static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let m = (5 * dayOfYear + 2) / 153
    let month = m < 10 ? m + 3 : m - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * m + 2) / 5 + 1)
  }

  @inlinable
  public static func daysInMonth(year: Int, month: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// RFC 3339 text in UTC. `fractionDigits` of 0 to 9.
  public static func rfc3339(_ time: Nanoseconds, fractionDigits: Int = 0) -> String {
    let seconds = floorDivide(time, nanosecondsPerSecond)
    let fraction = time &- seconds &* nanosecondsPerSecond
    let day = floorDivide(seconds, 86_400)
    let second = Int(seconds - day * 86_400)
    let (year, month, dayOfMonth) = date(days: Int(day))
    var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))T"
    text += "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
    if fractionDigits > 0 { text += "." + String(padded(Int(fraction), 9).prefix(fractionDigits)) }
    return text + "Z"
  }

  @inlinable @inline(__always)
  public static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    let quotient = a / b
    return a % b < 0 ? quotient - 1 : quotient
  }

  static func padded(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
