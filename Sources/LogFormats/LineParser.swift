// LogFormats turns the bytes of a line into the fields of an event, copying nothing but what was escaped.
// This is its door: one parser a worker thread, one call a line.

import Bytes
import Events

/// Reads lines of one format. After warm-up it allocates nothing.
public struct LineParser: ~Copyable {
  private let wrappers: [Wrapper]
  private var core: LayoutRunner
  /// The line inside a frame, unescaped and put together.
  private var frame = ByteBuffer(capacity: 4096)
  private var heldOutput = ByteBuffer(capacity: 256)
  private var heldErrors = ByteBuffer(capacity: 256)

  /// Longest line put together out of a container's pieces.
  public static let maxJoinedLine = 1 << 20

  public init(format: LogFormat, options: ParseOptions) {
    wrappers = format.wrappers
    core = LayoutRunner(format: format, options: options)
  }

  /// Where ranges that are `inScratch` point. Valid until the next line is parsed.
  public var scratch: RawSpan {
    @_lifetime(borrow self)
    get { core.state.scratch.bytes }
  }

  /// Reads one line, without its line feed; a carriage return at its end is dropped. O(length).
  public mutating func parse(_ line: RawSpan, into fields: inout HttpFields) -> ParseOutcome {
    var end = line.byteCount
    if end > 0, line.unchecked(end &- 1) == 0x0d { end &-= 1 }
    if end == 0 { return .skip }
    if end >= 1 << 30 { return .unparsed(.tooLong) }
    if wrappers.isEmpty {
      core.state.begin(&fields)
      return core.parse(line, 0, end, &fields)
    }
    return parseWrapped(line, end, &fields)
  }

  /// Takes what is still held of a line that never ended as a line of its own: called when a source ends, until it
  /// answers `.skip`.
  public mutating func flush(into fields: inout HttpFields) -> ParseOutcome {
    frame.removeAll()
    if heldOutput.count > 0 {
      swap(&frame, &heldOutput)
    } else if heldErrors.count > 0 {
      swap(&frame, &heldErrors)
    } else {
      return .skip
    }
    core.state.begin(&fields)
    return Self.parseFrame(&core, frame, 0, &fields)
  }

  /// Whether the last line read listed an address in `X-Forwarded-For`.
  var lastLineWasForwarded: Bool { core.state.values.wasForwarded }

  // MARK: State between chunks

  /// Whether the last line read had a time, its own or its wrapper's.
  var lastLineHadTime: Bool { core.state.values.hasTime || core.state.values.wrapperTime != nil }

  /// What lines to come will need. Copies; for the borders of chunks.
  public var carried: FormatState {
    var result = FormatState()
    result.heldOutput = heldOutput.bytes.copied()
    result.heldErrors = heldErrors.bytes.copied()
    result.columns = core.readsColumns ? core.columns : nil
    result.lastTime = core.state.values.lastTime
    return result
  }

  /// Goes on from a state that another parser of the same format was left in.
  public mutating func restore(_ carried: FormatState) {
    heldOutput.removeAll()
    heldErrors.removeAll()
    heldOutput.append(carried.heldOutput)
    heldErrors.append(carried.heldErrors)
    if core.readsColumns {
      core.columns.fields.removeAll(keepingCapacity: true)
      core.columns.fields.append(contentsOf: (carried.columns ?? core.defaultColumns).fields)
    }
    core.state.values.lastTime = carried.lastTime
  }

  // MARK: Wrappers

