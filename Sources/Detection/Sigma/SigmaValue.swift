// A value of a rule as text with wildcards, and the encodings that modifiers ask for.

/// Text with wildcards, matched against a whole field.
struct Glob: Hashable, Sendable {
  enum Token: Hashable, Sendable {
    case byte(UInt8)
    /// `?`: one byte.
    case one
    /// `*`: any number of bytes.
    case many
  }
  var tokens: [Token]

  init(tokens: [Token]) {
    self.tokens = []
    for token in tokens where token != .many || self.tokens.last != .many { self.tokens.append(token) }
  }

  init(literal: [UInt8]) { tokens = literal.map { .byte($0) } }

  /// Reads Sigma's escaping: a backslash makes a following `*`, `?` or backslash plain, and is itself elsewhere.
  init(sigma text: String) {
    let bytes = Array(text.utf8)
    var tokens: [Token] = []
    var i = 0
    while i < bytes.count {
      switch bytes[i] {
      case 0x5c where i + 1 < bytes.count && [0x2a, 0x3f, 0x5c].contains(bytes[i + 1]):
        tokens.append(.byte(bytes[i + 1]))
        i += 1
      case 0x2a: tokens.append(.many)
      case 0x3f: tokens.append(.one)
      default: tokens.append(.byte(bytes[i]))
      }
      i += 1
    }
    self.init(tokens: tokens)
  }

  /// The bytes, when there are no wildcards.
  var literal: [UInt8]? {
    var bytes: [UInt8] = []
    for token in tokens {
      guard case .byte(let byte) = token else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// Bytes with `prefix` and `suffix` of `*`.
  func wrapped(before: Bool, after: Bool) -> Glob {
    Glob(tokens: (before ? [.many] : []) + tokens + (after ? [.many] : []))
  }

  /// The longest run of plain bytes: what is searched for before the whole is tried. The first of equals.
  var longestRun: [UInt8] {
    var best: [UInt8] = []
    var run: [UInt8] = []
    for token in tokens {
      if case .byte(let byte) = token { run.append(byte) } else { run = [] }
      if run.count > best.count { best = run }
    }
    return best
  }
}

/// What modifiers do to plain bytes.
enum ValueEncoding {
  static func utf16(_ text: [UInt8], bigEndian: Bool, mark: Bool) -> [UInt8] {
    var bytes: [UInt8] = mark ? [0xff, 0xfe] : []
    for unit in String(decoding: text, as: UTF8.self).utf16 {
      let high = UInt8(unit >> 8)
      let low = UInt8(unit & 255)
      bytes += bigEndian ? [high, low] : [low, high]
    }
    return bytes
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var i = 0
    while i < bytes.count {
      let left = bytes.count - i
      let word =
        UInt32(bytes[i]) << 16 | (left > 1 ? UInt32(bytes[i + 1]) << 8 : 0) | (left > 2 ? UInt32(bytes[i + 2]) : 0)
      text.append(alphabet[Int(word >> 18)])
      text.append(alphabet[Int(word >> 12 & 63)])
      text.append(left > 1 ? alphabet[Int(word >> 6 & 63)] : 0x3d)
      text.append(left > 2 ? alphabet[Int(word & 63)] : 0x3d)
      i += 3
    }
    return text
  }

  /// What `bytes` looks like inside a longer base64 text, at each of the three alignments: the characters that depend
  /// on no neighbour.
  static func base64Offsets(_ bytes: [UInt8]) -> [[UInt8]] {
    (0..<3).map { shift in
      let text = base64(Array(repeating: 0, count: shift) + bytes)
      let head = [0, 2, 3][shift]
      let tail = [0, 3, 2][(bytes.count + shift) % 3]
      return head + tail < text.count ? Array(text[head..<(text.count - tail)]) : []
    }
  }

  private static let dashes: [[UInt8]] = ["-", "/", "\u{2013}", "\u{2014}", "\u{2015}"].map { Array($0.utf8) }

  /// The text with each dash or slash that begins an option written in all five ways. nil when there are more than
  /// four such places.
  static func dashVariants(_ text: [UInt8]) -> [[UInt8]]? {
    func isWord(_ byte: UInt8) -> Bool {
      (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5f
    }
    var variants: [[UInt8]] = [[]]
    var places = 0
    var i = 0
    while i < text.count {
      let dash = dashes.first { text[i...].starts(with: $0) }
      let next = i + (dash?.count ?? 1)
      if dash != nil, i == 0 || !isWord(text[i - 1]), next < text.count, isWord(text[next]) {
        places += 1
        if places > 4 { return nil }
        variants = variants.flatMap { head in dashes.map { head + $0 } }
      } else {
        for k in variants.indices { variants[k] += text[i..<next] }
      }
      i = next
    }
    return variants
  }
}
