// Bytes that need not be UTF-8, a character at a time, and which characters are not to be let near a reader.

/// Reads `bytes` as UTF-8, strictly (no overlongs, no surrogates): each well-formed character, or each byte that is not
/// part of one.
struct ScalarSequence: Sequence, IteratorProtocol {
  enum Element {
    case scalar(Unicode.Scalar)
    case invalid(UInt8)
  }
  let bytes: [UInt8]
  var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Element? {
    guard index < bytes.count else { return nil }
    let first = bytes[index]
    if first < 0x80 {
      index += 1
      return .scalar(Unicode.Scalar(first))
    }
    let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    guard first >= 0xc2, first <= 0xf4, index + length <= bytes.count else { return invalid(first) }
    var value = UInt32(first) & (0x7f >> UInt32(length))
    for offset in 1..<length {
      let byte = bytes[index + offset]
      guard byte & 0xc0 == 0x80 else { return invalid(first) }
      value = value << 6 | UInt32(byte & 0x3f)
    }
    let smallest: UInt32 = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return invalid(first) }
    index += length
    return .scalar(scalar)
  }

  private mutating func invalid(_ byte: UInt8) -> Element {
    index += 1
    return .invalid(byte)
  }
}

extension Unicode.Scalar {
  /// Whether a terminal or a page may do something else than show it: controls (C0, DEL, C1), line and paragraph
  /// separators, bidirectional controls, invisible characters, tags, non-characters and private use.
  var isHostile: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0: true
    case 0xad, 0x61c, 0x115f...0x1160, 0x180e, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0x3164, 0xfeff,
      0xffa0:
      true
    case 0xe000...0xf8ff, 0xfff9...0xfffb, 0xfe00...0xfe0f: true
    case 0xe0000...0x10ffff: true
    default: value & 0xfffe == 0xfffe || (value >= 0xfdd0 && value <= 0xfdef)
    }
  }

  /// Columns it takes on a terminal: 0 for marks that sit on the one before, 2 for wide ones (Unicode's East Asian
  /// Width W and F, and emoji), else 1.
  package var columns: Int {
    switch value {
    case 0x300...0x36f, 0x483...0x489, 0x591...0x5bd, 0x610...0x61a, 0x64b...0x65f, 0x900...0x902, 0x93c, 0x941...0x948,
      0x94d, 0xe31, 0xe34...0xe3a, 0xe47...0xe4e, 0x1ab0...0x1aff, 0x1dc0...0x1dff, 0x20d0...0x20f0, 0x302a...0x302d,
      0x3099...0x309a, 0xfe20...0xfe2f:
      0
    case 0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x23f0, 0x23f3, 0x25fd...0x25fe,
      0x2614...0x2615, 0x2648...0x2653, 0x267f, 0x2693, 0x26a1, 0x26aa...0x26ab, 0x26bd...0x26be, 0x26c4...0x26c5,
      0x26ce, 0x26d4, 0x26ea, 0x26f2...0x26f3, 0x26f5, 0x26fa, 0x26fd, 0x2705, 0x270a...0x270b, 0x2728, 0x274c, 0x274e,
      0x2753...0x2755, 0x2757, 0x2795...0x2797, 0x27b0, 0x27bf, 0x2b1b...0x2b1c, 0x2b50, 0x2b55, 0x2e80...0x303e,
      0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3,
      0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18aff, 0x1b000...0x1b2ff, 0x1f004,
      0x1f0cf, 0x1f18e, 0x1f191...0x1f19a, 0x1f200...0x1f320, 0x1f32d...0x1f335, 0x1f337...0x1f37c, 0x1f37e...0x1f393,
      0x1f3a0...0x1f3ca, 0x1f3cf...0x1f3d3, 0x1f3e0...0x1f3f0, 0x1f3f4, 0x1f3f8...0x1f43e, 0x1f440, 0x1f442...0x1f4fc,
      0x1f4ff...0x1f53d, 0x1f54b...0x1f567, 0x1f57a, 0x1f595...0x1f596, 0x1f5a4, 0x1f5fb...0x1f64f, 0x1f680...0x1f6c5,
      0x1f6cc, 0x1f6d0...0x1f6d7, 0x1f6dc...0x1f6ec, 0x1f6f4...0x1f6fc, 0x1f7e0...0x1f7f0, 0x1f90c...0x1faff,
      0x20000...0x3fffd:
      2
    default: 1
    }
  }
}

let hexadecimalDigits: [Character] = Array("0123456789abcdef")

/// `\xHH` of each UTF-8 byte of what is not shown.
private func appendEscape(of byte: UInt8, to text: inout String) {
  text += "\\x"
  text.append(hexadecimalDigits[Int(byte >> 4)])
  text.append(hexadecimalDigits[Int(byte & 15)])
}

/// `bytes` as text that is safe to show on a terminal: hostile characters and bytes that are not UTF-8 as `\xHH`.
package func shown(_ bytes: [UInt8]) -> String {
  var text = ""
  text.reserveCapacity(bytes.count)
  for element in ScalarSequence(bytes) {
    switch element {
    case .invalid(let byte): appendEscape(of: byte, to: &text)
    case .scalar(let scalar):
      if scalar.isHostile {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { appendEscape(of: byte, to: &text) }
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
  return text
}

/// As `shown` of its UTF-8.
package func shown(_ text: String) -> String { shown(Array(text.utf8)) }

extension String {
  /// Columns on a terminal.
  package var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

  /// At most `limit` columns, the last an ellipsis where something was cut.
  package func clipped(to limit: Int) -> String {
    if utf8.count <= limit || columns <= limit { return self }
    guard limit > 0 else { return "" }
    var kept = ""
    var used = 0
    for scalar in unicodeScalars {
      if used + scalar.columns > limit - 1 { break }
      used += scalar.columns
      kept.unicodeScalars.append(scalar)
    }
    return kept + "…"
  }

  /// Clipped to and filled up to `width` columns.
  package func fitted(to width: Int, right: Bool = false) -> String {
    let text = clipped(to: width)
    let fill = String(repeating: " ", count: max(0, width - text.columns))
    return right ? fill + text : text + fill
  }
}
