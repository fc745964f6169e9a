// A worker: takes the partitions of `rollups` and, where the group gives it that one too, of `candidates`; runs their
// stages, and writes what comes of it together with how far it has come, or not at all.
//
// What is not obvious:
// - One consumer reads both topics, so one transaction holds what both stages did, and whoever has the one partition of
//   `candidates` has the campaign stage.
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
import Stations
import Topics

final class AnalyzerWorker {
  private let station: Station
  private let log: Logger
  private var pipeline: Pipeline
  private var setup: AnalyzerSetup
  private let topics: AnalyzerTopics
  private let kafka: KafkaSettings
  private let consumer: KafkaConsumer
  private var output: TransactionOutput
  private let states: StateLoader
  private let metrics: AnalyzerMetrics
  private let presence: BrokerPresence
  private let commitInterval: Int64
  private let stateInterval: Int64

  private var partitions: [TopicPartition: StagePartition] = [:]
  private var stale: Set<TopicPartition> = []
  /// Ends once every input partition has been closed by its aggregator, and the stages with it.
  private let drains: Bool
  /// When something was last taken, or said about waiting for it.
  private var lastNews: Int64 = 0
  private var nextCommit: Int64 = 0
  private var nextState: Int64 = 0
  private var nextLook: Int64 = 0
  private var renewals = 0
  /// How often in a row the state could not be read.
  private var failedLoads = 0
  /// Connections were lost: whether brokers are there has to be looked at.
  private var isDoubtful = false

  /// Bytes of one transaction after which it is committed before its time.
  private static let transactionBytes = 32 << 20
  private static let patience: Int64 = 120_000_000_000
  /// Between two words about waiting.
  private static let quiet: Int64 = 10_000_000_000

  init(_ station: Station, pipeline: Pipeline, instance: String?, drains: Bool) throws {
    self.station = station
    self.pipeline = pipeline
    self.drains = drains
    log = station.log
    let settings = pipeline.settings
    setup = try AnalyzerSetup(pipeline)
    topics = AnalyzerTopics(
      rollups: settings.topic(.rollups).name, zoneState: settings.topic(.zoneState).name,
      candidates: settings.topic(.candidates).name, campaignState: settings.topic(.campaignState).name,
      attacks: settings.topic(.attacks).name, deadLetters: settings.topic(.deadLetters).name,
      inputs: settings.topic(.events).partitions, partitions: settings.topic(.rollups).partitions)
    metrics = AnalyzerMetrics(station.metrics)
    presence = BrokerPresence(station, metric: "millrace_analyzer_broker_up")
    commitInterval = settings.duration("analyzer.commit_interval")
    stateInterval = settings.duration("analyzer.state_interval")
    let name = settings.lineName(of: "analyzer")
    var kafka = KafkaSettings(
      settings, program: "analyzer", queue: settings.bytes("analyzer.queue_bytes"), log: kafkaLog(station.log))
    kafka.transactionalID = "\(name)-\(instance ?? Self.uniqueName())"
    self.kafka = kafka
    // A program that drains is somebody's who waits for its exit status; any other waits for its brokers.
    let admin = try KafkaAdmin(kafka, milliseconds: drains ? 30_000 : 10_000)
    let notes = try presence.patiently(repeating: { !drains && Self.mayRepeat($0, station) }) { () throws(any Error) in
      try settings.ensureTopics(
        [.rollups, .zoneState, .candidates, .campaignState, .attacks, .deadLetters], admin: admin)
    }
    for note in notes { log.warning("topic differs", ["topic": .text(note)], key: note) }
    states = try StateLoader(kafka, topics: topics, isStopping: { station.shouldStop })
    output = TransactionOutput(try Self.producer(kafka, presence), topics: topics)
    kafka.groupID = name
    kafka.instanceID = instance
    consumer = try KafkaConsumer(kafka)
    station.health.expect("assigned", because: "no partitions yet")
    station.health.pass("running")
    try consumer.subscribe([topics.rollups, topics.candidates])
  }

  private static func producer(
    _ settings: KafkaSettings, _ presence: BrokerPresence
  ) throws(KafkaError) -> KafkaProducer {
    let producer = try KafkaProducer(settings)
    try presence.patiently(repeating: \.isRetriable) { () throws(KafkaError) in
      try producer.initTransactions(milliseconds: presence.slice)
    }
    return producer
  }

  /// Whether brokers may answer later what they did not answer now, and there is somebody to wait for it.
  private static func mayRepeat(_ error: any Error, _ station: Station) -> Bool {
    !station.shouldStop && (error as? KafkaError)?.isRetriable ?? false
  }

