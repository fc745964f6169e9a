// The `correlation` section. Its rules are looked up by id or name after all files were read.

import Bytes
import Configuration

extension SigmaRuleParser {
  /// The correlations, or what is wrong with them. A correlation over rules for other logs is left out with a note.
  func linkedCorrelations() -> (correlations: [Correlation], notes: [String], errors: [ConfigurationError]) {
    var correlations: [Correlation] = []
    var notes: [String] = []
    var errors: [ConfigurationError] = []
    for pending in self.correlations {
      do throws(ConfigurationError) {
        if let correlation = try link(pending) {
          correlations.append(correlation)
        } else {
          notes.append(
            "\(pending.info.file):\(pending.info.line): '\(pending.info.title)' is not for this pipeline: so are its rules"
          )
        }
      } catch {
        errors.append(error)
      }
    }
    return (correlations, notes, errors)
  }

  private func link(_ pending: PendingCorrelation) throws(ConfigurationError) -> Correlation? {
    let node = pending.node
    func fail(_ place: Configuration.Place, _ message: String) -> ConfigurationError {
      ConfigurationError(file: pending.info.file, place: place, message: message)
    }
    func need(_ key: String) throws(ConfigurationError) -> YamlNode {
      guard let value = node[key], !value.isNull else { throw fail(node.place, "a correlation needs '\(key)'") }
      return value
    }
    let known = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate", "field"]
    for pair in node.map ?? [] where !known.contains(pair.key) {
      throw fail(pair.keyPlace, "unknown key '\(pair.key)' of a correlation" + suggestion(for: pair.key, among: known))
    }
    let names = try need("rules")
    let list = names.list ?? [names]
    var rules: [Int] = []
    var unknown: YamlNode?
    var others = 0
    for item in list {
      let name = item.text ?? ""
      if name.isEmpty {
        unknown = unknown ?? item
      } else if let index = self.rules.firstIndex(where: { $0.info.id == name || $0.info.name == name }) {
        rules.append(index)
      } else if skipped.contains(name) {
        others += 1
      } else if self.correlations.contains(where: { $0.info.id == name || $0.info.name == name }) {
        throw fail(item.place, "correlations over other correlations are not supported")
      } else {
        unknown = unknown ?? item
      }
    }
    let type = try need("type")
    let kind = try kind(of: type, file: pending.info.file)
    // What asks for a rule of another log as well can never be seen here.
    if others > 0, rules.isEmpty || kind.isTemporal { return nil }
    if let unknown { throw fail(unknown.place, "no rule has the id or name '\(unknown.text ?? "")'") }
    if rules.isEmpty { throw fail(names.place, "a correlation needs at least one rule") }

    let span = try need("timespan")
    guard let timespan = span.text.flatMap(Self.timespan) else {
      throw fail(span.place, "a timespan is a whole number and s, m, h or d, such as 5m, up to 366d")
    }
    let conditionNode = node["condition"].flatMap { $0.isNull ? nil : $0 }
    var condition = Correlation.Condition(minimum: UInt64(rules.count))
    var fieldNode: YamlNode?
    if conditionNode != nil || !kind.isTemporal {
      (condition, fieldNode) = try self.condition(try need("condition"), file: pending.info.file)
    }
    if kind.isTemporal {
      try check(condition, kind, rules, at: (conditionNode ?? node).place, names: names.place, file: pending.info.file)
    }
    let aliases = try aliases(node["aliases"], rules: rules, file: pending.info.file)

    func resolve(_ item: YamlNode) throws(ConfigurationError) -> [SigmaField] {
      let name = item.text ?? ""
      if let alias = aliases[name] {
        var fields: [SigmaField] = []
        for rule in rules {
          guard let field = alias[rule] else {
            throw fail(item.place, "alias '\(name)' says nothing about rule '\(self.rules[rule].info.title)'")
          }
          fields.append(field)
        }
        return fields
      }
      guard let field = SigmaField(name: name), field != .text(.anywhere), field != .time else {
        throw fail(
          item.place,
          "'\(name)' is neither a field nor an alias" + suggestion(for: name, among: SigmaField.names.map(\.name)))
      }
      return Array(repeating: field, count: rules.count)
    }
    var groupBy: [[SigmaField]] = Array(repeating: [], count: rules.count)
    var groupNames: [String] = []
    if let group = node["group-by"], !group.isNull {
      for item in group.list ?? [group] {
        let fields = try resolve(item)
        for index in rules.indices { groupBy[index].append(fields[index]) }
        groupNames.append(item.text ?? "")
      }
    }
    var valueField: [SigmaField] = []
    let field = fieldNode ?? node["field"]
    if kind == .valueCount {
      guard let field else { throw fail(node.place, "value_count needs 'field' in its condition") }
      if let list = field.list, list.count != 1 { throw fail(field.place, "exactly one field can be counted") }
      valueField = try resolve(field.list?[0] ?? field)
    } else if let field {
      throw fail(field.place, "'field' belongs to value_count")
    }
    var info = pending.info
    info.isReported = true
    return Correlation(
      info: info, kind: kind, rules: rules, groupBy: groupBy, valueField: valueField, groupNames: groupNames,
      timespan: timespan, condition: condition,
      members: kind.isTemporal
        ? rules.map { KeyedHash(key: info.hash).hash(self.rules[$0].info.hash) } : [])
  }

  private func kind(of type: YamlNode, file: String) throws(ConfigurationError) -> Correlation.Kind {
    switch type.text {
    case "event_count": return .eventCount
    case "value_count": return .valueCount
    case "temporal": return .temporal
    case "temporal_ordered": return .temporalOrdered
    case let name:
      let known = ["event_count", "value_count", "temporal", "temporal_ordered"]
      var message = "correlation type '\(name ?? "")' is not supported: \(known.joined(separator: ", ")) are"
      if let name, name.hasPrefix("value_") {
        message += "; windows hold how many values differ, not the values"
      } else if let name {
        message += suggestion(for: name, among: known)
      }
      throw ConfigurationError(file: file, place: type.place, message: message)
    }
  }

