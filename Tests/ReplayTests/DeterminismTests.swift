import Testing

@Suite struct DeterminismTests {
  let scratch = Scratch()

  @Test func theReportIsTheSameForAnyNumberOfThreads() {
    simulate(scratch, "access.log", lines: 60_000)
    let reports = [1, 2, 7].map { threads in
      let outcome = scratch.replay(
        "access.log -q --report json --threads \(threads) --verdicts v\(threads) --sources s\(threads)")
      #expect(outcome.status == 0)
      return outcome.output
    }
    #expect(reports[0].utf8.count > 5000)
    #expect(reports.allSatisfy { $0 == reports[0] })
    #expect(scratch.contents("v1").utf8.count > 100)
    for threads in [2, 7] {
      #expect(scratch.contents("v\(threads)") == scratch.contents("v1"))
      #expect(scratch.contents("s\(threads)") == scratch.contents("s1"))
    }
  }

  @Test(arguments: ["docker", "cri", "iis", "flat-json", "caddy"])
  func linesThatDependOnThoseBeforeAreReadTheSameByAnyNumberOfThreads(_ format: String) {
    simulate(scratch, "access.log", lines: 12_000, format: format)
    let reports = [1, 2, 7].map { scratch.replay("access.log -q --report json --threads \($0)").output }
    #expect(reports[0].contains("\"unparsed\": 0"))
    #expect(reports[0].contains("\"balances\": true"))
    #expect(reports.allSatisfy { $0 == reports[0] })
  }

  @Test func timesColumnsAndPiecesAreCarriedOverTheChunks() {
    // Lines without a time have that of the line before; pieces of a line lie far apart; columns change.
    var json = ""
    for i in 0..<20_000 {
      let time = i % 50 == 0 ? "\"time\":\(1_772_600_767 + i / 10)," : ""
      json += "{\(time)\"client\":\"192.0.2.\(i % 200)\",\"method\":\"GET\",\"path\":\"/\(i)\",\"status\":200}\n"
    }
    scratch.file("json.log", json)
    let half = String(log(1).dropLast())
    let at = half.index(half.startIndex, offsetBy: 40)
    var cri = ""
    for i in 0..<6000 {
      let (stream, stamp) = (i % 3 == 0 ? "stderr" : "stdout", "2025-06-02T00:00:00.\(100_000_000 + i)Z")
      cri += "\(stamp) \(stream) P \(half[..<at])\n\(stamp) \(stream) F \(half[at...])\n"
    }
    scratch.file("cri.log", cri)
    var columns = ""
    for i in 0..<12_000 {
      if i % 5000 == 0 { columns += "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n" }
      if i % 5000 == 2500 { columns += "#Fields: date time sc-status c-ip cs-method cs-uri-stem\n" }
      let fields = ["192.0.2.1 GET /\(i)", "200"]
      columns += "2026-03-04 05:06:07 " + (i % 5000 < 2500 ? fields : fields.reversed()).joined(separator: " ") + "\n"
    }
    scratch.file("columns.log", columns)
    for (name, format, lines) in [
      ("json.log", "json", 20_000), ("cri.log", "cri+combined", 6000), ("columns.log", "w3c", 12_000),
    ] {
      let reports = [1, 2, 7].map {
        scratch.replay("\(name) -q --format \(format) --report json --threads \($0)").output
      }
      #expect(reports[0].contains("\"parsed\": \(lines),"), "\(name)")
      #expect(reports.allSatisfy { $0 == reports[0] }, "\(name)")
    }
  }

  @Test func aLineThatNeverEndedIsReadWhereItsSourceEnds() {
    let whole = log(3).split(separator: "\n")
    let stamp = "2025-06-02T00:00:00.5Z stdout"
    scratch.file("cri.log", "\(stamp) F \(whole[0])\n\(stamp) F \(whole[1])\n\(stamp) P \(whole[2])\n")
    for threads in [1, 2] {
      let outcome = scratch.replay("cri.log -q --format cri+combined --report json --threads \(threads)")
      #expect(outcome.output.contains("\"lines\": 3, \"parsed\": 3"), "\(outcome.output.prefix(600))")
      #expect(outcome.output.contains("\"balances\": true"))
    }
    // Its other half stands in the file that goes on.
    let at = whole[1].index(whole[1].startIndex, offsetBy: 50)
    scratch.file("cri.log.1", "\(stamp) F \(whole[0])\n\(stamp) P \(whole[1][..<at])\n")
    scratch.file("cri.log", "\(stamp) F \(whole[1][at...])\n\(stamp) F \(whole[2])\n")
    let split = scratch.replay("cri.log.1 cri.log -q --format cri+combined --report json")
    #expect(split.output.contains("\"unparsed\": 0"))
  }

  @Test func aLogSplitByRotationHoldsTheSameAttacks() {
    simulate(scratch, "access.log", lines: 60_000)
    _ = shell("cd '\(scratch.path)' && split -n l/4 access.log part- && gzip part-ab")
    let whole = scratch.replay("access.log -q --report json")
    let split = scratch.replay("'part-*' -q --report json")
    #expect(Self.attacks(whole.output) == Self.attacks(split.output))
    #expect(Self.attacks(whole.output).count > 20)
  }

  /// The lines of the report's attacks without the places of evidence.
  static func attacks(_ report: String) -> [Substring] {
    let lines = report.split(separator: "\n")
    guard let start = lines.firstIndex(where: { $0.contains("\"attacks\": [") }) else { return [] }
    let end = lines[start...].firstIndex { $0.contains("\"ledger\"") } ?? lines.endIndex
    return lines[start..<end].map { line in
      // {"file": ..., "line": ..., "time": ...: what stands from the time on.
      guard let time = String(line).range(of: "\"time\": "), line.contains("\"file\": ") else { return line }
      return Substring(String(line)[time...])
    }
  }

  @Test func filesThatOverlapAreReadSideBySide() {
    // Two hosts with the same hours: read one after the other, the second one's lines would all be late.
    scratch.file("a.log", log(5000))
    scratch.file("b.log", log(5000, target: { "/other/\($0 % 7)" }))
    let outcome = scratch.replay("a.log b.log -q --report json")
    #expect(outcome.output.contains("\"late\": 0"))
    #expect(outcome.output.contains("\"parsed\": 10000"))
  }
}
