// The report for a terminal: what an on-call engineer wants on one screen.

import Bytes
import Detection

public enum TextReport {
  /// Attacks that are shown whole; the next `listed` have a line each.
  static let detailed = 12
  static let listed = 40

  /// - Parameters:
  ///   - width: Columns of the terminal; 60 to 400 are used.
  ///   - color: Whether escape sequences for colour may be written: a terminal, and no `NO_COLOR`.
  public static func render(_ report: ReplayReport, width: Int, color: Bool, into output: inout ByteBuffer) {
    var canvas = TextCanvas(width: width, color: color)
    let attacks = report.sortedAttacks
    writeVerdict(report, attacks, &canvas)
    if let partial = report.partial {
      canvas.put("PARTIAL ", .medium)
      canvas.paragraph(shown(partial), indent: 8, limit: 2)
    }
    let manyDays = spansDays(report)
    let columns = Columns(attacks.prefix(detailed + listed), withDate: manyDays)
    for attack in attacks.prefix(detailed) {
      canvas.newline()
      write(attack, columns, withDate: manyDays, &canvas)
    }
    if attacks.count > detailed {
      canvas.newline()
      for attack in attacks.dropFirst(detailed).prefix(listed) {
        writeHeading(attack, columns, withDate: manyDays, &canvas)
      }
      if attacks.count > detailed + listed {
        canvas.line("… and \(attacks.count - detailed - listed) more: --report json or html shows all", .dim)
      }
    }
    if attacks.isEmpty { writeWhatWasLookedAt(report, &canvas) }
    writeTraffic(report, withDate: manyDays, &canvas)
    writeInput(report, &canvas)
    output.append(canvas.output.bytes)
  }

  /// One attack and all that is known of it. Measures stand on lines of their own length, to be copied.
  public static func explain(_ attack: Attack, width: Int, color: Bool, into output: inout ByteBuffer) {
    for line in AttackPage.lines(of: attack, width: min(max(width, 60), 120), wrapsMeasures: false) {
      var text = ""
      for run in line.runs { text += color ? run.style.applied(to: run.text) : run.text }
      output.append(text)
      output.append(0x0a)
    }
  }

  static func spansDays(_ report: ReplayReport) -> Bool {
    guard let first = report.input.first, let last = report.input.last else { return false }
    return Figures.day(first) != Figures.day(last)
  }

  package static func style(_ severity: Severity) -> TextStyle {
    switch severity {
    case .critical: .critical
    case .high: .high
    case .medium: .medium
    case .low: .low
    }
  }

  // MARK: Verdict

  private static func writeVerdict(_ report: ReplayReport, _ attacks: [Attack], _ canvas: inout TextCanvas) {
    if report.input.lines == 0 {
      canvas.line("Nothing to read: the input has no lines.", .bold)
      return
    }
    if attacks.isEmpty {
      canvas.put("No attack found", .good)
    } else {
      canvas.put("\(Figures.plural(UInt64(attacks.count), "attack")) found", .bold)
      var separator = ": "
      for severity in Severity.allCases.reversed() {
        let count = attacks.filter { $0.severity == severity }.count
        if count == 0 { continue }
        canvas.put(separator)
        canvas.put("\(count) \(severity.name)", style(severity))
        separator = ", "
      }
    }
    canvas.put(" in \(Figures.plural(report.requests, "request"))")
    if let first = report.input.first, let last = report.input.last {
      let days = spansDays(report)
      let span =
        "\(Figures.time(first, withDate: true)) to \(Figures.time(last, withDate: days)) UTC (\(Figures.duration(from: first, to: last)))"
      if span.columns + 2 <= canvas.left {
        canvas.put(", \(span)")
      } else {
        canvas.newline()
        canvas.put(span, .dim)
      }
    }
    canvas.newline()
  }

  private static func writeWhatWasLookedAt(_ report: ReplayReport, _ canvas: inout TextCanvas) {
    guard report.input.lines > 0 else { return }
    var looked: [String] = []
    if report.ruleCount > 0 { looked.append(Figures.plural(UInt64(report.ruleCount), "rule")) }
    looked += report.detectors
    guard !looked.isEmpty else { return }
    canvas.paragraph("Looked for with " + looked.joined(separator: ", ") + ".", indent: 0, limit: 3)
  }

  // MARK: Attacks

  /// Columns that all headings share, so that they stand beneath each other.
  private struct Columns {
    var when = 0
    var requests = 0
    var sources = 0

    init(_ attacks: ArraySlice<Attack>, withDate: Bool) {
      for attack in attacks {
        when = max(when, TextReport.when(attack, withDate: withDate).columns)
        requests = max(requests, TextReport.requests(attack).columns)
        sources = max(sources, TextReport.sources(attack).columns)
      }
    }
  }

  /// Month and day are enough beneath a verdict that has the year.
  private static func when(_ attack: Attack, withDate: Bool) -> String {
    func short(_ time: Nanoseconds, _ withDate: Bool) -> String {
      let text = Figures.time(time, withDate: withDate)
      return withDate ? String(text.drop { $0 != "-" }.dropFirst()) : text
    }
    guard attack.state == .ended else { return "since " + short(attack.start, withDate) }
    let sameDay = Figures.day(attack.start) == Figures.day(attack.end)
    return short(attack.start, withDate) + "–" + short(attack.end, withDate && !sameDay)
  }

  private static func requests(_ attack: Attack) -> String { "\(Figures.short(attack.requests)) req" }
  private static func sources(_ attack: Attack) -> String { "\(Figures.short(attack.sourceCount)) src" }

