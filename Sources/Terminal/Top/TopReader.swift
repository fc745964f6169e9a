// Where the stations of a line stand, asked of the brokers: committed offsets, ends, and what aggregators wrote.

import Aggregator
import Bytes
import CapnProto
import Configuration
import Kafka
import Rollups
import Stations
import Topics

/// Asks again and again; one client for as long as it lives.
final class TopReader {
  private let settings: Settings
  private let admin: KafkaAdmin
  private let follower: TopicFollower
  private let limiter = ReadLimiter()
  private var states: [Int: AggregatorSnapshot] = [:]
  private let checkpoints: CheckpointReader
  private let waiting: WaitingProbe
  /// The last answer of each group and topic: while a transaction with offsets is open there is none.
  private var committed: [String: [TopicPartition: Int64]] = [:]

  /// - Parameter isHasty: Somebody looks on: what brokers are slow to tell is shown with a later sample.
  init(_ settings: Settings, isHasty: Bool) throws {
    self.settings = settings
    let kafka = KafkaSettings(settings, program: "attacks")
    admin = try KafkaAdmin(kafka, milliseconds: 10_000)
    follower = try TopicFollower(kafka)
    checkpoints = try CheckpointReader(kafka)
    waiting = try WaitingProbe(kafka, patience: isHasty ? 1_500_000_000 : 30_000_000_000)
  }

  private func name(_ topic: LineTopic) -> String { settings.topic(topic).name }

  /// Throws a retriable error while the brokers are away, and `TopicMissing` where there is no line.
  func sample() throws -> LineSample {
    let counts = try admin.topics()
    guard counts[name(.events)] != nil || counts[name(.attacks)] != nil else {
      throw TopicMissing(topic: name(.events), writer: "a program")
    }
    try follower.follow(
      name(.aggregatorState), partitions: counts[name(.aggregatorState)] ?? 0, admin: admin, within: 10_000_000_000
    ) { take($0) }
    var sample = LineSample(time: StationClock.monotonic, wall: StationClock.wall, stations: [])
    if let partitions = counts[name(.events)] {
      try checkpoints.follow(name(.checkpoints), partitions: counts[name(.checkpoints)] ?? 0, admin: admin)
      if checkpoints.hasAny {
        sample.stations.append(
          StationSample(
            station: "forwarder", topic: name(.events), partitions: try samples(name(.events), partitions, [:]),
            events: checkpoints.lines, time: checkpoints.time, isWriter: true))
      }
    }
    let readers: [(String, LineTopic, String)] =
      [
        ("aggregator", .events, "aggregator"), ("zones", .rollups, "analyzer"), ("campaigns", .candidates, "analyzer"),
      ] + settings.webhooks.map { ("notify \($0.name)", LineTopic.attacks, "notify-\($0.name)") }
    for (station, topic, group) in readers {
      guard let partitions = counts[name(topic)] else { continue }
      sample.stations.append(try stationSample(station, name(topic), partitions, settings.lineName(of: group)))
    }
    if let partitions = counts[name(.deadLetters)] {
      for one in try samples(name(.deadLetters), partitions, [:]) { sample.deadLetters += one.end - one.first }
    }
    return sample
  }

  private func stationSample(
    _ station: String, _ topic: String, _ partitions: Int, _ group: String
  ) throws -> StationSample {
    let known = try offsets(of: group, (0..<partitions).map { TopicPartition(topic, Int32($0)) })
    var all = try samples(topic, partitions, known)
    if station == "aggregator" {
      for i in all.indices {
        guard let state = states[all[i].partition] else { continue }
        let ledger = state.ledger
        // The group's offset is where a restart reads again from: the state knows better.
        all[i].position = max(state.position, all[i].position ?? 0)
        all[i].watermark = state.watermark
        all[i].events = ledger.events
        all[i].late = ledger.late
        all[i].dropped = ledger.unparsed &+ ledger.ahead &+ ledger.damaged &+ ledger.poisoned
        all[i].isClosed = state.isClosed
        if state.isClosed { all[i].watermark = nil }
      }
    }
    try waiting.look(topic, &all, skipsEmptyBatches: station == "aggregator")
    return StationSample(station: station, topic: topic, partitions: all)
  }

  private func samples(
    _ topic: String, _ partitions: Int, _ known: [TopicPartition: Int64]
  ) throws -> [PartitionSample] {
    let all = (0..<partitions).map { TopicPartition(topic, Int32($0)) }
    let firsts = try persistently { () throws(KafkaError) in try admin.beginningOffsets(all) }
    let ends = try persistently { () throws(KafkaError) in try admin.endOffsets(all) }
    return all.map { at in
      PartitionSample(
        partition: Int(at.partition), position: known[at], first: max(0, firsts[at] ?? 0), end: max(0, ends[at] ?? 0))
    }
  }

  private func offsets(of group: String, _ partitions: [TopicPartition]) throws -> [TopicPartition: Int64] {
    let key = "\(group) \(partitions.first?.topic ?? "")"
    do throws(KafkaError) {
      committed[key] = try admin.committed(group: group, of: partitions).mapValues(\.offset)
    } catch {
      // A group that nobody has joined yet is none; and a transaction that is open ends soon.
      guard error.isRetriable || error.kind == .unknown else { throw error }
    }
    return committed[key] ?? [:]
  }

  // MARK: What aggregators wrote

  /// Only the snapshots: the names of zones are of no use here.
  private func take(_ record: borrowing KafkaRecord) {
    let partition = Int(record.partition)
    guard record.keyText == StoredState.key(partition), !record.isTombstone else { return }
    states[partition] = try? AggregatorSnapshot(record.value, limiter: limiter)
  }
}
