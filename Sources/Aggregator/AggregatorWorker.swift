// A worker: takes the partitions of `events` that the group gives it, counts them, and writes what comes of it together
// with how far it has come, or not at all.
//
// What is not obvious:
// - Whatever goes wrong with a transaction, all partitions are read again from their committed state: there is one way
//   to begin, and it is used all the time.
// - Offsets are sent with the group's metadata, so a worker that was paused and has lost a partition can't commit.
// - A partition whose state could not be read yet is stale: its records are dropped until it has been, and then it is
//   read again from the right place.

import Bytes
import Configuration
import Detection
import Kafka
import Pipelines
import Rollups
import Stations
import Topics
import Workers

final class AggregatorWorker: Worker {
  private let station: Station
  private let log: Logger
  private let pipeline: Pipeline
  /// Of input partition 0; what a reload may change of them changes.
  private var aggregator: AggregatorSettings
  /// Keys that a reload may change, as they are in use.
  private var settings: Settings
  private var rules: RuleSet
  private var allow: AllowList
  private var judge: Judge
  private let topics: AggregatorTopics
  private let consumer: KafkaConsumer
  private let transactions: Transactions
  private let output: TransactionOutput
  private let states: StateTopics
  private let reader: StateReader
  private let metrics: AggregatorMetrics
  private let commitInterval: Int64
  private let patience: Int64

  private var partitions: [Int: InputPartition] = [:]
  private var stale: Set<Int> = []
  /// Partitions of which everything there is has been handed out.
  private var atEnd: Set<Int> = []
  /// Where draining ends, by partition; nil while it is not wanted.
  private var targets: [Int: Int64]?
  private var ends: [Int: Int64] = [:]
  private var nextCommit: Int64 = 0
  private var nextLook: Int64 = 0

  /// Bytes of one transaction after which it is committed before its time.
  private static let transactionBytes = 32 << 20

  init(_ station: Station, pipeline: Pipeline, instance: String?, drains: Bool) throws {
    self.station = station
    self.pipeline = pipeline
    log = station.log
    let settings = pipeline.settings
    topics = AggregatorTopics(
      events: settings.topic(.events).name, rollups: settings.topic(.rollups).name,
      state: settings.topic(.aggregatorState).name, deadLetters: settings.topic(.deadLetters).name,
      inputs: settings.topic(.events).partitions, rollupPartitions: settings.topic(.rollups).partitions)
    self.settings = settings
    aggregator = pipeline.aggregator
    rules = try pipeline.ruleSet()
    allow = pipeline.allowList
    judge = Judge(RequestScorer(rules: rules, allow: allow, hashKey: pipeline.hashSeed))
    metrics = AggregatorMetrics(station.metrics)
    commitInterval = settings.duration("aggregator.commit_interval")
    patience = settings.duration("aggregator.idle_after")
    let clients = try WorkerClients(
      station, settings, program: "aggregator", instance: instance, drains: drains,
      topics: [.events, .rollups, .aggregatorState, .deadLetters], growing: [.events, .aggregatorState])
    (consumer, transactions, states) = (clients.consumer, clients.transactions, clients.states)
    reader = StateReader(states, topics: topics)
    output = TransactionOutput(transactions, topics: topics)
    if drains { targets = try reader.ends() }
    try consumer.subscribe([topics.events])
    logCosts(rules)
  }

  // MARK: The loop

  func run() throws {
    while !station.shouldStop {
      station.health.beat("work", within: 120_000_000_000)
      if station.takeReload() { try reloadRules() }
      if !stale.isEmpty { try reload() }
      switch consumer.poll(bytes: 8 << 20, milliseconds: 50) {
      case .nothing: break
      case .records(let batch): count(batch)
      case .endOfPartition(let end):
        atEnd.insert(Int(end.at.partition))
        ends[Int(end.at.partition)] = end.offset
      case .assigned(let given): try take(given)
      case .revoked(let taken, let isLost): try give(taken, isLost: isLost)
      case .failed(let error): try told(error)
      }
      states.lookForBrokers(
        of: consumer, isMissing: !stale.isEmpty, inputs: topics.allInputs,
        states: (0..<topics.inputs).map(topics.state(of:)))
      try turn()
    }
    try commit()
    // What could not be committed is read again by whoever comes next.
    station.workIsDone()
    consumer.close()
    station.health.endBeat("work")
  }

