// What an operator does to a line that runs, on a real Kafka: reload, end, publish twice, publish at a pace, lose a worker.

import Bytes
import CapnProto
import Foundation
import Kafka
import KafkaTestSupport
import Rollups
import Testing
import Topics

@testable import Aggregator

@Suite(.serialized, .enabled(if: TestKafka.isWanted))
struct OperationTests {
  private static func rule(_ title: String, _ id: Int, _ word: String) -> String {
    """
    ---
    title: \(title)
    id: 00000000-0000-4000-8000-00000000000\(id)
    logsource:
      category: webserver
    detection:
      selection:
        cs-uri-query|contains: '\(word)'
      condition: selection
    level: high

    """
  }

  @Test func newRulesAreTakenWithoutLosingAWindowAndAnEmptySetIsRefused() throws {
    let line = try PublishedLine(lines: 20_000)
    let rules = line.folder + "/rules"
    try FileManager.default.createDirectory(atPath: rules, withIntermediateDirectories: true)
    try Self.rule("One", 1, "one").write(toFile: rules + "/own.yml", atomically: true, encoding: .utf8)
    let pipeline = line.folder + "/pipeline.yaml"
    func write(_ text: String) throws { try text.write(toFile: pipeline, atomically: true, encoding: .utf8) }
    let whole = "name: web\nrules: {directories: [\"\(rules)\"]}\n"
    try write(whole)
    let worker = try Worker(
      "millrace-aggregator", ["--pipeline", pipeline], environment: line.environment, in: line.folder)
    try worker.waitFor("partitions taken")

    // A rule more and a threshold: both are said, and used.
    try (Self.rule("One", 1, "one") + Self.rule("Two", 2, "two")).write(
      toFile: rules + "/own.yml", atomically: true, encoding: .utf8)
    worker.signal(SIGHUP)
    try worker.waitFor("rules reloaded")
    #expect(worker.said.contains("1 added"), "\(worker.said)")
    // Most of them gone: refused, and why.
    try write("name: web\nrules: {built_in: false, directories: [\"\(rules)\"]}\n")
    worker.signal(SIGHUP)
    try worker.waitFor("rules refused")
    #expect(worker.said.contains("it drops"), "\(worker.said)")
    // An editor that has just emptied the rules, or left half of one.
    try "".write(toFile: rules + "/own.yml", atomically: true, encoding: .utf8)
    worker.signal(SIGHUP)
    try worker.waitFor("there are no rules in it")
    try write(whole)
    try "title: [".write(toFile: rules + "/own.yml", atomically: true, encoding: .utf8)
    worker.signal(SIGHUP)
    try worker.waitFor("not reloaded; the old settings stay")
    worker.signal(SIGTERM)
    #expect(try worker.end() == 0, "\(worker.said)")

    try (Self.rule("One", 1, "one") + Self.rule("Two", 2, "two")).write(
      toFile: rules + "/own.yml", atomically: true, encoding: .utf8)
    let last = try Worker(
      "millrace-aggregator", ["--pipeline", pipeline, "--drain"], environment: line.environment, in: line.folder)
    #expect(try last.end() == 0, "\(last.said)")
    try line.checkWindows("after reloads")
  }

  @Test func aWorkerAskedToEndCommitsWhatItHasCounted() throws {
    // Nothing is committed before its end, unless it takes very long to get there.
    let line = try PublishedLine(lines: 20_000, commitInterval: "5s")
    let worker = try Worker(
      "millrace-aggregator", [],
      environment: line.environment.merging(["MILLRACE_STATUS__LISTEN": "127.0.0.1:0"]) { $1 },
      in: line.folder)
    try worker.waitFor("partitions taken")
    let port = try worker.statusPort()
    let deadline = ContinuousClock.now + .seconds(240)
    while !page(port).contains(try Regex("\nmillrace_aggregator_received_bytes_total [1-9]")) {
      try #require(ContinuousClock.now < deadline, "\(worker.said)")
      usleep(20_000)
    }
    worker.signal(SIGTERM)
    #expect(try worker.end() == 0, "\(worker.said)")
    let admin = try KafkaAdmin(line.kafka.settings())
    let committed = try admin.committed(
      group: line.settings.lineName(of: "aggregator"), of: admin.partitions(of: line.settings.topic(.events).name))
    #expect(committed.count == PublishedLine.partitions)
    let last = try line.worker()
    #expect(try last.end() == 0, "\(last.said)")
    try line.check("after SIGTERM")
  }

