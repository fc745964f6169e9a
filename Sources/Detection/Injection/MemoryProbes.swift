// Values that probe how a program written in C handles them.

import Bytes

enum MemoryProbes {
  private static let shortestRun = 200

  /// One byte, 200 times or more, that makes up four fifths of the value. Rules drawn with dashes, padding and
  /// the zeros of encoded images are not meant.
  static func overflow(_ text: RawSpan) -> Int {
    let n = text.byteCount
    guard n >= shortestRun else { return 0 }
    var longest = 0
    var byte: UInt8 = 0
    var i = 0
    while i < n {
      let start = i
      let c = text.unchecked(i)
      while i < n, text.unchecked(i) == c { i &+= 1 }
      if i &- start > longest {
        longest = i &- start
        byte = c
      }
    }
    guard longest >= shortestRun, longest &* 5 >= n &* 4 else { return 0 }
    switch byte {
    case 0x20, 0x2d, 0x5f, 0x3d, 0x2a, 0x2e, 0x0a, 0x0d, 0x23, 0x7e: return 0
    default: return 66
    }
  }

  /// `%n%n%n%n`, `%s%s%s%s%s`, `%08x.%08x.%08x.%n`: conversions one after the other.
  static func format(_ text: RawSpan) -> Int {
    let n = text.byteCount
    var from = 0
    var run = 0
    var writes = 0
    var end = -1
    var best = 0
    while let percent = text.firstIndex(of: 0x25, from: from) {
      from = percent &+ 1
      var i = percent &+ 1
      while i < n, text.unchecked(i).isASCIIDigit || text.unchecked(i) == 0x24 || text.unchecked(i) == 0x2e { i &+= 1 }
      let kind = text.at(i)
      guard kind == 0x6e || kind == 0x73 || kind == 0x78 || kind == 0x70 || kind == 0x64 else { continue }
      if percent != end, percent != end &+ 1 { (run, writes) = (0, 0) }
      run &+= 1
      if kind == 0x6e { writes &+= 1 }
      end = i &+ 1
      if run >= 4 { best = max(best, writes > 0 ? 78 : 60) } else if run == 3, writes > 0 { best = max(best, 62) }
    }
    return best
  }
}
