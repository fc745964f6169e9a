// Why a format string was refused.

/// A format string that cannot be read, with the place.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The format string as given.
  public let format: String
  /// Where in it, from 1, in bytes.
  public let column: Int
  /// What is wrong and what to do.
  public let reason: String

  public init(format: String, column: Int, reason: String) {
    (self.format, self.column, self.reason) = (format, column, reason)
  }

  public var description: String { "format string, column \(column): \(reason)" }
}