  private func count(_ batch: consuming RecordBatch) {
    let now = StationClock.monotonic
    metrics.receivedBytes.add(batch.byteCount)
    for i in 0..<batch.count {
      let record = batch[i]
      let number = Int(record.partition)
      guard let partition = partitions[number] else { continue }
      atEnd.remove(number)
      // What came after draining began is another's to count.
      if let target = targets?[number], record.offset >= target { partition.close(output: output) }
      partition.consume(record.value, at: record.offset, now: now, output: output)
    }
  }

  /// What is done between polls.
  private func turn() throws {
    let now = StationClock.monotonic
    if targets != nil { closeWhatIsDrained() }
    if now >= nextLook {
      nextLook = now + 500_000_000
      metrics.update(partitions, consumer: consumer, topic: topics.events)
      if targets == nil {
        for number in atEnd.sorted() {
          partitions[number]?.decideIdle(now: now, patience: patience, output: output)
        }
      } else if try isEverythingClosed() {
        station.requestStop(because: "drained")
      }
    }
    if now >= nextCommit || transactions.bytes >= Self.transactionBytes { try commit() }
  }

  // MARK: Draining

  private func closeWhatIsDrained() {
    for (number, partition) in partitions.sorted(by: { $0.key < $1.key }) where !partition.isClosed {
      let reached = max(partition.reached, atEnd.contains(number) ? ends[number] ?? 0 : 0)
      if reached >= targets?[number] ?? .max { partition.close(output: output) }
    }
  }

  private func isEverythingClosed() throws -> Bool {
    guard stale.isEmpty, partitions.values.allSatisfy({ $0.isClosed && !$0.hasOutput }) else { return false }
    let others = (0..<topics.inputs).filter { partitions[$0] == nil }
    do {
      return try reader.load(others, group: nil).values.allSatisfy { $0.state.snapshot?.isClosed ?? false }
    } catch {
      try states.passes(error, "the others' state can't be read yet")
      return false
    }
  }

  // MARK: Transactions

  private func commit() throws {
    nextCommit = StationClock.monotonic + commitInterval
    guard transactions.isOpen || partitions.values.contains(where: \.hasOutput) else { return }
    let start = StationClock.monotonic
    var offsets: [TopicOffset] = []
    for (number, partition) in partitions.sorted(by: { $0.key < $1.key }) {
      // Of all partitions, whether they have changed or not: it is what a worker that lost one fails at.
      offsets.append(TopicOffset(topics.input(number), partition.writeState(output: output)))
    }
    if try transactions.commit(offsets, of: consumer) {
      metrics.committed(in: StationClock.monotonic - start)
    } else {
      beginAgain()
    }
  }

  /// All partitions go on from what is committed.
  private func beginAgain() {
    metrics.aborted.add()
    stale.formUnion(partitions.keys)
    partitions = [:]
  }

  // MARK: Partitions come and go

  private func take(_ given: [TopicPartition]) throws {
    let numbers = given.map { Int($0.partition) }.sorted()
    var starts: [TopicPartition: StartOffset] = [:]
    do {
      for (number, start) in try load(numbers) { starts[topics.input(number)] = start }
    } catch {
      try states.isUnread(error)
      stale.formUnion(numbers)
      for at in given { starts[at] = .end }
    }
    try consumer.completeAssign(given, from: starts)
    log.info("partitions taken", ["count": LogValue(given.count), "now": LogValue(partitions.count + stale.count)])
    if stale.isEmpty { station.health.pass("assigned") }
  }

  private func give(_ taken: [TopicPartition], isLost: Bool) throws {
    if isLost {
      if transactions.isOpen {
        beginAgain()
        try transactions.giveUp(because: .lostPartitions)
      }
    } else {
      try commit()
      metrics.update(partitions, consumer: consumer, topic: topics.events)
    }
    for at in taken {
      let number = Int(at.partition)
      partitions[number] = nil
      stale.remove(number)
      atEnd.remove(number)
      ends[number] = nil
      metrics.forget(number)
    }
    try consumer.completeRevoke(taken)
    log.info(
      isLost ? "partitions lost" : "partitions given back",
      ["count": LogValue(taken.count), "now": LogValue(partitions.count + stale.count)])
  }

  /// Reads the state of stale partitions, and goes back to where they have to go on.
  private func reload() throws {
    do {
      let numbers = stale.sorted()
      let starts = try load(numbers)
      try consumer.seek(starts.map { (topics.input($0.0), $0.1) })
      stale.subtract(numbers)
      station.health.pass("assigned")
    } catch {
      for number in stale { partitions[number] = nil }
      station.health.fail("assigned", "state is not read yet")
      try states.isUnread(error)
      states.rest()
    }
  }

