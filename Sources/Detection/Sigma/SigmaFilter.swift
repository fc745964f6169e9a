// The `filter` section: a condition that is added to rules of others, such as what is normal on a site. Its rules are
// looked up by id or name after all files were read.

import Bytes
import Configuration

extension SigmaRuleParser {
  /// A filter whose rules are not looked up yet: they may stand in a later file.
  struct PendingFilter {
    var info: RuleInfo
    /// Where it names its rules.
    var place: Configuration.Place
    /// nil: all rules of its log source.
    var rules: [YamlNode]?
    var source: LogSource
    var expression: RuleExpression
  }

  static func filter(_ node: YamlNode, _ info: RuleInfo, _ source: LogSource) throws(ConfigurationError)
    -> PendingFilter
  {
    func fail(_ place: Configuration.Place, _ message: String) -> ConfigurationError {
      ConfigurationError(file: info.file, place: place, message: message)
    }
    guard let pairs = node.map else { throw fail(node.place, "'filter' is a map, not \(node.kindName)") }
    guard let rules = node["rules"], !rules.isNull else {
      throw fail(node.place, "a filter needs 'rules': ids or names, or 'any'")
    }
    var names: [YamlNode]? = rules.list ?? [rules]
    if rules.list == nil, rules.text?.lowercased() == "any" { names = nil }
    if names?.isEmpty ?? false { throw fail(rules.place, "an empty list names no rule; 'any' names all") }
    let expression = try expression(of: node, searches: pairs.filter { $0.key != "rules" }, file: info.file)
    return PendingFilter(info: info, place: rules.place, rules: names, source: source, expression: expression)
  }

  /// Adds the filters to the rules that they name, as far as those are of their log source. What a filter names and does
  /// not concern us is left out with a note.
  mutating func applyFilters() {
    for filter in filters {
      let (title, file) = ("filter '\(filter.info.title)'", filter.info.file)
      func note(_ text: String) { notes.append("\(file):\(filter.info.line): \(title) \(text)") }
      var chosen: [Int] = []
      for node in filter.rules ?? [] {
        let name = node.text ?? ""
        if let index = rules.firstIndex(where: { !name.isEmpty && ($0.info.id == name || $0.info.name == name) }) {
          if rules[index].source.isPart(of: filter.source) {
            chosen.append(index)
          } else {
            note("leaves rule '\(rules[index].info.title)' as it is: it has another log source")
          }
        } else if skipped.contains(name) {
          note("leaves rule '\(name)' as it is: that is not used")
        } else {
          let isCorrelation = correlations.contains { $0.info.id == name || $0.info.name == name }
          let reason =
            isCorrelation ? "'\(name)' is a correlation: filter its rules" : "no rule has the id or name '\(name)'"
          errors.append(ConfigurationError(file: file, place: node.place, message: reason))
        }
      }
      if filter.rules == nil { chosen = rules.indices.filter { rules[$0].source.isPart(of: filter.source) } }
      for index in Set(chosen).sorted() {
        rules[index].expression = .all([rules[index].expression, filter.expression])
      }
    }
  }
}
