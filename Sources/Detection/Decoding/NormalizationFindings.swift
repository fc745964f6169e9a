// What decoding a field met on its way: how deep it had to go, and what only an evader writes.

/// Where a field comes from: this decides whether `+` is a space.
public enum FieldKind: Sendable {
  /// A whole request target: `+` is a space after the first `?`.
  case target
  /// The path alone: `+` is itself.
  case path
  /// A query string or an urlencoded form: `+` is a space.
  case query
  /// A header such as the user agent or the referrer.
  case header
  case cookie
  /// A body of no known type.
  case body
}

/// Layers of encoding that were undone in one field. Empty when the output equals the input.
public struct NormalizationFindings: OptionSet, Sendable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `%41`.
  public static let percent = NormalizationFindings(rawValue: 1 << 0)
  /// `%2541`: decoded a second time.
  public static let doublePercent = NormalizationFindings(rawValue: 1 << 1)
  /// `%252541`: decoded a third time.
  public static let triplePercent = NormalizationFindings(rawValue: 1 << 2)
  /// `+` read as a space.
  public static let plus = NormalizationFindings(rawValue: 1 << 3)
  /// `%u0041`, as IIS reads it.
  public static let unicodePercent = NormalizationFindings(rawValue: 1 << 4)
  /// `&lt;`, `&#60;`, `&#x3c;`.
  public static let entities = NormalizationFindings(rawValue: 1 << 5)
  /// `\x3c`, `\u003c`, `\u{3c}`.
  public static let backslashEscapes = NormalizationFindings(rawValue: 1 << 6)
  /// ASCII written in two to six bytes of UTF-8, such as C0 AF for a slash.
  public static let overlong = NormalizationFindings(rawValue: 1 << 7)
  /// A zero byte, removed.
  public static let null = NormalizationFindings(rawValue: 1 << 8)
  /// `%` without two hexadecimal digits, kept.
  public static let brokenPercent = NormalizationFindings(rawValue: 1 << 9)
  /// `/* ... */` read as a space.
  public static let comments = NormalizationFindings(rawValue: 1 << 10)
  /// Full-width forms of ASCII delimiters, folded as best-fit conversion does.
  public static let fullWidth = NormalizationFindings(rawValue: 1 << 11)
  /// `+ADw-`: UTF-7.
  public static let utf7 = NormalizationFindings(rawValue: 1 << 12)
  /// ASCII letters, digits or dots and slashes that no client needs to encode were percent-encoded.
  public static let needlessPercent = NormalizationFindings(rawValue: 1 << 13)
}