  private static func uniqueName() -> String { "\(StationClock.wall)-\(UInt64.random(in: 0...UInt64.max))" }

  // MARK: The loop

  func run() throws {
    nextState = StationClock.monotonic + stateInterval
    // The first word after two seconds.
    lastNews = StationClock.monotonic - Self.quiet + 2_000_000_000
    while !station.shouldStop {
      station.health.beat("work", within: Self.patience)
      if station.takeReload() { reload() }
      if !stale.isEmpty { try freshen() }
      switch consumer.poll(bytes: 8 << 20, milliseconds: 50) {
      case .nothing: break
      case .endOfPartition: break
      case .records(let batch): try take(batch)
      case .assigned(let given): try accept(given)
      case .revoked(let taken, let isLost): try give(taken, isLost: isLost)
      case .failed(let error): try told(error)
      }
      lookForBrokers()
      try turn()
    }
    try commit(withState: true)
    station.workIsDone()
    consumer.close()
    station.health.endBeat("work")
  }

  /// Who has nothing to commit learns only from its connections that brokers are away.
  private func lookForBrokers() {
    for error in consumer.takeErrors() {
      log.warning("kafka", ["error": LogValue(error)])
      if error.isRetriable { isDoubtful = true }
    }
    // Where state is missing, reading it tells.
    guard isDoubtful || presence.isAway, stale.isEmpty, presence.isDue() else { return }
    do throws(KafkaError) {
      if presence.isAway { try states.pingAll(group: consumer) } else { try states.ping() }
      isDoubtful = false
      presence.isBack()
    } catch {
      presence.isGone(error)
    }
  }

  /// Small records, as those of `candidates` are, come by the ten thousands, and each may be work: a transaction may not
  /// wait for all of them, or the brokers end it.
  private func take(_ batch: consuming RecordBatch) throws {
    metrics.receivedBytes.add(batch.byteCount)
    lastNews = StationClock.monotonic
    for i in 0..<batch.count {
      let record = batch[i]
      let at = record.at
      guard let partition = partitions[at] else { continue }
      output.source = at
      if partition.isClosed {
        if record.offset >= partition.position { metrics.ignored.add() }
        continue
      }
      partition.consume(record.value, at: record.offset, output: output)
      let now = StationClock.monotonic
      if now >= nextCommit || output.bytes >= Self.transactionBytes {
        station.health.beat("work", within: Self.patience)
        try commit(withState: now >= nextState)
        // What is left is read again by whoever comes next.
        if station.shouldStop { return }
      }
    }
  }

  /// What is done between polls.
  private func turn() throws {
    let now = StationClock.monotonic
    if now >= nextLook {
      nextLook = now + 500_000_000
      metrics.update(partitions, consumer: consumer, topics: topics)
      if drains, try isEverythingClosed() {
        station.requestStop(because: "drained")
      } else if drains {
        sayWhatIsWaitedFor(now)
      }
    }
    if now >= nextCommit || output.bytes >= Self.transactionBytes { try commit(withState: now >= nextState) }
  }

  // MARK: Draining

  /// An end of `rollups` says nothing: aggregators may be about to write more. Only their word does.
  private func sayWhatIsWaitedFor(_ now: Int64) {
    guard now &- lastNews >= Self.quiet else { return }
    var waitedFor: Set<Int> = []
    for partition in partitions.values {
      if let zones = partition as? ZonePartition { waitedFor.formUnion(zones.openInputs) }
    }
    let open = waitedFor.sorted()
    guard !open.isEmpty else { return }
    lastNews = now
    log.info(
      "waiting for aggregators to close what they count",
      [
        "partitions_of_events": .text(open.map(String.init).joined(separator: " ")),
        "help": "millrace-aggregator --drain closes them, beside this program or before it",
      ])
  }

  /// The campaign stage closes when all zone stages have.
  private func isEverythingClosed() throws -> Bool {
    guard stale.isEmpty, partitions.values.allSatisfy({ $0.isClosed && !$0.hasNews }), !output.isOpen else {
      return false
    }
    let candidates = TopicPartition(topics.candidates, 0)
    if partitions[candidates] != nil { return true }
    do {
      guard let manifest = try states.lastManifest(of: candidates) else { return false }
      return try CampaignStation.isClosed(manifest: manifest)
    } catch {
      try tellUnless(retriable: error, "the campaign stage's state can't be read yet")
      return false
    }
  }

  // MARK: Transactions

