// Decides whether a value changes the meaning of an SQL statement that it is pasted into.
//
// The value is read in three places, as libinjection does (Galbreath, 'libinjection: a C library for
// SQLi detection and generation through lexical analysis of real world attacks', 2012): bare, and
// behind the first single and the first double quote. Unlike there, no list of known token sequences is
// consulted: after the operand that the query expects, what follows must go on as SQL does, and it
// must do something that no honest value does. An apostrophe in a name goes on as no SQL does.

import Bytes

enum SQLInjection {
  /// What stood before the place where the value goes on.
  private enum Left { case quote, literal, name, start }

  private static let interesting: ByteTraits = [
    .singleQuote, .doubleQuote, .backquote, .parenthesis, .equals, .semicolon, .hash, .star, .space, .lineBreak, .pipe,
    .angle, .ampersand, .at, .minus, .control,
  ]

  static func inspect(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    guard !value.traits.isDisjoint(with: interesting), value.text.byteCount >= 3 else {
      probe(value, &tally)
      return
    }
    // Words alone, without one that SQL joins clauses with, are no SQL.
    var tokens = SQLTokens()
    let text = value.text
    tokens.read(text, from: 0)
    var best = value.discounted(obfuscation(max(bare(tokens, text), fragments(tokens, text)), tokens))
    if best < 50 { best = max(best, quotedOperator(tokens, text)) }
    if value.traits.contains(.singleQuote) { best = max(best, quoted(value, 0x27, &tokens)) }
    if value.traits.contains(.doubleQuote) { best = max(best, quoted(value, 0x22, &tokens)) }
    if best < 50 { probe(value, &tally) }
    tally.add(.sqlTokens, best)
  }

  /// The value behind its first quote, and behind the first that is not doubled.
  private static func quoted(_ value: borrowing DecodedValue, _ quote: UInt8, _ tokens: inout SQLTokens) -> Int {
    let text = value.text
    guard let first = text.firstIndex(of: quote) else { return 0 }
    if wraps(text, first, quote) { return 30 }
    tokens.read(text, from: first &+ 1)
    var best = max(continuation(tokens, 0, text, .quote), fragments(tokens, text) &- 10)
    best = obfuscation(best, tokens)
    var next = first
    while next < text.byteCount, text.at(next &+ 1) == quote {
      guard let following = text.firstIndex(of: quote, from: next &+ 2) else { break }
      next = following
    }
    if next != first {
      tokens.read(text, from: next &+ 1)
      best = max(best, obfuscation(continuation(tokens, 0, text, .quote), tokens))
    }
    // 'a bar of soap 1 '#': the quote stands by itself behind words.
    if best < 86, first > 0, text.at(first &- 1).isSpace, words(in: text.extracting(0..<first)) >= 3 {
      best = best * 6 / 10
    }
    return value.isProse ? best * 7 / 10 : best
  }

  /// `a '<' b`, `a' mod 'b`: between two operands, quotes that leave nothing but an operator.
  private static func quotedOperator(_ tokens: borrowing SQLTokens, _ text: RawSpan) -> Int {
    guard tokens.count == 3, tokens[1].kind == .string, tokens[1].length >= 3 else { return 0 }
    for i in [0, 2] {
      guard tokens[i].kind == .number || tokens[i].kind == .word && tokens.word(i) == 0 else { return 0 }
    }
    var start = Int(tokens[1].start) &+ 1
    var end = Int(tokens[1].end) &- 1
    while start < end, text.unchecked(start).isSpace { start &+= 1 }
    while start < end, text.unchecked(end &- 1).isSpace { end &-= 1 }
    let content = text.extracting(start..<end)
    for word in ["regexp", "rlike", "mod", "div", "xor", "sounds like"] as [StaticString] where content.equals(word) {
      return 60
    }
    guard content.byteCount > 0, content.byteCount <= 3 else { return 0 }
    for i in 0..<content.byteCount {
      switch content.unchecked(i) {
      case 0x3c, 0x3d, 0x3e, 0x21, 0x5e, 0x26, 0x7c, 0x2a, 0x25, 0x7e: continue
      default: return 0
      }
    }
    return 60
  }

