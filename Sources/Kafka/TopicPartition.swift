// Partitions and offsets, and their lists as librdkafka has them.

import CRdKafka

#if canImport(Glibc)
  import Glibc
#endif

/// A partition of a topic.
public struct TopicPartition: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var topic: String
  public var partition: Int32

  public init(_ topic: String, _ partition: Int32) {
    self.topic = topic
    self.partition = partition
  }

  public static func < (a: Self, b: Self) -> Bool { a.topic == b.topic ? a.partition < b.partition : a.topic < b.topic }
  public var description: String { "\(topic)[\(partition)]" }
}

/// Where to read from.
public enum StartOffset: Hashable, Sendable {
  /// The record with this offset, or the first one after it.
  case at(Int64)
  /// The first record that is still there.
  case beginning
  /// After the last record.
  case end
  /// Where the group's committed offset says; without one, at the beginning.
  case committed

  var raw: Int64 {
    switch self {
    case .at(let offset): max(offset, 0)
    case .beginning: Int64(RD_KAFKA_OFFSET_BEGINNING)
    case .end: Int64(RD_KAFKA_OFFSET_END)
    case .committed: Int64(RD_KAFKA_OFFSET_STORED)
    }
  }
}

/// An offset in a partition: of the record to read next, where positions and commits are meant.
public struct TopicOffset: Hashable, Sendable, CustomStringConvertible {
  public var at: TopicPartition
  /// At least 0, or negative where there is none.
  public var offset: Int64
  /// Text that is committed with the offset: at most 4,096 bytes.
  public var metadata: String

  public init(_ at: TopicPartition, _ offset: Int64, metadata: String = "") {
    self.at = at
    self.offset = offset
    self.metadata = metadata
  }

  public init(_ topic: String, _ partition: Int32, _ offset: Int64, metadata: String = "") {
    self.init(TopicPartition(topic, partition), offset, metadata: metadata)
  }

  public var description: String { "\(at)@\(offset)" }
}

/// A list of librdkafka's, owned.
struct PartitionList: ~Copyable {
  typealias Raw = UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  private let raw: Raw

  init(capacity: Int = 1) { raw = rd_kafka_topic_partition_list_new(Int32(clamping: max(capacity, 1))) }

  init(_ partitions: some Collection<TopicPartition>, offset: Int64 = Int64(RD_KAFKA_OFFSET_INVALID)) {
    self.init(capacity: partitions.count)
    for partition in partitions { add(partition, offset) }
  }

  init(_ offsets: some Collection<TopicOffset>) {
    self.init(capacity: offsets.count)
    for offset in offsets { add(offset.at, offset.offset, metadata: offset.metadata) }
  }

  deinit { rd_kafka_topic_partition_list_destroy(raw) }

  func add(_ at: TopicPartition, _ offset: Int64, metadata: String = "") {
    guard let entry = rd_kafka_topic_partition_list_add(raw, at.topic, at.partition) else { return }
    entry.pointee.offset = offset
    if !metadata.isEmpty {
      // librdkafka frees it with the list.
      var text = metadata
      text.withUTF8 { utf8 in
        guard let copy = strdupBytes(utf8) else { return }
        entry.pointee.metadata = copy
        entry.pointee.metadata_size = utf8.count
      }
    }
  }

  /// Lends the list to librdkafka. Only so, for the list is freed after its last use, which a pointer to it is not.
  borrowing func lend<R>(_ body: (Raw) -> R) -> R { withExtendedLifetime(self) { body(raw) } }

  var offsets: [TopicOffset] { Self.read(raw) }

  /// The entries that carry an error.
  var failed: [TopicPartition: rd_kafka_resp_err_t] {
    var all: [TopicPartition: rd_kafka_resp_err_t] = [:]
    for i in 0..<Int(raw.pointee.cnt) where raw.pointee.elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR {
      let entry = raw.pointee.elems[i]
      all[TopicPartition(String(cString: entry.topic), entry.partition)] = entry.err
    }
    return all
  }

  /// The first error that an entry carries.
  var firstError: KafkaError? {
    for i in 0..<Int(raw.pointee.cnt) {
      let entry = raw.pointee.elems[i]
      if entry.err != RD_KAFKA_RESP_ERR_NO_ERROR {
        let text =
          "\(String(cString: entry.topic))[\(entry.partition)]: \(String(cString: rd_kafka_err2str(entry.err)))"
        return KafkaError(entry.err, text)
      }
    }
    return nil
  }

  static func read(_ list: UnsafePointer<rd_kafka_topic_partition_list_t>?) -> [TopicOffset] {
    guard let list, let entries = list.pointee.elems else { return [] }
    return (0..<Int(list.pointee.cnt)).map { i in
      let entry = entries[i]
      let metadata = entry.metadata.map {
        String(decoding: UnsafeRawBufferPointer(start: $0, count: entry.metadata_size), as: UTF8.self)
      }
      return TopicOffset(
        TopicPartition(String(cString: entry.topic), entry.partition), entry.offset, metadata: metadata ?? "")
    }
  }
}

/// A copy that `free` takes.
private func strdupBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeMutableRawPointer? {
  guard let from = bytes.baseAddress, let copy = malloc(bytes.count) else { return nil }
  return memcpy(copy, from, bytes.count)
}
