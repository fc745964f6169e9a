// SQL as a stream of tokens, tolerant of every dialect: what is a string or a comment in any of them.

import Bytes

enum SQLTokenKind: UInt8 {
  case number, string, openString, word, variable
  case comparison  // = <> != < > <= >= <=> ~ !~
  case arithmetic  // + - * / % & ^ | << >> ~
  case concatenation  // ||
  case logicalSign  // && and !
  case comma, semicolon, open, close, dot, comment, colon, brace, other
}

struct SQLToken {
  var kind: SQLTokenKind
  /// For words, their part of speech in `SQLWord`; for operators their byte.
  var value: UInt8 = 0
  var start: Int32
  var end: Int32
  @inline(__always) var length: Int { Int(end &- start) }
}

/// The tokens of one value: up to 120, the rest is dropped.
struct SQLTokens: ~Copyable {
  static let capacity = 120
  var tokens: InlineArray<120, SQLToken>
  var count = 0
  /// Closed comments between tokens, `/**/`, and MySQL's conditional ones, `/*!50000 ... */`.
  var inlineComments = 0
  var conditionalComments = 0
  /// Whether the value went on after the last token kept.
  var overflowed = false

  init() {
    tokens = InlineArray(repeating: SQLToken(kind: .other, start: 0, end: 0))
  }

  /// Token `i`; a neutral one where there is none.
  @inline(__always)
  subscript(_ i: Int) -> SQLToken {
    holds(i) ? tokens[i] : SQLToken(kind: .other, start: 0, end: 0)
  }

  @inline(__always)
  func kind(_ i: Int) -> SQLTokenKind? { holds(i) ? tokens[i].kind : nil }

  /// Whether there is a token `i`; there is none before the first.
  @inline(__always)
  private func holds(_ i: Int) -> Bool { i >= 0 && i < count }

  /// The part of speech of token `i`, 0 where it is no word.
  @inline(__always)
  func word(_ i: Int) -> UInt8 { holds(i) && tokens[i].kind == .word ? tokens[i].value : 0 }

