// The production line of one replay: what each stage does. When and on which thread is the scheduler's.

import Bytes
import CapnProto
import Detection
import Events
import LogFiles
import LogFormats
import Rollups

/// What a thread owns: parsers and classifiers keep scratch space and caches.
final class Worker {
  final class ParserBox {
    var parser: LineParser
    init(_ format: LogFormat, _ options: ParseOptions) { parser = LineParser(format: format, options: options) }
  }
  var parsers: [ParserBox]
  let scorer: ScorerBox
  /// Where two rule sets are compared.
  let comparer: RuleComparer?

  init(formats: [LogFormat], options: ParseOptions, scorer: consuming RequestScorer, comparer: RuleComparer?) {
    parsers = formats.map { ParserBox($0, options) }
    self.scorer = ScorerBox(scorer)
    self.comparer = comparer
  }
}

/// What a replay needs to know, with every default filled in.
struct LineSettings: Sendable {
  var clock = ClockLimits()
  var maxLine = 1 << 20
  var windowLength: Nanoseconds = 10 * nanosecondsPerSecond
  var partitions = 16
  var threshold: UInt8 = 50
  var aggregator = AggregatorSettings()
  var since: Nanoseconds?
  var until: Nanoseconds?
  /// Lower case, without a port.
  var zone: [UInt8] = []
}

/// All that is counted and kept while lines pass. Each part is touched by one stage, which the scheduler runs on one
/// thread at a time.
final class Line: @unchecked Sendable {
  let settings: LineSettings
  private(set) var formats: [LogFormat]
  let options: ParseOptions

  // Reading.
  private let faultLock = Monitor()
  private(set) var faults: [LogFileError] = []

  // Ordering.
  private(set) var totals = LineTotals()
  private(set) var coverage = ParseCoverage()
  var deadLetters: DeadLetters?
  /// Where there is one, batches go into the topic `events` instead of an aggregator, unjudged.
  let publisher: Publisher?
  /// Where there is one, batches are judged by two rule sets, and neither aggregated nor analysed.
  let comparison: RuleComparison?
  var verdicts: VerdictList?
  private var judgements: [SourceClock.Judgement] = []

  // Aggregation and analysis.
  let partitions: [PartitionLane]
  let analysis: Analysis
  private let makeScorer: () -> RequestScorer
  /// Rules that make requests slow to judge, where somebody is to be told.
  var costlyRules: [RuleCost] = []
  /// Rules and detectors that look at requests.
  var ruleCount = 0

  init(
    settings: LineSettings, formats: [LogFormat], options: ParseOptions, analysis: Analysis,
    publisher: Publisher? = nil, comparison: RuleComparison? = nil, makeScorer: @escaping () -> RequestScorer
  ) {
    self.settings = settings
    self.analysis = analysis
    self.publisher = publisher
    self.comparison = comparison
    self.makeScorer = makeScorer
    let scorer = makeScorer()
    let pool = WindowPool()
    partitions = (0..<(publisher == nil && comparison == nil ? settings.partitions : 0)).map { number in
      var aggregator = settings.aggregator
      aggregator.inputPartition = UInt16(clamping: number)
      return PartitionLane(
        settings: aggregator, ruleSetHash: scorer.ruleSetHash, ruleHashes: scorer.ruleHashes, pool: pool)
    }
    self.formats = formats
    self.options = options
    since = settings.since ?? .min
    until = settings.until ?? .max
    hasZone = !settings.zone.isEmpty
  }
  private let since: Nanoseconds
  private let until: Nanoseconds
  private let hasZone: Bool

  /// Adds a format that was recognised later; only while one thread works.
  func addFormat(_ format: LogFormat, to worker: Worker) -> Int {
    if let index = formats.firstIndex(where: { $0.qualifiedName == format.qualifiedName }) { return index }
    formats.append(format)
    worker.parsers.append(Worker.ParserBox(format, options))
    return formats.count - 1
  }

  func makeWorker() -> Worker {
    Worker(formats: formats, options: options, scorer: makeScorer(), comparer: comparison?.makeComparer())
  }

  // MARK: Reading

  /// So many sources keep their file open; the others open theirs for each piece.
  private static let openFiles = 200

