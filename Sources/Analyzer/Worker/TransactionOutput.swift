// What the stages of a worker write, in its transaction.

import Bytes
import Kafka
import Topics
import Workers

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

  var allInputs: [TopicPartition] {
    (0..<partitions).map { TopicPartition(rollups, Int32(clamping: $0)) } + [TopicPartition(candidates, 0)]
  }
}

final class TransactionOutput: StageOutput {
  private let topics: AnalyzerTopics
  private let transactions: Transactions
  /// The partition whose records are being taken.
  var source = TopicPartition("", 0)

  init(_ transactions: Transactions, topics: AnalyzerTopics) {
    (self.transactions, self.topics) = (transactions, topics)
  }

  func candidates(_ record: RawSpan) { transactions.send(topics.candidates, 0, record) }

  func attack(_ key: String, _ record: RawSpan) { transactions.send(topics.attacks, 0, key: Array(key.utf8), record) }

  func state(_ at: TopicPartition, _ key: [UInt8], _ value: RawSpan?) {
    transactions.send(at.topic, Int(at.partition), key: key, value)
  }

  func deadLetter(_ record: RawSpan, reason: String, offset: Int64) {
    let letter = DeadLetter(
      station: "analyzer", reason: reason, topic: source.topic, partition: Int(source.partition), offset: offset,
      record: record)
    transactions.send(letter, record, to: topics.deadLetters)
  }
}
