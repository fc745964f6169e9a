import Testing

@testable import Detection

@Suite struct SigmaConditionTests {
  /// Searches a, b, c and _d hold where the target has their letter.
  func verdict(_ condition: String, _ target: String) throws -> Bool {
    let searches = ["a", "b1", "b2", "_d"].map { "\($0): {c-uri|contains: '<\($0)>'}\n" }.joined()
    return try !matches(load(rule(searches + "condition: \(condition)")), Request(target: target)).isEmpty
  }

  @Test func notBindsTighterThanAndWhichBindsTighterThanOr() throws {
    #expect(try verdict("a or b1 and b2", "<a>"))
    #expect(try !verdict("(a or b1) and b2", "<a>"))
    #expect(try verdict("not a and b1", "<b1>"))
    #expect(try !verdict("not (a or b1)", "<b1>"))
    #expect(try verdict("not a or b1", "<a><b1>"))
    #expect(try verdict("not not a", "<a>"))
    #expect(try verdict("a AND NOT b1", "<a>"))
  }

  @Test func quantifiersChooseByPattern() throws {
    #expect(try verdict("1 of b*", "<b2>"))
    #expect(try !verdict("all of b*", "<b2>"))
    #expect(try verdict("all of b*", "<b1><b2>"))
    #expect(try verdict("any of them", "<a>"))
    #expect(try !verdict("1 of them", "<_d>"), "names with an underscore are not among them")
    #expect(try verdict("all of them", "<a><b1><b2>"))
    #expect(try verdict("a and not 1 of b*", "<a>"))
    #expect(try !verdict("a and not 1 of b*", "<a><b1>"))
    #expect(try verdict("1 of *d", "<_d>"))
  }

  @Test func severalConditionsAreAlternatives() throws {
    #expect(try verdict("[a, b1]", "<b1>"))
    #expect(try !verdict("[a, b1]", "<b2>"))
  }

  @Test func aRuleOfAbsenceMatchesWhereNothingIsFound() throws {
    #expect(try verdict("not a", "/"))
    #expect(try !verdict("not a", "<a>"))
  }

  func errors(_ condition: String) -> [String] {
    loadErrors(rule("a: {c-uri: x}\nb1: {c-uri: y}\ncondition: \(condition)"))
  }

  @Test func aWrongConditionIsRefusedWhereItIsWrong() {
    #expect(errors("a or bb") == ["f0.yml:9:19: no search is named 'bb' (did you mean 'b1'?)"])
    #expect(errors("a or") == ["f0.yml:9:16: the condition ends where a name is expected"])
    #expect(errors("(a") == ["f0.yml:9:15: a ')' is missing"])
    #expect(errors("a)") == ["f0.yml:9:15: unexpected ')' in the condition"])
    #expect(errors("a b1") == ["f0.yml:9:16: unexpected 'b1' in the condition"])
    #expect(errors("2 of a*") == ["f0.yml:9:14: '2 of' is not supported: 1 of, any of and all of are"])
    #expect(errors("1 of z*") == ["f0.yml:9:19: no search matches 'z*'"])
    #expect(
      errors("a | count() > 5") == [
        "f0.yml:9:16: aggregations after '|' are not supported: they were replaced by correlations"
      ])
    #expect(errors("a and {}").first?.contains("unexpected '{'") == true)
    #expect(errors("~") == ["f0.yml:9:14: a condition is text, not nothing"])
    #expect(errors(String(repeating: "(", count: 100)).first?.contains("nested too deeply") == true)
    #expect(errors(String(repeating: "not ", count: 100) + "a").first?.contains("nested too deeply") == true)
  }

  @Test func aConditionThatMultipliesItsSearchesIsRefused() {
    let values = (0..<2000).map { "'v\($0)'" }.joined(separator: ",")
    let text = rule("a: {c-uri: [\(values)]}\ncondition: \(String(repeating: "a or ", count: 1000))a")
    #expect(loadErrors(text).first?.contains("expands to too many tests") == true)
  }
}