  /// Fills the parcel with the next piece of the source's file, and opens that first if need be.
  func read(_ lane: SourceLane, into parcel: Parcel) {
    lane.hasPiece = false
    if lane.isFlushing {
      lane.hasPiece = lane.carry?.holdsLine ?? false
      lane.chunker.end(parcel.chunk)
      parcel.endsSource = true
      parcel.stateBefore = lane.carry?.finish()
      return
    }
    do throws(LogFileError) {
      if lane.reader == nil {
        if let open = lane.file.reader {
          lane.reader = open
        } else {
          lane.reader = try LogReader(path: lane.file.path)
        }
        lane.file.reader = nil
        lane.chunker.startFile()
        lane.consumed = 0
      }
      guard let reader = lane.reader else { return }
      lane.hasPiece = try lane.chunker.next(from: reader, into: parcel.chunk)
      if lane.hasPiece { carry(lane, parcel) }
      // The last piece is had, and said to be the last: what is missing is told once.
      if parcel.chunk.endsFile || !lane.hasPiece, reader.shrank, lane.toldOfShrinking != lane.file.position {
        lane.toldOfShrinking = lane.file.position
        faultLock.lock()
        faults.append(LogFileError(.shrank, path: lane.file.path))
        faultLock.unlock()
      }
    } catch {
      faultLock.lock()
      faults.append(error)
      faultLock.unlock()
    }
    if let reader = lane.reader {
      lane.newBytes = reader.consumed - lane.consumed
      lane.consumed = reader.consumed
      if lane.index >= Self.openFiles { reader.rest() }
      // Of very many files, only those that are being read are open.
      if !lane.hasPiece { lane.reader = nil }
    }
  }

  /// Notes what the piece's first line depends on: pieces of a source in their order.
  func carry(_ lane: SourceLane, _ parcel: Parcel) {
    if lane.carry == nil, let index = lane.file.formatIndex, formats[index].carriesState {
      lane.carry = FormatCarry(format: formats[index], options: options)
    }
    let chunk = parcel.chunk
    let text = chunk.bytes
    parcel.stateBefore = lane.carry?.next(text)
  }

  // MARK: Parsing

  /// Reads the piece's lines into a batch. Pure: the same piece gives the same batch on any thread.
  func parse(_ parcel: Parcel, _ worker: Worker) { parse(parcel, worker, without: []) }

  /// - Parameter judgements: Of the piece's stamps; events that are `.ahead` are left out. Empty: all are taken.
  private func parse(_ parcel: Parcel, _ worker: Worker, without judgements: [SourceClock.Judgement]) {
    parcel.beginParsing()
    var origin = BatchOrigin(source: parcel.source.id, path: Array(parcel.file.path.utf8))
    origin.byteBegin = parcel.chunk.fileOffset
    origin.byteEnd = parcel.chunk.fileOffset + parcel.chunk.byteCount
    parcel.batch.begin(origin)
    var tally: LineTally
    if let index = parcel.file.formatIndex {
      let box = worker.parsers[index]
      box.parser.restore(parcel.stateBefore ?? FormatState())
      tally = readLines(parcel, &box.parser, &parcel.batch, judgements)
    } else {
      tally = rejectLines(parcel)
    }
    if parcel.chunk.overlong != nil {
      tally.lines &+= 1
      tally.unparsed &+= 1
    }
    parcel.tally = tally
    parcel.batch.finish()
    if tally.parsed > 0, publisher == nil { judge(parcel, worker) }
  }

  /// The lines of a piece, by its format. The parser and the batch are parameters, and what grows with each line is held
  /// in variables, so that a line costs no look at who else may hold them.
  private func readLines(
    _ parcel: Parcel, _ parser: inout LineParser, _ batch: inout EventBatchWriter, _ judgements: [SourceClock.Judgement]
  ) -> LineTally {
    let chunk = parcel.chunk
    let text = chunk.bytes
    let count = text.byteCount
    let endsSource = parcel.endsSource
    let maxLine = settings.maxLine
    var stamps: [Nanoseconds] = []
    var eventLines: [UInt32] = []
    swap(&stamps, &parcel.stamps)
    swap(&eventLines, &parcel.eventLines)
    var run = parcel.run
    var (firstTime, lastTime) = (parcel.firstTime, parcel.lastTime)
    var fields = HttpFields()
    var tally = LineTally()
    var number: UInt32 = 0
    var start = 0
    while start < count || endsSource {
      let end = text.firstIndex(of: 0x0a, from: start) ?? count
      let line = text.extracting(start..<end)
      let outcome: ParseOutcome
      if endsSource {
        outcome = parser.flush(into: &fields)
        if outcome == .skip { break }
        tally.joined &+= 1
      } else if line.byteCount > maxLine {
        outcome = .unparsed(.tooLong)
      } else {
        outcome = parser.parse(line, into: &fields)
      }
      switch outcome {
      case .event:
        let index = stamps.count
        stamps.append(fields.time)
        run.add(fields.time)
        if index < judgements.count, judgements[index] == .ahead {
          tally.ahead &+= 1
          parcel.rejected.append(
            RejectedLine(reason: .timeAhead, number: number, offset: start, length: line.byteCount))
        } else if isWanted(fields.time, fields.host, line, parser.scratch) {
          firstTime = min(firstTime, fields.time)
          lastTime = max(lastTime, fields.time)
          batch.append(
            fields, line: line, scratch: parser.scratch, lineOffset: UInt32(truncatingIfNeeded: start),
            lineNumber: number)
          eventLines.append(number)
          tally.parsed &+= 1
        } else {
          tally.filtered &+= 1
        }
      case .skip, .continuation:
        tally.skipped &+= 1
      case .unparsed(let failure):
        tally.unparsed &+= 1
        parcel.rejected.append(
          RejectedLine(
            reason: UnparsedLine.Reason(wire: failure.rawValue), number: number, offset: start, length: line.byteCount))
      }
      if endsSource { continue }
      number &+= 1
      start = end &+ 1
    }
    swap(&stamps, &parcel.stamps)
    swap(&eventLines, &parcel.eventLines)
    (parcel.run, parcel.firstTime, parcel.lastTime) = (run, firstTime, lastTime)
    tally.lines = number
    return tally
  }

