// Reads the committed state of partitions back.

import Bytes
import Detection
import Kafka
import Workers

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

/// Reads it. One thread uses it.
struct StateLoader {
  private let topics: AnalyzerTopics
  private let states: StateTopics

  init(_ states: StateTopics, topics: AnalyzerTopics) { (self.states, self.topics) = (states, topics) }

  /// The state of partitions, as of the last transaction that whoever had them before has committed.
  func load(_ inputs: [TopicPartition], group: KafkaConsumer) throws -> [TopicPartition: LoadedState] {
    if inputs.isEmpty { return [:] }
    let committed = try group.committed(inputs, milliseconds: 15_000)
    let bounds = try states.bounds(of: inputs)
    let chunks = try read(inputs.map { (topics.state(of: $0), .beginning) })
    var loaded: [TopicPartition: LoadedState] = [:]
    for input in inputs {
      let at = topics.state(of: input)
      guard let chunks = chunks[at] else { continue }
      do throws(StateError) {
        let (state, counts) = try chunks.finish()
        loaded[input] = LoadedState(
          state: state, counts: counts, generation: chunks.generation, committed: committed[input]?.offset,
          first: bounds[input]?.first ?? 0, end: bounds[input]?.end ?? 0)
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
    let end = try states.ends(of: [at])[at] ?? 0
    return try read([(at, .at(max(0, end - 8)))])[at]?.part("manifest")
  }

  /// What stands in partitions of the state's topics up to their ends now.
  private func read(_ wanted: [(TopicPartition, StartOffset)]) throws -> [TopicPartition: ChunkReader] {
    var chunks: [TopicPartition: ChunkReader] = [:]
    for (at, _) in wanted { chunks[at] = ChunkReader() }
    try states.read(wanted) { record in
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
    return chunks
  }
}
