import Bytes
import Foundation
import Testing

@testable import Detection

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path
private let python = repository + "/.build/venv/bin/python"
private let hasPySigma = (try? run(["-c", "import sigma.backends.sqlite, yaml"]).status) == 0

/// Not by Foundation's Process, whose waiting hangs now and then where tests run side by side.
private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
  let words = ([python] + arguments).map { "'\($0)'" }.joined(separator: " ")
  guard let pipe = popen("\(words) 2>/dev/null", "r") else { throw CocoaError(.fileReadUnknown) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let n = fread(&buffer, 1, buffer.count, pipe)
    if n == 0 { break }
    bytes += buffer[..<n]
  }
  return (pclose(pipe), String(decoding: bytes, as: UTF8.self))
}

/// The rules of others, judged by others: pySigma makes each random rule a query, and SQLite asks it of random events.
@Suite struct SigmaDifferentialTests {
  @Test(.enabled(if: hasPySigma, "needs pysigma and pysigma-backend-sqlite in .build/venv"))
  func randomRulesMatchTheEventsThatPySigmasQueriesFind() throws {
    let seed =
      ProcessInfo.processInfo.environment["MILLRACE_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
    print("seed \(seed)")
    var maker = RuleMaker(state: seed)
    let events = (0..<300).map { _ in maker.event() }
    let rules = (0..<400).map { maker.rule($0) }

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("millrace-sigma-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try rules.joined(separator: "---\n").write(
      to: folder.appendingPathComponent("rules.yml"), atomically: true, encoding: .utf8)
    try JSONSerialization.data(withJSONObject: events.map(\.columns)).write(
      to: folder.appendingPathComponent("events.json"))
    let answer = try run([repository + "/Tests/DetectionTests/pysigma_check.py", folder.path])
    try #require(answer.status == 0)

    let set = try load(rules.joined(separator: "---\n"))
    var found: [String: [Int]] = [:]
    var matcher = RuleMatcher(set)
    for (number, event) in events.enumerated() {
      event.request.withView { view in
        _ = matcher.match(view)
        for rule in matcher.allMatches(0, view) { found[set.rules[Int(rule)].name, default: []].append(number) }
      }
    }
    var asked = 0
    var matched = 0
    for line in answer.output.split(separator: "\n") {
      let words = line.split(separator: " ")
      let name = String(words[0])
      let text = rules[Int(name.dropFirst()) ?? 0]
      guard words.count < 2 || words[1] != "error" else {
        Issue.record("pySigma, seed \(seed): \(line)\n\(text)")
        continue
      }
      let theirs = words.dropFirst().compactMap { Int($0) }
      let ours = found[name] ?? []
      asked += 1
      if !theirs.isEmpty, theirs.count < events.count { matched += 1 }
      if ours != theirs {
        let first = Set(ours).symmetricDifference(theirs).min() ?? 0
        Issue.record(
          "seed \(seed): event \(first) is found by \(ours.contains(first) ? "us" : "pySigma") alone\n\(text)\n\(events[first].columns)"
        )
      }
    }
    // Most rules must tell events apart, else nothing is compared.
    #expect(asked == rules.count && matched > rules.count / 3, "seed \(seed): \(asked) asked, \(matched) tell apart")
  }
}

/// An event for both: a request for us, columns for SQLite.
private struct ComparedEvent {
  var request: Request
  var columns: [String: Any]
}

/// Random rules and events on which the two are bound to agree. Left out, because there they are meant to differ:
/// - what we decode (`%41`, `+`, entities, escapes): values are found in either form here, in SQLite as sent;
/// - `cs-uri-query`, which we look for in the query and in the target;
/// - empty values: absent and empty are the same here, and not in SQLite;
/// - bytes beyond ASCII under `?`, which is a byte here and a character in SQLite;
/// - wildcards in keywords: SQLite has all fields in one text, in which `*` reaches from one into the next;
/// - regular expressions on numbers, and networks of IPv6, which SQLite compares as text.
private struct RuleMaker {
  var state: UInt64

  private mutating func below(_ n: Int) -> Int { Int(splitMix(&state) % UInt64(n)) }
  private mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }
  private mutating func chance(_ n: Int) -> Bool { below(n) == 0 }

  /// Few letters, so that rules match: with what LIKE, GLOB, regular expressions and Sigma give a meaning to.
  private static let pieces = [
    "a", "b", "A", "B", "ab", "1", "-", "_", ".", "[", "]", "^", "$", "(", "|", "'", "*", "?",
  ]
  private static let texts = [
    "c-uri", "cs-uri-stem", "cs-user-agent", "cs-referer", "cs-host", "cs-cookie", "cs-username",
  ]

