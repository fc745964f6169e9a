// The report as one page: no outside resources, nothing in it that a client of the logged site could run.

import Bytes
import Detection

public enum HTMLReport {
  /// Attacks on the page, the most severe of all: each takes about 2 KB, and a browser must stay at ease with it.
  static let mostAttacks = 1000

  /// Appends the page. The same report gives the same bytes.
  public static func render(_ report: ReplayReport, into output: inout ByteBuffer) {
    var page = HTMLPage()
    let attacks = report.sortedAttacks
    let title = verdict(report, attacks)
    page.raw(
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; \
      script-src \(SHA256.policySource(script)); style-src \(SHA256.policySource(style))">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <meta name="color-scheme" content="light dark">

      """)
    page.raw("<title>Millrace: ")
    page.text(title)
    page.raw("</title>\n<style>\(style)</style>\n</head>\n<body>\n<main>\n")
    writeHeader(report, attacks, title, &page)
    writeTiles(report, &page)
    let shown = Array(attacks.prefix(mostAttacks))
    writeTimeline(report, shown, &page)
    writeAttacks(report, shown, left: attacks.count - shown.count, &page)
    writeTops(report.traffic, &page)
    writeInput(report, &page)
    page.raw("</main>\n<script>\(script)</script>\n</body>\n</html>\n")
    output.append(page.output.bytes)
  }

  static func verdict(_ report: ReplayReport, _ attacks: [Attack]) -> String {
    if report.input.lines == 0 { return "Nothing to read" }
    let requests = Figures.plural(report.requests, "request")
    return attacks.isEmpty
      ? "No attack found in \(requests)" : "\(Figures.plural(UInt64(attacks.count), "attack")) in \(requests)"
  }

  private static func writeHeader(
    _ report: ReplayReport, _ attacks: [Attack], _ title: String, _ page: inout HTMLPage
  ) {
    page.raw("<header>\n<div class=\"brand\">Millrace</div>\n<h1>")
    page.text(title)
    page.raw("</h1>\n")
    if let first = report.input.first, let last = report.input.last {
      page.raw("<div class=\"soft\">")
      page.text(
        "\(Figures.time(first, withDate: true)) to \(Figures.time(last, withDate: true)) UTC · \(Figures.duration(from: first, to: last))"
      )
      page.raw("</div>\n")
    }
    if !attacks.isEmpty {
      page.raw("<div class=\"chips\">")
      for severity in Severity.allCases.reversed() {
        let count = attacks.filter { $0.severity == severity }.count
        if count > 0 { page.raw("<span class=\"badge \(severity.name)\">\(count) \(severity.name)</span>") }
      }
      page.raw("</div>\n")
    } else if report.input.lines > 0 {
      page.raw("<p class=\"soft\">")
      let rules = report.ruleCount > 0 ? [Figures.plural(UInt64(report.ruleCount), "rule")] : []
      let looked = rules + report.detectors
      if !looked.isEmpty { page.text("Looked for with \(looked.joined(separator: ", ")).") }
      page.raw("</p>\n")
    }
    if let partial = report.partial {
      page.raw("<div class=\"notice\"><b>Partial.</b> ")
      page.text(partial)
      page.raw("</div>\n")
    }
    for remark in report.remarks {
      page.raw("<div class=\"notice\">")
      page.text(remark)
      page.raw("</div>\n")
    }
    page.raw("</header>\n")
  }

  private static func writeTiles(_ report: ReplayReport, _ page: inout HTMLPage) {
    let traffic = report.traffic
    let answered = traffic.statuses.all.reduce(0, &+)
    var tiles = [
      (Figures.grouped(traffic.requests), "requests"), (Figures.bytes(traffic.bytes), "sent"),
      (Figures.short(traffic.clients), "clients, about"),
    ]
    if let peak = TextReport.peak(of: report) { tiles.append((Figures.rate(peak.rate), "peak rate")) }
    tiles.append((Figures.percent(traffic.statuses.clientError, of: answered), "answered 4xx"))
    tiles.append((Figures.percent(traffic.statuses.serverError, of: answered), "answered 5xx"))
    if let latency = traffic.latency {
      tiles.append((Figures.latency(latency.p50), "median time"))
      tiles.append((Figures.latency(latency.p99), "99th percentile"))
    }
    tiles.append((Figures.short(traffic.matched), "hostile requests"))
    page.raw("<section class=\"card tiles\">\n")
    for (value, name) in tiles {
      page.raw("<div class=\"tile\"><b>")
      page.text(value)
      page.raw("</b><span>")
      page.text(name)
      page.raw("</span></div>\n")
    }
    page.raw("</section>\n")
  }
}

/// HTML as it is built: markup is ours, text is escaped.
struct HTMLPage: ~Copyable {
  var output = ByteBuffer(capacity: 1 << 16)

  /// Markup of our own, or numbers.
  mutating func raw(_ markup: String) { output.append(markup) }

  /// Text for an element or a quoted attribute: what is hostile to look at is shown as `\xHH`, markup is escaped.
  mutating func text(_ bytes: [UInt8]) {
    for byte in shown(bytes).utf8 {
      switch byte {
      case 0x26: output.append("&amp;")
      case 0x3c: output.append("&lt;")
      case 0x3e: output.append("&gt;")
      case 0x22: output.append("&quot;")
      case 0x27: output.append("&#39;")
      default: output.append(byte)
      }
    }
  }

  mutating func text(_ text: String) { self.text(Array(text.utf8)) }

  /// A cell that sorts by `value`.
  mutating func cell(number value: UInt64, _ shown: String) {
    raw("<td class=\"n\" data-v=\"\(value)\">")
    text(shown)
    raw("</td>")
  }
}
