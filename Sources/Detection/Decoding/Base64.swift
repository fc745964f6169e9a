// Base64 in parameters: attackers wrap payloads in it, and so do honest applications, so that what
// comes out is only looked at when it is text.

import Bytes

enum Base64 {
  /// Value of a digit of either alphabet (RFC 4648, sections 4 and 5).
  @inline(__always)
  static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5a: byte &- 0x41
    case 0x61...0x7a: byte &- 0x47
    case 0x30...0x39: byte &+ 4
    case 0x2b, 0x2d: 62
    case 0x2f, 0x5f: 63
    default: nil
    }
  }

  /// Appends the decoded text when all of `input` is base64 of at least 12 digits and decodes to
  /// printable ASCII; otherwise leaves `output` as it was and returns false. O(n).
  static func decodeText(_ input: RawSpan, into output: inout ByteBuffer) -> Bool {
    var n = input.byteCount
    while n > 0, input.unchecked(n &- 1) == 0x3d { n &-= 1 }
    guard n >= 12, n % 4 != 1, input.byteCount &- n <= 2, input.byteCount <= 1 << 16 else { return false }
    let start = output.count
    var bits: UInt32 = 0
    var have: UInt32 = 0
    for i in 0..<n {
      guard let digit = value(input.unchecked(i)) else {
        output.truncate(to: start)
        return false
      }
      bits = bits << 6 | UInt32(digit)
      have &+= 6
      if have >= 8 {
        have &-= 8
        let byte = UInt8(truncatingIfNeeded: bits >> have)
        let printable = (byte >= 0x20 && byte < 0x7f) || byte == 0x0a || byte == 0x0d || byte == 0x09
        guard printable else {
          output.truncate(to: start)
          return false
        }
        output.append(byte)
      }
    }
    return true
  }
}
