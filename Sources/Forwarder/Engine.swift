// The forwarder's loop without its clock and its sockets: takes what the lanes have, a batch from each in turn, and
// hands it to the sink together with the lanes' positions.

import Bytes
import CapnProto
import Events
import LogFiles
import LogFormats
import Topics

/// Counts since the start; what metrics show.
struct EngineCounts: Equatable {
  var lines: UInt64 = 0
  var bytes: UInt64 = 0
  var events: UInt64 = 0
  var batches: UInt64 = 0
  var batchBytes: UInt64 = 0
  var heartbeats: UInt64 = 0
  var unparsed: UInt64 = 0
  var ahead: UInt64 = 0
  var late: UInt64 = 0
  var sampledOut: UInt64 = 0
  var deadLetters: UInt64 = 0
  var transactions: UInt64 = 0
  var aborted: UInt64 = 0
}

/// Belongs to one thread.
final class Engine {
  let settings: EngineSettings
  let sink: any EventSink
  let files: FileSet
  /// Sources that are no files.
  private(set) var streams: [Lane] = []
  private(set) var counts = EngineCounts()
  /// Called with a line in words for a person, and the file it is about.
  var say: (_ text: String, _ path: String) -> Void = { _, _ in }

  /// Called after a commit with the bytes of sockets' and pipes' lines that need not be kept any more.
  var freed: (Int) -> Void = { _ in }

  /// Leaves out and blanks what the pipeline says; nil: everything goes as it is.
  var departure: Departure?

  let spread: Spread
  private let cutter: PieceCutter
  private let aheadCutter: PieceCutter
  private let batch = BatchBox()
  private let scratch = BatchBox(textCapacity: 4096, eventCapacity: 64)
  private let checkpoint = CheckpointWriter()
  private var parsers: [ParserKey: ParserBox] = [:]
  private var judgements: [SourceClock.Judgement] = []
  /// Bytes of records in the open transaction; nil where none is open.
  private var open: Int?
  private var openedAt: Int64 = 0
  private var turn = 0
  private var pieceSize: PieceSize
  /// The piece that was taken last, and how many were in the open transaction.
  private var lastTaken: (lane: Lane, begin: UInt64, bytes: Int, lines: UInt32, buried: Int?)?
  private var taken = 0
  /// Transactions to come that hold one piece each, for one of so many is refused.
  private var single = 0
  private var nextTick: Int64 = 0

  private struct ParserKey: Hashable {
    var origin: Int
    var format: String
  }

  init(settings: EngineSettings, sink: any EventSink, files: FileSet) {
    self.settings = settings
    self.sink = sink
    self.files = files
    spread = Spread(partitions: sink.partitions, width: settings.spread)
    pieceSize = PieceSize(settings.batchText)
    cutter = PieceCutter(maxLine: settings.maxLine)
    aheadCutter = PieceCutter(maxLine: settings.maxLine)
  }

  func add(stream: Lane) { streams.append(stream) }
  func remove(stream: Lane) { streams.removeAll { $0 === stream } }

  var isTransactionOpen: Bool { open != nil }

  // MARK: A turn

  /// Takes a batch from each lane that has one due, and commits where it is time to.
  ///
  /// - Parameters:
  ///   - now: Monotonic, ns. - wall: Since the epoch, ns: only written down.
  ///   - drains: Everything that is there is due at once.
  /// - Returns: Monotonic time at which there is something to do even if nothing happens.
  func run(now: Int64, wall: Int64, drains: Bool = false) throws(SinkError) -> Int64 {
    files.refresh(now: now)
    var wake = min(files.lookDue, now &+ settings.heartbeat)
    var isBusy = false
    // In an order that begins elsewhere each time: whoever is first when a transaction is full is not always the same.
    let lanes = files.lanes + streams
    turn &+= 1
    for index in lanes.indices {
      let lane = lanes[(index &+ turn) % lanes.count]
      guard lane.kind == .stream || lane.isAttached else { continue }
      let due = self.due(lane, now, drains)
      if due > now {
        wake = min(wake, due)
        continue
      }
      if try take(lane, now) { isBusy = true }
      if let open, open >= settings.transactionBytes || single > 0 && taken > 0 { break }
    }
    try settle(now, wall)
    if let open {
      if open >= settings.transactionBytes || single > 0 || now &- openedAt >= settings.batchAge || !isBusy {
        try commit(now: now, wall: wall)
      }
    }
    return isBusy ? now : wake
  }

