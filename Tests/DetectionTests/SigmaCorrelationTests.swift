import Bytes
import Sketches
import Testing

@testable import Detection

@Suite struct SigmaCorrelationTests {
  static let base =
    rule("s: {cs-uri-stem: /login, sc-status: 401}\ncondition: s", id: "failed").replacing(
      "id: failed", "id: failed\nname: failed")
    + "---\n"
    + rule("s: {cs-uri-stem: /admin}\ncondition: s", id: "admin").replacing("id: admin", "id: admin\nname: admin_page")

  static func correlation(_ body: String, id: String = "c") -> String {
    "---\ntitle: Correlation \(id)\nid: \(id)\nlevel: high\ncorrelation:\n"
      + body.split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  static let brute = correlation(
    "type: event_count\nrules: [failed]\ngroup-by: [c-ip]\ntimespan: 5m\ncondition: {gte: 10}")

  @Test func aCorrelationNamesItsRulesByIdOrName() throws {
    let rules = try load(
      Self.base
        + Self.correlation(
          "type: value_count\nrules:\n  - failed\n  - admin_page\ngroup-by:\n  - c-ip\n  - cs-host\ntimespan: 1h\ncondition:\n  field: cs-username\n  gt: 100\n  lte: 200"
        ))
    let found = try #require(rules.correlations.first)
    #expect(found.kind == .valueCount && found.timespan == 3600 * nanosecondsPerSecond)
    #expect(Set(found.rules.map { rules.rules[$0].id }) == ["failed", "admin"])
    #expect(found.groupNames == ["c-ip", "cs-host"])
    #expect(
      !found.condition.holds(100) && found.condition.holds(101) && found.condition.holds(200)
        && !found.condition.holds(201))
  }

  @Test func rulesOfACorrelationAreReportedOnlyWhereItGenerates() throws {
    var rules = try load(Self.base + Self.brute)
    #expect(rules.rules.filter(\.isReported).map(\.id) == ["admin"])
    #expect(matches(rules, Request(target: "/login", status: 401)).isEmpty)
    rules = try load(Self.base + Self.brute + "generate: true\n")
    let hidden = rules.rules.filter { !$0.isReported }
    #expect(hidden.isEmpty)
    #expect(matches(rules, Request(target: "/login", status: 401)) == ["failed"])
  }

  @Test func anEventCountsForItsGroup() throws {
    let rules = try load(
      Self.base + Self.brute
        + Self.correlation(
          "type: value_count\nrules: failed\ngroup-by: [cs-host, cs-method]\ntimespan: 1h\ncondition: {field: cs-username, gte: 3}",
          id: "v"))
    var matcher = RuleMatcher(rules)
    var request = Request(
      target: "/login", method: .post, host: "Shop.Example", user: "bob", client: "10.0.0.9", status: 401)
    var seen: [(UInt64, UInt64, [UInt8])] = []
    func run() {
      seen = []
      request.withView { view in
        _ = matcher.match(view)
        matcher.correlate(0, view) { seen.append(($0, $1, $2.copied())) }
      }
    }
    run()
    #expect(seen.map(\.0) == rules.correlations.map(\.info.hash))
    #expect(seen[0].1 == 0 && seen[1].1 != 0)
    let groups = seen.enumerated().map { index, item in
      rules.correlations[index].values(ofGroup: item.2.span.bytes).map {
        "\($0.name)=\(String(decoding: $0.value, as: UTF8.self))"
      }
    }
    #expect(groups == [["c-ip=10.0.0.9"], ["cs-host=shop.example", "cs-method=POST"]])
    let bob = seen[1].1
    request.user = "BOB"
    run()
    #expect(seen[1].1 == bob)
    request.user = ""
    run()
    #expect(seen[1].1 == 0)
    request.status = 200
    run()
    #expect(seen.isEmpty)
  }

  @Test func anAliasReadsADifferentFieldForEachRule() throws {
    let rules = try load(
      Self.base
        + Self.correlation(
          "type: event_count\nrules: [failed, admin_page]\naliases:\n  who:\n    failed: cs-username\n    admin_page: cs-cookie\ngroup-by: [who]\ntimespan: 1m\ncondition: {gte: 2}"
        ))
    var matcher = RuleMatcher(rules)
    var groups: [[UInt8]] = []
    for request in [
      Request(target: "/login", cookie: "x", user: "bob", status: 401),
      Request(target: "/admin", cookie: "bob", user: "y"),
    ] {
      request.withView { view in
        _ = matcher.match(view)
        matcher.correlate(0, view) { groups.append($2.copied()) }
      }
    }
    #expect(groups.count == 2 && groups[0] == groups[1])
  }

