// The whole line on a real Kafka: a published log gives the attacks that replay reports for it, byte for byte.

import Bytes
import Detection
import Kafka
import KafkaTestSupport
import Reports
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.serialized, .enabled(if: TestKafka.isWanted))
struct LineTests {
  /// A line with topics of its own.
  struct Line {
    let kafka: TestKafka
    let prefix: String

    init() throws {
      kafka = try TestKafka.one()
      prefix = kafka.name("line")
    }

    func start(_ program: String, _ arguments: [String] = [], log: String = "warning") throws -> Worker {
      try Worker(
        program, arguments,
        environment: [
          "MILLRACE_KAFKA__BOOTSTRAP": kafka.bootstrap, "MILLRACE_KAFKA__TOPIC_PREFIX": prefix,
          "MILLRACE_PARTITIONS": "4", "MILLRACE_TOPICS__ROLLUPS__PARTITIONS": "4",
          "MILLRACE_ANALYZER__STATE_INTERVAL": "500ms", "MILLRACE_AGGREGATOR__COMMIT_INTERVAL": "100ms",
          "MILLRACE_KAFKA__TRANSACTION_TIMEOUT": "3s", "MILLRACE_LOG__LEVEL": log,
          "MILLRACE_KAFKA__PROPERTIES": "{consumer.session.timeout.ms: 6000}",
          "MILLRACE_RULES__DIRECTORIES": LineTests.rules,
        ])
    }

    func run(_ program: String, _ arguments: [String], count: Int = 1) throws {
      let workers = try (0..<count).map { _ in try start(program, arguments) }
      for worker in workers {
        let status = worker.wait()
        #expect(status == 0, "\(program): \(worker.text)")
      }
    }

    /// The lines of the report's attacks, as replay writes them.
    func attacks() throws -> [Substring] {
      var report = ReplayReport()
      report.attacks = try lastAttacks(
        kafka.read("\(prefix).attacks").map { (key: $0.key ?? "", record: $0.value ?? []) }
      ).attacks
      var json = ByteBuffer()
      JSONReport.render(report, into: &json)
      return LineTests.attacks(String(decoding: json.bytes.copied(), as: UTF8.self))
    }
  }

  static func attacks(_ report: String) -> [Substring] {
    let lines = report.split(separator: "\n")
    guard let start = lines.firstIndex(where: { $0.contains("\"attacks\": [") }),
      let end = lines[start...].firstIndex(where: { $0.contains("\"ledger\"") })
    else { return [] }
    return Array(lines[start..<end])
  }

