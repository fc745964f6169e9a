// A topic read from its beginning to its end, and followed from there: what stands in it is what is known.

import Configuration
import Kafka

/// Whoever makes something of the records of a `WholeTopic`.
public protocol RecordTaker: AnyObject {
  func take(_ record: borrowing KafkaRecord)
  /// The topic is not what it was: all that is in it comes once more.
  func beginAgain()
}

/// How reading to the end of a topic ended.
public enum TopicEnd: Sendable, Equatable {
  case reached
  /// There is no such topic yet.
  case missing
  /// Time ran out, or the program is to end.
  case late
}

/// All partitions of a topic, without a group: committed records, in the order of each partition. One thread uses it.
public final class WholeTopic {
  public let name: String
  private let consumer: KafkaConsumer
  private let admin: KafkaAdmin
  private var following: [TopicPartition] = []

  /// - Parameter program: Whose `kafka` properties hold.
  public init(_ settings: Settings, _ topic: LineTopic, program: String) throws(KafkaError) {
    let kafka = KafkaSettings(settings, program: program, queue: 8 << 20)
    name = settings.topic(topic).name
    admin = try KafkaAdmin(kafka, milliseconds: 10_000)
    consumer = try KafkaConsumer(kafka)
  }

  deinit { consumer.close() }

  /// Reads to the end that the topic has now.
  /// - Parameter isStopping: Asked between records.
  public func readToEnd(into taker: some RecordTaker, seconds: Int, isStopping: () -> Bool) throws -> TopicEnd {
    guard try begin() else { return .missing }
    let (admin, partitions) = (admin, following)
    let ends = try persistently(seconds: min(seconds, 30)) { () throws(KafkaError) in try admin.endOffsets(partitions) }
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let reached = consumer.progress(partitions)
      if partitions.allSatisfy({ (reached[$0] ?? 0) >= (ends[$0] ?? 0) }) { return .reached }
      guard ContinuousClock.now < deadline, !isStopping() else { return .late }
      _ = try follow(into: taker, milliseconds: 100)
    }
  }

  /// False while there is no such topic.
  private func begin() throws(KafkaError) -> Bool {
    if !following.isEmpty { return true }
    let partitions = try admin.partitions(of: name)
    guard !partitions.isEmpty else { return false }
    try consumer.assign(partitions.map { ($0, .beginning) })
    following = partitions
    return true
  }

  /// Takes what has come: some ten thousand records at most, so that whoever calls has time for other things.
  public func follow(into taker: some RecordTaker) throws {
    for _ in 0..<32 { if try !follow(into: taker, milliseconds: 0) { return } }
  }

  /// Takes some of what has come, waiting for the first of it at most this long; false where nothing has.
  private func follow(into taker: some RecordTaker, milliseconds: Int) throws -> Bool {
    guard !following.isEmpty else { return false }
    defer { _ = consumer.takeErrors() }
    switch consumer.poll(max: 1_000, milliseconds: milliseconds) {
    case .records(let batch):
      for i in 0..<batch.count { taker.take(batch[i]) }
      return true
    case .failed(let error):
      if error.kind == .outOfRange {
        // Retention was faster, or the topic was made anew.
        taker.beginAgain()
        try consumer.seek(following.map { ($0, .beginning) })
      } else if !error.isRetriable {
        throw error
      }
      return false
    case .endOfPartition: return true
    default: return false
    }
  }
}
