// One input partition in the hands of a worker: its aggregator, what of it is to be written with the next transaction,
// and who has spoken when. Everything but Kafka.

import Bytes
import CapnProto
import Events
import Rollups

/// Counts one input partition's records, in order.
///
/// A worker that loses what it has written since the last commit, for whatever reason, makes a new one from the state
/// that is committed. State is taken right after a record that closed windows: what came after it is read again.
public final class InputPartition {
  public let partition: Int
  private var aggregator: PartitionAggregator<SharedScorer>
  private let routing: RollupRouting
  private let hashSeed: UInt64
  private let limiter = ReadLimiter()
  private var builder = MessageBuilder()
  private var idleWriter = EventBatchWriter(textCapacity: 1024, eventCapacity: 16)

  /// Offset from which records are to be read; nil for the first there is.
  public let resume: Int64?
  /// Offset of the next record to count; those before it that are read again were counted already.
  public private(set) var position: Int64
  /// Offset after the last record that was handed in.
  public private(set) var reached: Int64 = .min
  /// What is to be written with the next transaction, as it was after the last record that wrote something.
  private var staged: AggregatorSnapshot?
  private var writtenNames: Int
  /// The offset to go on from, as of the last transaction: part of each, so that whoever lost the partition can't commit.
  public private(set) var committed: Int64

  private struct Told: Equatable {
    var watermark: Nanoseconds
    var isIdle: Bool
  }
  /// What `rollups` was told last; nil where that is not known.
  private var told: Told?
  private var hasNews = false
  private var isIdle = false
  /// When each live source was heard last, by the worker's clock.
  private var heard: [UInt64: Int64] = [:]
  private var heardAny: Int64
  /// Records that came after the partition was closed.
  public private(set) var ignored: UInt64 = 0

  /// - Parameters:
  ///   - settings: With the number of the partition.
  ///   - state: As committed; empty for a partition that was never counted.
  ///   - first: Offset of the first record that is still there.
  ///   - now: By a clock that never goes back, ns; as everywhere here.
  public init(
    settings: AggregatorSettings, judge: Judge, rollupPartitions: Int, state: StoredState, first: Int64, now: Int64
  ) throws(RollupError) {
    partition = Int(settings.inputPartition)
    hashSeed = settings.hashSeed
    routing = RollupRouting(partitions: rollupPartitions, hashSeed: settings.hashSeed)
    heardAny = now
    if let snapshot = state.snapshot {
      aggregator = try PartitionAggregator(
        settings: settings, classifier: SharedScorer(judge: judge), restoring: snapshot, names: state.names(),
        from: max(snapshot.resume, first))
      resume = snapshot.resume
      position = snapshot.position
      writtenNames = snapshot.zones
      committed = snapshot.resume
      for source in snapshot.sources where source.isLive { heard[source.id] = now }
    } else {
      aggregator = PartitionAggregator(settings: settings, classifier: SharedScorer(judge: judge))
      resume = nil
      position = 0
      writtenNames = 0
      committed = 0
      told = Told(watermark: .min, isIdle: false)
    }
  }

  public var ledger: ConservationLedger { aggregator.ledger }
  public var watermark: Nanoseconds { aggregator.watermark }
  public var closedUpTo: Nanoseconds { aggregator.closedUpTo }
  public var openTables: Int { aggregator.openTables }
  /// Drained: everything is written, nothing more is counted.
  public var isClosed: Bool { aggregator.isClosed }

  /// Counts a record. `offset` rises from call to call; a record handed in again is not counted again.
  public func consume(_ record: RawSpan, at offset: Int64, now: Int64, output: some AggregatorOutput) {
    guard offset >= reached else { return }
    reached = offset == .max ? .max : offset + 1
    guard !isClosed else {
      if offset >= position { ignored &+= 1 }
      return
    }
    guard offset >= position else {
      aggregator.recount(record, at: offset)
      return
    }
    position = reached
    var hasWritten = false
    do throws(RollupError) {
      try Self.consume(record, at: offset, &aggregator, routing, limiter, output, &hasWritten)
      if let source = aggregator.lastSource {
        heard[source] = aggregator.lowWatermark(of: source) == nil ? nil : now
        speak(now)
      }
    } catch {
      output.deadLetter(record, reason: "\(error)", partition: partition, offset: offset)
      aggregator.countPoisoned()
      // A state may only be taken where nothing late waits.
      settle(output)
      hasWritten = true
    }
    if hasWritten { stage() }
    hasNews = true
  }

