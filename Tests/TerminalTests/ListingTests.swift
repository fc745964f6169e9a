// The program on a real topic.

import Bytes
import Detection
import Foundation
import Kafka
import KafkaTestSupport
import Testing

@testable import Reports
@testable import Terminal

@Suite(.enabled(if: TestKafka.isWanted)) struct ListingTests {
  @Test func theFinalArrayIsThatOfTheReport() throws {
    let line = try TestLine("final")
    try line.makeTopic("attacks")
    let last = (1...30).map { attack($0, .ended, kind: AttackKind.allCases[Int($0) % 12], requests: $0 * 17) }
    let told = last.flatMap { attack -> [Attack] in
      var first = attack
      first.state = .started
      first.requests = 1
      return [first, attack]
    }
    try line.tell(told.shuffled().sorted { $0.state == .started && $1.state != .started }, closed: true)
    try line.tell([attack(31), attack(31, .ended, requests: 0)])

    let program = Program("$BIN/millrace-attacks --json --final", environment: line.environment)
    #expect(program.end() == 0, "\(program.errors)")
    var report = ReplayReport()
    report.attacks = last
    var whole = ByteBuffer()
    JSONReport.render(report, into: &whole)
    let document = try JSONSerialization.jsonObject(with: Data(whole.bytes.withUnsafeBytes { Array($0) }))
    let wanted = (document as? [String: Any])?["attacks"] as? NSArray
    let found = try JSONSerialization.jsonObject(with: Data(program.output.utf8)) as? NSArray
    #expect(wanted != nil && found == wanted)

    let plain = Program("$BIN/millrace-attacks --final", environment: line.environment)
    #expect(plain.end() == 0)
    #expect(plain.output.split(separator: "\n").count == 30)

    let one = Program("$BIN/millrace-attacks --explain \(last[3].id)", environment: line.environment)
    #expect(one.end() == 0 && one.output.contains(last[3].id) && !one.output.contains(last[4].id))
    let object = Program("$BIN/millrace-attacks --json --explain \(last[3].id)", environment: line.environment)
    #expect(object.end() == 0 && object.output.hasPrefix("{") && object.output.contains(last[3].id))
    let none = Program("$BIN/millrace-attacks --explain 0123", environment: line.environment)
    #expect(none.end() == 1 && none.errors.contains("0123"))
  }

  @Test func linesTellEachChangeAndEndQuietlyWithTheirReader() throws {
    let line = try TestLine("lines")
    // The topic is waited for.
    let program = Program("$BIN/millrace-attacks --since all | head -n 3", environment: line.environment)
    let objects = Program("$BIN/millrace-attacks --json --since all", environment: line.environment)
    eventually("it waits") { program.errors.contains("there is no topic") }
    try line.makeTopic("attacks")
    try line.tell([attack(1), attack(1, .ongoing, requests: 300), attack(1, .ended, requests: 400)])
    #expect(program.end() == 0)
    let lines = program.output.split(separator: "\n")
    #expect(lines.count == 3)
    for (line, word) in zip(lines, ["STARTED", "ongoing", "ended"]) {
      #expect(line.contains(word) && line.contains("SQL injection on shop.example"))
    }
    eventually("three objects") { objects.output.count { $0 == "\n" } == 3 }
    for line in objects.output.split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["id"] as? String == Attack.text(ofId: 1))
    }
  }

  @Test func withoutATopicTheFinalStateIsAnError() throws {
    let line = try TestLine("none")
    let program = Program("$BIN/millrace-attacks --final", environment: line.environment)
    #expect(program.end() == 1)
    #expect(program.errors.contains("has an analyzer of this pipeline been started?"))
  }

  @Test func aRecordThatCannotBeReadIsPassedOver() throws {
    let line = try TestLine("damaged")
    try line.makeTopic("attacks")
    try line.tell([attack(1)])
    let producer = try KafkaProducer(line.kafka.settings())
    for bad in [[], [1, 2, 3], [UInt8](repeating: 0xff, count: 4096)] as [[UInt8]] {
      try producer.produce("\(line.prefix).attacks", partition: 0, value: bad.span.bytes)
    }
    try producer.flush(milliseconds: 60_000)
    try line.tell([attack(2)])
    let program = Program("$BIN/millrace-attacks --final", environment: line.environment)
    #expect(program.end() == 0)
    #expect(program.output.split(separator: "\n").count == 2)
    #expect(program.errors.contains("at 1:"))
  }

  @Test func aWrongCommandLineEndsWithTwo() {
    for words in ["--final --lines", "--since noon", "--colour", "nonsense"] {
      let program = Program("$BIN/millrace-attacks \(words)")
      #expect(program.end() == 2, "\(words)")
    }
    let program = Program("$BIN/millrace-attacks --help")
    #expect(program.end() == 0 && program.output.contains("--final"))
  }
}
