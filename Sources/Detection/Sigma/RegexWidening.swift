// Regular expressions over a part of the target. The part begins and ends in the middle of the scanned value, where `^`
// and `$` do not hold: Vectorscan looks for the expression without them, which finds at least as much, and PCRE2 settles
// the rest on the part alone.

enum RegexWidening {
  /// The expression with `^` and `$` left out, or nil where that would not find at least as much, or where it is not
  /// clear what they are.
  static func withoutAnchors(_ pattern: String) -> String? {
    let bytes = Array(pattern.utf8)
    var result: [UInt8] = []
    var i = 0
    var inClass = false
    while i < bytes.count {
      let byte = bytes[i]
      let next = i + 1 < bytes.count ? bytes[i + 1] : 0
      if byte == 0x5c {
        // \Q quotes anchors.
        if next == 0x51 { return nil }
        result += bytes[i..<min(i + 2, bytes.count)]
        i += 2
        continue
      }
      if inClass {
        if byte == 0x5b, next == 0x3a, let close = end(ofNamedClass: bytes, from: i + 2) {
          result += bytes[i..<close]
          i = close
          continue
        }
        inClass = byte != 0x5d
      } else if byte == 0x5b {
        inClass = true
        // A bracket that comes first is a member.
        var first = i + 1
        if first < bytes.count, bytes[first] == 0x5e { first += 1 }
        if first < bytes.count, bytes[first] == 0x5d { first += 1 }
        result += bytes[i..<first]
        i = first
        continue
      } else if byte == 0x28, next == 0x3f, i + 2 < bytes.count {
        // Without anchors, what must not follow would be more; comments and options may hold anything.
        let kind = bytes[i + 2]
        let isPlain = kind == 0x3a || kind == 0x3d || kind == 0x3e || kind == 0x50 || kind == 0x27
        let isBehind = kind == 0x3c && i + 3 < bytes.count && bytes[i + 3] != 0x21
        if !isPlain && !isBehind { return nil }
      } else if byte == 0x5e || byte == 0x24 {
        // An empty group takes a quantifier as the anchor did.
        result += Array("(?:)".utf8)
        i += 1
        continue
      }
      result.append(byte)
      i += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Past the `:]` of `[:alpha:]`.
  private static func end(ofNamedClass bytes: [UInt8], from start: Int) -> Int? {
    var i = start
    while i + 1 < bytes.count {
      if bytes[i] == 0x3a, bytes[i + 1] == 0x5d { return i + 2 }
      if bytes[i] == 0x5d { return nil }
      i += 1
    }
    return nil
  }
}
