// Tells what waits at the end of a partition from what is no work: the marks that transactions leave, which have offsets as
// records have, and batches without lines, for which no aggregator saves its state.

import CapnProto
import Kafka
import Stations

/// Looks for the next record of work in partitions whose reader stands before the end.
final class WaitingProbe {
  private let consumer: KafkaConsumer
  private let limiter = ReadLimiter()
  private struct Known {
    var position: Int64
    /// Up to here there is nothing.
    var clear: Int64
    /// The first record of work, once one was found.
    var first: Int64?
  }
  /// As long as a position does not move, what was looked at stays as it is.
  private var known: [TopicPartition: Known] = [:]
  /// Further behind than this, nobody is at rest.
  static let shortly: Int64 = 100_000
  private let patience: Int64

  /// Reads a little at a time: mostly the first record is all that is wanted.
  ///
  /// - Parameter patience: ns that one look may take. What was not told by then is taken for work.
  init(_ kafka: KafkaSettings, patience: Int64) throws {
    self.patience = patience
    var kafka = kafka
    kafka.properties += [
      ("consumer.fetch.message.max.bytes", "65536"), ("consumer.queued.max.messages.kbytes", "1024"),
    ]
    consumer = try KafkaConsumer(kafka)
  }

  deinit { consumer.close() }

  /// Fills in `next`, as far as it can be told in time.
  func look(_ topic: String, _ partitions: inout [PartitionSample], skipsEmptyBatches: Bool) throws {
    var open: Set<TopicPartition> = []
    for partition in partitions {
      let at = TopicPartition(topic, Int32(clamping: partition.partition))
      let position = max(partition.position ?? 0, partition.first)
      guard partition.lag > 0, partition.lag <= Self.shortly else {
        known[at] = nil
        continue
      }
      if known[at]?.position != position { known[at] = Known(position: position, clear: position) }
      if let place = known[at], place.first == nil, place.clear < partition.end { open.insert(at) }
    }
    if !open.isEmpty { try ask(open, skipsEmptyBatches) }
    for i in partitions.indices {
      let place = known[TopicPartition(topic, Int32(clamping: partitions[i].partition))]
      partitions[i].next = place.map { $0.first ?? $0.clear }
    }
  }

  private func ask(_ wanted: Set<TopicPartition>, _ skipsEmptyBatches: Bool) throws {
    var open = wanted
    try consumer.assign(wanted.sorted().map { ($0, .at(known[$0]?.clear ?? 0)) })
    let deadline = StationClock.monotonic &+ patience
    while !open.isEmpty, StationClock.monotonic < deadline {
      switch consumer.poll(milliseconds: 50) {
      case .records(let batch):
        for i in 0..<batch.count {
          let record = batch[i]
          guard open.contains(record.at) else { continue }
          if skipsEmptyBatches, isEmpty(record) {
            known[record.at]?.clear = record.offset &+ 1
          } else {
            known[record.at]?.first = record.offset
            open.remove(record.at)
          }
        }
      case .endOfPartition(let end):
        // The end of what is committed: no reader of the line gets further. The marks up to the end are passed over.
        if open.remove(end.at) != nil, let clear = known[end.at]?.clear {
          known[end.at]?.clear = max(clear, end.offset)
        }
      case .failed(let error): if !error.isRetriable { throw error }
      default: break
      }
    }
    try consumer.assign([])
  }

  private func isEmpty(_ record: borrowing KafkaRecord) -> Bool {
    do {
      return try AuditReader.batch(record.value, limiter)?.isEmpty ?? true
    } catch {
      return false
    }
  }
}
