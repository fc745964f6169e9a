// The encodings that browsers, script engines and careless decoders undo after the server has undone
// percent encoding: HTML entities, backslash escapes, overlong UTF-8, UTF-7, full-width forms, zero bytes.

import Bytes

enum TextDecoding {
  /// Which bytes may begin something that `decode` changes.
  static let begins: InlineArray<256, Bool> = {
    var table = InlineArray<256, Bool>(repeating: false)
    for byte in [0x00, 0x26, 0x5c, 0x2b, 0xc0, 0xc1, 0xe0, 0xf0, 0xf8, 0xfc, 0xef] { table[byte] = true }
    return table
  }()

  static func mayChange(_ input: RawSpan) -> Bool {
    for i in 0..<input.byteCount where begins[Int(input.unchecked(i))] { return true }
    return false
  }

  /// Appends `input` decoded once. O(n).
  static func decode(
    _ input: RawSpan, into output: inout ByteBuffer, findings: inout NormalizationFindings
  ) {
    let n = input.byteCount
    var i = 0
    output.reserve(n)
    while i < n {
      let byte = input.unchecked(i)
      if begins[Int(byte)] {
        let used: Int
        switch byte {
        case 0:
          findings.insert(.null)
          used = 1
        case 0x26:
          used = entity(input, i, into: &output)
          if used > 0 { findings.insert(.entities) }
        case 0x5c:
          used = backslash(input, i, into: &output)
          if used > 0 { findings.insert(.backslashEscapes) }
        case 0x2b:
          used = utf7(input, i, into: &output)
          if used > 0 { findings.insert(.utf7) }
        case 0xef:
          used = fullWidth(input, i, into: &output)
          if used > 0 { findings.insert(.fullWidth) }
        default:
          used = overlong(input, i, into: &output)
          if used > 0 { findings.insert(.overlong) }
        }
        if used > 0 {
          i &+= used
          continue
        }
      }
      output.append(byte)
      i &+= 1
    }
  }

  /// An HTML character reference that stands for ASCII. Numeric ones may lack their semicolon.
  private static func entity(_ input: RawSpan, _ start: Int, into output: inout ByteBuffer) -> Int {
    let n = input.byteCount
    guard start &+ 2 < n else { return 0 }
    var i = start &+ 1
    if input.unchecked(i) == 0x23 {
      i &+= 1
      var value: UInt32 = 0
      var digits = 0
      if i < n, input.unchecked(i) | 0x20 == 0x78 {
        i &+= 1
        while i < n, digits < 8, let digit = input.unchecked(i).hexValue {
          value = value << 4 | UInt32(digit)
          digits &+= 1
          i &+= 1
        }
      } else {
        while i < n, digits < 8, input.unchecked(i).isASCIIDigit {
          value = value &* 10 &+ UInt32(input.unchecked(i) &- 0x30)
          digits &+= 1
          i &+= 1
        }
      }
      guard digits > 0, value > 0, value < 0x80 else { return 0 }
      if i < n, input.unchecked(i) == 0x3b { i &+= 1 }
      output.append(UInt8(truncatingIfNeeded: value))
      return i &- start
    }
    var end = i
    while end < n, end &- i < 9, input.unchecked(end).isASCIILetter { end &+= 1 }
    guard end < n, input.unchecked(end) == 0x3b, end > i else { return 0 }
    let name = input.extracting(i..<end)
    let value: UInt8
    if name.equalsIgnoringCase("lt") {
      value = 0x3c
    } else if name.equalsIgnoringCase("gt") {
      value = 0x3e
    } else if name.equalsIgnoringCase("quot") {
      value = 0x22
    } else if name.equalsIgnoringCase("apos") {
      value = 0x27
    } else if name.equalsIgnoringCase("amp") {
      value = 0x26
    } else if name.equalsIgnoringCase("tab") {
      value = 0x09
    } else if name.equalsIgnoringCase("newline") {
      value = 0x0a
    } else if name.equalsIgnoringCase("colon") {
      value = 0x3a
    } else if name.equalsIgnoringCase("lpar") {
      value = 0x28
    } else if name.equalsIgnoringCase("rpar") {
      value = 0x29
    } else if name.equalsIgnoringCase("sol") {
      value = 0x2f
    } else if name.equalsIgnoringCase("bsol") {
      value = 0x5c
    } else if name.equalsIgnoringCase("nbsp") {
      value = 0x20
    } else {
      return 0
    }
    output.append(value)
    return end &+ 1 &- start
  }

