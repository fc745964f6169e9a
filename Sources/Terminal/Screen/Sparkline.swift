// A rate over time in one row of cells, against the rate that is usual.

import Reports

/// A bar for each value, the newest at the right.
enum Sparkline {
  static let bars: [String] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Puts exactly `width` columns. The tallest bar is the largest value; bars at or below `baseline` are dim, those above
  /// four times of it strong.
  static func put(_ values: [Double], baseline: Double, width: Int, on line: inout StyledLine) {
    let shown = values.suffix(max(0, width))
    line.put(String(repeating: " ", count: max(0, width - shown.count)))
    let top = shown.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
    for value in shown {
      guard value.isFinite, value > 0, top > 0 else {
        line.put(bars[0], .dim)
        continue
      }
      let step = min(bars.count - 1, Int((value / top * Double(bars.count)).rounded(.up)) - 1)
      let style: TextStyle = value <= baseline ? .dim : value <= baseline * 4 ? .medium : .high
      line.put(bars[max(0, step)], style)
    }
  }

  /// `×12`, how far the peak is above what is usual; empty where nothing is known of that.
  static func ratio(_ peak: Double, to baseline: Double) -> String {
    guard baseline > 0, peak.isFinite, baseline.isFinite, peak > 0 else { return "" }
    let ratio = peak / baseline
    if ratio >= 9_999.5 { return "×>9999" }
    return ratio < 9.95 ? "×\(Double(Int((ratio * 10).rounded())) / 10)" : "×\(Int(ratio.rounded()))"
  }
}
