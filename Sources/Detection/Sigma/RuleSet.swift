// Rule files -> one immutable rule set, compiled once and shared by all threads.

import Bytes
import Configuration

/// A compiled rule set. Rules are ordered by level, the most serious first, then as they stand in the files: the
/// smaller an index, the stronger the rule.
public struct RuleSet: Sendable {
  public let rules: [RuleInfo]
  public let correlations: [Correlation]
  /// What was left out and why, such as rules for other logs.
  public let notes: [String]
  /// Of the files' contents and the disabled rules: two rule sets with the same hash judge alike.
  public let hash: UInt64
  let compiled: CompiledRules
  /// Built-in detectors that are not used.
  var disabledDetectors: Set<BuiltInRule> = []

  /// Without rules.
  static let empty: RuleSet = {
    guard let compiled = CompiledRules([], []) else { fatalError("no rules are too many") }
    return RuleSet(rules: [], correlations: [], notes: [], hash: 0, compiled: compiled)
  }()

  /// Parses and compiles.
  /// - Parameters:
  ///   - files: Names for errors and contents; several documents in a file are several rules.
  ///   - disabled: Ids of rules and built-in detectors to leave out.
  /// - Throws: Every error found, each with file, line, column and reason.
  public static func load(
    _ files: [(name: String, text: [UInt8])], disabled: Set<String> = []
  ) throws(ConfigurationErrors) -> RuleSet {
    var parser = SigmaRuleParser()
    var hash = RuleInfo.hash(ofId: disabled.sorted().joined(separator: "\n"))
    let hasher = KeyedHash(key: hash)
    for file in files {
      parser.read(file.text, file: file.name)
      hash = hasher.hash(hash, hasher.hash(file.text.span.bytes))
    }
    let known = Set(
      parser.rules.map(\.info.id) + parser.correlations.map(\.info.id) + parser.filters.map(\.info.id))
    parser.disable(disabled)
    parser.applyFilters()
    let (linked, moreNotes, moreErrors) = parser.linkedCorrelations()
    var errors = parser.errors + moreErrors
    errors += duplicates(parser.rules.map(\.info) + linked.map(\.info) + parser.filters.map(\.info))
    if parser.rules.count > PatternTable.limit {
      errors.append(ConfigurationError(file: "rules", place: nil, message: "more than \(PatternTable.limit) rules"))
    }
    if !errors.isEmpty { throw ConfigurationErrors(errors) }

    // Strongest first; a stable sort, so that equals keep the order of the files.
    let order = parser.rules.indices.sorted { a, b in
      let (first, second) = (parser.rules[a].info.level, parser.rules[b].info.level)
      return first != second ? first > second : a < b
    }
    var newIndex = Array(repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { newIndex[old] = new }
    let hidden = parser.onlyCorrelated(linked)
    let rules = order.map { old in
      var rule = parser.rules[old]
      rule.info.isReported = !hidden.contains(old)
      return rule
    }
    let correlations = linked.map { correlation in
      var correlation = correlation
      correlation.rules = correlation.rules.map { newIndex[$0] }
      return correlation
    }
    guard let compiled = CompiledRules(rules.map(\.expression), correlations) else {
      throw ConfigurationErrors([
        ConfigurationError(
          file: "rules", place: nil, message: "more than \(PatternTable.limit) different values in all rules together")
      ])
    }
    let unknown = disabled.subtracting(known).subtracting(BuiltInRule.allCases.map(\.id)).sorted()
    return RuleSet(
      rules: rules.map(\.info), correlations: correlations,
      notes: parser.notes + moreNotes + unknown.map { "rules.disabled: no rule has the id '\($0)'" }, hash: hash,
      compiled: compiled, disabledDetectors: Set(BuiltInRule.allCases.filter { disabled.contains($0.id) }))
  }

  private static func duplicates(_ infos: [RuleInfo]) -> [ConfigurationError] {
    var seen: [String: RuleInfo] = [:]
    var errors: [ConfigurationError] = []
    for info in infos {
      if let first = seen[info.id] {
        errors.append(
          ConfigurationError(
            file: info.file, place: Configuration.Place(line: info.line, column: 1),
            message: "rule id '\(info.id)' is used already at \(first.file):\(first.line)"))
      } else {
        seen[info.id] = info
      }
    }
    return errors
  }

  /// Different values that are looked for, and expressions they come to.
  public var patternCount: Int { compiled.table.tests.count }
  /// Bytes of the compiled database.
  public var databaseSize: Int { compiled.database.size }
}

/// A pattern that is tried on every new value, and what must hold before that.
struct UnfoundPattern {
  var pattern: UInt16
  /// A byte that the value must hold.
  var requiredByte: UInt8?
}

/// What matching reads. Immutable after `init`.
final class CompiledRules: Sendable {
  let table: PatternTable
  let program: RuleProgram
  let database: PatternDatabase
  /// Rules that ask for a pattern: `patternRules[patternRuleStarts[p]..<patternRuleStarts[p + 1]]`.
  let patternRules: [UInt16]
  let patternRuleStarts: [UInt32]
  /// Patterns that wait for an expression, in the same form.
  let refs: [PatternRef]
  let refStarts: [UInt32]
  /// Patterns whose expression is only approximate: PCRE2 alone vouches for them.
  let isApproximate: [Bool]
  /// Patterns that no expression finds, by column.
  let unfound: [[UnfoundPattern]]
  /// Rules that can match where no pattern was found.
  let patternless: [UInt16]
  /// A bit for each raw value of `Method` with which one of `patternless` may match.
  let patternlessMethods: UInt32
  /// Whether all rules that ask for a pattern ask for patterns of the same field of the event only: then what else is
  /// found in that field's value decides whether any of them can match.
  let isOfOneColumn: [Bool]
  /// A bit for each column that some pattern looks at.
  let columnMask: UInt8
  /// Correlations that count a rule: `(correlation, position among its rules)`.
  let ruleCorrelations: [[(correlation: Int, position: Int)]]