  /// When a lane's next batch is to be taken; `.max` where there is nothing to take.
  private func due(_ lane: Lane, _ now: Int64, _ drains: Bool) -> Int64 {
    if let before = lane.predecessor {
      // The rotated file first.
      if before.isAttached, !before.isAtEnd { return before.unreadSince == nil && !drains ? now &+ Self.pause : .max }
      lane.predecessor = nil
    }
    guard let since = lane.unreadSince else { return .max }
    if drains || lane.text == nil { return now }
    guard let end = lane.text?.end else { return now }
    if end < lane.position.offset || end &- lane.position.offset >= UInt64(target(lane)) { return now }
    return since &+ settings.batchAge
  }
  private static let pause: Int64 = 20_000_000

  /// Text to take at most.
  private func target(_ lane: Lane) -> Int { min(pieceSize.now, lane.refused?.target ?? .max) }

  /// Takes the next piece of a lane; false where there was none.
  private func take(_ lane: Lane, _ now: Int64) throws(SinkError) -> Bool {
    if lane.kind == .file, lane.text == nil, !files.open(lane, now) { return false }
    guard let text = lane.text else { return false }
    if lane.kind == .file, lane.position.offset == 0, !files.isIntact(lane) {
      cutShort(lane, now)
      return false
    }
    let isOver = isOver(lane, now)
    let cut: Cut
    do throws(LogFileError) {
      cut = try cutter.cut(
        text, at: lane.position, target: target(lane), takesRest: isOver, long: &lane.long)
    } catch {
      return fail(lane, error, now)
    }
    switch cut {
    case .lines:
      try encode(lane, overlong: nil, bytes: UInt64(cutter.count), now)
    case .overlong(let line, let bytes):
      try encode(lane, overlong: line, bytes: bytes, now)
    case .nothing:
      lane.unreadSince = nil
      lane.isAtEnd = true
      return false
    case .end:
      lane.unreadSince = nil
      lane.isAtEnd = true
      return false
    case .replaced:
      if lane.kind == .file { cutShort(lane, now) }
      return false
    }
    lane.unreadSince = now
    lane.isAtEnd = false
    lane.lastLines = now
    return true
  }

  /// Whether a file gets no more lines: a last one without its end is then a line.
  private func isOver(_ lane: Lane, _ now: Int64) -> Bool {
    if lane.text is CompressedText { return true }
    if let queue = lane.text as? QueuedText { return queue.isClosed }
    guard let moved = lane.movedSince else { return false }
    return now &- max(moved, lane.lastLines) >= FileSet.linger
  }

  private func fail(_ lane: Lane, _ error: LogFileError, _ now: Int64) -> Bool {
    say("\(error)", lane.path)
    // What is damaged stays so: the rest of it is left alone. Else it is tried again.
    if error.isPartial, lane.text is CompressedText {
      lane.unreadSince = nil
      lane.isAtEnd = true
    } else {
      lane.unreadSince = now
    }
    return false
  }

  private func cutShort(_ lane: Lane, _ now: Int64) {
    say("truncated or replaced; read on from a copy of it, if there is one, and from its new beginning", lane.path)
    files.detach(lane, now)
  }

  // MARK: Batches

  private func begin(_ now: Int64) throws(SinkError) {
    if open != nil { return }
    try sink.begin()
    open = 0
    forgetTaken()
    openedAt = now
  }

