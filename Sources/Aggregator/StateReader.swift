// Reads the committed state of input partitions back.

import Bytes
import CapnProto
import Kafka
import Rollups
import Topics

/// What a worker has to know before it counts a partition.
struct LoadedPartition {
  var state = StoredState()
  /// Offset of the first record of the input that is still there, and that after the last.
  var first: Int64 = 0
  var end: Int64 = 0
}

final class StateReader {
  private let topics: AggregatorTopics
  private let settings: KafkaSettings
  private let isStopping: () -> Bool
  private var reader: KafkaConsumer
  private var admin: KafkaAdmin
  private let limiter = ReadLimiter()

  /// - Parameter isStopping: Whether the program is to end: then nothing is waited for.
  init(
    _ settings: KafkaSettings, topics: AggregatorTopics, isStopping: @escaping () -> Bool
  ) throws(KafkaError) {
    (self.topics, self.settings, self.isStopping) = (topics, settings, isStopping)
    reader = try KafkaConsumer(settings)
    admin = try KafkaAdmin(settings, milliseconds: 10_000)
  }

  /// Takes clients that know nothing of what was before: for where those that lived through an outage keep failing.
  func renew() throws(KafkaError) {
    reader = try KafkaConsumer(settings)
    admin = try KafkaAdmin(settings, milliseconds: 10_000)
  }

  /// Returns if a broker answers.
  func ping() throws(KafkaError) { try admin.ping() }

  /// Returns if all that a worker needs is answered: the leaders of its topics, and the group's coordinator.
  func pingAll(group: KafkaConsumer) throws(KafkaError) {
    try admin.ping()
    let inputs = (0..<topics.inputs).map { TopicPartition(topics.events, Int32($0)) }
    _ = try admin.endOffsets(inputs)
    _ = try admin.endOffsets((0..<topics.inputs).map { TopicPartition(topics.state, Int32($0)) })
    _ = try group.committed(Array(inputs.prefix(1)), milliseconds: 3_000)
  }

  /// The offset after the last record of each input partition, committed or not.
  func ends() throws(KafkaError) -> [Int: Int64] {
    let all = (0..<topics.inputs).map { TopicPartition(topics.events, Int32($0)) }
    var ends: [Int: Int64] = [:]
    let found = try persistently { () throws(KafkaError) in try admin.endOffsets(all) }
    for (at, end) in found { ends[Int(at.partition)] = end }
    return ends
  }

  /// The state of partitions, as of the last transaction that whoever had them before has committed.
  ///
  /// The group's committed offsets are asked for first, because that waits for the end of a transaction that is about to
  /// commit some; then the state is read to its end as a reader of uncommitted records sees it. What a dead worker left
  /// open ends by `kafka.transaction_timeout`.
  func load(_ partitions: [Int], group: KafkaConsumer?) throws -> [Int: LoadedPartition] {
    let inputs = partitions.map { TopicPartition(topics.events, Int32($0)) }
    let states = partitions.map { TopicPartition(topics.state, Int32($0)) }
    if partitions.isEmpty { return [:] }
    if let group { _ = try group.committed(inputs, milliseconds: 15_000) }
    let ends = try persistently(seconds: 5) { () throws(KafkaError) in try admin.endOffsets(states) }
    let inputFirsts = try persistently(seconds: 5) { () throws(KafkaError) in try admin.beginningOffsets(inputs) }
    let inputEnds = try persistently(seconds: 5) { () throws(KafkaError) in try admin.endOffsets(inputs) }
    var loaded: [Int: LoadedPartition] = [:]
    for partition in partitions {
      let input = TopicPartition(topics.events, Int32(partition))
      loaded[partition] = LoadedPartition(first: inputFirsts[input] ?? 0, end: inputEnds[input] ?? 0)
    }
    try reader.assign(states.map { ($0, .beginning) })
    defer { try? reader.assign([]) }
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      let reached = reader.progress(states)
      if states.allSatisfy({ (reached[$0] ?? 0) >= (ends[$0] ?? 0) }) { return loaded }
      guard ContinuousClock.now < deadline, !isStopping() else { throw StateUnread(topic: topics.state) }
      switch reader.poll(milliseconds: 100) {
      case .records(let batch):
        for i in 0..<batch.count {
          let record = batch[i]
          let partition = Int(record.partition)
          try take(record, into: &loaded[partition, default: LoadedPartition()].state, partition)
        }
      case .failed(let error) where !error.isRetriable: throw error
      default: break
      }
    }
  }

  private func take(_ record: borrowing KafkaRecord, into state: inout StoredState, _ partition: Int) throws {
    do throws(RollupError) {
      try state.take(key: record.keyText, value: record.value, partition: partition, limiter: limiter)
    } catch {
      throw StateRefused(topic: topics.state, partition: partition, reason: "\(error)")
    }
  }
}

/// The state could not be read in time: brokers are away, or a transaction is open for too long. To be tried again.
struct StateUnread: Error, CustomStringConvertible {
  var topic: String
  var description: String { "'\(topic)' could not be read to its end in time" }
}

/// The state is there and can't be gone on from.
struct StateRefused: Error, CustomStringConvertible {
  var topic: String
  var partition: Int
  var reason: String
  var description: String {
    "the state of partition \(partition) in '\(topic)' can't be used: \(reason); run the program and the pipeline that "
      + "wrote it to drain, or begin anew with another kafka.topic_prefix"
  }
}
