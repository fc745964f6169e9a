// Reads the committed state of partitions back.

import Bytes
import Detection
import Kafka
import Topics

/// What a worker has to know before it takes a partition.
struct LoadedState {
  var state: SavedState
  var counts: [[UInt8]: Int]
  var generation: UInt64
  /// The group's committed offset; nil where there is none.
  var committed: Int64?
  /// Offset of the first record of the input that is still there, and that after the last.
  var first: Int64
  var end: Int64
}

/// The state could not be read in time: brokers are away, or a transaction is open for too long. To be tried again.
struct StateUnread: Error, CustomStringConvertible {
  var topic: String
  var description: String { "'\(topic)' could not be read to its end in time" }
}

/// The state is there and can't be gone on from.
struct StateRefused: Error, CustomStringConvertible {
  var at: TopicPartition
  var reason: String
  var description: String {
    "the state in \(at) can't be used: \(reason); run the program and the pipeline that wrote it to drain, or begin "
      + "anew with another kafka.topic_prefix"
  }
}

final class StateLoader {
  private let topics: AnalyzerTopics
  private let settings: KafkaSettings
  private let isStopping: () -> Bool
  private var reader: KafkaConsumer
  private var admin: KafkaAdmin

  /// - Parameter isStopping: Whether the program is to end: then nothing is waited for.
  init(
    _ settings: KafkaSettings, topics: AnalyzerTopics, isStopping: @escaping () -> Bool
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
    let candidates = TopicPartition(topics.candidates, 0)
    let inputs = (0..<topics.partitions).map { TopicPartition(topics.rollups, Int32($0)) } + [candidates]
    _ = try admin.endOffsets(inputs)
    _ = try admin.endOffsets(inputs.map(topics.state(of:)))
    _ = try group.committed([candidates], milliseconds: 3_000)
  }

  /// The state of partitions, as of the last transaction that whoever had them before has committed.
  ///
  /// The group's committed offsets are asked for first, because that waits for the end of a transaction that is about to
  /// commit some; then the state is read to its end as a reader of uncommitted records sees it. What a dead worker left
  /// open ends by `kafka.transaction_timeout`.
  func load(_ inputs: [TopicPartition], group: KafkaConsumer) throws -> [TopicPartition: LoadedState] {
    if inputs.isEmpty { return [:] }
    let committed = try group.committed(inputs, milliseconds: 15_000)
    let firsts = try persistently(seconds: 5) { () throws(KafkaError) in try admin.beginningOffsets(inputs) }
    let ends = try persistently(seconds: 5) { () throws(KafkaError) in try admin.endOffsets(inputs) }
    let states = inputs.map(topics.state(of:))
    let chunks = try read(states.map { ($0, .beginning) })
    var loaded: [TopicPartition: LoadedState] = [:]
    for (input, at) in zip(inputs, states) {
      guard let chunks = chunks[at] else { continue }
      do throws(StateError) {
        let (state, counts) = try chunks.finish()
        loaded[input] = LoadedState(
          state: state, counts: counts, generation: chunks.generation, committed: committed[input]?.offset,
          first: firsts[input] ?? 0, end: ends[input] ?? 0)
      } catch {
        throw StateRefused(at: at, reason: "\(error)")
      }
    }
    return loaded
  }

  /// The last snapshot's manifest, from the end of the state: it is the last record of each, and nothing follows that of a
  /// stage that has closed.
  func lastManifest(of input: TopicPartition) throws -> [UInt8]? {
    let at = topics.state(of: input)
    let end = try persistently(seconds: 5) { () throws(KafkaError) in try admin.endOffsets([at]) }[at] ?? 0
    return try read([(at, .at(max(0, end - 8)))])[at]?.part("manifest")
  }

  /// What stands in partitions of the state's topics up to their ends now.
  private func read(_ wanted: [(TopicPartition, StartOffset)]) throws -> [TopicPartition: ChunkReader] {
    let all = wanted.map(\.0)
    let ends = try persistently(seconds: 5) { () throws(KafkaError) in try admin.endOffsets(all) }
    var chunks: [TopicPartition: ChunkReader] = [:]
    for at in all { chunks[at] = ChunkReader() }
    try reader.assign(wanted)
    defer { try? reader.assign([]) }
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      let reached = reader.progress(all)
      if all.allSatisfy({ (reached[$0] ?? 0) >= (ends[$0] ?? 0) }) { return chunks }
      guard ContinuousClock.now < deadline, !isStopping() else { throw StateUnread(topic: all.first?.topic ?? "") }
      switch reader.poll(milliseconds: 100) {
      case .records(let batch):
        for i in 0..<batch.count {
          let record = batch[i]
          let at = record.at
          do throws(StateError) {
            if record.isTombstone {
              try chunks[at]?.take(key: record.key, value: nil)
            } else {
              try chunks[at]?.take(key: record.key, value: record.value)
            }
          } catch {
            throw StateRefused(at: at, reason: "\(error)")
          }
        }
      case .failed(let error) where !error.isRetriable: throw error
      default: break
      }
    }
  }
}
