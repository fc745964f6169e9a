import Testing

/// `--diff-rules`: what one rule set finds and another does not.
@Suite struct RuleDiffTests {
  let scratch = Scratch()

  private func rule(_ id: String, _ value: String, level: String = "high") -> String {
    """
    title: About \(id)
    id: \(id)
    logsource: {category: webserver}
    detection:
      s: {cs-uri-stem|contains: \(value)}
      condition: s
    level: \(level)
    ---

    """
  }

  /// 600 requests: every 20th to `/old-N`, every 30th to `/new-N`; `/both` stands in the next file.
  private func write() {
    _ = shell("mkdir '\(scratch.path)/a' '\(scratch.path)/b'")
    scratch.file(
      "access.log", log(600) { $0 % 20 == 0 ? "/old-\($0)" : $0 % 30 == 10 ? "/new-\($0)" : "/page/\($0 % 7)" })
    scratch.file("later.log", log(3, from: 700) { _ in "/both/\u{1b}[31m" })
    scratch.file(
      "a/rules.yml", rule("r-changed", "/old-") + rule("r-level", "/both", level: "low") + rule("r-gone", "/old-2"))
    scratch.file(
      "b/rules.yml", rule("r-changed", "/new-") + rule("r-level", "/both") + rule("r-same", "/nowhere"))
  }

  private static let arguments = "access.log later.log -q --rules a --diff-rules b"

  @Test func whatOneRuleSetFindsAloneIsCountedByRuleWithExamples() {
    write()
    let outcome = scratch.replay(Self.arguments + " --examples 2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("603 requests; 30 judged an attack by A, 13 by B (score 50 or more)"))
    #expect(words.contains("30 attacks by A only, 13 by B only; 40 requests matched by other rules"))
    #expect(words.contains("r-changed 30 10 30 10"))
    // In B there is no such rule.
    #expect(words.contains("r-gone 6 – 6 0"))
    #expect(!words.contains("r-level 3"))
    #expect(words.contains("B only access.log:11 GET /new-10"))
    #expect(words.contains("A only access.log:1 GET /old-0"))
    #expect(!words.contains("/new-130"))
  }

  @Test func bytesOfALogReachTheTerminalEscaped() {
    write()
    let outcome = scratch.replay(Self.arguments + " --examples 20")
    #expect(outcome.output.contains("later.log:1  GET /both/\\x1b[31m"))
    #expect(!outcome.output.contains("\u{1b}"))
  }

  @Test func theComparisonIsTheSameForAnyNumberOfThreads() {
    write()
    let first = scratch.replay(Self.arguments + " --report json --threads 1")
    #expect(first.output.contains("\"only_b\": 13"))
    for threads in [2, 7] {
      #expect(scratch.replay(Self.arguments + " --report json --threads \(threads)").output == first.output)
    }
  }

  @Test func aRuleSetDoesNotDifferFromItself() {
    write()
    let outcome = scratch.replay("access.log -q --rules a --diff-rules a")
    #expect(outcome.output.contains("No rule matches other requests."))
  }

  @Test func standardInputIsReadOnce() {
    write()
    let outcome = scratch.replay("- -q --rules a --diff-rules b --report json < access.log")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\"requests\": 600"))
  }

  @Test func whatMakesNoSenseTogetherIsRefused() {
    write()
    for wrong in ["--verdicts v", "--follow", "--report html", "--json x", "--fail-on-attack"] {
      let outcome = scratch.replay("\(Self.arguments) \(wrong)")
      #expect(outcome.status == 2 && outcome.errors.contains("--diff-rules"), "\(wrong): \(outcome.errors)")
    }
    #expect(scratch.replay("access.log --examples 3").errors.contains("goes with --diff-rules"))
    scratch.file("b/wrong.yml", "title: x\nlogsource: {category: webserver}\n")
    let outcome = scratch.replay(Self.arguments)
    #expect(outcome.status == 2 && outcome.errors.contains("b/wrong.yml:1"))
  }
}