  private mutating func text(_ range: ClosedRange<Int>, _ pieces: [String] = pieces) -> String {
    (0..<below(range.count) + range.lowerBound).map { _ in pick(pieces) }.joined()
  }

  private static let encodable = ["ab1", "b-A", "Aab"]
  private static let options = ["-a", "/a", "-b", "1 -a"]

  private mutating func content() -> String {
    switch below(12) {
    case 0:
      let bytes = Array((text(0...2) + pick(Self.encodable) + text(0...2)).utf8)
      return String(decoding: ValueEncoding.base64(bytes), as: UTF8.self)
    case 1: return text(0...2) + " " + pick(Self.options) + pick(["", " b", ".b"])
    default: return text(1...5)
    }
  }

  mutating func event() -> ComparedEvent {
    var request = Request()
    var columns: [String: Any] = [:]
    // No second form of a target: '?' would begin a query.
    request.target = "/" + text(0...5, Self.pieces.filter { $0 != "?" })
    columns["c-uri"] = request.target
    columns["cs-uri-stem"] = request.target
    if !chance(4) { request.userAgent = content() }
    if !chance(3) { request.referrer = chance(4) ? request.userAgent : content() }
    if !chance(3) { request.host = text(1...3, ["a", "b", "A", "1", "."]) }
    if !chance(3) { request.cookie = content() }
    if !chance(3) { request.user = text(1...3, ["a", "B", "1", "-", "_"]) }
    for (name, value) in [
      ("cs-user-agent", request.userAgent), ("cs-referer", request.referrer), ("cs-host", request.host),
      ("cs-cookie", request.cookie), ("cs-username", request.user),
    ] where !value.isEmpty {
      columns[name] = value
    }
    columns["everything"] = [
      request.target, request.userAgent, request.referrer, request.host, request.cookie, request.user,
    ].joined(separator: "\n")
    request.method = pick([.get, .post, .head])
    columns["cs-method"] = MethodText.all[Int(request.method.rawValue)].text
    request.client = pick(["10.0.0.1", "10.0.1.200", "10.1.0.1", "192.0.2.1", "192.0.2.130"])
    columns["c-ip"] = request.client
    request.status = pick([0, 200, 204, 301, 404, 500])
    if request.status != 0 { columns["sc-status"] = Int(request.status) }
    request.bytes = UInt64(pick([0, 1, 20, 404, 1000]))
    columns["sc-bytes"] = Int(request.bytes)
    return ComparedEvent(request: request, columns: columns)
  }

