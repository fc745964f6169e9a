// Undoing what servers do to bytes they do not want in a log.

import Bytes
import Events

enum Escapes {
  /// Undoes backslash escapes of `start..<end` into `scratch`: Apache's and nginx's `\xHH`, `\"`, `\\`, `\n`, `\t` and
  /// so on, and JSON's `\u00HH`. A backslash before anything else stays, for servers that escape nothing.
  static func unescape(_ source: RawSpan, _ start: Int, _ end: Int, into scratch: inout ByteBuffer) -> FieldRange {
    let begin = scratch.count
    let text = source.extracting(0..<end)
    var p = start
    while p < end {
      // Runs without a backslash are copied whole.
      let next = text.firstIndex(of: 0x5c, from: p) ?? end
      if next > p { scratch.append(text.extracting(p..<next)) }
      p = next
      if p + 1 >= end {
        if p < end { scratch.append(0x5c) }
        break
      }
      let kind = source.unchecked(p + 1)
      p += 2
      switch kind {
      case 0x78, 0x58:  // x
        if p + 2 <= end, let high = source.unchecked(p).hexValue, let low = source.unchecked(p + 1).hexValue {
          scratch.append(high << 4 | low)
          p += 2
        } else {
          scratch.append(0x5c)
          scratch.append(kind)
        }
      case 0x22, 0x5c, 0x2f: scratch.append(kind)
      case 0x6e: scratch.append(0x0a)
      case 0x72: scratch.append(0x0d)
      case 0x74: scratch.append(0x09)
      case 0x62: scratch.append(0x08)
      case 0x66: scratch.append(0x0c)
      case 0x76: scratch.append(0x0b)
      case 0x75:
        if let unit = hex4(source, p, end) {
          p += 4
          var scalar = UInt32(unit)
          if unit & 0xfc00 == 0xd800, p + 6 <= end, source.unchecked(p) == 0x5c, source.unchecked(p + 1) == 0x75,
            let low = hex4(source, p + 2, end), low & 0xfc00 == 0xdc00
          {
            scalar = 0x10000 + (UInt32(unit & 0x3ff) << 10 | UInt32(low & 0x3ff))
            p += 6
          }
          appendScalar(scalar, to: &scratch)
        } else {
          scratch.append(0x5c)
          scratch.append(kind)
        }
      default:
        scratch.append(0x5c)
        scratch.append(kind)
      }
    }
    return FieldRange(offset: begin, count: scratch.count - begin, inScratch: true)
  }

  private static func hex4(_ source: RawSpan, _ start: Int, _ end: Int) -> UInt16? {
    guard start + 4 <= end else { return nil }
    var value: UInt16 = 0
    for i in start..<start + 4 {
      guard let digit = source.unchecked(i).hexValue else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }

  /// UTF-8 of a scalar. A lone surrogate, which has no UTF-8, becomes U+FFFD.
  static func appendScalar(_ scalar: UInt32, to scratch: inout ByteBuffer) {
    var scalar = scalar
    if scalar & 0xffff_f800 == 0xd800 { scalar = 0xfffd }
    switch scalar {
    case ..<0x80: scratch.append(UInt8(scalar))
    case ..<0x800:
      scratch.append(UInt8(0xc0 | scalar >> 6))
      scratch.append(UInt8(0x80 | scalar & 0x3f))
    case ..<0x10000:
      scratch.append(UInt8(0xe0 | scalar >> 12))
      scratch.append(UInt8(0x80 | scalar >> 6 & 0x3f))
      scratch.append(UInt8(0x80 | scalar & 0x3f))
    default:
      scratch.append(UInt8(0xf0 | scalar >> 18 & 7))
      scratch.append(UInt8(0x80 | scalar >> 12 & 0x3f))
      scratch.append(UInt8(0x80 | scalar >> 6 & 0x3f))
      scratch.append(UInt8(0x80 | scalar & 0x3f))
    }
  }

  /// Undoes percent encoding into `scratch`, twice where the server encoded a percent sign too (`%2520`).
  static func percentDecode(_ source: RawSpan, _ start: Int, _ end: Int, into scratch: inout ByteBuffer) -> FieldRange {
    let begin = scratch.count
    var p = start
    while p < end {
      var byte = source.unchecked(p)
      p += 1
      if byte == 0x25, p + 2 <= end, let high = source.unchecked(p).hexValue, let low = source.unchecked(p + 1).hexValue
      {
        byte = high << 4 | low
        p += 2
        if byte == 0x25, p + 2 <= end, let high = source.unchecked(p).hexValue,
          let low = source.unchecked(p + 1).hexValue
        {
          byte = high << 4 | low
          p += 2
        }
      }
      scratch.append(byte)
    }
    return FieldRange(offset: begin, count: scratch.count - begin, inScratch: true)
  }

  /// Plus signs to spaces into `scratch`, as IIS writes user agents.
  static func plusDecode(_ source: RawSpan, _ start: Int, _ end: Int, into scratch: inout ByteBuffer) -> FieldRange {
    let begin = scratch.count
    for p in start..<end {
      let byte = source.unchecked(p)
      scratch.append(byte == 0x2b ? 0x20 : byte)
    }
    return FieldRange(offset: begin, count: scratch.count - begin, inScratch: true)
  }
}