  /// Whether the quotes at `first` and at the end hold one word of letters behind white space: `shoes "like"`.
  private static func wraps(_ text: RawSpan, _ first: Int, _ quote: UInt8) -> Bool {
    guard first > 0, text.at(first &- 1).isSpace else { return false }
    var i = first &+ 1
    while text.at(i).isASCIILetter { i &+= 1 }
    guard i > first &+ 1, text.at(i) == quote else { return false }
    return text.skippingSpace(i &+ 1) >= text.byteCount
  }

  /// The value as it stands, in the place of a number or a name.
  private static func bare(_ tokens: borrowing SQLTokens, _ text: RawSpan) -> Int {
    guard tokens.count > 0 else { return 0 }
    var facts = SQLFacts()
    switch tokens.word(0) {
    case SQLWord.setOperator, SQLWord.logical, SQLWord.by, SQLWord.condition, SQLWord.into, SQLWord.procedure:
      return continuation(tokens, 0, text, .start)
    case SQLWord.select, SQLWord.statement:
      // 'drop table tutorial' is what people search for.
      if tokens.count <= 3, tokens.word(0) == SQLWord.statement { return 30 }
      switch tokens.statement(0, text, &facts) {
      case 3: return facts.probingFunctions > 0 || facts.objects > 0 || facts.subselects > 0 ? 85 : 72
      case 2: return 60
      case 1: return 30
      default: break
      }
    default: break
    }
    switch tokens[0].kind {
    case .close, .semicolon, .logicalSign, .concatenation, .comma: return continuation(tokens, 0, text, .start)
    case .comment: return tokens.count == 1 && tokens[0].length <= 3 ? 25 : 0
    default: break
    }
    guard let end = tokens.operand(0, &facts, 0) else { return 0 }
    var score = 0
    let ended = end >= tokens.count || tokens[end].kind == .comment
    if facts.dangerousFunctions > 0 {
      score = ended ? 80 : 60
      // 'sleep(5)' alone is also what people ask about, and more so among words.
      if facts.probingFunctions == 1, tokens.text(0, text).equals("sleep"), tokens.kind(end) != .comment {
        score = ended ? 45 : tokens.kind(end) == .word && tokens.word(end) == 0 ? 15 : 40
      }
    } else if facts.probingFunctions >= 3, ended {
      score = 66
    }
    if facts.subselects > 0, facts.selectIsHard { score = max(score, ended ? 85 : 75) }
    if facts.variables > 0, ended { score = max(score, 60) }
    // '((1) or ((1 or 1)))--': a condition in brackets, and the rest of the query cut off.
    if tokens[0].kind == .open, cuts(tokens, end, text),
      facts.logicals > 0 || facts.comparisons > 0 || facts.arithmetic > 0 || facts.subselects > 0
    {
      score = max(score, 62)
    }
    // '(1=1)*2', 'iif(3=3,1,1/0)', '(case when 1=2 then ...': a constant truth has no honest use.
    if facts.literalComparisons > 0 { score = max(score, ended ? 66 : 45) }
    let left: Left = tokens.isLiteral(0, end) || facts.variables > 0 || facts.functions > 0 ? .literal : .name
    return max(score, continuation(tokens, end, text, left))
  }

