// `--help`: what a person reads on a terminal.

extension OptionTable {
  /// - Parameter width: Columns of the terminal; at least 60 are used.
  public func help(width: Int) -> String {
    let width = max(60, min(width, 120))
    var text = "\(summary)\n\nUsage: \(program) [OPTIONS]\(arguments.map { " " + $0 } ?? "")\n"
    if !argumentsHelp.isEmpty { text += "\n" + wrapped(argumentsHelp, indent: 2, width: width) }
    for group in groups {
      text += "\n\(group):\n"
      for option in options where option.group == group {
        text += row("  " + signature(option), option.help, width: width)
      }
    }
    if !exitCodes.isEmpty {
      text += "\nExit status:\n"
      for (code, meaning) in exitCodes { text += row("  \(code)", meaning, width: width, column: 6) }
    }
    if !examples.isEmpty {
      text += "\nExamples:\n"
      for (command, meaning) in examples { text += "  \(command)\n" + wrapped(meaning, indent: 6, width: width) }
    }
    return text
  }

  func signature(_ option: OptionSpec) -> String {
    let short = option.short.map { "-\($0), " } ?? ""
    return "\(short)--\(option.name)\(option.value.map { " " + $0.placeholder } ?? "")"
  }

  private func row(_ left: String, _ right: String, width: Int, column: Int = 28) -> String {
    let body = wrapped(right, indent: column, width: width)
    guard left.count < column - 1 else { return left + "\n" + body }
    return left + String(repeating: " ", count: column - left.count) + body.dropFirst(column)
  }
}

/// Words of `text` in lines of at most `width` columns, each after `indent` spaces and ended by a newline.
func wrapped(_ text: String, indent: Int, width: Int) -> String {
  let margin = String(repeating: " ", count: indent)
  var lines: [String] = []
  var line = ""
  for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
    if !line.isEmpty, indent + line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  lines.append(line)
  return lines.map { margin + $0 + "\n" }.joined()
}
