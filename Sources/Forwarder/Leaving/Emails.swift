// E-mail addresses in any text, also with their `@` encoded.

import Bytes

enum Emails {
  static func blank(_ text: RawSpan, into output: inout ByteBuffer) {
    if text.firstIndex(of: 0x40) == nil, text.firstIndex(of: 0x25) == nil {
      output.append(text)
      return
    }
    let start = output.count
    var at = 0
    while at < text.byteCount {
      let (byte, length, _) = encodedByte(text, at)
      guard byte == 0x40 else {
        output.append(text.extracting(at..<at + length))
        at += length
        continue
      }
      let end = endOfDomain(text, from: at + length)
      var local = output.count
      while local > start, isLocal(output[local - 1]) { local -= 1 }
      if let end, local < output.count {
        output.truncate(to: local)
        output.append(Redaction.blank)
        at = end
      } else {
        output.append(text.extracting(at..<at + length))
        at += length
      }
    }
  }

  /// nil where no domain with a point in it stands there.
  private static func endOfDomain(_ text: RawSpan, from start: Int) -> Int? {
    var end = start
    var hasDot = false
    while end < text.byteCount {
      let byte = text.unchecked(end)
      guard byte.isASCIILetter || byte.isASCIIDigit || byte == 0x2e || byte == 0x2d || byte >= 0x80 else { break }
      if byte == 0x2e, end > start, end + 1 < text.byteCount, text.unchecked(end + 1).isASCIILetter { hasDot = true }
      end += 1
    }
    return hasDot ? end : nil
  }

  /// What RFC 5322 allows before the `@` and does not mean anything else in a URL; a percent sign, for what is encoded.
  private static func isLocal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2e, 0x5f, 0x2d, 0x2b, 0x25, 0x21, 0x24, 0x27, 0x2a, 0x7e: true
    default: byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80
    }
  }
}
