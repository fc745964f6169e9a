// Documents of a rule file -> rules and correlations, with every error at its place.

import Bytes
import Configuration
import Rollups

/// Everything read from a set of files. Rules keep the order of the files.
struct SigmaRuleParser {
  var rules: [SigmaRule] = []
  private(set) var correlations: [PendingCorrelation] = []
  private(set) var filters: [PendingFilter] = []
  /// Ids and names of rules that were left out because they are for other logs.
  private(set) var skipped: Set<String> = []
  var notes: [String] = []
  var errors: [ConfigurationError] = []

  /// A correlation whose rules are not looked up yet: they may stand in a later file.
  struct PendingCorrelation {
    var info: RuleInfo
    var node: YamlNode
    var generates: Bool
  }

  mutating func read(_ text: [UInt8], file: String) {
    let documents: [YamlNode]
    do throws(ConfigurationError) {
      documents = try YamlReader.documents(text, file: file)
    } catch {
      errors.append(error)
      return
    }
    for document in documents where !document.isNull {
      do throws(ConfigurationError) {
        try read(document, file: file)
      } catch {
        errors.append(error)
      }
    }
  }

  private mutating func read(_ document: YamlNode, file: String) throws(ConfigurationError) {
    func fail(_ place: Configuration.Place, _ message: String) -> ConfigurationError {
      ConfigurationError(file: file, place: place, message: message)
    }
    guard document.map != nil else { throw fail(document.place, "a rule is a map of keys, not \(document.kindName)") }
    if let action = document["action"] {
      throw fail(action.place, "rule collections ('action') are not supported: they were removed from Sigma")
    }
    let info = try Self.info(of: document, file: file)
    if let node = document["correlation"] {
      var generates = false
      if let value = document["generate"] ?? node["generate"] {
        guard let flag = value.scalar?.bool else { throw fail(value.place, "'generate' is true or false") }
        generates = flag
      }
      correlations.append(PendingCorrelation(info: info, node: node, generates: generates))
      return
    }
    guard let detection = document["detection"] ?? document["filter"] else {
      throw fail(document.place, "a rule needs 'detection', 'correlation' or 'filter'")
    }
    guard let source = document["logsource"] else { throw fail(document.place, "a rule needs 'logsource'") }
    guard source.map != nil else { throw fail(source.place, "'logsource' is a map, not \(source.kindName)") }
    let logSource = LogSource(
      category: source["category"]?.text?.lowercased(), product: source["product"]?.text?.lowercased(),
      service: source["service"]?.text?.lowercased())
    // A filter may leave the category out: then it is for the rules that do, or for those that it names.
    let isFilter = document["detection"] == nil
    if !isFilter || logSource.category != nil, let reason = Self.otherSource(source) {
      if !isFilter { skipped.formUnion([info.id, info.name]) }
      notes.append("\(file):\(info.line): '\(info.title)' is not for this pipeline: \(reason)")
      return
    }
    if info.status == "unsupported" {
      skipped.formUnion([info.id, info.name])
      notes.append("\(file):\(info.line): '\(info.title)' says of itself that it is unsupported")
      return
    }
    if isFilter {
      filters.append(try Self.filter(detection, info, logSource))
      return
    }
    guard let pairs = detection.map else {
      throw fail(detection.place, "'detection' is a map, not \(detection.kindName)")
    }
    let expression = try Self.expression(of: detection, searches: pairs, file: file)
    rules.append(SigmaRule(info: info, source: logSource, expression: expression))
  }

  /// Why a rule is for other logs than ours, or nil.
  private static func otherSource(_ source: YamlNode) -> String? {
    let category = source["category"]?.text?.lowercased()
    let service = source["service"]?.text?.lowercased()
    guard category == "webserver" || category == "proxy" else {
      let names = ["category", "product", "service"].compactMap { key in source[key]?.text.map { "\(key) \($0)" } }
      return "it reads " + (names.isEmpty ? "logs of no category" : names.joined(separator: ", "))
    }
    return service == "error" ? "it reads error logs" : nil
  }

  private static func info(of document: YamlNode, file: String) throws(ConfigurationError) -> RuleInfo {
    func text(_ key: String) throws(ConfigurationError) -> String? {
      guard let node = document[key] else { return nil }
      guard let text = node.text else {
        throw ConfigurationError(
          file: file, place: node.place, message: "'\(key)' is a single value, not \(node.kindName)")
      }
      return node.isNull ? nil : text
    }
    guard let title = try text("title"), !title.isEmpty else {
      throw ConfigurationError(file: file, place: document.place, message: "a rule needs 'title'")
    }
    let name = try text("name") ?? ""
    let id = try text("id") ?? (name.isEmpty ? title : name)
    var level = RuleLevel.medium
    if let word = try text("level") {
      guard let known = RuleLevel(name: word.lowercased()) else {
        let names = RuleLevel.allCases.map(\.name)
        throw ConfigurationError(
          file: file, place: document["level"]?.place,
          message: "level '\(word)' is none of \(names.joined(separator: ", "))" + suggestion(for: word, among: names))
      }
      level = known
    }
    var tags: [String] = []
    if let node = document["tags"], !node.isNull {
      guard let list = node.list else {
        throw ConfigurationError(file: file, place: node.place, message: "'tags' is a list, not \(node.kindName)")
      }
      tags = list.compactMap(\.text)
    }
    return RuleInfo(
      id: id, name: name, title: title, level: level, status: try text("status") ?? "", tags: tags,
      classes: RuleInfo.classes(ofTags: tags), hash: RuleInfo.hash(ofId: id), file: file,
      line: document["title"]?.place.line ?? document.place.line, isReported: true)
  }

  /// The searches and the condition of a `detection` or `filter`.
  static func expression(
    of detection: YamlNode, searches pairs: [YamlPair], file: String
  ) throws(ConfigurationError) -> RuleExpression {
    let parser = SigmaDetectionParser(file: file)
    var searches: [(name: String, expression: RuleExpression)] = []
    for pair in pairs where pair.key != "condition" && pair.key != "timeframe" {
      searches.append((pair.key, try parser.search(pair.value)))
    }
    guard let condition = detection["condition"] else {
      throw parser.error(detection.place, "'detection' and 'filter' need a 'condition'")
    }
    let conditions = condition.list ?? [condition]
    guard !conditions.isEmpty else { throw parser.error(condition.place, "an empty list matches nothing") }
    var parts: [RuleExpression] = []
    for node in conditions {
      guard let text = node.text, !node.isNull else {
        throw parser.error(node.place, "a condition is text, not \(node.kindName)")
      }
      var grammar = SigmaConditionParser(searches: searches)
      do throws(SigmaConditionParser.Problem) {
        parts.append(try grammar.parse(text))
      } catch {
        // Exact for a condition on one line without quotes, else the start of its value.
        var place = node.place
        if node.scalar?.isPlain == true, !text.contains("\n") { place.column += error.offset }
        throw parser.error(place, error.message)
      }
    }
    return .anyOf(parts)
  }

  /// Leaves rules out by id.
  mutating func disable(_ ids: Set<String>) {
    guard !ids.isEmpty else { return }
    for rule in rules where ids.contains(rule.info.id) { skipped.formUnion([rule.info.id, rule.info.name]) }
    rules.removeAll { ids.contains($0.info.id) }
    correlations.removeAll { ids.contains($0.info.id) }
    filters.removeAll { ids.contains($0.info.id) }
  }
}
