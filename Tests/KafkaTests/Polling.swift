// Consumers in tests: polled until a condition holds, answering the group at once.

import Kafka
import KafkaTestSupport

struct Unsettled: Error {
  var text = ""
}

/// Polls `consumers` in turn until `condition` holds, at most three minutes; false where it never did.
func poll(
  until condition: () throws -> Bool, _ consumers: KafkaConsumer..., take: ([TestRecord]) -> Void = { _ in }
) throws -> Bool {
  let deadline = ContinuousClock.now + .seconds(180)
  while ContinuousClock.now < deadline {
    if try condition() { return true }
    for consumer in consumers {
      switch consumer.poll(milliseconds: 50) {
      case .records(let batch):
        var records: [TestRecord] = []
        batch.forEach { records.append(TestRecord($0)) }
        take(records)
      case .assigned(let partitions): try consumer.completeAssign(partitions)
      case .revoked(let partitions, _): try consumer.completeRevoke(partitions)
      case .failed(let error): if !error.isRetriable { throw error }
      default: break
      }
    }
  }
  return false
}

/// Polls until the group has given this consumer something, and returns that.
func settle(_ consumer: KafkaConsumer) throws -> [TopicPartition] {
  let deadline = ContinuousClock.now + .seconds(180)
  while ContinuousClock.now < deadline {
    if case .assigned(let partitions) = consumer.poll(milliseconds: 100) {
      try consumer.completeAssign(partitions)
      return partitions
    }
  }
  throw Unsettled()
}
