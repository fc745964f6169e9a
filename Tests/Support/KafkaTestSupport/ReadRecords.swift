// Reading topics in tests.

import Kafka

/// A record, copied.
public struct TestRecord: Sendable, Equatable {
  public var partition: Int32
  public var offset: Int64
  public var key: String?
  public var value: [UInt8]?
  public var headers: [String: String]
  /// When its producer made it, ms since 1970.
  public var timestamp: Int64

  public var text: String { String(decoding: value ?? [], as: UTF8.self) }

  public init(_ record: borrowing KafkaRecord) {
    partition = record.partition
    offset = record.offset
    timestamp = record.timestamp
    key = record.hasKey ? record.keyText : nil
    value = record.isTombstone ? nil : record.value.withUnsafeBytes { Array($0) }
    var all: [String: String] = [:]
    record.forEachHeader { name, value in all[name] = value.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
    headers = all
  }
}

extension TestKafka {
  /// Every record of a topic up to its end now, in the order of each partition. `committed` false shows aborted ones too.
  public func read(_ topic: String, committed: Bool = true, seconds: Int = 180) throws -> [TestRecord] {
    let admin = try KafkaAdmin(settings())
    try patiently { try admin.awaitTopics([(topic, 1)]) }
    let partitions = try patiently { try admin.partitions(of: topic) }
    let ends = try patiently { try admin.endOffsets(partitions) }
    let consumer = try KafkaConsumer(
      settings([("isolation.level", committed ? "read_committed" : "read_uncommitted")]))
    try consumer.assign(partitions.map { ($0, .beginning) })
    var records: [TestRecord] = []
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let reached = consumer.progress(partitions)
      if partitions.allSatisfy({ (reached[$0] ?? 0) >= (ends[$0] ?? 0) }) { break }
      guard ContinuousClock.now < deadline else { throw NotRead(topic: topic, reached: reached, ends: ends) }
      switch consumer.poll(milliseconds: 100) {
      case .records(let batch): batch.forEach { records.append(TestRecord($0)) }
      case .failed(let error): if !error.isRetriable { throw error }
      default: break
      }
    }
    return records
  }

  struct NotRead: Error {
    var topic: String
    var reached: [TopicPartition: Int64]
    var ends: [TopicPartition: Int64]
  }
}
