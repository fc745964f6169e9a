// Traffic over time by class of status, and beneath it when each attack took place: inline SVG.

import Bytes
import Detection

extension HTMLReport {
  private static let width = 1240.0
  private static let left = 52.0
  private static let plotHeight = 190.0
  private static let laneHeight = 18.0
  private static let mostLanes = 14

  static func writeTimeline(_ report: ReplayReport, _ attacks: [Attack], _ page: inout HTMLPage) {
    let traffic = report.traffic
    guard traffic.series.count > 1, traffic.seriesStep > 0 else { return }
    // At most 240 bars.
    let size = (traffic.series.count + 239) / 240
    let groups = stride(from: 0, to: traffic.series.count, by: size).map { start in
      traffic.series[start..<min(start + size, traffic.series.count)]
    }
    let origin = Double(traffic.seriesStart)
    let step = Double(traffic.seriesStep)
    let span = step * Double(traffic.series.count)
    let plotWidth = width - left - 8
    func x(_ time: Double) -> Double { left + min(max((time - origin) / span, 0), 1) * plotWidth }
    func rate(_ group: ArraySlice<TrafficReport.Point>, _ value: (TrafficReport.Point) -> UInt64) -> Double {
      group.reduce(0.0) { $0 + Double(value($1)) } / (Double(group.count) * step / 1e9)
    }
    let highest = max(groups.map { rate($0, \.requests) }.max() ?? 0, 1e-9)
    let (top, ticks) = scale(highest)
    let base = 10 + plotHeight
    func y(_ value: Double) -> Double { base - min(value / top, 1) * plotHeight }

    let lanes = lay(attacks, x: x)
    let shownLanes = min(mostLanes, (lanes.max() ?? -1) + 1)
    let height = base + 24 + Double(shownLanes) * laneHeight + 4
    page.raw("<h2>Timeline</h2>\n<section class=\"card timeline\"><div class=\"scroll\">\n")
    page.raw(
      "<svg viewBox=\"0 0 \(number(width)) \(number(height))\" role=\"img\" aria-label=\"Requests a second by status over time, and attacks\">\n"
    )
    for tick in ticks {
      page.raw(
        "<line class=\"grid\" x1=\"\(number(left))\" x2=\"\(number(width - 8))\" y1=\"\(number(y(tick)))\" y2=\"\(number(y(tick)))\"/>"
      )
      page.raw("<text x=\"\(number(left - 6))\" y=\"\(number(y(tick) + 4))\" text-anchor=\"end\">")
      page.text(tick == 0 ? "0" : Figures.rate(tick))
      page.raw("</text>\n")
    }
    writeTimeAxis(from: origin, span: span, base: base, x: x, &page)
    // What an attack covers is tinted in the plot.
    for (index, attack) in attacks.enumerated() where lanes[index] < shownLanes {
      let (from, to) = (x(Double(attack.start)), x(Double(attack.end)))
      page.raw(
        "<rect class=\"span \(attack.severity.name)\" x=\"\(number(from))\" y=\"10\" width=\"\(number(max(to - from, 2)))\" height=\"\(number(plotHeight))\"/>\n"
      )
    }
    // One path a class, stacked: failures at the bottom, where they are seen.
    let classes: [(String, (TrafficReport.Point) -> UInt64)] = [
      ("s5", \.statuses.serverError), ("s4", \.statuses.clientError), ("s3", \.statuses.redirect),
      ("s2", \.statuses.success), ("s1", \.statuses.informational),
    ]
    var floors = [Double](repeating: 0, count: groups.count)
    let slot = plotWidth / Double(traffic.series.count) * Double(size)
    for (name, value) in classes {
      var path = ""
      for (index, group) in groups.enumerated() {
        let amount = rate(group, value)
        if amount <= 0 { continue }
        let from = left + slot * Double(index)
        let barWidth = max(slot * Double(group.count) / Double(size) - (slot > 3 ? 1 : 0), 0.5)
        let (low, high) = (y(floors[index]), y(floors[index] + amount))
        floors[index] += amount
        path += "M\(number(from)) \(number(low))V\(number(high))h\(number(barWidth))V\(number(low))z"
      }
      if !path.isEmpty { page.raw("<path class=\"\(name)\" d=\"\(path)\"/>\n") }
    }
    writeHovers(groups, slot: slot, origin: origin, step: step, size: size, &page)
    writeLanes(attacks, lanes, shownLanes, top: base + 24, x: x, &page)
    page.raw("</svg></div>\n<div class=\"legend\">")
    for (name, text) in [("s2", "2xx"), ("s3", "3xx"), ("s4", "4xx"), ("s5", "5xx")] {
      page.raw(
        "<span><svg viewBox=\"0 0 10 10\"><rect class=\"\(name)\" width=\"10\" height=\"10\" rx=\"2\"/></svg>\(text)</span>"
      )
    }
    let hidden = lanes.filter { $0 >= shownLanes }.count
    let more = hidden > 0 ? ", \(hidden) of them only in the table" : ""
    page.raw("<span>requests a second, UTC; attacks beneath\(more)</span></div></section>\n")
  }