  static let refused: [(body: String, error: String)] = [
    (
      "type: value_sum\nrules: [failed]\ntimespan: 5m\ncondition: {gte: 2, field: sc-bytes}",
      "correlation type 'value_sum' is not supported: event_count, value_count, temporal, temporal_ordered are; windows hold how many values differ, not the values"
    ),
    (
      "type: temporal-ordered\nrules: [failed]\ntimespan: 5m",
      "correlation type 'temporal-ordered' is not supported: event_count, value_count, temporal, temporal_ordered are (did you mean 'temporal_ordered'?)"
    ),
    (
      "type: temporal\nrules: [failed, admin_page]\ntimespan: 5m\ncondition: {gte: 3}",
      "the condition counts different rules, of which there are 2"
    ),
    (
      "type: temporal\nrules: [failed, failed]\ntimespan: 5m", "a temporal correlation names each rule once"
    ),
    (
      "type: temporal\nrules: [failed, admin_page]\ntimespan: 5m\ncondition: failed and not admin_page",
      "a condition over names of rules is not supported: it is a map such as 'gte: 2'"
    ),
    (
      "type: temporal_ordered\nrules: [failed, admin_page]\ntimespan: 5m\ncondition: {gte: 1}",
      "temporal_ordered takes all of its rules: leave the condition out"
    ),
    ("type: temporal_ordered\nrules: [failed, admin_page]\ntimespan: 5m\ncondition: {gt: 1}", ""),
    (
      "type: temporal\nrules: [failed]\ntimespan: 5m\ncondition: {field: cs-username, gte: 1}",
      "'field' belongs to value_count"
    ),
    ("type: event_count\nrules: [nobody]\ntimespan: 5m\ncondition: {gte: 2}", "no rule has the id or name 'nobody'"),
    (
      "type: event_count\nrules: [c]\ntimespan: 5m\ncondition: {gte: 2}",
      "correlations over other correlations are not supported"
    ),
    (
      "type: event_count\nrules: [failed]\ntimespan: 5x\ncondition: {gte: 2}",
      "a timespan is a whole number and s, m, h or d, such as 5m, up to 366d"
    ),
    (
      "type: event_count\nrules: [failed]\ntimespan: 999999999999999999d\ncondition: {gte: 2}",
      "a timespan is a whole number and s, m, h or d, such as 5m, up to 366d"
    ),
    ("type: event_count\nrules: [failed]\ncondition: {gte: 2}", "a correlation needs 'timespan'"),
    (
      "type: event_count\nrules: [failed]\ntimespan: 5m\ncondition: 5",
      "the condition of a correlation is a map such as 'gte: 10'"
    ),
    (
      "type: event_count\nrules: [failed]\ntimespan: 5m\ncondition: {more: 5}",
      "'more' is none of gt, gte, lt, lte, eq, neq"
    ),
    (
      "type: event_count\nrules: [failed]\ntimespan: 5m\ncondition: {gt: 5, lt: 5}", "no count satisfies this condition"
    ),
    ("type: event_count\nrules: [failed]\ntimespan: 5m\ncondition: {lt: 0}", "no count is less than 0"),
    (
      "type: event_count\nrules: [failed]\ntimespan: 5m\ncondition: {lt: 1}",
      "a correlation cannot ask for no matches at all"
    ),
    ("type: event_count\nrules: [failed]\ntimespan: 5m\ncondition: {gt: 9223372036854775807}", ""),
    (
      "type: value_count\nrules: [failed]\ntimespan: 5m\ncondition: {gte: 2}",
      "value_count needs 'field' in its condition"
    ),
    (
      "type: event_count\nrules: [failed]\ntimespan: 5m\ngroup-by: [who]\ncondition: {gte: 2}",
      "'who' is neither a field nor an alias"
    ),
    (
      "type: event_count\nrules: [failed]\ntimespan: 5m\ngroups-by: [c-ip]\ncondition: {gte: 2}",
      "unknown key 'groups-by' of a correlation (did you mean 'group-by'?)"
    ),
  ]

  @Test(arguments: refused) func whatIsNotSupportedIsAnError(_ item: (body: String, error: String)) {
    let found = loadErrors(Self.base + Self.correlation(item.body))
    if item.error.isEmpty {
      #expect(found.isEmpty)
    } else {
      #expect(found.count == 1 && found[0].hasSuffix(": " + item.error), "\(found)")
    }
  }

  // MARK: Counting

  let second = nanosecondsPerSecond

  func state(_ body: String, maxGroups: Int = 1000) throws -> CorrelationState {
    CorrelationState(try load(Self.base + Self.correlation(body)).correlations, maxGroups: maxGroups)
  }