  private func speak(_ now: Int64) {
    heardAny = now
    isIdle = false
  }

  // A function of its own, because a reader that depends on one property would keep all others from changing.
  private static func consume(
    _ record: RawSpan, at offset: Int64, _ aggregator: inout PartitionAggregator<SharedScorer>,
    _ routing: RollupRouting, _ limiter: borrowing ReadLimiter, _ output: some AggregatorOutput,
    _ hasWritten: inout Bool
  ) throws(RollupError) {
    var wrote = false
    defer { hasWritten = wrote }
    try aggregator.consume(record, at: offset) { rollup in
      wrote = true
      Self.send(rollup, routing, limiter, output)
    }
  }

  private static func send(
    _ rollup: RawSpan, _ routing: RollupRouting, _ limiter: borrowing ReadLimiter, _ output: some AggregatorOutput
  ) {
    // Our own record: it can be read.
    let target = try? routing.partition(of: rollup, limiter: limiter)
    output.rollup(rollup, to: target ?? 0)
  }

  private func settle(_ output: some AggregatorOutput) {
    let routing = routing
    let limiter = ReadLimiter()
    aggregator.settle { Self.send($0, routing, limiter, output) }
  }

  private func stage() { staged = aggregator.snapshot(position: position) }

  /// Writes everything that is open: nothing more is counted.
  public func close(output: some AggregatorOutput) {
    guard !isClosed else { return }
    let routing = routing
    let limiter = ReadLimiter()
    aggregator.close { Self.send($0, routing, limiter, output) }
    hasNews = true
    stage()
  }

  // MARK: With each transaction

  /// Whether there is something to commit.
  public var hasOutput: Bool { staged != nil || hasNews && told != Told(watermark: closedUpTo, isIdle: isIdle) }

  /// Writes the state and what it says of windows to come, last in a transaction.
  ///
  /// - Returns: The offset to commit.
  @discardableResult
  public func writeState(output: some AggregatorOutput) -> Int64 {
    let now = Told(watermark: closedUpTo, isIdle: isIdle)
    if hasNews, told != now {
      PartitionProgress(
        inputPartition: UInt16(clamping: partition), watermark: now.watermark, isIdle: now.isIdle
      ).write(to: &builder, hashSeed: hashSeed)
      for target in 0..<routing.partitions { Self.write(builder, to: target, output) }
      told = now
    }
    hasNews = false
    guard let snapshot = staged else { return committed }
    staged = nil
    // Only the last group still changes.
    var group = writtenNames / ConfirmedName.groupSize
    while writtenNames < snapshot.zones {
      aggregator.writeNames(group: group, count: snapshot.zones, to: &builder)
      Self.write(builder, StoredState.key(partition, names: group), partition, output)
      group += 1
      writtenNames = min(snapshot.zones, group * ConfirmedName.groupSize)
    }
    snapshot.write(to: &builder)
    Self.write(builder, StoredState.key(partition), partition, output)
    committed = snapshot.resume
    return committed
  }

  // Functions of their own, as above.
  private static func write(_ builder: borrowing MessageBuilder, to target: Int, _ output: some AggregatorOutput) {
    output.rollup(builder.framed, to: target)
  }

  private static func write(
    _ builder: borrowing MessageBuilder, _ key: String, _ partition: Int, _ output: some AggregatorOutput
  ) {
    output.state(key, builder.framed, partition: partition)
  }

  private static func write(_ batch: borrowing EventBatchWriter, _ partition: Int, _ output: some AggregatorOutput) {
    output.event(batch.message, partition: partition)
  }

  // MARK: Who says nothing

  /// Decides by the clock who is idle, once the partition has been read to its end: a source by a record in the input,
  /// so that whoever reads it again decides the same; the whole partition by progress.
  ///
  /// - Parameter patience: ns without a record.
  public func decideIdle(now: Int64, patience: Int64, output: some AggregatorOutput) {
    guard !isClosed else { return }
    for source in heard.keys.sorted() {
      guard let lowWatermark = aggregator.lowWatermark(of: source) else {
        heard[source] = nil
        continue
      }
      guard let last = heard[source], now &- last >= patience else { continue }
      idleWriter.writeIdle(source: source, lowWatermark: lowWatermark)
      Self.write(idleWriter, partition, output)
      // Not again before it had time to come back.
      heard[source] = now
    }
    if !isIdle, now &- heardAny >= patience {
      isIdle = true
      hasNews = true
    }
  }
}
