import Bytes
import Events
import Testing

@testable import Detection

/// The obvious matcher: interprets the tree, tries every value in full, knows nothing of Vectorscan or caches.
private struct ReferenceMatcher {
  /// The values of a field that a test may hold for: as sent and decoded.
  static func values(_ field: TextField, _ request: Request) -> [[UInt8]] {
    let target = request.rawTarget ?? Array(request.target.utf8)
    var list: [[UInt8]] = []
    func add(_ path: [UInt8], _ query: [UInt8], hasQuery: Bool) {
      switch field {
      case .path: list.append(path)
      case .query: list += [query, path + (hasQuery ? [0x3f] + query : [])]
      case .pathExtension:
        let segment = path.split(separator: 0x2f, omittingEmptySubsequences: false).last ?? []
        let parts = segment.split(separator: 0x2e, omittingEmptySubsequences: false)
        if parts.count > 1, let last = parts.last { list.append(Array(last)) }
      default: list.append(path + (hasQuery ? [0x3f] + query : []))
      }
    }
    if [.target, .path, .query, .pathExtension, .anywhere].contains(field) {
      let mark = target.firstIndex(of: 0x3f)
      let path = Array(target[..<(mark ?? target.count)])
      let query = mark.map { Array(target[($0 + 1)...]) } ?? []
      add(path, query, hasQuery: mark != nil)
      add(decoded(path, .path), decoded(query, .query), hasQuery: mark != nil)
    }
    for (column, text, kind) in [
      (TextField.userAgent, request.userAgent, FieldKind.header), (.referrer, request.referrer, .header),
      (.cookie, request.cookie, .cookie),
    ] where field == column || field == .anywhere {
      list += [Array(text.utf8), decoded(Array(text.utf8), kind)]
    }
    return list.filter { !$0.isEmpty }
  }

  static func decoded(_ bytes: [UInt8], _ kind: FieldKind) -> [UInt8] {
    var normalizer = Normalizer()
    var output = ByteBuffer()
    _ = normalizer.normalize(bytes.span.bytes, kind: kind, into: &output)
    return output.bytes.copied()
  }

  static func glob(_ tokens: ArraySlice<Glob.Token>, _ text: ArraySlice<UInt8>, _ isCased: Bool) -> Bool {
    guard let token = tokens.first else { return text.isEmpty }
    switch token {
    case .many: return (text.startIndex...text.endIndex).contains { glob(tokens.dropFirst(), text[$0...], isCased) }
    case .one: return !text.isEmpty && glob(tokens.dropFirst(), text.dropFirst(), isCased)
    case .byte(let byte):
      guard let first = text.first else { return false }
      let same =
        isCased
        ? first == byte : Character(UnicodeScalar(first)).lowercased() == Character(UnicodeScalar(byte)).lowercased()
      return same && glob(tokens.dropFirst(), text.dropFirst(), isCased)
    }
  }

  static func holds(_ expression: RuleExpression, _ request: Request) -> Bool {
    switch expression {
    case .constant(let value): return value
    case .any(let list): return list.contains { holds($0, request) }
    case .all(let list): return list.allSatisfy { holds($0, request) }
    case .not(let inner): return !holds(inner, request)
    case .number(_, let comparison, let value): return comparison.holds(Double(request.status), value)
    case .present(.text(.query)): return request.target.split(separator: "?", maxSplits: 1).count > 1
    case .present(.text(let field)): return !values(field, request).isEmpty
    case .text(let test):
      let values = values(test.field, request)
      switch test.pattern {
      case .glob(let pattern): return values.contains { glob(pattern.tokens[...], $0[...], test.isCased) }
      case .regex(let pattern, let options):
        guard var regex = try? Regex(pattern) else { return false }
        if options.ignoreCase { regex = regex.ignoresCase() }
        return values.contains { String(decoding: $0, as: UTF8.self).firstMatch(of: regex) != nil }
      }
    default: return false
    }
  }
}