  /// Columns of title and site in a heading that has `free` for both; where there is little, the site goes elsewhere.
  private static func widths(_ free: Int) -> (title: Int, zone: Int) {
    let title = min(23, free)
    return free - title - 1 >= 12 ? (title, free - title - 1) : (free, 0)
  }

  private static func fixedWidth(_ columns: Columns) -> Int {
    9 + 2 + columns.when + 2 + columns.requests + 2 + columns.sources + 2 + 5
  }

  /// One line: severity, what, where, when, how many, how sure.
  private static func writeHeading(
    _ attack: Attack, _ columns: Columns, withDate: Bool, _ canvas: inout TextCanvas
  ) {
    let free = max(0, canvas.width - fixedWidth(columns))
    let (titleWidth, zoneWidth) = widths(free)
    canvas.put(attack.severity.name.uppercased(), width: 8, style(attack.severity))
    canvas.put(" ")
    canvas.put(attack.title, width: titleWidth, .bold)
    if zoneWidth > 0 {
      canvas.put(" ")
      canvas.put(attack.zoneName, width: zoneWidth)
    }
    canvas.put("  ")
    canvas.put(when(attack, withDate: withDate), width: columns.when)
    canvas.put("  ")
    canvas.put(requests(attack), width: columns.requests, right: true)
    canvas.put("  ")
    canvas.put(sources(attack), width: columns.sources, right: true)
    canvas.put("  ")
    canvas.put(Figures.percent(attack.confidence), width: 5, right: true)
    canvas.newline()
  }

  private static func label(_ text: String, _ canvas: inout TextCanvas) {
    canvas.put("  ")
    canvas.put(text, width: 8, .dim)
  }

  private static func write(_ attack: Attack, _ columns: Columns, withDate: Bool, _ canvas: inout TextCanvas) {
    writeHeading(attack, columns, withDate: withDate, &canvas)
    if !attack.sources.isEmpty {
      label("who", &canvas)
      let rest = attack.sourceCount > UInt64(attack.sources.count) ? attack.sourceCount : 0
      writeList(
        attack.sources.map { source in
          let bound = source.lower == source.upper ? "" : "≥"
          let known = source.note.map { ": " + shown($0.text) } ?? ""
          return
            "\(source.address.description) (\(bound)\(Figures.short(bound.isEmpty ? source.requests : source.lower))\(known))"
        }, total: max(rest, UInt64(attack.sources.count)), &canvas)
    }
    let zoneIsShown = widths(max(0, canvas.width - fixedWidth(columns))).zone >= attack.zoneName.columns
    if !attack.targets.isEmpty || !zoneIsShown {
      label("where", &canvas)
      if !zoneIsShown { canvas.put(attack.zoneName + "  ") }
      writeList(
        attack.targets.map { "\(shown($0.path).clipped(to: 48)) (\(Figures.short($0.requests)))" },
        total: UInt64(attack.targets.count), &canvas)
    }
    label("why", &canvas)
    canvas.paragraph(
      shown(attack.explanation) + " Peak \(attack.rates).", indent: 10,
      limit: attack.sources.contains { $0.note != nil } ? 5 : 4)
    if let line = attack.evidence.first {
      label("example", &canvas)
      canvas.put("\(shown(line.file).suffixClipped(to: 30)):\(line.line)", .dim)
      canvas.put(" → \(line.status)  ")
      canvas.put(shown(line.request))
      canvas.newline()
    }
    // Addresses are the narrower measure, where all of them are known.
    let allAreListed = attack.sourceCount == UInt64(attack.sources.count)
    if !allAreListed, let fingerprint = attack.fingerprint, let text = attack.fingerprintText {
      // By what an answer says nobody can be turned away.
      label(fingerprint.parts.allSatisfy(\.field.canBeSeenBeforeTheAnswer) ? "block" : "told by", &canvas)
      canvas.paragraph(text, indent: 10, limit: 2)
    } else if allAreListed, !attack.sources.isEmpty, attack.normalSampled > 0 {
      label("block", &canvas)
      let whom = attack.sourceCount == 1 ? "its address" : "its \(attack.sourceCount) addresses"
      canvas.paragraph("\(whom): hits \(attack.normalText(attack.normalFromSources))", indent: 10, limit: 2)
    }
    label("id", &canvas)
    canvas.put(shown(attack.id), .dim)
    if let rule = attack.rules.first {
      let more = attack.rules.count > 1 ? ", and \(attack.rules.count - 1) more" : ""
      let by = "   rule \(shown(rule.title)) (\(Figures.short(rule.matches)))\(more)"
      canvas.put(by, .dim)
    }
    canvas.newline()
  }

  /// As many items as fit on the line, then how many more there are.
  private static func writeList(_ items: [String], total: UInt64, _ canvas: inout TextCanvas) {
    var written: UInt64 = 0
    for (index, item) in items.enumerated() {
      let rest = total - min(total, written + 1)
      let note = rest > 0 ? "  +\(Figures.grouped(rest)) more" : ""
      if index > 0, canvas.column + 2 + item.columns + note.columns > canvas.width { break }
      canvas.put(index > 0 ? "  \(item)" : item)
      written += 1
    }
    if total > written { canvas.put("  +\(Figures.grouped(total - written)) more", .dim) }
    canvas.newline()
  }
}

extension String {
  /// At most `limit` columns, cut at the front: of a path the end tells more.
  package func suffixClipped(to limit: Int) -> String {
    guard columns > limit, limit > 0 else { return self }
    var kept: [Unicode.Scalar] = []
    var used = 0
    for scalar in unicodeScalars.reversed() {
      if used + scalar.columns > limit - 1 { break }
      used += scalar.columns
      kept.append(scalar)
    }
    var text = "…"
    for scalar in kept.reversed() { text.unicodeScalars.append(scalar) }
    return text
  }
}