  private func encode(_ lane: Lane, overlong: OverlongLine?, bytes: UInt64, _ now: Int64) throws(SinkError) {
    try begin(now)
    try announce(lane)
    let (cutter, batch) = (cutter, batch)
    let position = lane.position
    var origin = BatchOrigin(source: lane.id, host: settings.host, path: lane.pathBytes)
    origin.sequence = position.sequence
    origin.firstOrdinal = position.ordinal
    origin.firstLine = lane.kind == .file ? position.line : 0
    origin.byteBegin = position.offset
    origin.byteEnd = position.offset &+ bytes
    var ledger = BatchLedger()
    var lines: UInt32 = 1
    var (first, last): (Nanoseconds, Nanoseconds) = (0, 0)
    var carried = position.carried
    // Of a line that is no event: as much as the brokers take.
    let buried = lane.refused?.begin == origin.byteBegin ? lane.refused?.buried : nil
    let headLength = min(buried ?? .max, OverlongLine.headLength)
    if overlong == nil {
      let box = parser(for: lane)
      batch.writer.defaultHost =
        settings.sources.indices.contains(lane.origin) ? settings.sources[lane.origin].zone : []
      batch.writer.begin(origin)
      box.parser.parse(cutter.text, after: position.carried, maxLine: settings.maxLine, into: &batch.writer)
      let run = box.parser.run
      if let late = lane.clock.pass(run) {
        ledger.late = late
      } else {
        // Only a stamp that is far ahead asks what follows.
        let believed = lane.clock.time?.plusSaturating(lane.clock.limits.maxAhead)
        let after = believed.map { run.largest > $0 } ?? true ? following(lane, bytes: bytes, box) : []
        let stamps = box.parser.stamps
        lane.clock.judge(stamps.span, following: after.span, into: &judgements)
        if judgements.contains(.ahead) {
          batch.writer.begin(origin)
          box.parser.parse(
            cutter.text, after: position.carried, maxLine: settings.maxLine, judgements: judgements, into: &batch.writer
          )
        }
        ledger.late = UInt32(clamping: judgements.count { $0 == .late })
      }
      let tally = box.parser.tally
      lines = tally.lines
      ledger.lines = tally.lines &- tally.skipped
      ledger.parsed = tally.parsed
      ledger.unparsed = tally.unparsed
      ledger.ahead = tally.ahead
      (first, last) = (box.parser.firstTime, box.parser.lastTime)
      carried = box.parser.carried
      if buried != nil, ledger.parsed > 0 {
        ledger.unparsed &+= ledger.parsed
        (ledger.parsed, ledger.late) = (0, 0)
        batch.writer.begin(origin)
        try bury(
          "record-too-large", lane, origin.firstLine, origin.byteBegin, length: bytes,
          hash: OverlongLine.hash(cutter.text), head: cutter.text, headLength)
      } else {
        try bury(box.parser.rejected, origin, lane, headLength)
      }
    } else if let overlong {
      batch.writer.begin(origin)
      ledger.lines = 1
      ledger.unparsed = 1
      try bury(
        UnparsedLine.Reason.tooLong.label, lane, origin.firstLine, origin.byteBegin, length: overlong.length,
        hash: overlong.hash, head: overlong.head.span.bytes, headLength)
    }
    lastTaken = (lane, origin.byteBegin, Int(clamping: bytes), lines, buried)
    taken += 1
    if let departure, batch.writer.count > 0 {
      batch.writer.finish()
      do throws(WireError) { try departure.rewrite(batch.message, origin: origin) } catch {
        throw .failed("a batch of our own cannot be read: \(error)")
      }
      ledger.sampledOut = departure.sampledOut
      ledger.parsed &-= departure.sampledOut
      // What is no event, or is left out, is in the first record's ledger; each has its own events in it.
      for (number, output) in departure.outputs.enumerated() {
        var part = BatchLedger()
        part.parsed = UInt32(clamping: output.box.writer.count)
        part.lines = part.parsed
        if number == 0 {
          part = ledger
          for other in departure.outputs.dropFirst() {
            part.parsed &-= UInt32(clamping: other.box.writer.count)
            part.lines &-= UInt32(clamping: other.box.writer.count)
          }
        }
        try send(output.box, lane, origin, first, last, part)
      }
    } else {
      try send(batch, lane, origin, first, last, ledger)
    }

    lane.position.offset &+= bytes
    lane.position.line &+= UInt64(lines)
    lane.position.ordinal &+= UInt64(lines)
    lane.position.time = lane.clock.time
    lane.position.carried = carried
    lane.position.isFinal = false
    if overlong == nil {
      lane.position.keepTail(of: cutter.text)
    } else {
      keepTail(lane)
    }
    if let refused = lane.refused, lane.position.offset >= refused.end { passed.append((lane, refused)) }
    lane.isTouched = true
    if lane.identity.headLength < FileIdentity.mostHead { files.lengthenHead(lane) }
    counts.lines &+= UInt64(lines)
    counts.bytes &+= bytes
    counts.events &+= UInt64(ledger.parsed)
    counts.sampledOut &+= UInt64(ledger.sampledOut)
    counts.unparsed &+= UInt64(ledger.unparsed)
    counts.ahead &+= UInt64(ledger.ahead)
    counts.late &+= UInt64(ledger.late)
  }

