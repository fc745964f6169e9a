// Reading of compiled time zone files (RFC 9636) and of the rule in their footer (POSIX TZ). The bytes are the
// caller's; every read is checked.

import Bytes

struct TZifReader {
  struct Result {
    var transitions: [Int64]
    var offsets: [Int32]
    var footer: [UInt8]?
  }

  let bytes: [UInt8]

  private func number(_ at: Int, _ width: Int) -> Int64? {
    guard at >= 0, at + width <= bytes.count else { return nil }
    var value: UInt64 = 0
    for i in at..<at + width { value = value << 8 | UInt64(bytes[i]) }
    return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }

  /// Header at `at`: isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt.
  private func counts(_ at: Int) -> [Int]? {
    guard at + 44 <= bytes.count, Array(bytes[at..<at + 4]) == Array("TZif".utf8) else { return nil }
    var result: [Int] = []
    for i in 0..<6 {
      guard let n = number(at + 20 + i * 4, 4), n >= 0, n <= 100_000 else { return nil }
      result.append(Int(n))
    }
    return result
  }

  mutating func read() -> Result? {
    guard let first = counts(0) else { return nil }
    let version = bytes[4]
    if version < 0x32 { return body(44, first, width: 4).map { Result(transitions: $0.0, offsets: $0.1) } }
    let second = 44 + first[3] * 5 + first[4] * 6 + first[5] + first[2] * 8 + first[1] + first[0]
    guard let sizes = counts(second), let (transitions, offsets, end) = body(second + 44, sizes, width: 8)
    else { return nil }
    var footer: [UInt8]?
    if end + 2 <= bytes.count, bytes[end] == 0x0a, let close = bytes[(end + 1)...].firstIndex(of: 0x0a) {
      footer = Array(bytes[end + 1..<close])
    }
    return Result(transitions: transitions, offsets: offsets, footer: footer)
  }

  private func body(_ at: Int, _ sizes: [Int], width: Int) -> ([Int64], [Int32], Int)? {
    let (isUT, isStandard, leaps, times, types, chars) = (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5])
    let indices = at + times * width
    let infos = indices + times
    let end = infos + types * 6 + chars + leaps * (width + 4) + isStandard + isUT
    guard types > 0, end <= bytes.count else { return nil }
    func offset(_ type: Int) -> Int32? {
      guard type < types, let value = number(infos + type * 6, 4), abs(value) < 100_000 else { return nil }
      return Int32(value)
    }
    guard let initial = offset(0) else { return nil }
    var transitions: [Int64] = []
    var offsets = [initial]
    for i in 0..<times {
      guard let time = number(at + i * width, width), let value = offset(Int(bytes[indices + i])) else { return nil }
      if let last = transitions.last, time <= last { return nil }
      // The big bang marker of some files says nothing about local time.
      transitions.append(time)
      offsets.append(value)
    }
    return (transitions, offsets, end)
  }
}

/// `CET-1CEST,M3.5.0,M10.5.0/3`: what holds after the last listed transition.
struct YearlyRule: Sendable, Equatable {
  struct Change: Sendable, Equatable {
    enum Day: Sendable, Equatable {
      case month(Int, week: Int, weekday: Int)
      case julian(Int)
      case zeroBased(Int)
    }
    var day: Day
    var seconds: Int
  }
  private var standard: Int
  private var daylight: (offset: Int, start: Change, end: Change)?

  static func == (a: Self, b: Self) -> Bool {
    a.standard == b.standard && a.daylight?.offset == b.daylight?.offset && a.daylight?.start == b.daylight?.start
      && a.daylight?.end == b.daylight?.end
  }

  init?(_ text: [UInt8]) {
    var scanner = Scanner(text: text)
    guard scanner.name(), let west = scanner.time() else { return nil }
    standard = -west
    if scanner.atEnd { return }
    guard scanner.name() else { return nil }
    var east = standard + 3600
    if !scanner.next(is: 0x2c) {
      guard let west = scanner.time() else { return nil }
      east = -west
    }
    guard scanner.take(0x2c), let start = scanner.change(), scanner.take(0x2c), let end = scanner.change(),
      scanner.atEnd
    else { return nil }
    daylight = (east, start, end)
  }

  func offset(atUTC seconds: Int) -> Int {
    guard let daylight else { return standard }
    let year = CivilTime.date(days: Int(CivilTime.floorDivide(Int64(seconds + standard), 86_400))).year
    let start = Self.instant(daylight.start, year) - standard
    let end = Self.instant(daylight.end, year) - daylight.offset
    let inside = start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
    return inside ? daylight.offset : standard
  }

  private static func instant(_ change: Change, _ year: Int) -> Int {
    let first = CivilTime.days(year: year, month: 1, day: 1)
    let leap = CivilTime.daysInMonth(year: year, month: 2) == 29
    let day: Int
    switch change.day {
    case .julian(let n): day = first + n - 1 + (leap && n >= 60 ? 1 : 0)
    case .zeroBased(let n): day = first + n
    case .month(let month, let week, let weekday):
      let start = CivilTime.days(year: year, month: month, day: 1)
      // 1970-01-01 was a Thursday.
      let startWeekday = ((start + 4) % 7 + 7) % 7
      var n = (weekday - startWeekday + 7) % 7 + (week - 1) * 7
      if n >= CivilTime.daysInMonth(year: year, month: month) { n -= 7 }
      day = start + n
    }
    return day * 86_400 + change.seconds
  }

  private struct Scanner {
    let text: [UInt8]
    var at = 0
    init(text: [UInt8]) { self.text = text }
    var atEnd: Bool { at >= text.count }
    func next(is byte: UInt8) -> Bool { at < text.count && text[at] == byte }
    mutating func take(_ byte: UInt8) -> Bool {
      guard next(is: byte) else { return false }
      at += 1
      return true
    }
    mutating func name() -> Bool {
      let start = at
      if take(0x3c) {
        while !atEnd, text[at] != 0x3e { at += 1 }
        return take(0x3e)
      }
      while !atEnd, text[at].isASCIILetter { at += 1 }
      return at - start >= 3
    }
    mutating func number() -> Int? {
      let start = at
      var value = 0
      while !atEnd, text[at].isASCIIDigit, at - start < 4 {
        value = value * 10 + Int(text[at] &- 0x30)
        at += 1
      }
      return at > start ? value : nil
    }
    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int? {
      let sign = take(0x2d) ? -1 : 1
      if sign == 1 { _ = take(0x2b) }
      guard let hours = number(), hours <= 167 else { return nil }
      var seconds = hours * 3600
      if take(0x3a) {
        guard let minutes = number(), minutes < 60 else { return nil }
        seconds += minutes * 60
        if take(0x3a) {
          guard let rest = number(), rest < 60 else { return nil }
          seconds += rest
        }
      }
      return sign * seconds
    }
    mutating func change() -> Change? {
      let day: Change.Day
      if take(0x4d) {
        guard let month = number(), (1...12).contains(month), take(0x2e), let week = number(), (1...5).contains(week),
          take(0x2e), let weekday = number(), weekday <= 6
        else { return nil }
        day = .month(month, week: week, weekday: weekday)
      } else if take(0x4a) {
        guard let n = number(), (1...365).contains(n) else { return nil }
        day = .julian(n)
      } else {
        guard let n = number(), n <= 365 else { return nil }
        day = .zeroBased(n)
      }
      var seconds = 7200
      if take(0x2f) {
        guard let read = time() else { return nil }
        seconds = read
      }
      return Change(day: day, seconds: seconds)
    }
  }
}
