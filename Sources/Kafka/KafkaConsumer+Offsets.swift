// Where a consumer stands, and where its partitions begin and end.

import CRdKafka

extension KafkaConsumer {
  /// The offset after the last record handed out, by partition; partitions without one are not in it. No request.
  public func position(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] { reading.next(partitions) }

  /// How far this reader has come: its position, or the end where it has seen that. With this, draining ends even where
  /// the last record is followed by transaction markers or aborted records. No request.
  public func progress(_ partitions: [TopicPartition]) -> [TopicPartition: Int64] { reading.progress(partitions) }

  /// The offsets that the group has committed, by partition; partitions without one are not in it.
  public func committed(
    _ partitions: [TopicPartition], milliseconds: Int = 10_000
  ) throws(KafkaError) -> [TopicPartition: TopicOffset] {
    let list = PartitionList(partitions)
    try KafkaError.check(list.lend { rd_kafka_committed(rk, $0, Int32(clamping: milliseconds)) })
    if let error = list.firstError { throw error }
    var all: [TopicPartition: TopicOffset] = [:]
    for offset in list.offsets where offset.offset >= 0 { all[offset.at] = offset }
    return all
  }

  /// Commits and waits for the broker's answer. For readers without a transactional producer.
  public func commit(_ offsets: [TopicOffset]) throws(KafkaError) {
    let list = PartitionList(offsets)
    try KafkaError.check(list.lend { rd_kafka_commit(rk, $0, 0) })
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
}
