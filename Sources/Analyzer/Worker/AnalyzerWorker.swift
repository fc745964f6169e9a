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
import Workers

final class AnalyzerWorker: Worker {
  private let station: Station
  private let log: Logger
  private var pipeline: Pipeline
  private var setup: AnalyzerSetup
  private let topics: AnalyzerTopics
  private let consumer: KafkaConsumer
  private let transactions: Transactions
  private let output: TransactionOutput
  private let states: StateTopics
  private let loader: StateLoader
  private let metrics: AnalyzerMetrics
  private let commitInterval: Int64
  private let stateInterval: Int64

  private var partitions: [TopicPartition: StagePartition] = [:]
  private var stale: Set<TopicPartition> = []
  /// Ends once every input partition has been closed by its aggregator, and the stages with it.
  private let drains: Bool
  private let known: KnownSources
  /// When something was last taken, or said about waiting for it.
  private var lastNews: Int64 = 0
  private var nextCommit: Int64 = 0
  private var nextState: Int64 = 0
  private var nextLook: Int64 = 0

  /// Bytes of one transaction after which it is committed before its time.
  private static let transactionBytes = 32 << 20
  private static let patience: Int64 = 120_000_000_000
  /// Between two words about waiting.
  private static let quiet: Int64 = 10_000_000_000

  init(_ station: Station, pipeline: Pipeline, instance: String?, drains: Bool) throws {
    self.station = station
    self.pipeline = pipeline
    self.drains = drains
    known = KnownSources(station)
    log = station.log
    let settings = pipeline.settings
    setup = try AnalyzerSetup(pipeline)
    topics = AnalyzerTopics(
      rollups: settings.topic(.rollups).name, zoneState: settings.topic(.zoneState).name,
      candidates: settings.topic(.candidates).name, campaignState: settings.topic(.campaignState).name,
      attacks: settings.topic(.attacks).name, deadLetters: settings.topic(.deadLetters).name,
      inputs: settings.topic(.events).partitions, partitions: settings.topic(.rollups).partitions)
    metrics = AnalyzerMetrics(station.metrics)
    commitInterval = settings.duration("analyzer.commit_interval")
    stateInterval = settings.duration("analyzer.state_interval")
    let clients = try WorkerClients(
      station, settings, program: "analyzer", instance: instance, drains: drains,
      topics: [.rollups, .zoneState, .candidates, .campaignState, .attacks, .deadLetters])
    (consumer, transactions, states) = (clients.consumer, clients.transactions, clients.states)
    loader = StateLoader(states, topics: topics)
    output = TransactionOutput(transactions, topics: topics)
    tellComplaints(of: setup.lists)
    try consumer.subscribe([topics.rollups, topics.candidates])
  }

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
      states.lookForBrokers(
        of: consumer, isMissing: !stale.isEmpty, inputs: topics.allInputs,
        states: topics.allInputs.map(topics.state(of:)))
      try turn()
    }
    try commit(withState: true)
    station.workIsDone()
    consumer.close()
    station.health.endBeat("work")
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
      if now >= nextCommit || transactions.bytes >= Self.transactionBytes {
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
      if let campaigns = partitions[TopicPartition(topics.candidates, 0)] as? CampaignPartition,
        let news = known.news(pipeline, setup)
      {
        campaigns.hold(against: news)
      }
      metrics.update(known)
      if drains, try isEverythingClosed() {
        station.requestStop(because: "drained")
      } else if drains {
        sayWhatIsWaitedFor(now)
      }
    }
    if now >= nextCommit || transactions.bytes >= Self.transactionBytes { try commit(withState: now >= nextState) }
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
    guard stale.isEmpty, partitions.values.allSatisfy({ $0.isClosed && !$0.hasNews }), !transactions.isOpen else {
      return false
    }
    let candidates = TopicPartition(topics.candidates, 0)
    if partitions[candidates] != nil { return true }
    do {
      guard let manifest = try loader.lastManifest(of: candidates) else { return false }
      return try CampaignStation.isClosed(manifest: manifest)
    } catch {
      try states.passes(error, "the campaign stage's state can't be read yet")
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
    guard transactions.isOpen || isUnsaved || all.contains(where: \.hasNews) else { return }
    transactions.open()
    for partition in all {
      let before = transactions.bytes
      partition.writeState(
        at: topics.state(of: partition.input), isDue: withState || partition.isClosed, output: output)
      metrics.stateBytes.add(transactions.bytes - before)
    }
    if try transactions.commit(all.compactMap { $0.offset() }, of: consumer) {
      for partition in all { partition.hasCommitted() }
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

  private func accept(_ given: [TopicPartition]) throws {
    var starts: [TopicPartition: StartOffset] = [:]
    do {
      starts = try load(given)
    } catch {
      try states.isUnread(error)
      stale.formUnion(given)
      for at in given { starts[at] = .end }
    }
    try consumer.completeAssign(given, from: starts)
    log.info("partitions taken", ["count": LogValue(given.count), "now": LogValue(partitions.count + stale.count)])
    if stale.isEmpty { station.health.pass("assigned") }
  }

  private func give(_ taken: [TopicPartition], isLost: Bool) throws {
    if isLost {
      if transactions.isOpen || partitions.values.contains(where: \.hasNews) {
        beginAgain()
        try transactions.giveUp(because: .lostPartitions)
      }
    } else {
      // Whoever comes next has little to read again.
      try commit(withState: true)
      metrics.update(partitions, consumer: consumer, topics: topics)
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
      try states.isUnread(error)
      states.rest()
    }
  }

  /// Makes partitions from their committed state; returns where they are to be read from.
  private func load(_ wanted: [TopicPartition]) throws -> [TopicPartition: StartOffset] {
    var starts: [TopicPartition: StartOffset] = [:]
    let found = try loader.load(wanted, group: consumer)
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
      // What it has judged by now was another's doing.
      metrics.update([at: partition], consumer: consumer, topics: topics)
      starts[at] = .at(max(partition.start, loaded.first))
    }
    return starts
  }

  private func make(_ at: TopicPartition, _ loaded: LoadedState) throws(StateError) -> StagePartition {
    let written = loaded.committed ?? 0
    let isNew = loaded.state.isEmpty
    let chunks = ChunkWriter(counts: loaded.counts, generation: loaded.generation)
    if at.topic == topics.candidates {
      var station: CampaignStation
      if isNew {
        station = CampaignStation(
          partitions: topics.partitions, settings: setup.campaigns, rules: setup.titles, written: written)
      } else {
        station = try CampaignStation(
          partitions: topics.partitions, settings: setup.campaigns, rules: setup.titles, written: written,
          restoring: loaded.state)
      }
      station.known = known.begin(pipeline, setup)
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
      let made = try AnalyzerSetup(new, before: setup)
      let policy = ReloadPolicy(isForced: new.settings.flag("reload.force"))
      if case .refuse(let change, let reason) = policy.decide(what: "rules", old: setup.rules, new: made.rules) {
        log.error("reload refused", ["rules": .text("\(change)"), "reason": .text(reason)], key: reason)
        return
      }
      tellComplaints(of: made.lists)
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

  private func tellComplaints(of lists: [Pipeline.LoadedList]) {
    for complaint in lists.flatMap(\.complaints) { log.warning("list of addresses", ["problem": .text(complaint)]) }
  }

  private func told(_ error: KafkaError) throws {
    if error.isFatal { throw error }
    metrics.errors["receiving"].add()
    log.warning("kafka", ["error": LogValue(error)])
  }
}
