// Recognises SQL expressions and statements in a token stream. It builds no tree: it finds how far a
// plausible expression reaches and what it holds.
//
// The grammar is a superset of the dialects' (operators without precedence, parentheses that the end of
// the value may leave open, because what follows the value closes them).

/// What an expression or statement held.
struct SQLFacts {
  var comparisons = 0
  /// Both sides literal: `1=1`, `'a'='a`.
  var literalComparisons = 0
  var logicals = 0
  var functions = 0
  var probingFunctions = 0
  var dangerousFunctions = 0
  var subselects = 0
  var literals = 0
  var names = 0
  var plainNames = 0
  var variables = 0
  var objects = 0
  var arithmetic = 0
  /// A string that the value leaves open.
  var opensString = false
  var selectIsHard = false
}

extension SQLTokens {
  static let maxDepth = 24

  /// The index after the expression at `i`, or nil where none begins.
  func expression(_ start: Int, _ facts: inout SQLFacts, _ depth: Int = 0) -> Int? {
    guard depth < Self.maxDepth, var i = operand(start, &facts, depth) else { return nil }
    var leftIsLiteral = isLiteral(start, i)
    while i < count {
      let token = tokens[i]
      var next = i &+ 1
      var compares = false
      switch token.kind {
      case .comparison:
        compares = true
        // '= all (select', '= any ('
        if word(next) == SQLWord.quantifier || word(next) == SQLWord.exists { next &+= 1 }
      case .arithmetic: facts.arithmetic &+= 1
      case .concatenation: facts.logicals &+= 1
      case .logicalSign: facts.logicals &+= 1
      case .colon:
        guard kind(next) == .colon, word(next &+ 1) == 0 || word(next &+ 1) >= SQLWord.function else { return i }
        i = next &+ 2
        continue
      case .word:
        switch token.value {
        case SQLWord.logical: facts.logicals &+= 1
        case SQLWord.comparison:
          if word(next) == SQLWord.comparison || word(next) == SQLWord.binary { next &+= 1 }
          compares = true
        case SQLWord.not:
          switch word(next) {
          case SQLWord.comparison, SQLWord.among: next &+= 1
          case SQLWord.between:
            guard let end = between(next &+ 1, &facts, depth) else { return i }
            i = end
            continue
          default: return i
          }
          compares = true
        case SQLWord.among:
          compares = kind(next) == .open || kind(next) == .string
          guard compares else { return i }
        case SQLWord.between:
          guard let end = between(next, &facts, depth) else { return i }
          i = end
          continue
        case SQLWord.isWord:
          if word(next) == SQLWord.not { next &+= 1 }
          if word(next) == SQLWord.constant {
            facts.comparisons &+= 1
            i = next &+ 1
            continue
          }
          return i
        case SQLWord.arithmetic: facts.arithmetic &+= 1
        case SQLWord.collate, SQLWord.escape:
          i = next &+ 1
          continue
        default: return i
        }
      default: return i
      }
      guard let end = operand(next, &facts, depth) else {
        // An operator that ends the value goes on in the query: `' or '`, `' and `.
        return next >= count ? count : i
      }
      if compares {
        facts.comparisons &+= 1
        if leftIsLiteral, isLiteral(next, end) { facts.literalComparisons &+= 1 }
      }
      leftIsLiteral = isLiteral(next, end)
      i = end
    }
    return i
  }

