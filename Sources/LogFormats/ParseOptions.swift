// What goes into reading a line besides its format, and what comes out besides the fields.

import Bytes

/// What reading depends on besides the format.
public struct ParseOptions: Sendable {
  /// What stamps without an offset mean.
  public var timeZone: TimeZoneRules
  /// Proxies whose `X-Forwarded-For` and `Forwarded` are believed.
  public var trustedProxies: [Network]
  /// About when the log was written, such as the file's time of change: gives RFC 3164 headers their year. Such a
  /// header's time is used only for lines that have none of their own.
  public var referenceTime: Nanoseconds?

  public init(
    timeZone: TimeZoneRules = .utc, trustedProxies: [Network] = [], referenceTime: Nanoseconds? = nil
  ) {
    (self.timeZone, self.trustedProxies, self.referenceTime) = (timeZone, trustedProxies, referenceTime)
  }
}

/// Why a line is no event. Raw values are those of `UnparsedLine.Reason` in the schema.
public enum ParseFailure: UInt16, Sendable, CaseIterable {
  case noFormat, tooLong, timeAhead, badTime, badAddress, binary

  public var name: String {
    switch self {
    case .noFormat: "not of the format"
    case .tooLong: "too long"
    case .timeAhead: "time too far ahead"
    case .badTime: "no possible time"
    case .badAddress: "no possible address"
    case .binary: "binary"
    }
  }
}

/// What became of a line.
public enum ParseOutcome: Equatable, Sendable {
  /// A request; the fields are filled.
  case event
  /// Nothing to read: a blank line, a comment, a directive.
  case skip
  /// The beginning of a line that a container runtime split: kept until the rest comes.
  case continuation
  case unparsed(ParseFailure)
}
