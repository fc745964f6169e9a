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