  @inline(never)
  private mutating func parseWrapped(_ line: RawSpan, _ end: Int, _ fields: inout HttpFields) -> ParseOutcome {
    core.state.begin(&fields)
    var from = 0
    var framed = false
    for index in 0..<wrappers.count {
      switch wrappers[index] {
      case .syslog:
        from =
          framed
          ? Self.skipSyslog(&core.state.values, frame, from)
          : Self.skipSyslog(&core.state.values, line, from, end)
      case .cri where !framed:
        guard let piece = ContainerFrame.cri(line, from, end, core.state.values.stamps) else { continue }
        core.state.values.wrapperTime = piece.time
        let held = piece.stream == 0 ? heldOutput.count : heldErrors.count
        if !piece.isPartial, held == 0 {
          from = piece.start
          continue
        }
        if let early = hold(piece, line, escaped: false) { return early }
        (framed, from) = (true, 0)
      case .docker where !framed:
        guard let piece = ContainerFrame.docker(line, from, end, core.state.values.stamps) else { continue }
        core.state.values.wrapperTime = piece.time
        if let early = hold(piece, line, escaped: true) { return early }
        (framed, from) = (true, 0)
      default: continue
      }
    }
    if framed { return Self.parseFrame(&core, frame, from, &fields) }
    return core.parse(line, from, end, &fields)
  }

  private static func skipSyslog(_ values: inout LineValues, _ frame: borrowing ByteBuffer, _ from: Int) -> Int {
    skipSyslog(&values, frame.bytes, from, frame.count)
  }

  private static func skipSyslog(_ values: inout LineValues, _ line: RawSpan, _ from: Int, _ end: Int) -> Int {
    var time: Nanoseconds?
    let reference = values.options.referenceTime
    guard let next = SyslogHeader.skip(line, from, end, values.stamps, reference: reference, &time) else { return from }
    if let time { values.wrapperTime = time }
    return next
  }

  /// Adds a piece to its stream. Answers what to say when the line is not whole yet or too long; nil when `frame` holds
  /// the whole line.
  private mutating func hold(_ piece: ContainerFrame, _ line: RawSpan, escaped: Bool) -> ParseOutcome? {
    if piece.stream == 0 {
      return Self.hold(piece, line, escaped, &heldOutput, &frame)
    } else {
      return Self.hold(piece, line, escaped, &heldErrors, &frame)
    }
  }

  private static func hold(
    _ piece: ContainerFrame, _ line: RawSpan, _ escaped: Bool, _ held: inout ByteBuffer, _ frame: inout ByteBuffer
  ) -> ParseOutcome? {
    guard hold(line, piece.start, piece.end, escaped: escaped, &held) else { return .unparsed(.tooLong) }
    if piece.isPartial { return .continuation }
    swap(&frame, &held)
    held.removeAll()
    return nil
  }

  /// Adds `start..<end` to what is held; false, and nothing held any more, when that is too long.
  @discardableResult
  static func hold(_ line: RawSpan, _ start: Int, _ end: Int, escaped: Bool, _ held: inout ByteBuffer) -> Bool {
    if held.count + (end - start) > maxJoinedLine {
      held.removeAll()
      return false
    }
    if escaped {
      _ = Escapes.unescape(line, start, end, into: &held)
    } else {
      held.append(line.extracting(start..<end))
    }
    return true
  }

  /// Reads `frame` as a line, then copies it behind the scratch space, so that every range is valid for the caller.
  private static func parseFrame(
    _ core: inout LayoutRunner, _ frame: borrowing ByteBuffer, _ from: Int, _ fields: inout HttpFields
  ) -> ParseOutcome {
    let line = frame.bytes
    var end = line.byteCount
    if end > from, line.unchecked(end - 1) == 0x0d { end -= 1 }
    if end <= from { return .skip }
    let outcome = core.parse(line, from, end, &fields)
    if outcome == .event {
      let base = core.state.scratch.count
      core.state.scratch.append(line)
      rebase(&fields, by: base)
    }
    return outcome
  }

  private static func rebase(_ fields: inout HttpFields, by base: Int) {
    @inline(__always) func move(_ range: inout FieldRange) {
      if !range.inScratch, range.count > 0 {
        range = FieldRange(offset: range.offset + base, count: Int(range.count), inScratch: true)
      }
    }
    move(&fields.host)
    move(&fields.target)
    move(&fields.userAgent)
    move(&fields.referrer)
    move(&fields.remoteUser)
    move(&fields.methodText)
    move(&fields.contentType)
    move(&fields.cookie)
    move(&fields.body)
    move(&fields.tlsFingerprint)
    move(&fields.upstream)
  }
}