  /// Sends a batch that has begun as the next of its lane.
  private func send(
    _ box: BatchBox, _ lane: Lane, _ origin: BatchOrigin, _ first: Nanoseconds, _ last: Nanoseconds,
    _ ledger: BatchLedger
  ) throws(SinkError) {
    let sequence = lane.position.sequence
    box.writer.finish(lowWatermark: lane.lowWatermark, firstTime: first, lastTime: last, ledger: ledger)
    if sequence != origin.sequence {
      box.writer.place(sequence: sequence, firstOrdinal: origin.firstOrdinal, firstLine: origin.firstLine)
    }
    let slot = spread.slot(of: sequence)
    let size = box.message.byteCount
    try sink.send(box.message, partition: spread.partition(of: lane.id, slot: slot))
    open = (open ?? 0) &+ size
    lane.told[slot] = max(lane.told[slot], lane.lowWatermark)
    lane.position.sequence &+= 1
    counts.batches &+= 1
    counts.batchBytes &+= UInt64(size)
  }

  /// After a line that was not kept, its last bytes are read again.
  private func keepTail(_ lane: Lane) {
    guard let text = lane.text else { return }
    let count = min(lane.position.offset, UInt64(Position.mostTail))
    var tail = ByteBuffer(capacity: Position.mostTail)
    let n = try? text.read(at: lane.position.offset - count, upTo: Int(count), into: &tail)
    lane.position.tail = n == Int(count) ? tail.bytes.copied() : []
  }

  /// Stamps of the lines after the piece in hand, as far as they are there: they decide whether a jump is believed.
  private func following(_ lane: Lane, bytes: UInt64, _ box: ParserBox) -> [Nanoseconds] {
    guard let text = lane.text, !(text is CompressedText) else { return [] }
    var next = lane.position
    next.offset &+= bytes
    next.tail = []
    var long: LongLine?
    guard let cut = try? aheadCutter.cut(text, at: next, target: 32 << 10, takesRest: false, long: &long),
      cut == .lines
    else { return [] }
    let cutter = aheadCutter
    return box.stamps(of: cutter.text, maxLine: settings.maxLine, into: &scratch.writer)
  }

  // MARK: Lines that are no events

  private func bury(
    _ rejected: [RejectedLine], _ origin: BatchOrigin, _ lane: Lane, _ headLength: Int
  ) throws(SinkError) {
    let cutter = cutter
    for line in rejected {
      let text = cutter.text.extracting(line.offset..<line.offset + line.length)
      try bury(
        line.reason.label, lane, origin.firstLine &+ UInt64(line.number), origin.byteBegin &+ UInt64(line.offset),
        length: UInt64(line.length), hash: OverlongLine.hash(text), head: text, headLength)
    }
  }

