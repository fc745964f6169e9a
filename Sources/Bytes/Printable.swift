// Text from outside, fit for a terminal and for one field of a table.

/// Names of files may hold what a terminal obeys, as may words of a rule or a pipeline: control characters, invisible
/// and bidirectional ones become `\u{...}`; the tab, line end and backslash what C writes for them.
/// - Parameter keepsLines: Line ends and backslashes stay: the text is ours, of several lines.
public func printable(_ text: String, keepsLines: Bool = false) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n" where keepsLines, "\\" where keepsLines: result.append(scalar)
    case "\t": result.append(contentsOf: "\\t".unicodeScalars)
    case "\n": result.append(contentsOf: "\\n".unicodeScalars)
    case "\r": result.append(contentsOf: "\\r".unicodeScalars)
    case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse:
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      default: result.append(scalar)
      }
    }
  }
  return String(result)
}
