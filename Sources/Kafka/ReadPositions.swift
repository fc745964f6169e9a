// How far each assigned partition has been read.

import CRdKafka

/// Positions of a consumer, kept here because librdkafka's own may go back: up to 2.3, a partition that a cooperative
/// rebalance leaves in place can be read again from an older offset (its issues 4637 and 4686). What comes twice is
/// dropped here.
struct ReadPositions {
  private struct Key: Hashable {
    /// librdkafka's topic, which lives while the partition is assigned.
    var topic: OpaquePointer
    var partition: Int32
  }

  private struct Entry {
    var at: TopicPartition
    /// After the last record handed out; -1: none was.
    var next: Int64
    /// Where the end was seen; -1: it was not. Markers of transactions may lie between.
    var end: Int64
  }

  private var entries: [Key: Entry] = [:]
  /// Records dropped because they came twice.
  private(set) var repeated = 0

  /// Notes a record as handed out. False where it was before.
  mutating func takes(_ message: RecordBatch.Message) -> Bool {
    guard let topic = message.pointee.rkt else { return true }
    let key = Key(topic: topic, partition: message.pointee.partition)
    let offset = message.pointee.offset
    guard let next = entries[key]?.next else {
      let at = TopicPartition(String(cString: rd_kafka_topic_name(topic)), key.partition)
      entries[key] = Entry(at: at, next: offset &+ 1, end: -1)
      return true
    }
    guard offset >= next else {
      repeated &+= 1
      return false
    }
    entries[key]?.next = offset &+ 1
    return true
  }

  mutating func sawEnd(_ topic: OpaquePointer, _ end: TopicOffset) {
    let key = Key(topic: topic, partition: end.at.partition)
    entries[key, default: Entry(at: end.at, next: -1, end: -1)].end = end.offset
  }

  mutating func remove(_ partitions: [TopicPartition]) {
    entries = entries.filter { !partitions.contains($0.value.at) }
  }

  var partitions: [TopicPartition] { entries.values.map(\.at) }

  func next(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] {
    values(partitions) { $0.next }
  }

  func progress(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] {
    values(partitions) { max($0.next, $0.end) }
  }

  private func values(_ partitions: [TopicPartition], _ value: (Entry) -> Int64) -> [TopicPartition: Int64] {
    var all: [TopicPartition: Int64] = [:]
    for entry in entries.values where partitions.contains(entry.at) && value(entry) >= 0 {
      all[entry.at] = value(entry)
    }
    return all
  }
}
