import Bytes
import Foundation
import Kafka
import KafkaTestSupport
import Testing
import Topics

@testable import Terminal

@Suite(.enabled(if: TestKafka.isWanted)) struct DeadLetterTests {
  private let record: [UInt8] = [0, 1, 2, 0xff] + Array("bytes \u{1b}[2J".utf8)

  /// A record, a record of which only the beginning is kept, and a line.
  private func fill(_ line: TestLine) throws {
    try line.makeTopic("dead-letters")
    try line.makeTopic("events", partitions: 2)
    let producer = try KafkaProducer(line.kafka.settings())
    let events = "\(line.prefix).events"
    let whole = DeadLetter(
      station: "aggregator", reason: "of schema version 9", topic: events, partition: 1, offset: 77,
      record: record.span.bytes)
    var cut = whole
    cut.length = 1 << 30
    let text = Array("1.2.3.4 what\u{1b}[31m is this".utf8)
    let noLine = DeadLetter(
      station: "forwarder", reason: "no format", place: .line(host: "web-1", file: "/log", line: 12, offset: 300),
      length: UInt64(text.count), hash: DeadLetter.hash(text.span.bytes))
    for (letter, value) in [(whole, record), (cut, record), (noLine, text)] {
      try producer.produce(
        "\(line.prefix).dead-letters", partition: 0, value: value.span.bytes, headers: letter.headers)
    }
    try producer.flush(milliseconds: 60_000)
  }

  private func run(_ line: TestLine, _ words: String) -> (status: Int32, output: String, errors: String) {
    let program = Program("$BIN/millrace-attacks dead-letters \(words)", environment: line.environment)
    return (program.end(), program.output, program.errors)
  }

  @Test func lettersAreListedShownAndPublishedOnce() throws {
    let line = try TestLine("letters")
    try fill(line)
    let list = run(line, "list")
    #expect(list.status == 0)
    let lines = list.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("0:0  ") && lines[0].contains("[1] at 77") && lines[0].contains("schema version 9"))
    #expect(lines[1].contains("cut to") && lines[2].contains("web-1:/log:12"))
    #expect(run(line, "list --station forwarder").output.split(separator: "\n").count == 1)
    #expect(run(line, "list --reason VERSION --json").output.split(separator: "\n").count == 2)

    let shown = run(line, "show 0:0 0:2")
    #expect(shown.output.contains("00 01 02 ff") && shown.output.contains("\\x1b[31m is this"))
    #expect(!shown.output.contains("\u{1b}"))
    #expect(run(line, "lines").output == "1.2.3.4 what\u{1b}[31m is this\n")
    #expect(run(line, "show 0:9").status == 2)
    #expect(run(line, "publish").status == 2)

    let published = run(line, "publish --all")
    #expect(published.status == 1, "two can't be")
    #expect(published.output == "1 record published again\n")
    #expect(published.errors.contains("0:1 is not published: only its first bytes"))
    #expect(run(line, "publish 0:0").status == 1)
    let there = try line.kafka.read("\(line.prefix).events")
    #expect(there.map(\.value) == [record] && there[0].partition == 1)
    #expect(run(line, "list").output.contains("published again"))
    #expect(run(line, "publish 0:0 --again").status == 0)
    #expect(try line.kafka.read("\(line.prefix).events").count == 2)
  }
}
