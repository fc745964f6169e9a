// Lists of addresses and what is allowed, from the pipeline file to the report.

import Testing

/// Requests with payloads, two a second, from one address.
private func attack(from address: String, _ target: (Int) -> String, count: Int = 40, agent: String = "curl/8")
  -> String
{
  var text = ""
  for i in 0..<count {
    let second = i / 2 < 10 ? "0\(i / 2)" : "\(i / 2)"
    text +=
      "\(address) - - [02/Jun/2025:00:10:\(second) +0000] \"GET \(target(i)) HTTP/1.1\" 404 120 \"-\" \"\(agent)\"\n"
  }
  return text
}

private func payload(_ i: Int) -> String { "/page/\(i)?q=1%27%20UNION%20SELECT%20password%20FROM%20users--" }

@Suite struct KnownAddressesTests {
  let scratch = Scratch()

  private func replay(_ arguments: String) throws -> String {
    let outcome = scratch.replay("access.log --quiet --report json \(arguments)")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  @Test func sourcesAreSaidToBeOnTheListsThatHoldThem() throws {
    scratch.file("access.log", log(590) + attack(from: "203.0.113.66", payload))
    scratch.file("exits.txt", "ExitAddress 203.0.113.66 2025-06-01 00:00:00\n")
    scratch.file("bad.netset", "# bad\n203.0.113.0/24\n")
    scratch.file("worse.tsv", "203.0.113.66\t7\n203.0.113.67\t1\n")
    _ = shell("cd '\(scratch.path)' && gzip worse.tsv")
    scratch.file(
      "known.yaml",
      """
      reputation:
        lists:
          - {name: exits, path: exits.txt, kind: tor}
          - {name: bad, path: bad.netset}
          - {name: worse, path: worse.tsv.gz, format: ipsum, least: 3}
      """)
    let known = try replay("--pipeline known.yaml --threads 1")
    #expect(known.contains("Its address: Tor exit, known for abuse, 3 lists (exits, bad, worse)."))
    #expect(
      known.contains("\"lists\": [{\"name\": \"exits\", \"kind\": \"tor\"}, {\"name\": \"bad\", \"kind\": \"abuse\"}"))
    #expect(try replay("--pipeline known.yaml --threads 4") == known)
    let text = scratch.replay("access.log --quiet --pipeline known.yaml").output
    #expect(text.contains("203.0.113.66 (40: Tor exit, known for abuse, 3 lists)"))
    // Lists on which no source is change nothing, and neither does what is not configured.
    scratch.file("other.txt", "192.0.2.250\n")
    scratch.file("none.yaml", "reputation: {lists: [{path: other.txt}]}\n")
    #expect(try replay("--pipeline none.yaml") == replay(""))
  }

  @Test func aListThatHoldsNothingIsRefusedAndBadLinesAreToldWithTheirPlace() throws {
    scratch.file("access.log", log(20))
    scratch.file("empty.txt", "# nothing\n")
    scratch.file("odd.txt", "192.0.2.1\n0.0.0.0/0\nnothing\n")
    scratch.file("known.yaml", "reputation: {lists: [{path: empty.txt}, {path: odd.txt}]}\n")
    let outcome = scratch.replay("access.log --pipeline known.yaml")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("empty.txt: the list 'empty.txt' is not used: it holds no address"))
    #expect(outcome.errors.contains("odd.txt, line 2: 0.0.0.0/0 is too wide"))
    #expect(outcome.errors.contains("odd.txt, line 3: 'nothing' is neither an address nor a network"))
    scratch.file("known.yaml", "reputation: {lists: [{path: missing.txt}]}\n")
    let missing = scratch.replay("access.log --pipeline known.yaml")
    #expect(missing.status == 2 && missing.errors.contains("missing.txt"))
    scratch.file("known.yaml", "reputation: {country: odd.txt}\n")
    #expect(scratch.replay("access.log --pipeline known.yaml").status == 2)
    #expect(scratch.replay("--check --pipeline known.yaml").status == 2)
  }

  @Test func crawlersOfAListAreBelievedAsThoseOfTheOptionAre() throws {
    scratch.file("access.log", log(590) + attack(from: "203.0.113.66", { "/gone/\($0)" }, count: 60, agent: "Bot/1"))
    scratch.file("bot.json", "{\"prefixes\": [{\"ipv4Prefix\": \"203.0.113.64/27\"}]}")
    scratch.file("ranges.txt", "Bot 203.0.113.64/27\n")
    scratch.file("known.yaml", "reputation: {lists: [{name: Bot, path: bot.json, kind: crawler}]}\n")
    let before = try replay("")
    #expect(before.contains("\"kind\": \"scanning\""))
    let listed = try replay("--pipeline known.yaml")
    #expect(!listed.contains("\"kind\": \"scanning\""))
    #expect(try replay("--crawlers ranges.txt") == listed)
  }
}

