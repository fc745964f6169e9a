// Records that brokers refuse as too large.

import Bytes
import CapnProto
import Events
import Foundation
import Kafka
import KafkaTestSupport
import LogFiles
import Testing

@testable import Forwarder

struct RefusedTests {
  private func long(_ number: Int, _ length: Int) -> String {
    "192.0.2.1 - - [20/Feb/2016:00:00:00 +0000] \"GET /\(number)?\(String(repeating: "x", count: length)) HTTP/1.1\" 200 17 \"-\" \"test\"\n"
  }

  /// Numbers of the lines that arrived, whatever stands after them.
  private func numbers(_ world: World) throws -> [Int] {
    try world.sink.batches().flatMap(\.targets).compactMap { Int($0.dropFirst().prefix { $0.isNumber }) }
  }

  @Test func aRefusedBatchIsSplitUntilItFits() throws {
    let world = try World()
    world.sink.mostRecord = 9000
    try world.append(world.lines(3000))
    try world.pass(seconds: 60)
    #expect(try world.sink.numbers() == Array(0..<3000))
    #expect(world.sink.letters.isEmpty)
    // It has learnt from that: no more are refused than were.
    let before = world.engine.counts.aborted
    try world.append(world.lines(3000))
    try world.pass(seconds: 60)
    #expect(try world.sink.numbers() == Array(0..<6000))
    #expect(world.engine.counts.aborted - before <= 4, "\(world.engine.counts.aborted - before)")
  }

  @Test func anEventThatIsTooLargeByItselfBecomesADeadLetter() throws {
    let world = try World()
    world.sink.mostRecord = 20_000
    let line = long(7, 30_000)
    try world.append((0..<7).map { long($0, 3) }.joined() + line + (8..<20).map { long($0, 3) }.joined())
    try world.pass(seconds: 20)
    #expect(try numbers(world) == Array(0..<7) + Array(8..<20))
    let letter = try #require(world.sink.letters.first)
    #expect(world.sink.letters.count == 1)
    #expect(letter.letter.reason == "record-too-large")
    #expect(letter.letter.length == UInt64(line.utf8.count))
    #expect(letter.letter.hash == OverlongLine.hash(Array(line.utf8).span.bytes))
    #expect(letter.head == Array(line.utf8.prefix(OverlongLine.headLength)))
    if case .line(_, _, let number, let offset) = letter.letter.place {
      #expect(number == 8)
      #expect(offset == UInt64((0..<7).map { long($0, 3).utf8.count }.reduce(0, +)))
    } else {
      Issue.record("no line")
    }
    let ledgers = try world.sink.batches().map(\.ledger)
    #expect(ledgers.reduce(0) { $0 + $1.lines } == 20)
    #expect(ledgers.reduce(0) { $0 + $1.parsed } == 19)
    #expect(ledgers.reduce(0) { $0 + $1.unparsed } == 1)
    #expect(world.engine.counts.unparsed == 1)
  }

  @Test func aDeadLetterThatIsTooLargeKeepsLessOfItsLine() throws {
    var settings = EngineSettings()
    settings.maxLine = 20_000
    let world = try World(settings: settings)
    world.sink.mostRecord = 1000
    // No event at all, and longer than lines may be.
    try world.append(String(repeating: "nothing ", count: 300) + "\n" + String(repeating: "y", count: 50_000) + "\n")
    try world.append(world.lines(2))
    try world.pass(seconds: 20)
    #expect(try world.sink.numbers() == [0, 1])
    #expect(world.sink.letters.map(\.head.count).sorted() == [256, 256])
  }

  @Test(.enabled(if: TestKafka.canKillBrokers))
  func aTopicThatTakesLittleGetsSmallBatchesAndTheRestIsDeadLetters() throws {
    let kafka = try TestKafka.one()
    let prefix = kafka.name("refused")
    let world = try World()
    // lz4 makes nothing smaller of these, so that the broker's limit is about that of the text.
    var state: UInt64 = 11
    func noise(_ count: Int) -> String {
      String(
        decoding: (0..<count).map { _ in UInt8(0x21 + splitMix(&state) % 0x5e) }.filter { $0 != 0x22 && $0 != 0x5c },
        as: UTF8.self)
    }
    let admin = try KafkaAdmin(kafka.settings())
    _ = try admin.ensure([
      TopicSpecification(prefix + ".events", partitions: 4, configuration: ["max.message.bytes": "12000"])
    ])
    let pipeline = try Program.pipeline(world, kafka, prefix, batch: "64KiB")
    func line(_ number: Int, _ length: Int) -> String {
      "192.0.2.1 - - [20/Feb/2016:00:00:00 +0000] \"GET /\(number) HTTP/1.1\" 200 17 \"-\" \"\(noise(length))\"\n"
    }
    for number in 0..<300 { try world.append(line(number, number == 100 || number == 299 ? 20_000 : 400)) }
    let child = try Program.spawn(["--pipeline", pipeline, "--drain"], errors: world.path("errors"))
    #expect(Program.wait(child) == 0, "\(Program.said(world))")
    #expect(
      try Program.numbers(kafka, prefix + ".events") == (0..<299).filter { $0 != 100 }, "\(Program.said(world))")
    let letters = try kafka.read(prefix + ".dead-letters")
    #expect(letters.map { $0.headers["line"] ?? "" }.sorted() == ["101", "300"])
    #expect(
      letters.allSatisfy {
        $0.headers["reason"] == "record-too-large" && ($0.value?.count ?? 0) == OverlongLine.headLength
      })
    #expect(Program.said(world).contains("too large for the brokers"))
  }
}
