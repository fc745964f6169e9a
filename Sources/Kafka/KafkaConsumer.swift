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
  /// Where the end was seen: ahead of the position where transaction markers follow the last record.
  private var ends: [TopicPartition: Int64] = [:]

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
    rd_kafka_queue_destroy(queue)
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
      wait = 0
      if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
        let room = messages ?? .allocate(capacity: limit)
        messages = room
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
      ends[end.at] = end.offset
      return .endOfPartition(end)
    case .failed(let error):
      pending = nil
      return .failed(error)
    case nil: break
    }
    guard !handle.inbox.rebalances.isEmpty else { return nil }
    switch handle.inbox.rebalances.removeFirst() {
    case .assigned(let partitions): return .assigned(partitions.map(\.at))
    case .revoked(let partitions, let isLost): return .revoked(partitions, isLost: isLost)
    }
  }

  private func read(_ message: RecordBatch.Message) -> Pending {
    let error = message.pointee.err
    let topic = message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? ""
    let at = TopicPartition(topic, message.pointee.partition)
    if error == RD_KAFKA_RESP_ERR__PARTITION_EOF { return .end(TopicOffset(at, message.pointee.offset)) }
    let text = String(cString: rd_kafka_message_errstr(message))
    return .failed(KafkaError(error, topic.isEmpty ? text : "\(at): \(text)"))
  }

  /// Errors that concern no record, since the last time: brokers away, names refused. At most 16, the latest.
  public func takeErrors() -> [KafkaError] {
    defer { handle.inbox.errors.removeAll() }
    return handle.inbox.errors
  }

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

// MARK: Which partitions

extension KafkaConsumer {
  /// Owns exactly these partitions from now on, without a group. Replaces what was assigned.
  public func assign(_ partitions: [(TopicPartition, StartOffset)]) throws(KafkaError) {
    let list = PartitionList(capacity: partitions.count)
    for (at, start) in partitions { list.add(at, start.raw) }
    ends.removeAll()
    try KafkaError.check(rd_kafka_assign(rk, list.raw))
  }

  /// Joins the group for these topics. A name that starts with `^` is a regular expression.
  public func subscribe(_ topics: [String]) throws(KafkaError) {
    let list = PartitionList(topics.map { TopicPartition($0, -1) })
    try KafkaError.check(rd_kafka_subscribe(rk, list.raw))
  }

  /// Answers `.assigned`: reading starts where `offsets` says, and at the committed offset for partitions not in it.
  public func completeAssign(
    _ partitions: [TopicPartition], from offsets: [TopicPartition: StartOffset] = [:]
  ) throws(KafkaError) {
    let list = PartitionList(capacity: partitions.count)
    for at in partitions {
      list.add(at, (offsets[at] ?? .committed).raw)
      ends[at] = nil
    }
    if isCooperative(rk) {
      try KafkaError.check(rd_kafka_incremental_assign(rk, list.raw))
    } else {
      try KafkaError.check(rd_kafka_assign(rk, list.raw))
    }
  }

  /// Answers `.revoked`: what is said of these partitions from now on is another's.
  public func completeRevoke(_ partitions: [TopicPartition]) throws(KafkaError) {
    for at in partitions { ends[at] = nil }
    if isCooperative(rk) {
      try KafkaError.check(rd_kafka_incremental_unassign(rk, PartitionList(partitions).raw))
    } else {
      try KafkaError.check(rd_kafka_assign(rk, nil))
    }
  }

  /// The partitions assigned now.
  public func assignment() throws(KafkaError) -> [TopicPartition] {
    var list: PartitionList.Raw?
    try KafkaError.check(rd_kafka_assignment(rk, &list))
    defer { if let list { rd_kafka_topic_partition_list_destroy(list) } }
    return PartitionList.read(list).map(\.at)
  }

  /// Fetches nothing more from these partitions, and forgets what was fetched ahead, until `resume`.
  public func pause(_ partitions: [TopicPartition]) throws(KafkaError) {
    let list = PartitionList(partitions)
    try KafkaError.check(rd_kafka_pause_partitions(rk, list.raw))
    if let error = list.firstError { throw error }
  }

  public func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
    let list = PartitionList(partitions)
    try KafkaError.check(rd_kafka_resume_partitions(rk, list.raw))
    if let error = list.firstError { throw error }
  }

  /// Goes on reading from elsewhere in partitions that are assigned.
  public func seek(_ partitions: [(TopicPartition, StartOffset)], milliseconds: Int = 10_000) throws(KafkaError) {
    let list = PartitionList(capacity: partitions.count)
    for (at, start) in partitions {
      list.add(at, start.raw)
      ends[at] = nil
    }
    try KafkaError.check(rd_kafka_seek_partitions(rk, list.raw, Int32(clamping: milliseconds)))
    if let error = list.firstError { throw error }
  }
}

