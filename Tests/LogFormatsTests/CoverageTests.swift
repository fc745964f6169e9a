// What is said about lines that were not read, and about the choice of a format.

import AllocationCounter
import Bytes
import Events
import LogFormats
import Testing

@Suite struct Coverage {
  private func count(_ lines: [String], from number: UInt64 = 1) -> ParseCoverage {
    var coverage = ParseCoverage()
    for (index, line) in lines.enumerated() {
      coverage.countUnparsed(.noFormat, line: Array(line.utf8).span.bytes, number: number + UInt64(index))
    }
    return coverage
  }

  @Test func alikeLinesAreOneShapeWithTheFirstAsExample() {
    let coverage = count(["error 12 at 3:04", "oops", "warn 7 at 13:4444", "error 1 at 1:1"])
    #expect(coverage.frequentShapes.map { String(decoding: $0.text, as: UTF8.self) } == ["a 9 a 9:9", "a"])
    #expect(coverage.frequentShapes[0].count == 3 && coverage.frequentShapes[0].exampleLine == 1)
    #expect(String(decoding: coverage.frequentShapes[1].example, as: UTF8.self) == "oops")
    #expect(coverage.unparsed == 4 && coverage.share == 0)
  }

  @Test func partsMergedInOrderAreTheWhole() {
    var seed: UInt64 = 3
    let lines = (0..<600).map { _ in String(repeating: "x!", count: Int(splitMix(&seed) % 100)) + "y 5" }
    let whole = count(lines)
    for cut in [0, 1, 17, 300, 599, 600] {
      var merged = count(Array(lines[..<cut]))
      merged.merge(count(Array(lines[cut...]), from: UInt64(cut) + 1))
      #expect(merged.frequentShapes == whole.frequentShapes && merged.unparsed == whole.unparsed)
      #expect(merged.otherShapes == whole.otherShapes)
    }
  }

  @Test func countingALineOfAKnownShapeAllocatesNothing() {
    var coverage = count(["a 1", "b! 2"])
    let line = Array("word 42".utf8)
    let before = allocation_count()
    for number in 0..<100 { coverage.countUnparsed(.noFormat, line: line.span.bytes, number: UInt64(number)) }
    #expect(allocation_count() == before)
  }

  @Test func aLogOfMixedFormatsIsReadWhole() throws {
    var detector = FormatDetector()
    for i in 0..<100 {
      let host = i % 4 == 0 ? "shop.example " : ""
      let line = host + #"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 5 "-" "agent""#
      detector.feed(Array(line.utf8).span.bytes)
    }
    let decision = detector.decide()
    #expect(
      decision.explanation
        == "combined: reads 75.0 % of the first 100 lines, and lines of other formats are among them: vhost-combined (25.0 %)"
    )
    var reader = Reader(try #require(decision.format))
    #expect(
      reader.read(#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 5 "-" "agent""#).userAgent
        == "agent")
    #expect(
      reader.read(#"a.b 192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 5 "-" "agent""#).host == "a.b")
  }

  @Test func nothingIsDecidedOverWhatNothingReads() {
    var empty = FormatDetector()
    #expect(empty.decide().format == nil && empty.decide().explanation.contains("no lines"))
    empty.feed(text: Array("hello world\nnot a log\n".utf8).span.bytes, isWhole: true)
    let decision = empty.decide()
    #expect(decision.format == nil && decision.explanation.contains("none of the"))
  }
}
