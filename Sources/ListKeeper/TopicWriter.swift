// Records of the topic `reputation`, written one after another with the patience that brokers ask for.

import Bytes
import Kafka
import Reputation
import Stations

/// The program is to end. What was written so far is no harm: whoever comes next writes the rest.
struct Interrupted: Error {}

final class TopicWriter {
  private let station: Station
  private let presence: BrokerPresence
  private let producer: KafkaProducer
  private let topic: String
  private var encoder = ReputationEncoder()
  private let written: Counter

  init(
    _ settings: KafkaSettings, topic: String, station: Station, presence: BrokerPresence, written: Counter
  ) throws(KafkaError) {
    (self.station, self.presence, self.topic, self.written) = (station, presence, topic, written)
    producer = try KafkaProducer(settings)
  }

  func write(_ change: PublishedAddresses.Change) throws {
    let key = ReputationKey.network(change.network)
    if change.lists.isEmpty { return try send(key, nil) }
    var bytes: [UInt8] = []
    encoder.write(change.network, lists: change.lists, history: change.history) { bytes = $0.copied() }
    try send(key, bytes)
  }

  func write(_ list: PublishedList) throws {
    var bytes: [UInt8] = []
    encoder.write(list) { bytes = $0.copied() }
    try send(ReputationKey.list(list.name), bytes)
  }

  func remove(list name: String) throws { try send(ReputationKey.list(name), nil) }

  private func send(_ key: String, _ value: [UInt8]?) throws {
    if station.shouldStop { throw Interrupted() }
    let (producer, topic) = (producer, topic)
    try patiently { () throws(KafkaError) in
      try producer.produce(topic, partition: 0, key: key, value: value, wait: 5_000)
    }
    written.add()
  }

  /// Waits until brokers have all that was written, or have refused some of it: what is not there is written again.
  func flush() throws {
    let producer = producer
    try patiently { () throws(KafkaError) in try producer.flush(milliseconds: 5_000) }
  }

  private func patiently(_ call: () throws(KafkaError) -> Void) throws {
    let (station, producer) = (station, producer)
    do throws(KafkaError) {
      try presence.patiently(
        repeating: { !station.shouldStop && producer.fatalError == nil && ($0.isRetriable || $0.kind == .queueFull) },
        call)
    } catch {
      if station.shouldStop, !error.isFatal { throw Interrupted() }
      throw error
    }
  }
}
