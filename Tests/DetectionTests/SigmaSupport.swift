import Bytes
import Configuration
import Events

@testable import Detection

/// A request of a test, as text.
struct Request {
  var target = "/"
  var method: Method = .get
  var methodText = ""
  var userAgent = ""
  var referrer = ""
  var host = ""
  var cookie = ""
  var body = ""
  var contentType = ""
  var user = ""
  var client = "192.0.2.1"
  var status: UInt16 = 200
  var bytes: UInt64 = 100
  var requestBytes: UInt64 = 0
  var duration: UInt32 = .max
  var port: UInt16 = 0
  var version: `Protocol` = .http11
  /// Unknown.
  var time = Nanoseconds.min
  /// Where bytes matter that are no text.
  var rawTarget: [UInt8]?

  func withView<R>(_ body: (borrowing FieldView) -> R) -> R {
    let targetBytes = rawTarget ?? Array(target.utf8)
    let userAgentBytes = Array(self.userAgent.utf8)
    let referrerBytes = Array(self.referrer.utf8)
    let hostBytes = Array(self.host.utf8)
    let cookieBytes = Array(self.cookie.utf8)
    let bodyBytes = Array(self.body.utf8)
    let contentTypeBytes = Array(self.contentType.utf8)
    let userBytes = Array(self.user.utf8)
    let methodTextBytes = Array(self.methodText.utf8)
    var view = FieldView(
      target: targetBytes.span.bytes, userAgent: userAgentBytes.span.bytes, referrer: referrerBytes.span.bytes,
      host: hostBytes.span.bytes, cookie: cookieBytes.span.bytes, body: bodyBytes.span.bytes,
      contentType: contentTypeBytes.span.bytes, remoteUser: userBytes.span.bytes, methodText: methodTextBytes.span.bytes
    )
    view.time = time
    view.method = method
    view.protocolVersion = version
    view.client = IPAddress(client) ?? .unknown
    view.status = status
    view.bytes = bytes
    view.requestBytes = requestBytes
    view.duration = duration
    view.port = port
    return body(view)
  }
}

/// A rule with this `detection`, each line of which is indented by two.
func rule(_ detection: String, id: String = "r", level: String = "medium", source: String = "category: webserver")
  -> String
{
  let body = detection.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }.joined()
  return "title: Rule \(id)\nid: \(id)\nlogsource:\n  \(source)\nlevel: \(level)\ndetection:\n\(body)"
}

func load(_ texts: String...) throws(ConfigurationErrors) -> RuleSet {
  try RuleSet.load(texts.enumerated().map { ("f\($0.offset).yml", Array($0.element.utf8)) })
}

/// Errors of loading one file, as shown.
func loadErrors(_ text: String) -> [String] {
  do throws(ConfigurationErrors) {
    _ = try load(text)
    return []
  } catch {
    return error.errors.map(\.description)
  }
}

/// Ids of the rules that match.
func matches(_ rules: RuleSet, _ request: Request) -> [String] {
  var matcher = RuleMatcher(rules)
  return request.withView { view in
    let matches = matcher.match(view)
    return (0..<matches.count).map { rules.rules[matches[$0]].id }
  }
}

/// Whether a rule of one search and one condition matches.
func holds(_ search: String, _ request: Request) throws -> Bool {
  let indented = search.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
  return try !matches(load(rule("s:\n\(indented)\ncondition: s")), request).isEmpty
}
