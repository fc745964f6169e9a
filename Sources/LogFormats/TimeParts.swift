// A stamp that comes in pieces: Apache's %{...}t by strftime, W3C's date and time columns.

import Bytes

struct TimeParts: Sendable {
  private var year = 1970
  private var month = 1
  private var day = 1
  private var hour = 0
  private var minute = 0
  private var second = 0
  private var nanoseconds = 0
  private var offset: Int?
  private var afternoon: Bool?
  private var hourIsHalf = false

  /// Reads `field` at `start`; returns the index behind it, -1 if it is not there.
  mutating func set(_ field: Field, _ text: RawSpan, _ start: Int, _ end: Int) -> Int {
    switch field {
    case .year:
      guard end - start >= 4, let value = text.digits4(start) else { return -1 }
      year = value
      return start + 4
    case .shortYear:
      guard let value = two(text, start, end) else { return -1 }
      year = value < 69 ? 2000 + value : 1900 + value
      return start + 2
    case .monthNumber:
      guard let value = two(text, start, end) else { return -1 }
      month = value
      return start + 2
    case .monthName:
      guard end - start >= 3, let value = text.monthName(start) else { return -1 }
      month = value
      var p = start + 3
      while p < end, text.unchecked(p).isASCIILetter { p += 1 }
      return p
    case .day:
      // %e pads with a space.
      if end - start >= 2, text.unchecked(start) == 0x20, text.unchecked(start + 1).isASCIIDigit {
        day = Int(text.unchecked(start + 1) &- 0x30)
        return start + 2
      }
      guard let value = two(text, start, end) else { return -1 }
      day = value
      return start + 2
    case .hour, .hour12:
      guard let value = two(text, start, end) else { return -1 }
      hour = value
      hourIsHalf = field == .hour12
      return start + 2
    case .meridiem:
      guard end - start >= 2 else { return -1 }
      let letter = text.unchecked(start) | 0x20
      guard letter == 0x61 || letter == 0x70, text.unchecked(start + 1) | 0x20 == 0x6d else { return -1 }
      afternoon = letter == 0x70
      return start + 2
    case .minute:
      guard let value = two(text, start, end) else { return -1 }
      minute = value
      return start + 2
    case .second:
      guard let value = two(text, start, end) else { return -1 }
      second = value
      return start + 2
    case .millisecondFraction, .microsecondFraction:
      let width = field == .millisecondFraction ? 3 : 6
      guard end - start >= width else { return -1 }
      var read = 0
      guard text.fraction(start, start + width, &read) == start + width else { return -1 }
      nanoseconds = read
      return start + width
    case .offset:
      if start < end, text.unchecked(start) | 0x20 == 0x7a {
        offset = 0
        return start + 1
      }
      var seconds = 0
      guard let next = text.offset(start, end, &seconds) else { return -1 }
      offset = seconds
      return next
    case .dateColumn:
      guard end - start >= 10, let y = text.digits4(start), let m = text.digits2(start + 5),
        let d = text.digits2(start + 8)
      else { return -1 }
      (year, month, day) = (y, m, d)
      return start + 10
    case .timeColumn:
      guard end - start >= 8, text.unchecked(start + 2) == 0x3a, text.unchecked(start + 5) == 0x3a,
        let h = text.digits2(start), let m = text.digits2(start + 3), let s = text.digits2(start + 6)
      else { return -1 }
      (hour, minute, second) = (h, m, s)
      if start + 8 < end, text.unchecked(start + 8) == 0x2e { return text.fraction(start + 9, end, &nanoseconds) }
      return start + 8
    default: return -1
    }
  }

  /// W3C extended logs are in UTC by their own definition.
  mutating func assumeUTC() { if offset == nil { offset = 0 } }

  /// The time meant; nil when there is no such time.
  func time(zone: TimeZoneRules) -> Nanoseconds? {
    var hour = hour
    if hourIsHalf {
      guard hour >= 1, hour <= 12 else { return nil }
      hour = hour % 12 + (afternoon == true ? 12 : 0)
    }
    guard month >= 1, month <= 12, day >= 1, day <= CivilTime.daysInMonth(year: year, month: month), hour < 24,
      minute < 60, second <= 60
    else { return nil }
    let seconds = CivilTime.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    return LogFormats.nanoseconds(
      seconds: offset.map { seconds - $0 } ?? zone.utc(local: seconds), fraction: nanoseconds)
  }

  private func two(_ text: RawSpan, _ start: Int, _ end: Int) -> Int? {
    end - start >= 2 ? text.digits2(start) : nil
  }
}
