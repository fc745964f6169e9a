// Where something stands in a configuration or rule file, and the errors that say so.

/// Line and column of a value, both from 1; columns count characters.
public struct Place: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var line: Int
  public var column: Int
  public init(line: Int, column: Int) { (self.line, self.column) = (line, column) }
  public static let start = Place(line: 1, column: 1)
  public static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
  public var description: String { "\(line):\(column)" }
}

/// What is wrong, and where: `FILE:LINE:COLUMN: MESSAGE`, the form that editors jump to.
///
/// `file` may name an environment variable instead; then there is no place.
public struct ConfigurationError: SetupFailure, Hashable, Sendable, CustomStringConvertible {
  public var file: String
  public var place: Place?
  public var message: String
  public init(file: String, place: Place?, message: String) {
    (self.file, self.place, self.message) = (file, place, message)
  }
  public var description: String { place.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)" }
}

/// An error of whoever set a program up, in its command line or its configuration: every program ends with status 2.
public protocol SetupFailure: Error {}

/// Everything found wrong at once, in the order of the files. Never empty.
public struct ConfigurationErrors: SetupFailure, Sendable, CustomStringConvertible {
  public var errors: [ConfigurationError]
  public init(_ errors: [ConfigurationError]) { self.errors = errors }
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
