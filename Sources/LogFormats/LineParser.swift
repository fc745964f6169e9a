// LogFormats turns the bytes of a line into the fields of an event, copying nothing but what was escaped.

import Bytes
import Events

/// What reading depends on besides the format.
public struct ParseOptions: Sendable {
  /// What stamps without an offset mean.
  public var timeZone: TimeZoneRules
  /// Proxies whose `X-Forwarded-For` and `Forwarded` are believed.
  public var trustedProxies: [Network]

  public init(timeZone: TimeZoneRules = .utc, trustedProxies: [Network] = []) {
    (self.timeZone, self.trustedProxies) = (timeZone, trustedProxies)
  }
}

/// Why a line is no event. Raw values are those of `UnparsedLine.Reason` in the schema.
public enum ParseFailure: UInt16, Sendable, CaseIterable {
  case noFormat, tooLong, timeAhead, badTime, badAddress, binary
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

/// Reads lines of one format. One a worker thread; after warm-up it allocates nothing.
public struct LineParser: ~Copyable {
  private let primary: TextProgram
  private let others: [Layout]
  private var state: LineState

  public init(format: LogFormat, options: ParseOptions) {
    guard case .text(let program) = format.layouts[0] else { preconditionFailure("a format has a layout") }
    primary = program
    others = Array(format.layouts.dropFirst())
    state = LineState(options: options)
  }

  /// Where ranges that are `inScratch` point. Valid until the next line is parsed.
  public var scratch: RawSpan {
    @_lifetime(borrow self)
    get { state.scratch.bytes }
  }

  /// Reads one line, without its line feed; a carriage return at its end is dropped. O(length).
  public mutating func parse(_ line: RawSpan, into fields: inout HttpFields) -> ParseOutcome {
    var end = line.byteCount
    if end > 0, line.unchecked(end &- 1) == 0x0d { end &-= 1 }
    if end == 0 { return .skip }
    if end >= 1 << 30 { return .unparsed(.tooLong) }
    state.begin(&fields)
    var match = primary.run(line, 0, end, &state, &fields)
    if match == .matched { match = state.finish(line, &fields) }
    if match == .matched { return .event }
    return .unparsed(match == .badTime ? .badTime : .noFormat)
  }
}
