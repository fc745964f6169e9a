// The sink that is Kafka: one transactional producer, and the topics of the line.

import Bytes
import CapnProto
import Configuration
import Kafka
import Topics

/// What the sink asks of the program while brokers are away.
protocol AwayWatcher: AnyObject {
  /// Nobody answers: say so, and say whether to go on trying.
  func isWorthWaiting(_ reason: String) -> Bool
  /// Somebody answers again.
  func isBack()
}

/// One thread.
final class KafkaSink: EventSink {
  private var producer: KafkaProducer
  private let make: () throws(KafkaError) -> KafkaProducer
  private unowned let watcher: any AwayWatcher
  private let topics: Topics
  let partitions: Int
  private let checkpointPartition: Int32
  private let id: String
  private let keyHash = KeyedHash(key: 0x636b_7074)
  /// A number of this run.
  private let instance: UInt64
  private let settings: KafkaSettings

  private struct Topics {
    var events: String
    var checkpoints: String
    var deadLetters: String
  }

  /// Waits for the brokers, makes the topics, and fences whoever went before under the same id.
  ///
  /// - Parameters:
  ///   - id: Stable name of this forwarder: its host's.
  ///   - note: Is given what differs in the topics and does no harm.
  init(
    _ settings: Settings, kafka: KafkaSettings, id: String, instance: UInt64, watcher: any AwayWatcher,
    note: (String) -> Void
  ) throws {
    self.id = id
    self.instance = instance
    self.watcher = watcher
    self.settings = kafka
    topics = Topics(
      events: settings.topic(.events).name, checkpoints: settings.topic(.checkpoints).name,
      deadLetters: settings.topic(.deadLetters).name)
    let admin = try KafkaAdmin(kafka, milliseconds: 5000)
    let notes = try Self.waiting(watcher) {
      try settings.ensureTopics([.events, .checkpoints, .deadLetters], admin: admin)
    }
    for text in notes { note(text) }
    partitions = settings.topic(.events).partitions
    checkpointPartition = Int32(keyHash.hash(id) % UInt64(settings.topic(.checkpoints).partitions))
    var transactional = kafka
    transactional.transactionalID = "\(settings.lineName(of: "forwarder"))-\(id)"
    make = { [transactional] () throws(KafkaError) in try KafkaProducer(transactional) }
    producer = try make()
    try start()
  }

  private func start() throws {
    let producer = producer
    try Self.waiting(watcher) { try producer.initTransactions(milliseconds: 5000) }
  }

  /// Repeats a call until somebody answers or the watcher gives up.
  private static func waiting<T>(_ watcher: any AwayWatcher, _ call: () throws -> T) throws -> T {
    var wasAway = false
    while true {
      do {
        let value = try call()
        if wasAway { watcher.isBack() }
        return value
      } catch let error as KafkaError where error.isRetriable {
        wasAway = true
        guard watcher.isWorthWaiting("\(error)") else { throw SinkError.away("\(error)") }
      }
    }
  }

  // MARK: What was saved

  /// What earlier runs of this forwarder saved. Call it before the first transaction.
  func saved() throws -> (sources: [SavedSource], damaged: [CheckpointError]) {
    var records: [String: [UInt8]] = [:]
    try readCheckpoints { key, value in records[key] = value }
    var sources: [SavedSource] = []
    var damaged: [CheckpointError] = []
    let limiter = ReadLimiter()
    for (_, value) in records.sorted(by: { $0.key < $1.key }) {
      do throws(CheckpointError) {
        if case .source(let source) = try SavedRecord(value.span.bytes, limiter: limiter) { sources.append(source) }
      } catch {
        if case .version = error { throw SinkError.failed("\(error)") }
        damaged.append(error)
      }
    }
    return (sources, damaged)
  }

  /// Whether another run has taken this forwarder's place.
  func isReplaced() throws -> Bool {
    var owner: UInt64?
    let limiter = ReadLimiter()
    let id = id
    try readCheckpoints { key, value in
      guard key == id, let value, case .owner(let instance, _)? = try? SavedRecord(value.span.bytes, limiter: limiter)
      else { return }
      owner = instance
    }
    return owner.map { $0 != instance } ?? false
  }

