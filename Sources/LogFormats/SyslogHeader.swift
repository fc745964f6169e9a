// The header that syslog puts before a line: RFC 5424, RFC 3164, and what rsyslog and others write to files.

import Bytes

enum SyslogHeader {
  /// Where the message begins, and the header's own time if it has one with a year. nil if there is no header.
  static func skip(
    _ line: RawSpan, _ from: Int, _ to: Int, _ stamps: StampParser, reference: Nanoseconds?, _ time: inout Nanoseconds?
  ) -> Int? {
    var p = from
    if p < to, line.unchecked(p) == 0x3c {
      // <PRI>, at most three digits.
      var q = p + 1
      while q < to, q - p <= 3, line.unchecked(q).isASCIIDigit { q += 1 }
      guard q > p + 1, q < to, line.unchecked(q) == 0x3e else { return nil }
      p = q + 1
    }
    if p + 2 < to, line.unchecked(p) == 0x31, line.unchecked(p + 1) == 0x20 {
      return structured(line, p + 2, to, stamps, &time)
    }
    guard let afterTime = stamp(line, p, to, stamps, reference, &time), afterTime < to,
      line.unchecked(afterTime) == 0x20
    else { return nil }
    p = skipBlanks(line, afterTime, to)
    // A host, then a tag; relays that leave the host out write the tag at once.
    let first = wordEnd(line, p, to)
    if first > p, line.unchecked(first - 1) == 0x3a { return skipBlanks(line, first, to) }
    guard first > p, isHost(line, p, first) else { return nil }
    p = skipBlanks(line, first, to)
    let tag = wordEnd(line, p, to)
    if tag > p, tag - p <= 64, line.unchecked(tag - 1) == 0x3a { p = skipBlanks(line, tag, to) }
    return p
  }

  /// RFC 5424 behind its version: time, host, app, process, message id, structured data, message.
  private static func structured(
    _ line: RawSpan, _ from: Int, _ to: Int, _ stamps: StampParser, _ time: inout Nanoseconds?
  ) -> Int? {
    var p = from
    let end = wordEnd(line, p, to)
    if !(end - p == 1 && line.unchecked(p) == 0x2d) {
      var read: Nanoseconds = 0
      guard stamps.calendar(line, p, end, &read) == end else { return nil }
      time = read
    }
    p = end
    for _ in 0..<4 {
      guard p < to, line.unchecked(p) == 0x20 else { return nil }
      p = wordEnd(line, p + 1, to)
    }
    guard p < to, line.unchecked(p) == 0x20 else { return nil }
    p += 1
    if p < to, line.unchecked(p) == 0x2d {
      p += 1
    } else {
      while p < to, line.unchecked(p) == 0x5b {
        guard let close = elementEnd(line, p + 1, to) else { return nil }
        p = close
      }
    }
    if p < to, line.unchecked(p) == 0x20 { p += 1 }
    // The message may begin with a byte order mark.
    if p + 3 <= to, line.unchecked(p) == 0xef, line.unchecked(p + 1) == 0xbb, line.unchecked(p + 2) == 0xbf { p += 3 }
    return p
  }

  /// Index behind the `]` of a structured data element; quotes, backslashes and brackets in values are escaped.
  private static func elementEnd(_ line: RawSpan, _ from: Int, _ to: Int) -> Int? {
    var quoted = false
    var p = from
    while p < to {
      switch line.unchecked(p) {
      case 0x5c: p += 1
      case 0x22: quoted.toggle()
      case 0x5d where !quoted: return p + 1
      default: break
      }
      p += 1
    }
    return nil
  }

  /// `Feb 20 00:00:45`, `Feb 20 2016 00:00:45`, or RFC 3339. Index behind it.
  private static func stamp(
    _ line: RawSpan, _ p: Int, _ to: Int, _ stamps: StampParser, _ reference: Nanoseconds?, _ time: inout Nanoseconds?
  ) -> Int? {
    guard to - p >= 16 else { return nil }
    if line.unchecked(p).isASCIIDigit {
      // Only with the T: a date and a time apart are a log's own columns.
      guard line.unchecked(p + 10) == 0x54 else { return nil }
      var read: Nanoseconds = 0
      let end = wordEnd(line, p, to)
      guard stamps.calendar(line, p, end, &read) == end else { return nil }
      time = read
      return end
    }
    guard let month = line.monthName(p), line.unchecked(p + 3) == 0x20 else { return nil }
    let tens = line.unchecked(p + 4) == 0x20 ? 0x30 : line.unchecked(p + 4)
    guard tens.isASCIIDigit, line.unchecked(p + 5).isASCIIDigit, line.unchecked(p + 6) == 0x20 else { return nil }
    let day = Int(tens &- 0x30) * 10 + Int(line.unchecked(p + 5) &- 0x30)
    var q = p + 7
    var year: Int?
    if to - q >= 14, line.unchecked(q + 4) == 0x20, let read = line.digits4(q) {
      year = read
      q += 5
    }
    guard to - q >= 9, line.unchecked(q + 2) == 0x3a, line.unchecked(q + 5) == 0x3a, let hour = line.digits2(q),
      let minute = line.digits2(q + 3), let second = line.digits2(q + 6), hour < 24, minute < 60, second <= 60
    else { return nil }
    if year == nil, let reference { year = yearNearest(reference, month: month) }
    if let year, day >= 1, day <= CivilTime.daysInMonth(year: year, month: month) {
      let local = CivilTime.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
      time = nanoseconds(seconds: stamps.zone.utc(local: local), fraction: 0)
    }
    var end = q + 8
    if end < to, line.unchecked(end) == 0x2e {
      var ignored = 0
      end = line.fraction(end + 1, to, &ignored)
    }
    return end
  }

  /// The year in which `month` is nearest before or shortly after the reference.
  private static func yearNearest(_ reference: Nanoseconds, month: Int) -> Int {
    let day = Int(CivilTime.floorDivide(CivilTime.floorDivide(reference, nanosecondsPerSecond), 86_400))
    let now = CivilTime.date(days: day)
    return month > now.month + 1 ? now.year - 1 : now.year
  }

  private static func isHost(_ line: RawSpan, _ start: Int, _ end: Int) -> Bool {
    for p in start..<end {
      let byte = line.unchecked(p)
      if !(byte.isWord || byte == 0x2d || byte == 0x2e || byte == 0x3a || byte == 0x40 || byte == 0x2f) { return false }
    }
    return true
  }

  private static func wordEnd(_ line: RawSpan, _ from: Int, _ to: Int) -> Int {
    var p = from
    while p < to, line.unchecked(p) != 0x20 { p += 1 }
    return p
  }

  private static func skipBlanks(_ line: RawSpan, _ from: Int, _ to: Int) -> Int {
    var p = from
    while p < to, line.unchecked(p) == 0x20 { p += 1 }
    return p
  }
}
