// Traffic at a glance, and what became of the input.

import Bytes

extension TextReport {
  static func writeTraffic(_ report: ReplayReport, withDate: Bool, _ canvas: inout TextCanvas) {
    let traffic = report.traffic
    guard traffic.requests > 0 else { return }
    canvas.newline()
    canvas.put("TRAFFIC ", .title)
    var facts = [
      Figures.plural(traffic.requests, "request"), Figures.bytes(traffic.bytes),
      "about \(Figures.plural(traffic.clients, "client"))",
    ]
    if let peak = peak(of: report) {
      // A point of the series may be hours long, and the attacks above have peaks of their own, of seconds.
      let span = Figures.duration(from: 0, to: traffic.seriesStep)
      facts.append("busiest \(span): \(Figures.rate(peak.rate)) at \(Figures.time(peak.time, withDate: withDate))")
    }
    if let latency = traffic.latency {
      facts.append("p50 \(Figures.latency(latency.p50)), p99 \(Figures.latency(latency.p99))")
    }
    canvas.put("  ")
    canvas.list(facts, indent: 10)
    writeSparkline(traffic, &canvas)
    writeStatuses(traffic, &canvas)
    writeTops(traffic, &canvas)
  }

  /// The point with most requests. A point may begin long before the first request in it: steps are even numbers.
  static func peak(of report: ReplayReport) -> (rate: Double, time: Nanoseconds)? {
    let traffic = report.traffic
    guard let index = traffic.series.indices.max(by: { traffic.series[$0].requests < traffic.series[$1].requests }),
      traffic.seriesStep > 0
    else { return nil }
    let (offset, overflow) = traffic.seriesStep.multipliedReportingOverflow(by: Int64(index))
    return (
      Double(traffic.series[index].requests) / (Double(traffic.seriesStep) / 1e9),
      max(overflow ? traffic.seriesStart : traffic.seriesStart &+ offset, report.input.first ?? .min)
    )
  }

  /// `values` summed into at most `count` groups of neighbours.
  static func grouped(_ values: [UInt64], into count: Int) -> [UInt64] {
    guard values.count > count, count > 0 else { return values }
    return (0..<count).map { group in
      let from = group * values.count / count
      let to = max(from + 1, (group + 1) * values.count / count)
      // Groups differ in length by one: their mean compares, their sum does not.
      return values[from..<to].reduce(0, &+) / UInt64(to - from)
    }
  }

  private static func writeSparkline(_ traffic: TrafficReport, _ canvas: inout TextCanvas) {
    guard traffic.series.count > 1 else { return }
    canvas.put("  ")
    canvas.put("rate", width: 8, .dim)
    let marks = Array("▁▂▃▄▅▆▇█")
    let values = grouped(traffic.series.map(\.requests), into: canvas.left)
    let most = max(values.max() ?? 1, 1)
    var line = ""
    for value in values {
      let level = value == 0 ? -1 : min(7, Int(Double(value) / Double(most) * 7.999))
      line.append(level < 0 ? " " : marks[level])
    }
    canvas.put(line, .redirect)
    canvas.newline()
  }

  private static func writeStatuses(_ traffic: TrafficReport, _ canvas: inout TextCanvas) {
    let names = ["1xx", "2xx", "3xx", "4xx", "5xx"]
    let styles: [TextStyle] = [.dim, .success, .redirect, .clientError, .serverError]
    // One glyph each, so that the split reads without colour.
    let glyphs: [Character] = ["·", "█", "▓", "▒", "░"]
    let counts = traffic.statuses.all
    let whole = counts.reduce(0, &+)
    guard whole > 0 else { return }
    canvas.put("  ")
    canvas.put("status", width: 8, .dim)
    let texts = counts.indices.filter { counts[$0] > 0 }.map {
      ($0, "\(names[$0]) \(Figures.percent(counts[$0], of: whole))")
    }
    let legend = texts.reduce(0) { $0 + 3 + $1.1.columns }
    let bar = min(60, canvas.left - legend - 2)
    if bar >= 10 {
      var used = 0
      for (index, _) in texts {
        let cells = max(1, Int((Double(counts[index]) / Double(whole) * Double(bar)).rounded()))
        let fitting = min(cells, bar - used)
        if fitting <= 0 { continue }
        canvas.put(String(repeating: glyphs[index], count: fitting), styles[index])
        used += fitting
      }
      canvas.put(" ")
    }
    for (index, text) in texts {
      canvas.put(" \(glyphs[index]) ", styles[index])
      canvas.put(text)
    }
    canvas.newline()
  }

