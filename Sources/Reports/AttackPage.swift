// One attack, told whole: on a terminal's screen, or printed.

import Bytes
import Detection

/// Lines of a page, made one after another.
package struct AttackPage {
  private let width: Int
  private var lines: [StyledLine] = []

  package mutating func line(_ body: (inout StyledLine) -> Void) {
    var line = StyledLine(width: width)
    body(&line)
    lines.append(line)
  }

  private mutating func blank() { line { _ in } }

  package mutating func section(_ name: String) {
    blank()
    line { $0.put(" \(name)", .title) }
  }

  /// A count with its bounds where they differ, and what it is of.
  private mutating func row(_ name: String, _ count: UInt64, _ lower: UInt64, _ upper: UInt64) {
    line { line in
      line.put(Figures.short(count), width: 9, right: true)
      line.put("  \(name)")
      if lower != upper { line.put("  (\(Figures.short(lower)) to \(Figures.short(upper)))", .dim) }
    }
  }

  /// Words over as many lines as they need. What has no blank in it is broken where `breaksWords` says so.
  private mutating func paragraph(_ text: String, indent: Int = 1, breaksWords: Bool = false) {
    let room = max(8, width - indent - 1)
    let margin = String(repeating: " ", count: indent)
    var current = ""
    func pieces(_ word: String) -> [String] {
      guard breaksWords, word.columns > room else { return [word] }
      var all: [String] = []
      var piece = ""
      for scalar in word.unicodeScalars {
        if piece.columns >= room - 1 {
          all.append(piece)
          piece = ""
        }
        piece.unicodeScalars.append(scalar)
      }
      return all + [piece]
    }
    for word in text.split(separator: " ").flatMap({ pieces(String($0)) }) {
      if !current.isEmpty, current.columns + 1 + word.columns > room {
        line { $0.put(margin + current) }
        current = ""
      }
      current += (current.isEmpty ? "" : " ") + word
    }
    if !current.isEmpty { line { $0.put(margin + current) } }
  }

  private init(width: Int) { self.width = width }

  /// All that is known of an attack.
  ///
  /// - Parameters:
  ///   - wrapsMeasures: Whether lines to paste are broken as well, where they are too wide.
  ///   - history: Puts in what is known of its course.
  package static func lines(
    of attack: Attack, width: Int, wrapsMeasures: Bool = true, history: (inout AttackPage) -> Void = { _ in }
  ) -> [StyledLine] {
    var page = AttackPage(width: width)
    page.line { line in
      line.put(" ")
      line.put(attack.severity.name.uppercased(), TextReport.style(attack.severity))
      line.put("  \(attack.title)", .bold)
      line.put(" on \(attack.zoneName)  ")
      line.put(attack.state.rawValue, attack.state == .ended ? .good : .high)
      line.put("  \(Figures.percent(attack.confidence)) sure")
    }
    page.line { $0.put(" \(shown(attack.id))  \(attack.kind.rawValue)  \(shown(attack.attackClass))", .dim) }
    page.blank()
    page.paragraph(shown(attack.explanation))
    page.blank()
    page.line { line in
      line.put(" From \(Figures.exact(attack.start)) to \(Figures.exact(attack.end))")
      line.put(" (\(Figures.duration(from: attack.start, to: attack.end)))", .dim)
    }
    page.line { line in
      line.put(
        " \(Figures.plural(attack.requests, "request")) from \(Figures.plural(attack.sourceCount, "source")); peak ")
      line.put(attack.rates, .bold)
    }
    history(&page)
    if !attack.evidence.isEmpty {
      page.section("Evidence")
      for evidence in attack.evidence {
        page.line { line in
          line.put("  \(shown(evidence.file).suffixClipped(to: max(16, width / 3))):\(evidence.line)", .bold)
          line.put("  \(Figures.exact(evidence.time))  \(evidence.client)  → \(evidence.status)", .dim)
        }
        page.paragraph(shown(evidence.request), indent: 4, breaksWords: true)
      }
    }
    if !attack.sources.isEmpty {
      let rest = attack.sourceCount > UInt64(attack.sources.count) ? ", the most active of them" : ""
      page.section("Sources: \(Figures.grouped(attack.sourceCount))\(rest)")
      for source in attack.sources {
        let known = source.note.map { "  " + shown($0.text) } ?? ""
        page.row(source.address.description + known, source.requests, source.lower, source.upper)
      }
    }
    if !attack.targets.isEmpty {
      page.section("Targets")
      for target in attack.targets { page.row(shown(target.path), target.requests, target.lower, target.upper) }
    }
    if let text = attack.fingerprintText {
      page.section("Fingerprint")
      page.paragraph(text, indent: 2)
    }
    if !attack.rules.isEmpty {
      page.section("Rules")
      for rule in attack.rules {
        page.line { line in
          line.put(Figures.short(rule.matches), width: 9, right: true)
          line.put("  \(shown(rule.title.isEmpty ? rule.id : rule.title))")
          if !rule.title.isEmpty { line.put("  \(shown(rule.id))", .dim) }
        }
      }
    }
    for measure in attack.mitigations {
      page.section("Mitigation: \(measure.kind) by \(measure.basis.rawValue)")
      page.line { line in
        line.put("  for \(measure.hours) h; hits \(attack.normalText(measure.normalHits))", .dim)
      }
      for row in measure.text.split(separator: "\n") {
        if wrapsMeasures {
          page.paragraph(String(row), indent: 4, breaksWords: true)
        } else {
          var line = StyledLine(width: .max)
          line.put("    \(row)")
          page.lines.append(line)
        }
      }
      page.paragraph("Undo: \(measure.undoLine)", indent: 2)
      if !measure.note.isEmpty { page.paragraph(measure.note, indent: 2) }
    }
    return page.lines
  }
}
