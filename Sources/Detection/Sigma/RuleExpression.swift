// What a rule says, as a tree over tests of single fields. The parser makes it, the compiler flattens it, and the
// reference matcher of the tests interprets it as it stands.

import Bytes

/// Sub-modifiers of `re`.
struct RegexOptions: Hashable, Sendable {
  var ignoreCase = false
  /// `^` and `$` match at lines too.
  var multiline = false
  /// `.` matches newlines too.
  var dotAll = false
}

/// A test of one text field.
struct TextTest: Hashable, Sendable {
  enum Pattern: Hashable, Sendable {
    case glob(Glob)
    case regex(String, RegexOptions)
  }
  var field: TextField
  var pattern: Pattern
  /// Globs only; regexes say it themselves.
  var isCased: Bool
}

enum Comparison: String, Hashable, Sendable {
  case equal, less = "lt", lessOrEqual = "lte", greater = "gt", greaterOrEqual = "gte"

  @inline(__always)
  func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .equal: a == b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }
}

/// How `fieldref` compares two fields.
enum FieldComparison: Hashable, Sendable { case equal, contains, startsWith, endsWith }

indirect enum RuleExpression: Hashable, Sendable {
  case constant(Bool)
  case text(TextTest)
  /// Whether the field holds anything.
  case present(SigmaField)
  case number(NumberField, Comparison, Double)
  /// A number's decimal digits against a glob.
  case digits(NumberField, Glob)
  case network(Network)
  /// The client's address as text against a glob.
  case address(Glob)
  case method(Glob, isCased: Bool)
  case protocolVersion(Glob, isCased: Bool)
  case fields(SigmaField, FieldComparison, SigmaField, isCased: Bool)
  case any([RuleExpression])
  case all([RuleExpression])
  case not(RuleExpression)

  /// Tests and operators in it, at most `limit`.
  func size(limit: Int) -> Int {
    switch self {
    case .any(let list), .all(let list):
      var total = 1
      for item in list {
        total += item.size(limit: limit - total)
        if total >= limit { return limit }
      }
      return total
    case .not(let inner): return 1 + inner.size(limit: limit - 1)
    default: return 1
    }
  }

  static func anyOf(_ list: [RuleExpression]) -> RuleExpression { list.count == 1 ? list[0] : .any(list) }
  static func allOf(_ list: [RuleExpression]) -> RuleExpression { list.count == 1 ? list[0] : .all(list) }
}