  /// Calls `take` with each committed record of this forwarder, in order; nil for one that was forgotten.
  private func readCheckpoints(_ take: (String, [UInt8]?) -> Void) throws {
    let at = TopicPartition(topics.checkpoints, checkpointPartition)
    let admin = try KafkaAdmin(settings, milliseconds: 5000)
    let end = try Self.waiting(watcher) { try admin.endOffsets([at])[at] ?? 0 }
    let consumer = try KafkaConsumer(settings)
    try consumer.assign([(at, .beginning)])
    while try consumer.progress([at])[at] ?? 0 < end {
      switch consumer.poll(milliseconds: 100) {
      case .records(let batch):
        batch.forEach { record in
          let key = record.keyText
          guard key == id || key.hasPrefix(id + "/") else { return }
          take(key, record.isTombstone ? nil : record.value.copied())
        }
      case .failed(let error):
        if !error.isRetriable { throw error }
        guard watcher.isWorthWaiting("\(error)") else { throw SinkError.away("\(error)") }
      default:
        guard watcher.isWorthWaiting("") else { throw SinkError.away("the checkpoints cannot be read") }
      }
    }
  }

  // MARK: Transactions

  /// Starts anew with another producer, after a fatal error that was nobody's takeover.
  func renew() throws {
    producer = try make()
    try start()
  }

  /// Says in the first transaction whose the positions are from now on.
  func claim(written: Int64) throws(SinkError) {
    let writer = CheckpointWriter()
    writer.write(owner: instance, path: Array(id.utf8), written: written)
    try begin()
    try produce(topics.checkpoints, checkpointPartition, key: Array(id.utf8), writer.record)
    try commit()
  }

  func begin() throws(SinkError) {
    do throws(KafkaError) { try producer.begin() } catch { throw told(error) }
  }

  func send(_ batch: RawSpan, partition: Int) throws(SinkError) {
    try produce(topics.events, Int32(partition), key: nil, batch)
  }

  func bury(_ letter: DeadLetter, head: RawSpan) throws(SinkError) {
    try produce(topics.deadLetters, -1, key: nil, head, headers: letter.headers)
  }

  func save(_ source: UInt64, _ record: RawSpan?) throws(SinkError) {
    let digits = String(source, radix: 16)
    let key = "\(id)/\(String(repeating: "0", count: 16 - digits.utf8.count))\(digits)"
    try produce(topics.checkpoints, checkpointPartition, key: Array(key.utf8), record)
  }

  private func produce(
    _ topic: String, _ partition: Int32, key: [UInt8]?, _ value: RawSpan?, headers: [(String, [UInt8])] = []
  ) throws(SinkError) {
    var wasAway = false
    while true {
      do throws(KafkaError) {
        if let key {
          try producer.produce(
            topic, partition: partition, key: key.span.bytes, value: value, headers: headers, wait: 500)
        } else {
          try producer.produce(topic, partition: partition, value: value, headers: headers, wait: 500)
        }
        if wasAway { watcher.isBack() }
        return
      } catch {
        guard error.kind == .queueFull else { throw told(error) }
        wasAway = true
        guard watcher.isWorthWaiting("") else { throw SinkError.away("\(error)") }
      }
    }
  }

  func commit() throws(SinkError) {
    let producer = producer
    try finish { () throws(KafkaError) in try producer.commit(milliseconds: 2000) }
  }

  func abort() throws(SinkError) {
    let producer = producer
    try finish { () throws(KafkaError) in try producer.abort(milliseconds: 2000) }
  }

  private func finish(_ call: () throws(KafkaError) -> Void) throws(SinkError) {
    var wasAway = false
    while true {
      do throws(KafkaError) {
        try call()
        if wasAway { watcher.isBack() }
        return
      } catch {
        guard error.isRetriable else { throw told(error) }
        wasAway = true
        guard watcher.isWorthWaiting("\(error)") else { throw SinkError.away("\(error)") }
      }
    }
  }

  private func told(_ error: KafkaError) -> SinkError {
    if let fatal = producer.fatalError {
      return fatal.kind == .fenced ? .fenced("\(fatal)") : .failed("\(fatal)")
    }
    switch error.kind {
    case .fenced: return .fenced("\(error)")
    case .fatal, .config, .denied: return .failed("\(error)")
    default: return .aborted("\(error)")
    }
  }
}
