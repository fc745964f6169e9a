// What a line's meaning takes from lines before it, and the cheap way to know it at the start of every chunk, so that
// chunks can be read in parallel and still mean what they mean in order.

import Bytes
import Events

/// State of a format between two lines of a source. Empty for formats whose lines stand alone.
public struct FormatState: Sendable, Equatable {
  /// Pieces of a line that a container runtime split, of standard output and of standard error.
  var heldOutput: [UInt8] = []
  var heldErrors: [UInt8] = []
  /// Columns of the last `#Fields` directive; nil before the first.
  var columns: W3CColumns?
  /// Time of the last line that had one: what a line without one is given.
  var lastTime: Nanoseconds = 0

  public init() {}
}

/// Walks over the chunks of one source in their order, without reading their lines, and says what state each starts in.
///
///     let state = carry.next(chunk)          // in order, where chunks are cut
///     parser.restore(state)                  // anywhere, before the chunk's first line
///
/// Costs nothing for most formats; for framed and W3C logs a search for a few bytes; for JSON the reading of one line.
public struct FormatCarry: ~Copyable {
  private enum Need { case nothing, columns, pieces, time, everything }
  private let need: Need
  private let wrapper: Wrapper?
  private let stamps: StampParser
  private var state = FormatState()
  private var parser: LineParser
  private var fields = HttpFields()

  /// So many lines at a chunk's end are tried for one with a time.
  static let linesForTime = 64

  public init(format: LogFormat, options: ParseOptions) {
    let hasColumns = format.layouts.contains { if case .w3c = $0 { true } else { false } }
    let framed = format.wrappers.contains(.docker) || format.wrappers.contains(.cri)
    if framed {
      let simple = format.wrappers.first != .syslog && format.wrappers.count { $0 != .syslog } == 1 && !hasColumns
      need = simple ? .pieces : .everything
    } else if hasColumns {
      need = format.wrappers.isEmpty ? .columns : .everything
    } else {
      need = format.carriesState ? .time : .nothing
    }
    wrapper = format.wrappers.first
    stamps = StampParser(zone: options.timeZone)
    parser = LineParser(format: format, options: options)
  }

  /// The state in which `chunk`, whole lines that follow the last chunk given, begins.
  public mutating func next(_ chunk: RawSpan) -> FormatState {
    let before = state
    switch need {
    case .nothing: break
    case .columns: advanceColumns(chunk)
    case .pieces: advancePieces(chunk)
    case .time: advanceTime(chunk)
    case .everything: advanceByReading(chunk)
    }
    return before
  }

  /// Whether pieces of a line wait for its end.
  public var holdsLine: Bool { !state.heldOutput.isEmpty || !state.heldErrors.isEmpty }

  /// The state at the end of a source, whose held lines are to be flushed there.
  public mutating func finish() -> FormatState {
    let last = state
    reset()
    return last
  }

  /// Forgets everything: a new source begins.
  public mutating func reset() {
    state = FormatState()
    parser.restore(state)
  }

  // MARK: One way for each need

  private mutating func advanceColumns(_ chunk: RawSpan) {
    var from = 0
    while from < chunk.byteCount, let at = chunk.extracting(from..<chunk.byteCount).firstRange(of: "#Fields:") {
      let start = from + at
      let end = chunk.firstIndex(of: 0x0a, from: start) ?? chunk.byteCount
      if start == 0 || chunk.unchecked(start - 1) == 0x0a {
        var columns = W3CColumns()
        columns.read(chunk, start + 8, end)
        state.columns = columns
      }
      from = end
    }
  }

  private mutating func advanceTime(_ chunk: RawSpan) {
    var end = chunk.byteCount
    var tried = 0
    while end > 0, tried < Self.linesForTime {
      let start = Self.lineStart(chunk, before: end)
      let outcome = parser.parse(chunk.extracting(start..<Self.lineEnd(chunk, start, end)), into: &fields)
      if outcome == .event, parser.lastLineHadTime {
        state.lastTime = fields.time
        return
      }
      end = start
      tried += 1
    }
  }

  /// Everything else: the lines are read. Only for combinations that hardly exist.
  private mutating func advanceByReading(_ chunk: RawSpan) {
    parser.restore(state)
    var start = 0
    while start < chunk.byteCount {
      let end = chunk.firstIndex(of: 0x0a, from: start) ?? chunk.byteCount
      _ = parser.parse(chunk.extracting(start..<end), into: &fields)
      start = end + 1
    }
    state = parser.carried
  }

  /// From the end backwards to the last whole line of each stream; the pieces behind it are what is held.
  private mutating func advancePieces(_ chunk: RawSpan) {
    var pieces: [[(start: Int, end: Int)]] = [[], []]
    // Most containers are silent on one of the two.
    var isSettled = [
      chunk.firstRange(of: "stdout") == nil, chunk.firstRange(of: "stderr") == nil,
    ]
    var sawWhole = [false, false]
    var end = chunk.byteCount
    while end > 0, !(isSettled[0] && isSettled[1]) {
      let start = Self.lineStart(chunk, before: end)
      var stop = Self.lineEnd(chunk, start, end)
      if stop > start, chunk.unchecked(stop - 1) == 0x0d { stop -= 1 }
      let frame =
        wrapper == .docker
        ? ContainerFrame.docker(chunk, start, stop, stamps) : ContainerFrame.cri(chunk, start, stop, stamps)
      if let frame, !isSettled[frame.stream] {
        if frame.isPartial {
          pieces[frame.stream].append((frame.start, frame.end))
        } else {
          isSettled[frame.stream] = true
          sawWhole[frame.stream] = true
        }
      }
      end = start
    }
    for stream in 0..<2 where sawWhole[stream] || !pieces[stream].isEmpty {
      var held = ByteBuffer()
      if !sawWhole[stream] { held.append(stream == 0 ? state.heldOutput : state.heldErrors) }
      for piece in pieces[stream].reversed() {
        LineParser.hold(chunk, piece.start, piece.end, escaped: wrapper == .docker, &held)
      }
      if stream == 0 { state.heldOutput = held.bytes.copied() } else { state.heldErrors = held.bytes.copied() }
    }
  }

  private static func lineStart(_ chunk: RawSpan, before end: Int) -> Int {
    // A line's own end does not begin the next.
    let last = chunk.unchecked(end - 1) == 0x0a ? end - 1 : end
    return chunk.extracting(0..<last).lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
  }

  private static func lineEnd(_ chunk: RawSpan, _ start: Int, _ end: Int) -> Int {
    end > start && chunk.unchecked(end - 1) == 0x0a ? end - 1 : end
  }
}
