// Bytes from anywhere -> bytes that a terminal shows and does not obey, or that stand in JSON.

/// Text made harmless: what is no valid UTF-8 becomes `\xNN`; control characters, invisible and bidirectional ones, line
/// separators and private ones become escapes.
package enum Escaping {
  /// A longer value is cut, and says so.
  static let limit = 4096

  enum Style {
    /// `\u{1b}`, as Swift writes it; quotes too.
    case text
    /// `\u001b`; what is no UTF-8 becomes `\\xNN`, so that the reader sees the bytes.
    case json
  }

  /// Appends `text` without quotes around it.
  static func append(_ text: String, as style: Style, to line: inout [UInt8]) {
    var text = text
    let count = text.utf8.count
    guard count > limit else {
      for scalar in text.unicodeScalars { append(scalar, as: style, to: &line) }
      return
    }
    text = text.withUTF8 { String(decoding: $0.prefix(limit), as: UTF8.self) }
    for scalar in text.unicodeScalars { append(scalar, as: style, to: &line) }
    line += Array(" (and \(count - limit) bytes more)".utf8)
  }

  static func append(_ bytes: [UInt8], as style: Style, to line: inout [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) { return append(text, as: style, to: &line) }
    for byte in bytes.prefix(limit) {
      if byte < 0x80 {
        append(Unicode.Scalar(byte), as: style, to: &line)
      } else {
        line += Array((style == .json ? "\\\\x" : "\\x").utf8)
        line += [hex(byte >> 4), hex(byte & 15)]
      }
    }
    if bytes.count > limit { line += Array(" (and \(bytes.count - limit) bytes more)".utf8) }
  }

  private static func append(_ scalar: Unicode.Scalar, as style: Style, to line: inout [UInt8]) {
    switch scalar {
    case "\"": line += Array("\\\"".utf8)
    case "\\": line += Array("\\\\".utf8)
    case "\n": line += Array("\\n".utf8)
    case "\r": line += Array("\\r".utf8)
    case "\t": line += Array("\\t".utf8)
    case " "..."~": line.append(UInt8(scalar.value))
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
        if style == .text {
          line += Array("\\u{\(String(scalar.value, radix: 16))}".utf8)
        } else {
          for unit in String(scalar).utf16 {
            line += Array("\\u".utf8)
            for shift in [12, 8, 4, 0] { line.append(hex(UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 15)) }
          }
        }
      default: line += Array(String(scalar).utf8)
      }
    }
  }

  private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }

  /// A JSON string, quotes and all.
  static func json(_ text: String) -> String {
    var bytes: [UInt8] = [0x22]
    append(text, as: .json, to: &bytes)
    bytes.append(0x22)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Text without what a terminal obeys; its own line ends stay.
  package static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var bytes: [UInt8] = []
      for scalar in line.unicodeScalars {
        if scalar == "\"" || scalar == "\\" {
          bytes.append(UInt8(scalar.value))
        } else {
          append(scalar, as: .text, to: &bytes)
        }
      }
      return String(decoding: bytes, as: UTF8.self)
    }.joined(separator: "\n")
  }
}