  private func commit(withState: Bool) throws {
    let start = StationClock.monotonic
    nextCommit = start + commitInterval
    if withState { nextState = start + stateInterval }
    let all = partitions.values.sorted { $0.input < $1.input }
    // A snapshot is due though nothing new has come: who goes on from here may know of more partitions than this one did.
    let isUnsaved = withState && all.contains(where: \.isUnsaved)
    guard output.isOpen || isUnsaved || all.contains(where: \.hasNews) else { return }
    output.open()
    for partition in all {
      let before = output.bytes
      partition.writeState(
        at: topics.state(of: partition.input), isDue: withState || partition.isClosed, output: output)
      metrics.stateBytes.add(output.bytes - before)
    }
    do throws(KafkaError) {
      if let failure = output.failure { throw failure }
      let (offsets, producer, consumer) = (all.compactMap { $0.offset() }, output.producer, consumer)
      try patiently { (slice) throws(KafkaError) in
        try producer.sendOffsets(offsets, consumer: consumer, milliseconds: slice)
      }
      try patiently { (slice) throws(KafkaError) in try producer.commit(milliseconds: slice) }
      output.ended()
      for partition in all { partition.hasCommitted() }
      renewals = 0
      metrics.committed(in: StationClock.monotonic - start)
    } catch {
      try recover(from: error)
    }
  }

  /// Tries again what is not decided yet, as long as there is time.
  private func patiently(_ call: (_ milliseconds: Int) throws(KafkaError) -> Void) throws(KafkaError) {
    try presence.patiently(repeating: \.isRetriable) { () throws(KafkaError) in try call(presence.slice) }
  }

  /// Gives the transaction up; all partitions begin again from what is committed.
  private func recover(from error: KafkaError) throws {
    metrics.aborted.add()
    log.warning("transaction given up; going on from what is committed", ["error": LogValue(error)])
    stale.formUnion(partitions.keys)
    partitions = [:]
    if !error.isFatal {
      do throws(KafkaError) {
        let producer = output.producer
        if output.isOpen { try patiently { (slice) throws(KafkaError) in try producer.abort(milliseconds: slice) } }
        output.ended()
        return
      } catch {
        log.warning("not aborted", ["error": LogValue(error)])
      }
    }
    // A producer that is fenced, as one whose transaction the broker has ended is, is of no more use.
    while true {
      renewals += 1
      guard renewals <= 5, station.timeLeft > 0 else { throw error }
      do throws(KafkaError) {
        output = TransactionOutput(try Self.producer(kafka, presence), topics: topics)
        return
      } catch {
        log.warning("no new producer yet", ["error": LogValue(error)])
        presence.rest()
      }
    }
  }

  // MARK: Partitions come and go

  private func accept(_ given: [TopicPartition]) throws {
    var starts: [TopicPartition: StartOffset] = [:]
    do {
      starts = try load(given)
    } catch {
      try isUnread(error)
      stale.formUnion(given)
      for at in given { starts[at] = .end }
    }
    try consumer.completeAssign(given, from: starts)
    log.info("partitions taken", ["count": LogValue(given.count), "now": LogValue(partitions.count + stale.count)])
    if stale.isEmpty { station.health.pass("assigned") }
  }

  private func give(_ taken: [TopicPartition], isLost: Bool) throws {
    if isLost {
      let lost = KafkaError(code: 0, name: "LOST", text: "partitions were lost to another worker", kind: .abortable)
      if output.isOpen || partitions.values.contains(where: \.hasNews) { try recover(from: lost) }
    } else {
      // Whoever comes next has little to read again.
      try commit(withState: true)
    }
    for at in taken {
      partitions[at] = nil
      stale.remove(at)
      metrics.forget(at)
    }
    try consumer.completeRevoke(taken)
    log.info(
      isLost ? "partitions lost" : "partitions given back",
      ["count": LogValue(taken.count), "now": LogValue(partitions.count + stale.count)])
  }

  /// Reads the state of stale partitions, and goes back to where they have to go on.
  private func freshen() throws {
    do {
      let wanted = stale.sorted()
      let starts = try load(wanted)
      try consumer.seek(starts.map { ($0.key, $0.value) })
      stale.subtract(wanted)
      station.health.pass("assigned")
    } catch {
      for at in stale { partitions[at] = nil }
      station.health.fail("assigned", "state is not read yet")
      try isUnread(error)
      presence.rest()
    }
  }

