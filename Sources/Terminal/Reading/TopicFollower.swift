// Reads a topic on and on, up to the end that it has at the moment of asking.

import Kafka
import Stations
import Topics

/// Follows all partitions of one topic, from its beginning. One thread uses it.
final class TopicFollower {
  private let consumer: KafkaConsumer
  private var following: [TopicPartition] = []

  init(_ kafka: KafkaSettings) throws(KafkaError) { consumer = try KafkaConsumer(kafka) }

  deinit { consumer.close() }

  /// Hands out what has been committed since the last call, if it comes in time; the rest comes with the next call, as
  /// what is in a transaction that is still open.
  ///
  /// - Parameter wait: ns.
  func follow(
    _ topic: String, partitions: Int, admin: KafkaAdmin, within wait: Int64, _ take: (borrowing KafkaRecord) -> Void
  ) throws(KafkaError) {
    let all = (0..<partitions).map { TopicPartition(topic, Int32(clamping: $0)) }
    if all.isEmpty { return }
    if all != following {
      try consumer.assign(all.map { ($0, .beginning) })
      following = all
    }
    let ends = try persistently { () throws(KafkaError) in try admin.endOffsets(all) }
    let deadline = StationClock.monotonic &+ wait
    while StationClock.monotonic < deadline {
      let reached = consumer.progress(all)
      if all.allSatisfy({ (reached[$0] ?? 0) >= (ends[$0] ?? 0) }) { return }
      switch consumer.poll(milliseconds: 100) {
      case .records(let batch): for i in 0..<batch.count { take(batch[i]) }
      case .failed(let error): if !error.isRetriable { throw error }
      default: break
      }
    }
  }
}