  @Test func aWorkerThatHasLostItsPartitionsBeginsFromWhatIsCommitted() throws {
    let line = try PublishedLine(lines: 30_000)
    let paused = try line.worker(drains: false)
    try paused.waitFor("partitions taken")
    paused.signal(SIGSTOP)
    let heir = try line.worker(drains: false)
    try heir.waitFor("now=\(PublishedLine.partitions)")
    paused.signal(SIGCONT)
    try paused.waitFor("partitions lost")
    for worker in [heir, paused] { worker.signal(SIGTERM) }
    for worker in [heir, paused] { #expect(try worker.end() == 0, "\(worker.said)") }
    let last = try line.worker()
    #expect(try last.end() == 0, "\(last.said)")
    try line.check("after a loss")
  }

  @Test func theSameLogIsNotPublishedTwiceUnlessAskedFor() throws {
    let line = try PublishedLine(lines: 3_000)
    let topic = line.settings.topic(.events).name
    let before = try line.kafka.read(topic).count
    func publish(_ words: String...) throws -> Worker {
      try Worker(
        "millrace-replay", words + [line.folder + "/access.log"], environment: line.environment, in: line.folder)
    }
    let again = try publish("--publish")
    #expect(try again.end() == 2, "\(again.said)")
    #expect(again.said.contains("was published to '\(topic)' before: its events would count twice"), "\(again.said)")
    #expect(try line.kafka.read(topic).count == before)
    let meant = try publish("--publish", "--again")
    #expect(try meant.end() == 0, "\(meant.said)")
    #expect(try line.kafka.read(topic).count > before)
  }

  @Test func publishingAtAPaceTakesItsTime() throws {
    let kafka = try TestKafka.one()
    let folder = NSTemporaryDirectory() + "/" + kafka.name("millrace-pace")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let log = folder + "/access.log"
    let simulate = try Worker(
      "millrace-simulate", ["--lines", "8000", "--duration", "40s", "--output", log], environment: [:], in: folder)
    try #require(simulate.end() == 0, "\(simulate.said)")
    let prefix = kafka.name("pace")
    let publish = try Worker(
      "millrace-replay", ["--publish", "--speed", "10", log],
      environment: ["MILLRACE_KAFKA__BOOTSTRAP": kafka.bootstrap, "MILLRACE_KAFKA__TOPIC_PREFIX": prefix], in: folder)
    #expect(try publish.end() == 0, "\(publish.said)")
    // 40 s of the log; what is due is looked at a chunk at a time. Told by the records' own stamps: how long the program
    // takes to start, and brokers to make topics, is no part of it.
    let stamps = try kafka.read("\(prefix).events").map(\.timestamp)
    let took = (stamps.max() ?? 0) - (stamps.min() ?? 0)
    #expect(took > 2_000 && took < 14_000, "\(took) ms")
  }
}

/// /metrics of a program on loopback; empty where it does not answer.
private func page(_ port: Int) -> String {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  let connected = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard connected == 0 else { return "" }
  let request = Array("GET /metrics HTTP/1.0\r\n\r\n".utf8)
  guard write(descriptor, request, request.count) == request.count else { return "" }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let n = read(descriptor, &buffer, buffer.count)
    if n <= 0 { return String(decoding: bytes, as: UTF8.self) }
    bytes += buffer[..<n]
  }
}
