// The text of a notification: words in braces stand for what is known of an attack.

import Bytes
import Configuration
import Detection
import Reports

/// A checked template. `{{` is a brace.
struct Template: Sendable {
  struct Wrong: SetupFailure, CustomStringConvertible {
    var description: String
  }

  static let builtIn = """
    {severity} {title} on {zone}: {state}. {requests} requests from {sources} sources since {start}, peak {peak}; \
    {confidence} sure. {explanation}
    """

  private enum Part: Sendable {
    case text(String)
    case field(String)
  }
  private let parts: [Part]

  /// - Parameter text: Empty: the built-in one.
  init(_ text: String) throws(Wrong) {
    var parts: [Part] = []
    var rest = Substring(text.isEmpty ? Self.builtIn : text)
    while let brace = rest.firstIndex(of: "{") {
      if brace > rest.startIndex { parts.append(.text(String(rest[..<brace]))) }
      let after = rest.index(after: brace)
      if rest[after...].first == "{" {
        parts.append(.text("{"))
        rest = rest[rest.index(after: after)...]
        continue
      }
      guard let end = rest[after...].firstIndex(of: "}") else {
        throw Wrong(description: "a brace of the template is not closed; write {{ for a brace")
      }
      let name = String(rest[after..<end])
      guard Self.names.contains(name) else {
        throw Wrong(description: "the template has no {\(name)}; there are {\(Self.names.joined(separator: "}, {"))}")
      }
      parts.append(.field(name))
      rest = rest[rest.index(after: end)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.parts = parts
  }

  static let names = [
    "id", "state", "severity", "kind", "title", "class", "zone", "start", "end", "duration", "confidence", "requests",
    "peak", "baseline", "sources", "source", "target", "request", "explanation", "pipeline",
  ]

  /// The text for an attack. All bytes of a client are harmless in it, as in a report.
  func text(_ attack: Attack, pipeline: String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .field(let name): Self.value(of: name, attack, pipeline)
      }
    }.joined()
  }

  private static func value(of name: String, _ attack: Attack, _ pipeline: String) -> String {
    switch name {
    case "id": shown(attack.id)
    case "state": attack.state.rawValue
    case "severity": attack.severity.name
    case "kind": attack.kind.rawValue
    case "title": attack.title
    case "class": shown(attack.attackClass)
    case "zone": attack.zoneName
    case "start": Figures.exact(attack.start)
    case "end": Figures.exact(attack.end)
    case "duration": Figures.duration(from: attack.start, to: attack.end)
    case "confidence": Figures.percent(attack.confidence)
    case "requests": Figures.grouped(attack.requests)
    case "peak": Figures.rate(attack.peakRate)
    case "baseline": Figures.rate(attack.baselineRate)
    case "sources": Figures.grouped(attack.sourceCount)
    case "source": attack.sources.first?.address.description ?? ""
    case "target": attack.targets.first.map { shown($0.path) } ?? ""
    case "request": attack.evidence.first.map { shown($0.request) } ?? ""
    case "explanation": shown(attack.explanation)
    case "pipeline": shown(pipeline)
    default: ""
    }
  }
}
