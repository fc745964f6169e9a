// What a program that takes its share of a topic in transactions begins with.

import Configuration
import Kafka
import Stations
import Topics

/// The clients of a worker, once its topics are there and it is the only one of its name.
public struct WorkerClients {
  public let consumer: KafkaConsumer
  public let transactions: Transactions
  public let states: StateTopics

  /// - Parameters:
  ///   - program: `aggregator`: of its settings, metrics, group and transactional ids.
  ///   - instance: As `--instance` gives it; a name of its own where it is nil.
  ///   - drains: A program that drains is somebody's who waits for its exit status; any other waits for its brokers.
  ///   - growing: As in `ensureTopics`.
  public init(
    _ station: Station, _ settings: Settings, program: String, instance: String?, drains: Bool, topics: [LineTopic],
    growing: [LineTopic] = []
  ) throws {
    let presence = BrokerPresence(station, metric: "millrace_\(program)_broker_up")
    let name = settings.lineName(of: program)
    var kafka = KafkaSettings(
      settings, program: program, queue: settings.bytes("\(program).queue_bytes"), log: kafkaLog(station.log))
    let own = "\(StationClock.wall)-\(UInt64.random(in: 0...UInt64.max))"
    kafka.transactionalID = "\(name)-\(instance ?? own)"
    let admin = try KafkaAdmin(kafka, milliseconds: drains ? 30_000 : 10_000)
    let notes = try presence.patiently(repeating: { !drains && Self.mayRepeat($0, station) }) { () throws(any Error) in
      try settings.ensureTopics(topics, admin: admin, growing: growing)
    }
    for note in notes { station.log.warning("topic differs", ["topic": .text(note)], key: note) }
    states = try StateTopics(kafka, station, presence)
    transactions = try Transactions(kafka, station, presence)
    kafka.groupID = name
    kafka.instanceID = instance
    consumer = try KafkaConsumer(kafka)
    station.health.expect("assigned", because: "no partitions yet")
    station.health.pass("running")
  }

  /// Whether brokers may answer later what they did not answer now, and there is somebody to wait for it.
  private static func mayRepeat(_ error: any Error, _ station: Station) -> Bool {
    !station.shouldStop && (error as? KafkaError)?.isRetriable ?? false
  }
}