  @inline(__always)
  private mutating func push(_ kind: SQLTokenKind, _ value: UInt8, _ start: Int, _ end: Int) {
    guard count < Self.capacity else {
      overflowed = true
      return
    }
    tokens[count] = SQLToken(
      kind: kind, value: value, start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end))
    count &+= 1
  }

  /// Reads `text`, in lower case, from `start`. O(n).
  mutating func read(_ text: RawSpan, from start: Int) {
    count = 0
    inlineComments = 0
    conditionalComments = 0
    overflowed = false
    var i = start
    let n = text.byteCount
    while i < n, !overflowed {
      let byte = text.unchecked(i)
      switch byte {
      case 0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0:
        i &+= 1
      case 0x27, 0x22, 0x60: i = string(text, i, byte)
      case 0x30...0x39: i = number(text, i)
      case 0x2e:
        if text.at(i &+ 1).isASCIIDigit, count == 0 || tokens[count &- 1].kind != .word {
          i = number(text, i)
        } else {
          push(.dot, byte, i, i &+ 1)
          i &+= 1
        }
      case 0x61...0x7a, 0x5f, 0x24: i = word(text, i)
      case 0x40: i = variable(text, i)
      case 0x2d:
        if text.at(i &+ 1) == 0x2d {
          i = lineComment(text, i)
        } else {
          push(.arithmetic, byte, i, i &+ 1)
          i &+= 1
        }
      case 0x23: i = lineComment(text, i)
      case 0x2f:
        if text.at(i &+ 1) == 0x2a {
          i = blockComment(text, i)
        } else {
          push(.arithmetic, byte, i, i &+ 1)
          i &+= 1
        }
      case 0x2a:
        if text.at(i &+ 1) == 0x2f, conditionalComments > 0 {
          i &+= 2
        } else {
          push(.arithmetic, byte, i, i &+ 1)
          i &+= 1
        }
      case 0x3d, 0x3c, 0x3e, 0x21, 0x7e: i = comparison(text, i, byte)
      case 0x7c:
        let double = text.at(i &+ 1) == 0x7c
        push(double ? .concatenation : .arithmetic, byte, i, i &+ (double ? 2 : 1))
        i &+= double ? 2 : 1
      case 0x26:
        let double = text.at(i &+ 1) == 0x26
        push(double ? .logicalSign : .arithmetic, byte, i, i &+ (double ? 2 : 1))
        i &+= double ? 2 : 1
      case 0x2b, 0x25, 0x5e:
        push(.arithmetic, byte, i, i &+ 1)
        i &+= 1
      case 0x2c:
        push(.comma, byte, i, i &+ 1)
        i &+= 1
      case 0x3b:
        push(.semicolon, byte, i, i &+ 1)
        i &+= 1
      case 0x28:
        push(.open, byte, i, i &+ 1)
        i &+= 1
      case 0x29:
        push(.close, byte, i, i &+ 1)
        i &+= 1
      case 0x5b: i = bracketed(text, i)
      case 0x7b, 0x7d:
        push(.brace, byte, i, i &+ 1)
        i &+= 1
      case 0x3a:
        if text.at(i &+ 1) == 0x3d {
          push(.comparison, byte, i, i &+ 2)
          i &+= 2
        } else {
          push(.colon, byte, i, i &+ 1)
          i &+= 1
        }
      case 0x80...: i = word(text, i)
      default:
        push(.other, byte, i, i &+ 1)
        i &+= 1
      }
    }
  }

  /// A quoted string: closed by its quote, unless doubled or behind a backslash. Back quotes quote a name.
  private mutating func string(_ text: RawSpan, _ start: Int, _ quote: UInt8) -> Int {
    let n = text.byteCount
    var i = start &+ 1
    while i < n {
      let byte = text.unchecked(i)
      if byte == 0x5c, quote != 0x60 {
        i &+= 2
        continue
      }
      if byte == quote {
        if text.at(i &+ 1) == quote, i &+ 1 < n {
          i &+= 2
          continue
        }
        push(quote == 0x60 ? .word : .string, quote == 0x60 ? 0 : quote, start, i &+ 1)
        return i &+ 1
      }
      i &+= 1
    }
    push(.openString, quote, start, n)
    return n
  }

  /// Decimal, hexadecimal, with exponent. A number that runs into letters is a word: `2nd`, `1px`.
  private mutating func number(_ text: RawSpan, _ start: Int) -> Int {
    let n = text.byteCount
    var i = start
    if text.unchecked(i) == 0x30, text.at(i &+ 1) == 0x78 || text.at(i &+ 1) == 0x62 {
      i &+= 2
      while i < n, text.unchecked(i).hexValue != nil { i &+= 1 }
    } else {
      while i < n, text.unchecked(i).isASCIIDigit || text.unchecked(i) == 0x2e { i &+= 1 }
      if i < n, text.unchecked(i) == 0x65, i > start {
        var end = i &+ 1
        if text.at(end) == 0x2b || text.at(end) == 0x2d { end &+= 1 }
        if text.at(end).isASCIIDigit {
          while end < n, text.unchecked(end).isASCIIDigit { end &+= 1 }
          i = end
        }
      }
    }
    if i < n, text.unchecked(i).isASCIILetter || text.unchecked(i) == 0x5f || text.unchecked(i) >= 0x80 {
      let numberEnd = i
      var end = i
      while end < n, text.unchecked(end).isWord || text.unchecked(end) >= 0x80 { end &+= 1 }
      // '1union', '1or': MySQL reads a number and a keyword.
      let speech = SQLWord.table.value(text.extracting(numberEnd..<end))
      if speech == SQLWord.setOperator || speech == SQLWord.logical || speech == SQLWord.from
        || speech == SQLWord.condition || speech == SQLWord.by || speech == SQLWord.select
        || speech == SQLWord.comparison
      {
        push(.number, 0, start, numberEnd)
        return numberEnd
      }
      push(.word, 0, start, end)
      return end
    }
    push(.number, 0, start, i)
    return i
  }

  private mutating func word(_ text: RawSpan, _ start: Int) -> Int {
    let n = text.byteCount
    var i = start &+ 1
    while i < n {
      let byte = text.unchecked(i)
      guard byte.isWord || byte >= 0x80 || byte == 0x24 else { break }
      i &+= 1
    }
    push(.word, SQLWord.table.value(text.extracting(start..<i)), start, i)
    return i
  }

  private mutating func variable(_ text: RawSpan, _ start: Int) -> Int {
    var i = start &+ 1
    if text.at(i) == 0x40 { i &+= 1 }
    let name = i
    while i < text.byteCount, text.unchecked(i).isWord || text.unchecked(i) == 0x2e || text.unchecked(i) == 0x60 {
      i &+= 1
    }
    push(i > name ? .variable : .other, i > start &+ 1 && text.at(start &+ 1) == 0x40 ? 2 : 1, start, i)
    return i
  }

  private mutating func comparison(_ text: RawSpan, _ start: Int, _ byte: UInt8) -> Int {
    let next = text.at(start &+ 1)
    var end = start &+ 1
    if byte == 0x3c || byte == 0x3e || byte == 0x21 || byte == 0x3d {
      if next == 0x3d || (next == 0x3e && byte != 0x21) || (next == 0x3c && byte == 0x3c)
        || (next == 0x7e && byte == 0x21)
      {
        end &+= 1
        if byte == 0x3c, next == 0x3d, text.at(end) == 0x3e { end &+= 1 }
      } else if byte == 0x21 {
        push(.logicalSign, byte, start, end)
        return end
      }
    } else {
      push(.arithmetic, byte, start, end)  // ~
      return end
    }
    let shift = end &- start == 2 && next == byte && byte != 0x3d
    push(shift ? .arithmetic : .comparison, byte, start, end)
    return end
  }

  /// `-- `, `--` at the end, and `#`: the rest of the line.
  private mutating func lineComment(_ text: RawSpan, _ start: Int) -> Int {
    let end = text.firstIndex(of: 0x0a, from: start) ?? text.byteCount
    push(.comment, text.unchecked(start), start, end)
    return end
  }

  /// A closed comment is white space; an open one swallows the rest; `/*!` is MySQL's and is read.
  private mutating func blockComment(_ text: RawSpan, _ start: Int) -> Int {
    if text.at(start &+ 2) == 0x21 {
      conditionalComments &+= 1
      var i = start &+ 3
      while i < text.byteCount, text.unchecked(i).isASCIIDigit { i &+= 1 }
      return i
    }
    var i = start &+ 2
    while let star = text.firstIndex(of: 0x2a, from: i) {
      if text.at(star &+ 1) == 0x2f {
        inlineComments &+= 1
        return star &+ 2
      }
      i = star &+ 1
    }
    push(.comment, 0x2f, start, text.byteCount)
    return text.byteCount
  }

  /// `[name]`, as SQL Server quotes names.
  private mutating func bracketed(_ text: RawSpan, _ start: Int) -> Int {
    var i = start &+ 1
    while i < text.byteCount, i &- start < 64, text.unchecked(i).isWord || text.unchecked(i) == 0x20 { i &+= 1 }
    if i > start &+ 1, text.at(i) == 0x5d {
      push(.word, 0, start, i &+ 1)
      return i &+ 1
    }
    push(.other, 0x5b, start, start &+ 1)
    return start &+ 1
  }
}
