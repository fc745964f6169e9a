// The part of the aggregator that doesn't depend on the classifier's type.

import Bytes
import CapnProto
import Events
import Sketches

struct AggregatorCore: ~Copyable {
  /// Late tables open at most before they are written.
  static var lateTables: Int { 256 }
  /// When more windows' full share of tables is open than this, the oldest are closed before their time.
  static var fullWindows: Int { 4 }

  let settings: AggregatorSettings
  let ruleSet: UInt64
  let ruleHashes: [UInt64]
  var clock: PartitionClock
  var names: ZoneNames
  var tables: WindowTables
  var lateTables: WindowTables
  var pathTraits = PathTraitsCache()
  var ledger = ConservationLedger()
  /// Windows that end at or before this are written.
  var closedUpTo: Nanoseconds = .min
  /// Everything is written; nothing more is counted.
  var isClosed = false
  /// Of the batch counted last; nil where that was none of a source's.
  var lastSource: UInt64?
  var builder: MessageBuilder
  /// Where there is one, windows are handed over and not written.
  let pool: WindowPool?
  var closed: [ClosedWindow] = []

  init(settings: AggregatorSettings, ruleSet: UInt64, ruleHashes: [UInt64], pool: WindowPool?) {
    self.pool = pool
    var settings = settings
    settings.windowLength = max(settings.windowLength, 1_000_000)
    self.settings = settings
    (self.ruleSet, self.ruleHashes) = (ruleSet, ruleHashes)
    let hash = KeyedHash(key: settings.hashSeed)
    clock = PartitionClock(maxLag: settings.maxLag)
    names = ZoneNames(
      defaultZone: settings.defaultZone, named: settings.namedZones, limit: settings.zones, hash: hash)
    tables = WindowTables(
      length: settings.windowLength, limits: settings.limits, hash: hash, isLate: false,
      idleMemory: settings.idleMemory, pool: pool)
    lateTables = WindowTables(
      length: settings.windowLength, limits: settings.limits, hash: hash, isLate: true,
      idleMemory: settings.idleMemory / 4, pool: pool)
    builder = MessageBuilder()
  }

  /// Counts the events of a batch, each in the table of its window and zone.
  mutating func add(
    _ events: borrowing HttpEventList, verdicts: [RequestVerdict], place: borrowing BatchPlace
  ) {
    let closed = closedUpTo
    ledger.events &+= UInt64(events.count)
    for i in 0..<events.count {
      let event = events[i]
      guard let host = try? event.host else {
        ledger.damaged &+= 1
        continue
      }
      let time = event.time
      let zone = names.zone(of: host, status: event.status)
      // A window is closed as a whole, so its start tells as well as its end would.
      let isLate = time < closed
      let table =
        isLate
        ? lateTables.table(time: time, zone: zone, names: names, tableLimit: settings.openTables)
        : tables.table(time: time, zone: zone, names: names, tableLimit: settings.openTables)
      do throws(WireError) {
        try table.pointee.add(event, verdict: verdicts[i], place: place, ruleHashes: ruleHashes, known: &pathTraits)
        if verdicts[i].isAllowed { ledger.allowed &+= 1 }
        if isLate { ledger.afterClose &+= 1 } else { ledger.onTime &+= 1 }
      } catch {
        ledger.damaged &+= 1
      }
    }
  }

  mutating func correlate(
    _ hits: [CorrelationHit], _ texts: borrowing ByteBuffer, _ events: borrowing HttpEventList,
    _ verdicts: [RequestVerdict],
    _ place: borrowing BatchPlace
  ) {
    for hit in hits where hit.event >= 0 && hit.event < events.count {
      guard hit.groupOffset >= 0, hit.groupCount >= 0, hit.groupOffset <= texts.count - hit.groupCount else {
        continue
      }
      let event = events[hit.event]
      let group = texts.bytes.extracting(hit.groupOffset..<hit.groupOffset + hit.groupCount)
      let table =
        event.time < closedUpTo
        ? lateTables.table(time: event.time, zone: ZoneNames.global, names: names, tableLimit: .max)
        : tables.table(time: event.time, zone: ZoneNames.global, names: names, tableLimit: .max)
      table.pointee.add(hit, group: group, event: event, verdict: verdicts[hit.event], place: place)
    }
  }

  mutating func count(_ entries: borrowing Ledger) {
    ledger.batches &+= 1
    ledger.lines &+= UInt64(entries.lines)
    ledger.parsed &+= UInt64(entries.parsed)
    ledger.unparsed &+= UInt64(entries.unparsed)
    ledger.ahead &+= UInt64(entries.ahead)
    ledger.sampledOut &+= UInt64(entries.sampledOut)
    ledger.late &+= UInt64(entries.late)
  }

