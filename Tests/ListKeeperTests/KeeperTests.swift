// millrace-reputation on a real Kafka: what it publishes, refuses and takes back.

import Bytes
import Detection
import Kafka
import KafkaTestSupport
import Reputation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.serialized, .enabled(if: TestKafka.isWanted))
final class KeeperTests {
  private let kafka: TestKafka
  private let prefix: String
  private let folder: String
  private let server: ListServer

  init() throws {
    kafka = try TestKafka.one()
    prefix = kafka.name("keeper")
    folder = "/tmp/millrace-\(prefix)"
    try #require(mkdir(folder, 0o700) == 0)
    server = try ListServer()
  }

  deinit {
    server.stop()
    if let entries = opendir(folder) {
      while let entry = readdir(entries) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        unlink("\(folder)/\(name)")
      }
      closedir(entries)
    }
    rmdir(folder)
  }

  /// By renaming, as lists should be put in place.
  private func write(_ name: String, _ text: String) throws {
    let path = "\(folder)/\(name)"
    let file = try #require(fopen("\(path).new", "w"))
    fputs(text, file)
    fclose(file)
    try #require(rename("\(path).new", path) == 0)
  }

  private func start(_ arguments: [String] = []) throws -> Program {
    try Program(
      "millrace-reputation", ["--pipeline", "line.yaml"] + arguments, in: folder,
      environment: [
        "MILLRACE_KAFKA__BOOTSTRAP": kafka.bootstrap, "MILLRACE_KAFKA__TOPIC_PREFIX": prefix,
      ])
  }

  private func once() throws -> (status: Int32, said: String) {
    let program = try start(["--once"])
    return (try program.wait(), program.said)
  }

  private func wait(_ what: String, seconds: Int = 240, _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
      try #require(ContinuousClock.now < deadline, "no sign of \(what)")
      usleep(50_000)
    }
  }

  /// What the topic holds for who reads it now, and how many records that takes.
  private func read() throws -> (published: PublishedAddresses, records: Int) {
    var published = PublishedAddresses(limit: 10_000)
    let decoder = ReputationDecoder()
    let records = try kafka.read("\(prefix).reputation")
    for record in records {
      if let value = record.value {
        if let news = try? decoder.read(value.span.bytes), ReputationKey.subject(record.key ?? "") == news.subject {
          published.take(news)
        }
      } else if let subject = ReputationKey.subject(record.key ?? "") {
        published.forget(subject)
      }
    }
    return (published, records.count)
  }

  private func networks(_ list: String) throws -> [String] {
    try read().published.known.first { $0.name == list }?.networks.map(\.description).sorted() ?? []
  }

  // MARK: Lists

  @Test func listsOfFilesAndServersArePublishedAndOnlyTheirChangesAfterThat() throws {
    try write("exits.txt", "ExitAddress 192.0.2.1 x\nExitAddress 192.0.2.2 x\nExitAddress 192.0.2.3 x\n")
    server.set("bad.txt", .text("192.0.2.1\n198.51.100.0/24\nnonsense\n"))
    try write(
      "line.yaml",
      """
      reputation:
        lists:
          - {name: exits, path: exits.txt, kind: tor}
          - {url: "\(server.url("bad.txt"))", expiry: 2h}
      """)
    let first = try once()
    #expect(first.status == 0, "\(first.said)")
    #expect(first.said.contains("nonsense") && !first.said.contains("\(server.port)"))
    #expect(try networks("exits") == ["192.0.2.1/32", "192.0.2.2/32", "192.0.2.3/32"])
    #expect(try networks("bad.txt") == ["192.0.2.1/32", "198.51.100.0/24"])
    let lists = try read().published.lists
    #expect(lists["bad.txt"].map { $0.expires - $0.read } == 7_200_000_000_000 && lists["exits"]?.kind == .tor)

    // Nothing has changed: nothing is written.
    let before = try read().records
    // Three, and two of which one is the same, and a word of each list.
    #expect(before == 7)
    #expect(try once().status == 0)
    #expect(try read().records == before)

    try write("exits.txt", "192.0.2.2\n192.0.2.3\n192.0.2.4\n")
    #expect(try once().status == 0)
    #expect(try networks("exits") == ["192.0.2.2/32", "192.0.2.3/32", "192.0.2.4/32"])
    #expect(try networks("bad.txt") == ["192.0.2.1/32", "198.51.100.0/24"])
    // One that left a list, one that came, and the word of the list.
    #expect(try read().records == before + 3)

    // A server that answers with an error takes nothing away, and a list that the pipeline forgets goes.
    server.set("bad.txt", .status(404))
    let failed = try once()
    #expect(failed.status == 1 && failed.said.contains("404"))
    #expect(try networks("bad.txt") == ["192.0.2.1/32", "198.51.100.0/24"])
    try write("line.yaml", "reputation: {lists: [{name: exits, path: exits.txt, kind: tor}]}\n")
    #expect(try once().status == 0)
    let left = try read().published
    #expect(left.lists.keys.sorted() == ["exits"] && left.count == 3 && left.mentioned == ["exits"])
  }

  @Test func aListThatIsEmptyOrShrankIsRefusedAndTheOneBeforeStays() throws {
    server.set("exits", .text((1...10).map { "192.0.2.\($0)\n" }.joined()))
    try write("line.yaml", "reputation: {lists: [{url: \"\(server.url("exits"))\"}]}\n")
    #expect(try once().status == 0)
    for bad in ["", "# nothing\n", "192.0.2.1\n", "<html>error</html>\n", String(repeating: "192.0.2.1\n", count: 20)] {
      server.set("exits", .text(bad))
      let outcome = try once()
      #expect(outcome.status == 1 && outcome.said.contains("list refused"), "\(outcome.said)")
    }
    for bad in [ListServer.Answer.cut, .redirect("file:///etc/passwd"), .status(500)] {
      server.set("exits", bad)
      let outcome = try once()
      #expect(outcome.status == 1 && outcome.said.contains("list not read"), "\(outcome.said)")
    }
    #expect(try networks("exits").count == 10)
    server.set("exits", .text("192.0.2.1\n192.0.2.2\n192.0.2.3\n192.0.2.4\n192.0.2.5\n"))
    #expect(try once().status == 0)
    #expect(try networks("exits").count == 5)
  }

  @Test func aSignalHasItReadAtOnceAndWhatExpiresIsTakenBack() throws {
    try write("exits.txt", "192.0.2.1\n")
    server.set("short", .text("192.0.2.9\n"))
    try write(
      "line.yaml",
      """
      reputation:
        refresh: 1s
        lists: [{name: exits, path: exits.txt}, {name: short, url: "\(server.url("short"))", expiry: 12s}]
      """)
    let keeper = try start()
    try wait("the first lists") { keeper.said.contains("list=short") }
    #expect(try networks("short") == ["192.0.2.9/32"])
    // It can be read: it does not expire.
    try wait("readings") { server.requests.count > 6 }
    #expect(try networks("short") == ["192.0.2.9/32"])
    server.set("short", .status(503))
    try wait("what expired to go") { try read().published.lists["short"] == nil }
    #expect(try read().published.count == 1)
    keeper.send(SIGTERM)
    #expect(try keeper.wait() == 0, "\(keeper.said)")

    try write("line.yaml", "reputation: {refresh: 1h, lists: [{name: exits, path: exits.txt}]}\n")
    let patient = try start()
    try wait("the first reading") { patient.said.contains("list taken") }
    try write("exits.txt", "192.0.2.1\n192.0.2.2\n")
    patient.send(SIGUSR1)
    try wait("the new list") { try networks("exits").count == 2 }
    // And with SIGHUP come the lists that the pipeline names now.
    try write("more.txt", "192.0.2.7\n")
    try write("line.yaml", "reputation: {lists: [{name: exits, path: exits.txt}, {name: more, path: more.txt}]}\n")
    patient.send(SIGHUP)
    try wait("a list more") { try networks("more").count == 1 }
    // A pipeline that was emptied by mistake empties nothing.
    try write("line.yaml", "name: none\n")
    patient.send(SIGHUP)
    try wait("a refusal") { patient.said.contains("not reloaded") }
    #expect(try networks("more").count == 1)
    patient.send(SIGTERM)
    #expect(try patient.wait() == 0, "\(patient.said)")
  }

  @Test func aKeeperKilledWhileItWritesLeavesNothingThatTheNextDoesNotPutRight() throws {
    let many = (0..<5_000).map { "10.0.\($0 / 250).\($0 % 250 + 1)\n" }
    try write("exits.txt", many.joined())
    try write("line.yaml", "reputation: {max_networks: 10000, lists: [{name: exits, path: exits.txt}]}\n")
    for round in 1...4 {
      let keeper = try start()
      try wait("something written") {
        (try? KafkaAdmin(kafka.settings()).endOffsets([TopicPartition("\(prefix).reputation", 0)]))?
          .contains { $0.value > Int64(round * 10) } ?? false
      }
      keeper.kill()
    }
    // The list went from the pipeline before it was ever announced, perhaps.
    try write("other.txt", "192.0.2.1\n")
    try write("line.yaml", "reputation: {lists: [{name: other, path: other.txt}]}\n")
    #expect(try once().status == 0)
    #expect(try read().published.count == 1)
    try write("line.yaml", "reputation: {lists: [{name: exits, path: exits.txt}]}\n")
    #expect(try once().status == 0)
    #expect(try networks("exits").count == 5_000 && read().published.mentioned == ["exits"])
  }

  @Test func twoKeepersSideBySideDoNoHarm() throws {
    var truth: [String: Set<String>] = [:]
    var next = 0
    func change() throws {
      next += 1
      for name in ["a", "b", "c"] {
        let members = Set((0..<200).filter { _ in Bool.random() }.map { "10.0.\(next % 7).\($0 + 1)/32" })
        truth[name] = members
        try write("\(name).txt", members.map { $0.dropLast(3) + "\n" }.joined())
      }
    }
    try change()
    try write(
      "line.yaml",
      """
      reputation:
        refresh: 1s
        least_share: 0
        lists: [{name: a, path: a.txt}, {name: b, path: b.txt}, {name: c, path: c.txt}]
      """)
    let keepers = [try start(), try start()]
    for _ in 0..<4 {
      try change()
      for keeper in keepers { keeper.send(SIGUSR1) }
      try wait("both to agree") {
        let known = try read().published.known
        return known.count == 3 && known.allSatisfy { Set($0.networks.map(\.description)) == truth[$0.name] }
      }
    }
    for keeper in keepers {
      keeper.send(SIGTERM)
      #expect(try keeper.wait() == 0, "\(keeper.said)")
    }
    // One that was ended between reading a file and writing may have written what the file held before: as ever, the
    // next reading puts that right.
    #expect(try once().status == 0)
    #expect(try read().published.known.allSatisfy { Set($0.networks.map(\.description)) == truth[$0.name] })
  }

  @Test func aPipelineWithoutListsIsRefused() throws {
    try write("line.yaml", "name: none\n")
    #expect(try once().status == 2)
  }

  @Test func damagedRecordsArePassedOver() throws {
    try write("exits.txt", "192.0.2.1\n192.0.2.2\n")
    try write("line.yaml", "reputation: {lists: [{name: exits, path: exits.txt}]}\n")
    #expect(try once().status == 0)
    let producer = try KafkaProducer(kafka.settings())
    let topic = "\(prefix).reputation"
    var encoder = ReputationEncoder()
    var wide: [UInt8] = []
    encoder.write(Network(IPAddress(v4: 0), prefix: 96), lists: ["exits"]) { wide = $0.copied() }
    var elsewhere: [UInt8] = []
    encoder.write(Network(IPAddress(v4: 7), prefix: 128), lists: ["exits"]) { elsewhere = $0.copied() }
    for (key, value) in [
      ("net/192.0.2.1/32", [1, 2, 3]), ("list/exits", []), ("", Array(repeating: 255, count: 100_000)),
      ("net/0.0.0.0/0", wide), ("net/1.1.1.1/32", elsewhere), ("list/more", elsewhere),
    ] as [(String, [UInt8])] {
      try producer.produce(topic, partition: 0, key: key, value: value, wait: 60_000)
    }
    try producer.produce(topic, partition: 0, key: "what is this", value: nil, wait: 60_000)
    try producer.flush(milliseconds: 60_000)
    let outcome = try once()
    #expect(outcome.status == 0, "\(outcome.said)")
    // What the damaged ones stood in the place of is written anew.
    #expect(try networks("exits") == ["192.0.2.1/32", "192.0.2.2/32"])
    #expect(try read().published.lists["exits"]?.networks == 2)
  }

  // MARK: Histories

  private func attack(_ id: UInt64, day: Int64, from sources: [String]) -> Attack {
    let time = day * 86_400_000_000_000
    var attack = Attack(id: Attack.text(ofId: id), kind: .scanning, zone: [], start: time, end: time + 1)
    attack.requests = 1
    attack.sources = sources.map {
      Attack.Source(address: IPAddress($0) ?? .unknown, requests: 1, lower: 1, upper: 1)
    }
    return attack
  }

  @Test func torExitsAreScoredByTheAttacksOfTheLine() throws {
    let topic = "\(prefix).attacks"
    _ = try KafkaAdmin(kafka.settings()).ensure([TopicSpecification(topic, partitions: 1)])
    let producer = try KafkaProducer(kafka.settings())
    var encoder = AttackEncoder()
    func tell(_ attack: Attack) throws {
      var bytes: [UInt8] = []
      encoder.write(attack, watermark: attack.end) { bytes = $0.copied() }
      try producer.produce(topic, partition: 0, key: attack.id, value: bytes, wait: 60_000)
    }
    for i in 1...4 {
      for _ in 0..<3 { try tell(attack(UInt64(i), day: Int64(i), from: ["192.0.2.1", "192.0.2.3", "203.0.113.9"])) }
    }
    try producer.produce(topic, partition: 0, key: "x", value: [9, 9, 9], wait: 60_000)
    try producer.flush(milliseconds: 60_000)

    try write("exits.txt", (1...200).map { "192.0.2.\($0)\n" }.joined())
    try write("bad.txt", "203.0.113.9\n192.0.2.1\n")
    try write(
      "line.yaml", "reputation: {lists: [{name: exits, path: exits.txt, kind: tor}, {name: bad, path: bad.txt}]}\n")
    #expect(try once().status == 0)
    let (published, records) = try read()
    let exit = try #require(Network("192.0.2.1"))
    #expect(published.histories.keys.map(\.description).sorted() == ["192.0.2.1/32", "192.0.2.3/32"])
    #expect(published.histories[exit]?.attacks == 4 && published.histories[exit]?.before(86_400_000_000_000) == nil)
    #expect(try once().status == 0)
    #expect(try read().records == records)

    // A keeper that runs hears of the next one, and writes that address alone.
    let keeper = try start()
    try wait("the start") { keeper.said.contains("list=bad") }
    try tell(attack(5, day: 5, from: ["192.0.2.1"]))
    try producer.flush(milliseconds: 60_000)
    try wait("the new score") { try read().published.histories[exit]?.attacks == 5 }
    #expect(try read().records == records + 1)
    keeper.send(SIGTERM)
    #expect(try keeper.wait() == 0, "\(keeper.said)")

    // An address that is no exit any more has no score.
    try write("exits.txt", (2...200).map { "192.0.2.\($0)\n" }.joined())
    #expect(try once().status == 0)
    #expect(try read().published.histories.keys.map(\.description).sorted() == ["192.0.2.3/32"])
  }
}
