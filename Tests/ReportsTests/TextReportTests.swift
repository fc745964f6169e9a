import Bytes
import Detection
import Testing

@testable import Reports

@Suite struct TextReportTests {
  @Test(arguments: [80, 100, 120, 200])
  func aDayLooksAsItShould(_ width: Int) {
    expectGolden(
      "day-\(width).txt", rendered { TextReport.render(SampleReports.day(), width: width, color: false, into: &$0) })
  }

  @Test func nothingFoundIsSaidPlainly() {
    expectGolden(
      "nothing.txt", rendered { TextReport.render(SampleReports.nothing(), width: 100, color: false, into: &$0) })
    expectGolden(
      "empty.txt", rendered { TextReport.render(SampleReports.empty(), width: 100, color: false, into: &$0) })
  }

  @Test func colourAddsOnlyColour() {
    for width in [80, 133] {
      let plain = rendered { TextReport.render(SampleReports.day(), width: width, color: false, into: &$0) }
      var colored = String(
        decoding: rendered { TextReport.render(SampleReports.day(), width: width, color: true, into: &$0) },
        as: UTF8.self)
      colored.replace(/\u{1b}\[[0-9;]*m/, with: "")
      let stripped = colored.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        String(line.reversed().drop { $0 == " " }.reversed())
      }
      let expected = String(decoding: plain, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      #expect(stripped == expected.map(String.init))
    }
  }

  @Test func hostileBytesNeverReachTheTerminal() {
    for report in [SampleReports.hostile()] {
      for width in [0, 60, 80, 200, 100_000] {
        let text = rendered { TextReport.render(report, width: width, color: false, into: &$0) }
        expectHarmless(text)
      }
      for attack in report.attacks { expectHarmless(rendered { LiveReport.line(attack, color: false, into: &$0) }) }
    }
  }

  @Test func noLineIsWiderThanTheTerminal() {
    for report in [SampleReports.day(), SampleReports.hostile(), SampleReports.nothing()] {
      for width in [60, 79, 80, 81, 100, 119, 160, 200] {
        let text = String(
          decoding: rendered { TextReport.render(report, width: width, color: false, into: &$0) }, as: UTF8.self)
        for line in text.split(separator: "\n") {
          // Two wide characters are in the sample, so characters are at most columns.
          #expect(line.unicodeScalars.count <= width, "\(width): \(line)")
        }
      }
    }
  }

  @Test func oneAttackIsToldWhole() throws {
    let attack = SampleReports.attacks()[0]
    expectGolden("explain.txt", rendered { TextReport.explain(attack, width: 100, color: false, into: &$0) })
    let lines = String(
      decoding: rendered { TextReport.explain(attack, width: 60, color: false, into: &$0) }, as: UTF8.self
    ).split(separator: "\n").map { $0.drop { $0 == " " } }
    // To be pasted as they are, however narrow the terminal.
    #expect(!attack.mitigations.isEmpty)
    for measure in attack.mitigations {
      for line in measure.text.split(separator: "\n") { #expect(lines.contains(line.drop { $0 == " " })) }
    }
    for attack in SampleReports.hostile().attacks {
      expectHarmless(rendered { TextReport.explain(attack, width: 80, color: false, into: &$0) })
    }
  }

  @Test func anAttackIsNamedByTheFirstDigitsOfItsId() throws {
    var attacks = [Attack](repeating: SampleReports.attacks()[0], count: 3)
    for (i, id) in ["00aa000000000000", "00ab000000000000", "ff00000000000000"].enumerated() { attacks[i].id = id }
    #expect(try Attack.only("00AB", of: attacks).id == attacks[1].id)
    #expect(try Attack.only(attacks[2].id, of: attacks).id == attacks[2].id)
    for wrong in ["00", "", "1", "ff000000000000001", "\u{1b}[2J"] {
      let error = #expect(throws: UnknownAttack.self) { try Attack.only(wrong, of: attacks) }
      #expect(error?.description.contains("\u{1b}") == false)
    }
  }

  @Test func liveLinesSayWhatChanged() {
    var attack = SampleReports.attacks()[1]
    var lines: [UInt8] = []
    for state in [AttackState.started, .ongoing, .ended] {
      attack.state = state
      lines += rendered { LiveReport.line(attack, color: false, into: &$0) }
    }
    expectGolden("live.txt", lines)
  }

  private func expectHarmless(_ text: [UInt8], at location: SourceLocation = #_sourceLocation) {
    let string = String(validating: text, as: UTF8.self)
    #expect(string != nil, "not UTF-8", sourceLocation: location)
    for scalar in (string ?? "").unicodeScalars {
      let hostile =
        scalar.value < 0x20 && scalar != "\n" || (0x7f..<0xa0).contains(scalar.value)
        || (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      #expect(!hostile, "U+\(String(scalar.value, radix: 16))", sourceLocation: location)
    }
  }

  @Test(arguments: 60...130) func whatIsCutSaysSo(width: Int) {
    let text =
      "with 2,383 bytes where the zone's page for errors has 2,200, as far as is known; and then there is more to say, which takes up a line or two, and ends by now"
    for limit in 1...4 {
      var canvas = TextCanvas(width: width, color: false)
      canvas.paragraph(text, indent: 2, limit: limit)
      let shown = String(decoding: canvas.output.bytes.copied(), as: UTF8.self)
      #expect(shown.hasSuffix("now\n") || shown.hasSuffix("…\n"), "\(shown)")
      #expect(shown.split(separator: "\n").allSatisfy { $0.count <= width })
      #expect(shown.split(separator: "\n").count <= limit)
    }
  }

  @Test func whatIsUsualIsSaidOnlyWhereItIsKnown() {
    var attack = Attack(id: "00ab00ab00ab00ab", kind: .scraping, zone: Array("a".utf8), start: 0, end: 1)
    attack.peakRate = 4
    #expect(attack.rates == "4/s")
    attack.baselineRate = 0.5
    #expect(attack.rates == "4/s, usually 0.5/s")
  }
}