private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 { splitMix(&state) }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
  mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }

  mutating func text(_ most: Int) -> String {
    (0..<below(most + 1)).map { _ in
      pick(["a", "b", "A", "B", "/", ".", "1", "a", "b", "%61", "%42", "%2f", "?", "+", "ab"])
    }.joined()
  }

  mutating func request() -> Request {
    Request(
      target: "/" + text(6), userAgent: below(3) == 0 ? "" : text(5), referrer: text(4),
      cookie: below(2) == 0 ? "" : text(4),
      status: [200, 404][below(2)])
  }

  mutating func regex(depth: Int = 0) -> String {
    switch below(depth > 2 ? 5 : 10) {
    case 0, 1: return pick(["a", "b", "A", "1", "/", "\\."])
    case 2: return pick([".", "[ab]", "[^a]", "[a-b1]"])
    case 3: return pick(["ab", "ba", "aB"])
    case 4: return pick(["a+", "b?", "[ab]+", ".*"])
    case 5: return "(" + regex(depth: depth + 1) + "|" + regex(depth: depth + 1) + ")"
    case 6: return "(?:" + regex(depth: depth + 1) + ")" + pick(["+", "?", "{1,2}", ""])
    default: return regex(depth: depth + 1) + regex(depth: depth + 1)
    }
  }

  mutating func test() -> RuleExpression {
    let field = pick([TextField.target, .path, .query, .pathExtension, .userAgent, .referrer, .cookie, .anywhere])
    if below(4) == 0 {
      var pattern = regex()
      if below(5) == 0 { pattern = "^" + pattern }
      if below(5) == 0 { pattern += "$" }
      return .text(
        TextTest(field: field, pattern: .regex(pattern, RegexOptions(ignoreCase: below(2) == 0)), isCased: false))
    }
    var tokens: [Glob.Token] = []
    for _ in 0...below(4) {
      tokens.append(below(6) == 0 ? .many : below(8) == 0 ? .one : .byte(pick(Array("abAB/.1?%".utf8))))
    }
    if below(2) == 0 { tokens.insert(.many, at: 0) }
    if below(2) == 0 { tokens.append(.many) }
    let glob = Glob(tokens: tokens)
    if glob.tokens == [.many] { return .present(.text(field == .anywhere ? .target : field)) }
    return .text(TextTest(field: field, pattern: .glob(glob), isCased: below(3) == 0))
  }

  mutating func expression(depth: Int = 0) -> RuleExpression {
    switch below(depth > 2 ? 3 : 8) {
    case 0, 1, 2: return test()
    case 3: return .number(.status, .equal, 404)
    case 4: return .not(expression(depth: depth + 1))
    case 5: return .allOf((0...below(3)).map { _ in expression(depth: depth + 1) })
    default: return .anyOf((0...below(3)).map { _ in expression(depth: depth + 1) })
    }
  }
}

/// A rule set of bare expressions.
func ruleSet(_ expressions: [RuleExpression]) throws -> RuleSet {
  let infos = expressions.indices.map {
    RuleInfo(
      id: "\($0)", name: "", title: "", level: .medium, status: "", tags: [], classes: .other, hash: UInt64($0),
      file: "",
      line: 1, isReported: true)
  }
  return RuleSet(
    rules: infos, correlations: [], notes: [], hash: 0, compiled: try #require(CompiledRules(expressions, [])))
}

@Suite struct SigmaPropertyTests {
  @Test(arguments: [0x51_6d61, 1, 2, 3, 4, 5, 6, 7] as [UInt64])
  func randomRulesOverRandomEventsMatchAsTheObviousMatcherSays(_ seed: UInt64) throws {
    print("seed \(seed)")
    var random = Generator(state: seed)
    for round in 0..<8 {
      let expressions = (0..<12).map { _ in random.expression() }
      let rules = try ruleSet(expressions)
      // A cache of 16 entries forgets all the time; the second has room.
      var matcher = RuleMatcher(rules, seed: seed, cacheEntries: round % 2 == 0 ? 16 : 4096)
      for _ in 0..<4 {
        let requests = (0..<40).map { _ in random.request() }
        matcher.begin()
        for request in requests { request.withView { matcher.add($0) } }
        matcher.scan()
        for (index, request) in requests.enumerated() {
          let found = request.withView { view in
            let matches = matcher.match(index, view)
            return (0..<matches.count).map { matches[$0] }
          }
          let expected = expressions.indices.filter { ReferenceMatcher.holds(expressions[$0], request) }
          if found != expected {
            let wrong = Set(found).symmetricDifference(expected).sorted()
            let said = "seed \(seed) round \(round): \(request)\n\(wrong.map { "\(expressions[$0])" })"
            var fresh = RuleMatcher(rules, seed: seed)
            let again = request.withView { view in
              let matches = fresh.match(view)
              return (0..<matches.count).map { matches[$0] }
            }
            let expectedAgain = expressions.indices.filter { ReferenceMatcher.holds(expressions[$0], request) }
            let told: Comment = """
              \(said)
              found \(found), by a fresh matcher \(again); expected \(expected), asked again \(expectedAgain)
              """
            Issue.record(told)
            return
          }
        }
      }
    }
  }

  @Test func randomRuleTextNeverCrashesTheLoader() {
    var random = Generator(state: 0xf022)
    print("seed 0xf022")
    let words = [
      "title: x\n", "logsource: {category: webserver}\n", "detection:\n", "  s:\n", "    c-uri|contains: a\n",
      "  condition: s\n", "  condition: 1 of s*\n", "    c-uri|re: '(a'\n", "correlation:\n", "  type: event_count\n",
      "  rules: [x]\n", "  timespan: 5m\n", "  condition: {gte: 3}\n", "---\n", "id: r\n", "name: x\n",
      "  group-by: [c-ip]\n",
      "    - '|all'\n", "    '|all': [a, b]\n", "level: high\n", "tags: [a]\n",
      "    c-uri|base64offset|contains: foo\n",
      "    c-uri|windash: '-a -b'\n", "    sc-status|gt: 5\n", "  - a\n", "\t", "{", "]", "aliases: {a: {x: c-uri}}\n",
      "filter:\n", "  rules: any\n", "  type: temporal\n", "  type: temporal_ordered\n", "    time|hour: 3\n",
    ]
    for _ in 0..<3000 {
      let text = (0..<random.below(16)).map { _ in random.pick(words) }.joined()
      _ = try? RuleSet.load([("f", Array(text.utf8))])
    }
  }
}
