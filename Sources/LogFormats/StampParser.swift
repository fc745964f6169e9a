// Time stamps to ns since the epoch. Log lines come many to the second, so the last stamp and the last
// day are remembered and compared first.

import Bytes

/// Reads the stamps of one parser. Remembers the last common-log stamp and the last date.
struct StampParser: Sendable {
  /// What stamps without an offset mean.
  let zone: TimeZoneRules

  // The last canonical common-log stamp, 26 bytes as four overlapping words, and its time.
  private var lastA: UInt64 = 0
  private var lastB: UInt64 = 0
  private var lastC: UInt64 = 0
  private var lastD: UInt16 = 0
  private var lastTime: Nanoseconds = 0
  // The last date in common-log layout, 11 bytes as two overlapping words, and its day number.
  private var dateA: UInt64 = 0
  private var dateB: UInt64 = 0
  private var dateDays = 0

  init(zone: TimeZoneRules) { self.zone = zone }

  /// `20/Feb/2016:00:00:45 -0500` at `start`, with an optional fraction after the seconds and an optional offset.
  /// Returns the index behind it and sets `time`; -1 when it is no such stamp, -2 when it is one that names no
  /// possible time.
  @inline(__always)
  mutating func common(_ text: RawSpan, _ start: Int, _ end: Int, _ time: inout Nanoseconds) -> Int {
    if end &- start >= 26 {
      let a = text.word(start)
      let b = text.word(start &+ 8)
      let c = text.word(start &+ 16)
      let d = text.half(start &+ 24)
      if a == lastA, b == lastB, c == lastC, d == lastD {
        time = lastTime
        return start &+ 26
      }
      let next = commonSlow(text, start, end, &time)
      if next == start &+ 26 {
        (lastA, lastB, lastC, lastD, lastTime) = (a, b, c, d, time)
      }
      return next
    }
    return commonSlow(text, start, end, &time)
  }

  @inline(never)
  private mutating func commonSlow(_ text: RawSpan, _ start: Int, _ end: Int, _ time: inout Nanoseconds) -> Int {
    guard end - start >= 20, text.unchecked(start + 11) == 0x3a else { return -1 }
    let a = text.word(start)
    let b = text.word(start + 3)
    if a != dateA || b != dateB {
      guard text.unchecked(start + 2) == 0x2f, text.unchecked(start + 6) == 0x2f,
        let day = text.digits2(start), let month = text.monthName(start + 3), let year = text.digits4(start + 7)
      else { return -1 }
      guard day >= 1, day <= CivilTime.daysInMonth(year: year, month: month) else { return -2 }
      dateDays = CivilTime.days(year: year, month: month, day: day)
      (dateA, dateB) = (a, b)
    }
    guard text.unchecked(start + 14) == 0x3a, text.unchecked(start + 17) == 0x3a,
      let hour = text.digits2(start + 12), let minute = text.digits2(start + 15),
      let second = text.digits2(start + 18)
    else { return -1 }
    guard hour < 24, minute < 60, second <= 60 else { return -2 }
    var p = start + 20
    var fraction = 0
    if p < end, text.unchecked(p) == 0x2e || text.unchecked(p) == 0x2c { p = text.fraction(p + 1, end, &fraction) }
    let seconds = dateDays * 86_400 + hour * 3600 + minute * 60 + second
    var offset = 0
    if p + 6 <= end, text.unchecked(p) == 0x20, let read = text.offset(p + 1, end, &offset) {
      return finish(seconds - offset, fraction, read, &time)
    }
    return finish(zone.utc(local: seconds), fraction, p, &time)
  }

  private func finish(_ seconds: Int, _ fraction: Int, _ next: Int, _ time: inout Nanoseconds) -> Int {
    guard let whole = nanoseconds(seconds: seconds, fraction: fraction) else { return -2 }
    time = whole
    return next
  }

  /// Any stamp that its own shape gives away: RFC 3339 and its relatives (`T` or space or underscore, `.` or `,`
  /// fraction, offset, `Z` or none; `/` for `-`), epoch seconds with fraction, epoch ms, us, ns by magnitude,
  /// common-log. The whole of `start..<end` must be the stamp. nil is not a stamp or not a possible time.
  mutating func any(_ text: RawSpan, _ start: Int, _ end: Int) -> Nanoseconds? {
    var start = start
    var end = end
    if end - start > 2, text.unchecked(start) == 0x5b, text.unchecked(end - 1) == 0x5d {
      start += 1
      end -= 1
    }
    let n = end - start
    guard n > 0 else { return nil }
    if n >= 10, text.unchecked(start + 4) == 0x2d || text.unchecked(start + 4) == 0x2f {
      var time: Nanoseconds = 0
      return calendar(text, start, end, &time) == end ? time : nil
    }
    if n >= 20, text.unchecked(start + 2) == 0x2f {
      var time: Nanoseconds = 0
      return common(text, start, end, &time) == end ? time : nil
    }
    return epoch(text, start, end, scale: 0)
  }

