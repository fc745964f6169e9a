// One line of the screen: runs of text that is already safe to show, each in a style.

import Reports

/// How text looks. Nothing is said by colour alone.
enum CellStyle: Sendable, Equatable {
  case plain, bold, dim, title, bar, selected
  case critical, high, medium, low, good
}

struct ScreenLine: Sendable, Equatable {
  struct Run: Sendable, Equatable {
    var text: String
    var style: CellStyle
  }
  private(set) var runs: [Run] = []
  private(set) var columns = 0
  let width: Int

  init(width: Int) { self.width = max(0, width) }

  /// Puts `text`, cut to what is left. It went through `shown`, or is our own.
  mutating func put(_ text: String, _ style: CellStyle = .plain) {
    let text = text.clipped(to: width - columns)
    guard !text.isEmpty else { return }
    columns += text.columns
    if runs.last?.style == style {
      runs[runs.count - 1].text += text
    } else {
      runs.append(Run(text: text, style: style))
    }
  }

  mutating func put(_ text: String, width: Int, right: Bool = false, _ style: CellStyle = .plain) {
    put(text.fitted(to: min(width, self.width - columns), right: right), style)
  }

  mutating func move(to column: Int) {
    if column > columns { put(String(repeating: " ", count: min(column, width) - columns)) }
  }

  /// Fills the rest with blanks of the last run's, or this, style.
  mutating func fill(_ style: CellStyle = .plain) {
    if columns < width { put(String(repeating: " ", count: width - columns), style) }
  }

  /// All of it in one style: what is selected.
  func all(_ style: CellStyle) -> ScreenLine {
    var line = ScreenLine(width: width)
    line.put(text, style)
    line.fill(style)
    return line
  }

  var text: String { runs.map(\.text).joined() }
}

/// What a person presses.
enum Key: Sendable, Equatable {
  case character(Unicode.Scalar)
  case up, down, left, right, pageUp, pageDown, home, end
  case enter, escape, backspace, interrupt
}
