// What looks like a token, whatever it is called: long and without the regularity of words.

import Bytes

enum Tokens {
  /// Bytes from which a run of letters and digits can be a token: 20 of them as random as base64 hold 100 bits and more.
  private static let least = 20

  static func blank(_ text: RawSpan, into output: inout ByteBuffer) {
    var at = 0
    while at < text.byteCount {
      guard memberLength(text, at) > 0 else {
        output.append(text.unchecked(at))
        at += 1
        if at >= 3, text.unchecked(at - 1) == 0x2f, text.unchecked(at - 2) == 0x2f, text.unchecked(at - 3) == 0x3a {
          at = userInfo(text, at, into: &output)
        }
        continue
      }
      let end = endOfRun(text, at)
      let run = text.extracting(at..<end)
      if isToken(run) {
        output.append(Redaction.blank)
        at = end
      } else if run.equalsIgnoringCase("bearer") || run.equalsIgnoringCase("basic") {
        output.append(run)
        at = credentials(text, end, into: &output)
      } else {
        output.append(run)
        at = end
      }
    }
  }

  /// Bytes of a part of a token: a letter or digit, `-`, `_`, or `+`, `/` and `=` where they are encoded.
  private static func memberLength(_ text: RawSpan, _ at: Int) -> Int {
    let (byte, length, isEncoded) = encodedByte(text, at)
    if isEncoded { return byte == 0x2b || byte == 0x2f || byte == 0x3d ? length : 0 }
    return byte.isASCIILetter || byte.isASCIIDigit || byte == 0x2d || byte == 0x5f ? 1 : 0
  }

  private static func endOfRun(_ text: RawSpan, _ start: Int) -> Int {
    var end = start
    // A JSON web token: three parts of base64, joined by points.
    let isWebToken = text.byteCount - start > 3 && text.extracting(start..<start + 3).equals("eyJ")
    while end < text.byteCount {
      let length = memberLength(text, end)
      if length > 0 {
        end += length
      } else if isWebToken, text.unchecked(end) == 0x2e {
        end += 1
      } else {
        break
      }
    }
    return end
  }

  /// Words change between small letters, capitals and digits seldom; random text in every second place, or so.
  private static func isToken(_ run: RawSpan) -> Bool {
    guard run.byteCount >= least else { return false }
    if run.extracting(0..<3).equals("eyJ") { return true }
    var (digits, changes, letters) = (0, 0, 0)
    var before = 0
    for i in 0..<run.byteCount {
      let byte = run.unchecked(i)
      let kind = byte.isASCIIDigit ? 1 : byte >= 0x61 && byte <= 0x7a ? 2 : byte.isASCIILetter ? 3 : 0
      if kind == 1 { digits += 1 }
      if kind > 1 { letters += 1 }
      if kind != 0, before != 0, kind != before { changes += 1 }
      before = kind
    }
    // Of 32 and more, four digits are enough where nothing parts it into words.
    let parts = run.firstIndex(of: 0x2d) ?? run.firstIndex(of: 0x5f)
    if parts == nil, run.byteCount >= 32, digits >= 4 { return true }
    return digits + changes >= 2 && letters > 0 && changes * 4 >= run.byteCount
  }

  /// What follows `Bearer` or `Basic` is a secret, whatever it looks like.
  private static func credentials(_ text: RawSpan, _ start: Int, into output: inout ByteBuffer) -> Int {
    guard start < text.byteCount else { return start }
    let (space, length, _) = encodedByte(text, start)
    guard space == 0x20 || space == 0x2b else { return start }
    output.append(text.extracting(start..<start + length))
    var end = start + length
    while end < text.byteCount {
      switch text.unchecked(end) {
      case 0x00...0x20, 0x22, 0x26, 0x3b:
        if end > start + length { output.append(Redaction.blank) }
        return end
      default: end += 1
      }
    }
    if end > start + length { output.append(Redaction.blank) }
    return end
  }

  /// `user:password@` after `://`.
  private static func userInfo(_ text: RawSpan, _ start: Int, into output: inout ByteBuffer) -> Int {
    var end = start
    while end < text.byteCount, text.unchecked(end) > 0x20, text.unchecked(end) != 0x2f, text.unchecked(end) != 0x3f {
      if text.unchecked(end) == 0x40 {
        output.append(Redaction.blank)
        return end
      }
      end += 1
    }
    return start
  }
}
