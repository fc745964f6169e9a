// One attack, opened.

import Bytes
import Detection
import Reports

extension ScreenModel {
  mutating func drawDetail(_ id: String) -> [StyledLine] {
    guard let known = book.known[id] else {
      var line = StyledLine(width: columns)
      line.put("  This attack has turned out to be part of others. Esc goes back.", .dim)
      return [line]
    }
    let lines = Self.detail(of: known, width: columns)
    firstDetail = min(max(0, firstDetail), max(0, lines.count - (rows - 2)))
    return Array(lines.dropFirst(firstDetail))
  }

  /// All lines of it.
  static func detail(of known: KnownAttack, width: Int) -> [StyledLine] {
    let attack = known.attack
    return AttackPage.lines(of: attack, width: width) { page in
      page.line { line in
        line.put(" rate  ", .dim)
        Sparkline.put(
          known.rates, baseline: attack.baselineRate, width: min(known.rates.count, max(1, width - 9)), on: &line)
      }
      page.section("Timeline")
      for moment in known.timeline {
        page.line { line in
          line.put("  \(Figures.exact(moment.time))  ")
          line.put(moment.state.rawValue, width: 8, moment.state == .ended ? .good : .high)
          line.put("  \(Figures.plural(moment.requests, "request"))")
        }
      }
    }
  }
}
