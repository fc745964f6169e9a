// Real Kafka, real processes: however many workers there are and however they end, each window is written once.

import Bytes
import CapnProto
import Configuration
import Detection
import Foundation
import Kafka
import KafkaTestSupport
import Pipelines
import Rollups
import Testing
import Topics

@testable import Aggregator

/// A line of its own on the test's brokers: a log that was published, and what is to come of it.
final class PublishedLine {
  let kafka: TestKafka
  let settings: Settings
  let environment: [String: String]
  let folder: String
  /// Windows by input partition, in order, as one aggregator after another writes them.
  let expected: [[[UInt8]]]
  let ledgers: [ConservationLedger]

  static let partitions = 4

  /// - Parameter lines: Of the log.
  init(lines: Int, commitInterval: String = "10ms") throws {
    kafka = try TestKafka.one()
    folder = NSTemporaryDirectory() + "/" + kafka.name("millrace-aggregator")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    environment = [
      "MILLRACE_KAFKA__BOOTSTRAP": kafka.bootstrap, "MILLRACE_KAFKA__TOPIC_PREFIX": kafka.name("line"),
      "MILLRACE_PARTITIONS": "\(Self.partitions)", "MILLRACE_TOPICS__ROLLUPS__PARTITIONS": "3",
      "MILLRACE_AGGREGATOR__COMMIT_INTERVAL": commitInterval,
      "MILLRACE_KAFKA__PROPERTIES": "{consumer.session.timeout.ms: 6000, consumer.heartbeat.interval.ms: 1000}",
    ]
    let pipeline = try Pipeline(path: nil, environment: environment.map { (name: $0, value: $1) })
    settings = pipeline.settings
    let log = folder + "/access.log"
    let simulate = try Worker(
      "millrace-simulate",
      [
        "--lines", "\(lines)", "--attacks", "default", "--duration", "1h", "--format", "vhost-combined", "--hosts",
        "a.example,b.example,c.example,d.example", "--output", log,
      ], environment: [:], in: folder)
    try #require(simulate.end() == 0, "\(simulate.said)")
    let publish = try Worker("millrace-replay", ["--publish", log], environment: environment, in: folder)
    try #require(publish.end() == 0, "\(publish.said)")
    let judge = Judge(RequestScorer(rules: try pipeline.ruleSet(), hashKey: pipeline.hashSeed))
    let events = try kafka.read(settings.topic(.events).name)
    var expected: [[[UInt8]]] = []
    var ledgers: [ConservationLedger] = []
    for number in 0..<Self.partitions {
      var aggregatorSettings = pipeline.aggregator
      aggregatorSettings.inputPartition = UInt16(number)
      var aggregator = PartitionAggregator(settings: aggregatorSettings, classifier: SharedScorer(judge: judge))
      var written: [[UInt8]] = []
      for record in events where record.partition == Int32(number) {
        let bytes = record.value ?? []
        try aggregator.consume(bytes.span.bytes, at: record.offset) {
          written.append($0.withUnsafeBytes { Array($0) })
        }
      }
      aggregator.close { written.append($0.withUnsafeBytes { Array($0) }) }
      expected.append(written)
      ledgers.append(aggregator.ledger)
    }
    (self.expected, self.ledgers) = (expected, ledgers)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func worker(_ name: String? = nil, drains: Bool = true) throws -> Worker {
    try Worker(
      "millrace-aggregator", (drains ? ["--drain"] : []) + (name.map { ["--instance", $0] } ?? []),
      environment: environment, in: folder)
  }

  /// Holds all that is committed against what is expected.
  func check(_ comment: Comment) throws {
    let limiter = ReadLimiter()
    let routing = RollupRouting(partitions: 3, hashSeed: pipelineSeed)
    var found = [[[UInt8]]](repeating: [], count: Self.partitions)
    var progress = [[PartitionProgress]](repeating: [], count: 3 * Self.partitions)
    for record in try kafka.read(settings.topic(.rollups).name) {
      let value = record.value ?? []
      if let told = try PartitionProgress(value.span.bytes, limiter: limiter) {
        progress[Int(told.inputPartition) * 3 + Int(record.partition)].append(told)
        continue
      }
      let partition = try inputPartition(value, limiter)
      found[partition].append(value)
      let target = try routing.partition(of: value.span.bytes, limiter: limiter)
      #expect(target == Int(record.partition))
    }
    for number in 0..<Self.partitions {
      // Partitions of `rollups` are read one after another, so the order between them is lost.
      let (sorted, wanted) = (found[number].sorted(by: less), expected[number].sorted(by: less))
      #expect(sorted.count == wanted.count, comment)
      let same = sorted == wanted
      #expect(same, comment)
    }
    for told in progress {
      #expect(told.last?.isClosed == true, comment)
      #expect(told.count { $0.isClosed } == 1, comment)
      #expect(zip(told, told.dropFirst()).allSatisfy { $0.watermark <= $1.watermark }, comment)
    }
    try checkStates(comment)
  }

  /// Holds that each window was written once and each event counted once, by whatever rules.
  func checkWindows(_ comment: Comment) throws {
    let limiter = ReadLimiter()
    func key(_ record: [UInt8]) throws -> String {
      let rollup = Rollup(try Message(framed: record.span.bytes, limiter: limiter).rootStruct)
      let zone = try rollup.zone.withUnsafeBytes { Array($0) }
      return "\(rollup.inputPartition) \(rollup.windowStart) \(rollup.scope) \(zone) \(rollup.late) \(rollup.events)"
    }
    var found: [String] = []
    for record in try kafka.read(settings.topic(.rollups).name) {
      let value = record.value ?? []
      if try PartitionProgress(value.span.bytes, limiter: limiter) == nil { found.append(try key(value)) }
    }
    let wanted = try expected.joined().map(key)
    let same = found.sorted() == wanted.sorted()
    #expect(same, comment)
    try checkStates(comment)
  }

  private func checkStates(_ comment: Comment) throws {
    let limiter = ReadLimiter()
    var states = [StoredState](repeating: StoredState(), count: Self.partitions)
    for record in try kafka.read(settings.topic(.aggregatorState).name) {
      let value = record.value ?? []
      let number = Int(record.partition)
      try states[number].take(key: record.key ?? "", value: value.span.bytes, partition: number, limiter: limiter)
    }
    for number in 0..<Self.partitions {
      #expect(states[number].snapshot?.ledger == ledgers[number], comment)
      #expect(states[number].snapshot?.isClosed == true, comment)
    }
  }

  private var pipelineSeed: UInt64 { UInt64(settings.integer("detection.hash_seed")) }
}

private func inputPartition(_ record: [UInt8], _ limiter: borrowing ReadLimiter) throws -> Int {
  Int(Rollup(try Message(framed: record.span.bytes, limiter: limiter).rootStruct).inputPartition)
}

private func less(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.lexicographicallyPrecedes(b) }

@Suite(.serialized, .enabled(if: TestKafka.isWanted))
struct ExactlyOnceTests {
  @Test(arguments: [1, 2, 4])
  func anyNumberOfWorkersWritesEachWindowOnce(workers: Int) throws {
    let line = try PublishedLine(lines: 30_000)
    let all = try (0..<workers).map { _ in try line.worker() }
    for worker in all { #expect(try worker.end() == 0, "\(worker.said)") }
    try line.check("\(workers) workers")
    guard workers == 1 else { return }
    // Again: all is closed, so there is nothing to do.
    let another = try line.worker()
    #expect(try another.end() == 0, "\(another.said)")
    try line.check("once more")
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func aWorkerThatIsKilledLosesAndRepeatsNothing(seed: UInt64) throws {
    var random = SystemRandomNumberGenerator()
    let line = try PublishedLine(lines: 60_000, commitInterval: "10ms")
    var moments: [Int] = []
    for _ in 0..<3 {
      let victim = try line.worker("one")
      // Those before may have drained everything: then this one ends, and need not take partitions for that.
      try victim.waitFor("partitions taken", mayEnd: true)
      let moment = Int.random(in: 0..<400, using: &random)
      moments.append(moment)
      usleep(UInt32(moment) * 1000)
      victim.signal(SIGKILL)
      // It may have drained before that, and the signal may come when it has said so and is not gone yet.
      let status = try victim.end()
      #expect(status == -1 || status == 0 && victim.said.contains(": ended\n"), "\(status): \(victim.said)")
    }
    let last = try line.worker("one")
    #expect(try last.end() == 0, "\(last.said)")
    try line.check("killed after \(moments) ms")
  }

  @Test func aWorkerPausedPastItsSessionCommitsNothing() throws {
    let line = try PublishedLine(lines: 60_000, commitInterval: "10ms")
    let paused = try line.worker()
    try paused.waitFor("partitions taken")
    usleep(50_000)
    paused.signal(SIGSTOP)
    let heir = try line.worker()
    // It takes over once the session has run out, and drains everything.
    #expect(try heir.end() == 0, "\(heir.said)")
    try line.check("while paused")
    paused.signal(SIGCONT)
    #expect(try paused.end() == 0, "\(paused.said)")
    try line.check("afterwards")
  }

  @Test func aRecordThatIsNoneGoesToTheDeadLettersOnceAndTheLineGoesOn() throws {
    let line = try PublishedLine(lines: 5_000)
    let topic = line.settings.topic(.events).name
    let producer = try KafkaProducer(line.kafka.settings())
    for size in [0, 1, 100, 600_000] {
      try producer.produce(topic, partition: 1, value: [UInt8](repeating: 0xee, count: size), wait: 60_000)
    }
    try producer.flush(milliseconds: 60_000)
    let worker = try line.worker("one")
    #expect(try worker.end() == 0, "\(worker.said)")
    let letters = try line.kafka.read(line.settings.topic(.deadLetters).name)
    #expect(letters.map { $0.value?.count ?? 0 }.sorted() == [0, 1, 100, DeadLetter.largest])
    for letter in letters {
      let read = try #require(DeadLetter(headers: letter.headers))
      guard case .record(let from, let partition, _) = read.place else {
        Issue.record("\(read)")
        continue
      }
      #expect(from == topic && partition == 1 && read.station == "aggregator")
    }
  }
}