  /// Makes partitions from their committed state; returns where they are to be read from.
  private func load(_ numbers: [Int]) throws -> [(Int, StartOffset)] {
    var starts: [(Int, StartOffset)] = []
    let loaded = try reader.load(numbers, group: consumer)
    for number in numbers {
      guard let found = loaded[number] else { continue }
      var settings = aggregator
      settings.inputPartition = UInt16(clamping: number)
      let partition: InputPartition
      do throws(RollupError) {
        partition = try InputPartition(
          settings: settings, judge: judge, rollupPartitions: topics.rollupPartitions, state: found.state,
          first: found.first, now: StationClock.monotonic)
      } catch {
        throw StateRefused(at: topics.state(of: number), reason: "\(error)")
      }
      if partition.position > found.end {
        throw StateRefused(
          at: topics.state(of: number),
          reason: "it stands at offset \(partition.position), and '\(topics.events)' ends at \(found.end)")
      }
      if let resume = partition.resume, resume < found.first {
        log.error(
          "records were removed before they were counted",
          [
            "partition": LogValue(number), "from": LogValue(resume), "to": LogValue(found.first),
            "help": "retention of the topic 'events' is shorter than the time that nobody counted",
          ])
      }
      if partition.isClosed, targets == nil {
        log.warning("the partition was drained: nothing more is counted", ["partition": LogValue(number)])
      }
      partitions[number] = partition
      // What it has counted by now was another's doing.
      metrics.update([number: partition], consumer: consumer, topic: topics.events)
      atEnd.remove(number)
      ends[number] = nil
      starts.append((number, partition.resume.map { .at(max($0, found.first)) } ?? .beginning))
    }
    return starts
  }

  // MARK: Rules

  /// Takes new rules and thresholds: the windows that are open are counted anew with them, as after a restart, so that
  /// no window mixes two rule sets and none is lost.
  private func reloadRules() throws {
    let fresh: Pipeline
    let found: RuleSet
    do {
      fresh = Pipeline(settings: try station.reloadedSettings(), file: pipeline.file)
      found = try fresh.ruleSet()
    } catch {
      log.error("not reloaded; the old settings stay", ["error": LogValue(error)])
      return
    }
    let change = SettingsChange(from: settings, to: fresh.settings)
    if !change.needRestart.isEmpty {
      log.warning("some changes wait for a restart", ["keys": .text(change.needRestart.joined(separator: " "))])
    }
    let policy = ReloadPolicy(isForced: fresh.settings.flag("reload.force"))
    let decision = policy.decide(what: "rules", old: Self.names(rules), new: Self.names(found))
    if case .refuse(_, let reason) = decision {
      log.error("rules refused", ["reason": .text(reason)], key: reason)
      return
    }
    settings = fresh.settings
    log.level = LogLevel(name: settings.text("log.level")) ?? log.level
    let threshold = fresh.threshold
    let allowed = fresh.allowList
    guard found.hash != rules.hash || threshold != aggregator.matchThreshold || allowed.hash != allow.hash else {
      log.info("reloaded; rules and thresholds are the same")
      return
    }
    var told = "the same rules"
    switch decision {
    case .accept(let change): told = "\(change)"
    case .unchanged: if found.hash != rules.hash { told = "conditions changed; \(found.rules.count) now" }
    case .refuse: break
    }
    try commit()
    (rules, allow, aggregator.matchThreshold) = (found, allowed, threshold)
    judge = Judge(RequestScorer(rules: found, allow: allow, hashKey: pipeline.hashSeed))
    stale.formUnion(partitions.keys)
    partitions = [:]
    log.info("rules reloaded", ["rules": .text(told), "threshold": LogValue(threshold)])
    logCosts(rules)
  }

  /// Names the rules that slow everything down.
  private func logCosts(_ rules: RuleSet) {
    for cost in rules.costlyRules() {
      log.warning("costly rule", ["id": .text(cost.rule.id), "cost": .text("\(cost)")], key: cost.rule.id)
    }
  }

  /// By id, with what is known of each.
  private static func names(_ rules: RuleSet) -> [String: String] {
    Dictionary(
      rules.rules.map { ($0.id, "\($0.title)/\($0.level)/\($0.tags)/\($0.isReported)") },
      uniquingKeysWith: { a, _ in a })
  }

  // MARK: Complaints

  private func told(_ error: KafkaError) throws {
    if error.isFatal { throw error }
    metrics.errors["receiving"].add()
    if error.kind == .outOfRange {
      // Retention was faster. What is missing is told as the state is read again.
      stale.formUnion(partitions.keys)
      partitions = [:]
    }
    log.warning("kafka", ["error": LogValue(error)])
  }
}
