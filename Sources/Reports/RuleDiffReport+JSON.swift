// The comparison of two rule sets for programs: the same bytes for the same comparison.

import Bytes

extension RuleDiffReport {
  /// Of the document's form: the value of its key `version`.
  public static let version: UInt64 = 1

  public func renderJSON(into output: inout ByteBuffer) {
    var json = JSONWriter()
    json.beginObject()
    json.member("version", Self.version)
    json.key("partial")
    if let partial { json.string(partial) } else { json.null() }
    for (name, source, count) in [("a", sourceA, ruleCountA), ("b", sourceB, ruleCountB)] {
      json.key(name)
      json.beginObject()
      json.key("sources")
      Self.write(source, &json)
      json.member("rules", UInt64(clamping: count))
      json.member("attacks", name == "a" ? attacksA : attacksB)
      json.endObject()
    }
    json.member("threshold", UInt64(threshold))
    json.member("requests", requests)
    json.member("changed", changed)
    json.key("attacks")
    json.beginObject()
    Self.write(attacks, &json)
    json.endObject()
    json.key("rules")
    json.beginArray()
    for rule in rules {
      json.element()
      json.beginObject()
      json.member("id", rule.id)
      json.member("title", rule.title)
      for (name, isThere, count) in [("a", rule.isInA, rule.matchesA), ("b", rule.isInB, rule.matchesB)] {
        json.key(name)
        // null: the set does not have the rule.
        if isThere { json.number(count) } else { json.null() }
      }
      Self.write(rule.difference, &json)
      json.endObject()
    }
    json.endArray()
    json.key("remarks")
    Self.write(remarks, &json)
    json.endObject()
    json.output.append(0x0a)
    output.append(json.output.bytes)
  }

  private static func write(_ texts: [String], _ json: inout JSONWriter) {
    json.beginArray(inline: true)
    for text in texts {
      json.element()
      json.string(text)
    }
    json.endArray()
  }

  private static func write(_ difference: Difference, _ json: inout JSONWriter) {
    json.member("only_a", difference.onlyA)
    json.member("only_b", difference.onlyB)
    for (name, examples) in [("examples_a", difference.examplesA), ("examples_b", difference.examplesB)] {
      json.key(name)
      json.beginArray()
      for example in examples {
        json.element()
        json.beginObject()
        json.member("file", example.file)
        json.member("line", example.line)
        json.member("request", example.request)
        json.member("host", example.host)
        json.member("user_agent", example.userAgent)
        json.member("referrer", example.referrer)
        for (name, judgement) in [("a", example.a), ("b", example.b)] {
          json.key(name)
          json.beginObject(inline: true)
          json.member("score", UInt64(judgement.score))
          json.key("rules")
          write(judgement.rules, &json)
          json.endObject()
        }
        json.endObject()
      }
      json.endArray()
    }
  }
}
