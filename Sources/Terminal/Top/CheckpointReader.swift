// What forwarders have saved of their sources, as the topic `checkpoints` tells it.

import Bytes
import CapnProto
import Events
import Kafka
import Stations
import Topics

/// Follows the topic. Of each source only two numbers are kept.
final class CheckpointReader {
  private let follower: TopicFollower
  private let limiter = ReadLimiter()
  private struct Source {
    var lines: UInt64
    var time: Nanoseconds
  }
  private var sources: [String: Source] = [:]
  static let sourceLimit = 1_000_000

  init(_ kafka: KafkaSettings) throws { follower = try TopicFollower(kafka) }

  var hasAny: Bool { !sources.isEmpty }
  /// Lines that are in committed batches, of all sources.
  var lines: UInt64 { sources.values.reduce(0) { $0 &+ $1.lines } }
  /// The highest stamp that any source has come to.
  var time: Nanoseconds? { sources.values.lazy.map(\.time).filter { $0 > .min }.max() }

  /// Reads on to the end that the topic has now, as far as it is committed.
  func follow(_ topic: String, partitions: Int, admin: KafkaAdmin) throws {
    try follower.follow(
      topic, partitions: partitions, admin: admin, within: sources.isEmpty ? 10_000_000_000 : 300_000_000
    ) { take($0) }
  }

  private func take(_ record: borrowing KafkaRecord) {
    let key = record.keyText
    if record.isTombstone {
      sources[key] = nil
      return
    }
    guard sources[key] != nil || sources.count < Self.sourceLimit,
      let message = try? Message(framed: record.value, limiter: limiter), let root = try? message.rootStruct
    else { return }
    let checkpoint = Checkpoint(root)
    if checkpoint.kind == .owner { return }
    sources[key] = Source(lines: checkpoint.ordinal, time: checkpoint.time)
  }
}
