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
  /// Somebody has answered. Called often, also where nobody was away.
  func isBack()
  /// Passes the time until something is tried again.
  func pause(milliseconds: Int)
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
  /// That of the run before, whose place we take.
  private var predecessor: UInt64?
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
    while true {
      do {
        return try call()
      } catch let error as KafkaError where error.isRetriable {
        guard watcher.isWorthWaiting("\(error)") else { throw SinkError.away("\(error)") }
      }
    }
  }

  // MARK: What was saved

  private struct Saved {
    var sources: [SavedSource] = []
    var damaged: [CheckpointError] = []
    /// The run that said last that the positions are its own.
    var owner: UInt64?
  }

  /// What earlier runs of this forwarder saved. Call it before the first transaction.
  func saved() throws -> (sources: [SavedSource], damaged: [CheckpointError]) {
    let saved = try read()
    predecessor = saved.owner
    return (saved.sources, saved.damaged)
  }

  private func read() throws -> Saved {
    var records: [String: [UInt8]] = [:]
    try readCheckpoints { key, value in records[key] = value }
    var saved = Saved()
    let limiter = ReadLimiter()
    for (_, value) in records.sorted(by: { $0.key < $1.key }) {
      do throws(CheckpointError) {
        switch try SavedRecord(value.span.bytes, limiter: limiter) {
        case .source(let source): saved.sources.append(source)
        case .owner(let instance, _): saved.owner = instance
        }
      } catch {
        if case .version = error { throw SinkError.failed("\(error)") }
        saved.damaged.append(error)
      }
    }
    return saved
  }

  /// Calls `take` with each committed record of this forwarder, in order; nil for one that was forgotten.
  private func readCheckpoints(_ take: (String, [UInt8]?) -> Void) throws {
    let at = TopicPartition(topics.checkpoints, checkpointPartition)
    let admin = try KafkaAdmin(settings, milliseconds: 5000)
    let end = try Self.waiting(watcher) { try admin.endOffsets([at])[at] ?? 0 }
    let consumer = try KafkaConsumer(settings)
    try consumer.assign([(at, .beginning)])
    while consumer.progress([at])[at] ?? 0 < end {
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

  /// Starts anew with another producer, after an error that leaves this one of no use: a broker that lost patience with a
  /// transaction, or lost what it knew of it.
  ///
  /// Nothing that brokers do while they go and come back ends this; it waits for as long as the watcher does.
  ///
  /// - Returns: What is committed, which the lost transaction may be or not; nil where another program has taken over.
  func renew() throws(SinkError) -> [SavedSource]? {
    while true {
      do {
        // Before we fence it: the other one says who it is in its first transaction.
        watcher.pause(milliseconds: 1000)
        if isReplaced(try read().owner) { return nil }
        producer = try make()
        try start()
        // What was left open has an end now, one or the other.
        let saved = try read()
        if isReplaced(saved.owner) { return nil }
        watcher.isBack()
        return saved.sources
      } catch let error as SinkError {
        throw error
      } catch let error as KafkaError where error.kind == .config || error.kind == .denied {
        throw .failed("\(error)")
      } catch {
        guard watcher.isWorthWaiting("\(error)") else { throw .away("\(error)") }
      }
    }
  }

  private func isReplaced(_ owner: UInt64?) -> Bool { owner != nil && owner != instance && owner != predecessor }

  /// Says in the first transaction whose the positions are from now on.
  func claim(written: Int64) throws(SinkError) {
    let writer = CheckpointWriter()
    writer.write(owner: instance, path: Array(id.utf8), written: written)
    while true {
      do throws(SinkError) {
        try begin()
        try produce(topics.checkpoints, checkpointPartition, key: Array(id.utf8), writer.record)
        return try commit()
      } catch {
        var error = error
        switch error {
        case .aborted, .tooLarge:
          do throws(SinkError) {
            try abort()
            continue
          } catch let another {
            error = another
          }
        default: break
        }
        guard case .broken(let reason) = error else { throw error }
        guard try renew() != nil else { throw .failed(takenOver(reason)) }
      }
    }
  }

  /// In words for whoever started two under one name.
  func takenOver(_ reason: String) -> String {
    "another forwarder has taken over as '\(id)'; give each its own forwarder.host (\(reason))"
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
    while true {
      do throws(KafkaError) {
        if let key {
          try producer.produce(
            topic, partition: partition, key: key.span.bytes, value: value, headers: headers, wait: 500)
        } else {
          try producer.produce(topic, partition: partition, value: value, headers: headers, wait: 500)
        }
        return
      } catch {
        guard error.kind == .queueFull else { throw told(error) }
        guard watcher.isWorthWaiting("") else { throw SinkError.away("\(error)") }
      }
    }
  }

  func commit() throws(SinkError) {
    let producer = producer
    try finish { () throws(KafkaError) in try producer.commit(milliseconds: 2000) }
    // Only brokers can say so, for the transaction holds records.
    watcher.isBack()
  }

  func abort() throws(SinkError) {
    let producer = producer
    do throws(SinkError) {
      try finish { () throws(KafkaError) in try producer.abort(milliseconds: 2000) }
    } catch {
      // A producer that cannot even abort is of no more use.
      switch error {
      case .aborted(let reason), .tooLarge(let reason): throw .broken(reason)
      default: throw error
      }
    }
  }

  private func finish(_ call: () throws(KafkaError) -> Void) throws(SinkError) {
    while true {
      do throws(KafkaError) {
        return try call()
      } catch {
        guard error.isRetriable, producer.fatalError == nil else { throw told(error) }
        guard watcher.isWorthWaiting("\(error)") else { throw SinkError.away("\(error)") }
      }
    }
  }

  private func told(_ error: KafkaError) -> SinkError {
    if let fatal = producer.fatalError { return .broken("\(fatal)") }
    // What failed first is the reason; the transaction's own error says only that something did.
    if error.kind == .tooLarge { return .tooLarge("\(error)") }
    if let first = producer.deliveries.firstError, first.kind == .tooLarge { return .tooLarge("\(first)") }
    switch error.kind {
    case .fenced, .fatal: return .broken("\(error)")
    case .config, .denied: return .failed("\(error)")
    default: return .aborted("\(error)")
    }
  }
}
