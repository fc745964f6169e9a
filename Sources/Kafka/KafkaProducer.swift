// The producer: copies a record once, into librdkafka's queue, and says when that is full.

import Bytes
import CRdKafka

/// A producer that writes each record once (idempotent) and, with a transactional id, all of a transaction or nothing.
///
/// One thread uses it. Delivery reports arrive within its own calls.
public final class KafkaProducer {
  /// What became of the records so far.
  public struct Deliveries: Sendable {
    public internal(set) var delivered = 0
    public internal(set) var deliveredBytes = 0
    public internal(set) var failed = 0
    /// The first failure since `takeDeliveryError`.
    public internal(set) var firstError: KafkaError?
  }

  let handle: KafkaHandle
  private var topics: [String: OpaquePointer] = [:]
  public let isTransactional: Bool

  var rk: OpaquePointer { handle.rk }

  public init(_ settings: KafkaSettings) throws(KafkaError) {
    handle = try KafkaHandle(.producer, settings)
    isTransactional = settings.effective(.producer).contains { $0.name == "transactional.id" }
  }

  deinit {
    withExtendedLifetime(handle) {
      for topic in topics.values { rd_kafka_topic_destroy(topic) }
    }
  }

  /// Queues a record; its bytes are copied before this returns. `partition` -1 lets the key's hash choose.
  ///
  /// Where the queue is full, waits up to `wait` milliseconds for room, then throws `.queueFull`; 0 does not wait. `value`
  /// nil is a tombstone. `timestamp`, in milliseconds, is now where it is 0.
  public func produce(
    _ topic: String, partition: Int32 = -1, key: RawSpan? = nil, value: RawSpan?,
    headers: [(String, [UInt8])] = [], timestamp: Int64 = 0, wait: Int = 0
  ) throws(KafkaError) {
    let topic = try self.topic(topic)
    var deadline: ContinuousClock.Instant?
    while true {
      let error = send(topic, partition, key, value, headers, timestamp)
      guard let error else { break }
      let read = KafkaError(consuming: error)
      guard read.kind == .queueFull, wait > 0 else { throw read }
      let until = deadline ?? .now + .milliseconds(wait)
      deadline = until
      guard .now < until else { throw read }
      rd_kafka_poll(rk, 10)
    }
    // Takes the delivery reports that wait; returns at once.
    rd_kafka_poll(rk, 0)
  }

  /// Text and bytes for what is neither hot nor large.
  public func produce(
    _ topic: String, partition: Int32 = -1, key: String? = nil, value: [UInt8]?,
    headers: [(String, [UInt8])] = [], timestamp: Int64 = 0, wait: Int = 0
  ) throws(KafkaError) {
    let keyBytes = key.map { Array($0.utf8) }
    switch (keyBytes, value) {
    case (let key?, let value?):
      try produce(
        topic, partition: partition, key: key.span.bytes, value: value.span.bytes, headers: headers,
        timestamp: timestamp, wait: wait)
    case (let key?, nil):
      try produce(
        topic, partition: partition, key: key.span.bytes, value: nil, headers: headers, timestamp: timestamp, wait: wait
      )
    case (nil, let value?):
      try produce(
        topic, partition: partition, key: Optional<RawSpan>.none, value: value.span.bytes, headers: headers,
        timestamp: timestamp, wait: wait)
    case (nil, nil):
      try produce(
        topic, partition: partition, key: Optional<RawSpan>.none, value: nil, headers: headers, timestamp: timestamp,
        wait: wait)
    }
  }

  /// Runs the callbacks that wait, or waits for one. For times without produce: a queue's reports and statistics.
  public func poll(milliseconds: Int = 0) { rd_kafka_poll(rk, Int32(clamping: max(milliseconds, 0))) }

  /// Records queued or in flight.
  public var pending: Int { Int(rd_kafka_outq_len(rk)) }
  public var deliveries: Deliveries { handle.inbox.deliveries }
  public var statistics: KafkaStatistics? { handle.inbox.statistics }
  /// Set once this producer is of no more use.
  public var fatalError: KafkaError? { handle.fatalError }

  /// The first failed delivery since the last time, if one failed.
  public func takeDeliveryError() -> KafkaError? {
    defer { handle.inbox.deliveries.firstError = nil }
    return handle.inbox.deliveries.firstError
  }

