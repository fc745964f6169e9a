// The aggregator of one input partition: batches in, in order; one record a window and zone out.

import Bytes
import CapnProto
import Events
import Sketches

/// Aggregates one input partition.
///
/// Pure but for its state: the same batches in the same order give the same records, whoever runs it. Events are counted
/// before the watermark of their batch is, so that a batch never makes its own events late.
///
/// When the partition's watermark passes the end of a window its records are written, exactly one for each zone that had
/// an event. What comes after is counted in late partials, which are written before the next window is, stamped with the
/// watermark at that time.
public struct PartitionAggregator<Classifier: RequestClassifier & ~Copyable>: ~Copyable {
  var state: AggregatorState<Classifier>
  /// Beside the state, because what is read borrows it while the state changes.
  let limiter = ReadLimiter()

  /// - Parameter pool: Where it is given, no records are written: `takeWindows` gives the windows themselves.
  public init(settings: AggregatorSettings, classifier: consuming Classifier, pool: WindowPool? = nil) {
    let ruleSet = classifier.ruleSetHash
    let rules = classifier.ruleHashes
    let core = AggregatorCore(settings: settings, ruleSet: ruleSet, ruleHashes: rules, pool: pool)
    state = AggregatorState(classifier: classifier, core: core)
  }

  /// No on-time event is older, ns.
  public var watermark: Nanoseconds { state.core.clock.watermark }
  public var ledger: ConservationLedger { state.core.ledger }
  /// Tables (window and zone) that are open.
  public var openTables: Int { state.core.tables.openTables + state.core.lateTables.openTables }

  /// Takes in one EventBatch record. O(events).
  ///
  /// - Parameters:
  ///   - offset: of the record in its partition, where it may be read again from there.
  ///   - judged: is given the batch's events and their verdicts before they are counted.
  ///   - emit: is given each Rollup record; its bytes are good during the call.
  /// - Throws: where the batch cannot be read; then nothing of it was counted.
  public mutating func consume(
    _ record: RawSpan, at offset: Int64 = 0,
    judged: (_ batch: borrowing EventBatch, _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict]) -> Void = {
      _, _, _ in
    },
    emit: (RawSpan) -> Void
  ) throws(RollupError) {
    var version: UInt16 = 0
    state.core.begin(record: offset)
    do throws(WireError) {
      version = try Self.read(record, limiter, into: &state, judged: judged)
    } catch { throw .wire(error) }
    guard version == Events.schemaVersion else { throw .unsupportedVersion(version) }
    state.core.closeWindows(emit)
  }

  // A function of its own, because a reader that depends on one property would keep all others from changing.
  private static func read(
    _ record: RawSpan, _ limiter: borrowing ReadLimiter, into state: inout AggregatorState<Classifier>,
    judged: (_ batch: borrowing EventBatch, _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict]) -> Void
  ) throws(WireError) -> UInt16 {
    try state.consume(EventBatch(Message(framed: record, limiter: limiter).rootStruct), judged: judged)
  }

  /// Moves the windows closed since the last call to the end of `windows`; for an aggregator with a pool.
  public mutating func takeWindows(into windows: inout [ClosedWindow]) {
    windows.append(contentsOf: state.core.closed)
    state.core.closed.removeAll(keepingCapacity: true)
  }

  /// A source that its owner has declared idle: it doesn't hold back the watermark until it speaks again.
  public mutating func markIdle(source: UInt64, emit: (RawSpan) -> Void) {
    state.core.clock.markIdle(source: source)
    state.core.closeWindows(emit)
  }

  /// Says that no source, of those too that this partition hasn't heard of, has an on-time event older than `watermark`.
  /// From then on only this moves time, for who sees all sources at once; low watermarks in batches are not asked.
  public mutating func lead(to watermark: Nanoseconds, emit: (RawSpan) -> Void) {
    state.core.clock.lead(to: watermark)
    state.core.closeWindows(emit)
  }

  /// Writes everything that is still open, in order: the input has ended.
  public mutating func close(emit: (RawSpan) -> Void) { state.core.closeAll(emit) }
}

/// What changes while batches are read.
struct AggregatorState<Classifier: RequestClassifier & ~Copyable>: ~Copyable {
  var classifier: Classifier
  var core: AggregatorCore
  var verdicts: [RequestVerdict] = []
  var hits: [CorrelationHit] = []
  var hitTexts = ByteBuffer()

  init(classifier: consuming Classifier, core: consuming AggregatorCore) {
    self.classifier = classifier
    self.core = core
  }

  /// Counts a batch's events and its header; returns its version, of which only ours is read.
  mutating func consume(
    _ batch: borrowing EventBatch,
    judged: (_ batch: borrowing EventBatch, _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict]) -> Void
  ) throws(WireError) -> UInt16 {
    guard batch.schemaVersion == Events.schemaVersion else { return batch.schemaVersion }
    let source = try batch.source.id
    if batch.idle {
      core.clock.markIdle(source: source, at: batch.lowWatermark)
      return batch.schemaVersion
    }
    let ledger = try batch.ledger
    switch batch.events.which {
    case .http:
      let events = try batch.events.http
      let place = try BatchPlace(
        batch, matchThreshold: core.settings.matchThreshold, slowRequest: core.settings.slowRequest)
      classifier.classify(events, into: &verdicts)
      if verdicts.count < events.count {
        verdicts.append(contentsOf: repeatElement(.clean, count: events.count - verdicts.count))
      }
      judged(batch, events, verdicts)
      core.add(events, verdicts: verdicts, place: place)
      hits.removeAll(keepingCapacity: true)
      hitTexts.removeAll()
      classifier.correlate(events, verdicts, into: &hits, texts: &hitTexts)
      if !hits.isEmpty { core.correlate(hits, hitTexts, events, verdicts, place) }
    case .unparsed:
      core.count(try batch.events.unparsed)
    case .none, .dns, .auth, .unrecognized:
      break
    }
    core.count(ledger)
    core.lastSource = source
    core.clock.observe(source: source, lowWatermark: batch.lowWatermark, isFinal: batch.final)
    return batch.schemaVersion
  }
}