  /// Keeps a line's first `headLength` bytes, its hash and its place.
  private func bury(
    _ reason: String, _ lane: Lane, _ number: UInt64, _ offset: UInt64, length: UInt64, hash: UInt64, head: RawSpan,
    _ headLength: Int
  ) throws(SinkError) {
    let head = head.extracting(first: min(head.byteCount, headLength))
    let letter = DeadLetter(
      station: "forwarder", reason: reason,
      place: .line(
        host: String(decoding: settings.host, as: UTF8.self), file: lane.path, line: number, offset: offset),
      length: length, hash: hash)
    if departure?.isRedacting == true {
      // Nobody knows what is what in it.
      headShape.removeAll()
      Blanker.appendShape(of: head, to: &headShape)
      try Self.bury(letter, headShape, sink)
    } else {
      try sink.bury(letter, head: head)
    }
    open = (open ?? 0) &+ head.byteCount &+ 256
    counts.deadLetters &+= 1
  }

  private var headShape = ByteBuffer(capacity: 4096)

  // Of its own, because what reads the buffer would keep the rest from changing.
  private static func bury(
    _ letter: DeadLetter, _ head: borrowing ByteBuffer, _ sink: any EventSink
  ) throws(SinkError) {
    try sink.bury(letter, head: head.bytes)
  }

  // MARK: Time

  /// Tells all partitions of a lane's spread that it is there, before its first event.
  private func announce(_ lane: Lane) throws(SinkError) {
    if lane.isAnnounced { return }
    lane.told = Array(repeating: .min, count: spread.width)
    for slot in 0..<spread.width { try tell(lane, slot, lane.lowWatermark) }
    lane.isAnnounced = true
    lane.wasAnnounced = false
    lane.isSilent = false
  }

  private func tell(_ lane: Lane, _ slot: Int, _ watermark: Nanoseconds, final: Bool = false) throws(SinkError) {
    var origin = BatchOrigin(source: lane.id, host: settings.host, path: lane.pathBytes)
    origin.sequence = lane.position.sequence
    origin.firstOrdinal = lane.position.ordinal
    origin.firstLine = lane.kind == .file ? lane.position.line : 0
    origin.byteBegin = lane.position.offset
    origin.byteEnd = lane.position.offset
    scratch.writer.begin(origin)
    scratch.writer.finish(lowWatermark: watermark, final: final)
    let heartbeat = scratch
    try sink.send(heartbeat.message, partition: spread.partition(of: lane.id, slot: slot))
    lane.told[slot] = max(lane.told[slot], watermark)
    counts.heartbeats &+= 1
  }

  /// What lanes say without having lines: how far they are, that they live, that they have ended.
  private func settle(_ now: Int64, _ wall: Int64) throws(SinkError) {
    for lane in files.lanes where lane.isTouched { try spreadTime(lane, now) }
    for lane in streams where lane.isTouched { try spreadTime(lane, now) }
    guard now >= nextTick else { return }
    nextTick = now &+ min(settings.heartbeat, 250_000_000)
    for lane in files.lanes {
      try endIfOver(lane, now, wall)
      try beat(lane, now)
    }
    for lane in streams { try beat(lane, now) }
    files.closeQuiet()
    try forgetGone(now, wall)
  }

  /// The partitions that got no batch learn how far the lane is, where that can close a window.
  private func spreadTime(_ lane: Lane, _ now: Int64) throws(SinkError) {
    let watermark = lane.lowWatermark
    let window = CivilTime.floorDivide(watermark, settings.windowLength)
    for slot in lane.told.indices where lane.told[slot] < watermark {
      guard lane.told[slot] == .min || CivilTime.floorDivide(lane.told[slot], settings.windowLength) < window
      else { continue }
      try tell(lane, slot, watermark)
    }
    lane.lastTold = now
  }