  /// Errors that concern no record, since the last time. At most 16, the latest.
  public func takeErrors() -> [KafkaError] {
    defer { handle.inbox.errors.removeAll() }
    return handle.inbox.errors
  }

  /// Waits until every record is delivered or has failed, at most `milliseconds`, and throws the first failure since the
  /// last flush, or `.retriable` where time ran out.
  public func flush(milliseconds: Int) throws(KafkaError) {
    try KafkaError.check(rd_kafka_flush(rk, Int32(clamping: milliseconds)))
    if let error = takeDeliveryError() { throw error }
  }

  /// Drops every record that is queued or in flight.
  public func purge() throws(KafkaError) {
    try KafkaError.check(rd_kafka_purge(rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
    rd_kafka_poll(rk, 0)
    handle.inbox.deliveries.firstError = nil
  }

  private func topic(_ name: String) throws(KafkaError) -> OpaquePointer {
    if let known = topics[name] { return known }
    guard let made = rd_kafka_topic_new(rk, name, nil) else {
      throw KafkaError(rd_kafka_last_error(), "topic '\(name)'")
    }
    topics[name] = made
    return made
  }

  private func send(
    _ topic: OpaquePointer, _ partition: Int32, _ key: RawSpan?, _ value: RawSpan?, _ headers: [(String, [UInt8])],
    _ timestamp: Int64
  ) -> OpaquePointer? {
    withBytes(key) { keyStart, keyCount in
      withBytes(value) { valueStart, valueCount in
        // Six fixed arguments and the headers. librdkafka copies value, key and headers before it returns.
        withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 6) { arguments in
          arguments.initialize(repeating: rd_kafka_vu_t())
          arguments[0].vtype = RD_KAFKA_VTYPE_RKT
          arguments[0].u.rkt = topic
          arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
          arguments[1].u.i32 = partition
          arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS
          arguments[2].u.i = RD_KAFKA_MSG_F_COPY
          arguments[3].vtype = RD_KAFKA_VTYPE_KEY
          arguments[3].u.mem = .init(ptr: UnsafeMutableRawPointer(mutating: keyStart), size: keyCount)
          arguments[4].vtype = RD_KAFKA_VTYPE_VALUE
          arguments[4].u.mem = .init(ptr: UnsafeMutableRawPointer(mutating: valueStart), size: valueCount)
          arguments[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP
          arguments[5].u.i64 = timestamp
          if headers.isEmpty { return rd_kafka_produceva(rk, arguments.baseAddress, 6) }
          return send(arguments, headers)
        }
      }
    }
  }

  private func send(
    _ fixed: UnsafeMutableBufferPointer<rd_kafka_vu_t>, _ headers: [(String, [UInt8])]
  ) -> OpaquePointer? {
    guard let list = rd_kafka_headers_new(headers.count) else {
      return rd_kafka_produceva(rk, fixed.baseAddress, fixed.count)
    }
    for (name, value) in headers {
      value.withUnsafeBytes { bytes in
        _ = rd_kafka_header_add(list, name, -1, bytes.baseAddress ?? UnsafeRawPointer(fixed.baseAddress!), bytes.count)
      }
    }
    return withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: fixed.count + 1) { arguments in
      _ = arguments.initialize(fromContentsOf: fixed + [rd_kafka_vu_t()])
      arguments[fixed.count].vtype = RD_KAFKA_VTYPE_HEADERS
      arguments[fixed.count].u.headers = list
      let error = rd_kafka_produceva(rk, arguments.baseAddress, arguments.count)
      // Taken over only where it succeeds.
      if error != nil { rd_kafka_headers_destroy(list) }
      return error
    }
  }
}

/// The address and length of `bytes`: null where there are none at all, not null where they are empty, for that is the
/// difference between a tombstone and an empty value.
private func withBytes<R>(_ bytes: RawSpan?, _ body: (UnsafeRawPointer?, Int) -> R) -> R {
  guard let bytes else { return body(nil, 0) }
  return bytes.withUnsafeBytes { buffer in
    if let start = buffer.baseAddress, !buffer.isEmpty { return body(start, buffer.count) }
    return withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { body($0.baseAddress, 0) }
  }
}
