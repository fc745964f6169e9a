// The attacks: a table that sorts, and what is known of each.

import Bytes
import Detection

extension HTMLReport {
  static func writeHead(_ columns: [(name: String, numeric: Bool)], _ page: inout HTMLPage) {
    page.raw("<thead><tr>")
    for column in columns {
      page.raw(
        "<th scope=\"col\"\(column.numeric ? " class=\"n\"" : "")><button type=\"button\">\(column.name)</button></th>")
    }
    page.raw("</tr></thead>\n")
  }

  static func confidence(_ attack: Attack) -> UInt64 {
    UInt64((min(max(attack.confidence.isFinite ? attack.confidence : 0, 0), 1) * 100).rounded())
  }

  /// A rate as a number to sort by.
  private static func sortable(_ rate: Double) -> UInt64 {
    rate.isFinite ? UInt64(min(max(rate, 0), 1e12) * 1000) : 0
  }

  /// - Parameter left: Attacks that are not on the page.
  static func writeAttacks(_ report: ReplayReport, _ attacks: [Attack], left: Int, _ page: inout HTMLPage) {
    guard !attacks.isEmpty else { return }
    page.raw("<h2>Attacks</h2>\n")
    if left > 0 {
      page.raw(
        "<p class=\"soft\">The \(Figures.grouped(UInt64(attacks.count))) most severe. \(Figures.grouped(UInt64(left))) more are in the JSON report.</p>\n"
      )
    }
    page.raw("<section class=\"card scroll\"><table>\n")
    writeHead(
      [
        ("Severity", false), ("Attack", false), ("Site", false), ("Start", false), ("Lasted", true), ("Requests", true),
        ("Peak", true), ("Usually", true), ("Sources", true), ("Sure", true),
      ], &page)
    page.raw("<tbody>\n")
    for (index, attack) in attacks.enumerated() {
      page.raw(
        "<tr><td data-v=\"\(attack.severity.rawValue)\"><span class=\"badge \(attack.severity.name)\">\(attack.severity.name)</span></td><td class=\"w\" data-v=\"\(attack.title)\"><a href=\"#a\(index)\">\(attack.title)</a></td><td data-v=\""
      )
      page.text(attack.zoneName)
      page.raw("\">")
      page.text(attack.zoneName)
      page.raw(
        "</td><td class=\"w\" data-v=\"\(Figures.exact(attack.start))\">\(Figures.time(attack.start, withDate: true))</td>"
      )
      let (lasted, overflow) = attack.end.subtractingReportingOverflow(attack.start)
      page.cell(
        number: overflow ? 0 : UInt64(max(lasted, 0)),
        Figures.duration(from: attack.start, to: attack.end) + (attack.state == .ended ? "" : ", still on"))
      page.cell(number: attack.requests, Figures.grouped(attack.requests))
      page.cell(number: sortable(attack.peakRate), Figures.rate(attack.peakRate))
      page.cell(
        number: sortable(attack.baselineRate), attack.baselineRate > 0 ? Figures.rate(attack.baselineRate) : "–")
      page.cell(number: attack.sourceCount, Figures.grouped(attack.sourceCount))
      page.cell(number: confidence(attack), "\(confidence(attack)) %")
      page.raw("</tr>\n")
    }
    page.raw("</tbody></table></section>\n<h2>Each attack</h2>\n<section class=\"attacks\">\n")
    for (index, attack) in attacks.enumerated() { writeCard(attack, index, open: index < 6, &page) }
    page.raw("</section>\n")
  }

  private static func writeCard(_ attack: Attack, _ index: Int, open: Bool, _ page: inout HTMLPage) {
    page.raw(
      "<details class=\"card\" id=\"a\(index)\"\(open ? " open" : "")><summary><span class=\"badge \(attack.severity.name)\">\(attack.severity.name)</span><b>\(attack.title)</b><span class=\"soft\">"
    )
    page.text(attack.zoneName)
    page.raw("</span><span class=\"right\">")
    let sameDay = Figures.day(attack.start) == Figures.day(attack.end)
    page.text(
      "\(Figures.time(attack.start, withDate: true)) – \(attack.state == .ended ? Figures.time(attack.end, withDate: !sameDay) : "still on") · "
        + "\(Figures.plural(attack.requests, "request")) · \(Figures.plural(attack.sourceCount, "source")) · \(confidence(attack)) % sure"
    )
    page.raw("</span></summary>\n<div class=\"body\"><p>")
    page.text(attack.explanation)
    page.raw("</p>\n<div class=\"facts\">\n")
    writeFacts(
      "Sources",
      attack.sources.map {
        let known = $0.note.map { " " + $0.text } ?? ""
        return (Array(($0.address.description + known).utf8), bounded($0.requests, $0.lower, $0.upper))
      },
      total: attack.sourceCount, &page)
    writeFacts(
      "Targets", attack.targets.map { ($0.path, bounded($0.requests, $0.lower, $0.upper)) },
      total: UInt64(attack.targets.count), &page)
    writeFacts(
      "Rules", attack.rules.map { (Array($0.title.utf8), Figures.grouped($0.matches)) },
      total: UInt64(attack.rules.count),
      &page)
    page.raw("</div>\n")
    if !attack.evidence.isEmpty {
      page.raw("<div class=\"evidence mono\">\n")
      for line in attack.evidence.prefix(8) {
        page.raw("<div><span class=\"soft\">")
        page.text(shown(line.file).suffixClipped(to: 44))
        page.text(":\(line.line) \(Figures.time(line.time, withDate: false)) \(line.client) → \(line.status)")
        page.raw("</span><span>")
        page.text(line.request)
        page.raw("</span></div>\n")
      }
      page.raw("</div>\n")
    }
    writeMeasures(attack, &page)
    page.raw("<div class=\"soft mono\">id ")
    page.text(attack.id)
    page.raw("</div></div></details>\n")
  }

  private static func writeMeasures(_ attack: Attack, _ page: inout HTMLPage) {
    let measures = attack.mitigations
    guard !measures.isEmpty else { return }
    if let text = attack.fingerprintText {
      page.raw("<p><b>Fingerprint</b> <span class=\"mono\">")
      page.text(text)
      page.raw("</span></p>\n")
    }
    for measure in measures {
      page.raw(
        "<details class=\"measure\"><summary>\(measure.kind) by \(measure.basis.rawValue)<span class=\"soft\"> · ")
      page.text("for \(measure.hours) h · hits \(attack.normalText(measure.normalHits))")
      page.raw("</span></summary><pre class=\"mono\">")
      for line in measure.text.split(separator: "\n") {
        page.text(String(line))
        page.raw("\n")
      }
      page.raw("</pre><p class=\"soft\">Undo: ")
      page.text(measure.undoLine)
      if !measure.note.isEmpty { page.text(". \(measure.note)") }
      page.raw("</p></details>\n")
    }
  }

  static func bounded(_ requests: UInt64, _ lower: UInt64, _ upper: UInt64) -> String {
    lower == upper ? Figures.grouped(requests) : "\(Figures.grouped(lower)) to \(Figures.grouped(upper))"
  }

  private static func writeFacts(
    _ name: String, _ facts: [([UInt8], String)], total: UInt64, _ page: inout HTMLPage
  ) {
    guard !facts.isEmpty else { return }
    page.raw("<div><h3>\(name)</h3><ol>\n")
    for (value, count) in facts.prefix(8) {
      page.raw("<li><span class=\"mono\">")
      page.text(value)
      page.raw("</span><span>")
      page.text(count)
      page.raw("</span></li>\n")
    }
    let written = UInt64(min(facts.count, 8))
    if total > written {
      page.raw("<li class=\"soft\"><span>and \(Figures.grouped(total - written)) more</span></li>\n")
    }
    page.raw("</ol></div>\n")
  }
}