  /// How surely what begins at `start`, behind an operand, goes on as SQL to a purpose.
  private static func continuation(
    _ tokens: borrowing SQLTokens, _ start: Int, _ text: RawSpan, _ left: Left
  ) -> Int {
    var i = start
    var closes = 0
    while tokens.kind(i) == .close {
      closes &+= 1
      i &+= 1
    }
    // ') as x where ...'
    if tokens.word(i) == SQLWord.asWord, tokens.kind(i &+ 1) == .word {
      i &+= 2
    } else if closes > 0, tokens.kind(i) == .word, tokens.word(i) == 0, tokens.word(i &+ 1) == SQLWord.condition {
      i &+= 1
    }
    guard i < tokens.count else { return closes > 0 && left == .quote ? 45 : 0 }
    let firm = left == .quote || closes > 0
    var facts = SQLFacts()
    let token = tokens[i]
    switch token.kind {
    case .logicalSign where token.value != 0x21: return joined(tokens, i, text, left, closes)
    case .concatenation: return joined(tokens, i, text, left, closes)
    case .comparison: return compared(tokens, i, text, left, closes)
    case .arithmetic: return compared(tokens, i, text, left, closes)
    case .comment: return commented(tokens, i, text, left, closes)
    case .comma:
      guard let end = tokens.expression(i &+ 1, &facts) else { return 0 }
      var last = end
      while tokens.kind(last) == .comma, let next = tokens.expression(last &+ 1, &facts) { last = next }
      if hard(facts) { return firm ? 92 : left == .name ? 60 : 85 }
      if facts.literalComparisons > 0 { return firm ? 88 : left == .name ? 60 : 78 }
      guard left == .quote else { return 0 }
      var closed = false
      while tokens.kind(last) == .close {
        closed = true
        last &+= 1
      }
      if tokens.kind(last) == .comment { return closed ? 85 : 65 }
      return facts.opensString && closed ? 60 : facts.opensString ? 25 : 0
    case .semicolon:
      switch tokens.statement(i &+ 1, text, &facts) {
      case 3: return 90
      case 2: return left == .quote ? 85 : 75
      case 1: return left == .quote ? 60 : 25
      default: break
      }
      if let end = tokens.expression(i &+ 1, &facts), hard(facts) || facts.literalComparisons > 0, endsWell(tokens, end)
      {
        return 72
      }
      if tokens.kind(i &+ 1) == .comment { return left == .quote ? 75 : closes > 0 ? 65 : 20 }
      if i &+ 1 >= tokens.count { return left == .quote ? 38 : 0 }
      return 0
    case .string, .openString:
      return 0
    case .word: break
    default: return 0
    }
    switch token.value {
    case SQLWord.logical: return joined(tokens, i, text, left, closes)
    case SQLWord.among where tokens.text(i &+ 1, text).equals("boolean") && tokens.text(i &+ 2, text).equals("mode"):
      return firm ? (tokens.kind(i &+ 3) == .close ? 78 : 60) : 30
    case SQLWord.comparison, SQLWord.among, SQLWord.between, SQLWord.isWord, SQLWord.not:
      return compared(tokens, i, text, left, closes)
    case SQLWord.setOperator:
      var next = i &+ 1
      while tokens.word(next) == SQLWord.quantifier { next &+= 1 }
      while tokens.kind(next) == .open { next &+= 1 }
      guard tokens.word(next) == SQLWord.select else { return next >= tokens.count && firm ? 45 : 0 }
      guard tokens.select(next, &facts, 0) != nil else {
        if next &+ 1 >= tokens.count { return left == .name ? 35 : 75 }
        var first = next &+ 1
        while tokens.word(first) == SQLWord.quantifier { first &+= 1 }
        let columns =
          tokens.kind(first) != .word || tokens.word(first) == SQLWord.constant || tokens.kind(first &+ 1) == .open
        return firm ? 72 : left == .literal ? (columns ? 78 : 45) : columns ? 45 : 25
      }
      return facts.selectIsHard ? 95 : firm ? 75 : left == .literal ? 60 : 30
    case SQLWord.by:
      guard tokens.word(i &+ 1) == SQLWord.byWord else { return 0 }
      guard let end = tokens.expression(i &+ 2, &facts) else { return firm ? 60 : 0 }
      let cut = tokens.kind(end) == .comment
      if hard(facts) { return 90 }
      if firm { return 88 }
      if left == .literal { return facts.literals > 0 || cut ? 75 : 30 }
      return facts.literals > 0 ? (cut ? 75 : 50) : cut ? 50 : 0
    case SQLWord.condition:
      guard let end = tokens.expression(i &+ 1, &facts) else { return firm ? 35 : 0 }
      if hard(facts) { return 90 }
      if facts.literalComparisons > 0 { return 88 }
      if facts.comparisons > 0 { return firm ? 80 : left == .literal ? 65 : 30 }
      return firm && tokens.kind(end) == .comment ? 60 : 0
    case SQLWord.limit:
      guard let end = tokens.expression(i &+ 1, &facts), facts.literals > 0 else { return 0 }
      if hard(facts) { return 88 }
      if tokens.kind(end) == .comment || tokens.word(end) == SQLWord.into { return 80 }
      return firm ? 70 : left == .literal && tokens.kind(end) == .comma ? 45 : 0
    case SQLWord.into:
      let next = tokens.text(i &+ 1, text)
      return next.equals("outfile") || next.equals("dumpfile") ? 95 : 0
    case SQLWord.procedure:
      return tokens.text(i &+ 1, text).equals("analyse") ? 92 : 0
    case SQLWord.select, SQLWord.statement:
      let strength = tokens.statement(i, text, &facts)
      guard firm || left == .literal else { return 0 }
      return strength == 3 ? 80 : strength == 2 ? 65 : 0
    case SQLWord.caseWord, SQLWord.collate:
      return firm ? 40 : 0
    default: return 0
    }
  }

