// Why a line is no event, in words.

extension UnparsedLine.Reason {
  /// As in reports and dead letters.
  public var label: String {
    switch self {
    case .noFormat: "no-format"
    case .tooLong: "too-long"
    case .timeAhead: "time-ahead"
    case .badTime: "bad-time"
    case .badAddress: "bad-address"
    case .binary: "binary"
    }
  }
}
