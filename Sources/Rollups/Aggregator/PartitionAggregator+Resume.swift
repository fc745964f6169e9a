// How the aggregator of a partition goes on after a restart as if there had been none: from a snapshot, and the records
// of the windows that were open.
//
// Tried and rejected: to write open windows into the state. They are most of the memory of an aggregator, change with
// every record, and are all in the input already.

import Bytes
import CapnProto
import Events
import Sketches

extension PartitionAggregator where Classifier: ~Copyable {
  /// Windows that end at or before this are written, ns; `.max` once all is.
  public var closedUpTo: Nanoseconds { state.core.closedUpTo }
  public var isClosed: Bool { state.core.isClosed }
  /// Source of the record that was counted last; nil where that was no batch, heartbeat or end of a source.
  public var lastSource: UInt64? { state.core.lastSource }
  /// Low watermark of a source that is live; nil for one that isn't.
  public func lowWatermark(of source: UInt64) -> Nanoseconds? {
    guard let time = state.core.clock.sources[source], time.isLive else { return nil }
    return time.lowWatermark
  }
  /// Sources that hold the watermark back, by id.
  public var liveSources: [UInt64] { state.core.clock.sources.filter(\.value.isLive).keys.sorted() }

  /// What a restart needs to know. Late events wait nowhere right after a call that emitted something, and after
  /// `settle`: only then is it whole.
  ///
  /// - Parameter position: Offset of the next record.
  public func snapshot(position: Int64) -> AggregatorSnapshot {
    var snapshot = AggregatorSnapshot()
    snapshot.inputPartition = state.core.settings.inputPartition
    snapshot.isClosed = isClosed
    snapshot.windowLength = state.core.settings.windowLength
    snapshot.hashSeed = state.core.settings.hashSeed
    snapshot.ruleSet = state.core.ruleSet
    snapshot.position = position
    snapshot.resume = min(state.core.tables.firstRecord ?? position, position)
    snapshot.closedUpTo = closedUpTo
    snapshot.watermark = state.core.clock.watermark
    snapshot.front = state.core.clock.front
    for id in state.core.clock.sources.keys.sorted() {
      guard let time = state.core.clock.sources[id] else { continue }
      snapshot.sources.append(.init(id: id, lowWatermark: time.lowWatermark, isLive: time.isLive))
    }
    snapshot.zones = confirmedNames
    snapshot.ledger = ledger
    return snapshot
  }

  /// The aggregator as the snapshot knew it, but for its open windows: hand the records from `resume` to `position` to
  /// `recount`, those after it to `consume`.
  ///
  /// - Parameters:
  ///   - names: Confirmed ones, in order; those of the snapshot count.
  ///   - first: Offset of the first record that there is to read again: `resume`, or later where records are gone.
  public init(
    settings: AggregatorSettings, classifier: consuming Classifier, restoring snapshot: AggregatorSnapshot,
    names: [ConfirmedName], from first: Int64
  ) throws(RollupError) {
    self.init(settings: settings, classifier: classifier)
    guard snapshot.inputPartition == settings.inputPartition else {
      throw .invalid("the state of input partition \(snapshot.inputPartition)")
    }
    guard snapshot.hashSeed == settings.hashSeed else { throw .differentSeed(snapshot.hashSeed) }
    guard snapshot.windowLength == state.core.settings.windowLength else {
      throw .invalid(
        "windows of \(snapshot.windowLength) ns are open; drain them before windows.length changes, or begin with "
          + "another kafka.topic_prefix")
    }
    state.core.restore(snapshot, names: names, from: first)
  }

  /// Counts a record before the snapshot's position again: what it holds of windows that were open, and nothing else.
  /// A record that can't be read was not counted then either.
  public mutating func recount(_ record: RawSpan, at offset: Int64) {
    state.core.begin(record: offset)
    do throws(WireError) {
      try Self.recount(record, limiter, into: &state)
    } catch {}
  }

  private static func recount(
    _ record: RawSpan, _ limiter: borrowing ReadLimiter, into state: inout AggregatorState<Classifier>
  ) throws(WireError) {
    try state.recount(EventBatch(Message(framed: record, limiter: limiter).rootStruct))
  }

  /// Writes what came late and waits, so that a snapshot can be taken here.
  public mutating func settle(emit: (RawSpan) -> Void) { state.core.closeLate(emit) }

  /// Counts a record that could not be read.
  public mutating func countPoisoned() { state.core.ledger.poisoned &+= 1 }
}

extension AggregatorState where Classifier: ~Copyable {
  /// As `consume`, for what is counted in the ledger and in windows that are written.
  mutating func recount(_ batch: borrowing EventBatch) throws(WireError) {
    guard batch.schemaVersion == Events.schemaVersion, !batch.idle else { return }
    _ = try batch.source.id
    _ = try batch.ledger
    guard batch.events.which == .http else { return }
    let events = try batch.events.http
    let place = try BatchPlace(
      batch, matchThreshold: core.settings.matchThreshold, slowRequest: core.settings.slowRequest)
    classifier.classify(events, into: &verdicts)
    if verdicts.count < events.count {
      verdicts.append(contentsOf: repeatElement(.clean, count: events.count - verdicts.count))
    }
    core.recount(events, verdicts: verdicts, place: place)
    hits.removeAll(keepingCapacity: true)
    hitTexts.removeAll()
    classifier.correlate(events, verdicts, into: &hits, texts: &hitTexts)
    hits.removeAll { hit in
      guard hit.event >= 0, hit.event < events.count else { return true }
      return events[hit.event].time < core.closedUpTo
    }
    if !hits.isEmpty { core.correlate(hits, hitTexts, events, verdicts, place) }
  }
}

extension AggregatorCore {
  /// Says which record is counted next.
  mutating func begin(record: Int64) {
    lastSource = nil
    tables.record = record
    names.record = record
  }

  mutating func restore(_ snapshot: AggregatorSnapshot, names confirmed: [ConfirmedName], from first: Int64) {
    isClosed = snapshot.isClosed
    closedUpTo = snapshot.closedUpTo
    clock.watermark = snapshot.watermark
    clock.front = snapshot.front
    for source in snapshot.sources {
      clock.sources[source.id] = PartitionClock.SourceTime(lowWatermark: source.lowWatermark, isLive: source.isLive)
    }
    ledger = snapshot.ledger
    // The others are confirmed again by the records that did so.
    for name in confirmed.prefix(snapshot.zones) where name.offset < first && names.names.count < names.limit {
      let hash = names.hash.hash(name.name.span.bytes)
      names.record = name.offset
      if names.index.find(hash) < 0 { names.add(name.name.span.bytes, hash) }
    }
  }

  mutating func recount(
    _ events: borrowing HttpEventList, verdicts: [RequestVerdict], place: borrowing BatchPlace
  ) {
    for i in 0..<events.count {
      let event = events[i]
      guard let host = try? event.host else { continue }
      let zone = names.zone(of: host, status: event.status)
      let time = event.time
      if time < closedUpTo { continue }
      let table = tables.table(time: time, zone: zone, names: names, tableLimit: settings.openTables)
      // What is damaged was said to be when it was counted first.
      try? table.pointee.add(event, verdict: verdicts[i], place: place, ruleHashes: ruleHashes, known: &pathTraits)
    }
  }
}