  /// What kept state from being read: brokers that are away, or something else that passes. Anything else is thrown.
  private func isUnread(_ error: any Error) throws {
    failedLoads += 1
    try tellUnless(retriable: error, "state can't be read yet")
    if failedLoads % 4 == 0 { try states.renew() }
    do throws(KafkaError) { try states.ping() } catch { presence.isGone(error) }
  }

  /// Makes partitions from their committed state; returns where they are to be read from.
  private func load(_ wanted: [TopicPartition]) throws -> [TopicPartition: StartOffset] {
    var starts: [TopicPartition: StartOffset] = [:]
    let found = try states.load(wanted, group: consumer)
    failedLoads = 0
    presence.isBack()
    for (at, loaded) in found {
      let partition: StagePartition
      do throws(StateError) {
        partition = try make(at, loaded)
      } catch {
        throw StateRefused(at: topics.state(of: at), reason: "\(error)")
      }
      if partition.position > loaded.end {
        throw StateRefused(
          at: topics.state(of: at), reason: "it stands at offset \(partition.position), and \(at) ends at \(loaded.end)"
        )
      }
      if partition.start < loaded.first, !partition.isClosed {
        log.error(
          "records were removed before they were taken",
          [
            "partition": .text("\(at)"), "from": LogValue(partition.start), "to": LogValue(loaded.first),
            "help": "retention of the topic is shorter than the time that nobody read it",
          ])
      }
      if partition.isClosed, !drains {
        log.warning("the partition was drained: nothing more is judged", ["partition": .text("\(at)")])
      }
      partitions[at] = partition
      starts[at] = .at(max(partition.start, loaded.first))
    }
    return starts
  }

  private func make(_ at: TopicPartition, _ loaded: LoadedState) throws(StateError) -> StagePartition {
    let written = loaded.committed ?? 0
    let isNew = loaded.state.isEmpty
    let chunks = ChunkWriter(counts: loaded.counts, generation: loaded.generation)
    if at.topic == topics.candidates {
      let station: CampaignStation
      if isNew {
        station = CampaignStation(
          partitions: topics.partitions, settings: setup.campaigns, rules: setup.titles, written: written)
      } else {
        station = try CampaignStation(
          partitions: topics.partitions, settings: setup.campaigns, rules: setup.titles, written: written,
          restoring: loaded.state)
      }
      return CampaignPartition(at, station: station, chunks: chunks, committed: written)
    }
    let number = Int(at.partition)
    let station: ZoneStation
    if isNew {
      station = ZoneStation(partition: number, setup: setup.zones, written: written)
    } else {
      station = try ZoneStation(
        partition: number, setup: setup.zones, written: written, restoring: loaded.state)
    }
    return ZonePartition(at, station: station, chunks: chunks, committed: written)
  }

  // MARK: Reloading

  /// Takes rules and thresholds from the pipeline as it stands now. The stages are made anew from their state, so no
  /// window is lost.
  private func reload() {
    do {
      let new = Pipeline(settings: try station.reloadedSettings(), file: pipeline.file)
      let made = try AnalyzerSetup(new)
      let policy = ReloadPolicy(isForced: new.settings.flag("reload.force"))
      if case .refuse(let change, let reason) = policy.decide(what: "rules", old: setup.rules, new: made.rules) {
        log.error("reload refused", ["rules": .text("\(change)"), "reason": .text(reason)], key: reason)
        return
      }
      let change = SettingsChange(from: pipeline.settings, to: new.settings)
      log.info(
        "reloaded",
        [
          "rules": .text("\(ReloadChange(from: setup.rules, to: made.rules))"),
          "applied": .text(change.applied.joined(separator: ", ")),
          "need_restart": .text(change.needRestart.joined(separator: ", ")),
        ])
      var applied = made
      // Where windows go, and how they are hashed, stays.
      (applied.zones.inputs, applied.zones.limits, applied.zones.hashSeed) =
        (setup.zones.inputs, setup.zones.limits, setup.zones.hashSeed)
      try commit(withState: true)
      (pipeline, setup) = (new, applied)
      stale.formUnion(partitions.keys)
      partitions = [:]
    } catch {
      log.error("reload refused", ["reason": LogValue(error)])
    }
  }

  // MARK: Complaints

  private func told(_ error: KafkaError) throws {
    if error.isFatal { throw error }
    metrics.errors["receiving"].add()
    log.warning("kafka", ["error": LogValue(error)])
  }

  private func tellUnless(retriable error: any Error, _ what: String) throws {
    guard error is StateUnread || (error as? KafkaError).map({ !$0.isFatal }) ?? false else { throw error }
    log.warning(what, ["error": LogValue(error)])
  }
}