  /// What no honest value calls or reads.
  private static func hard(_ facts: SQLFacts) -> Bool {
    facts.probingFunctions > 0 || facts.variables > 0 || facts.objects > 0
      || (facts.subselects > 0 && facts.selectIsHard)
  }

  private static func endsWell(_ tokens: borrowing SQLTokens, _ end: Int) -> Bool {
    var i = end
    while tokens.kind(i) == .close { i &+= 1 }
    guard i < tokens.count else { return true }
    switch tokens[i].kind {
    case .comment, .semicolon: return true
    case .word:
      let speech = tokens[i].value
      return speech == SQLWord.by || speech == SQLWord.setOperator || speech == SQLWord.limit
        || speech == SQLWord.condition || speech == SQLWord.into || speech == SQLWord.procedure
        || speech == SQLWord.logical
    default: return tokens.overflowed
    }
  }

  /// Whether a comment at `end` cuts the query off: it has a word at most, as tools add to tell their requests apart.
  private static func cuts(_ tokens: borrowing SQLTokens, _ end: Int, _ text: RawSpan) -> Bool {
    guard tokens.kind(end) == .comment else { return false }
    return words(in: tokens.text(end, text)) <= 1
  }

  private static func words(in text: RawSpan) -> Int {
    var words = 0
    var k = 0
    while k < text.byteCount {
      if text.unchecked(k).isASCIILetter || text.unchecked(k) >= 0x80 {
        words &+= 1
        k = text.wordEnd(k)
      }
      k &+= 1
    }
    return words
  }

  /// Whether the string that the value leaves open reads on as text: the quote before it closed a phrase.
  private static func trailsOff(_ text: RawSpan, _ token: SQLToken) -> Bool {
    guard token.kind == .openString, token.length >= 3 else { return false }
    let content = text.extracting(Int(token.start) &+ 1..<Int(token.end))
    return content.at(0).isSpace && words(in: content) >= 1 || words(in: content) >= 4
  }

  /// and, or, ||, &&
  private static func joined(
    _ tokens: borrowing SQLTokens, _ i: Int, _ text: RawSpan, _ left: Left, _ closes: Int
  ) -> Int {
    let firm = left == .quote || closes > 0
    guard i &+ 1 < tokens.count else { return left == .quote ? 50 : 0 }
    var facts = SQLFacts()
    // 'or not exists(', 'and row(', 'or(' are operands as well.
    guard let end = tokens.expression(i &+ 1, &facts) else {
      if tokens.kind(i &+ 1) == .comment { return left == .quote ? 70 : 0 }
      let called = tokens.word(i &+ 1)
      if called == SQLWord.probing || called == SQLWord.dangerous, tokens.kind(i &+ 2) == .open, left != .name || firm {
        return firm ? 85 : 78
      }
      let after = continuation(tokens, i &+ 1, text, left)
      return after >= 60 ? after : 0
    }
    let cut = cuts(tokens, end, text)
    let well = endsWell(tokens, end)
    let symbol = tokens[i].kind != .word
    if hard(facts) {
      if firm { return well ? 95 : 80 }
      if left == .literal { return well ? 90 : 75 }
      return well ? (left == .start ? 85 : 65) : 35
    }
    // What follows the expression may itself be an attack: 'or 1 union select'.
    let rest = well && end < tokens.count ? continuation(tokens, end, text, left) : 0
    var score = 0
    if facts.literalComparisons > 0 {
      score = firm ? 92 : left == .literal || left == .start ? 88 : 72
      if !well { score -= 15 }
    } else if facts.comparisons > 0 {
      if firm {
        score =
          facts.opensString && trailsOff(text, tokens[tokens.count &- 1]) ? 45 : well || facts.opensString ? 86 : 60
      } else if left == .literal {
        score = well ? 68 : 30
      } else {
        score = cut ? 60 : left == .start && well ? 45 : 25
      }
      if !firm, facts.functions > 0 { score = max(score, well ? 72 : 40) }
    } else if facts.opensString {
      score = firm ? (trailsOff(text, tokens[tokens.count &- 1]) ? 30 : 78) : 20
    } else if facts.functions > 0 {
      score = firm ? 80 : left == .literal && well ? 55 : 20
    } else if facts.literals > 0, facts.names == 0 {
      let constant = tokens.word(i &+ 1) == SQLWord.constant
      if firm {
        score = well ? (cut ? 85 : 70) : 35
      } else if left == .literal {
        score = cut ? 70 : constant && well ? 45 : symbol && well ? 45 : 25
      } else {
        score = cut ? 55 : constant && well ? 35 : 10
      }
    } else if firm {
      score = cut ? 72 : well && !tokens.overflowed ? 40 : 10
      if symbol, well { score = max(score, 50) }
    }
    return max(score, rest)
  }

