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
}
