// Lines of a terminal: colours where wanted, columns counted.

import Bytes

/// How a run of text looks. Without colour all look alike, so nothing may be said by colour alone.
package enum TextStyle: Sendable {
  case plain, bold, bar, selected, dim, title, critical, high, medium, low, good, success, redirect, clientError,
    serverError

  /// SGR parameters.
  private var code: String {
    switch self {
    case .plain, .bar: ""
    case .bold: "1"
    case .dim: "2"
    case .selected: "7"
    case .title: "1;36"
    case .critical: "1;97;41"
    case .high: "1;31"
    case .medium: "1;33"
    case .low: "1;34"
    case .good: "1;32"
    case .success: "32"
    case .redirect: "36"
    case .clientError: "33"
    case .serverError: "31"
    }
  }

  /// `text`, which is safe to show, in colour.
  func applied(to text: String) -> String { code.isEmpty ? text : "\u{1b}[\(code)m\(text)\u{1b}[0m" }
}

/// Text built a line at a time. All text put here is already safe: it went through `shown`, or is our own.
struct TextCanvas: ~Copyable {
  var output = ByteBuffer(capacity: 1 << 14)
  let width: Int
  let color: Bool
  private(set) var column = 0

  init(width: Int, color: Bool) {
    self.width = min(max(width, 60), 400)
    self.color = color
  }

  var left: Int { max(0, width - column) }

  /// Puts `text`, cut to what is left of the line.
  mutating func put(_ text: String, _ style: TextStyle = .plain) {
    let text = text.clipped(to: left)
    guard !text.isEmpty else { return }
    column += text.columns
    output.append(color ? style.applied(to: text) : text)
  }

  mutating func put(_ text: String, width: Int, right: Bool = false, _ style: TextStyle = .plain) {
    put(text.fitted(to: min(width, left), right: right), style)
  }

  mutating func move(to target: Int) {
    if target > column { put(String(repeating: " ", count: min(target, width) - column)) }
  }

  mutating func newline() {
    // No blanks at the end of a line.
    while output.count > 0, output[output.count - 1] == 0x20 { output.truncate(to: output.count - 1) }
    output.append(0x0a)
    column = 0
  }

  mutating func line(_ text: String = "", _ style: TextStyle = .plain) {
    put(text, style)
    newline()
  }

  /// `items` with dots between, over as many lines as needed, each from `indent` on.
  mutating func list(_ items: [String], indent: Int) {
    for (index, item) in items.enumerated() {
      let dot = index == 0 ? "" : " · "
      if index > 0, column + 3 + item.columns > width {
        newline()
        move(to: indent)
        put(item)
      } else {
        put(dot + item)
      }
    }
    newline()
  }

  /// Words of `text` over as many lines as needed, up to `limit`, each from `indent` on.
  mutating func paragraph(_ text: String, indent: Int, limit: Int = 4, _ style: TextStyle = .plain) {
    var lines = 0
    move(to: indent)
    let begin = column
    let words = text.split(separator: " ").map(String.init)
    for (number, word) in words.enumerated() {
      let space = column > (lines == 0 ? begin : indent) || begin > indent && lines == 0 ? 1 : 0
      // Where this is the last line, a mark must fit behind it that there is more, unless the rest does.
      let isCut =
        lines == limit - 1 && column + space + word.columns + 2 > width && number < words.count - 1
        && column + space + words[number...].reduce(-1) { $0 + 1 + $1.columns } > width
      if column + space + word.columns > width || isCut, column > indent {
        lines += 1
        if lines == limit {
          put(left > 1 ? " …" : "…", style)
          break
        }
        newline()
        move(to: indent)
        put(word, style)
      } else {
        put((space == 1 ? " " : "") + word, style)
      }
      if number == words.count - 1 { break }
    }
    newline()
  }
}