  func add(_ state: inout CorrelationState, _ group: String, _ count: UInt64, at start: Int64, values: [String] = []) {
    var sketch = HyperLogLog(precision: DistinctPool.precision)
    let hasher = KeyedHash(key: 1)
    for value in values { sketch.insert(hasher.hash(value)) }
    var bytes = ByteBuffer()
    if !values.isEmpty { sketch.write(to: &bytes) }
    let groupBytes = Array(group.utf8)
    let hash = state.correlations[0].info.hash
    state.add(
      correlation: hash, group: groupBytes.span.bytes, count: count, values: bytes.bytes, windowStart: start * second,
      windowEnd: (start + 10) * second, firstTime: start * second + 1, lastTime: start * second + 5)
  }

  @Test func eventsAreSummedOverTheSpanAndNoLonger() throws {
    var state = try state("type: event_count\nrules: [failed]\ntimespan: 30s\ncondition: {gte: 10}")
    add(&state, "g", 4, at: 0)
    #expect(state.advance(to: 10 * second).isEmpty)
    add(&state, "g", 3, at: 10)
    add(&state, "g", 2, at: 10)
    #expect(state.advance(to: 20 * second).isEmpty)
    add(&state, "g", 1, at: 20)
    let found = state.advance(to: 30 * second)
    #expect(found.map(\.count) == [10] && found[0].firstTime == 1 && found[0].lastTime == 20 * second + 5)
    add(&state, "g", 3, at: 31)
    #expect(state.advance(to: 41 * second).isEmpty, "the first window is out of the span: 5 + 1 + 3")
    #expect(state.advance(to: 200 * second).isEmpty)
    #expect(state.groupCount == 0)
  }

  @Test func partialsOfAWindowAddUpInAnyOrder() throws {
    var results: [[CorrelationMatch]] = []
    for order in [[0, 1, 2], [2, 0, 1]] {
      var state = try state("type: value_count\nrules: [failed]\ntimespan: 1m\ncondition: {field: cs-username, gte: 3}")
      for part in order { add(&state, "g", 2, at: 0, values: [["a", "b"], ["b", "c"], ["a"]][part]) }
      add(&state, "h", 9, at: 0, values: ["a", "b"])
      results.append(state.advance(to: 10 * second))
    }
    #expect(results[0] == results[1])
    #expect(results[0].map(\.count) == [3] && results[0].map(\.events) == [6])
  }

  @Test func manyDistinctValuesAreEstimatedWithinTheStatedError() throws {
    var state = try state("type: value_count\nrules: [failed]\ntimespan: 1h\ncondition: {field: cs-username, gte: 100}")
    for window in 0..<20 {
      add(&state, "g", 100, at: Int64(window * 10), values: (0..<100).map { "user\(window * 50 + $0)" })
    }
    let found = try #require(state.advance(to: 200 * second).first)
    // 1,050 distinct; three standard errors.
    #expect(abs(Double(found.count) - 1050) < 1050 * 0.195)
  }

  @Test func findingsComeByCorrelationAndGroup() throws {
    var state = try state("type: event_count\nrules: [failed]\ntimespan: 1m\ncondition: {gte: 1}")
    for group in ["c", "a", "b"] { add(&state, group, 1, at: 0) }
    #expect(state.advance(to: 10 * second).map(\.group) == [[0x61], [0x62], [0x63]])
  }

  @Test func theGroupsThatWereQuietForLongestAreForgottenFirst() throws {
    var state = try state("type: event_count\nrules: [failed]\ntimespan: 1h\ncondition: {gte: 2}", maxGroups: 2)
    add(&state, "old", 1, at: 0)
    _ = state.advance(to: 10 * second)
    add(&state, "x", 1, at: 10)
    add(&state, "y", 1, at: 10)
    _ = state.advance(to: 20 * second)
    #expect(state.evicted == 1 && state.groupCount == 2)
    add(&state, "old", 1, at: 20)
    #expect(state.advance(to: 30 * second).isEmpty)
  }

  @Test func entriesThatCannotBeReadAreCounted() throws {
    var state = try state("type: value_count\nrules: [failed]\ntimespan: 1m\ncondition: {field: cs-username, gte: 1}")
    let junk: [UInt8] = [9, 9, 9, 9, 9]
    let hash = state.correlations[0].info.hash
    state.add(
      correlation: hash, group: junk.span.bytes, count: 1, values: junk.span.bytes, windowStart: 0, windowEnd: 10,
      firstTime: 0,
      lastTime: 0)
    state.add(
      correlation: 7, group: junk.span.bytes, count: 1, values: junk.span.bytes, windowStart: 0, windowEnd: 10,
      firstTime: 0,
      lastTime: 0)
    #expect(state.advance(to: 10).isEmpty)
    #expect(state.refused == 2)
  }
}

extension String {
  fileprivate func replacing(_ old: String, _ new: String) -> String {
    guard let range = self.range(of: old) else { return self }
    return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }

  private func range(of needle: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
      start = index(after: start)
    }
    return nil
  }
}
