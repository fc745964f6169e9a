// The progress bar: on a terminal's standard error, and nowhere else.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

/// One line that is drawn over itself a few times a second.
struct Progress {
  private let enabled: Bool
  private let begin: Double
  private var drawn = false
  private var lastDraw = 0.0

  init() {
    enabled = isatty(2) == 1
    begin = Self.now()
  }

  /// Seconds of the monotonic clock.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// - Parameters:
  ///   - done: Bytes of the files read so far, as they are on disk.
  ///   - total: Of all files; nil where a pipe is among them.
  mutating func show(done: UInt64, total: UInt64?, lines: UInt64) {
    guard enabled else { return }
    let now = Self.now()
    guard now - lastDraw >= 0.2 else { return }
    lastDraw = now
    drawn = true
    var size = winsize()
    let width = ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    let text = Self.line(done: done, total: total, lines: lines, elapsed: now - begin, width: width - 1)
    fputs("\r\(text)\u{1b}[K", 2)
  }

  /// Takes the bar away.
  mutating func clear() {
    guard drawn else { return }
    drawn = false
    fputs("\r\u{1b}[K", 2)
  }

  static func line(done: UInt64, total: UInt64?, lines: UInt64, elapsed: Double, width: Int) -> String {
    let rate = elapsed > 0 ? Double(lines) / elapsed : 0
    var facts = "\(amount(Double(done)))B"
    var fraction: Double?
    if let total, total > 0 {
      let share = min(1, Double(done) / Double(total))
      fraction = share
      facts = "\(Int(share * 100))%  \(amount(Double(done)))B of \(amount(Double(total)))B"
    }
    facts += "  \(amount(rate)) lines/s"
    if let fraction, fraction > 0.01, elapsed > 0.5 {
      facts += "  \(duration(elapsed / fraction - elapsed)) left"
    }
    guard let fraction, width > facts.utf8.count + 14 else { return String(facts.prefix(max(0, width))) }
    let cells = min(40, width - facts.utf8.count - 4)
    let full = Int(fraction * Double(cells))
    return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: cells - full) + "]  " + facts
  }

  private static func amount(_ value: Double) -> String {
    var value = value
    var unit = ""
    for next in ["k", "M", "G", "T"] where value >= 1000 {
      value /= 1000
      unit = next
    }
    let tenths = Int(value * 10)
    return unit.isEmpty
      ? "\(Int(value)) " : value < 100 ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(Int(value)) \(unit)"
  }

  private static func duration(_ seconds: Double) -> String {
    let seconds = Int(min(max(0, seconds), 359_999))
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds / 60 % 60) min"
  }

  private func fputs(_ text: String, _ descriptor: Int32) {
    var text = text
    text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}