  /// A folder with correlations, whose counts of each partition must come together as they do in one process.
  private static let rules: String = {
    let folder = "/tmp/millrace-line-\(getpid())-rules"
    mkdir(folder, 0o755)
    var text = [("missing", "sc-status: 404"), ("found", "sc-status: 200"), ("sent", "cs-method: POST")].map {
      "title: A request that is \($0)\nid: own-\($0)\nname: \($0)\nlogsource: {category: webserver}\n"
        + "detection: {s: {\($1)}, condition: s}\nlevel: informational\n---\n"
    }.joined()
    for (type, more) in [
      ("temporal", ""), ("temporal_ordered", ""), ("event_count", "condition: {gte: 30}"),
      ("value_count", "condition: {gte: 15, field: cs-uri-stem}"),
    ] {
      text += "title: Own \(type)\nid: own-\(type)\nlevel: medium\ncorrelation:\n  type: \(type)\n"
      text += "  rules: [missing, sent, found]\n  group-by: [c-ip]\n  timespan: 2m\n"
      text += more.isEmpty ? "---\n" : "  \(more)\n---\n"
    }
    let file = open("\(folder)/own.yml", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = text.withUTF8 { write(file, $0.baseAddress, $0.count) }
    close(file)
    return folder
  }()

  /// A log with attacks, and replay's report of them.
  static func log(lines: Int, seed: Int) throws -> (path: String, attacks: [Substring]) {
    let path = "/tmp/millrace-line-\(getpid())-\(seed).log"
    let simulate = try Worker(
      "millrace-simulate",
      [
        "--lines", "\(lines)", "--seed", "\(seed)", "--format", "vhost-combined", "--duration", "6h", "--attacks",
        "all",
        "--hosts", "a.example,b.example,c.example,d.example", "--output", path,
      ], environment: [:])
    #expect(simulate.wait() == 0)
    let replay = try Worker(
      "millrace-replay", [path, "--quiet", "--report", "json", "--rules", rules],
      environment: ["MILLRACE_PARTITIONS": "4"])
    #expect(replay.wait() == 0)
    for type in ["temporal", "temporal_ordered", "event_count", "value_count"] {
      #expect(replay.text.contains("Own \(type)\""), "nothing is found by \(type)")
    }
    return (path, attacks(replay.text))
  }

  @Test(arguments: [1, 2, 4])
  func aPublishedLogGivesTheAttacksOfReplay(workers: Int) throws {
    let (path, expected) = try Self.log(lines: 30_000, seed: 31)
    defer { unlink(path) }
    #expect(expected.count > 20)
    let line = try Line()
    try line.run("millrace-replay", [path, "--quiet", "--publish"])
    try line.run("millrace-aggregator", ["--drain"], count: workers)
    try line.run("millrace-analyzer", ["--drain"], count: workers)
    #expect(try line.attacks() == expected)
  }

  @Test func whatIsKnownAndWhatIsAllowedIsTheSameInTheLine() throws {
    let (path, plain) = try Self.log(lines: 30_000, seed: 33)
    let pipeline = "\(path).yaml"
    let everybody = "\(path).txt"
    defer { for file in [path, pipeline, everybody] { unlink(file) } }
    func write(_ text: String, to path: String) throws {
      let file = try #require(fopen(path, "w"))
      fputs(text, file)
      fclose(file)
    }
    try write((1...223).map { "\($0).0.0.0/8\n" }.joined(), to: everybody)
    try write(
      """
      partitions: 4
      allow: [{path_prefix: /assets}, {user_agent_contains: Firefox}]
      reputation: {lists: [{name: everybody, path: "\(everybody)", kind: tor}]}
      """, to: pipeline)
    let replay = try Worker(
      "millrace-replay", [path, "--quiet", "--report", "json", "--pipeline", pipeline],
      environment: ["MILLRACE_RULES__DIRECTORIES": Self.rules])
    #expect(replay.wait() == 0)
    let expected = Self.attacks(replay.text)
    #expect(expected != plain && expected.contains { $0.contains("everybody") } && replay.text.contains("\"allowed\""))
    let line = try Line()
    try line.run("millrace-replay", [path, "--quiet", "--publish", "--pipeline", pipeline])
    try line.run("millrace-aggregator", ["--drain", "--pipeline", pipeline], count: 2)
    try line.run("millrace-analyzer", ["--drain", "--pipeline", pipeline], count: 2)
    let told = try line.attacks()
    let difference = zip(told, expected).first { $0.0 != $0.1 }
    #expect(told == expected, "\(told.count) lines against \(expected.count): \(String(describing: difference))")
  }

  @Test func sourcesAreToldWithWhatTheTopicReputationSaysOfThem() throws {
    let (path, plain) = try Self.log(lines: 20_000, seed: 34)
    let (pipeline, list) = ("\(path).yaml", "\(path).txt")
    defer { for file in [path, pipeline, list] { unlink(file) } }
    func write(_ text: String, to path: String) throws {
      let file = try #require(fopen(path, "w"))
      fputs(text, file)
      fclose(file)
    }
    let line = try Line()
    try line.run("millrace-replay", [path, "--quiet", "--publish"])

    // Its sources were in four attacks on the day before.
    let sources = Set(plain.compactMap { $0.firstMatch(of: #/"address": "([^"]+)"/#).map { String($0.1) } }).sorted()
    try #require(sources.count > 5)
    _ = try KafkaAdmin(line.kafka.settings()).ensure([TopicSpecification("\(line.prefix).attacks", partitions: 1)])
    let producer = try KafkaProducer(line.kafka.settings())
    var encoder = AttackEncoder()
    let midnight: Nanoseconds = 1_748_822_400 * nanosecondsPerSecond
    for (i, source) in sources.enumerated() {
      for hour in 1...4 {
        let time = midnight - Int64(hour) * 3_600 * nanosecondsPerSecond
        var attack = Attack(
          id: Attack.text(ofId: UInt64(i * 4 + hour)), kind: .scanning, zone: [], start: time, end: time)
        attack.requests = 1
        attack.sources = [Attack.Source(address: IPAddress(source) ?? .unknown, requests: 1, lower: 1, upper: 1)]
        encoder.write(attack, watermark: 1) { record in
          try? producer.produce(
            "\(line.prefix).attacks", partition: 0, key: attack.id, value: record.copied(), wait: 60_000)
        }
      }
    }
    try producer.flush(milliseconds: 60_000)
    try write(sources.map { "\($0)\n" }.joined(), to: list)
    try write(
      """
      reputation:
        lists:
          - {name: exits, path: "\(list)", kind: tor}
          - {name: vpns, path: "\(list)", kind: vpn}
          - {name: bad, path: "\(list)", kind: abuse}
      """, to: pipeline)
    try line.run("millrace-reputation", ["--pipeline", pipeline, "--once"])
    // Records that nobody can read are passed over.
    for key in ["net/192.0.2.1/32", "list/never", "?"] {
      try producer.produce("\(line.prefix).reputation", partition: 0, key: key, value: [1, 2, 3], wait: 60_000)
    }
    try producer.flush(milliseconds: 60_000)

    // They are not told of the files: what they know they know from the topic.
    try line.run("millrace-aggregator", ["--drain"], count: 2)
    try line.run("millrace-analyzer", ["--drain"], count: 2)
    let told = try lastAttacks(
      line.kafka.read("\(line.prefix).attacks").map { (key: $0.key ?? "", record: $0.value ?? []) }
    ).attacks.filter { $0.start >= midnight }
    #expect(told.count > 5)
    let notes = Set(told.flatMap(\.sources).map { $0.note?.text ?? "nothing" })
    #expect(
      notes == ["Tor exit, VPN or proxy, known for abuse, 3 lists, seen in 4 earlier attacks, score 68"], "\(notes)")
    #expect(
      told.allSatisfy { $0.explanation.contains("seen in 4 earlier") || $0.explanation.contains("seen in earlier") })
  }

  @Test func workersKilledInTheMiddleChangeNothing() throws {
    let (path, expected) = try Self.log(lines: 60_000, seed: 32)
    defer { unlink(path) }
    let line = try Line()
    try line.run("millrace-replay", [path, "--quiet", "--publish"])
    var aggregators = try (0..<2).map { _ in try line.start("millrace-aggregator") }
    var analyzers = try (0..<2).map { _ in try line.start("millrace-analyzer") }
    let admin = try KafkaAdmin(line.kafka.settings())
    // Each time that more has been read somewhere, somebody dies.
    var seen: Int64 = 0
    for round in 0..<4 {
      let deadline = ContinuousClock.now + .seconds(20)
      while ContinuousClock.now < deadline {
        let now = ["aggregator", "analyzer"].reduce(Int64(0)) { sum, program in
          let topics = program == "aggregator" ? ["events"] : ["rollups", "candidates"]
          let offsets =
            (try? admin.committed(
              group: "\(line.prefix)-\(program)",
              of: topics.flatMap { try admin.partitions(of: "\(line.prefix).\($0)") })) ?? [:]
          return sum + offsets.values.reduce(0) { $0 + $1.offset }
        }
        if now > seen {
          seen = now
          break
        }
      }
      if round % 2 == 0 {
        aggregators[round / 2].killNow()
        aggregators[round / 2] = try line.start("millrace-aggregator")
      } else {
        analyzers[round / 2].killNow()
        analyzers[round / 2] = try line.start("millrace-analyzer")
      }
    }
    for worker in aggregators + analyzers { worker.killNow() }
    try line.run("millrace-aggregator", ["--drain"], count: 2)
    try line.run("millrace-analyzer", ["--drain"], count: 2)
    #expect(try line.attacks() == expected)
  }
}
