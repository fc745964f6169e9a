// One input partition: its aggregator, and what it has written and not yet analysed.

import Bytes
import CapnProto
import Events
import Rollups

final class PartitionLane {
  private var aggregator: PartitionAggregator<PrejudgedClassifier>
  private let slot: PrejudgedClassifier.Slot
  private var heartbeat = EventBatchWriter(textCapacity: 1024, eventCapacity: 16)
  /// Rollup records one after another, each after its length; taken by the analysis.
  private(set) var records = RecordQueue()
  private(set) var failures: [RollupError] = []

  init(settings: AggregatorSettings, ruleSetHash: UInt64, ruleHashes: [UInt64]) {
    let slot = PrejudgedClassifier.Slot()
    self.slot = slot
    aggregator = PartitionAggregator(
      settings: settings,
      classifier: PrejudgedClassifier(ruleSetHash: ruleSetHash, ruleHashes: ruleHashes, slot: slot))
  }

  var ledger: ConservationLedger { aggregator.ledger }

  /// Counts a piece's events.
  func consume(_ parcel: Parcel) {
    slot.parcel = parcel
    let records = records
    do throws(RollupError) {
      try Self.consume(parcel.batch, &aggregator, records)
    } catch {
      failures.append(error)
    }
    slot.parcel = nil
  }

  private static func consume(
    _ batch: borrowing EventBatchWriter, _ aggregator: inout PartitionAggregator<PrejudgedClassifier>,
    _ records: RecordQueue
  ) throws(RollupError) {
    try aggregator.consume(batch.message) { records.append($0) }
  }

  /// Tells the aggregator how far a source has come, or that it has ended.
  func advance(source: UInt64, to watermark: Nanoseconds, isFinal: Bool) {
    heartbeat.begin(BatchOrigin(source: source))
    heartbeat.finish(lowWatermark: watermark, final: isFinal)
    let records = records
    do throws(RollupError) {
      try Self.consume(heartbeat, &aggregator, records)
    } catch {
      failures.append(error)
    }
  }

  /// Writes all that is open.
  func close() {
    let records = records
    aggregator.close { records.append($0) }
  }
}

/// Records in order, written by one thread and taken by another, in memory that goes round.
final class RecordQueue: @unchecked Sendable {
  private let lock = Monitor()
  private var bytes = ByteBuffer(capacity: 1 << 16)

  var count: Int {
    lock.lock()
    defer { lock.unlock() }
    return bytes.count
  }

  func append(_ record: RawSpan) {
    lock.lock()
    let length = UInt64(record.byteCount)
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    bytes.append(record)
    lock.unlock()
  }

  /// Exchanges what is queued for an empty buffer.
  func take(into other: inout ByteBuffer) {
    lock.lock()
    swap(&bytes, &other)
    bytes.removeAll()
    lock.unlock()
  }

  /// Calls `body` with each record of what was taken.
  static func forEach(_ taken: borrowing ByteBuffer, _ body: (RawSpan) -> Void) {
    let all = taken.bytes
    var position = 0
    while position + 8 <= all.byteCount {
      var length: UInt64 = 0
      for i in 0..<8 { length |= UInt64(all.unchecked(position + i)) << UInt64(i * 8) }
      position += 8
      guard length <= UInt64(all.byteCount - position) else { return }
      body(all.extracting(position..<position + Int(length)))
      position += Int(length)
    }
  }
}
