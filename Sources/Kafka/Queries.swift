// Questions that every client can ask.

import CRdKafka

/// Offsets by time; -1 asks for the end, -2 for the beginning. All partitions in one request a broker.
func offsetsForTimes(
  _ rk: OpaquePointer, _ partitions: [TopicPartition], _ time: Int64, _ milliseconds: Int
) throws(KafkaError) -> [TopicPartition: Int64] {
  if partitions.isEmpty { return [:] }
  let list = PartitionList(partitions, offset: time)
  try KafkaError.check(list.lend { rd_kafka_offsets_for_times(rk, $0, Int32(clamping: milliseconds)) })
  if let error = list.firstError { throw error }
  var all: [TopicPartition: Int64] = [:]
  var pastEnd: [TopicPartition] = []
  for offset in list.offsets {
    if offset.offset >= 0 { all[offset.at] = offset.offset } else { pastEnd.append(offset.at) }
  }
  if time >= 0, !pastEnd.isEmpty {
    for (at, end) in try offsetsForTimes(rk, pastEnd, -1, milliseconds) { all[at] = end }
  }
  return all
}

/// How many partitions each topic of the cluster has. Asks for all topics, for that never creates one.
func partitionCounts(_ rk: OpaquePointer, _ milliseconds: Int) throws(KafkaError) -> [String: Int] {
  var metadata: UnsafePointer<rd_kafka_metadata>?
  try KafkaError.check(rd_kafka_metadata(rk, 1, nil, &metadata, Int32(clamping: milliseconds)))
  guard let metadata else { return [:] }
  defer { rd_kafka_metadata_destroy(metadata) }
  var all: [String: Int] = [:]
  for i in 0..<Int(metadata.pointee.topic_cnt) {
    let topic = metadata.pointee.topics[i]
    guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, let name = topic.topic else { continue }
    all[String(cString: name)] = Int(topic.partition_cnt)
  }
  return all
}
