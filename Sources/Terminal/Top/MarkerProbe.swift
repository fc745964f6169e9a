// Tells records that wait from the marks that transactions leave at the end of a partition.

import Kafka
import Stations

/// Looks for the next record of partitions whose reader stands shortly before the end.
final class MarkerProbe {
  private let consumer: KafkaConsumer
  private struct Place: Hashable {
    var at: TopicPartition
    var position: Int64
    var end: Int64
  }
  /// Where nothing has moved, the answer is the same.
  private var known: [Place: Int64] = [:]
  /// A transaction leaves one mark; so many may have followed one another without a record for this reader.
  static let shortly: Int64 = 64
  private static let patience: Int64 = 1_500_000_000

  /// Reads a little at a time: only the place of the first record is wanted.
  init(_ kafka: KafkaSettings) throws {
    var kafka = kafka
    kafka.properties += [
      ("consumer.fetch.message.max.bytes", "65536"), ("consumer.queued.max.messages.kbytes", "1024"),
    ]
    consumer = try KafkaConsumer(kafka)
  }

  deinit { consumer.close() }

  /// Fills in `next` where it can be told in time.
  func look(_ topic: String, _ partitions: inout [PartitionSample]) throws {
    var wanted: [TopicPartition: Place] = [:]
    var answers: [TopicPartition: Int64] = [:]
    for partition in partitions where partition.lag > 0 && partition.lag <= Self.shortly {
      let at = TopicPartition(topic, Int32(clamping: partition.partition))
      let place = Place(at: at, position: max(partition.position ?? 0, partition.first), end: partition.end)
      if let next = known[place] { answers[at] = next } else { wanted[at] = place }
    }
    known = known.filter { $0.key.at.topic != topic || answers[$0.key.at] != nil }
    if !wanted.isEmpty {
      for (place, next) in try ask(wanted) {
        answers[place.at] = next
        known[place] = next
      }
    }
    for i in partitions.indices {
      partitions[i].next = answers[TopicPartition(topic, Int32(clamping: partitions[i].partition))]
    }
  }

  private func ask(_ wanted: [TopicPartition: Place]) throws -> [Place: Int64] {
    var open = wanted
    var found: [Place: Int64] = [:]
    try consumer.assign(wanted.values.sorted { $0.at < $1.at }.map { ($0.at, .at($0.position)) })
    let deadline = StationClock.monotonic &+ Self.patience
    while !open.isEmpty, StationClock.monotonic < deadline {
      switch consumer.poll(milliseconds: 50) {
      case .records(let batch):
        for i in 0..<batch.count {
          if let place = open.removeValue(forKey: batch[i].at) { found[place] = batch[i].offset }
        }
      case .endOfPartition(let end):
        // The end of what is committed: no reader of the line gets further.
        if let place = open.removeValue(forKey: end.at) { found[place] = max(place.end, end.offset) }
      case .failed(let error): if !error.isRetriable { throw error }
      default: break
      }
    }
    try consumer.assign([])
    return found
  }
}
