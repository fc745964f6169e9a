// Statements that an attacker stacks behind a semicolon or sends whole.

import Bytes

extension SQLTokens {
  /// How surely a statement begins at `i`: 0, or 1 (might be prose) to 3 (cannot be).
  func statement(_ i: Int, _ text: RawSpan, _ facts: inout SQLFacts) -> Int {
    guard i < count, tokens[i].kind == .word else { return 0 }
    let speech = tokens[i].value
    if speech == SQLWord.select {
      guard let end = select(i, &facts, 0) else { return 0 }
      let ended = end >= count || tokens[end].kind != .word
      return facts.selectIsHard ? (ended ? 3 : 2) : 0
    }
    guard speech == SQLWord.statement else { return 0 }
    let name = self.text(i, text)
    let next = self.text(i &+ 1, text)
    let nextKind = kind(i &+ 1)
    if name.equals("drop") || name.equals("create") || name.equals("alter") || name.equals("truncate") {
      guard Self.things.contains(next) else { return 0 }
      // 'drop table users', not 'drop table manners of yours'.
      let after = i &+ 3
      if after >= count { return kind(i &+ 2) == .word ? 3 : 1 }
      return tokens[after].kind == .word && tokens[after].value == 0 ? 1 : 3
    }
    if name.equals("insert") || name.equals("replace") {
      guard word(i &+ 1) == SQLWord.into, kind(i &+ 2) == .word else { return 0 }
      var k = i &+ 3
      while kind(k) == .dot || (kind(k) == .word && kind(k &- 1) == .dot) { k &+= 1 }
      return kind(k) == .open || word(k) == SQLWord.values || word(k) == SQLWord.select ? 3 : 1
    }
    if name.equals("update") {
      guard nextKind == .word else { return 0 }
      var k = i &+ 2
      while kind(k) == .dot { k &+= 2 }
      return self.text(k, text).equals("set") && kind(k &+ 2) == .comparison ? 3 : 0
    }
    if name.equals("delete") {
      guard word(i &+ 1) == SQLWord.from, kind(i &+ 2) == .word else { return 0 }
      return i &+ 3 >= count || word(i &+ 3) == SQLWord.condition || kind(i &+ 3) == .semicolon
        || kind(i &+ 3) == .comment ? 3 : 1
    }
    if name.equals("exec") || name.equals("execute") {
      if next.hasPrefix("xp_") || next.hasPrefix("sp_") || next.equals("immediate") { return 3 }
      if nextKind == .open || nextKind == .string || nextKind == .variable { return 2 }
      return kind(i &+ 2) == .dot ? 3 : 0
    }
    if name.equals("waitfor") { return next.equals("delay") || next.equals("time") ? 3 : 0 }
    if name.equals("shutdown") {
      return i &+ 1 >= count || nextKind == .comment || nextKind == .semicolon || next.equals("with") ? 2 : 0
    }
    if name.equals("declare") || name.equals("set") { return nextKind == .variable ? 3 : 0 }
    if name.equals("if") {
      guard nextKind == .open || next.equals("exists") || word(i &+ 1) == SQLWord.not else { return 0 }
      _ = expression(i &+ 1, &facts)
      return facts.probingFunctions > 0 || facts.subselects > 0 || contains(.statement, after: i &+ 2) ? 3 : 0
    }
    if name.equals("begin") {
      return contains(.dangerous, after: i &+ 1) ? 2 : 0
    }
    if name.equals("call") || name.equals("do") || name.equals("begin") {
      _ = expression(i &+ 1, &facts)
      return facts.probingFunctions > 0 ? 3 : 0
    }
    if name.equals("grant") || name.equals("revoke") {
      return contains(.word, after: i &+ 1) && (next.equals("all") || word(i &+ 1) == SQLWord.select) ? 2 : 0
    }
    if name.equals("copy") || name.equals("load") || name.equals("bulk") {
      return next.equals("data") || next.equals("insert") || word(i &+ 2) == SQLWord.from || nextKind == .open ? 2 : 0
    }
    if name.equals("pragma") || name.equals("handler") || name.equals("attach") || name.equals("prepare") {
      return nextKind == .word && (kind(i &+ 2) == .comparison || word(i &+ 2) == SQLWord.from) ? 2 : 0
    }
    if name.equals("backup") || name.equals("restore") || name.equals("use") || name.equals("show")
      || name.equals("desc") || name.equals("describe")
    {
      return Self.things.contains(next) && i &+ 3 >= count ? 1 : 0
    }
    return 0
  }

  private enum Wanted { case statement, dangerous, word }

  private func contains(_ wanted: Wanted, after start: Int) -> Bool {
    var i = start
    while i < count {
      if tokens[i].kind == .word {
        switch wanted {
        case .statement where tokens[i].value == SQLWord.statement || tokens[i].value == SQLWord.select: return true
        case .dangerous where tokens[i].value == SQLWord.dangerous: return true
        case .word: return true
        default: break
        }
      }
      i &+= 1
    }
    return false
  }

  /// The text of token `i`, empty past the end.
  @_lifetime(copy text)
  func text(_ i: Int, _ text: RawSpan) -> RawSpan {
    guard i >= 0, i < count else { return text.extracting(0..<0) }
    return text.extracting(Int(tokens[i].start)..<Int(tokens[i].end))
  }

  static let things = WordTable([
    (
      "table database schema view index procedure function trigger user login role column sequence tablespace temporary"
        + " temp unique or if materialized extension assembly tables databases",
      1
    )
  ])
}
