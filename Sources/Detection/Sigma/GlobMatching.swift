// Whether bytes match a glob, in time linear in bytes times stars and without allocation.

import Bytes

extension Glob {
  /// Greedy matching with one point to return to: after a later `*` matches, no earlier one needs another try.
  /// - Parameter isCased: Else ASCII letters match in either case.
  func matches(_ text: RawSpan, isCased: Bool) -> Bool {
    tokens.withUnsafeBufferPointer { tokens in
      var t = 0
      var i = 0
      var starToken = -1
      var starText = 0
      let n = text.byteCount
      while i < n {
        if t < tokens.count {
          switch tokens[t] {
          case .many:
            starToken = t
            starText = i
            t &+= 1
            continue
          case .one:
            t &+= 1
            i &+= 1
            continue
          case .byte(let byte):
            let found = text.unchecked(i)
            if found == byte || (!isCased && found.asciiLowercased == byte.asciiLowercased) {
              t &+= 1
              i &+= 1
              continue
            }
          }
        }
        guard starToken >= 0 else { return false }
        starText &+= 1
        i = starText
        t = starToken &+ 1
      }
      while t < tokens.count, tokens[t] == .many { t &+= 1 }
      return t == tokens.count
    }
  }

  /// The same for text, case-sensitive. Not for hot paths.
  func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { matches($0.span.bytes, isCased: true) }
  }
}
