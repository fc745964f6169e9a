// What a log line says, apart from how it is written.

public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
  case debug, info, warning, error

  public init?(name: String) {
    guard let level = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = level
  }
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

public enum LogFormat: String, Sendable { case text, json }

/// A field's value. Bytes and text may be hostile: they are escaped where they are written.
public enum LogValue: Sendable, Hashable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
  case text(String)
  case bytes([UInt8])
  case integer(Int64)
  case number(Double)
  case flag(Bool)

  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  public init(_ value: String) { self = .text(value) }
  public init(_ value: [UInt8]) { self = .bytes(value) }
  public init(_ value: some BinaryInteger) { self = .integer(Int64(clamping: value)) }
  public init(_ value: Bool) { self = .flag(value) }
  /// Any error, as it describes itself.
  public init(_ error: any Error) { self = .text("\(error)") }
  /// Seconds, of nanoseconds.
  public static func seconds(_ nanoseconds: Int64) -> LogValue { .number(Double(nanoseconds) / 1e9) }
}