  mutating func count(_ lines: borrowing UnparsedLineList) {
    for i in 0..<lines.count {
      let reason = Int(lines[i].reason.wire)
      ledger.reasons[min(reason, ledger.reasons.count - 1)] &+= 1
    }
  }

  /// Writes the windows that the watermark has passed, and before them what came late for those already written.
  mutating func closeWindows(_ emit: (RawSpan) -> Void) {
    var reached: Nanoseconds = .min
    if clock.watermark != .min {
      reached = WindowTables.start(of: clock.watermark, length: settings.windowLength)
    }
    if let end = tables.end(leaving: Self.fullWindows * settings.openTables) { reached = max(reached, end) }
    // The end of time is said by `closeAll` alone: it tells everyone that nothing more comes.
    reached = min(reached, PartitionClock.latest)
    if lateTables.openTables >= Self.lateTables { closeLate(emit) }
    guard reached > closedUpTo else { return }
    closeLate(emit)
    closeOnTime(upTo: reached, emit)
    closedUpTo = reached
  }

  mutating func closeAll(_ emit: (RawSpan) -> Void) {
    closeLate(emit)
    closeOnTime(upTo: .max, emit)
    closedUpTo = .max
    isClosed = true
  }

  /// Late partials carry the watermark up to which windows were written: they belong to the next one.
  mutating func closeLate(_ emit: (RawSpan) -> Void) {
    while let table = lateTables.takeClosed(upTo: .max, names: names) {
      ledger.latePartials &+= 1
      if handOver(table, watermark: closedUpTo) { continue }
      write(table, watermark: closedUpTo, emit)
      lateTables.give(table)
    }
  }

  private mutating func closeOnTime(upTo watermark: Nanoseconds, _ emit: (RawSpan) -> Void) {
    while let table = tables.takeClosed(upTo: watermark, names: names) {
      ledger.windows &+= 1
      if handOver(table, watermark: clock.watermark) { continue }
      write(table, watermark: clock.watermark, emit)
      tables.give(table)
    }
  }

  /// Gives the window on as it is, where its taker is in this process.
  private mutating func handOver(_ table: WindowTables.Table, watermark: Nanoseconds) -> Bool {
    ledger.inWindows &+= table.pointee.events
    guard let pool else { return false }
    table.pointee.ruleSet = ruleSet
    table.pointee.forgetUntold()
    closed.append(
      ClosedWindow(table, inputPartition: settings.inputPartition, watermark: watermark, pool: pool))
    return true
  }

  private mutating func write(_ table: WindowTables.Table, watermark: Nanoseconds, _ emit: (RawSpan) -> Void) {
    table.pointee.write(
      to: &builder,
      RollupOrigin(inputPartition: settings.inputPartition, watermark: watermark, ruleSet: ruleSet))
    emit(builder.framed)
  }
}

extension ZoneWindow {
  /// Counts one event for a group of a correlation.
  mutating func add(
    _ hit: CorrelationHit, group: RawSpan, event: borrowing HttpEvent, verdict: RequestVerdict,
    place: borrowing BatchPlace
  ) {
    let time = event.time
    let entry = correlationEntry(hit.correlation, groupHash: hit.groupHash, group: group, time: time)
    guard entry >= 0 else {
      droppedCorrelations = droppedCorrelations.saturatingAdd(UInt64(place.weight))
      return
    }
    firstTime = min(firstTime, time)
    lastTime = max(lastTime, time)
    // Good until the next group.
    let row = correlationRows.unsafeAddress(of: entry)
    row.pointee.count = row.pointee.count.saturatingAdd(UInt64(place.weight))
    row.pointee.firstTime = min(row.pointee.firstTime, time)
    row.pointee.lastTime = max(row.pointee.lastTime, time)
    if hit.valueHash != 0 { sets.insert(hit.valueHash, into: &row.pointee.values) }
    // An unreadable field counts as an absent one.
    var agent = RawSpan()
    var target = RawSpan()
    do throws(WireError) {
      agent = try event.userAgent
      target = try event.target
    } catch {}
    let agentHash = hash.hash(agent)
    let item = evidenceItem(event, verdict: verdict, place: place, agentHash: agentHash, rank: max(verdict.score, 1))
    row.pointee.evidence = keepEvidence(
      item, in: row.pointee.evidence, place: place, request: target)
  }
}