  /// A lane without lines says that it lives; its time goes on with the clock.
  private func beat(_ lane: Lane, _ now: Int64) throws(SinkError) {
    guard lane.isAnnounced || lane.wasAnnounced, !lane.isSilent, now &- lane.lastTold >= settings.heartbeat,
      let time = lane.clock.time
    else { return }
    try begin(now)
    try announce(lane)
    lane.lastTold = now
    // Lines wait: it is we who are slow, not the source.
    if !lane.isAtEnd {
      for slot in lane.told.indices where lane.told[slot] < lane.lowWatermark {
        try tell(lane, slot, lane.lowWatermark)
      }
      return
    }
    let idle = now &- lane.lastLines
    lane.promised = max(
      lane.promised, time.plusSaturating(idle).minusSaturating(lane.clock.limits.maxDisorder))
    let isOver = idle >= settings.silentAfter
    for slot in lane.told.indices { try tell(lane, slot, lane.lowWatermark, final: isOver) }
    if isOver {
      lane.isSilent = true
      lane.isAnnounced = false
    }
  }

  /// Ends a lane whose file will not grow any more.
  private func endIfOver(_ lane: Lane, _ now: Int64, _ wall: Int64) throws(SinkError) {
    guard !lane.position.isFinal, lane.position.offset > 0 || lane.isAnnounced else { return }
    if lane.isAttached {
      guard lane.isAtEnd, isOver(lane, now) else { return }
      if lane.text is PlainText {
        // A last line without its end is taken before.
        guard let end = lane.text?.end, end == lane.position.offset else {
          lane.unreadSince = now &- settings.batchAge
          return
        }
      }
    } else {
      guard let moved = lane.movedSince, now &- moved >= FileSet.linger else { return }
    }
    try begin(now)
    lane.position.isFinal = true
    lane.isTouched = true
    if lane.isAnnounced {
      for slot in lane.told.indices { try tell(lane, slot, lane.lowWatermark, final: true) }
      lane.isAnnounced = false
    }
    lane.isSilent = true
    files.end(lane)
  }

  /// Sources that are forgotten if the open transaction is committed.
  private var forgotten: [Lane] = []

  /// Takes back the positions of files that are long gone, or `checkpoints` would grow for ever.
  private func forgetGone(_ now: Int64, _ wall: Int64) throws(SinkError) {
    guard now >= nextForget else { return }
    nextForget = now &+ 60_000_000_000
    for lane in files.lanes {
      if files.isInSight(lane) || lane.isTouched {
        lane.unseenSince = nil
        continue
      }
      let since = lane.unseenSince ?? now
      lane.unseenSince = since
      let isOld =
        lane.savedAt > 0 && wall &- lane.savedAt >= settings.forgetAfter &* 4
        && now &- since >= settings.forgetOldAfter
      guard isOld || now &- since >= settings.forgetAfter else { continue }
      try begin(now)
      try sink.save(lane.id, nil)
      forgotten.append(lane)
    }
  }
  private var nextForget: Int64 = 0

  // MARK: Transactions

  /// Writes the positions and commits.
  func commit(now: Int64, wall: Int64) throws(SinkError) {
    guard open != nil else { return }
    for lane in files.lanes where lane.isTouched { try save(lane, wall) }
    for lane in streams where lane.isTouched { try save(lane, wall) }
    try sink.commit()
    open = nil
    counts.transactions &+= 1
    if single > 0, taken > 0 { single -= 1 }
    if let lastTaken { pieceSize.taken(lastTaken.bytes) }
    for (lane, refused) in passed where lane.refused == refused { lane.refused = nil }
    passed.removeAll()
    if !forgotten.isEmpty { files.remove(forgotten) }
    forgotten.removeAll()
    for lane in files.lanes where lane.isTouched { _ = lane.commit() }
    var bytes = 0
    for lane in streams where lane.isTouched { bytes += lane.commit() }
    freed(bytes)
  }

  private func save(_ lane: Lane, _ wall: Int64) throws(SinkError) {
    let checkpoint = checkpoint
    checkpoint.write(lane.saved(written: wall))
    try sink.save(lane.id, checkpoint.record)
  }

  /// After an aborted transaction: back to where the last committed one ended.
  func rewind(now: Int64) { rewind(to: nil, now: now) }