  /// Most rules of a temporal correlation.
  private static let mostRules = 64

  /// What a temporal correlation may ask for: a count of its rules, all of them where they are ordered.
  private func check(
    _ condition: Correlation.Condition, _ kind: Correlation.Kind, _ rules: [Int], at place: Configuration.Place,
    names: Configuration.Place, file: String
  ) throws(ConfigurationError) {
    func fail(_ place: Configuration.Place, _ message: String) -> ConfigurationError {
      ConfigurationError(file: file, place: place, message: message)
    }
    if Set(rules).count < rules.count { throw fail(names, "a temporal correlation names each rule once") }
    if rules.count > Self.mostRules {
      throw fail(names, "a temporal correlation has at most \(Self.mostRules) rules")
    }
    let count = UInt64(rules.count)
    guard (0...count).contains(where: { condition.holds($0) }) else {
      throw fail(place, "the condition counts different rules, of which there are \(count)")
    }
    if kind == .temporalOrdered, !condition.holds(count) || (0..<count).contains(where: { condition.holds($0) }) {
      throw fail(place, "temporal_ordered takes all of its rules: leave the condition out")
    }
  }

  /// Indices of rules that only serve correlations: named by one that does not say `generate`.
  func onlyCorrelated(_ linked: [Correlation]) -> Set<Int> {
    var hidden: Set<Int> = []
    var shown: Set<Int> = []
    for correlation in linked {
      let generates = correlations.first { $0.info == correlation.info }?.generates ?? false
      if generates { shown.formUnion(correlation.rules) } else { hidden.formUnion(correlation.rules) }
    }
    return hidden.subtracting(shown)
  }

  static func timespan(_ text: String) -> Nanoseconds? {
    guard let unit = text.last, "smhd".contains(unit), let span = DurationText.parse(text), span > 0,
      span <= 366 * 86_400 * nanosecondsPerSecond
    else { return nil }
    return span
  }

  private func condition(
    _ node: YamlNode, file: String
  ) throws(ConfigurationError) -> (Correlation.Condition, field: YamlNode?) {
    func fail(_ place: Configuration.Place, _ message: String) -> ConfigurationError {
      ConfigurationError(file: file, place: place, message: message)
    }
    guard let pairs = node.map else {
      if let text = node.text, text.contains(where: \.isWhitespace) {
        throw fail(node.place, "a condition over names of rules is not supported: it is a map such as 'gte: 2'")
      }
      throw fail(node.place, "the condition of a correlation is a map such as 'gte: 10'")
    }
    var condition = Correlation.Condition()
    var field: YamlNode?
    var bounds = 0
    for pair in pairs {
      if pair.key == "field" {
        field = pair.value
        continue
      }
      let known = ["gt", "gte", "lt", "lte", "eq", "neq"]
      guard known.contains(pair.key) else {
        throw fail(pair.keyPlace, "'\(pair.key)' is none of \(known.joined(separator: ", "))")
      }
      guard let value = pair.value.scalar?.integer, value >= 0 else {
        throw fail(pair.value.place, "a count is a whole number from 0")
      }
      bounds += 1
      let count = UInt64(value)
      switch pair.key {
      case "gt": condition.minimum = max(condition.minimum, count + 1)
      case "gte": condition.minimum = max(condition.minimum, count)
      case "lt":
        if count == 0 { throw fail(pair.value.place, "no count is less than 0") }
        condition.maximum = min(condition.maximum, count - 1)
      case "lte": condition.maximum = min(condition.maximum, count)
      case "eq":
        condition.minimum = max(condition.minimum, count)
        condition.maximum = min(condition.maximum, count)
      default: condition.excluded = count
      }
    }
    if bounds == 0 { throw fail(node.place, "the condition says nothing about the count") }
    if condition.minimum > condition.maximum { throw fail(node.place, "no count satisfies this condition") }
    // 'Fewer than n' is looked at where there is at least one match: absence triggers nothing in a stream of events.
    condition.minimum = max(condition.minimum, 1)
    if condition.minimum > condition.maximum {
      throw fail(node.place, "a correlation cannot ask for no matches at all")
    }
    return (condition, field)
  }

  private func aliases(
    _ node: YamlNode?, rules: [Int], file: String
  ) throws(ConfigurationError) -> [String: [Int: SigmaField]] {
    func fail(_ place: Configuration.Place, _ message: String) -> ConfigurationError {
      ConfigurationError(file: file, place: place, message: message)
    }
    guard let node, !node.isNull else { return [:] }
    guard let pairs = node.map else { throw fail(node.place, "'aliases' is a map, not \(node.kindName)") }
    var aliases: [String: [Int: SigmaField]] = [:]
    for pair in pairs {
      guard let entries = pair.value.map else { throw fail(pair.value.place, "an alias is a map from rules to fields") }
      for entry in entries {
        guard
          let rule = rules.first(where: { self.rules[$0].info.name == entry.key || self.rules[$0].info.id == entry.key }
          )
        else {
          if skipped.contains(entry.key) { continue }
          throw fail(entry.keyPlace, "'\(entry.key)' is none of this correlation's rules")
        }
        guard let field = entry.value.text.flatMap({ SigmaField(name: $0) }), field != .time else {
          throw fail(entry.value.place, "'\(entry.value.text ?? "")' is not a field that web logs have")
        }
        aliases[pair.key, default: [:]][rule] = field
      }
    }
    return aliases
  }
}