  private static func writeHovers(
    _ groups: [ArraySlice<TrafficReport.Point>], slot: Double, origin: Double, step: Double, size: Int,
    _ page: inout HTMLPage
  ) {
    for (index, group) in groups.enumerated() {
      let statuses = group.reduce(into: [UInt64](repeating: 0, count: 5)) { sums, point in
        for (i, value) in point.statuses.all.enumerated() { sums[i] &+= value }
      }
      let requests = group.reduce(UInt64(0)) { $0 &+ $1.requests }
      let time = Int64(clamping: Int(min(max(origin + step * Double(index * size), -9e18), 9e18)))
      page.raw(
        "<rect class=\"hit\" x=\"\(number(left + slot * Double(index)))\" y=\"10\" width=\"\(number(slot))\" height=\"\(number(plotHeight))\"><title>"
      )
      page.text("\(Figures.time(time, withDate: true)): \(Figures.plural(requests, "request"))")
      for (name, value) in zip(["1xx", "2xx", "3xx", "4xx", "5xx"], statuses) where value > 0 {
        page.text(", \(name) \(Figures.grouped(value))")
      }
      page.raw("</title></rect>\n")
    }
  }

  /// The lane of each attack: the first that its bar and name leave free, the most severe first.
  private static func lay(_ attacks: [Attack], x: (Double) -> Double) -> [Int] {
    var taken: [[ClosedRange<Double>]] = []
    return attacks.map { attack in
      let (bar, label) = place(attack, x: x)
      let extent = min(bar.lowerBound, label.lowerBound) - 8...max(bar.upperBound, label.upperBound) + 8
      let lane = taken.firstIndex { !$0.contains { $0.overlaps(extent) } } ?? taken.count
      if lane == taken.count { taken.append([]) }
      taken[lane].append(extent)
      return lane
    }
  }

  private static func label(_ attack: Attack) -> String { "\(attack.title) · \(Figures.short(attack.requests))" }

  /// Where an attack's bar and its name are. The name stands on the side that has room.
  private static func place(_ attack: Attack, x: (Double) -> Double) -> (
    bar: ClosedRange<Double>, label: ClosedRange<Double>
  ) {
    let from = min(x(Double(attack.start)), width - 12)
    let to = max(x(Double(attack.end)), from + 4)
    // 6.2 units a character of the 11 px face, about.
    let length = 6.2 * Double(label(attack).columns)
    if to + length + 6 <= width { return (from...to, to + 5...to + 5 + length) }
    if from - 5 - length >= 0 { return (from...to, from - 5 - length...from - 5) }
    // No room on either side of a bar this long: on it.
    let start = max(0, min(from + 4, width - length))
    return (from...to, start...start + length)
  }

