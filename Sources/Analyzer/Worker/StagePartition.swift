// One partition of the input in the hands of a worker: its stage, and how far what it wrote is committed.

import Bytes
import Detection
import Kafka
import Reputation

/// A stage of either sort, as the worker drives it.
class StagePartition {
  let input: TopicPartition
  fileprivate var chunks: ChunkWriter
  /// What was committed last, and what the last snapshot held.
  private var committed: Int64
  private var saved: Int64

  fileprivate init(_ input: TopicPartition, chunks: consuming ChunkWriter, committed: Int64, saved: Int64) {
    self.input = input
    self.chunks = chunks
    self.committed = committed
    self.saved = saved
  }

  // What the stages differ in.
  fileprivate var taken: Int64 { 0 }
  var start: Int64 { 0 }
  var isClosed: Bool { false }
  fileprivate var mustSave: Bool { false }
  func consume(_ record: RawSpan, at offset: Int64, output: TransactionOutput) {}
  fileprivate func takeChanges() -> [StatePart] { [] }
  var watermark: Nanoseconds { .min }

  /// Offset of the next record whose answer has not been written.
  var position: Int64 { max(taken, committed) }

  var hasNews: Bool { taken > committed }

  /// More has been taken than the last snapshot holds.
  var isUnsaved: Bool { taken > saved }

  /// The offset to commit; nil where nothing was taken since the last time.
  func offset() -> TopicOffset? { hasNews ? TopicOffset(input, position) : nil }

  /// Writes what changed since the last snapshot, if anything was taken and it `isDue` or may not wait.
  func writeState(at state: TopicPartition, isDue: Bool, output: TransactionOutput) {
    guard isDue || mustSave, isUnsaved else { return }
    for part in takeChanges() { chunks.write(part) { output.state(state, $0, $1) } }
    saved = taken
  }

  func hasCommitted() { committed = max(committed, taken) }
}

final class ZonePartition: StagePartition {
  private(set) var station: ZoneStation

  init(_ input: TopicPartition, station: consuming ZoneStation, chunks: consuming ChunkWriter, committed: Int64) {
    let saved = station.position
    self.station = station
    super.init(input, chunks: chunks, committed: committed, saved: saved)
  }

  fileprivate override var taken: Int64 { station.position }
  override var start: Int64 { station.start }
  override var isClosed: Bool { station.isClosed }
  fileprivate override var mustSave: Bool { station.mustSave }
  override var watermark: Nanoseconds { station.told }
  var openInputs: [Int] { station.openInputs }
  override func consume(_ record: RawSpan, at offset: Int64, output: TransactionOutput) {
    station.consume(record, at: offset, output: output)
  }
  fileprivate override func takeChanges() -> [StatePart] { station.takeChanges() }
}

final class CampaignPartition: StagePartition {
  private(set) var station: CampaignStation

  init(_ input: TopicPartition, station: consuming CampaignStation, chunks: consuming ChunkWriter, committed: Int64) {
    let saved = station.position
    self.station = station
    super.init(input, chunks: chunks, committed: committed, saved: saved)
  }

  fileprivate override var taken: Int64 { station.position }
  override var start: Int64 { station.start }
  override var isClosed: Bool { station.isClosed }
  override var watermark: Nanoseconds { station.watermark }
  /// From now on sources of attacks are held against these.
  func hold(against known: KnownAddresses) { station.known = known }
  override func consume(_ record: RawSpan, at offset: Int64, output: TransactionOutput) {
    station.consume(record, at: offset, output: output)
  }
  fileprivate override func takeChanges() -> [StatePart] { station.takeChanges() }
}
