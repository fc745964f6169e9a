// Numbers, times and durations as people read them. Always the same text for the same value: no locale.

import Bytes

package enum Figures {
  /// 1,234,567
  package static func grouped(_ value: UInt64) -> String {
    var text = ""
    for (i, digit) in String(value).reversed().enumerated() {
      if i > 0, i % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  /// At most `decimals` decimals, rounded half away from zero, without trailing zeros. What is not finite is 0.
  package static func decimal(_ value: Double, decimals: Int = 3) -> String {
    guard value.isFinite else { return "0" }
    let limited = min(max(value, -1e15), 1e15)
    var scale: Int64 = 1
    for _ in 0..<decimals { scale *= 10 }
    guard abs(limited) * Double(scale) < 9e18 else { return String(Int64(limited)) }
    let scaled = Int64((limited * Double(scale)).rounded())
    let whole = abs(scaled) / scale
    var fraction = abs(scaled) % scale
    var text = (scaled < 0 ? "-" : "") + String(whole)
    guard fraction > 0 else { return text }
    var digits = decimals
    while fraction % 10 == 0 {
      fraction /= 10
      digits -= 1
    }
    let tail = String(fraction)
    text += "." + String(repeating: "0", count: digits - tail.count) + tail
    return text
  }

  /// 950, 12.3k, 4.56M: three digits that count.
  package static func short(_ value: UInt64) -> String {
    let units: [(UInt64, String)] = [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")]
    for (size, name) in units where value >= size {
      return threeDigits(Double(value) / Double(name == "k" ? 1_000 : size)) + name
    }
    return String(value)
  }

  /// 1.23 GB: decimal units.
  package static func bytes(_ value: UInt64) -> String {
    let units: [(UInt64, String)] = [
      (1_000_000_000_000_000, "PB"), (1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"),
    ]
    for (size, name) in units where value >= size { return threeDigits(Double(value) / Double(size)) + " " + name }
    return "\(value) B"
  }

  package static func threeDigits(_ value: Double) -> String {
    decimal(value, decimals: value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
  }

  /// Requests a second.
  package static func rate(_ value: Double) -> String {
    guard value.isFinite, value >= 0 else { return "0/s" }
    if value > 0, value < 0.05 { return threeDigits(value * 3600) + "/h" }
    if value < 1 { return threeDigits(value) + "/s" }
    return (value < 10_000 ? threeDigits(value) : short(UInt64(min(value, 1e18)))) + "/s"
  }

  /// Of 0 to 1, whatever was read.
  package static func percent(_ share: Double) -> String {
    "\(Int(((share.isFinite ? min(max(share, 0), 1) : 0) * 100).rounded())) %"
  }

  /// 83.1 %; never 100 % or 0 % of what is only nearly so.
  package static func percent(_ part: UInt64, of whole: UInt64) -> String {
    guard whole > 0 else { return "–" }
    if part == 0 { return "0 %" }
    if part >= whole { return "100 %" }
    let share = Double(part) / Double(whole) * 100
    if share < 0.01 { return "<0.01 %" }
    if share > 99.99 { return ">99.99 %" }
    return decimal(share, decimals: share < 1 || share > 99 ? 2 : 1) + " %"
  }

  /// A time between `first` and `last` of a report: with its date where the report spans several days.
  package static func time(_ time: Nanoseconds, withDate: Bool) -> String {
    let text = CivilTime.rfc3339(time)
    let date = text.prefix { $0 != "T" }
    let clock = text.drop { $0 != "T" }.dropFirst().dropLast()
    return withDate ? "\(date) \(clock)" : String(clock)
  }

  package static func day(_ time: Nanoseconds) -> Int64 { CivilTime.floorDivide(time, 86_400 * nanosecondsPerSecond) }

  /// RFC 3339 with as many decimals, by threes, as the time has.
  package static func exact(_ time: Nanoseconds) -> String {
    let fraction = time &- CivilTime.floorDivide(time, nanosecondsPerSecond) &* nanosecondsPerSecond
    let digits = fraction == 0 ? 0 : fraction % 1_000_000 == 0 ? 3 : fraction % 1_000 == 0 ? 6 : 9
    return CivilTime.rfc3339(time, fractionDigits: digits)
  }

  /// 45 s, 3 min 20 s, 2 h 5 min, 3 d 4 h.
  package static func duration(from start: Nanoseconds, to end: Nanoseconds) -> String {
    let (difference, overflow) = end.subtractingReportingOverflow(start)
    let seconds = overflow ? 0 : max(0, difference / nanosecondsPerSecond)
    func pair(_ a: Int64, _ first: String, _ b: Int64, _ second: String) -> String {
      b == 0 ? "\(a) \(first)" : "\(a) \(first) \(b) \(second)"
    }
    if seconds < 60 { return seconds == 0 ? "under 1 s" : "\(seconds) s" }
    if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
    if seconds < 86_400 { return pair(seconds / 3600, "h", seconds % 3600 / 60, "min") }
    return pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
  }

  /// Microseconds.
  package static func latency(_ value: UInt64) -> String {
    if value < 1_000 { return "\(value) µs" }
    if value < 1_000_000 { return threeDigits(Double(value) / 1e3) + " ms" }
    return threeDigits(Double(value) / 1e6) + " s"
  }

  package static func plural(_ count: UInt64, _ one: String, _ many: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? one : many ?? one + "s")"
  }
}
