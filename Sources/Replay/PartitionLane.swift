// One input partition: its aggregator, and what it has closed and not yet analysed.

import Bytes
import Events
import Rollups

final class PartitionLane {
  private var aggregator: PartitionAggregator<PrejudgedClassifier>
  private let slot: PrejudgedClassifier.Slot
  /// Windows that are closed; taken by the analysis.
  let windows = WindowQueue()
  private var closed: [ClosedWindow] = []
  private(set) var failures: [RollupError] = []

  /// - Parameter pool: Tables of windows that were analysed.
  init(settings: AggregatorSettings, ruleSetHash: UInt64, ruleHashes: [UInt64], pool: WindowPool) {
    let slot = PrejudgedClassifier.Slot()
    self.slot = slot
    aggregator = PartitionAggregator(
      settings: settings,
      classifier: PrejudgedClassifier(ruleSetHash: ruleSetHash, ruleHashes: ruleHashes, slot: slot), pool: pool)
    // Time is the scheduler's, from the first batch on.
    aggregator.lead(to: .min) { _ in }
  }

  var ledger: ConservationLedger { aggregator.ledger }

  /// Counts a piece's events.
  func consume(_ parcel: Parcel) {
    slot.parcel = parcel
    do throws(RollupError) {
      try Self.consume(parcel.batch, &aggregator)
    } catch {
      failures.append(error)
    }
    slot.parcel = nil
    giveOn()
  }

  // A function of its own, because a reader that depends on one property would keep all others from changing.
  private static func consume(
    _ batch: borrowing EventBatchWriter, _ aggregator: inout PartitionAggregator<PrejudgedClassifier>
  ) throws(RollupError) {
    try aggregator.consume(batch.message) { _ in }
  }

  /// Tells the aggregator how far all sources have come.
  func advance(to watermark: Nanoseconds) {
    aggregator.lead(to: watermark) { _ in }
    giveOn()
  }

  /// Closes all that is open.
  func close() {
    aggregator.close { _ in }
    giveOn()
  }

  private func giveOn() {
    aggregator.takeWindows(into: &closed)
    windows.append(&closed)
  }
}

/// Windows in order, given by one thread and taken by another.
final class WindowQueue: @unchecked Sendable {
  private let lock = Monitor()
  private var windows: [ClosedWindow] = []
  private var footprint = 0

  /// Memory of the windows that wait, nearly.
  var bytes: Int {
    lock.lock()
    defer { lock.unlock() }
    return footprint
  }

  /// Moves all of `given` to the end.
  func append(_ given: inout [ClosedWindow]) {
    if given.isEmpty { return }
    lock.lock()
    for window in given { footprint += window.footprint }
    windows.append(contentsOf: given)
    lock.unlock()
    given.removeAll(keepingCapacity: true)
  }

  /// Exchanges what waits for an empty list.
  func take(into other: inout [ClosedWindow]) {
    other.removeAll(keepingCapacity: true)
    lock.lock()
    swap(&windows, &other)
    footprint = 0
    lock.unlock()
  }
}
