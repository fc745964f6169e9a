// A piece of a log -> one EventBatch: its lines parsed, and what became of each of them noted.

import Bytes
import Events

/// A line that became no event.
public struct RejectedLine: Sendable, Equatable {
  public var reason: UnparsedLine.Reason
  /// After the first line of the piece, from 0.
  public var number: UInt32
  /// Start of the line in the piece, bytes, and its length there.
  public var offset: Int
  public var length: Int
}

/// Where the lines of a piece went. lines = parsed + leftOut + skipped + unparsed + ahead.
public struct PieceTally: Sendable, Equatable {
  public var lines: UInt32 = 0
  /// Events in the batch.
  public var parsed: UInt32 = 0
  /// Read, but not wanted in this batch.
  public var leftOut: UInt32 = 0
  /// Blank lines, comments, directives and parts of lines.
  public var skipped: UInt32 = 0
  public var unparsed: UInt32 = 0
  public var ahead: UInt32 = 0
  public init() {}
}

/// Parses pieces, one after another, into memory that it keeps. One a format and thread.
public struct BatchParser: ~Copyable {
  private var parser: LineParser
  private let isKnown: Bool
  private let carriesState: Bool
  private var fields = HttpFields()

  // What the last piece gave.
  /// Stamps of all lines that the format read, in order.
  public private(set) var stamps: [Nanoseconds] = []
  public private(set) var run: StampSummary
  /// Smallest and largest stamp of the events in the batch; 0 where there is none.
  public private(set) var firstTime: Nanoseconds = 0
  public private(set) var lastTime: Nanoseconds = 0
  public private(set) var rejected: [RejectedLine] = []
  public private(set) var tally = PieceTally()

  /// - Parameter format: nil where none is known: then no line is read, and all are rejected.
  public init(format: LogFormat?, options: ParseOptions, maxDisorder: Nanoseconds) {
    carriesState = format?.carriesState ?? false
    isKnown = format != nil
    parser = LineParser(format: format ?? LogFormat.all[0], options: options)
    run = StampSummary(maxDisorder: maxDisorder)
  }

  /// What lines after the last piece need.
  public var carried: FormatState { carriesState ? parser.carried : FormatState() }

  /// Appends the events of `text` to `batch`, which has begun and is not finished here. O(bytes).
  ///
  /// - Parameters:
  ///   - text: Whole lines; the last may lack its end.
  ///   - state: What was carried after the piece before.
  ///   - maxLine: Longer lines are rejected.
  ///   - judgements: Of the piece's stamps; events that are `.ahead` are left out. Empty: all are taken.
  ///   - wants: Whether an event belongs to this batch, by its host, its stamp and the number of its line; nil: all do.
  public mutating func parse(
    _ text: RawSpan, after state: FormatState, maxLine: Int, judgements: [SourceClock.Judgement] = [],
    into batch: inout EventBatchWriter,
    wants: ((_ host: RawSpan, _ time: Nanoseconds, _ number: UInt32) -> Bool)? = nil
  ) {
    stamps.removeAll(keepingCapacity: true)
    rejected.removeAll(keepingCapacity: true)
    // The loop works on locals.
    var stamps: [Nanoseconds] = []
    swap(&stamps, &self.stamps)
    var run = StampSummary(maxDisorder: run.maxDisorder)
    var tally = PieceTally()
    var (first, last) = (Nanoseconds.max, Nanoseconds.min)
    if carriesState { parser.restore(state) }
    let count = text.byteCount
    var start = 0
    var number: UInt32 = 0
    while start < count {
      let end = text.firstIndex(of: 0x0a, from: start) ?? count
      let line = text.extracting(start..<end)
      var outcome = ParseOutcome.unparsed(.noFormat)
      if line.byteCount > maxLine {
        outcome = .unparsed(.tooLong)
      } else if line.byteCount == 0 || line.byteCount == 1 && line.unchecked(0) == 0x0d {
        outcome = .skip
      } else if isKnown {
        outcome = parser.parse(line, into: &fields)
      }
      switch outcome {
      case .event:
        let index = stamps.count
        let time = fields.time
        stamps.append(time)
        run.add(time)
        if index < judgements.count, judgements[index] == .ahead {
          tally.ahead &+= 1
          rejected.append(RejectedLine(reason: .timeAhead, number: number, offset: start, length: line.byteCount))
        } else if Self.append(fields, line, number, start, parser, &batch, wants) {
          first = min(first, time)
          last = max(last, time)
          tally.parsed &+= 1
        } else {
          tally.leftOut &+= 1
        }
      case .skip, .continuation: tally.skipped &+= 1
      case .unparsed(let failure):
        tally.unparsed &+= 1
        rejected.append(
          RejectedLine(
            reason: UnparsedLine.Reason(wire: failure.rawValue), number: number, offset: start, length: line.byteCount))
      }
      number &+= 1
      start = end &+ 1
    }
    tally.lines = number
    swap(&stamps, &self.stamps)
    self.run = run
    self.tally = tally
    (firstTime, lastTime) = tally.parsed > 0 ? (first, last) : (0, 0)
  }

  /// A function of its own, because the scratch space borrows the parser.
  @inline(__always)
  private static func append(
    _ fields: borrowing HttpFields, _ line: RawSpan, _ number: UInt32, _ start: Int, _ parser: borrowing LineParser,
    _ batch: inout EventBatchWriter, _ wants: ((RawSpan, Nanoseconds, UInt32) -> Bool)?
  ) -> Bool {
    let scratch = parser.scratch
    if let wants, !wants(fields.host.bytes(line: line, scratch: scratch), fields.time, number) { return false }
    batch.append(
      fields, line: line, scratch: scratch, lineOffset: UInt32(truncatingIfNeeded: start), lineNumber: number)
    return true
  }
}
