// The `condition`: `or`, `and`, `not`, `1 of`, `all of`, parentheses and names, least binding first.

import Configuration

struct SigmaConditionParser {
  /// In the order of the file, so that what the rule means does not depend on a dictionary's order.
  let searches: [(name: String, expression: RuleExpression)]
  private var tokens: [(text: String, offset: Int)] = []
  private var next = 0
  private static let maxDepth = 50
  /// A condition may name a search many times: this bounds what that multiplies to.
  private static let maxSize = 100_000
  private let sizes: [Int]
  private var size = 0

  init(searches: [(name: String, expression: RuleExpression)]) {
    self.searches = searches
    sizes = searches.map { $0.expression.size(limit: Self.maxSize) }
  }

  private mutating func use(_ index: Int, at offset: Int) throws(Problem) -> RuleExpression {
    size += sizes[index]
    guard size < Self.maxSize else { throw Problem(message: "the condition expands to too many tests", offset: offset) }
    return searches[index].expression
  }

  /// An error with its offset in the condition, in characters.
  struct Problem: Error {
    var message: String
    var offset: Int
  }

  mutating func parse(_ text: String) throws(Problem) -> RuleExpression {
    tokens = try Self.tokens(of: text)
    next = 0
    let expression = try disjunction(depth: 0)
    guard next == tokens.count else { throw unexpected() }
    return expression
  }

  private static func tokens(of text: String) throws(Problem) -> [(text: String, offset: Int)] {
    var tokens: [(text: String, offset: Int)] = []
    var word = ""
    var start = 0
    for (offset, character) in text.enumerated() {
      let isWord =
        character.isASCII && (character.isLetter || character.isNumber || "_-*.".contains(character))
      if isWord {
        if word.isEmpty { start = offset }
        word.append(character)
        continue
      }
      if !word.isEmpty { tokens.append((word, start)) }
      word = ""
      switch character {
      case "(", ")": tokens.append((String(character), offset))
      case " ", "\n", "\t", "\r": continue
      case "|":
        throw Problem(
          message: "aggregations after '|' are not supported: they were replaced by correlations", offset: offset)
      default: throw Problem(message: "unexpected '\(character)' in the condition", offset: offset)
      }
    }
    if !word.isEmpty { tokens.append((word, start)) }
    return tokens
  }

  private func unexpected() -> Problem {
    guard next < tokens.count else {
      return Problem(message: "the condition ends where a name is expected", offset: tokens.last?.offset ?? 0)
    }
    return Problem(message: "unexpected '\(tokens[next].text)' in the condition", offset: tokens[next].offset)
  }

  /// Whether the next token is this keyword. A search identifier of the same name does not hide it.
  private mutating func take(_ keyword: String) -> Bool {
    guard next < tokens.count, tokens[next].text.lowercased() == keyword else { return false }
    next += 1
    return true
  }

  private mutating func disjunction(depth: Int) throws(Problem) -> RuleExpression {
    var parts = [try conjunction(depth: depth)]
    while take("or") { parts.append(try conjunction(depth: depth)) }
    return .anyOf(parts)
  }

  private mutating func conjunction(depth: Int) throws(Problem) -> RuleExpression {
    var parts = [try negation(depth: depth)]
    while take("and") { parts.append(try negation(depth: depth)) }
    return .allOf(parts)
  }

  private mutating func negation(depth: Int) throws(Problem) -> RuleExpression {
    guard depth < Self.maxDepth else { throw Problem(message: "the condition is nested too deeply", offset: 0) }
    if take("not") { return .not(try negation(depth: depth + 1)) }
    if take("(") {
      let inner = try disjunction(depth: depth + 1)
      guard take(")") else {
        throw next < tokens.count
          ? unexpected() : Problem(message: "a ')' is missing", offset: tokens.last?.offset ?? 0)
      }
      return inner
    }
    return try operand()
  }

  private mutating func operand() throws(Problem) -> RuleExpression {
    guard next < tokens.count else { throw unexpected() }
    let (word, offset) = tokens[next]
    if next + 1 < tokens.count, tokens[next + 1].text.lowercased() == "of" {
      return try quantified(word, offset)
    }
    guard !["and", "or", "of", "them", ")"].contains(word.lowercased()) else { throw unexpected() }
    next += 1
    guard let index = searches.firstIndex(where: { $0.name == word }) else {
      throw Problem(
        message: "no search is named '\(word)'" + suggestion(for: word, among: searches.map(\.name)), offset: offset)
    }
    return try use(index, at: offset)
  }

  private mutating func quantified(_ word: String, _ offset: Int) throws(Problem) -> RuleExpression {
    let wantsAll: Bool
    switch word.lowercased() {
    case "1", "any": wantsAll = false
    case "all": wantsAll = true
    default: throw Problem(message: "'\(word) of' is not supported: 1 of, any of and all of are", offset: offset)
    }
    next += 2
    guard next < tokens.count else { throw unexpected() }
    let (pattern, place) = tokens[next]
    next += 1
    let isThem = pattern.lowercased() == "them"
    let glob = Glob(tokens: pattern.utf8.map { $0 == 0x2a ? .many : .byte($0) })
    var chosen: [RuleExpression] = []
    for (index, search) in searches.enumerated()
    where isThem ? !search.name.hasPrefix("_") : glob.matches(search.name) {
      chosen.append(try use(index, at: offset))
    }
    guard !chosen.isEmpty else { throw Problem(message: "no search matches '\(pattern)'", offset: place) }
    return wantsAll ? .allOf(chosen) : .anyOf(chosen)
  }
}