  /// =, <, like, in, +, - and the rest of the operators.
  private static func compared(
    _ tokens: borrowing SQLTokens, _ i: Int, _ text: RawSpan, _ left: Left, _ closes: Int
  ) -> Int {
    var next = i &+ 1
    let token = tokens[i]
    let compares = token.kind == .comparison || token.kind == .word
    if tokens.word(i) == SQLWord.not {
      let following = tokens.word(next)
      guard following == SQLWord.comparison || following == SQLWord.among || following == SQLWord.between else {
        return 0
      }
    } else if tokens.word(next) == SQLWord.not {
      next &+= 1
    }
    // '"&page=2': an ampersand that separates parameters of a URL inside the value.
    if token.kind == .arithmetic, token.value == 0x26, tokens.kind(next) == .word, tokens.kind(next &+ 1) == .comparison
    {
      return 0
    }
    if tokens.word(next) == SQLWord.comparison || tokens.word(next) == SQLWord.among { next &+= 1 }
    if tokens.word(next) == SQLWord.quantifier { next &+= 1 }
    var facts = SQLFacts()
    guard let end = tokens.expression(next, &facts) else {
      if next >= tokens.count { return left == .quote && compares ? 40 : 0 }
      return 0
    }
    let cut = cuts(tokens, end, text)
    let well = endsWell(tokens, end)
    let firm = left == .quote || closes > 0
    if hard(facts) {
      if firm { return well ? 93 : 75 }
      if left == .literal { return well ? 86 : 60 }
      return facts.dangerousFunctions > 0 || facts.subselects > 0 ? (well ? 75 : 45) : 25
    }
    // "5'-cable--10m" names something.
    if cut, left == .quote, !compares, facts.names > 0, facts.literals &+ facts.functions &+ facts.comparisons == 0 {
      return 45
    }
    let rest = well && end < tokens.count ? continuation(tokens, end, text, left) : 0
    var score = 0
    if left == .quote {
      if facts.opensString {
        let tail = tokens[tokens.count &- 1]
        if trailsOff(text, tail) {
          score = facts.literalComparisons > 0 ? 70 : 20
        } else if compares || facts.comparisons > 0 {
          score = 78
        } else if facts.names == 0 || facts.functions > 0 {
          let closing = tail.length <= 1 && tail.value == 0x27
          score = closing || facts.functions > 0 ? 62 : 42
        } else {
          score = 25
        }
      } else if cut {
        score = 76
      } else if facts.comparisons > 0 {
        score = well ? 70 : 30
      } else if compares, facts.literals > 0, facts.names == 0 {
        score = well ? 58 : 20
      } else if facts.functions > 0 {
        score = well ? 60 : 20
      } else {
        score = well && facts.literals > 0 ? 35 : 5
      }
    } else if closes > 0 {
      score = cut ? 72 : compares && facts.literals > 0 && well ? 50 : 0
    } else if left == .literal {
      if compares, facts.literals > 0, facts.names == 0 { score = cut ? 75 : well ? 40 : 0 }
      if facts.literalComparisons > 0, facts.logicals > 0 { score = max(score, 70) }
    } else if facts.literalComparisons > 0, facts.logicals > 0 {
      score = 60
    } else if cut, facts.literals > 0, tokens[end].length <= 3 {
      score = 40
    }
    return max(score, rest)
  }

