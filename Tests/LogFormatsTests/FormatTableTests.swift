// Every format of the table reads a line of its own, is told from the others, and allocates nothing.

import AllocationCounter
import Bytes
import Events
import LogFormats
import Testing

@Suite struct TableOfFormats {
  @Test func everyFormatHasASampleAndANameOfItsOwn() {
    let names = LogFormat.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(Sample.all.map(\.format)) == Set(names).subtracting(["w3c"]))
    for format in LogFormat.all { #expect(!format.description.isEmpty) }
  }

  @Test(arguments: Sample.all.indices) func aLineOfTheFormatGivesItsFields(_ index: Int) throws {
    let sample = Sample.all[index]
    var reader = try Reader(sample.format)
    check(reader.read(sample.line), sample)
    // With a carriage return, and again, so that nothing of the line before is left.
    check(reader.read(sample.line + "\r"), sample)
  }

  private func check(_ parsed: Parsed, _ sample: Sample) {
    #expect(parsed.outcome == .event, "\(sample.format)")
    #expect(parsed.time == sample.time, "\(sample.format)")
    #expect(parsed.client == sample.client, "\(sample.format)")
    #expect(parsed.method == sample.method, "\(sample.format)")
    #expect(parsed.target == sample.target, "\(sample.format)")
    #expect(parsed.host == sample.host, "\(sample.format)")
    #expect(parsed.status == sample.status, "\(sample.format)")
    #expect(parsed.bytes == sample.bytes, "\(sample.format)")
    #expect(parsed.userAgent == sample.userAgent, "\(sample.format)")
    #expect(parsed.referrer == sample.referrer, "\(sample.format)")
    #expect(parsed.user == sample.user, "\(sample.format)")
    #expect(parsed.duration == sample.duration ?? .max, "\(sample.format)")
  }

  @Test(arguments: Sample.all.indices) func detectionDecidesForTheFormatOfTheLines(_ index: Int) throws {
    let sample = Sample.all[index]
    for wrapper in ["", "syslog", "docker", "cri"] {
      var detector = FormatDetector()
      for _ in 0..<20 { detector.feed(Array(wrap(sample.line, wrapper).utf8).span.bytes) }
      let decision = detector.decide()
      let name = (wrapper.isEmpty ? "" : wrapper + "+") + sample.format
      #expect(decision.format?.qualifiedName == name, "\(decision.explanation)")
      #expect(decision.explanation.hasPrefix("\(name): reads all of the first 20 lines"))
      #expect(decision.candidates.first?.coverage == 1)
    }
  }

  @Test(arguments: Sample.all.indices, ["", "syslog", "docker", "cri"])
  func afterTheFirstLinesNothingIsAllocated(_ index: Int, _ wrapper: String) throws {
    let sample = Sample.all[index]
    let format = try LogFormat(specification: (wrapper.isEmpty ? "" : wrapper + "+") + sample.format)
    var parser = LineParser(
      format: format, options: ParseOptions(trustedProxies: [try #require(Network("10.0.0.0/8"))]))
    var fields = HttpFields()
    let line = Array(wrap(sample.line, wrapper).utf8)
    let escaped = Array(wrap(sample.line.replacing("Firefox", with: #"Fire\"fox"#), wrapper).utf8)
    var events = 0
    for _ in 0..<10 {
      if parser.parse(line.span.bytes, into: &fields) == .event { events += 1 }
      _ = parser.parse(escaped.span.bytes, into: &fields)
    }
    let before = allocation_count()
    for _ in 0..<100 {
      if parser.parse(line.span.bytes, into: &fields) == .event { events += 1 }
      _ = parser.parse(escaped.span.bytes, into: &fields)
    }
    #expect(allocation_count() == before, "\(sample.format) behind '\(wrapper)'")
    #expect(events == 110)
  }
}

/// The line behind a wrapper of this name.
func wrap(_ line: String, _ wrapper: String) -> String {
  switch wrapper {
  case "syslog": return "<190>Mar  4 05:06:07 web-1 nginx[123]: " + line
  case "cri": return "2026-03-04T05:06:07.123456789Z stdout F " + line
  case "docker":
    let escaped = line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\t", with: "\\t")
    return #"{"log":"\#(escaped)\n","stream":"stdout","time":"2026-03-04T05:06:07.123456789Z"}"#
  default: return line
  }
}