  /// `\x3c`, `\u003c`, `\u{3c}` and `\74` (three octal digits) that stand for printable ASCII.
  private static func backslash(_ input: RawSpan, _ start: Int, into output: inout ByteBuffer) -> Int {
    let n = input.byteCount
    guard start &+ 3 < n else { return 0 }
    let letter = input.unchecked(start &+ 1)
    var value: UInt32 = 0
    var used = 0
    if letter | 0x20 == 0x78 {
      guard let hex = PercentDecoding.hex(input, start &+ 2, digits: 2) else { return 0 }
      (value, used) = (hex, 4)
    } else if letter == 0x75 {
      if input.unchecked(start &+ 2) == 0x7b {
        var i = start &+ 3
        while i < n, i < start &+ 9, let digit = input.unchecked(i).hexValue {
          value = value << 4 | UInt32(digit)
          i &+= 1
        }
        guard i < n, input.unchecked(i) == 0x7d else { return 0 }
        used = i &+ 1 &- start
      } else {
        guard let hex = PercentDecoding.hex(input, start &+ 2, digits: 4) else { return 0 }
        (value, used) = (hex, 6)
      }
    } else {
      return 0
    }
    guard value >= 0x20, value < 0x7f || (value >= 0xff01 && value <= 0xff5e) else { return 0 }
    PercentDecoding.appendScalar(value, to: &output)
    return used
  }

  /// ASCII in more bytes than it needs. Besides the true overlong forms, a lead byte of C0 or C1 before
  /// a plain dot or slash is dropped, because some decoders did.
  private static func overlong(_ input: RawSpan, _ start: Int, into output: inout ByteBuffer) -> Int {
    let n = input.byteCount
    let lead = input.unchecked(start)
    let length =
      switch lead {
      case 0xc0, 0xc1: 2
      case 0xe0: 3
      case 0xf0: 4
      case 0xf8: 5
      default: 6
      }
    guard start &+ length <= n else { return 0 }
    if length == 2 {
      let next = input.unchecked(start &+ 1)
      if next == 0x2e || next == 0x2f || next == 0x5c {
        output.append(next)
        return 2
      }
      guard next & 0xc0 == 0x80 else { return 0 }
      let value = (lead & 0x1f) << 6 | (next & 0x3f)
      guard value >= 0x20 || value == 0 || value == 0x0a || value == 0x0d else { return 0 }
      output.append(value)
      return 2
    }
    for k in 1..<(length &- 2) where input.unchecked(start &+ k) != 0x80 { return 0 }
    let high = input.unchecked(start &+ length &- 2)
    let low = input.unchecked(start &+ length &- 1)
    guard high == 0x80 || high == 0x81, low & 0xc0 == 0x80 else { return 0 }
    let value = (high & 1) << 6 | (low & 0x3f)
    guard value >= 0x20 else { return 0 }
    output.append(value)
    return length
  }

  /// U+FF07, U+FF1C and the like: only the delimiters that best-fit conversion makes dangerous.
  private static func fullWidth(_ input: RawSpan, _ start: Int, into output: inout ByteBuffer) -> Int {
    guard start &+ 2 < input.byteCount, input.unchecked(start &+ 1) == 0xbc else { return 0 }
    let value: UInt8
    switch input.unchecked(start &+ 2) {
    case 0x82: value = 0x22
    case 0x87: value = 0x27
    case 0x8e: value = 0x2e
    case 0x8f: value = 0x2f
    case 0x9c: value = 0x3c
    case 0x9e: value = 0x3e
    case 0xbc: value = 0x5c
    default: return 0
    }
    output.append(value)
    return 3
  }

  /// `+ADw-` and its kind: the base64 of one UTF-16 unit that stands for a delimiter.
  private static func utf7(_ input: RawSpan, _ start: Int, into output: inout ByteBuffer) -> Int {
    guard start &+ 4 < input.byteCount, input.unchecked(start &+ 1) == 0x41, input.unchecked(start &+ 4) == 0x2d,
      let second = Base64.value(input.unchecked(start &+ 2)), let third = Base64.value(input.unchecked(start &+ 3))
    else { return 0 }
    // 'A' is six zero bits, the next six the rest of the high byte and the top four of the low one.
    let unit = UInt32(second) << 6 | UInt32(third)
    let value = unit >> 2
    switch value {
    case 0x22, 0x27, 0x28, 0x29, 0x3b, 0x3c, 0x3d, 0x3e:
      output.append(UInt8(truncatingIfNeeded: value))
      return 5
    default: return 0
    }
  }
}
