// What was asked for most, by whom, and what became of the input.

import Bytes

extension HTMLReport {
  static func writeTops(_ traffic: TrafficReport, _ page: inout HTMLPage) {
    let lists = [
      ("Paths", traffic.paths), ("Clients", traffic.topClients), ("User agents", traffic.userAgents),
      ("Networks", traffic.networks), ("Referrers", traffic.referrers), ("Hosts", traffic.hosts),
    ].filter { !$0.1.isEmpty }
    guard !lists.isEmpty else { return }
    page.raw("<h2>Traffic</h2>\n<div class=\"tops\">\n")
    for (name, tops) in lists {
      page.raw("<section class=\"card scroll\"><table>\n")
      writeHead([(name, false), ("Requests", true), ("Errors", true), ("Bytes", true)], &page)
      page.raw("<tbody>\n")
      let most = max(tops.map(\.requests).max() ?? 1, 1)
      for top in tops.prefix(12) {
        page.raw("<tr><td data-v=\"")
        page.text(top.value)
        page.raw("\"><span class=\"value mono\">")
        page.text(top.value.isEmpty ? "(none)" : shown(top.value).clipped(to: 160))
        let share = number(Double(top.requests) / Double(most) * 100)
        page.raw(
          "</span><svg class=\"bar\" viewBox=\"0 0 100 3\" preserveAspectRatio=\"none\"><rect width=\"\(share)\" height=\"3\"/></svg></td>"
        )
        page.raw(
          "<td class=\"n\" data-v=\"\(top.requests)\" title=\"\(Figures.grouped(top.lower)) to \(Figures.grouped(top.upper))\">\(Figures.grouped(top.requests))</td>"
        )
        page.cell(number: top.errors, top.errors == 0 ? "–" : Figures.percent(top.errors, of: top.requests))
        page.cell(number: top.bytes, Figures.bytes(top.bytes))
        page.raw("</tr>\n")
      }
      page.raw("</tbody></table></section>\n")
    }
    page.raw("</div>\n")
  }

  static func writeInput(_ report: ReplayReport, _ page: inout HTMLPage) {
    let input = report.input
    page.raw("<h2>Input</h2>\n<section class=\"card scroll\"><table>\n")
    writeHead([("File", false), ("Format", false), ("Bytes", true), ("Lines", true), ("Parsed", true)], &page)
    page.raw("<tbody>\n")
    for file in input.files {
      page.raw("<tr><td class=\"mono\" data-v=\"")
      page.text(file.path)
      page.raw("\">")
      page.text(file.path)
      page.raw("</td><td data-v=\"")
      page.text(file.format)
      page.raw("\">")
      page.text(file.format)
      page.raw("</td>")
      page.cell(number: file.bytes, Figures.bytes(file.bytes))
      page.cell(number: file.lines, Figures.grouped(file.lines))
      page.cell(number: file.parsed, Figures.percent(file.parsed, of: file.lines))
      page.raw("</tr>\n")
    }
    page.raw("</tbody></table></section>\n")
    if !input.unparsedShapes.isEmpty {
      page.raw("<h2>Lines that did not parse</h2>\n<section class=\"card scroll\"><table>\n")
      writeHead([("Shape", false), ("First at", false), ("Lines", true)], &page)
      page.raw("<tbody>\n")
      for shape in input.unparsedShapes {
        page.raw("<tr><td class=\"mono\" data-v=\"")
        page.text(shape.shape)
        page.raw("\">")
        page.text(shape.shape)
        page.raw("</td><td class=\"mono\" data-v=\"\(shape.line)\">")
        page.text(shown(shape.file).suffixClipped(to: 60))
        page.text(":\(shape.line)")
        page.raw("</td>")
        page.cell(number: shape.count, Figures.grouped(shape.count))
        page.raw("</tr>\n")
      }
      page.raw("</tbody></table></section>\n")
    }
    let ledger = report.ledger
    page.raw(
      "<p class=\"soft\">Ledger: \(ledger.balances ? "<span class=\"good\">balances</span>" : "<span class=\"bad\">does not balance</span>"). "
    )
    page.text(
      "\(Figures.grouped(ledger.lines)) lines: \(Figures.grouped(ledger.parsed)) parsed, \(Figures.grouped(ledger.unparsed)) unparsed, "
        + "\(Figures.grouped(ledger.ahead)) stamped too far ahead, \(Figures.grouped(ledger.sampledOut)) sampled out. "
        + "Of the parsed, \(Figures.grouped(ledger.aggregated)) were counted (\(Figures.grouped(ledger.late)) of them late) and "
        + "\(Figures.grouped(ledger.excluded)) were outside of what was asked for.")
    page.raw("</p>\n")
  }
}
