// One line of a page or a screen: runs of text that is already safe to show, each in a style.

package struct StyledLine: Sendable, Equatable {
  package struct Run: Sendable, Equatable {
    package var text: String
    package var style: TextStyle
  }
  package private(set) var runs: [Run] = []
  package private(set) var columns = 0
  package let width: Int

  package init(width: Int) { self.width = max(0, width) }

  /// Puts `text`, cut to what is left. It went through `shown`, or is our own.
  package mutating func put(_ text: String, _ style: TextStyle = .plain) {
    let text = text.clipped(to: width - columns)
    guard !text.isEmpty else { return }
    columns += text.columns
    if runs.last?.style == style {
      runs[runs.count - 1].text += text
    } else {
      runs.append(Run(text: text, style: style))
    }
  }

  package mutating func put(_ text: String, width: Int, right: Bool = false, _ style: TextStyle = .plain) {
    put(text.fitted(to: min(width, self.width - columns), right: right), style)
  }

  package mutating func move(to column: Int) {
    if column > columns { put(String(repeating: " ", count: min(column, width) - columns)) }
  }

  /// Fills the rest with blanks of the last run's, or this, style.
  package mutating func fill(_ style: TextStyle = .plain) {
    if columns < width { put(String(repeating: " ", count: width - columns), style) }
  }

  /// All of it in one style: what is selected.
  package func all(_ style: TextStyle) -> StyledLine {
    var line = StyledLine(width: width)
    line.put(text, style)
    line.fill(style)
    return line
  }

  package var text: String { runs.map(\.text).joined() }
}
