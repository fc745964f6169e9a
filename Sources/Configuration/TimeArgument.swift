// What `--since` and `--until` take, in every program.

import Bytes

/// A point in time as typed on a command line.
public enum TimeArgument {
  /// Reads RFC 3339 (`2016-02-20T08:00:00Z`, `2016-02-20 08:00`, an offset or none, which is UTC), a date, seconds
  /// since the epoch (`@1456000000`), or an age before `now` (`90s`, `15m`, `2h`, `3d`, `1w`).
  public static func parse(_ text: String, now: Nanoseconds) -> Nanoseconds? {
    let bytes = Array(text.utf8)
    if let first = bytes.first, first == 0x40 {
      guard let seconds = Int64(text.dropFirst()) else { return nil }
      let (value, overflow) = seconds.multipliedReportingOverflow(by: nanosecondsPerSecond)
      return overflow ? nil : value
    }
    if let unit = bytes.last, !unit.isASCIIDigit, let count = Int64(text.dropLast()), count >= 0 {
      let seconds: Int64
      switch unit {
      case UInt8(ascii: "s"): seconds = 1
      case UInt8(ascii: "m"): seconds = 60
      case UInt8(ascii: "h"): seconds = 3600
      case UInt8(ascii: "d"): seconds = 86_400
      case UInt8(ascii: "w"): seconds = 7 * 86_400
      default: return nil
      }
      let (age, overflow) = count.multipliedReportingOverflow(by: seconds * nanosecondsPerSecond)
      guard !overflow else { return nil }
      let (time, under) = now.subtractingReportingOverflow(age)
      return under ? nil : time
    }
    return civil(bytes)
  }

  private static func civil(_ bytes: [UInt8]) -> Nanoseconds? {
    var i = 0
    func number(_ digits: Int) -> Int? {
      guard i + digits <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[i..<i + digits] {
        guard byte.isASCIIDigit else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      i += digits
      return value
    }
    func skip(_ characters: String) -> Bool {
      guard i < bytes.count, characters.utf8.contains(bytes[i]) else { return false }
      i += 1
      return true
    }
    guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2),
      (1678...2261).contains(year), (1...12).contains(month),
      (1...CivilTime.daysInMonth(year: year, month: month)).contains(day)
    else { return nil }
    var seconds = Int64(CivilTime.days(year: year, month: month, day: day)) * 86_400
    var fraction: Int64 = 0
    if i < bytes.count {
      guard skip("Tt "), let hour = number(2), skip(":"), let minute = number(2), hour < 24, minute < 60 else {
        return nil
      }
      var second = 0
      if skip(":") {
        guard let value = number(2), value <= 60 else { return nil }
        second = value
        if skip(".") {
          var scale = nanosecondsPerSecond
          var digits = 0
          while i < bytes.count, bytes[i].isASCIIDigit {
            scale /= 10
            fraction += Int64(bytes[i] - 0x30) * scale
            i += 1
            digits += 1
          }
          guard digits > 0 else { return nil }
        }
      }
      seconds += Int64(hour * 3600 + minute * 60 + second)
      if i < bytes.count, !skip("Zz") {
        let sign: Int64 = bytes[i] == 0x2d ? 1 : -1
        guard skip("+-"), let hours = number(2), hours < 24 else { return nil }
        _ = skip(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        seconds += sign * Int64(hours * 3600 + minutes * 60)
      }
      guard i == bytes.count else { return nil }
    }
    return seconds * nanosecondsPerSecond + fraction
  }
}
