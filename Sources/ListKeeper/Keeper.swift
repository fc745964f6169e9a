// Reads the lists when they are due, counts what the line has seen of Tor exits, and writes to the topic what changes.
//
// What is not obvious:
// - The topic is the memory: what a list held before is what the topic says of it, so a restart refuses what it would
//   have refused without.
// - A list is announced, or its expiry put off, after all its networks are written. Ended in between, the next start
//   reads the topic and writes the rest. No transaction is needed for that.
// - After writing it reads what it wrote, and writes again what is not there: so it is with records that brokers refused
//   and with those that a second keeper wrote over at the same moment.

import Bytes
import Configuration
import Detection
import Kafka
import LogFiles
import Pipelines
import Reputation
import Stations
import Topics
import Workers

/// Not every list could be taken: for `--once`.
struct ListsRefused: Error, CustomStringConvertible {
  var names: [String]
  var description: String { "not taken: \(names.joined(separator: ", ")); what was known of them before stays" }
}

final class Keeper {
  private let station: Station
  private let log: Logger
  private var settings: Settings
  private let presence: BrokerPresence
  private let follower: ReputationFollower
  private let attacks: AttackFollower
  private let writer: TopicWriter
  private let fetcher: ListFetcher
  private let metrics: KeeperMetrics
  /// Monotonic; lists not in here are due.
  private var due: [String: Int64] = [:]
  private var nextScores: Int64 = 0
  /// Versions of what histories were last written of.
  private var scored: (attacks: UInt64, lists: UInt64)?

  private static let minute: Int64 = 60_000_000_000
  private static let patience = 5 * minute
  /// Of a record that a network of a list may stand in, such as a line or an object of JSON.
  private static let bytesOfANetwork = 64

  init(_ station: Station, version: String) throws {
    self.station = station
    log = station.log
    settings = station.settings
    metrics = KeeperMetrics(station.metrics)
    fetcher = try ListFetcher(program: "millrace-reputation/\(version)")
    let kafka = KafkaSettings(settings, program: "reputation", log: kafkaLog(station.log))
    presence = BrokerPresence(station, metric: "millrace_reputation_broker_up")
    let admin = try KafkaAdmin(kafka, milliseconds: 10_000)
    let wanted = settings
    let notes = try presence.patiently(
      repeating: { !station.shouldStop && ($0 as? KafkaError)?.isRetriable ?? false }
    ) { () throws(any Error) in try wanted.ensureTopics([.reputation], admin: admin) }
    for note in notes { log.warning("topic differs", ["topic": .text(note)], key: note) }
    writer = try TopicWriter(
      kafka, topic: settings.topic(.reputation).name, station: station, presence: presence, written: metrics.records)
    // What others left there has to be known to be taken back, though it is more than is to be kept.
    follower = try ReputationFollower(
      settings, program: "reputation", limit: 1_000_000 + 2 * settings.integer("reputation.max_networks"))
    attacks = try AttackFollower(settings, program: "reputation") { StationClock.wall }
  }

  // MARK: The loop

  /// - Parameter once: Ends after every list has been read once.
  func run(once: Bool) throws {
    do {
      try catchUp()
      station.health.pass("running")
      while !station.shouldStop {
        let failed = try turn()
        if once {
          try writeHistories(patiently: true)
          if !failed.isEmpty { throw ListsRefused(names: failed) }
          break
        }
        if StationClock.monotonic >= nextScores {
          try writeHistories(patiently: false)
          nextScores = StationClock.monotonic &+ 10_000_000_000
        }
        metrics.update(follower, attacks)
        station.wait(500_000_000)
      }
    } catch is Interrupted {}
    station.health.endBeat("work")
  }