  /// nil when there are too many patterns.
  init?(_ expressions: [RuleExpression], _ correlations: [Correlation]) {
    var table = PatternTable()
    var program = RuleProgram()
    for expression in expressions {
      program.add(expression, &table)
      if table.tests.count > PatternTable.limit { return nil }
    }
    database = PatternDatabase(table.expressions)
    table.setUnfound(expressions: database.refused)
    self.program = program

    var rulesOf: [[UInt16]] = Array(repeating: [], count: table.tests.count)
    for rule in expressions.indices {
      for pattern in program.patternsUsed(by: rule) { rulesOf[Int(pattern)].append(UInt16(truncatingIfNeeded: rule)) }
    }
    (patternRules, patternRuleStarts) = Self.flattened(rulesOf)
    (refs, refStarts) = Self.flattened(table.refs)
    var approximate = Array(repeating: false, count: table.tests.count)
    for expression in database.approximate {
      for ref in table.refs[expression] { approximate[Int(ref.pattern)] = true }
    }
    for pattern in table.unfound { approximate[pattern] = true }
    isApproximate = approximate
    let patternless = program.roots.indices.filter { program.answerWithoutPatterns(program.roots[$0]) != false }
    self.patternless = patternless.map { UInt16(truncatingIfNeeded: $0) }
    patternlessMethods = patternless.reduce(0) { $0 | program.methodsAllowed(program.roots[$1]) }
    let isOfOneColumn = expressions.indices.map { rule in
      let columns = Set(program.patternsUsed(by: rule).map { table.tests[Int($0)].field.column })
      return columns.count == 1 && !columns.contains(nil) && !patternless.contains(rule)
    }
    self.isOfOneColumn = rulesOf.map { $0.allSatisfy { isOfOneColumn[Int($0)] } }
    var unfound: [[UnfoundPattern]] = Array(repeating: [], count: TextColumn.allCases.count)
    var mask: UInt8 = 0
    for column in TextColumn.allCases {
      let index = Int(column.rawValue)
      if table.tests.contains(where: { $0.field.column == nil || $0.field.column == column }) {
        mask |= 1 << column.rawValue
      }
      unfound[index] = table.unfound.filter { [nil, column].contains(table.tests[$0].field.column) }.map {
        UnfoundPattern(
          pattern: UInt16(truncatingIfNeeded: $0), requiredByte: table.regexes[$0]?.requiredByte)
      }
    }
    self.unfound = unfound
    columnMask = mask
    var ruleCorrelations: [[(correlation: Int, position: Int)]] = Array(repeating: [], count: expressions.count)
    for (index, correlation) in correlations.enumerated() {
      for (position, rule) in correlation.rules.enumerated() { ruleCorrelations[rule].append((index, position)) }
    }
    self.ruleCorrelations = ruleCorrelations
    self.table = table
  }

  private static func flattened<T>(_ lists: [[T]]) -> (items: [T], starts: [UInt32]) {
    var starts: [UInt32] = [0]
    var items: [T] = []
    for list in lists {
      items += list
      starts.append(UInt32(clamping: items.count))
    }
    return (items, starts)
  }
}
