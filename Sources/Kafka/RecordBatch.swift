// Records as they lie in librdkafka's memory.

import Bytes
import CRdKafka

/// Records of one poll, in the order of each partition, not copied: they live as long as this does.
///
/// It keeps the memory of whole fetches alive, so let it go soon. It may be handed to another thread.
///
/// Invariant of the unsafe code: `messages` holds `count` messages, none null, all without error, freed by `deinit`.
public struct RecordBatch: ~Copyable, @unchecked Sendable {
  typealias Message = UnsafeMutablePointer<rd_kafka_message_t>
  private let messages: UnsafeMutablePointer<Message>
  /// Number of records, at least 1 in a batch that `poll` returns.
  public let count: Int
  /// Bytes of keys and values.
  public let byteCount: Int
  private let owner: KafkaHandle

  /// Takes over `count` initialised messages and the memory that they stand in.
  init(_ messages: UnsafeMutablePointer<Message>, count: Int, byteCount: Int, owner: KafkaHandle) {
    self.messages = messages
    self.count = count
    self.byteCount = byteCount
    self.owner = owner
  }

  deinit {
    // The client must not go first, as it might, for nothing here reads it.
    withExtendedLifetime(owner) {
      for i in 0..<count { rd_kafka_message_destroy(messages[i]) }
    }
    messages.deallocate()
  }

  /// The record at `index`, 0 to `count` - 1. O(1).
  public subscript(index: Int) -> KafkaRecord {
    @_lifetime(borrow self)
    get {
      precondition(index >= 0 && index < count)
      return _overrideLifetime(KafkaRecord(messages[index]), borrowing: self)
    }
  }

  /// Every record in turn.
  public func forEach<E: Error>(_ body: (borrowing KafkaRecord) throws(E) -> Void) throws(E) {
    for i in 0..<count { try body(self[i]) }
  }
}

/// A record that is read in place.
public struct KafkaRecord: ~Escapable {
  private let message: UnsafeMutablePointer<rd_kafka_message_t>

  @_lifetime(immortal)
  init(_ message: UnsafeMutablePointer<rd_kafka_message_t>) { self.message = message }

  public var partition: Int32 { message.pointee.partition }
  public var offset: Int64 { message.pointee.offset }
  /// The topic's name, made anew each time.
  public var topic: String { String(cString: rd_kafka_topic_name(message.pointee.rkt)) }
  public var at: TopicPartition { TopicPartition(topic, partition) }
  /// Milliseconds since the epoch, as the topic has them: of the producer or of the broker. Negative: none.
  public var timestamp: Int64 {
    var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    return rd_kafka_message_timestamp(message, &type)
  }

  public var hasKey: Bool { message.pointee.key != nil }
  /// Whether there is no value at all: on a compacted topic, the key is deleted.
  public var isTombstone: Bool { message.pointee.payload == nil }

  /// The value; empty for a tombstone.
  public var value: RawSpan {
    @_lifetime(copy self)
    get { _overrideLifetime(bytes(message.pointee.payload, message.pointee.len), copying: self) }
  }

  /// The key; empty where there is none.
  public var key: RawSpan {
    @_lifetime(copy self)
    get { _overrideLifetime(bytes(message.pointee.key, message.pointee.key_len), copying: self) }
  }

  /// The key as text; bytes that are not UTF-8 become U+FFFD.
  public var keyText: String { text(key) }

  /// Calls `body` for each header in its order. Nothing where there is none.
  public func forEachHeader<E: Error>(_ body: (String, RawSpan) throws(E) -> Void) throws(E) {
    var headers: OpaquePointer?
    guard rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR, let headers else { return }
    var name: UnsafePointer<CChar>?
    var value: UnsafeRawPointer?
    var size = 0
    for i in 0..<rd_kafka_header_cnt(headers) {
      guard rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR, let name
      else { return }
      try body(String(cString: name), bytes(value, size))
    }
  }

  /// The last header of this name as text, if there is one.
  public func header(_ name: String) -> String? {
    var found: String?
    forEachHeader { if $0 == name { found = text($1) } }
    return found
  }
}

private func text(_ bytes: RawSpan) -> String { bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

/// Bytes of a message that the caller keeps alive.
@_lifetime(immortal)
private func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> RawSpan {
  guard let start, count > 0 else { return RawSpan() }
  return _overrideLifetime(RawSpan(_unsafeStart: start, byteCount: count), copying: ())
}
