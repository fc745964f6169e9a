// Reads the committed state of input partitions back.

import Bytes
import CapnProto
import Kafka
import Rollups
import Workers

/// What a worker has to know before it counts a partition.
struct LoadedPartition {
  var state = StoredState()
  /// Offset of the first record of the input that is still there, and that after the last.
  var first: Int64 = 0
  var end: Int64 = 0
}

/// Reads it. One thread uses it.
final class StateReader {
  private let topics: AggregatorTopics
  private let states: StateTopics
  private let limiter = ReadLimiter()

  init(_ states: StateTopics, topics: AggregatorTopics) { (self.states, self.topics) = (states, topics) }

  /// The offset after the last record of each input partition, committed or not.
  func ends() throws(KafkaError) -> [Int: Int64] {
    let ends = try states.ends(of: topics.allInputs, seconds: 30)
    return Dictionary(uniqueKeysWithValues: ends.map { (Int($0.key.partition), $0.value) })
  }

  /// The state of partitions, as of the last transaction that whoever had them before has committed.
  func load(_ partitions: [Int], group: KafkaConsumer?) throws -> [Int: LoadedPartition] {
    if partitions.isEmpty { return [:] }
    let inputs = partitions.map(topics.input)
    if let group { _ = try group.committed(inputs, milliseconds: 15_000) }
    let bounds = try states.bounds(of: inputs)
    var loaded: [Int: LoadedPartition] = [:]
    for (partition, input) in zip(partitions, inputs) {
      loaded[partition] = LoadedPartition(first: bounds[input]?.first ?? 0, end: bounds[input]?.end ?? 0)
    }
    try states.read(partitions.map { (topics.state(of: $0), .beginning) }, within: 30) { record in
      let partition = Int(record.partition)
      try take(record, into: &loaded[partition, default: LoadedPartition()].state, partition)
    }
    return loaded
  }

  private func take(_ record: borrowing KafkaRecord, into state: inout StoredState, _ partition: Int) throws {
    do throws(RollupError) {
      try state.take(key: record.keyText, value: record.value, partition: partition, limiter: limiter)
    } catch {
      throw StateRefused(at: topics.state(of: partition), reason: "\(error)")
    }
  }
}