  /// A comment that cuts off the rest of the query.
  private static func commented(
    _ tokens: borrowing SQLTokens, _ i: Int, _ text: RawSpan, _ left: Left, _ closes: Int
  ) -> Int {
    let comment = tokens.text(i, text)
    let marker = tokens[i].value
    let words = words(in: comment)
    if left == .quote {
      if words == 0 { return 82 }
      if closes > 0 { return words == 1 ? 70 : 40 }
      return words == 1 ? (marker == 0x2d ? 55 : 35) : words > 4 ? 15 : 30
    }
    if closes > 0 { return words <= 1 ? 66 : 20 }
    guard words == 0 else { return 0 }
    switch marker {
    case 0x23: return left == .literal && comment.byteCount <= 2 ? 20 : 0
    case 0x2d:
      let before = text.at(Int(tokens[i].start) &- 1)
      return comment.byteCount > 4 ? 10 : left == .literal && !before.isASCIILetter ? 52 : 30
    default: return left == .literal ? 55 : 40
    }
  }

  /// Pieces that are SQL wherever they stand.
  private static func fragments(_ tokens: borrowing SQLTokens, _ text: RawSpan) -> Int {
    var best = 0
    var i = 0
    while i < tokens.count {
      let token = tokens[i]
      if token.kind == .semicolon {
        var facts = SQLFacts()
        let strength = tokens.statement(i &+ 1, text, &facts)
        if strength == 3 { best = max(best, 78) }
      } else if token.kind == .variable, token.value == 2 {
        best = max(best, 52)
      } else if token.kind == .comparison, token.value == 0x3d {
        best = max(best, tautology(tokens, i))
      } else if token.kind == .word {
        switch token.value {
        case SQLWord.setOperator:
          var next = i &+ 1
          while tokens.word(next) == SQLWord.quantifier { next &+= 1 }
          while tokens.kind(next) == .open { next &+= 1 }
          var facts = SQLFacts()
          if tokens.word(next) == SQLWord.select, tokens.select(next, &facts, 0) != nil, facts.selectIsHard {
            best = max(best, 88)
          }
        case SQLWord.logical:
          var facts = SQLFacts()
          if let end = tokens.expression(i &+ 1, &facts) {
            if facts.dangerousFunctions > 0 || (facts.subselects > 0 && facts.selectIsHard) { best = max(best, 82) }
            if facts.literalComparisons > 0 { best = max(best, endsWell(tokens, end) ? 66 : 45) }
          }
        case SQLWord.dangerous:
          var facts = SQLFacts()
          if spelled(tokens, i, text) >= 3 { best = max(best, 80) }
          if let end = tokens.operand(i, &facts, 0), facts.dangerousFunctions > 0 {
            let previous = i > 0 ? tokens.kind(i &- 1) == .word && tokens.word(i &- 1) == 0 : true
            let following = tokens.word(end)
            let reads =
              end >= tokens.count
              || tokens.kind(end) == .word && (following == 0 || i > 0 && following == SQLWord.statement)
            let among = previous && reads
            best = max(best, among && facts.probingFunctions == 1 ? 25 : 72)
          }
        case SQLWord.object:
          var facts = SQLFacts()
          if tokens.kind(i &+ 1) == .dot, tokens.kind(i &+ 2) == .word, tokens.operand(i, &facts, 0) != nil,
            tokens.word(i &- 1) == SQLWord.from || tokens[i].length > 12
          {
            best = max(best, 70)
          }
        case SQLWord.into:
          let next = tokens.text(i &+ 1, text)
          if next.equals("outfile") || next.equals("dumpfile") { best = max(best, 80) }
        case SQLWord.procedure:
          if tokens.text(i &+ 1, text).equals("analyse"), tokens.kind(i &+ 2) == .open { best = max(best, 85) }
        case SQLWord.select:
          var facts = SQLFacts()
          // '= (select top 1 ...', however it goes on.
          if i > 1, tokens.kind(i &- 1) == .open, tokens.kind(i &- 2) == .comparison, i &+ 2 < tokens.count {
            best = max(best, 74)
          }
          if tokens.select(i, &facts, 0) != nil, facts.selectIsHard {
            let previous = i > 0 ? tokens[i &- 1].kind : .open
            let inside = previous == .open || previous == .semicolon || previous == .comment || previous == .close
            best = max(best, hard(facts) ? (inside ? 80 : 62) : inside ? 62 : 35)
          }
        case SQLWord.statement:
          if tokens.text(i, text).equals("waitfor"), tokens.text(i &+ 1, text).equals("delay"), i &+ 2 < tokens.count {
            best = max(best, 85)
          } else {
            var facts = SQLFacts()
            if tokens.statement(i, text, &facts) == 3, tokens.count > 3 { best = max(best, i == 0 ? 60 : 45) }
          }
        default: break
        }
      }
      i &+= 1
    }
    return best
  }

