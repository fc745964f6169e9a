// Reads what workers have committed: the compacted topics of their state, and where their input stands.

import Kafka
import Stations
import Topics

/// The state could not be read in time: brokers are away, or a transaction is open for too long. To be tried again.
public struct StateUnread: Error, CustomStringConvertible {
  public var topic: String
  public var description: String { "'\(topic)' could not be read to its end in time" }
}

/// The state is there and can't be gone on from.
public struct StateRefused: Error, CustomStringConvertible {
  public var at: TopicPartition
  public var reason: String

  public init(at: TopicPartition, reason: String) { (self.at, self.reason) = (at, reason) }

  public var description: String {
    "the state in \(at) can't be used: \(reason); run the program and the pipeline that wrote it to drain, or begin "
      + "anew with another kafka.topic_prefix"
  }
}

/// Reads state, and knows from that whether brokers are there.
///
/// One thread uses it.
public final class StateTopics {
  private let settings: KafkaSettings
  private let station: Station
  private let presence: BrokerPresence
  private var reader: KafkaConsumer
  private var admin: KafkaAdmin
  /// How often in a row the state could not be read.
  private var failures = 0
  /// Connections were lost: whether brokers are there has to be looked at.
  private var isDoubtful = false

  init(_ settings: KafkaSettings, _ station: Station, _ presence: BrokerPresence) throws(KafkaError) {
    (self.settings, self.station, self.presence) = (settings, station, presence)
    reader = try KafkaConsumer(settings)
    admin = try KafkaAdmin(settings, milliseconds: 10_000)
  }

  // MARK: Reading

  /// Of partitions: the offset of the first record that is still there, and that after the last, committed or not.
  public func bounds(
    of partitions: [TopicPartition]
  ) throws(KafkaError) -> [TopicPartition: (first: Int64, end: Int64)] {
    let firsts = try persistently(seconds: 5) { () throws(KafkaError) in try admin.beginningOffsets(partitions) }
    let ends = try self.ends(of: partitions)
    var bounds: [TopicPartition: (first: Int64, end: Int64)] = [:]
    for at in partitions { bounds[at] = (firsts[at] ?? 0, ends[at] ?? 0) }
    return bounds
  }

  /// The offset after the last record of each partition, committed or not.
  public func ends(of partitions: [TopicPartition], seconds: Int = 5) throws(KafkaError) -> [TopicPartition: Int64] {
    try persistently(seconds: seconds) { () throws(KafkaError) in try admin.endOffsets(partitions) }
  }

  /// Hands out what stands in partitions up to the ends they have now, those of open transactions among them: so what a
  /// worker that is dead left open ends by `kafka.transaction_timeout`, and is waited for.
  ///
  /// Where the state belongs to offsets of a group, those have to be asked for first: that waits for the end of a
  /// transaction that is about to commit some.
  public func read(
    _ wanted: [(TopicPartition, StartOffset)], within seconds: Int = 60,
    _ take: (borrowing KafkaRecord) throws -> Void
  ) throws {
    let all = wanted.map(\.0)
    let ends = try ends(of: all)
    try reader.assign(wanted)
    defer { try? reader.assign([]) }
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let reached = reader.progress(all)
      if all.allSatisfy({ (reached[$0] ?? 0) >= (ends[$0] ?? 0) }) { break }
      guard ContinuousClock.now < deadline, !station.shouldStop else {
        throw StateUnread(topic: all.first?.topic ?? "")
      }
      switch reader.poll(milliseconds: 100) {
      case .records(let batch): for i in 0..<batch.count { try take(batch[i]) }
      case .failed(let error) where !error.isRetriable: throw error
      default: break
      }
    }
    failures = 0
    presence.isBack()
  }

  /// What kept state from being read: brokers that are away, or something else that passes. Anything else is thrown.
  public func isUnread(_ error: any Error) throws {
    failures += 1
    try passes(error, "state can't be read yet")
    // Clients that know nothing of what was before, where those that lived through an outage keep failing.
    if failures % 4 == 0 {
      reader = try KafkaConsumer(settings)
      admin = try KafkaAdmin(settings, milliseconds: 10_000)
    }
    do throws(KafkaError) { try admin.ping() } catch { presence.isGone(error) }
  }

  /// Waits before state is read again, as `BrokerPresence.rest`.
  public func rest() { presence.rest() }

  /// Says what went wrong, if it may be tried again; throws it otherwise.
  public func passes(_ error: any Error, _ what: String) throws {
    guard error is StateUnread || (error as? KafkaError).map({ !$0.isFatal }) ?? false else { throw error }
    station.log.warning(what, ["error": LogValue(error)])
  }

  // MARK: Brokers

  /// Who has nothing to commit learns only from its connections that brokers are away. To be called all the time.
  ///
  /// - Parameters:
  ///   - isMissing: State waits to be read: that tells.
  ///   - inputs: With states: all partitions whose leaders a worker needs.
  public func lookForBrokers(
    of consumer: KafkaConsumer, isMissing: Bool, inputs: @autoclosure () -> [TopicPartition],
    states: @autoclosure () -> [TopicPartition]
  ) {
    for error in consumer.takeErrors() {
      station.log.warning("kafka", ["error": LogValue(error)])
      if error.isRetriable { isDoubtful = true }
    }
    guard isDoubtful || presence.isAway, !isMissing, presence.isDue() else { return }
    do throws(KafkaError) {
      try admin.ping()
      if presence.isAway {
        // All that a worker needs has to be answered: the leaders of its topics, and the group's coordinator.
        let inputs = inputs()
        _ = try admin.endOffsets(inputs)
        _ = try admin.endOffsets(states())
        _ = try consumer.committed(Array(inputs.suffix(1)), milliseconds: 3_000)
      }
      isDoubtful = false
      presence.isBack()
    } catch {
      presence.isGone(error)
    }
  }
}
