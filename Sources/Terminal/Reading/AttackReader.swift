// The topic `attacks` as a program reads it that belongs to no group: all partitions, committed records only.

import Bytes
import Configuration
import Detection
import Kafka
import Topics

/// What one record of the topic says.
enum AttackNews: Sendable, Equatable {
  case attack(Attack, watermark: Nanoseconds)
  /// All input has ended: no attack changes after this.
  case closed
  /// A record that can't be read; it is passed over.
  case damaged(String)
}

/// The topic can't be read as asked.
struct TopicMissing: Error, CustomStringConvertible {
  var topic: String
  var writer = "an analyzer"
  var description: String {
    "there is no topic '\(topic)': has \(writer) of this pipeline been started? (kafka.topic_prefix names the topics)"
  }
}

final class AttackReader {
  let topic: String
  let partitions: [TopicPartition]
  private let consumer: KafkaConsumer
  private let admin: KafkaAdmin
  private let decoder = AttackDecoder()
  /// The end of each partition when reading began: an aborted or open transaction counts among it.
  private let ends: [TopicPartition: Int64]

  /// Connects; throws `TopicMissing` where there is no such topic yet, and a retriable `KafkaError` while the brokers are
  /// away.
  init(_ settings: Settings, from start: StartOffset, milliseconds: Int = 10_000) throws {
    topic = settings.topic(.attacks).name
    let kafka = KafkaSettings(settings, program: "attacks")
    admin = try KafkaAdmin(kafka, milliseconds: milliseconds)
    let partitions = try admin.partitions(of: topic)
    guard !partitions.isEmpty else { throw TopicMissing(topic: topic) }
    self.partitions = partitions
    let admin = admin
    ends = try persistently { () throws(KafkaError) in try admin.endOffsets(partitions) }
    consumer = try KafkaConsumer(kafka)
    try consumer.assign(partitions.map { ($0, start) })
  }

  deinit { consumer.close() }

  /// Whether all has been read that was there when reading began. Only where it began at the beginning.
  var hasReachedEnd: Bool {
    let reached = consumer.progress(partitions)
    return partitions.allSatisfy { (reached[$0] ?? 0) >= (ends[$0] ?? 0) }
  }

  /// What brokers and network complained of since the last call.
  func takeErrors() -> [String] { consumer.takeErrors().map(\.text) }

  /// Waits up to `milliseconds` and hands over what came, in the order of each partition.
  func poll(milliseconds: Int, _ take: (AttackNews) -> Void) throws {
    switch consumer.poll(milliseconds: milliseconds) {
    case .records(let batch):
      for i in 0..<batch.count { take(read(batch[i])) }
    case .failed(let error):
      if error.kind == .outOfRange {
        // Retention has removed what was to come next.
        try consumer.seek(partitions.map { ($0, .beginning) })
      } else if !error.isRetriable {
        throw error
      }
    default: break
    }
  }

  private func read(_ record: borrowing KafkaRecord) -> AttackNews {
    do throws(RecordError) {
      let said = try decoder.read(record.value)
      switch said.told {
      case .attack(let attack): return .attack(attack, watermark: said.watermark)
      case .closed: return .closed
      }
    } catch {
      return .damaged("\(record.at) at \(record.offset): \(error)")
    }
  }
}
