import Testing

/// Correlations of the user's own, from the file of rules to the report.
@Suite struct CorrelationTests {
  let scratch = Scratch()

  /// Ten minutes of pages by many clients, and every tenth a new page by one of them.
  private func write() {
    _ = shell("mkdir '\(scratch.path)/rules'")
    let text = log(600) { $0 % 10 == 0 ? "/page/rare-\($0)" : "/page/\($0 % 7)" }
    let lines = text.split(separator: "\n").enumerated().map { number, line in
      number % 10 == 0 ? "198.51.100.7" + line.drop { $0 != " " } : String(line)
    }
    scratch.file("access.log", lines.joined(separator: "\n") + "\n")
  }

  private static let page = """
    title: A page
    id: 7d0c4c1e-70a5-4a0c-8b5b-2d0a2b6a0001
    name: page
    logsource: {category: webserver}
    detection:
      page: {cs-uri-stem|startswith: /page/}
      condition: page
    level: informational
    ---

    """

  @Test func anEventCountOfTheUsersIsAnAttackWithItsTitleAndLevel() {
    write()
    scratch.file(
      "rules/count.yml",
      Self.page
        + """
        title: Many pages by one client
        id: 7d0c4c1e-70a5-4a0c-8b5b-2d0a2b6a0002
        correlation:
          type: event_count
          rules: [page]
          group-by: [c-ip]
          timespan: 5m
          condition: {gte: 20}
        level: high
        """)
    let outcome = scratch.replay("access.log -q --rules rules --report json --sources sources.tsv")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Many pages by one client"))
    #expect(outcome.output.contains("\"kind\": \"correlation\""))
    #expect(outcome.output.contains("\"severity\": \"high\""))
    #expect(scratch.contents("sources.tsv").contains("198.51.100.7\t"))
    #expect(!scratch.contents("sources.tsv").contains("192.0.2."))
  }

  @Test func aValueCountOfTheUsersCountsWhatDiffers() {
    write()
    func rule(_ least: Int) -> String {
      Self.page
        + """
        title: Many different pages by one client
        id: 7d0c4c1e-70a5-4a0c-8b5b-2d0a2b6a0003
        correlation:
          type: value_count
          rules: [page]
          group-by: [c-ip]
          timespan: 5m
          condition: {gte: \(least), field: cs-uri-stem}
        level: critical
        """
    }
    scratch.file("rules/values.yml", rule(25))
    let outcome = scratch.replay("access.log -q --rules rules --report json")
    #expect(outcome.output.contains("different pages by one client"))
    scratch.file("rules/values.yml", rule(100))
    #expect(!scratch.replay("access.log -q --rules rules --report json").output.contains("different pages"))
  }

  /// Some clients send a look, then a try, then a visit, spread over windows, partitions and files; others the same in
  /// another order or too slowly.
  @Test func rulesInTheirOrderAreFoundByAnyNumberOfThreads() {
    _ = shell("mkdir '\(scratch.path)/rules'")
    let steps = ["look", "try", "visit"]
    scratch.file(
      "rules/steps.yml",
      steps.map {
        """
        title: Step \($0)
        id: step-\($0)
        name: \($0)
        logsource: {category: webserver}
        detection:
          s: {cs-uri-stem|startswith: /\($0)}
          condition: s
        level: low
        ---

        """
      }.joined()
        + """
        title: Look, try, visit
        id: 7d0c4c1e-70a5-4a0c-8b5b-2d0a2b6a0009
        correlation:
          type: temporal_ordered
          rules: [look, try, visit]
          group-by: [who]
          aliases:
            who: {look: c-ip, try: c-ip, visit: c-ip}
          timespan: 2m
        level: critical
        """)
    // Every client of the log comes by every 200 s; these four come thrice within a minute or three.
    let plans: [(client: String, times: [(Int, String)])] = [
      ("198.51.100.1", [(1000, "look"), (1025, "try"), (1055, "visit")]),
      ("198.51.100.2", [(1000, "try"), (1025, "look"), (1055, "visit")]),
      ("198.51.100.3", [(1000, "look"), (1100, "try"), (1200, "visit")]),
      ("198.51.100.4", [(1500, "look"), (1610, "try"), (1619, "visit")]),
    ]
    var lines = log(3000).split(separator: "\n").map(String.init)
    for plan in plans {
      for (second, step) in plan.times {
        let line = log(1, from: second) { _ in "/\(step)/\(plan.client)" }
        lines.append(plan.client + line.drop { $0 != " " }.dropLast())
      }
    }
    func time(_ line: String) -> Substring { line.drop { $0 != "[" }.prefix(30) }
    lines.sort { time($0) < time($1) }
    let halves = lines.indices.map { $0 % 2 }
    for half in 0..<2 {
      let part = zip(lines, halves).filter { $0.1 == half }.map(\.0)
      scratch.file("access\(half).log", part.joined(separator: "\n") + "\n")
    }
    var reports: [String] = []
    for threads in [1, 2, 7] {
      let outcome = scratch.replay(
        "access0.log access1.log -q --rules rules --report json --threads \(threads) --sources sources.tsv")
      #expect(outcome.status == 0, "\(outcome.errors)")
      reports.append(outcome.output)
      let sources = scratch.contents("sources.tsv")
      let found = plans.map(\.client).filter { sources.contains("\($0)\t") }
      #expect(found == ["198.51.100.1", "198.51.100.4"], "\(threads): \(sources)")
    }
    #expect(reports[0].contains("Look, try, visit") && reports[0].contains("\"severity\": \"critical\""))
    #expect(reports[1] == reports[0] && reports[2] == reports[0])
  }
}
