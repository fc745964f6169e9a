// What the partitions of a worker write, in one transaction at a time.

import Bytes
import Kafka
import Stations
import Topics

/// Names and sizes of the topics that an aggregator knows.
struct AggregatorTopics {
  var events: String
  var rollups: String
  var state: String
  var deadLetters: String
  var inputs: Int
  var rollupPartitions: Int
}

/// Begins a transaction with the first record. After the first error it takes nothing more: the transaction is lost, and
/// the worker finds that out when it commits.
final class TransactionOutput: AggregatorOutput {
  let topics: AggregatorTopics
  let producer: KafkaProducer
  private(set) var isOpen = false
  /// Bytes of records since the transaction began.
  private(set) var bytes = 0
  private(set) var failure: KafkaError?
  private(set) var deadLetters = 0
  private(set) var rollups = 0

  init(_ producer: KafkaProducer, topics: AggregatorTopics) { (self.producer, self.topics) = (producer, topics) }

  func rollup(_ record: RawSpan, to partition: Int) {
    rollups += 1
    send(topics.rollups, partition, nil, record)
  }

  func state(_ key: String, _ value: RawSpan, partition: Int) {
    let key = Array(key.utf8)
    send(topics.state, partition, key, value)
  }

  func event(_ record: RawSpan, partition: Int) { send(topics.events, partition, nil, record) }

  func deadLetter(_ record: RawSpan, reason: String, partition: Int, offset: Int64) {
    deadLetters += 1
    let letter = DeadLetter(
      station: "aggregator", reason: reason, topic: topics.events, partition: partition, offset: offset, record: record)
    // Any partition: there is no order to keep.
    send(
      topics.deadLetters, -1, nil, record.extracting(0..<min(record.byteCount, DeadLetter.largest)),
      headers: letter.headers)
  }

  private func send(
    _ topic: String, _ partition: Int, _ key: [UInt8]?, _ value: RawSpan, headers: [(String, [UInt8])] = []
  ) {
    guard failure == nil else { return }
    do throws(KafkaError) {
      if !isOpen {
        try producer.begin()
        isOpen = true
      }
      let target = Int32(clamping: partition)
      // A full queue is drained by librdkafka; where it stays full, the brokers are away.
      if let key {
        try producer.produce(
          topic, partition: target, key: key.span.bytes, value: value, headers: headers, wait: 60_000)
      } else {
        try producer.produce(topic, partition: target, value: value, headers: headers, wait: 60_000)
      }
      bytes += value.byteCount
    } catch {
      failure = error
    }
  }

  /// The transaction has ended, one way or the other.
  func ended() {
    isOpen = false
    bytes = 0
    failure = nil
  }
}