  /// The names of the lists that were due and not taken.
  private func turn() throws -> [String] {
    station.health.beat("work", within: Self.patience)
    if station.takeReload() { reload() }
    if station.takeNudge() {
      log.info("reading all lists", ["reason": "SIGUSR1"])
      due = [:]
    }
    let named = Set(settings.addressLists.map(\.name))
    for name in follower.published.mentioned where !named.contains(name) {
      try remove(name, "the pipeline names it no more")
    }
    let failed = try readDue()
    // What could be read again has a new expiry by now.
    let now = StationClock.wall
    for list in follower.published.lists.values.sorted(by: { $0.name < $1.name }) where list.expires <= now {
      try remove(list.name, "it has expired")
    }
    return failed
  }

  private func reload() {
    do {
      let new = try station.reloadedSettings()
      // A file that an editor has just emptied must not empty the topic.
      if new.addressLists.isEmpty { throw NothingToKeep() }
      settings = new
      due = [:]
      log.info("reloaded", ["lists": LogValue(settings.addressLists.count)])
    } catch {
      log.error("not reloaded: the old settings stay", ["error": LogValue(error)])
    }
  }

  // MARK: Lists

  private func readDue() throws -> [String] {
    var failed: [String] = []
    let interval = settings.duration("reputation.refresh")
    for (place, source) in settings.addressLists.enumerated() {
      let now = StationClock.monotonic
      if let time = due[source.name], now < time { continue }
      if station.shouldStop { throw Interrupted() }
      station.health.beat("work", within: Self.patience &+ settings.duration("reputation.timeout"))
      let isTaken = try read(source, place: place)
      // One that fails is tried again sooner.
      due[source.name] = StationClock.monotonic &+ (isTaken ? interval : min(interval, 5 * Self.minute))
      if !isTaken { failed.append(source.name) }
    }
    return failed
  }

  private func read(_ source: AddressListSource, place: Int) throws -> Bool {
    let name = source.name
    let text: [UInt8]
    do {
      text = try self.text(of: source)
    } catch {
      if station.shouldStop { throw Interrupted() }
      metrics.reads[name, "failed"].add()
      log.error("list not read; the one before stays", ["list": .text(name), "reason": .text("\(error)")])
      return false
    }
    let others = settings.addressLists.reduce(0) { $0 + ($1.name == name ? 0 : follower.published.count(of: $1.name)) }
    let list = source.reader(limit: max(0, settings.integer("reputation.max_networks") - others)).read(text)
    complain(of: list, name)
    let networks = Set(list.networks)
    let old = follower.published.lists[name]
    let refusal = AddressListChange.refusal(
      count: networks.count + list.dropped, before: old.map { Int(clamping: $0.networks) },
      leastShare: settings.number("reputation.least_share"))
    if let refusal {
      metrics.reads[name, "refused"].add()
      log.error("list refused; the one before stays", ["list": .text(name), "reason": .text(refusal)])
      return false
    }
    let now = StationClock.wall
    let (expires, tooLate) = now.addingReportingOverflow(source.expiry)
    let new = PublishedList(
      name: name, kind: AddressKind(rawValue: source.kind) ?? .other, place: UInt32(clamping: place),
      networks: UInt64(networks.count), read: now, expires: tooLate ? .max : expires)
    let changed = try write(list.networks, of: new)
    metrics.reads[name, "taken"].add()
    metrics.taken(name, networks: networks.count, at: now)
    log.info(
      "list taken", ["list": .text(name), "networks": LogValue(networks.count), "changed": LogValue(changed)])
    return true
  }

  private func complain(of list: AddressList, _ name: String) {
    if list.faultCount > 0 {
      metrics.badLines[name].add(list.faultCount)
      let first = list.faults.first.map { "\($0)" } ?? ""
      log.warning(
        "lines of a list could not be read",
        ["list": .text(name), "lines": LogValue(list.faultCount), "first": .text(first)])
    }
    if list.dropped > 0 {
      log.warning("reputation.max_networks is reached", ["list": .text(name), "left_out": LogValue(list.dropped)])
    }
  }

