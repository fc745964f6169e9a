// Syslog headers, container frames, W3C directives, and the state they carry from line to line and chunk to chunk.

import Bytes
import Events
import LogFormats
import Testing

private let plain = #"198.51.100.23 - - [04/Mar/2026:05:06:07 +0000] "GET /x\"y HTTP/1.1" 200 5 "-" "agent""#

@Suite struct Frames {
  @Test(arguments: [
    "<190>Mar  4 05:06:07 web-1 nginx: ", "Mar 14 05:06:07 web-1 nginx[77]: ", "<13>Mar  4 05:06:07 nginx: ",
    "<190>1 2026-03-04T05:06:07.003Z web-1 nginx 77 - - ", "1 2026-03-04T05:06:07+01:00 web-1 nginx 77 ID47 - ",
    #"<165>1 2026-03-04T05:06:07Z web-1 app - ID [a@1 k="v\]\"" b="2"][c@2 d="e"] "#,
    "<190>1 - - - - - - \u{feff}", "2026-03-04T05:06:07.123456+01:00 web-1 nginx: ",
    "Mar  4 2026 05:06:07 web-1 nginx: ",
    "2026-03-04T05:06:07Z web-1  ", "",
  ]) func aSyslogHeaderIsTakenOff(_ header: String) throws {
    var reader = try Reader("syslog+combined")
    let parsed = reader.read(header + plain)
    #expect(parsed.outcome == .event && parsed.client == "198.51.100.23" && parsed.userAgent == "agent")
    #expect(parsed.time == "2026-03-04T05:06:07Z")
  }

  @Test func aLineWithoutATimeTakesThatOfItsFrame() throws {
    let line = #"INFO:     198.51.100.23:50356 - "GET / HTTP/1.1" 200 OK"#
    var cri = try Reader("cri+uvicorn")
    #expect(cri.read("2026-03-04T05:06:07.25Z stdout F " + line).time == "2026-03-04T05:06:07.250000000Z")
    var syslog = try Reader(
      "syslog+uvicorn", ParseOptions(referenceTime: CivilTimeOf(2026, 1, 2)))
    #expect(syslog.read("<190>Dec 31 23:59:59 web app: " + line).time == "2025-12-31T23:59:59Z")
    #expect(syslog.read("<190>Jan  1 00:00:01 web app: " + line).time == "2026-01-01T00:00:01Z")
  }

  private func CivilTimeOf(_ year: Int, _ month: Int, _ day: Int) -> Nanoseconds {
    Int64(CivilTime.days(year: year, month: month, day: day)) * 86_400_000_000_000
  }

  @Test func piecesOfALineArePutTogetherAgain() throws {
    let escaped = plain.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let cut = escaped.index(escaped.startIndex, offsetBy: 40)
    func docker(_ text: Substring, _ end: String, _ stream: String = "stdout") -> String {
      #"{"log":"\#(text)\#(end)","stream":"\#(stream)","time":"2026-03-04T05:06:07Z"}"#
    }
    var reader = try Reader("docker+combined")
    #expect(reader.read(docker(escaped[..<cut], "")).outcome == .continuation)
    // The other stream does not disturb.
    #expect(reader.read(docker(escaped[...], "\\n", "stderr")).target == #"/x"y"#)
    let whole = reader.read(docker(escaped[cut...], "\\n"))
    #expect(whole.outcome == .event && whole.target == #"/x"y"# && whole.userAgent == "agent")
    #expect(reader.flush().outcome == .skip)
    // Without an end it is a line when the source ends.
    #expect(reader.read(docker(escaped[...], "")).outcome == .continuation)
    #expect(reader.flush().client == "198.51.100.23")

    var cri = try Reader("cri+combined")
    let half = plain.index(plain.startIndex, offsetBy: 50)
    #expect(cri.read("2026-03-04T05:06:07.1Z stdout P " + plain[..<half]).outcome == .continuation)
    #expect(cri.read("2026-03-04T05:06:07.1+01:00 stdout F " + plain[half...]).target == #"/x"y"#)
    #expect(cri.read("2026-03-04T05:06:07.1Z stderr F " + plain).outcome == .event)
  }

  @Test func piecesWithoutEndAreGivenUpAtTheLimit() throws {
    var reader = try Reader("cri+combined")
    let piece = "2026-03-04T05:06:07.1Z stdout P " + String(repeating: "x", count: 60_000)
    var outcomes: [ParseOutcome] = []
    for _ in 0..<40 { outcomes.append(reader.read(piece).outcome) }
    #expect(outcomes.contains(.unparsed(.tooLong)) && outcomes.contains(.continuation))
  }

