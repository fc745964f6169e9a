// What the stages of a worker write, in one transaction at a time.

import Bytes
import Kafka
import Topics

/// Names and sizes of the topics that an analyzer knows.
struct AnalyzerTopics {
  var rollups: String
  var zoneState: String
  var candidates: String
  var campaignState: String
  var attacks: String
  var deadLetters: String
  /// Partitions of `events` and `rollups`.
  var inputs: Int
  var partitions: Int

  /// Where the state of a partition of an input stands.
  func state(of input: TopicPartition) -> TopicPartition {
    TopicPartition(input.topic == candidates ? campaignState : zoneState, input.partition)
  }
}

/// Begins a transaction with the first record. After the first error it takes nothing more: the transaction is lost, and
/// the worker finds that out when it commits.
final class TransactionOutput: StageOutput {
  let topics: AnalyzerTopics
  let producer: KafkaProducer
  /// The partition whose records are being taken.
  var source = TopicPartition("", 0)
  private(set) var isOpen = false
  /// Bytes of records since the transaction began.
  private(set) var bytes = 0
  private(set) var failure: KafkaError?
  private(set) var deadLetters = 0

  init(_ producer: KafkaProducer, topics: AnalyzerTopics) { (self.producer, self.topics) = (producer, topics) }

  func candidates(_ record: RawSpan) { send(topics.candidates, 0, nil, record) }

  func attack(_ key: String, _ record: RawSpan) { send(topics.attacks, 0, Array(key.utf8), record) }

  func state(_ at: TopicPartition, _ key: [UInt8], _ value: RawSpan?) { send(at.topic, at.partition, key, value) }

  func deadLetter(_ record: RawSpan, reason: String, offset: Int64) {
    deadLetters += 1
    let letter = DeadLetter(
      station: "analyzer", reason: reason, topic: source.topic, partition: Int(source.partition), offset: offset,
      record: record)
    // Any partition: there is no order to keep.
    send(
      topics.deadLetters, -1, nil, record.extracting(0..<min(record.byteCount, DeadLetter.largest)),
      headers: letter.headers)
  }

  /// A transaction without records, for offsets alone.
  func open() {
    guard !isOpen, failure == nil else { return }
    do throws(KafkaError) {
      try producer.begin()
      isOpen = true
    } catch {
      failure = error
    }
  }

  private func send(
    _ topic: String, _ partition: Int32, _ key: [UInt8]?, _ value: RawSpan?, headers: [(String, [UInt8])] = []
  ) {
    open()
    guard failure == nil else { return }
    do throws(KafkaError) {
      // A full queue is drained by librdkafka; where it stays full, the brokers are away.
      if let key {
        try producer.produce(
          topic, partition: partition, key: key.span.bytes, value: value, headers: headers, wait: 60_000)
      } else {
        try producer.produce(topic, partition: partition, value: value, headers: headers, wait: 60_000)
      }
      bytes += value?.byteCount ?? 0
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
