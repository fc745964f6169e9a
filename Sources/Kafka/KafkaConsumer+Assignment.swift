// Which partitions a consumer reads, and from where.

import CRdKafka

extension KafkaConsumer {
  /// Owns exactly these partitions from now on, without a group. Replaces what was assigned.
  public func assign(_ partitions: [(TopicPartition, StartOffset)]) throws(KafkaError) {
    let list = PartitionList(capacity: partitions.count)
    for (at, start) in partitions { list.add(at, start.raw) }
    forget(reading.partitions)
    try KafkaError.check(list.lend { rd_kafka_assign(rk, $0) })
  }

  /// Joins the group for these topics. A name that starts with `^` is a regular expression.
  public func subscribe(_ topics: [String]) throws(KafkaError) {
    let list = PartitionList(topics.map { TopicPartition($0, -1) })
    handle.isJoining = true
    try KafkaError.check(list.lend { rd_kafka_subscribe(rk, $0) })
  }

  /// Answers `.assigned`: reading starts where `offsets` says; for a partition not in it at the group's committed offset,
  /// and without one at the beginning.
  ///
  /// A throw of `.retriable` leaves all as it was: the committed offset could not be had, as while a transaction that
  /// holds offsets of the last owner is open. The same answer may be given again.
  public func completeAssign(
    _ partitions: [TopicPartition], from offsets: [TopicPartition: StartOffset] = [:], milliseconds: Int = 30_000
  ) throws(KafkaError) {
    // Not left to librdkafka, which would start anew wherever an offset is not there any more, and tell nobody.
    let open = partitions.filter { (offsets[$0] ?? .committed) == .committed }
    let committed = open.isEmpty ? [:] : try committed(open, milliseconds: milliseconds)
    let list = PartitionList(capacity: partitions.count)
    for at in partitions {
      let start = offsets[at] ?? .committed
      list.add(at, (start == .committed ? committed[at].map { .at($0.offset) } ?? .beginning : start).raw)
    }
    forget(partitions)
    if isCooperative(rk) {
      try KafkaError.check(list.lend { rd_kafka_incremental_assign(rk, $0) })
    } else {
      try KafkaError.check(list.lend { rd_kafka_assign(rk, $0) })
    }
  }

  /// Answers `.revoked`: what is said of these partitions from now on is another's.
  public func completeRevoke(_ partitions: [TopicPartition]) throws(KafkaError) {
    forget(partitions)
    if isCooperative(rk) {
      try KafkaError.check(PartitionList(partitions).lend { rd_kafka_incremental_unassign(rk, $0) })
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
    try KafkaError.check(list.lend { rd_kafka_pause_partitions(rk, $0) })
    if let error = list.firstError { throw error }
  }

  public func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
    let list = PartitionList(partitions)
    try KafkaError.check(list.lend { rd_kafka_resume_partitions(rk, $0) })
    if let error = list.firstError { throw error }
  }

  /// Goes on reading from elsewhere in partitions that are assigned; also after an error of kind `.outOfRange`.
  public func seek(_ partitions: [(TopicPartition, StartOffset)], milliseconds: Int = 10_000) throws(KafkaError) {
    let list = PartitionList(capacity: partitions.count)
    for (at, start) in partitions { list.add(at, start.raw) }
    forget(partitions.map(\.0))
    try KafkaError.check(list.lend { rd_kafka_seek_partitions(rk, $0, Int32(clamping: milliseconds)) })
    let failed = list.failed
    if failed.isEmpty { return }
    // A partition whose offset was out of range has stopped: no seek reaches it, but it can be assigned anew.
    guard failed.allSatisfy({ $0.value == RD_KAFKA_RESP_ERR__STATE }) else { throw list.firstError ?? .state("seek") }
    let again = PartitionList(capacity: failed.count)
    for (at, start) in partitions where failed[at] != nil { again.add(at, start.raw) }
    try KafkaError.check(again.lend { rd_kafka_incremental_unassign(rk, $0) })
    try KafkaError.check(again.lend { rd_kafka_incremental_assign(rk, $0) })
  }
}
