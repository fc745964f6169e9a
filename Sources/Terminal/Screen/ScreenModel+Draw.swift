// What the screen shows: the table, its head and foot, and the help.

import Bytes
import Detection
import Reports

extension ScreenModel {
  /// Exactly `rows` lines of `columns` each. Keeps what is selected in view.
  mutating func draw() -> [StyledLine] {
    guard rows >= Self.smallest.rows, columns >= Self.smallest.columns else {
      var line = StyledLine(width: columns)
      line.put("larger, please")
      line.fill()
      return [line] + (1..<rows).map { _ in blank }
    }
    update()
    var body: [StyledLine]
    switch view {
    case .list: body = drawList()
    case .help: body = drawHelp()
    case .detail(let id): body = drawDetail(id)
    }
    body = Array(body.prefix(rows - 2))
    while body.count < rows - 2 { body.append(blank) }
    return ([drawHead()] + body + [drawFoot()]).map { line in
      var line = line
      line.fill()
      return line
    }
  }

  private var blank: StyledLine {
    var line = StyledLine(width: columns)
    line.fill()
    return line
  }

  // MARK: Head and foot

  private func drawHead() -> StyledLine {
    var line = StyledLine(width: columns)
    let now = listed.lazy.filter { $0.attack.state != .ended }.count
    line.put(" millrace ", .title)
    line.put(shown(title) + "  ", .bar)
    line.put("\(now) now", now > 0 ? .high : .bar)
    line.put(" · \(listed.count - now) lately", .bar)
    if !filter.isEmpty { line.put(" · of \(book.known.count)", .bar) }
    if isPaused { line.put(unseen > 0 ? "  PAUSED, \(unseen) unseen" : "  PAUSED", .medium) }
    if book.isClosed { line.put("  all input has ended", .bar) }
    if book.damaged > 0 { line.put("  \(book.damaged) unreadable", .medium) }
    if book.watermark > .min, book.watermark < .max {
      let time = "as of \(Figures.exact(book.watermark).prefix(19).map { $0 == "T" ? " " : String($0) }.joined())Z "
      if line.columns + time.columns + 2 <= columns {
        line.put(String(repeating: " ", count: columns - line.columns - time.columns), .bar)
        line.put(time, .bar)
      }
    }
    line.fill(.bar)
    return line
  }

  private func drawFoot() -> StyledLine {
    var line = StyledLine(width: columns)
    if isFiltering {
      line.put(" /", .bold)
      line.put(shown(filter))
      line.put(" ", .selected)
      line.put("  Enter keeps, Esc drops", .dim)
      return line
    }
    if !problem.isEmpty {
      line.put(" " + shown(problem), .medium)
      return line
    }
    switch view {
    case .list:
      line.put(" ↑↓ select  Enter open  / filter  s sort: \(order.rawValue)  p pause  ? help  q quit", .dim)
      if !filter.isEmpty { line.put("  filter: \(shown(filter))", .bold) }
    case .detail: line.put(" ↑↓ scroll  Esc back  p pause  ? help  q quit", .dim)
    case .help: line.put(" any key goes back", .dim)
    }
    return line
  }

  // MARK: The table

  private enum Field: CaseIterable {
    case mark, severity, attack, attackClass, zone, last, spark, peak, ratio, sources, requests, confidence

    var heading: String {
      switch self {
      case .mark: ""
      case .severity: "SEVERITY"
      case .attack: "ATTACK"
      case .attackClass: "CLASS"
      case .zone: "ZONE"
      case .last: "LAST"
      case .spark: "RATE"
      case .peak: "PEAK"
      case .ratio: "USUAL"
      case .sources: "SOURCES"
      case .requests: "REQUESTS"
      case .confidence: "SURE"
      }
    }
    /// Least columns.
    var width: Int {
      switch self {
      case .mark: 1
      case .severity: 8
      case .attack: 21
      case .attackClass: 13
      case .zone: 10
      case .last: 8
      case .spark: 12
      case .peak: 7
      case .ratio: 6
      case .sources: 7
      case .requests: 8
      case .confidence: 5
      }
    }
    var isRight: Bool {
      switch self {
      case .peak, .ratio, .sources, .requests, .confidence: true
      default: false
      }
    }
    /// Which come first where not all have room; 0 always.
    var rank: Int {
      switch self {
      case .mark, .attack, .zone: 0
      case .severity: 1
      case .spark: 2
      case .sources: 3
      case .confidence: 4
      case .last: 5
      case .peak: 6
      case .ratio: 7
      case .requests: 8
      case .attackClass: 9
      }
    }
  }

