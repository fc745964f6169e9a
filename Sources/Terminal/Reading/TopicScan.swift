// Reads a topic from its first record to its end, as of when reading began.

import Bytes
import Configuration
import Kafka
import Topics

/// One client for one scan after another.
final class TopicScan {
  private let consumer: KafkaConsumer
  let admin: KafkaAdmin

  /// - Parameter isolation: `read_committed` or `read_uncommitted`.
  init(_ settings: Settings, program: String = "attacks") throws {
    let kafka = KafkaSettings(settings, program: program)
    admin = try KafkaAdmin(kafka, milliseconds: 10_000)
    consumer = try KafkaConsumer(kafka)
  }

  deinit { consumer.close() }

  struct Extent: Sendable {
    /// Of each partition: offset of the first record that is still there, and the one after the last.
    var first: [Int: Int64] = [:]
    var end: [Int: Int64] = [:]
    var partitions: Int { end.count }
  }

  /// nil where there is no such topic.
  func extent(_ topic: String) throws -> Extent? {
    let partitions = try admin.partitions(of: topic)
    if partitions.isEmpty { return nil }
    let firsts = try persistently { () throws(KafkaError) in try admin.beginningOffsets(partitions) }
    let ends = try persistently { () throws(KafkaError) in try admin.endOffsets(partitions) }
    var extent = Extent()
    for at in partitions {
      extent.first[Int(at.partition)] = max(0, firsts[at] ?? 0)
      extent.end[Int(at.partition)] = max(0, ends[at] ?? 0)
    }
    return extent
  }

  /// Hands over every committed record, those of a partition in order. Nothing may be kept of a record but copies.
  func read(_ topic: String, _ extent: Extent, _ take: (borrowing KafkaRecord) throws -> Void) throws {
    let partitions = extent.end.keys.sorted().map { TopicPartition(topic, Int32($0)) }
    let open = partitions.filter { (extent.end[Int($0.partition)] ?? 0) > (extent.first[Int($0.partition)] ?? 0) }
    guard !open.isEmpty else { return }
    try consumer.assign(open.map { ($0, .beginning) })
    let patience = Patience(seconds: 60)
    var errors: [String] = []
    while true {
      let reached = consumer.progress(open)
      if open.allSatisfy({ (reached[$0] ?? 0) >= (extent.end[Int($0.partition)] ?? 0) }) { return }
      switch consumer.poll(milliseconds: 250) {
      case .records(let batch):
        patience.renew()
        for i in 0..<batch.count {
          let record = batch[i]
          if record.offset < extent.end[Int(record.partition)] ?? 0 { try take(record) }
        }
      case .failed(let error):
        if error.kind == .outOfRange {
          // Retention has been faster.
          try consumer.seek(open.map { ($0, .beginning) })
        } else if !error.isRetriable {
          throw error
        }
      default: break
      }
      errors += consumer.takeErrors().map(\.text)
      try patience.check("the end of '\(topic)'", errors)
    }
  }
}
