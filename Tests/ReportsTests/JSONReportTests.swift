import Bytes
import Detection
import Reports
import Testing

@Suite struct JSONReportTests {
  @Test func aDayLooksAsItShould() {
    expectGolden("day.json", rendered { JSONReport.render(SampleReports.day(), into: &$0) })
    expectGolden("empty.json", rendered { JSONReport.render(SampleReports.empty(), into: &$0) })
  }

  @Test func keysStandInTheirOrder() {
    let text = String(decoding: rendered { JSONReport.render(SampleReports.day(), into: &$0) }, as: UTF8.self)
    func expectOrder(_ keys: [String], after anchor: String) {
      guard var rest = text.firstRange(of: anchor).map({ text[$0.upperBound...] }) else {
        Issue.record("no \(anchor)")
        return
      }
      for key in keys {
        guard let found = rest.firstRange(of: "\"\(key)\": ") else {
          Issue.record("\(key) is not where it should be")
          return
        }
        rest = rest[found.upperBound...]
      }
    }
    expectOrder(["version", "input", "traffic", "attacks", "ledger"], after: "{")
    expectOrder(["files", "bytes", "lines", "parsed", "unparsed", "first", "last"], after: "\"input\"")
    expectOrder(
      [
        "id", "kind", "class", "zone", "start", "end", "confidence", "requests", "peak_rate", "baseline_rate",
        "source_count",
        "sources", "address", "requests", "lower", "upper", "targets", "rules", "id", "title", "matches", "evidence",
        "file",
        "line", "time", "request", "explanation",
      ], after: "\"attacks\"")
  }

  @Test func whateverTheLogHeldTheOutputIsUTF8() {
    let text = rendered { JSONReport.render(SampleReports.hostile(), into: &$0) }
    let string = String(validating: text, as: UTF8.self)
    #expect(string != nil)
    for scalar in (string ?? "").unicodeScalars {
      #expect(scalar.value >= 0x20 || scalar == "\n")
      #expect(!(0x7f..<0xa0).contains(scalar.value) && !(0x2028...0x202e).contains(scalar.value))
    }
    // Each byte that is not UTF-8 is one replacement character: ff, c0, af, ed, a0, 80, f5, e2, 82.
    #expect(string?.contains("\\u0000" + String(repeating: "\u{fffd}", count: 9)) == true)
  }

  @Test func anAttackIsOneLineWhereLinesAreStreamed() {
    let line = rendered { JSONReport.line(SampleReports.hostile().attacks[0], into: &$0) }
    #expect(!line.contains(0x0a))
    #expect(line.first == 0x7b && line.last == 0x7d)
  }

  @Test func whatIsKnownOfASourceStandsBesideItEverywhere() {
    let json = String(decoding: rendered { JSONReport.render(SampleReports.known(), into: &$0) }, as: UTF8.self)
    #expect(
      json.contains(
        "\"lists\": [{\"name\": \"exits\", \"kind\": \"tor\"}], \"country\": \"DE\", \"asn\": 64500, "
          + "\"organisation\": \"Example <b>Net\", \"earlier_attacks\": 4, \"score\": 68"))
    let text = String(
      decoding: rendered { TextReport.render(SampleReports.known(), width: 120, color: false, into: &$0) },
      as: UTF8.self)
    #expect(text.contains(": Tor exit, 1 list, seen in 4 earlier attacks, score 68, DE, AS64500)"))
    let page = String(decoding: rendered { HTMLReport.render(SampleReports.known(), into: &$0) }, as: UTF8.self)
    #expect(page.contains(" Tor exit, 1 list, seen in 4 earlier attacks, score 68, DE, AS64500"))
  }

  @Test(.enabled(if: Programs.hasSchemaValidator, "no jsonschema in .build/venv"))
  func everyReportIsAsItsSchemaSays() {
    Programs.withTemporaryFolder { folder in
      let reports = [
        ("day", SampleReports.day()), ("nothing", SampleReports.nothing()), ("hostile", SampleReports.hostile()),
        ("empty", SampleReports.empty()), ("known", SampleReports.known()),
      ]
      for (name, report) in reports {
        store(rendered { JSONReport.render(report, into: &$0) }, at: "\(folder)/\(name).json")
      }
      let script = """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(schema)
        for path in sys.argv[2:]:
            jsonschema.Draft202012Validator(schema).validate(json.load(open(path, encoding="utf-8"), parse_constant=lambda c: sys.exit(c)))
        """
      store(bytes(script), at: folder + "/validate.py")
      let files = reports.map { "'\(folder)/\($0.0).json'" }.joined(separator: " ")
      #expect(
        Programs.run(
          "'\(Programs.python)' '\(folder)/validate.py' '\(Programs.repository)/docs/report.schema.json' \(files)") == 0
      )
    }
  }
}
