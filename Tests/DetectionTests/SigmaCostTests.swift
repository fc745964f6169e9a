import Testing

@testable import Detection

/// Rules that cost too much are named, by work and not by time.
@Suite struct SigmaCostTests {
  @Test func noShippedRuleIsCostly() throws {
    let rules = try RuleSet.load(ShippedRules.files.map { ($0.name, Array($0.text.utf8)) })
    #expect(rules.costlyRules(from: RuleCost.threshold / 3).map(\.description) == [])
  }

  @Test func rulesWithoutPlainLettersAreNamedWithTheirCost() throws {
    func search(_ value: String, _ id: String) -> String {
      rule("s: {\(value)}\ncondition: s", id: id, level: "high") + "---\n"
    }
    let rules = try load(
      search("c-uri|re: '(..).*(..).*\\2.*\\1.*\\2.*\\1'", "backward")
        + search("cs-user-agent|re: '^((a|b| )+)+(?<=x)!'", "nested")
        + search("c-uri|contains: union", "plain")
        + search("c-uri|re: 'union\\s+select'", "literal")
        + search("cs-user-agent|re: '[a-z]+bot'", "class")
        // Vectorscan takes it, whatever it would cost others.
        + search("c-uri|re: '^(([a-z0-9=/?&+]|\\.)+)+\\s'", "automaton"))
    let costs = rules.costlyRules()
    #expect(costs.map(\.rule.id).sorted() == ["backward", "nested"], "\(costs)")
    #expect(rules.costlyRules().map(\.steps) == costs.map(\.steps))
    let nested = try #require(costs.first { $0.rule.id == "nested" })
    #expect(nested.givesUp && nested.description.hasPrefix("f0.yml:"))
  }
}