  /// The lines of a file of no known format: none of them can be read.
  private func rejectLines(_ parcel: Parcel) -> LineTally {
    let chunk = parcel.chunk
    let text = chunk.bytes
    var tally = LineTally()
    var start = 0
    while start < text.byteCount, !parcel.endsSource {
      let end = text.firstIndex(of: 0x0a, from: start) ?? text.byteCount
      let line = text.extracting(start..<end)
      if line.byteCount == 0 || line.byteCount == 1 && line.unchecked(0) == 0x0d {
        tally.skipped &+= 1
      } else {
        let reason = line.byteCount > settings.maxLine ? ParseFailure.tooLong : .noFormat
        tally.unparsed &+= 1
        parcel.rejected.append(
          RejectedLine(
            reason: UnparsedLine.Reason(wire: reason.rawValue), number: tally.lines, offset: start,
            length: line.byteCount))
      }
      tally.lines &+= 1
      start = end &+ 1
    }
    return tally
  }

  @inline(__always)
  private func isWanted(_ time: Nanoseconds, _ host: FieldRange, _ line: RawSpan, _ scratch: RawSpan) -> Bool {
    if time < since || time >= until { return false }
    if !hasZone || host.isEmpty { return true }
    let zone = settings.zone
    return zone.span.bytes.equalsHost(host.bytes(line: line, scratch: scratch))
  }

  private func judge(_ parcel: Parcel, _ worker: Worker) {
    let limiter = ReadLimiter()
    do throws(WireError) {
      try Self.judge(parcel.batch, limiter, worker.scorer, &parcel.judgement)
      guard let comparer = worker.comparer else { return }
      try Self.compare(parcel.batch, limiter, comparer, worker.scorer, parcel.judgement.verdicts, &parcel.comparison)
    } catch {
      // Our own batch: its aggregator will say the same and count it.
      parcel.judgement.verdicts.removeAll(keepingCapacity: true)
    }
  }

  private static func judge(
    _ batch: borrowing EventBatchWriter, _ limiter: borrowing ReadLimiter, _ scorer: ScorerBox,
    _ judgement: inout Judgement
  ) throws(WireError) {
    let batch = EventBatch(try Message(framed: batch.message, limiter: limiter).rootStruct)
    scorer.judge(try batch.events.http, into: &judgement)
  }

  private static func compare(
    _ batch: borrowing EventBatchWriter, _ limiter: borrowing ReadLimiter, _ comparer: RuleComparer, _ first: ScorerBox,
    _ verdicts: [RequestVerdict], _ comparison: inout BatchComparison
  ) throws(WireError) {
    let batch = EventBatch(try Message(framed: batch.message, limiter: limiter).rootStruct)
    comparer.compare(try batch.events.http, first, verdicts, into: &comparison)
  }

  // MARK: Ordering