  /// A calendar stamp, year first, at `start`. Returns the index behind it, -1 or -2 as `common` does.
  func calendar(_ text: RawSpan, _ start: Int, _ end: Int, _ time: inout Nanoseconds) -> Int {
    guard end - start >= 10, let year = text.digits4(start), let month = text.digits2(start + 5),
      let day = text.digits2(start + 8), text.unchecked(start + 4) == text.unchecked(start + 7)
    else { return -1 }
    guard month >= 1, month <= 12, day >= 1, day <= CivilTime.daysInMonth(year: year, month: month) else { return -2 }
    let midnight = CivilTime.days(year: year, month: month, day: day) * 86_400
    guard end - start >= 16, [0x54, 0x74, 0x20, 0x5f, 0x3a].contains(text.unchecked(start + 10)) else {
      return finish(zone.utc(local: midnight), 0, start + 10, &time)
    }
    guard text.unchecked(start + 13) == 0x3a, let hour = text.digits2(start + 11),
      let minute = text.digits2(start + 14)
    else { return -1 }
    var second = 0
    var p = start + 16
    var fraction = 0
    if p + 3 <= end, text.unchecked(p) == 0x3a {
      guard let read = text.digits2(p + 1) else { return -1 }
      second = read
      p += 3
      if p + 1 < end, text.unchecked(p) == 0x2e || text.unchecked(p) == 0x2c, text.unchecked(p + 1).isASCIIDigit {
        p = text.fraction(p + 1, end, &fraction)
      }
    }
    guard hour < 24, minute < 60, second <= 60 else { return -2 }
    let seconds = midnight + hour * 3600 + minute * 60 + second
    if p < end, text.unchecked(p) | 0x20 == 0x7a { return finish(seconds, fraction, p + 1, &time) }
    var offset = 0
    if p < end, let read = text.offset(p, end, &offset) { return finish(seconds - offset, fraction, read, &time) }
    if p + 1 < end, text.unchecked(p) == 0x20, let read = text.offset(p + 1, end, &offset) {
      return finish(seconds - offset, fraction, read, &time)
    }
    return finish(zone.utc(local: seconds), fraction, p, &time)
  }

  /// A number of `scale` ns each since the epoch, with an optional fraction or exponent; scale 0 guesses seconds,
  /// ms, us or ns from the magnitude, which is unambiguous from 1973 to 2286.
  func epoch(_ text: RawSpan, _ start: Int, _ end: Int, scale: Int64) -> Nanoseconds? {
    var p = start
    var whole: Int64 = 0
    var negative = false
    if p < end, text.unchecked(p) == 0x2d {
      negative = true
      p += 1
    }
    let firstDigit = p
    while p < end, text.unchecked(p).isASCIIDigit {
      if p - firstDigit >= 19 { return nil }
      whole = whole &* 10 &+ Int64(text.unchecked(p) &- 0x30)
      p += 1
    }
    guard p > firstDigit, whole >= 0 else { return nil }
    var fraction = 0
    if p < end, text.unchecked(p) == 0x2e || text.unchecked(p) == 0x2c { p = text.fraction(p + 1, end, &fraction) }
    if p < end, text.unchecked(p) | 0x20 == 0x65 {
      // 1.7e9, as some JSON writers print floats.
      return exponent(text, firstDigit, p, end, negative)
    }
    guard p == end else { return nil }
    var scale = scale
    if scale == 0 {
      scale =
        whole < 100_000_000_000
        ? 1_000_000_000
        : whole < 100_000_000_000_000
          ? 1_000_000
          : whole
            < 100_000_000_000_000_000 ? 1000 : 1
    }
    let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
    let (sum, overflow2) = product.addingReportingOverflow(Int64(fraction) / (1_000_000_000 / scale))
    if overflow || overflow2 { return nil }
    return negative ? -sum : sum
  }

  private func exponent(_ text: RawSpan, _ start: Int, _ mark: Int, _ end: Int, _ negative: Bool) -> Nanoseconds? {
    var mantissa: Int64 = 0
    var point = 0
    var seenPoint = false
    for i in start..<mark {
      let byte = text.unchecked(i)
      if byte == 0x2e {
        seenPoint = true
      } else if mantissa < 100_000_000_000_000_000 {
        mantissa = mantissa * 10 + Int64(byte &- 0x30)
        if seenPoint { point += 1 }
      }
    }
    var p = mark + 1
    if p < end, text.unchecked(p) == 0x2b { p += 1 }
    guard end - p >= 1, end - p <= 2 else { return nil }
    var power = 9 - point
    var read = 0
    while p < end {
      guard text.unchecked(p).isASCIIDigit else { return nil }
      read = read * 10 + Int(text.unchecked(p) &- 0x30)
      p += 1
    }
    power += read
    guard power >= 0, power <= 18 else { return nil }
    for _ in 0..<power {
      let (next, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      mantissa = next
    }
    return negative ? -mantissa : mantissa
  }
}

/// ns of whole seconds and a fraction in ns; nil outside the years that ns can say.
@inline(__always)
func nanoseconds(seconds: Int, fraction: Int) -> Nanoseconds? {
  guard seconds > -9_223_372_036, seconds < 9_223_372_036 else { return nil }
  return Int64(seconds) &* nanosecondsPerSecond &+ Int64(fraction)
}
