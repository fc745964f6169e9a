import AllocationCounter
import Bytes
import Testing

@testable import Detection

@Suite struct SigmaMatcherTests {
  static func rules() throws -> RuleSet {
    try load(
      rule(
        "s: {c-uri|contains: ['union select', '../', '<script', 'cmd=']}\nf: {sc-status: 404}\ncondition: s and not f",
        id: "a"),
      rule("s: {c-uri|re|i: 'id=\\d+\\s*or'}\ncondition: s", id: "b"),
      rule("s: {c-useragent|startswith: sqlmap}\ncondition: s", id: "c"),
      rule("s: {sc-bytes|gt: 1000000}\ncondition: s", id: "d"),
      rule("- jndi\n- '*a*z*q*'\ncondition: s".replacingFirstLine(), id: "e"))
  }

  @Test func nothingIsAllocatedForAnEventAfterWarmUp() throws {
    var matcher = RuleMatcher(try Self.rules(), cacheEntries: 256)
    var paths: [[UInt8]] = []
    for i in 0..<2000 {
      let attack = ["", "?id=\(i)+OR", "?q=%3Cscript", "?x=azq", "?q=%2e%2e%2f"][i % 5]
      paths.append(Array("/page/\(i % 700)\(attack)".utf8))
    }
    let agent = Array("sqlmap/1.0".utf8)
    func run() -> Int {
      var count = 0
      matcher.begin()
      for path in paths {
        matcher.add(
          FieldView(
            target: path.span.bytes, userAgent: agent.span.bytes, referrer: path.span.bytes, host: agent.span.bytes))
      }
      matcher.scan()
      for index in paths.indices {
        let path = paths[index]
        count +=
          matcher.match(
            index,
            FieldView(
              target: path.span.bytes, userAgent: agent.span.bytes, referrer: path.span.bytes, host: agent.span.bytes)
          ).count
      }
      return count
    }
    let first = run()
    _ = run()
    let before = allocation_count()
    let again = run()
    let after = allocation_count()
    #expect(again == first && first > 2000)
    #expect(after - before == 0)
  }

  @Test func answersDoNotDependOnTheBatchOrTheCache() throws {
    let rules = try Self.rules()
    let requests = (0..<300).map { i in
      Request(
        target: "/p\(i % 90)" + ["", "?id=\(i % 7)+or", "?q=<script", "/../x"][i % 4],
        userAgent: i % 3 == 0 ? "sqlmap" : "x", status: i % 5 == 0 ? 404 : 200, bytes: i % 11 == 0 ? 2_000_000 : 5)
    }
    let alone = requests.map { matches(rules, $0) }
    for (size, entries) in [(1, 16), (7, 16), (300, 16), (50, 65536)] {
      var matcher = RuleMatcher(rules, seed: 9, cacheEntries: entries)
      var start = 0
      while start < requests.count {
        let batch = requests[start..<min(start + size, requests.count)]
        matcher.begin()
        for request in batch { request.withView { matcher.add($0) } }
        matcher.scan()
        for (index, request) in batch.enumerated() {
          let found = request.withView { view in
            let matches = matcher.match(index, view)
            return (0..<matches.count).map { rules.rules[matches[$0]].id }
          }
          #expect(found == alone[start + index])
        }
        start += size
      }
    }
  }

  @Test func aBatchLeftWithoutAScanLeavesNothingBehind() throws {
    let rules = try Self.rules()
    var matcher = RuleMatcher(rules)
    let request = Request(target: "/?q=<script")
    matcher.begin()
    request.withView { matcher.add($0) }
    let found = request.withView { matcher.match($0).count }
    #expect(found == 1)
  }

  @Test func veryLargeValuesAreSearchedToTheirEnd() throws {
    let rules = try Self.rules()
    let large = String(repeating: "a", count: 3 << 20)
    var matcher = RuleMatcher(rules)
    matcher.begin()
    let requests = (0..<5).map { Request(target: "/\($0)" + large + "<script") }
    for request in requests { request.withView { matcher.add($0) } }
    matcher.scan()
    for (index, request) in requests.enumerated() {
      #expect(request.withView { matcher.match(index, $0).count } == 1)
    }
  }

  @Test func aValueThatMakesAnExpressionGiveUpEndsSoon() throws {
    // Vectorscan does not take \A, so nothing vouches for the value.
    let rules = try load(rule("s: {c-uri|re: '\\A/(x+x+)+y'}\ncondition: s"))
    var matcher = RuleMatcher(rules)
    let request = Request(target: "/" + String(repeating: "x", count: 5000) + "zy")
    #expect(request.withView { matcher.match($0).isEmpty })
    #expect(matcher.regexLimits > 0)
  }

  @Test func aRuleSetWithoutRulesMatchesNothing() throws {
    #expect(matches(try RuleSet.load([]), Request(target: "/<script")).isEmpty)
  }
}

extension String {
  /// A list search under the name s.
  fileprivate func replacingFirstLine() -> String {
    let lines = split(separator: "\n")
    return "s:\n" + lines.dropLast().map { "  \($0)\n" }.joined() + lines[lines.count - 1]
  }
}