  /// The fields that fit, and the columns of `zone`, which takes what is left.
  private func fields() -> (fields: [Field], zone: Int) {
    var wanted: Set<Field> = []
    var used = 0
    for field in Field.allCases.sorted(by: { $0.rank < $1.rank }) {
      guard field.rank == 0 || used + field.width + 1 <= columns else { break }
      wanted.insert(field)
      used += field.width + 1
    }
    return (Field.allCases.filter(wanted.contains), max(4, Field.zone.width + columns - used))
  }

  private mutating func drawList() -> [StyledLine] {
    let (fields, zone) = fields()
    var head = StyledLine(width: columns)
    for field in fields {
      head.put(field.heading, width: field == .zone ? zone : field.width, right: field.isRight, .bold)
      head.put(" ")
    }
    guard !listed.isEmpty else {
      var line = StyledLine(width: columns)
      line.put(filter.isEmpty ? "  No attack so far." : "  Nothing matches '\(shown(filter))'; Esc shows all.", .dim)
      return [head, blank, line]
    }
    let index = selectedIndex
    if index < firstRow { firstRow = index }
    if index >= firstRow + pageRows { firstRow = index - pageRows + 1 }
    firstRow = min(max(0, firstRow), max(0, listed.count - pageRows))
    var lines = [head]
    for row in firstRow..<min(listed.count, firstRow + pageRows) {
      let line = draw(listed[row], fields, zone: zone)
      lines.append(row == index ? line.all(.selected) : line)
    }
    return lines
  }

  private func draw(_ known: KnownAttack, _ fields: [Field], zone: Int) -> StyledLine {
    let attack = known.attack
    let isOver = attack.state == .ended
    var line = StyledLine(width: columns)
    for field in fields {
      let width = field == .zone ? zone : field.width
      func put(_ text: String, _ style: TextStyle = .plain) {
        line.put(text, width: width, right: field.isRight, isOver && style == .plain ? .dim : style)
      }
      switch field {
      case .mark: put(isOver ? "·" : attack.state == .started ? "!" : "●", isOver ? .dim : .high)
      case .severity: put(attack.severity.name, isOver ? .dim : TextReport.style(attack.severity))
      case .attack: put(attack.title, isOver ? .plain : .bold)
      case .attackClass: put(shown(attack.attackClass))
      case .zone: put(attack.zoneName)
      case .last: put(Self.last(attack, watermark: book.watermark))
      case .spark: Sparkline.put(known.rates, baseline: attack.baselineRate, width: width, on: &line)
      case .peak: put(Figures.rate(attack.peakRate))
      case .ratio: put(Sparkline.ratio(attack.peakRate, to: attack.baselineRate))
      case .sources: put(Figures.short(attack.sourceCount))
      case .requests: put(Figures.short(attack.requests))
      case .confidence: put(Figures.percent(attack.confidence))
      }
      line.put(" ")
    }
    return line
  }

  /// The clock of the day that the line has come to, else the date.
  private static func last(_ attack: Attack, watermark: Nanoseconds) -> String {
    let isToday = Figures.day(attack.end) == Figures.day(min(watermark, .max))
    let text = Figures.time(attack.end, withDate: !isToday)
    return isToday ? String(text.prefix(8)) : String(text.prefix(10).dropFirst(2))
  }

  // MARK: Help

  private func drawHelp() -> [StyledLine] {
    let keys: [(String, String)] = [
      ("↑ ↓  j k", "select an attack; PgUp PgDn Home End as well"),
      ("Enter", "open it: evidence, sources, targets, rules, timeline"),
      ("Esc", "back; in the table: show all again"),
      ("/", "filter: words that the kind, class, zone, state, severity, id or an address has"),
      ("s S", "sort by: " + Order.allCases.map(\.rawValue).joined(separator: ", ")),
      ("p", "pause: what comes meanwhile is shown afterwards"),
      ("q", "quit"),
    ]
    var lines = [blank]
    for (key, meaning) in keys {
      var line = StyledLine(width: columns)
      line.put("  ")
      line.put(key, width: 10, .bold)
      line.put(meaning)
      lines.append(line)
    }
    let marks = [
      "! has just started   ● goes on   · has ended",
      "RATE: requests a second from telling to telling, the newest at the right; bright where above what is usual.",
      "USUAL: how many times what is usual in that zone the peak was.",
    ]
    for (i, text) in marks.enumerated() {
      if i == 0 { lines.append(blank) }
      var line = StyledLine(width: columns)
      line.put("  " + text, .dim)
      lines.append(line)
    }
    return lines
  }
}
