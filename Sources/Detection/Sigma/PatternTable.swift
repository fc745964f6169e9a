// The text tests of all rules, each once, and the expressions that Vectorscan looks for on their behalf.
//
// A glob whose plain part is one run of bytes is a literal with or without anchors: where it was found decides it. Any
// other glob is found by its longest run of plain bytes and then tried in full; a regular expression is found by
// Vectorscan and confirmed by PCRE2. Literals are what Vectorscan is fastest at: one pass of table look-ups over all
// of them, whatever their number.

import Bytes

/// How a place where an expression ends is turned into a match of a test.
enum HitCheck: UInt8 {
  case contains, startsWith, endsWith, equals
  /// The whole test is to be tried.
  case confirm
}

/// A test that waits for an expression.
struct PatternRef {
  var pattern: UInt16
  var field: TextField
  var check: HitCheck
  /// Bytes of the literal.
  var length: UInt32
}

/// One expression of the database.
struct ScanExpression: Hashable {
  enum Source: Hashable {
    case literal([UInt8], isCased: Bool)
    case regex(String, RegexOptions)
  }
  var source: Source
  var isRegex: Bool { if case .regex = source { true } else { false } }
}

struct PatternTable {
  /// Tests by pattern number.
  private(set) var tests: [TextTest] = []
  private(set) var regexes: [Int: ConfirmingRegex] = [:]
  private(set) var expressions: [ScanExpression] = []
  private(set) var refs: [[PatternRef]] = []
  /// Patterns that no expression finds: they are tried on every new value.
  private(set) var unfound: [Int] = []
  private var numbers: [TextTest: Int] = [:]
  private var expressionNumbers: [ScanExpression: Int] = [:]

  static let limit = 65_000

  /// Number of a test, the same for equal tests.
  mutating func number(of test: TextTest) -> Int {
    if let known = numbers[test] { return known }
    let number = tests.count
    tests.append(test)
    numbers[test] = number
    switch test.pattern {
    case .glob(let glob): add(glob, test, number)
    case .regex(let pattern, let options):
      regexes[number] = ConfirmingRegex(pattern, options)
      if test.field.isPartOfTarget {
        if let wider = RegexWidening.withoutAnchors(pattern) {
          add(.regex(wider, options), number, test.field, .confirm, length: 0)
        } else {
          unfound.append(number)
        }
      } else {
        add(.regex(pattern, options), number, test.field, .confirm, length: 0)
      }
    }
    return number
  }

  private mutating func add(_ glob: Glob, _ test: TextTest, _ number: Int) {
    let opens = glob.tokens.first == .many
    let closes = glob.tokens.last == .many
    let core = Glob(tokens: Array(glob.tokens.dropFirst(opens ? 1 : 0).dropLast(closes ? 1 : 0)))
    if let literal = core.literal, !literal.isEmpty {
      let check: HitCheck =
        switch (opens, closes) {
        case (true, true): .contains
        case (false, true): .startsWith
        case (true, false): .endsWith
        case (false, false): .equals
        }
      add(.literal(literal, isCased: test.isCased), number, test.field, check, length: literal.count)
      return
    }
    let run = glob.longestRun
    guard !run.isEmpty else {
      unfound.append(number)
      return
    }
    add(.literal(run, isCased: test.isCased), number, test.field, .confirm, length: run.count)
  }

  private mutating func add(
    _ source: ScanExpression.Source, _ pattern: Int, _ field: TextField, _ check: HitCheck, length: Int
  ) {
    var source = source
    // Without letters, both cases are the same.
    if case .literal(let bytes, _) = source, !bytes.contains(where: \.isASCIILetter) {
      source = .literal(bytes, isCased: true)
    }
    let expression = ScanExpression(source: source)
    let index: Int
    if let known = expressionNumbers[expression] {
      index = known
    } else {
      index = expressions.count
      expressions.append(expression)
      refs.append([])
      expressionNumbers[expression] = index
    }
    refs[index].append(
      PatternRef(
        pattern: UInt16(truncatingIfNeeded: pattern), field: field, check: check,
        length: UInt32(truncatingIfNeeded: length)))
  }

  /// Marks the patterns of expressions that Vectorscan does not take as unfound.
  mutating func setUnfound(expressions indices: [Int]) {
    for index in indices { unfound += refs[index].map { Int($0.pattern) } }
    unfound.sort()
  }

  /// Whether bytes match a test in full. For confirming, and for unfound patterns.
  func matches(_ number: Int, _ text: RawSpan, _ scratch: borrowing RegexScratch) -> ConfirmingRegex.Answer {
    let test = tests[number]
    switch test.pattern {
    case .glob(let glob): return glob.matches(text, isCased: test.isCased) ? .yes : .no
    case .regex: return regexes[number]?.search(text, scratch) ?? .no
    }
  }
}