  /// After a transaction of which nobody knows whether it was committed: on from there if it was, else back to where the
  /// one before it ended. Nothing else can have happened to positions that only we write.
  ///
  /// - Parameter saved: What is committed; nil: nothing of it was.
  func rewind(to saved: [SavedSource]?, now: Int64) {
    let wasOpen = open != nil
    open = nil
    passed.removeAll()
    forgotten.removeAll()
    var reached: [UInt64: SavedSource] = [:]
    for source in saved ?? [] { reached[source.id] = source }
    var freed = 0
    var isCommitted = false
    for lane in files.lanes + streams {
      if lane.isTouched, let there = reached[lane.id], lane.isReached(by: there) {
        isCommitted = true
        freed += lane.commit()
        continue
      }
      let wasFinal = lane.position.isFinal
      lane.rewind()
      if wasFinal, !lane.position.isFinal { files.undoEnd(lane) }
      // At once: it was due already.
      if lane.isAttached || lane.kind == .stream { lane.unreadSince = now &- settings.batchAge }
    }
    self.freed(freed)
    if isCommitted { counts.transactions &+= 1 } else if wasOpen { counts.aborted &+= 1 }
  }

  /// Lanes that have come past what was refused of them, once the open transaction is committed.
  private var passed: [(lane: Lane, refused: RefusedPiece)] = []

  private func forgetTaken() {
    lastTaken = nil
    taken = 0
  }

  /// After `rewind`, where a record of the lost transaction was too large: what was in it is sent piece by piece, and the
  /// piece that is refused then in halves, down to one line, which becomes a dead letter.
  ///
  /// - Returns: What is done about it, in words.
  /// - Throws: `.failed` where even records without a line are refused.
  func splitRefused() throws(SinkError) -> String {
    guard let last = lastTaken else { throw Self.nothingFits }
    guard taken == 1 else {
      single = max(single, taken + 1)
      return "sent in transactions of one batch"
    }
    guard
      let refused = RefusedPiece(
        begin: last.begin, bytes: last.bytes, lines: last.lines, buried: last.buried, before: last.lane.refused)
    else { throw Self.nothingFits }
    last.lane.refused = refused
    // Until all of it is behind.
    single += 2
    if last.lines > 1 { pieceSize.refused(last.bytes) }
    return refused.buried == nil
      ? "batches of \(refused.target) bytes of text; usually \(pieceSize.now)"
      : "\(last.lane.path), offset \(last.begin): a dead letter"
  }

  private static let nothingFits = SinkError.failed(
    "even a record without a line is too large for the brokers: look at max.message.bytes of the topics")

  // MARK: Formats

  private func parser(for lane: Lane) -> ParserBox {
    if let box = lane.parser { return box }
    let cutter = cutter
    let source = settings.sources.indices.contains(lane.origin) ? settings.sources[lane.origin] : LineSettings()
    if let format = source.format {
      let box = parser(lane.origin, format, source.options)
      lane.parser = box
      return box
    }
    // What the other files of the same source are in is tried first: telling a format takes milliseconds.
    for (key, box) in parsers.sorted(by: { $0.key.format < $1.key.format }) where key.origin == lane.origin {
      guard box.format != nil else { continue }
      scratch.writer.begin(BatchOrigin(source: 0))
      box.parser.parse(cutter.text, after: FormatState(), maxLine: settings.maxLine, into: &scratch.writer)
      let tally = box.parser.tally
      if tally.parsed > 0, tally.unparsed == 0 {
        lane.parser = box
        return box
      }
    }
    var detector = FormatDetector(options: source.options)
    detector.feed(text: cutter.text, isWhole: true)
    let answer = detector.decide()
    say(answer.explanation, lane.path)
    let box = parser(lane.origin, answer.format, source.options)
    // Lines that tell nothing are not the last word.
    if answer.format != nil { lane.parser = box }
    return box
  }

  private func parser(_ origin: Int, _ format: LogFormat?, _ options: ParseOptions) -> ParserBox {
    let key = ParserKey(origin: origin, format: format?.qualifiedName ?? "")
    if let box = parsers[key] { return box }
    let box = ParserBox(format, options, maxDisorder: settings.clock.maxDisorder)
    parsers[key] = box
    return box
  }
}