  /// Gives the piece its place, its judgement by the source's clock, and its lines their columns in the ledger.
  func order(_ parcel: Parcel, following: Parcel?, _ worker: Worker) {
    if parcel.tally.parsed > 0 { publisher?.pace(parcel.lastTime) }
    let lane = parcel.source
    parcel.watermarkBefore = lane.clock.lowWatermark
    // The same for all pieces of a chunk, so that a file's end inside of it changes nothing.
    let promise = parcel.chunk.number == lane.lastNumber ? lane.settled : parcel.watermarkBefore
    // What a source leaves unfinished stands in its last line.
    parcel.firstLine = parcel.endsSource ? max(lane.nextLine, 2) - 1 : lane.nextLine
    if let late = lane.clock.pass(parcel.run) {
      parcel.tally.late = late
    } else {
      let stamps = parcel.stamps
      let after = following?.stamps ?? []
      lane.clock.judge(stamps.span, following: after.span, into: &judgements)
      if judgements.contains(.ahead) { parse(parcel, worker, without: judgements) }
      parcel.tally.late = UInt32(judgements.count { $0 == .late })
    }
    let tally = parcel.tally
    var ledger = BatchLedger()
    // What a filter leaves out is none of the line's business.
    ledger.lines = tally.lines &+ tally.joined &- tally.skipped &- tally.filtered
    ledger.parsed = tally.parsed
    ledger.unparsed = tally.unparsed
    ledger.ahead = tally.ahead
    ledger.late = tally.late
    parcel.batch.place(sequence: lane.sequence, firstOrdinal: lane.nextOrdinal, firstLine: parcel.firstLine)
    parcel.batch.stamp(
      lowWatermark: promise, firstTime: parcel.firstTime, lastTime: parcel.lastTime, ledger: ledger,
      final: false)
    noteRejected(parcel)
    verdicts?.write(
      parcel.judgement.verdicts, lines: parcel.eventLines, firstLine: parcel.firstLine, file: parcel.file.path)
    comparison?.add(parcel)
    parcel.file.count(tally, bytes: parcel.chunk.byteCount)
    totals.add(tally, bytes: parcel.chunk.byteCount)
    if tally.ahead == 0, parcel.run.count > 0 {
      totals.add(readFirst: parcel.run.smallest, readLast: parcel.run.largest)
    }
    if tally.parsed > 0 { totals.add(first: parcel.firstTime, last: parcel.lastTime) }
    lane.sequence += 1
    lane.nextLine += UInt64(tally.lines)
    lane.nextOrdinal += UInt64(tally.lines) + UInt64(tally.joined)
  }

  private func noteRejected(_ parcel: Parcel) {
    guard !parcel.rejected.isEmpty || parcel.chunk.overlong != nil else { return }
    let chunk = parcel.chunk
    let text = chunk.bytes
    for rejected in parcel.rejected {
      let line = text.extracting(rejected.offset..<rejected.offset + rejected.length)
      let number = parcel.firstLine + UInt64(rejected.number)
      coverage.countUnparsed(ParseFailure(rawValue: rejected.reason.rawValue) ?? .noFormat, line: line, number: number)
      deadLetters?.write(
        reason: rejected.reason, file: parcel.file.path, line: number,
        offset: parcel.chunk.fileOffset + UInt64(rejected.offset), length: UInt64(rejected.length),
        hash: OverlongLine.hash(line), head: line)
      publisher?.deadLetter(
        reason: rejected.reason, file: parcel.file.path, line: number,
        offset: parcel.chunk.fileOffset + UInt64(rejected.offset), length: UInt64(rejected.length),
        hash: OverlongLine.hash(line), head: line)
    }
    if let overlong = parcel.chunk.overlong {
      let head = overlong.head
      let number = parcel.firstLine + UInt64(parcel.tally.lines) - 1
      coverage.countUnparsed(.tooLong, line: head.span.bytes, number: number)
      deadLetters?.write(
        reason: .tooLong, file: parcel.file.path, line: number,
        offset: parcel.chunk.fileOffset + UInt64(text.byteCount), length: overlong.length, hash: overlong.hash,
        head: head.span.bytes)
      publisher?.deadLetter(
        reason: .tooLong, file: parcel.file.path, line: number,
        offset: parcel.chunk.fileOffset + UInt64(text.byteCount), length: overlong.length, hash: overlong.hash,
        head: head.span.bytes)
    }
  }

  // MARK: Aggregation and analysis

  /// Whether partitions should wait for the analysis to catch up.
  var isAnalysisBehind: Bool { partitions.reduce(0) { $0 + $1.windows.bytes } > 48 << 20 }

  func aggregate(_ partition: Int, _ items: [Scheduler.PartitionItem]) {
    if let publisher {
      publisher.publish(items, to: partition)
      return
    }
    if comparison != nil { return }
    let lane = partitions[partition]
    for item in items {
      switch item {
      case .piece(let parcel): lane.consume(parcel)
      case .advance(let watermark, _): lane.advance(to: watermark)
      case .end: break
      case .close: lane.close()
      }
    }
  }

  func analyse(upTo watermark: Nanoseconds) {
    if publisher == nil, comparison == nil { analysis.advance(partitions, to: watermark) }
  }
}

extension RawSpan {
  /// Whether `host`, in any case and with or without a port or a final dot, is this lower-case name.
  func equalsHost(_ host: RawSpan) -> Bool {
    var end = host.byteCount
    if let colon = host.lastIndex(of: 0x3a), host.firstIndex(of: 0x3a) == colon { end = colon }
    if end > 0, host.unchecked(end - 1) == 0x2e { end -= 1 }
    guard end == byteCount else { return false }
    for i in 0..<end where host.unchecked(i).asciiLowercased != unchecked(i) { return false }
    return true
  }
}