  private func between(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int? {
    guard let low = operand(start, &facts, depth), word(low) == SQLWord.logical,
      let high = operand(low &+ 1, &facts, depth)
    else { return nil }
    facts.comparisons &+= 1
    if isLiteral(start, low) { facts.literalComparisons &+= 1 }
    return high
  }

  /// Whether the tokens are one literal, in any number of signs and parentheses.
  func isLiteral(_ from: Int, _ to: Int) -> Bool {
    var found = false
    var i = from
    while i < to {
      switch tokens[i].kind {
      case .number, .string, .openString: found = true
      case .open, .close, .arithmetic, .logicalSign: break
      case .word
      where tokens[i].value == SQLWord.constant || tokens[i].value == SQLWord.binary
        || tokens[i].value == SQLWord.not:
        found = found || tokens[i].value == SQLWord.constant
      default: return false
      }
      i &+= 1
    }
    return found
  }

  /// One operand with its prefixes.
  func operand(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int? {
    guard depth < Self.maxDepth else { return nil }
    var i = start
    while i < count {
      let token = tokens[i]
      if token.kind == .arithmetic, token.value == 0x2d || token.value == 0x2b || token.value == 0x7e {
        i &+= 1
      } else if token.kind == .logicalSign, token.value == 0x21 {
        i &+= 1
      } else if token.kind == .word, token.value == SQLWord.not || token.value == SQLWord.binary {
        i &+= 1
      } else {
        break
      }
    }
    guard i < count else { return nil }
    let token = tokens[i]
    switch token.kind {
    case .number:
      facts.literals &+= 1
      return i &+ 1
    case .string:
      facts.literals &+= 1
      i &+= 1
      // 'a' 'b' is one string.
      while i < count, tokens[i].kind == .string || tokens[i].kind == .openString {
        if tokens[i].kind == .openString { facts.opensString = true }
        i &+= 1
      }
      return i
    case .openString:
      facts.literals &+= 1
      facts.opensString = true
      return i &+ 1
    case .variable:
      if token.value == 2 { facts.variables &+= 1 }
      return i &+ 1
    case .open:
      return parenthesis(i, &facts, depth &+ 1)
    case .arithmetic where token.value == 0x2a:
      return i &+ 1
    case .brace where token.value == 0x7b:
      // ODBC and MySQL: {d '2000-01-01'}, {x 1}.
      guard kind(i &+ 1) == .word, let end = operand(i &+ 2, &facts, depth &+ 1), kind(end) == .brace else {
        return nil
      }
      return end &+ 1
    case .word: return name(i, &facts, depth)
    default: return nil
    }
  }

  private func name(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int? {
    let token = tokens[start]
    var i = start &+ 1
    let callable = kind(i) == .open
    switch token.value {
    case SQLWord.caseWord: return caseExpression(start, &facts, depth)
    case SQLWord.constant:
      facts.literals &+= 1
      return i
    case SQLWord.exists where callable: return parenthesis(i, &facts, depth &+ 1)
    case SQLWord.function, SQLWord.probing, SQLWord.dangerous, SQLWord.object, SQLWord.values, 0: break
    // 'if(', 'left(', 'insert(', 'char(' are functions too.
    case SQLWord.statement, SQLWord.join, SQLWord.comparison, SQLWord.isWord, SQLWord.arithmetic:
      guard callable else { return nil }
    case SQLWord.select:
      guard let end = select(start, &facts, depth &+ 1) else { return nil }
      facts.subselects &+= 1
      return end
    case SQLWord.end, SQLWord.asc, SQLWord.on, SQLWord.escape, SQLWord.quantifier, SQLWord.asWord, SQLWord.collate:
      return nil
    default: return nil
    }
    if callable {
      if token.value == SQLWord.probing || token.value == SQLWord.dangerous {
        facts.probingFunctions &+= 1
        if token.value == SQLWord.dangerous { facts.dangerousFunctions &+= 1 }
      } else if token.value != 0 {
        facts.functions &+= 1
      }
      return parenthesis(i, &facts, depth &+ 1)
    }
    // n'...', x'...', _latin1'...'
    if token.length == 1, let next = kind(i), next == .string || next == .openString, tokens[i].start == token.end {
      facts.literals &+= 1
      if next == .openString { facts.opensString = true }
      return i &+ 1
    }
    if token.value == SQLWord.object { facts.objects &+= 1 }
    facts.names &+= 1
    var dotted = false
    while kind(i) == .dot, kind(i &+ 1) == .word || (kind(i &+ 1) == .arithmetic && tokens[i &+ 1].value == 0x2a) {
      dotted = true
      let part = tokens[i &+ 1]
      if part.kind == .word, part.value == SQLWord.object { facts.objects &+= 1 }
      i &+= 2
      if kind(i) == .open {
        let partValue = part.kind == .word ? part.value : 0
        if token.value == SQLWord.dangerous || partValue == SQLWord.dangerous { facts.dangerousFunctions &+= 1 }
        if token.value == SQLWord.dangerous || token.value == SQLWord.probing || partValue == SQLWord.dangerous
          || partValue == SQLWord.probing
        {
          facts.probingFunctions &+= 1
        }
        return parenthesis(i, &facts, depth &+ 1)
      }
    }
    if !dotted { facts.plainNames &+= 1 }
    return i
  }

  /// `( expression, ... )`, `(select ...)`, `(*)`, `()`. The end of the value, or a comment, may stand for `)`.
  func parenthesis(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int? {
    guard depth < Self.maxDepth else { return nil }
    var i = start &+ 1
    guard i < count else { return count }
    if tokens[i].kind == .close { return i &+ 1 }
    while true {
      if word(i) == SQLWord.select {
        guard let end = select(i, &facts, depth &+ 1) else { return nil }
        facts.subselects &+= 1
        i = end
      } else {
        if word(i) == SQLWord.quantifier { i &+= 1 }
        guard let end = expression(i, &facts, depth &+ 1) else { return nil }
        i = end
      }
      // 'x from y for z', 'x as type', 'x using y', 'x separator y', 'x order by y'
      while i < count, tokens[i].kind == .word {
        let speech = tokens[i].value
        guard
          speech == SQLWord.from || speech == SQLWord.asWord || speech == SQLWord.on || speech == SQLWord.by
            || speech == SQLWord.byWord || speech == SQLWord.asc || speech == SQLWord.limit || speech == 0
        else { break }
        i &+= 1
        if let end = operand(i, &facts, depth &+ 1) { i = end }
      }
      guard i < count else { return count }
      switch tokens[i].kind {
      case .comma: i &+= 1
      case .close: return i &+ 1
      case .comment: return i
      default: return nil
      }
      guard i < count else { return count }
    }
  }

  private func caseExpression(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int? {
    var i = start &+ 1
    var sawWhen = false
    while i < count {
      if tokens[i].kind == .word {
        if tokens[i].value == SQLWord.end { return sawWhen ? i &+ 1 : nil }
        if tokens[i].value == SQLWord.whenThen {
          sawWhen = true
          i &+= 1
          continue
        }
      }
      guard let end = expression(i, &facts, depth &+ 1), end > i else { return nil }
      i = end
    }
    return sawWhen ? count : nil
  }

  /// `select ...` as far as it is plausible; nil where no list follows.
  ///
  /// `facts.selectIsHard` is set where the list or what follows is more than words in a row, as prose has.
  func select(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int? {
    guard depth < Self.maxDepth else { return nil }
    var i = start &+ 1
    while word(i) == SQLWord.quantifier {
      i &+= 1
      if kind(i) == .number { i &+= 1 }
    }
    var items = 0
    var inner = SQLFacts()
    while i < count {
      if tokens[i].kind == .comment { break }
      guard let end = expression(i, &inner, depth &+ 1) else { break }
      i = end
      items &+= 1
      if word(i) == SQLWord.asWord { i &+= 1 }
      // An alias.
      if kind(i) == .word, word(i) == 0 || word(i) >= SQLWord.function || kind(i) == .string {
        i &+= 1
        inner.plainNames &+= 1
      }
      guard kind(i) == .comma else { break }
      i &+= 1
    }
    guard items > 0 || kind(i) == .comment || i >= count else { return nil }
    let listEnd = i
    let ended = i >= count || tokens[i].kind == .comment || tokens[i].kind == .close || tokens[i].kind == .semicolon
    var hasFrom = false
    if word(i) == SQLWord.into {
      facts.selectIsHard = true
      while i < count, tokens[i].kind != .semicolon, tokens[i].kind != .comment, word(i) != SQLWord.from { i &+= 1 }
    }
    if word(i) == SQLWord.from {
      i &+= 1
      hasFrom = true
      i = tables(i, &inner, depth) ?? i
    }
    if hasFrom || ended || word(i) != 0 { i = clauses(i, &inner, depth) }
    let atEnd = i >= count || tokens[i].kind == .comment || tokens[i].kind == .close || tokens[i].kind == .semicolon
    let literal = inner.literals > 0 || inner.functions > 0 || inner.probingFunctions > 0 || inner.variables > 0
    let starred = listEnd > start &+ 1 && tokens[listEnd &- 1].kind == .arithmetic
    if items > 1 && (atEnd || hasFrom), literal || items > 2 { facts.selectIsHard = true }
    if literal, ended || hasFrom { facts.selectIsHard = true }
    if starred, hasFrom { facts.selectIsHard = true }
    if inner.objects > 0 || inner.probingFunctions > 0 || inner.subselects > 0 { facts.selectIsHard = true }
    if inner.comparisons > 0, hasFrom { facts.selectIsHard = true }
    if hasFrom, kind(i) == .comment || kind(i) == .close { facts.selectIsHard = true }
    if items == 0, i < count, tokens[i].kind == .comment { facts.selectIsHard = true }
    facts.merge(inner)
    return i
  }

  /// `a, b as c, (select ...) d join e on ...`
  private func tables(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int? {
    var i = start
    while i < count {
      guard let end = operand(i, &facts, depth &+ 1) else { return i > start ? i : nil }
      i = end
      if word(i) == SQLWord.asWord { i &+= 1 }
      if kind(i) == .word, word(i) == 0 { i &+= 1 }
      if kind(i) == .comma {
        i &+= 1
        continue
      }
      guard word(i) == SQLWord.join else { return i }
      while word(i) == SQLWord.join { i &+= 1 }
      if let table = operand(i, &facts, depth &+ 1) { i = table }
      if kind(i) == .word, word(i) == 0 { i &+= 1 }
      if word(i) == SQLWord.on {
        guard let end = expression(i &+ 1, &facts, depth &+ 1) else { return i }
        i = end
      }
      if kind(i) == .comma { i &+= 1 } else if word(i) != SQLWord.join { return i }
    }
    return i
  }

  /// where, group by, having, order by, limit, union: as many as follow.
  func clauses(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int {
    guard depth < Self.maxDepth else { return start }
    var i = start
    while i < count, tokens[i].kind == .word {
      switch tokens[i].value {
      case SQLWord.condition:
        guard let end = expression(i &+ 1, &facts, depth &+ 1) else { return i }
        i = end
      case SQLWord.by:
        guard word(i &+ 1) == SQLWord.byWord, let end = list(i &+ 2, &facts, depth) else { return i }
        i = end
      case SQLWord.limit:
        guard let end = list(i &+ 1, &facts, depth) else { return i }
        i = end
      case SQLWord.setOperator:
        var next = i &+ 1
        while word(next) == SQLWord.quantifier { next &+= 1 }
        while kind(next) == .open { next &+= 1 }
        guard word(next) == SQLWord.select, let end = select(next, &facts, depth &+ 1) else { return i }
        facts.subselects &+= 1
        i = end
      case SQLWord.procedure, SQLWord.into:
        return i
      default: return i
      }
    }
    return i
  }

  private func list(_ start: Int, _ facts: inout SQLFacts, _ depth: Int) -> Int? {
    guard var i = expression(start, &facts, depth &+ 1) else { return nil }
    while true {
      while word(i) == SQLWord.asc || (kind(i) == .word && word(i) == SQLWord.statement) || word(i) == SQLWord.limit {
        i &+= 1
      }
      guard kind(i) == .comma, let end = expression(i &+ 1, &facts, depth &+ 1) else { return i }
      i = end
    }
  }
}

extension SQLFacts {
  mutating func merge(_ other: SQLFacts) {
    comparisons &+= other.comparisons
    literalComparisons &+= other.literalComparisons
    logicals &+= other.logicals
    functions &+= other.functions
    probingFunctions &+= other.probingFunctions
    dangerousFunctions &+= other.dangerousFunctions
    subselects &+= other.subselects
    literals &+= other.literals
    names &+= other.names
    plainNames &+= other.plainNames
    variables &+= other.variables
    objects &+= other.objects
    arithmetic &+= other.arithmetic
    opensString = opensString || other.opensString
    selectIsHard = selectIsHard || other.selectIsHard
  }
}
