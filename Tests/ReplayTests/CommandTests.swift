import Bytes
import Configuration
import Detection
import Testing

@testable import Replay

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct CommandTests {
  let scratch = Scratch()

  @Test func aWrongCommandLineHasStatus2() {
    #expect(scratch.replay("--no-such-option").status == 2)
    #expect(scratch.replay("").status == 2)
    scratch.file("access.log", log(1))
    for wrong in ["--since yesterday", "--time-zone Nowhere", "--trusted-proxies 300.1.1.1", "--format bogus"] {
      #expect(scratch.replay("access.log \(wrong)").status == 2)
    }
  }

  @Test func anOutputThatWouldDestroyALogOrAnotherOutputIsRefused() {
    scratch.file("access.log", log(20))
    _ = shell("cd '\(scratch.path)' && ln -s access.log link && mkdir directory")
    for wrong in [
      "--output access.log", "--verdicts ./access.log", "--sources link", "--html new --json new", "--json directory",
      "--dead-letters nowhere/dead", "--html ''",
    ] {
      let outcome = scratch.replay("access.log \(wrong)")
      #expect(outcome.status == 2, "\(wrong): \(outcome.errors)")
    }
    #expect(scratch.contents("access.log") == log(20))
    #expect(scratch.replay("access.log --html /dev/null --json /dev/null").status == 0)
  }

  @Test func archivesAreNotFollowed() {
    scratch.file("access.log", log(20))
    _ = shell("cd '\(scratch.path)' && gzip access.log")
    let outcome = scratch.replay("--follow access.log.gz")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("does not grow"))
  }

  @Test func followingMakesNoReportOfAnEnd() {
    scratch.file("access.log", log(20))
    for wrong in ["--html x.html", "--json x.json", "--report html"] {
      #expect(scratch.replay("--follow access.log \(wrong)").status == 2)
    }
  }

  @Test func oneAttackOfALogIsExplained() throws {
    let made = shell(
      "'\(products)/millrace-simulate' --lines 20000 --seed 5 --duration 1h --attacks default --output '\(scratch.path)/a.log'"
    )
    try #require(made == 0)
    let all = scratch.replay("a.log --report json --quiet")
    let id = try #require(all.output.split(separator: "\"id\": \"").dropFirst().first?.prefix(16))
    let one = scratch.replay("a.log --explain \(id.prefix(10)) --quiet")
    #expect(one.status == 0 && one.output.contains(id) && one.output.contains("Evidence"))
    #expect(one.output.contains("a.log:"))
    let object = scratch.replay("a.log --explain \(id) --report json --quiet")
    #expect(object.status == 0 && object.output.contains("\"\(id)\"") && object.output.hasPrefix("{"))
    let none = scratch.replay("a.log --explain 0123456789abcdef --quiet")
    #expect(none.status == 1 && none.output.isEmpty && none.errors.contains("0123456789abcdef"))
    #expect(scratch.replay("a.log --explain \(id) --report html").status == 2)
    #expect(scratch.replay("a.log --explain \(id) --follow").status == 2)
  }

  @Test func manyFilesOfOneFormatAreSaidInTwoLines() {
    for i in 0..<40 { scratch.file("part\(i).log", log(10, from: i * 10)) }
    let outcome = scratch.replay("'part*.log'")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("and 39 more files of combined"))
    #expect(outcome.errors.split(separator: "\n").count < 6)
  }

  @Test func attacksHaveStatus3OnlyWhereAskedFor() {
    simulate(scratch, "access.log", lines: 40_000)
    #expect(scratch.replay("access.log -q").status == 0)
    #expect(scratch.replay("access.log -q --fail-on-attack").status == 3)
    scratch.file("quiet.log", log(500))
    #expect(scratch.replay("quiet.log -q --fail-on-attack").status == 0)
  }

  @Test func tooLowACoverageHasStatus1AndSaysSo() {
    scratch.file("access.log", log(98) + "what is this\nand that\n")
    #expect(scratch.replay("access.log --min-coverage 0.98").status == 0)
    let outcome = scratch.replay("access.log --min-coverage 0.99")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("--min-coverage"))
  }

  @Test func aClosedPipeEndsQuietlyWith0() {
    simulate(scratch, "access.log", lines: 40_000)
    let status = shell(
      "cd '\(scratch.path)' && '\(products)/millrace-replay' access.log -q --report json 2> err.txt | head -c 1 > /dev/null; "
        + "exit ${PIPESTATUS[0]}")
    #expect(status == 0)
    #expect(scratch.contents("err.txt").isEmpty)
  }

  @Test func interruptedItReportsWhatItHasAndSaysPartial() {
    // More than a pipe and the look at the head of the file hold: what is left of it has been read for good.
    let text = log(4000)
    scratch.file("access.log", text)
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    // The command must not hold the end that is written to, or it would never end by itself.
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    let command = "exec '\(products)/millrace-replay' - --report json <&\(ends[0]) > out.txt 2> err.txt"
    let running = Running(scratch, command)
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let n = bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
      if n <= 0 { break }
      bytes = bytes.dropFirst(n)
    }
    let isEmpty = eventually {
      var waiting: Int32 = 1
      return ioctl(ends[1], UInt(FIONREAD), &waiting) == 0 && waiting == 0
    }
    #expect(isEmpty)
    running.signal(SIGINT)
    #expect(running.wait() == 0)
    close(ends[0])
    close(ends[1])
    #expect(scratch.contents("out.txt").contains("\"parsed\": 4000"))
    #expect(scratch.contents("out.txt").contains("interrupted"))
    #expect(scratch.contents("err.txt").contains("partial"))
  }

  @Test func sinceUntilAndZoneLeaveOut() {
    scratch.file("access.log", log(3600))
    let outcome = scratch.replay(
      "access.log -q --report json --since 2025-06-02T00:10:00Z --until '2025-06-02 00:20'")
    #expect(outcome.output.contains("\"requests\": 600,"))
    #expect(outcome.output.contains("\"excluded\": 3000"))
    #expect(scratch.replay("access.log -q --report json --zone shop.example").output.contains("\"parsed\": 3600"))
  }

  @Test func standardInputIsRead() {
    scratch.file("access.log", log(100))
    #expect(scratch.replay("- --report json < access.log").output.contains("\"parsed\": 100"))
  }

  @Test func aFollowedFileIsReadThroughRotation() {
    simulate(scratch, "all.log", lines: 40_000)
    let current = "\(scratch.path)/access.log"
    func shellHere(_ command: String) { #expect(shell("cd '\(scratch.path)' && \(command)") == 0) }
    shellHere("head -20000 all.log > access.log")
    let running = Running(
      scratch,
      "exec '\(products)/millrace-replay' -f access.log -q --report json --dead-letters dead.json > out.txt 2> err.txt")
    #expect(running.hasRead(current))
    shellHere("mv access.log access.log.1 && tail -n +20001 all.log | head -10000 > next && cat next > access.log")
    #expect(running.hasRead(current))
    // Refilled at once, to about where it was.
    shellHere("tail -n +30001 all.log > next && cat next > access.log")
    #expect(running.hasRead(current))
    running.signal(SIGINT)
    #expect(running.wait() == 0)
    let told = scratch.contents("out.txt").split(separator: "\n")
    #expect(told.contains { $0.contains("\"started\"") })
    #expect(told.contains { $0.contains("\"ended\"") })
    #expect(scratch.contents("dead.json").isEmpty)
  }

  @Test func timesOnTheCommandLineAreRead() {
    let now: Nanoseconds = 1_750_000_000 * nanosecondsPerSecond
    #expect(TimeArgument.parse("1970-01-02", now: now) == 86_400 * nanosecondsPerSecond)
    #expect(TimeArgument.parse("1970-01-01T01:00:00.5+01:00", now: now) == nanosecondsPerSecond / 2)
    #expect(TimeArgument.parse("1970-01-01 00:01", now: now) == 60 * nanosecondsPerSecond)
    #expect(TimeArgument.parse("@12", now: now) == 12 * nanosecondsPerSecond)
    #expect(TimeArgument.parse("2h", now: now) == now - 7200 * nanosecondsPerSecond)
    for wrong in ["", "h", "2025-13-01", "2025-02-30", "2025-01-01T25:00", "9999999999999w", "@x", "12", "-3h"] {
      #expect(TimeArgument.parse(wrong, now: now) == nil, "\(wrong)")
    }
  }

  @Test func sourcesPastTheBoundSpillAndComeOutTheSame() throws {
    func write(bound: Int) throws -> (text: String, runs: Int) {
      var ledger = SourceLedger(bound: bound)
      var seed: UInt64 = 7
      for _ in 0..<5000 {
        let address = IPAddress(v4: UInt32(0x0a00_0000 + splitMix(&seed) % 900))
        let attack = "00000000000000" + ["0a", "1b", "2c"][Int(splitMix(&seed) % 3)]
        let time = Int64(splitMix(&seed) % 1_000_000) * nanosecondsPerSecond
        ledger.record(
          AttackSource(
            attack: attack, kind: .scanning, address: address, requests: splitMix(&seed) % 9, first: time,
            last: time + nanosecondsPerSecond, confidence: 0.5))
      }
      let path = scratch.file("sources-\(bound)", "")
      let output = try OutputFile(path: path)
      try ledger.write(to: output)
      try output.close()
      return (scratch.contents("sources-\(bound)"), ledger.spilledRuns)
    }
    let whole = try write(bound: 1_000_000)
    let spilled = try write(bound: 500)
    #expect(whole.runs == 0)
    #expect(spilled.runs > 2)
    #expect(whole.text == spilled.text)
    #expect(whole.text.split(separator: "\n").count > 850)
  }

  @Test func theProgressBarFitsItsLine() {
    for width in [10, 40, 80, 200] {
      let line = Progress.line(done: 123_456_789, total: 987_654_321, lines: 4_000_000, elapsed: 3, width: width)
      #expect(line.utf8.count <= width)
    }
    #expect(Progress.line(done: 5, total: nil, lines: 0, elapsed: 0, width: 80).contains("lines/s"))
  }
}

@Suite struct RuleOptionTests {
  let scratch = Scratch()

  @Test func rulesOfTheUsersOwnAreApplied() {
    _ = shell("mkdir '\(scratch.path)/rules'")
    scratch.file(
      "rules/tea.yml",
      """
      title: Teapot asked for coffee
      id: 3f6a2c1e-7b1d-4a55-9c0a-2f1f0a6b7c8d
      level: high
      logsource: {category: webserver}
      detection:
        selection: {cs-uri-stem: /brew/coffee}
        condition: selection
      """)
    scratch.file("access.log", log(500) + log(1, from: 500, target: { _ in "/brew/coffee" }))
    let outcome = scratch.replay("access.log -q --rules rules --verdicts v.tsv")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(scratch.contents("v.tsv").contains("access.log\t501\t75"))
  }

  @Test func aWrongRuleIsAnErrorWithItsPlaceAndStatus2() {
    _ = shell("mkdir '\(scratch.path)/rules'")
    scratch.file("rules/bad.yml", "title: No detection\nlogsource: {category: webserver}\n")
    scratch.file("access.log", log(1))
    let outcome = scratch.replay("access.log --rules rules")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("bad.yml"))
  }
}
