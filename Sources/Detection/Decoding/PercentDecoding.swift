// One layer of percent decoding, as servers do it (RFC 3986, 2.1) and as IIS did (`%u0041`).

import Bytes

enum PercentDecoding {
  /// Appends `input` with one layer of percent encoding undone. `plusFrom` is the offset from which `+` is a space.
  ///
  /// O(n). `more` says that the output holds another `%` and two hexadecimal digits.
  static func decode(
    _ input: RawSpan, plusFrom: Int, into output: inout ByteBuffer, findings: inout NormalizationFindings
  ) -> (changed: Bool, more: Bool) {
    let n = input.byteCount
    var changed = false
    var more = false
    var i = 0
    output.reserve(n)
    while i < n {
      let byte = input.unchecked(i)
      if byte == 0x25 {
        if i &+ 2 < n, let high = input.unchecked(i &+ 1).hexValue, let low = input.unchecked(i &+ 2).hexValue {
          let value = high << 4 | low
          if value.isASCIIDigit || value.isASCIILetter || value == 0x2e { findings.insert(.needlessPercent) }
          if value == 0x25 { more = true }
          output.append(value)
          changed = true
          i &+= 3
          continue
        }
        if i &+ 5 < n, input.unchecked(i &+ 1) | 0x20 == 0x75, let point = hex(input, i &+ 2, digits: 4) {
          appendScalar(point, to: &output)
          findings.insert(.unicodePercent)
          changed = true
          i &+= 6
          continue
        }
        findings.insert(.brokenPercent)
        more = true
      } else if byte == 0x2b, i >= plusFrom {
        output.append(0x20)
        findings.insert(.plus)
        changed = true
        i &+= 1
        continue
      }
      output.append(byte)
      i &+= 1
    }
    return (changed, more)
  }

  /// Whether `input` holds `%` and two hexadecimal digits, or `%u` and four.
  static func hasEscape(_ input: RawSpan) -> Bool {
    var from = 0
    while let i = input.firstIndex(of: 0x25, from: from) {
      if i &+ 2 < input.byteCount {
        if input.unchecked(i &+ 1).hexValue != nil, input.unchecked(i &+ 2).hexValue != nil { return true }
        if input.unchecked(i &+ 1) | 0x20 == 0x75, hex(input, i &+ 2, digits: 4) != nil { return true }
      }
      from = i &+ 1
    }
    return false
  }

  /// The value of exactly `digits` hexadecimal digits at `start`.
  static func hex(_ input: RawSpan, _ start: Int, digits: Int) -> UInt32? {
    guard start &+ digits <= input.byteCount else { return nil }
    var value: UInt32 = 0
    for k in 0..<digits {
      guard let digit = input.unchecked(start &+ k).hexValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// Appends a code point as UTF-8. Look-alikes of delimiters become ASCII, as best-fit conversion makes them.
  static func appendScalar(_ point: UInt32, to output: inout ByteBuffer) {
    var point = point
    if point >= 0xff01, point <= 0xff5e { point = point &- 0xfee0 }
    switch point {
    case 0x2215, 0x2044: point = 0x2f
    case 0x2216: point = 0x5c
    case 0x02b9, 0x02bc, 0x2032: point = 0x27
    case 0x2039, 0x3008: point = 0x3c
    case 0x203a, 0x3009: point = 0x3e
    default: break
    }
    if point < 0x80 {
      output.append(UInt8(truncatingIfNeeded: point))
    } else if point < 0x800 {
      output.append(UInt8(truncatingIfNeeded: 0xc0 | point >> 6))
      output.append(UInt8(truncatingIfNeeded: 0x80 | point & 0x3f))
    } else if point < 0x1_0000 {
      output.append(UInt8(truncatingIfNeeded: 0xe0 | point >> 12))
      output.append(UInt8(truncatingIfNeeded: 0x80 | point >> 6 & 0x3f))
      output.append(UInt8(truncatingIfNeeded: 0x80 | point & 0x3f))
    } else if point < 0x11_0000 {
      output.append(UInt8(truncatingIfNeeded: 0xf0 | point >> 18))
      output.append(UInt8(truncatingIfNeeded: 0x80 | point >> 12 & 0x3f))
      output.append(UInt8(truncatingIfNeeded: 0x80 | point >> 6 & 0x3f))
      output.append(UInt8(truncatingIfNeeded: 0x80 | point & 0x3f))
    }
  }
}
