// The consumer: polls records without copying them, and is asked before its partitions change.

import CRdKafka

/// What one poll brings: one thing at a time, in the order in which it happened.
public enum KafkaPoll: ~Copyable {
  /// Nothing within the time.
  case nothing
  case records(RecordBatch)
  /// All that a reader of this isolation level may see has been handed out; `offset` comes next. It counts transaction
  /// markers and aborted records, which a position does not.
  case endOfPartition(TopicOffset)
  /// The group gives these partitions, with their committed offsets where the broker told them: answer with
  /// `completeAssign`. No record comes from any partition before that.
  case assigned([TopicPartition])
  /// The group takes these partitions: finish what is open, commit, and answer with `completeRevoke`. `isLost` means
  /// that another member may have them already, so that commits will fail.
  case revoked([TopicPartition], isLost: Bool)
  /// Where `kind` is `.fatal` or `.fenced`, no poll will bring anything else.
  case failed(KafkaError)
}

/// A consumer that commits nothing of its own accord and reads committed records only.
///
/// Either it owns fixed partitions (`assign`), or it joins a group (`subscribe`) and answers each change. One thread uses
/// it; everything that librdkafka calls back runs within its calls.
public final class KafkaConsumer {
  let handle: KafkaHandle
  private let queue: OpaquePointer
  private var isClosed = false
  private var pending: Pending?
  var reading = ReadPositions()

  private enum Pending {
    case end(TopicOffset)
    case failed(KafkaError)
  }

  var rk: OpaquePointer { handle.rk }

  public init(_ settings: KafkaSettings) throws(KafkaError) {
    handle = try KafkaHandle(.consumer, settings)
    // Statistics and errors come with the records, by one queue.
    rd_kafka_poll_set_consumer(handle.rk)
    guard let queue = rd_kafka_queue_get_consumer(handle.rk) else { throw .config("a consumer needs a group.id") }
    self.queue = queue
  }

  deinit {
    close()
    withExtendedLifetime(handle) { rd_kafka_queue_destroy(queue) }
  }

  /// Waits up to `milliseconds` for a first record, then takes what is there already: up to `max` records and about
  /// `bytes`. A group expects a poll at least every `max.poll.interval.ms` (5 minutes).
  public func poll(max limit: Int = 256, bytes: Int = 16 << 20, milliseconds: Int) -> KafkaPoll {
    precondition(limit > 0)
    if let waiting = takePending() { return waiting }
    if let fatal = handle.inbox.fatal { return .failed(fatal) }
    var wait = Int32(clamping: max(milliseconds, 0))
    var gathered = 0
    var size = 0
    var messages: UnsafeMutablePointer<RecordBatch.Message>?
    // One by one, not by `rd_kafka_consume_batch_queue`: that one waits for the whole time unless the batch is full,
    // and mixes records from before and after a rebalance. A record here is a batch of events, so the call is cheap.
    while gathered < limit, size < bytes, let message = rd_kafka_consume_queue(queue, wait) {
      if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
        guard reading.takes(message) else {
          rd_kafka_message_destroy(message)
          continue
        }
        let room = messages ?? .allocate(capacity: limit)
        messages = room
        wait = 0
        (room + gathered).initialize(to: message)
        gathered += 1
        size &+= message.pointee.len &+ message.pointee.key_len
        continue
      }
      pending = read(message)
      rd_kafka_message_destroy(message)
      break
    }
    if let messages { return .records(RecordBatch(messages, count: gathered, byteCount: size, owner: handle)) }
    if let waiting = takePending() { return waiting }
    if let fatal = handle.inbox.fatal { return .failed(fatal) }
    return .nothing
  }

  private func takePending() -> KafkaPoll? {
    switch pending {
    case .end(let end):
      pending = nil
      return .endOfPartition(end)
    case .failed(let error):
      pending = nil
      return .failed(error)
    case nil: break
    }
    guard !handle.inbox.rebalances.isEmpty else { return nil }
    switch handle.inbox.rebalances.removeFirst() {
    case .assigned(let partitions):
      handle.isJoining = false
      return .assigned(partitions.map(\.at))
    case .revoked(let partitions, let isLost): return .revoked(partitions, isLost: isLost)
    }
  }

  private func read(_ message: RecordBatch.Message) -> Pending {
    let error = message.pointee.err
    let topic = message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? ""
    let at = TopicPartition(topic, message.pointee.partition)
    if error == RD_KAFKA_RESP_ERR__PARTITION_EOF, let handle = message.pointee.rkt {
      let end = TopicOffset(at, message.pointee.offset)
      reading.sawEnd(handle, end)
      return .end(end)
    }
    let text = String(cString: rd_kafka_message_errstr(message))
    return .failed(KafkaError(error, topic.isEmpty ? text : "\(at): \(text)"))
  }

  /// What was read of partitions is of no account any more, as they are read from elsewhere; nor is their end, where it
  /// waits to be told.
  func forget(_ partitions: [TopicPartition]) {
    reading.remove(partitions)
    if case .end(let end) = pending, partitions.contains(end.at) { pending = nil }
  }

  /// Errors that concern no record, since the last time: brokers away, names refused. At most 16, the latest.
  public func takeErrors() -> [KafkaError] {
    defer { handle.inbox.errors.removeAll() }
    return handle.inbox.errors
  }

  /// Records that librdkafka brought twice and that were dropped: a known fault of its versions before 2.4.
  public var repeatedRecords: Int { reading.repeated }

  /// The latest statistics, where `statisticsMilliseconds` is set.
  public var statistics: KafkaStatistics? { handle.inbox.statistics }

  /// Leaves the group and gives back all partitions, without asking: commit first. No poll may follow.
  public func close() {
    guard !isClosed else { return }
    isClosed = true
    handle.inbox.isClosing = true
    rd_kafka_consumer_close(rk)
  }
}

/// Member, generation and group of a consumer: a broker refuses offsets from one that is not the owner any more.
public final class GroupMetadata: @unchecked Sendable {
  let raw: OpaquePointer
  init(_ raw: OpaquePointer) { self.raw = raw }
  deinit { rd_kafka_consumer_group_metadata_destroy(raw) }
}
