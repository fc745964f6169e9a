import Bytes
import Configuration
import Events
import Testing

@testable import Detection

/// Every shipped rule says by example what it finds and what it spares; the real engine holds it to that.
@Suite struct RuleExamplesTests {
  @Test func everyShippedRuleMatchesItsExamplesAndSparesTheOthers() throws {
    let rules = try RuleSet.load(ShippedRules.files.map { ($0.name, Array($0.text.utf8)) })
    var matcher = RuleMatcher(rules)
    var seen = 0
    for file in ShippedRules.files {
      for document in try YamlReader.documents(file.text, file: file.name) {
        guard let id = document["id"]?.text, let title = document["title"]?.text else { continue }
        let examples = document["millrace"]?["examples"]
        let positive = examples?["match"]?.list ?? []
        let negative = examples?["clean"]?.list ?? []
        #expect(!positive.isEmpty && !negative.isEmpty, "\(title) lacks examples")
        for (example, wanted) in positive.map({ ($0, true) }) + negative.map({ ($0, false) }) {
          let matched = Self.matches(example, &matcher).contains(id)
          #expect(matched == wanted, "\(title): \(example["cs-uri"]?.text ?? example.text ?? "")")
          seen += 1
        }
      }
    }
    #expect(seen >= rules.rules.count * 2)
  }

  /// The ids of the rules that match an example: a request target, or a map of fields.
  static func matches(_ example: YamlNode, _ matcher: inout RuleMatcher) -> [String] {
    let target = Array((example.text ?? example["cs-uri"]?.text ?? "/").utf8)
    let agent = Array((example["cs-user-agent"]?.text ?? "").utf8)
    let referrer = Array((example["cs-referer"]?.text ?? "").utf8)
    let methodText = Array((example["cs-method"]?.text ?? "").utf8)
    let none: [UInt8] = []
    let empty = none.span.bytes
    var view = FieldView(
      target: target.span.bytes, userAgent: agent.span.bytes, referrer: referrer.span.bytes, host: empty,
      cookie: empty, body: empty, contentType: empty, remoteUser: empty, methodText: methodText.span.bytes)
    switch example["cs-method"]?.text {
    case "TRACE": view.method = .trace
    case "CONNECT": view.method = .connect
    case nil, "GET": view.method = .get
    default: view.method = .unknown
    }
    let found = matcher.match(view)
    return (0..<found.count).map { matcher.rules.rules[found[$0]].id }
  }
}