// MARK: Offsets

extension KafkaConsumer {
  /// The offset after the last record handed out, by partition; partitions without one are not in it.
  public func position(_ partitions: [TopicPartition]) throws(KafkaError) -> [TopicPartition: Int64] {
    let list = PartitionList(partitions)
    try KafkaError.check(rd_kafka_position(rk, list.raw))
    return Self.known(list.offsets)
  }

  /// How far this reader has come: its position, or the end where it has seen that. With this, draining ends even where
  /// the last record is followed by transaction markers or aborted records.
  public func progress(_ partitions: [TopicPartition]) throws(KafkaError) -> [TopicPartition: Int64] {
    var all = try position(partitions)
    for at in partitions {
      if let end = ends[at] { all[at] = max(all[at] ?? end, end) }
    }
    return all
  }

  /// The offsets that the group has committed, by partition; partitions without one are not in it.
  public func committed(
    _ partitions: [TopicPartition], milliseconds: Int = 10_000
  ) throws(KafkaError) -> [TopicPartition: TopicOffset] {
    let list = PartitionList(partitions)
    try KafkaError.check(rd_kafka_committed(rk, list.raw, Int32(clamping: milliseconds)))
    if let error = list.firstError { throw error }
    var all: [TopicPartition: TopicOffset] = [:]
    for offset in list.offsets where offset.offset >= 0 { all[offset.at] = offset }
    return all
  }

  /// Commits and waits for the broker's answer. For readers without a transactional producer.
  public func commit(_ offsets: [TopicOffset]) throws(KafkaError) {
    let list = PartitionList(offsets)
    try KafkaError.check(rd_kafka_commit(rk, list.raw, 0))
  }

  /// The first offset and the one after the last, as the last fetch told them; nil before the first. No request. The
  /// high one is of all records, committed or not.
  public func cachedWatermarks(_ at: TopicPartition) -> (low: Int64, high: Int64)? {
    var (low, high) = (Int64(-1), Int64(-1))
    guard rd_kafka_get_watermark_offsets(rk, at.topic, at.partition, &low, &high) == RD_KAFKA_RESP_ERR_NO_ERROR,
      high >= 0
    else { return nil }
    return (max(low, 0), high)
  }

  /// The same, asked of the broker. The high one is what this reader may see: with `read_committed`, it stops at the
  /// first open transaction. `KafkaAdmin.endOffsets` tells the end of all.
  public func watermarks(
    _ at: TopicPartition, milliseconds: Int = 10_000
  ) throws(KafkaError) -> (low: Int64, high: Int64) {
    var (low, high) = (Int64(-1), Int64(-1))
    try KafkaError.check(
      rd_kafka_query_watermark_offsets(rk, at.topic, at.partition, &low, &high, Int32(clamping: milliseconds)))
    return (low, high)
  }

  /// The first offset with a timestamp at or after `milliseconds`, by partition; where there is none, the end.
  public func offsets(
    at milliseconds: Int64, _ partitions: [TopicPartition], timeout: Int = 10_000
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    try offsetsForTimes(rk, partitions, milliseconds, timeout)
  }

  /// The partitions of these topics; a topic that does not exist has none and is not in it.
  public func partitions(of topics: [String], milliseconds: Int = 10_000) throws(KafkaError) -> [String: Int] {
    try partitionCounts(rk, milliseconds).filter { topics.contains($0.key) }
  }

  /// Who this is in its group, for `sendOffsets`: valid until the next rebalance. nil before the group was joined.
  public func groupMetadata() -> GroupMetadata? { rd_kafka_consumer_group_metadata(rk).map(GroupMetadata.init) }

  static func known(_ offsets: [TopicOffset]) -> [TopicPartition: Int64] {
    var all: [TopicPartition: Int64] = [:]
    for offset in offsets where offset.offset >= 0 { all[offset.at] = offset.offset }
    return all
  }
}

/// Member, generation and group of a consumer: a broker refuses offsets from one that is not the owner any more.
public final class GroupMetadata: @unchecked Sendable {
  let raw: OpaquePointer
  init(_ raw: OpaquePointer) { self.raw = raw }
  deinit { rd_kafka_consumer_group_metadata_destroy(raw) }
}