  @Test func wrappersAndFormatsCombineFreely() throws {
    let inner = "<190>Mar  4 05:06:07 web nginx: " + plain
    let escaped = inner.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    var reader = try Reader("docker+syslog+combined")
    let parsed = reader.read(#"{"log":"\#(escaped)\n","stream":"stdout","time":"2026-03-04T05:06:07Z"}"#)
    #expect(parsed.outcome == .event && parsed.target == #"/x"y"#)
    var other = try Reader("syslog+cri+json")
    #expect(
      other.read(#"Mar  4 05:06:07 node kubelet: 2026-03-04T05:06:07.1Z stdout F {"path":"/j","status":200}"#).target
        == "/j")
  }
}

@Suite struct Directives {
  @Test func columnsChangeWhereTheFileSaysSo() throws {
    var reader = try Reader("w3c")
    #expect(reader.read("2026-03-04 05:06:07 192.0.2.1 /x 200").outcome == .unparsed(.noFormat))
    #expect(reader.read("#Software: Example").outcome == .skip)
    #expect(reader.read("#Fields: date time c-ip cs-uri-stem sc-status").outcome == .skip)
    let first = reader.read("2026-03-04 05:06:07 192.0.2.1 /x 200")
    #expect(first.outcome == .event && first.client == "192.0.2.1" && first.target == "/x" && first.status == 200)
    #expect(reader.read("#Fields: sc-status c-ip cs-uri-stem cs-uri-query cs(User-Agent) date time").outcome == .skip)
    let second = reader.read("404 2001:db8::1 /y q=1 A+b 2026-03-05 00:00:00")
    #expect(second.status == 404 && second.target == "/y?q=1" && second.userAgent == "A b")
    #expect(second.time == "2026-03-05T00:00:00Z")
    #expect(reader.read("404 2001:db8::1 /y - - 2026-03-05").outcome == .unparsed(.noFormat))
    #expect(reader.read("404 2001:db8::1 /y - - 2026-02-31 00:00:00").outcome == .unparsed(.badTime))
  }

  @Test func aStampOfW3CIsUTCWhateverTheTimeZone() throws {
    var reader = try Reader("iis", ParseOptions(timeZone: TimeZoneRules(fixedOffset: 3600)))
    #expect(reader.read(Sample.all.first { $0.format == "iis" }!.line).time == "2026-03-04T05:06:07Z")
  }

  @Test func quotedColumnsMayHoldBlanks() throws {
    var reader = try Reader("w3c:date time c-ip cs(User-Agent) sc-status")
    #expect(reader.read(#"2026-03-04 05:06:07 192.0.2.1 "A b/1.0 (c)" 200"#).userAgent == "A b/1.0 (c)")
  }
}

@Suite struct StateBetweenChunks {
  /// Lines of a framed, a W3C and a JSON log, with pieces and directives at random places.
  private func log(_ format: String, _ seed: inout UInt64) -> [String] {
    (0..<400).map { i in
      let draw = splitMix(&seed) % 10
      let stream = splitMix(&seed) % 5 == 0 ? "stderr" : "stdout"
      switch format {
      case "cri+combined":
        let line = "192.0.2.\(i % 250) - - [04/Mar/2026:05:06:07 +0000] \"GET /\(i) HTTP/1.1\" 200 5 \"-\" \"a\""
        if draw < 3 { return "2026-03-04T05:06:07.1Z \(stream) P " + String(line.prefix(Int(splitMix(&seed) % 60))) }
        return "2026-03-04T05:06:07.1Z \(stream) F " + line
      case "docker+combined":
        let line =
          "192.0.2.\(i % 250) - - [04/Mar/2026:05:06:07 +0000] \\\"GET /\(i) HTTP/1.1\\\" 200 5 \\\"-\\\" \\\"a\\\""
        return #"{"log":"\#(line)\#(draw < 3 ? "" : "\\n")","stream":"\#(stream)","time":"2026-03-04T05:06:07Z"}"#
      case "w3c":
        if draw == 0 { return "#Fields: date time c-ip cs-uri-stem sc-status" }
        if draw == 1 { return "#Fields: date time sc-status c-ip cs-uri-stem" }
        return draw < 6 ? "2026-03-04 05:06:07 192.0.2.1 /\(i) 200" : "2026-03-04 05:06:07 200 192.0.2.1 /\(i)"
      default:
        return draw < 5 ? #"{"path":"/\#(i)"}"# : #"{"path":"/\#(i)","time":\#(1_772_600_767 + i)}"#
      }
    }
  }

  @Test(arguments: ["cri+combined", "docker+combined", "w3c", "json", "combined"])
  func chunksReadApartMeanWhatTheyMeanInOrder(_ name: String) throws {
    let format = try LogFormat(specification: name)
    var seed: UInt64 = 0xc4a9
    for round in 0..<20 {
      let lines = log(name, &seed)
      var whole = Reader(format)
      let expected = lines.map { whole.read($0).description }
      var carry = FormatCarry(format: format, options: ParseOptions())
      var found: [String] = []
      var at = 0
      while at < lines.count {
        let count = min(lines.count - at, 1 + Int(splitMix(&seed) % 40))
        let chunk = Array(lines[at..<at + count].map { $0 + "\n" }.joined().utf8)
        let state = carry.next(chunk.span.bytes)
        // A parser that has seen something else before.
        var reader = Reader(format)
        _ = reader.read(lines[Int(splitMix(&seed) % UInt64(lines.count))])
        reader.parser.restore(state)
        found += lines[at..<at + count].map { reader.read($0).description }
        at += count
      }
      #expect(found == expected, "round \(round)")
    }
  }
}
