// Rules' trees flattened into one array, so that judging an event follows indices and touches no reference counts.

import Bytes
import Events

/// One step of a program. `a` and `b` are what the operation says.
struct RuleStep {
  enum Operation: UInt8 {
    /// a: 0 or 1.
    case constant
    /// a: pattern.
    case pattern
    /// a..<b of `patterns`: any, all.
    case anyPattern, allPatterns
    /// a..<b of `children`: any, all.
    case any, all
    /// a: step.
    case not
    /// a: index into the table of that kind.
    case present, number, digits, network, address, method, protocolVersion, fields
  }
  var operation: Operation
  var a: UInt32
  var b: UInt32
}

/// The programs of all rules and the tables that their steps point into.
struct RuleProgram {
  struct NumberTest {
    var field: NumberField
    var comparison: Comparison
    var value: Double
  }
  /// `mask` has a bit for each value of the enum that matches; the glob is for what is not in the enum.
  struct NameTest {
    var mask: UInt32
    var glob: Glob
    var isCased: Bool
  }
  struct FieldTest {
    var field: SigmaField
    var comparison: FieldComparison
    var other: SigmaField
    var isCased: Bool
  }

  private(set) var steps: [RuleStep] = []
  private(set) var children: [UInt32] = []
  private(set) var patterns: [UInt16] = []
  /// First step of each rule's program.
  private(set) var roots: [UInt32] = []
  private(set) var present: [SigmaField] = []
  private(set) var numbers: [NumberTest] = []
  private(set) var digits: [(field: NumberField, glob: Glob)] = []
  private(set) var networks: [Network] = []
  private(set) var addresses: [Glob] = []
  private(set) var methods: [NameTest] = []
  private(set) var protocols: [NameTest] = []
  private(set) var fields: [FieldTest] = []

  mutating func add(_ expression: RuleExpression, _ table: inout PatternTable) {
    roots.append(flatten(expression, &table))
  }

  private mutating func step(_ operation: RuleStep.Operation, _ a: Int, _ b: Int = 0) -> UInt32 {
    steps.append(RuleStep(operation: operation, a: UInt32(clamping: a), b: UInt32(clamping: b)))
    return UInt32(clamping: steps.count - 1)
  }

  private mutating func flatten(_ expression: RuleExpression, _ table: inout PatternTable) -> UInt32 {
    switch expression {
    case .constant(let value): return step(.constant, value ? 1 : 0)
    case .text(let test): return step(.pattern, table.number(of: test))
    case .any(let list): return flatten(list, .anyPattern, .any, &table)
    case .all(let list): return flatten(list, .allPatterns, .all, &table)
    case .not(let inner): return step(.not, Int(flatten(inner, &table)))
    case .present(let field):
      present.append(field)
      return step(.present, present.count - 1)
    case .number(let field, let comparison, let value):
      numbers.append(NumberTest(field: field, comparison: comparison, value: value))
      return step(.number, numbers.count - 1)
    case .digits(let field, let glob):
      digits.append((field, glob))
      return step(.digits, digits.count - 1)
    case .network(let network):
      networks.append(network)
      return step(.network, networks.count - 1)
    case .address(let glob):
      addresses.append(glob)
      return step(.address, addresses.count - 1)
    case .method(let glob, let isCased):
      let mask = Self.mask(MethodText.all.map(\.text), glob, isCased)
      methods.append(NameTest(mask: mask, glob: glob, isCased: isCased))
      return step(.method, methods.count - 1)
    case .protocolVersion(let glob, let isCased):
      let mask = Self.mask(ProtocolText.all, glob, isCased)
      protocols.append(NameTest(mask: mask, glob: glob, isCased: isCased))
      return step(.protocolVersion, protocols.count - 1)
    case .fields(let field, let comparison, let other, let isCased):
      fields.append(FieldTest(field: field, comparison: comparison, other: other, isCased: isCased))
      return step(.fields, fields.count - 1)
    }
  }

