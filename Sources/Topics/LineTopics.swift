// Making the topics of a line, and refusing those that others have made otherwise.

import Configuration
import Kafka

#if canImport(Glibc)
  import Glibc
#endif

/// A topic that can't be used as the pipeline wants it.
public struct TopicMismatch: Error, CustomStringConvertible {
  public var description: String
}

extension TopicSpecification {
  public init(_ topic: TopicSettings) {
    self.init(
      topic.name, partitions: topic.partitions, replication: topic.replication ?? -1,
      configuration: Dictionary(topic.properties.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
  }
}

extension Settings {
  /// Makes those of these topics that are missing. Safe to be done by many at once.
  ///
  /// - Parameter growing: Topics that get the partitions they lack. Only `events`, with its state, may gain some while a
  ///   line lives.
  /// - Returns: What differs from the pipeline and does no harm, a sentence each.
  /// - Throws: `TopicMismatch` for another number of partitions: batches and zones would go elsewhere than before.
  public func ensureTopics(
    _ wanted: [LineTopic], admin: KafkaAdmin, growing: [LineTopic] = []
  ) throws -> [String] {
    var notes: [String] = []
    let mayGrow = Set(growing.map { topic($0).name })
    let outcomes = try admin.ensure(wanted.map { TopicSpecification(topic($0)) }) { mayGrow.contains($0) }
    let counts = try admin.topics()
    for (kind, outcome) in zip(wanted, outcomes) {
      let partitions = topic(kind).partitions
      let found = counts[outcome.name] ?? partitions
      if found != partitions {
        throw TopicMismatch(
          description: "topic '\(outcome.name)' has \(found) partitions, and the pipeline wants \(partitions): set "
            + "topics.\(kind.rawValue).partitions\(kind == .events ? " and partitions" : ""), or use another "
            + "kafka.topic_prefix")
      }
      for difference in outcome.differences { notes.append("topic '\(outcome.name)': \(difference)") }
    }
    return notes
  }
}

/// Repeats a question to the brokers until it is answered or refused: leaders of new partitions take a moment, and so do
/// brokers that have not heard of a new topic yet.
public func persistently<R>(seconds: Int = 30, _ ask: () throws(KafkaError) -> R) throws(KafkaError) -> R {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while true {
    do throws(KafkaError) {
      return try ask()
    } catch {
      guard error.isRetriable || error.kind == .unknown, ContinuousClock.now < deadline else { throw error }
      usleep(100_000)
    }
  }
}
