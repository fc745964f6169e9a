import Testing

@testable import Detection

/// Sigma's filters: conditions that are added to the rules of others.
@Suite struct SigmaFilterTests {
  static let base =
    rule("s: {cs-uri-stem|contains: /a}\ncondition: s", id: "a")
    + "---\n" + rule("s: {cs-uri-stem|contains: /b}\ncondition: s or s", id: "b", source: "category: proxy")

  static func filter(_ rules: String, source: String = "category: webserver", id: String = "f") -> String {
    "---\ntitle: Filter\nid: \(id)\nlogsource: {\(source)}\nfilter:\n  rules: \(rules)\n"
      + "  own: {cs-user-agent: monitor}\n  condition: not own\n"
  }

  private func found(_ filter: String) throws -> [[String]] {
    let rules = try load(Self.base + filter)
    return ["", "monitor"].map { agent in
      ["/a", "/b"].flatMap { matches(rules, Request(target: $0, userAgent: agent)) }
    }
  }

  @Test func aFilterIsAddedToTheRulesThatItNames() throws {
    #expect(try found(Self.filter("[a]")) == [["a", "b"], ["b"]])
    #expect(try found(Self.filter("a")) == [["a", "b"], ["b"]])
    // Only to those of its log source, named or not.
    #expect(try found(Self.filter("[a, b]")) == [["a", "b"], ["b"]])
    #expect(try found(Self.filter("any")) == [["a", "b"], ["b"]])
    #expect(try found(Self.filter("any", source: "category: proxy")) == [["a", "b"], ["a"]])
    #expect(try found(Self.filter("any", source: "category: process_creation")) == [["a", "b"], ["a", "b"]])
    #expect(
      try found(Self.filter("any") + Self.filter("any", source: "category: proxy", id: "g")) == [["a", "b"], []])
  }

  @Test func aFilterMayStandBeforeItsRulesAndBeDisabled() throws {
    let filter = Self.filter("[a]").dropFirst(4)
    let files = [("f.yml", Array(filter.utf8)), ("r.yml", Array(Self.base.utf8))].map { (name: $0.0, text: $0.1) }
    let request = Request(target: "/a", userAgent: "monitor")
    #expect(matches(try RuleSet.load(files), request).isEmpty)
    #expect(matches(try RuleSet.load(files, disabled: ["f"]), request) == ["a"])
  }

  @Test func whatAFilterCannotDoIsSaid() throws {
    #expect(
      loadErrors(Self.base + Self.filter("[nobody]")).first?.hasSuffix("no rule has the id or name 'nobody'") == true)
    #expect(loadErrors(Self.base + Self.filter("[]")).first?.hasSuffix("'any' names all") == true)
    #expect(loadErrors(Self.base + Self.filter("[a]", id: "a")).first?.contains("is used already") == true)
    #expect(
      loadErrors(Self.base + Self.filter("[a]").split(separator: "\n").dropLast().joined(separator: "\n")).first?
        .hasSuffix("'detection' and 'filter' need a 'condition'") == true)
    let rules = try load(Self.base + Self.filter("[a, b]"))
    #expect(rules.notes == ["f0.yml:19: filter 'Filter' leaves rule 'Rule b' as it is: it has another log source"])
  }
}