@Suite struct AllowedRequestsTests {
  let scratch = Scratch()

  private func report(_ log: String, allow: String, _ more: String = "", _ options: String = "") -> String {
    scratch.file("access.log", log)
    scratch.file("allow.yaml", "allow:\n  - \(allow)\n\(more)")
    let outcome = scratch.replay("access.log --quiet --report json --pipeline allow.yaml \(options)")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }

  private func isClean(_ report: String) -> Bool { report.contains("\"attacks\": []") }
  private let quiet = log(590)

  @Test func whatIsAllowedRaisesNothingAndIsCounted() {
    let hostile = quiet + attack(from: "203.0.113.66", { "/health?q=1%27%20OR%201=1--\($0)" }, agent: "Monitor/1.0")
    for allow in [
      "{networks: [203.0.113.0/24]}", "{path: /health}", "{path_prefix: /health}", "{user_agent: Monitor/1.0}",
      "{user_agent_contains: Monitor}", "{networks: [203.0.113.66], path: /health, user_agent: Monitor/1.0}",
    ] {
      let said = report(hostile, allow: allow)
      #expect(isClean(said) && said.contains("\"allowed\": 40") && said.contains("\"balances\": true"), "\(allow)")
      #expect(said.contains("\"requests\": 590,"), "\(allow)")
      #expect(said.contains("40 requests are allowed by the pipeline"))
    }
    for allow in ["{networks: [203.0.113.0/27]}", "{path: /healthy}", "{user_agent: Monitor}"] {
      let said = report(hostile, allow: allow)
      #expect(!isClean(said) && !said.contains("\"allowed\""), "\(allow)")
    }
  }

  @Test(arguments: [
    "/health/../page?q=1%27%20UNION%20SELECT%20a%20FROM%20b--",
    "/health/%2e%2e/etc/passwd?q=1%27%20UNION%20SELECT%20a--",
    "/health%252f..%252f..%252fetc/passwd?q=1%27%20UNION%20SELECT%20a--", "/health;/..;/?q=1%27%20UNION%20SELECT%20a--",
    "/x/..%2fhealth?q=1%27%20UNION%20SELECT%20a--", "/health%00?q=1%27%20UNION%20SELECT%20a--",
    "http://a.example/health?q=1%27%20UNION%20SELECT%20a--", "/healthy?q=1%27%20UNION%20SELECT%20a--",
  ])
  func aPathThatOnlyResemblesAnAllowedOneIsJudged(target: String) {
    let said = report(quiet + attack(from: "203.0.113.66", { _ in target }), allow: "{path_prefix: /health}")
    #expect(!isClean(said) && !said.contains("\"allowed\""))
  }

  @Test func anAddressInAHeaderOfAnUntrustedPeerIsNotTheClients() {
    let format =
      "--format 'apache:%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" \"%{X-Forwarded-For}i\"'"
    func forwarded(_ text: String, _ list: String) -> String {
      text.split(separator: "\n").map { "\($0) \"\(list)\"\n" }.joined()
    }
    let office = "{networks: [192.0.2.0/24]}"
    let visitors = forwarded(quiet.replacing("192.0.2.", with: "198.51.100."), "-")
    for spoofed in ["192.0.2.7", "192.0.2.7, 203.0.113.66", "::ffff:192.0.2.7"] {
      let hostile = visitors + forwarded(attack(from: "203.0.113.66", payload), spoofed)
      let said = report(hostile, allow: office, "", format)
      #expect(!isClean(said) && !said.contains("\"allowed\""), "\(spoofed)")
    }
    // Of a trusted peer the address that it saw counts, not what the client wrote before it.
    let trusted = "input: {trusted_proxies: [10.0.0.1]}\n"
    let through = visitors + forwarded(attack(from: "10.0.0.1", payload), "192.0.2.7, 203.0.113.66")
    let said = report(through, allow: office, trusted, format)
    #expect(!isClean(said) && !said.contains("\"allowed\"") && said.contains("\"203.0.113.66\""))
  }

  @Test func theResultIsTheSameForAnyNumberOfThreads() {
    simulate(scratch, "sim.log", lines: 30_000)
    let log = scratch.contents("sim.log")
    let one = report(log, allow: "{path_prefix: /assets}\n  - {user_agent_contains: Firefox}", "", "--threads 1")
    #expect(one.contains("\"allowed\""))
    #expect(report(log, allow: "{path_prefix: /assets}\n  - {user_agent_contains: Firefox}", "", "--threads 4") == one)
  }

  @Test func aPipelineThatAllowsTooMuchDoesNotStart() {
    scratch.file("access.log", quiet)
    for allow in ["{networks: [0.0.0.0/0]}", "{networks: ['::/0']}", "{path_prefix: /}", "{}"] {
      scratch.file("allow.yaml", "allow: [\(allow)]\n")
      #expect(scratch.replay("access.log --pipeline allow.yaml").status == 2, "\(allow)")
    }
  }
}