  private func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }

  /// A value with wildcards, of which some are escaped, as are some backslashes.
  private mutating func glob() -> String {
    var value = ""
    for piece in 0...below(4) {
      switch below(9) {
      case 0: value += "*"
      case 1: value += "?"
      case 2: value += pick(["\\*", "\\?"])
      default: value += pick(Self.pieces.filter { $0 != "*" && $0 != "?" })
      }
      // Two wildcards alone are 'present', which an empty field is not here.
      if piece == 0, value == "*" || value == "?" { value = pick(["a*", "?b", "*1", "-?"]) }
    }
    return value
  }

  private mutating func regex(_ depth: Int = 0) -> String {
    switch below(depth > 2 ? 4 : 8) {
    case 0: return pick(["a", "b", "A", "1", "-"])
    case 1: return pick([".", "[ab]", "[^a]", "[a-b1]"])
    case 2: return pick(["ab", "\\.", "\\[", "\\$", "b1"])
    case 3: return pick(["a+", "b?", "[ab]{1,2}", ".*"])
    case 4: return "(" + regex(depth + 1) + "|" + regex(depth + 1) + ")"
    case 5: return "(" + regex(depth + 1) + ")" + pick(["+", "?", "{1,2}", ""])
    default: return regex(depth + 1) + regex(depth + 1)
    }
  }

  private mutating func list(_ most: Int = 3, _ make: (inout RuleMaker) -> String) -> String {
    if chance(2) { return make(&self) }
    return "[" + (0..<below(most) + 2).map { _ in make(&self) }.joined(separator: ", ") + "]"
  }

  private mutating func lists(_ make: (inout RuleMaker) -> String) -> String {
    "[" + (0..<below(2) + 2).map { _ in make(&self) }.joined(separator: ", ") + "]"
  }

  /// One line of a search: a field with its modifiers and values.
  private mutating func item() -> String {
    let field = pick(Self.texts)
    let place = pick(["", "|contains", "|startswith", "|endswith"])
    switch below(22) {
    case 0: return "\(field): null"
    case 1: return "\(field)|exists: \(pick(["true", "false"]))"
    case 2: return "sc-status: \(list { "\($0.pick([200, 404, 500, 1]))" })"
    case 3: return "\(pick(["sc-status", "sc-bytes"]))|\(pick(["gt", "gte", "lt", "lte"])): \(pick([0, 1, 204, 404]))"
    case 4: return "sc-status: \(pick(["'4*'", "'*0?'", "null", "'?0?'"]))"
    case 5: return "sc-status|neq: \(pick([200, 404]))"
    case 6: return "c-ip|cidr: \(list { "\($0.pick(["10.0.0.0/8", "10.0.0.0/23", "192.0.2.128/25", "10.1.0.1/32"]))" })"
    case 7: return "c-ip: \(pick(["10.0.0.1", "'10.0.*'", "'192.0.2.1??'", "'*.1'"]))"
    case 8: return "cs-method\(pick(["", "|neq"])): \(list { $0.pick(["GET", "post", "'P*'", "'?ET'"]) })"
    case 9, 10:
      let flags = pick(["", "|i"])
      return
        "\(field)|re\(flags): \(list { maker in maker.quoted(maker.pick(["", "^"]) + maker.regex() + maker.pick(["", "$"])) })"
    case 11: return "\(field)\(place)|cased: \(list { maker in maker.quoted(maker.glob()) })"
    case 12: return "\(field)\(place)|neq: \(list { maker in maker.quoted(maker.glob()) })"
    case 13: return "\(field)\(place)|all: \(lists { maker in maker.quoted(maker.glob()) })"
    case 14: return "\(field)|base64offset|contains: \(list { $0.pick(Self.encodable) })"
    case 15: return "\(field)|\(pick(["base64", "wide|base64", "utf16be|base64"]))|contains: \(pick(Self.encodable))"
    case 16:
      return
        "\(field)|windash\(pick(["|contains", "|endswith", ""])): \(list { maker in maker.quoted(maker.pick(Self.options)) })"
    case 17: return "\(field)\(pick(["|fieldref", "|fieldref|startswith", "|fieldref|endswith"])): \(pick(Self.texts))"
    default: return "\(field)\(place): \(list { maker in maker.quoted(maker.glob()) })"
    }
  }

  private mutating func search() -> String {
    switch below(8) {
    case 0:
      // Keywords.
      let words = (0...below(3)).map { _ in "    - \(quoted(text(2...3, ["a", "b", "A", "1", "-", "_", "."])))\n" }
      return "\n" + words.joined()
    case 1, 2: return "\n" + (0...below(2)).map { _ in "    - " + map().dropFirst(6) }.joined()
    default: return "\n" + map()
    }
  }

  /// Fields, each key once.
  private mutating func map() -> String {
    var keys: Set<Substring> = []
    var lines = ""
    for _ in 0...below(3) {
      let item = item()
      guard keys.insert(item.prefix { $0 != ":" }).inserted else { continue }
      lines += "      \(item)\n"
    }
    return lines
  }

  private mutating func condition(_ names: [String], _ depth: Int = 0) -> String {
    switch below(depth > 2 ? 4 : 9) {
    case 0, 1: return pick(names)
    case 2: return pick(["1 of them", "all of them", "any of them"])
    case 3: return pick(["1 of s*", "all of s*", "1 of t*", "all of t*"])
    case 4: return "not " + pick(names)
    case 5: return "not (" + condition(names, depth + 1) + ")"
    case 6: return "(" + condition(names, depth + 1) + ") and " + condition(names, depth + 1)
    case 7: return condition(names, depth + 1) + " or " + condition(names, depth + 1)
    default: return condition(names, depth + 1) + " and " + condition(names, depth + 1)
    }
  }

  mutating func rule(_ number: Int) -> String {
    let names = Array(["s1", "s2", "t1", "t2"].shuffled(using: &self).prefix(2 + below(3)))
    var known = names
    // Patterns name at least one of each.
    for needed in ["s1", "t1"] where !known.contains(needed) { known.append(needed) }
    var text = "title: Rule \(number)\nname: r\(number)\nlogsource:\n  category: webserver\ndetection:\n"
    for name in known { text += "  \(name):" + search() }
    return text + "  condition: \(condition(known))\n"
  }
}

extension RuleMaker: RandomNumberGenerator {
  mutating func next() -> UInt64 { splitMix(&state) }
}