  /// `(5257=5257`, `when 1378=6569`: two numbers of as many digits, three or more, compared where a condition stands.
  private static func tautology(_ tokens: borrowing SQLTokens, _ i: Int) -> Int {
    guard i >= 2, tokens.kind(i &- 1) == .number, tokens.kind(i &+ 1) == .number, tokens[i].length == 1,
      tokens[i &- 1].length == tokens[i &+ 1].length, tokens[i &- 1].length >= 3
    else { return 0 }
    switch tokens.word(i &- 2) {
    case SQLWord.logical, SQLWord.condition, SQLWord.caseWord: return 64
    default: return tokens.kind(i &- 2) == .open ? 64 : 0
    }
  }

  /// How many characters are spelled by number from `start` on: `char(65)+char(66)||chr(67)`.
  private static func spelled(_ tokens: borrowing SQLTokens, _ start: Int, _ text: RawSpan) -> Int {
    var i = start
    var count = 0
    while tokens.kind(i) == .word {
      let name = tokens.text(i, text)
      guard name.equals("char") || name.equals("chr") || name.equals("nchar") || name.equals("unichr"),
        tokens.kind(i &+ 1) == .open, tokens.kind(i &+ 2) == .number, tokens.kind(i &+ 3) == .close
      else { break }
      count &+= 1
      i &+= 4
      guard tokens.kind(i) == .arithmetic || tokens.kind(i) == .concatenation || tokens.kind(i) == .logicalSign else {
        break
      }
      i &+= 1
    }
    return count
  }

  /// Comments between keywords hide them from filters; nobody writes them by hand in a value.
  private static func obfuscation(_ score: Int, _ tokens: borrowing SQLTokens) -> Int {
    guard score >= 20 else { return score }
    if tokens.conditionalComments > 0 { return max(score, 85) }
    return tokens.inlineComments > 0 ? min(score &+ 15, 98) : score
  }

  /// Stray quotes and brackets sent to see whether the database complains.
  private static func probe(_ value: borrowing DecodedValue, _ tally: inout EvidenceTally) {
    guard value.traits.contains(.singleQuote) || value.traits.contains(.doubleQuote) else { return }
    let text = value.text
    let n = text.byteCount
    guard n <= 24 else { return }
    var digits = 0
    var quotes = 0
    var singles = 0
    var letters = 0
    var others = 0
    for i in 0..<n {
      switch text.unchecked(i) {
      case 0x27:
        quotes &+= 1
        singles &+= 1
      case 0x22: quotes &+= 1
      case 0x30...0x39, 0x2d: digits &+= 1
      case 0x28, 0x29, 0x5c, 0x3b, 0x60, 0x25: others &+= 1
      case 0x20: break
      default: letters &+= 1
      }
    }
    guard letters == 0 else {
      // A name that ends in a quote and a bracket.
      if letters <= 16, others > 0, singles > 0, text.at(n &- 1) == 0x29 || text.at(n &- 1) == 0x3b,
        text.at(n &- 2) == 0x27, text.firstIndex(of: 0x27) == n &- 2
      {
        tally.add(.sqlProbe, 30)
      }
      return
    }
    if digits == 0, others == 0 {
      tally.add(.sqlProbe, singles > 0 ? (quotes <= 4 ? 45 : 30) : 35)
    } else if digits == 0 {
      tally.add(.sqlProbe, 52)
    } else if text.at(n &- 1) == 0x27 || others > 0, singles > 0, text.firstIndex(of: 0x27) ?? 0 > 0 {
      tally.add(.sqlProbe, 52)
    }
  }
}
