// The comparison of two rule sets for a terminal.

import Bytes

extension RuleDiffReport {
  /// Rules that are shown with their examples; the others have a line each.
  private static let detailed = 40

  /// - Parameters:
  ///   - width: Columns of the terminal; 60 to 400 are used.
  ///   - color: Whether escape sequences for colour may be written.
  public func render(width: Int, color: Bool, into output: inout ByteBuffer) {
    var canvas = TextCanvas(width: width, color: color)
    if let partial {
      canvas.put("PARTIAL ", .medium)
      canvas.paragraph(shown(partial), indent: 8, limit: 2)
    }
    for (name, source, count) in [("A", sourceA, ruleCountA), ("B", sourceB, ruleCountB)] {
      canvas.put("rules \(name)  ", .dim)
      canvas.line("\(Figures.plural(UInt64(clamping: count), "rule")) of \(shown(source.joined(separator: ", ")))")
    }
    canvas.newline()
    canvas.put(Figures.plural(requests, "request"), .bold)
    canvas.line(
      "; \(Figures.grouped(attacksA)) judged an attack by A, \(Figures.grouped(attacksB)) by B (score \(threshold) or more)"
    )
    canvas.line(
      "\(Figures.plural(attacks.onlyA, "attack")) by A only, \(Figures.grouped(attacks.onlyB)) by B only; "
        + "\(Figures.plural(changed, "request")) matched by other rules")
    write("ATTACKS BY B ONLY", attacks.onlyB, attacks.examplesB, &canvas)
    write("ATTACKS BY A ONLY", attacks.onlyA, attacks.examplesA, &canvas)
    writeRules(&canvas)
    for remark in remarks {
      canvas.newline()
      canvas.put("note    ", .dim)
      canvas.paragraph(shown(remark), indent: 8)
    }
    output.append(canvas.output.bytes)
  }

  private func write(_ title: String, _ count: UInt64, _ examples: [Example], _ canvas: inout TextCanvas) {
    guard count > 0 else { return }
    canvas.newline()
    canvas.put(title, .title)
    canvas.line("  \(Figures.plural(count, "request"))")
    for example in examples { write(example, indent: 2, &canvas) }
  }

  private func writeRules(_ canvas: inout TextCanvas) {
    canvas.newline()
    if rules.isEmpty {
      canvas.line("No rule matches other requests.", .good)
      return
    }
    let numbers = 10
    let column = canvas.width - 4 * numbers
    canvas.put("BY RULE", .title)
    canvas.move(to: column)
    for name in ["A", "B", "A only", "B only"] { canvas.put(name, width: numbers, right: true, .dim) }
    canvas.newline()
    for (index, rule) in rules.enumerated() {
      canvas.put(shown(rule.id).fitted(to: column - 1), .bold)
      canvas.move(to: column)
      canvas.put(rule.isInA ? Figures.short(rule.matchesA) : "–", width: numbers, right: true)
      canvas.put(rule.isInB ? Figures.short(rule.matchesB) : "–", width: numbers, right: true)
      canvas.put(Figures.short(rule.difference.onlyA), width: numbers, right: true)
      canvas.put(Figures.short(rule.difference.onlyB), width: numbers, right: true)
      canvas.newline()
      if rule.title != rule.id { canvas.line("  \(shown(rule.title))", .dim) }
      guard index < Self.detailed else { continue }
      for (mark, examples) in [("B only  ", rule.difference.examplesB), ("A only  ", rule.difference.examplesA)] {
        for example in examples { write(example, mark: mark, indent: 2, &canvas) }
      }
    }
  }

  private func write(_ example: Example, mark: String = "", indent: Int, _ canvas: inout TextCanvas) {
    canvas.move(to: indent)
    canvas.put(mark, .medium)
    canvas.put("\(shown(example.file).suffixClipped(to: 40)):\(example.line)  ", .dim)
    canvas.line(shown(example.request))
    for (name, value) in [("host", example.host), ("agent", example.userAgent), ("referrer", example.referrer)]
    where !value.isEmpty && value != [0x2d] {
      canvas.move(to: indent + 6)
      canvas.put("\(name)  ", .dim)
      canvas.line(shown(value))
    }
    for (name, judgement) in [("A", example.a), ("B", example.b)] {
      canvas.move(to: indent + 6)
      canvas.put("\(name) ", .dim)
      canvas.put("\(judgement.score)", width: 3, right: true)
      canvas.line("  " + shown(judgement.rules.joined(separator: ", ")))
    }
  }
}