  private func text(of source: AddressListSource) throws -> [UInt8] {
    let most = settings.integer("reputation.max_networks")
    let limit = max(16 << 20, min(256 << 20, most * Self.bytesOfANetwork))
    if source.url.isEmpty { return try wholeText(of: source.path, limit: limit) }
    return try fetcher.fetch(
      source.url, name: source.name, authorityFile: source.authorityFile,
      milliseconds: Int(clamping: settings.duration("reputation.timeout") / 1_000_000), limit: limit
    ) { [station] in station.shouldStop }
  }

  // MARK: Writing

  /// How many networks have changed. Where nothing has, and the list was announced a moment ago, nothing is written.
  private func write(_ networks: [Network], of list: PublishedList) throws -> Int {
    let changed = try settle(list.name) { [follower] in follower.published.changes(list: list.name, to: networks) }
    if let old = follower.published.lists[list.name] {
      var same = old
      (same.read, same.expires) = (list.read, list.expires)
      let (gained, overflow) = list.expires.subtractingReportingOverflow(old.expires)
      let moment = settings.duration("reputation.refresh") / 2
      if changed == 0, same == list, !overflow, (0..<moment).contains(gained) { return 0 }
    }
    try writer.write(list)
    try writer.flush()
    try catchUp()
    return changed
  }

  /// Takes a list back, with all that is on it alone.
  private func remove(_ name: String, _ reason: String) throws {
    _ = try settle(name) { [follower] in follower.published.changes(list: name, to: []) }
    if follower.published.lists[name] != nil {
      try writer.remove(list: name)
      try writer.flush()
      try catchUp()
    }
    metrics.forget(name)
    log.warning("list removed", ["list": .text(name), "reason": .text(reason)])
  }

  /// Writes until the topic says what it should; how many records of networks that were at first.
  private func settle(_ what: String, _ changes: () -> [PublishedAddresses.Change]) throws -> Int {
    var first: Int?
    for _ in 0..<5 {
      let open = changes()
      first = first ?? open.count
      if open.isEmpty { return first ?? 0 }
      for (i, change) in open.enumerated() {
        if i & 0xfff == 0 { station.health.beat("work", within: Self.patience) }
        try writer.write(change)
      }
      try writer.flush()
      try catchUp()
    }
    let rest = changes().count
    if rest > 0 {
      log.warning(
        "the topic does not say what was written to it: does another keeper read other lists?",
        ["list": .text(what), "networks": LogValue(rest)])
    }
    return first ?? 0
  }

  /// Reads the topic to its end, as long as that takes.
  private func catchUp() throws {
    while true {
      if station.shouldStop { throw Interrupted() }
      station.health.beat("work", within: Self.patience)
      do {
        if try follower.readToEnd(seconds: 60, isStopping: { station.shouldStop }) == .reached {
          presence.isBack()
          return
        }
      } catch let error as KafkaError where error.isRetriable {
        presence.isGone(error)
      }
      presence.rest()
    }
  }

  // MARK: Histories

  /// Writes what the line has seen of Tor exits, where that has changed. Without a topic `attacks` all stays as it is.
  /// - Parameter patiently: Goes on until the topic has been read; otherwise the next call does.
  private func writeHistories(patiently: Bool) throws {
    while true {
      if station.shouldStop { throw Interrupted() }
      station.health.beat("work", within: Self.patience)
      do {
        let end = try attacks.readToEnd(seconds: 30, isStopping: { station.shouldStop })
        if end == .missing { return }
        if end == .reached { break }
      } catch let error as KafkaError where error.isRetriable {
        presence.isGone(error)
        presence.rest()
      }
      guard patiently else { return }
    }
    let now = (attacks.memory.version, follower.published.version)
    if let scored, scored == now { return }
    let histories = attacks.memory.histories(of: follower.published.networks(of: .tor))
    let changed = try settle("tor") { [follower] in follower.published.changes(histories: histories) }
    scored = (attacks.memory.version, follower.published.version)
    if changed > 0 { log.info("histories of Tor exits written", ["networks": LogValue(changed)]) }
  }
}
