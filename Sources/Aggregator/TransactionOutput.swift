// What the partitions of a worker write, in its transaction.

import Bytes
import Kafka
import Topics
import Workers

/// Names and sizes of the topics that an aggregator knows.
struct AggregatorTopics {
  var events: String
  var rollups: String
  var state: String
  var deadLetters: String
  var inputs: Int
  var rollupPartitions: Int

  func input(_ partition: Int) -> TopicPartition { TopicPartition(events, Int32(clamping: partition)) }
  /// Where the state of an input partition stands.
  func state(of partition: Int) -> TopicPartition { TopicPartition(state, Int32(clamping: partition)) }
  var allInputs: [TopicPartition] { (0..<inputs).map(input) }
}

final class TransactionOutput: AggregatorOutput {
  private let topics: AggregatorTopics
  private let transactions: Transactions

  init(_ transactions: Transactions, topics: AggregatorTopics) {
    (self.transactions, self.topics) = (transactions, topics)
  }

  func rollup(_ record: RawSpan, to partition: Int) { transactions.send(topics.rollups, partition, record) }

  func state(_ key: String, _ value: RawSpan, partition: Int) {
    transactions.send(topics.state, partition, key: Array(key.utf8), value)
  }

  func event(_ record: RawSpan, partition: Int) { transactions.send(topics.events, partition, record) }

  func deadLetter(_ record: RawSpan, reason: String, partition: Int, offset: Int64) {
    let letter = DeadLetter(
      station: "aggregator", reason: reason, topic: topics.events, partition: partition, offset: offset, record: record)
    transactions.send(letter, record, to: topics.deadLetters)
  }
}
