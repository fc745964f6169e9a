// One pass over a value that says which kinds of bytes it holds: the cheap filter before every decoder
// and detector. A value of letters, digits and `-_./` costs this scan and nothing else.

import Bytes

/// Kinds of bytes present in a value.
struct ByteTraits: OptionSet, Sendable {
  let rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }

  static let singleQuote = ByteTraits(rawValue: 1 << 0)
  static let doubleQuote = ByteTraits(rawValue: 1 << 1)
  static let angle = ByteTraits(rawValue: 1 << 2)
  static let parenthesis = ByteTraits(rawValue: 1 << 3)
  static let semicolon = ByteTraits(rawValue: 1 << 4)
  static let pipe = ByteTraits(rawValue: 1 << 5)
  static let ampersand = ByteTraits(rawValue: 1 << 6)
  static let backquote = ByteTraits(rawValue: 1 << 7)
  static let dollar = ByteTraits(rawValue: 1 << 8)
  static let brace = ByteTraits(rawValue: 1 << 9)
  static let dot = ByteTraits(rawValue: 1 << 10)
  static let slash = ByteTraits(rawValue: 1 << 11)
  static let backslash = ByteTraits(rawValue: 1 << 12)
  static let percent = ByteTraits(rawValue: 1 << 13)
  static let plus = ByteTraits(rawValue: 1 << 14)
  static let equals = ByteTraits(rawValue: 1 << 15)
  static let hash = ByteTraits(rawValue: 1 << 16)
  static let minus = ByteTraits(rawValue: 1 << 17)
  static let star = ByteTraits(rawValue: 1 << 18)
  static let space = ByteTraits(rawValue: 1 << 19)
  static let lineBreak = ByteTraits(rawValue: 1 << 20)
  static let control = ByteTraits(rawValue: 1 << 21)
  static let null = ByteTraits(rawValue: 1 << 22)
  static let high = ByteTraits(rawValue: 1 << 23)
  static let bracket = ByteTraits(rawValue: 1 << 24)
  static let colon = ByteTraits(rawValue: 1 << 25)
  static let digit = ByteTraits(rawValue: 1 << 26)
  static let letter = ByteTraits(rawValue: 1 << 27)
  static let at = ByteTraits(rawValue: 1 << 28)
  static let comma = ByteTraits(rawValue: 1 << 29)
  static let question = ByteTraits(rawValue: 1 << 30)
  static let other = ByteTraits(rawValue: 1 << 31)

  /// Whether decoding could change the value.
  static let needsDecoding: ByteTraits = [.percent, .plus, .ampersand, .backslash, .null, .high, .star]

  static let table: InlineArray<256, UInt32> = {
    var table = InlineArray<256, UInt32>(repeating: 0)
    func set(_ bytes: StaticString, _ traits: ByteTraits) {
      for i in 0..<bytes.utf8CodeUnitCount { table[Int(bytes.utf8Start[i])] = traits.rawValue }
    }
    for byte in 0..<256 { table[byte] = ByteTraits.other.rawValue }
    for byte in 0..<0x20 { table[byte] = ByteTraits.control.rawValue }
    for byte in 0x80..<256 { table[byte] = ByteTraits.high.rawValue }
    table[0] = ByteTraits.null.rawValue
    table[0x7f] = ByteTraits.control.rawValue
    set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", .letter)
    set("0123456789", .digit)
    set("'", .singleQuote)
    set("\"", .doubleQuote)
    set("<>", .angle)
    set("()", .parenthesis)
    set(";", .semicolon)
    set("|", .pipe)
    set("&", .ampersand)
    set("`", .backquote)
    set("$", .dollar)
    set("{}", .brace)
    set(".", .dot)
    set("/", .slash)
    set("\\", .backslash)
    set("%", .percent)
    set("+", .plus)
    set("=", .equals)
    set("#", .hash)
    set("-", .minus)
    set("*", .star)
    set(" \t", .space)
    set("\r\n", .lineBreak)
    set("[]", .bracket)
    set(":", .colon)
    set("@", .at)
    set(",", .comma)
    set("?", .question)
    return table
  }()

  /// Union of the traits of all bytes. O(n), below 1 ns a byte.
  @inline(__always)
  static func scan(_ bytes: RawSpan) -> ByteTraits {
    var union: UInt32 = 0
    for i in 0..<bytes.byteCount { union |= table[Int(bytes.unchecked(i))] }
    return ByteTraits(rawValue: union)
  }
}