  private static func writeTops(_ traffic: TrafficReport, _ canvas: inout TextCanvas) {
    let hosts = traffic.hosts.filter { !$0.value.isEmpty }
    let lists: [(String, [TrafficReport.Top])] = [
      ("top paths", traffic.paths), ("top clients", traffic.topClients), ("top user agents", traffic.userAgents),
      ("top hosts", hosts.count > 1 ? hosts : traffic.referrers),
    ].map { ($0.0 == "top hosts" && hosts.count <= 1 ? "top referrers" : $0.0, $0.1) }.filter { !$0.1.isEmpty }
    let wide = canvas.width >= 110
    let half = wide ? (canvas.width - 2 - 3) / 2 : canvas.width - 2
    var index = 0
    while index < lists.count {
      let pair = wide && index + 1 < lists.count ? [lists[index], lists[index + 1]] : [lists[index]]
      let rows = wide ? 5 : 3
      for row in -1..<min(rows, pair.map(\.1.count).max() ?? 0) {
        for (column, list) in pair.enumerated() {
          canvas.move(to: 2 + column * (half + 3))
          if row == -1 {
            canvas.put(list.0, width: half - 18, .bold)
            canvas.put("requests", width: 10, right: true, .dim)
            canvas.put("errors", width: 8, right: true, .dim)
          } else if row < list.1.count {
            let top = list.1[row]
            canvas.put(shown(top.value), width: half - 18)
            canvas.put(Figures.short(top.requests), width: 10, right: true)
            canvas.put(top.errors == 0 ? "–" : Figures.percent(top.errors, of: top.requests), width: 8, right: true)
          }
        }
        canvas.newline()
      }
      index += pair.count
    }
  }

  // MARK: Input

  static func writeInput(_ report: ReplayReport, _ canvas: inout TextCanvas) {
    let input = report.input
    guard input.lines > 0 else { return }
    canvas.newline()
    canvas.put("INPUT ", .title)
    var formats: [String] = []
    for file in input.files where !formats.contains(file.format) { formats.append(file.format) }
    let name = input.files.count == 1 ? shown(input.files[0].path).suffixClipped(to: 40) : "\(input.files.count) files"
    canvas.put("    ")
    canvas.list(
      [
        name, Figures.bytes(input.bytes), Figures.plural(input.lines, "line"),
        "\(Figures.percent(input.parsed, of: input.lines)) parsed as \(formats.map(shown).joined(separator: ", "))",
      ], indent: 10)
    for shape in input.unparsedShapes.prefix(3) {
      canvas.put("  ")
      canvas.put("unparsed", width: 8, .clientError)
      canvas.put("  \(Figures.short(shape.count)) like \(shown(shape.file).suffixClipped(to: 30)):\(shape.line)  ")
      canvas.put(shown(shape.shape), .dim)
      canvas.newline()
    }
    let ledger = report.ledger
    var parts = ["\(Figures.grouped(ledger.lines)) lines = \(Figures.grouped(ledger.parsed)) parsed"]
    if ledger.unparsed > 0 { parts.append("\(Figures.grouped(ledger.unparsed)) unparsed") }
    if ledger.ahead > 0 { parts.append("\(Figures.grouped(ledger.ahead)) from the future") }
    if ledger.sampledOut > 0 { parts.append("\(Figures.grouped(ledger.sampledOut)) sampled out") }
    var text = parts.joined(separator: " + ") + "; \(Figures.grouped(ledger.aggregated)) counted"
    if ledger.excluded > 0 { text += ", \(Figures.grouped(ledger.excluded)) outside of what was asked for" }
    if ledger.late > 0 { text += ", of these \(Figures.grouped(ledger.late)) late" }
    canvas.put("  ")
    canvas.put("ledger", width: 8, .dim)
    canvas.put(ledger.balances ? "balances" : "DOES NOT BALANCE", ledger.balances ? .good : .critical)
    canvas.put(" ")
    canvas.paragraph(text, indent: 10, limit: 3)
    for remark in report.remarks {
      canvas.put("  ")
      canvas.put("note", width: 8, .dim)
      canvas.paragraph(shown(remark), indent: 10, limit: 3)
    }
  }
}
