// Workers on a real Kafka, some of them killed: the attacks are those of one process.

import Bytes
import Configuration
import Detection
import Kafka
import KafkaTestSupport
import Pipelines
import Rollups
import Testing

@testable import Analyzer

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.serialized, .enabled(if: TestKafka.isWanted))
struct KafkaTests {
  /// A line of its own, its `rollups` filled by hand.
  final class Line {
    let kafka: TestKafka
    let prefix: String
    let partitions: Int
    let simulated: SimulatedLine
    private let producer: KafkaProducer
    private var sent: [Int]

    init(lines: Int, seed: UInt64, partitions: Int) throws {
      kafka = try TestKafka.one()
      prefix = kafka.name("analyzer")
      self.partitions = partitions
      simulated = try SimulatedLine(lines: lines, seed: seed, inputs: 3, partitions: partitions)
      let admin = try KafkaAdmin(kafka.settings())
      _ = try admin.ensure([TopicSpecification("\(prefix).rollups", partitions: partitions)])
      producer = try KafkaProducer(kafka.settings())
      sent = [Int](repeating: 0, count: partitions)
    }

    /// Sends records until this share of each partition's is there.
    func publish(upTo share: Double) throws {
      for p in 0..<partitions {
        let end = Int(Double(simulated.rollups[p].count) * share)
        while sent[p] < end {
          let record = simulated.rollups[p][sent[p]]
          try producer.produce("\(prefix).rollups", partition: Int32(p), value: record.span.bytes, wait: 60_000)
          sent[p] += 1
        }
      }
      try producer.flush(milliseconds: 60_000)
    }

    var environment: [String: String] {
      [
        "MILLRACE_KAFKA__BOOTSTRAP": kafka.bootstrap, "MILLRACE_KAFKA__TOPIC_PREFIX": prefix,
        "MILLRACE_PARTITIONS": "3", "MILLRACE_TOPICS__ROLLUPS__PARTITIONS": String(partitions),
        "MILLRACE_DETECTION__HASH_SEED": String(seed), "MILLRACE_ANALYZER__COMMIT_INTERVAL": "100ms",
        "MILLRACE_ANALYZER__STATE_INTERVAL": "300ms", "MILLRACE_KAFKA__TRANSACTION_TIMEOUT": "3s",
        "MILLRACE_KAFKA__PROPERTIES": "{consumer.session.timeout.ms: 6000}", "MILLRACE_LOG__LEVEL": "info",
      ]
    }

    func start(drains: Bool) throws -> Worker {
      try Worker("millrace-analyzer", drains ? ["--drain"] : [], environment: environment)
    }

    /// How many records of `rollups` workers have committed. Asked as a member of the group: librdkafka 2.0 fails in its
    /// administration's question where the group's coordinator answers with an error, as while it is loading. Nil while
    /// there is no answer: a killed worker's transaction is open until it times out.
    func committed() throws(KafkaError) -> Int64? {
      var settings = kafka.settings()
      settings.groupID = "\(prefix)-analyzer"
      let all = (0..<partitions).map { TopicPartition("\(prefix).rollups", Int32($0)) }
      do throws(KafkaError) {
        return try KafkaConsumer(settings).committed(all).reduce(0) { $0 + $1.value.offset }
      } catch {
        if error.isRetriable { return nil }
        throw error
      }
    }

    func attacks() throws -> (attacks: [Attack], closed: Int) {
      try lastAttacks(
        kafka.read("\(prefix).attacks").map { (key: $0.key ?? "", record: $0.value ?? []) })
    }
  }

  private func end(_ workers: [Worker]) {
    for worker in workers {
      let status = worker.wait()
      #expect(status == 0, "\(worker.text)")
    }
  }

  @Test(arguments: [1, 2, 4])
  func drainedByAnyNumberOfWorkersTheAttacksAreThoseOfOneProcess(count: Int) throws {
    let line = try Line(lines: 12_000, seed: 21, partitions: 4)
    try line.publish(upTo: 1)
    end(try (0..<count).map { _ in try line.start(drains: true) })
    let (attacks, closed) = try line.attacks()
    #expect(attacks == line.simulated.expected)
    #expect(attacks.count > 3 && closed == 1)
    // A drained line stays as it is.
    let again = try line.start(drains: true)
    end([again])
    #expect(try line.attacks().closed == 1)
  }

  @Test func anAnalyzerThatDrainsBeforeItsAggregatorsWaitsForTheirWord() throws {
    let line = try Line(lines: 12_000, seed: 23, partitions: 4)
    let worker = try line.start(drains: true)
    func says(_ text: String, after count: Int) -> Bool {
      let deadline = ContinuousClock.now + .seconds(240)
      while worker.text.split(separator: "\n").filter({ $0.contains(text) }).count <= count {
        guard ContinuousClock.now < deadline else { return false }
        usleep(50_000)
      }
      return true
    }
    #expect(says("waiting for aggregators to close", after: 0), "\(worker.text)")
    #expect(worker.text.contains("0 1 2"))
    // The first inputs of SimulatedLine are closed in the middle, the last one at the end.
    try line.publish(upTo: 0.6)
    #expect(says("waiting for aggregators to close", after: 1), "\(worker.text)")
    try line.publish(upTo: 1)
    end([worker])
    let (attacks, closed) = try line.attacks()
    #expect(attacks == line.simulated.expected && closed == 1)
  }

  @Test func workersKilledInTheMiddleLoseNothingAndTellNothingTwice() throws {
    let line = try Line(lines: 20_000, seed: 22, partitions: 4)
    let total = line.simulated.rollups.reduce(0) { $0 + $1.count }
    try line.publish(upTo: 0.3)
    var workers = [try line.start(drains: false), try line.start(drains: false)]
    for (round, share) in [0.5, 0.7, 0.9].enumerated() {
      // Killed once it has done something, while it does more.
      let target = Int64(Double(total) * (share - 0.2) * 0.9)
      let deadline = ContinuousClock.now + .seconds(240)
      while try line.committed() ?? 0 < target {
        guard ContinuousClock.now < deadline else {
          Issue.record("round \(round): \(workers.map(\.text))")
          return
        }
      }
      try line.publish(upTo: share)
      workers[round % 2].killNow()
      workers[round % 2] = try line.start(drains: false)
    }
    try line.publish(upTo: 1)
    for worker in workers { worker.terminate() }
    end(workers)
    end([try line.start(drains: true), try line.start(drains: true)])
    let (attacks, closed) = try line.attacks()
    #expect(attacks == line.simulated.expected)
    #expect(closed == 1)
    // What was told was told once: the states of an attack follow each other.
    let decoder = AttackDecoder()
    var started: Set<String> = []
    for record in try line.kafka.read("\(line.prefix).attacks") {
      let bytes = record.value ?? []
      if case .attack(let attack) = try decoder.read(bytes.span.bytes).told, attack.state == .started {
        #expect(started.insert(attack.id).inserted, "\(attack.id) started twice")
      }
    }
  }
}