  private static func writeLanes(
    _ attacks: [Attack], _ lanes: [Int], _ shownLanes: Int, top: Double, x: (Double) -> Double, _ page: inout HTMLPage
  ) {
    for (index, attack) in attacks.enumerated() where lanes[index] < shownLanes {
      let y = top + Double(lanes[index]) * laneHeight
      let (bar, text) = place(attack, x: x)
      page.raw(
        "<a href=\"#a\(index)\"><rect class=\"\(attack.severity.name)\" x=\"\(number(bar.lowerBound))\" y=\"\(number(y + 3))\" width=\"\(number(bar.upperBound - bar.lowerBound))\" height=\"11\" rx=\"2\"><title>"
      )
      page.text(
        "\(attack.severity.name): \(attack.title) on \(attack.zoneName), \(Figures.plural(attack.requests, "request")) from \(Figures.plural(attack.sourceCount, "source"))"
      )
      page.raw("</title></rect>")
      let before = text.upperBound < bar.lowerBound
      let over = text.overlaps(bar)
      page.raw(
        "<text class=\"lane\(over ? " over" : "")\" x=\"\(number(before ? text.upperBound : text.lowerBound))\" y=\"\(number(y + 12))\"\(before ? " text-anchor=\"end\"" : "")>"
      )
      page.text(label(attack))
      page.raw("</text></a>\n")
    }
  }

  // MARK: Scales

  /// A round top for the axis, and its ticks.
  static func scale(_ highest: Double) -> (top: Double, ticks: [Double]) {
    var unit = 1.0
    while unit * 10 <= highest, unit < 1e18 { unit *= 10 }
    while unit > highest, unit > 1e-12 { unit /= 10 }
    for factor in [1.0, 1.5, 2, 3, 4, 5, 6, 8, 10] where unit * factor >= highest {
      let parts = factor == 1.5 || factor == 3 || factor == 6 ? 3 : 4
      return (unit * factor, (0...parts).map { unit * factor * Double($0) / Double(parts) })
    }
    return (unit * 10, [0, unit * 5, unit * 10])
  }

  private static func writeTimeAxis(
    from origin: Double, span: Double, base: Double, x: (Double) -> Double, _ page: inout HTMLPage
  ) {
    page.raw(
      "<line class=\"axis\" x1=\"\(number(left))\" x2=\"\(number(width - 8))\" y1=\"\(number(base))\" y2=\"\(number(base))\"/>\n"
    )
    let seconds: [Double] = [
      1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000,
      7_776_000, 31_536_000, 157_680_000, 1_576_800_000,
    ]
    guard let step = seconds.first(where: { span / 1e9 / $0 <= 13 }) else { return }
    var tick = (origin / 1e9 / step).rounded(.up) * step
    var previousDay: Int64?
    while tick * 1e9 <= origin + span, abs(tick) < 9e9 {
      let time = Int64(tick * 1e9)
      let day = Figures.day(time)
      let newDay = step >= 86_400 || (previousDay != day && previousDay != nil) || previousDay == nil
      previousDay = day
      let date = Figures.time(time, withDate: true)
      let clock = Figures.time(time, withDate: false)
      let text =
        step >= 86_400
        ? String(date.prefix(10))
        : newDay ? "\(date.prefix(10).dropFirst(5)) \(clock.prefix(5))" : step < 60 ? clock : String(clock.prefix(5))
      let position = x(tick * 1e9)
      let anchor = position < left + 30 ? "start" : position > width - 50 ? "end" : "middle"
      page.raw(
        "<line class=\"axis\" x1=\"\(number(position))\" x2=\"\(number(position))\" y1=\"\(number(base))\" y2=\"\(number(base + 4))\"/>"
      )
      page.raw("<text x=\"\(number(position))\" y=\"\(number(base + 16))\" text-anchor=\"\(anchor)\">")
      page.text(text)
      page.raw("</text>\n")
      tick += step
    }
  }

  /// A coordinate with one decimal.
  static func number(_ value: Double) -> String { Figures.decimal(value, decimals: 1) }
}