  /// Patterns side by side become one step; the rest stay steps of their own.
  private mutating func flatten(
    _ list: [RuleExpression], _ overPatterns: RuleStep.Operation, _ overSteps: RuleStep.Operation,
    _ table: inout PatternTable
  ) -> UInt32 {
    var numbers: [UInt16] = []
    var rest: [UInt32] = []
    for item in list {
      if case .text(let test) = item {
        numbers.append(UInt16(truncatingIfNeeded: table.number(of: test)))
      } else {
        rest.append(flatten(item, &table))
      }
    }
    if !numbers.isEmpty {
      let start = patterns.count
      patterns += numbers
      let index = step(overPatterns, start, patterns.count)
      if rest.isEmpty { return index }
      rest.insert(index, at: 0)
    }
    let start = children.count
    children += rest
    return step(overSteps, start, children.count)
  }

  private static func mask(_ names: [String], _ glob: Glob, _ isCased: Bool) -> UInt32 {
    var mask: UInt32 = 0
    for (bit, name) in names.enumerated() where !name.isEmpty {
      let bytes = Array(name.utf8)
      if glob.matches(bytes.span.bytes, isCased: isCased) { mask |= 1 << UInt32(bit) }
    }
    return mask
  }

  /// Patterns that a rule's program asks for, sorted, each once.
  func patternsUsed(by rule: Int) -> [UInt16] {
    var used: Set<UInt16> = []
    var open = [roots[rule]]
    while let index = open.popLast() {
      let step = steps[Int(index)]
      switch step.operation {
      case .pattern: used.insert(UInt16(truncatingIfNeeded: step.a))
      case .anyPattern, .allPatterns: used.formUnion(patterns[Int(step.a)..<Int(step.b)])
      case .any, .all: open += children[Int(step.a)..<Int(step.b)]
      case .not: open.append(step.a)
      default: break
      }
    }
    return used.sorted()
  }

  /// A bit for each raw value of `Method` with which a rule may match; more than the rule asks for where it is not plain.
  func methodsAllowed(_ index: UInt32) -> UInt32 {
    let step = steps[Int(index)]
    switch step.operation {
    case .constant: return step.a == 1 ? .max : 0
    // Of an unknown method the text decides.
    case .method: return methods[Int(step.a)].mask | 1 << UInt32(Method.unknown.rawValue)
    case .any: return children[Int(step.a)..<Int(step.b)].reduce(0) { $0 | methodsAllowed($1) }
    case .all: return children[Int(step.a)..<Int(step.b)].reduce(.max) { $0 & methodsAllowed($1) }
    default: return .max
    }
  }

  /// Whether a rule can match an event in which no pattern was found. `nil` means that it depends on other fields.
  func answerWithoutPatterns(_ index: UInt32) -> Bool? {
    let step = steps[Int(index)]
    switch step.operation {
    case .constant: return step.a == 1
    case .pattern, .anyPattern, .allPatterns: return false
    case .any, .all:
      let isAll = step.operation == .all
      var unknown = false
      for child in children[Int(step.a)..<Int(step.b)] {
        switch answerWithoutPatterns(child) {
        case .some(let answer): if answer != isAll { return answer }
        case nil: unknown = true
        }
      }
      return unknown ? nil : isAll
    case .not: return answerWithoutPatterns(step.a).map { !$0 }
    default: return nil
    }
  }
}

/// Names of methods as rules write them, by the enum's raw values.
enum MethodText {
  static let all: [(method: Method, text: String)] = [
    (.unknown, ""), (.get, "GET"), (.head, "HEAD"), (.post, "POST"), (.put, "PUT"), (.delete, "DELETE"),
    (.options, "OPTIONS"), (.patch, "PATCH"), (.connect, "CONNECT"), (.trace, "TRACE"), (.propfind, "PROPFIND"),
  ]
}

enum ProtocolText {
  static let all = ["", "HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/3.0"]
}
