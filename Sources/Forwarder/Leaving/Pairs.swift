// Pairs of names and values in targets, referrers and Cookie headers.

import Bytes

enum Pairs {
  /// Appends `text` to `output`, the values of pairs with such names blanked.
  ///
  /// A name stands between a separator and `=`, both maybe encoded: a URL can be the value of another's parameter. A value
  /// ends where every server ends it, so that no part of it is left; that may take its neighbours along.
  ///
  /// - Parameters:
  ///   - secrets: Values whose names say that they are secret are blanked too.
  ///   - name: Working memory.
  static func blank(
    _ text: RawSpan, _ isCookie: Bool, _ names: RedactedNames, secrets: Bool, name: inout ByteBuffer,
    into output: inout ByteBuffer
  ) {
    if text.firstIndex(of: 0x3d) == nil, text.firstIndex(of: 0x25) == nil {
      output.append(text)
      return
    }
    var at = 0
    // A path's first part is no name: `/token=1` names a file.
    var isName = isCookie
    var isQuery = false
    name.removeAll()
    while at < text.byteCount {
      let (byte, length, isEncoded) = encodedByte(text, at)
      if byte == 0x3d, isName, name.count > 0, names.contains(name.bytes) || secrets && isSecret(name.bytes) {
        output.append(text.extracting(at..<at + length))
        at = end(of: text, from: at + length, isCookie, isQuery, isEncoded, output: &output)
        name.removeAll()
        continue
      }
      output.append(text.extracting(at..<at + length))
      at += length
      switch byte {
      case 0x3f, 0x23:
        isName = true
        isQuery = isQuery || !isEncoded
        name.removeAll()
      case 0x26, 0x3b, 0x3d:
        isName = true
        name.removeAll()
      case 0x2f where !isQuery && !isCookie:
        isName = false
        name.removeAll()
      case 0x20, 0x2b: break
      default: if name.count < 256 { name.append(byte.asciiLowercased) }
      }
    }
  }

  /// Writes the blank for the value from `start` on, if there is one, and returns where it ends.
  private static func end(
    of text: RawSpan, from start: Int, _ isCookie: Bool, _ isQuery: Bool, _ isEncoded: Bool,
    output: inout ByteBuffer
  ) -> Int {
    var at = start
    while at < text.byteCount {
      let (byte, length, isEscaped) = encodedByte(text, at)
      if !isEscaped {
        if isCookie ? byte == 0x3b : byte == 0x26 { break }
        // A matrix parameter of a path.
        if !isCookie, !isQuery, byte == 0x3b || byte == 0x2f || byte == 0x3f { break }
      } else if isEncoded, byte == 0x26 {
        break
      }
      at += length
    }
    if at > start { output.append(Redaction.blank) }
    return at
  }

  /// Whether a name says that its value is secret. `name` is in lower case.
  private static func isSecret(_ name: RawSpan) -> Bool {
    for word in ["sid", "sig", "auth", "key", "pwd", "pass", "pin", "otp", "code"] as [StaticString]
    where name.equals(word) {
      return true
    }
    for part in [
      "token", "secret", "passw", "apikey", "api_key", "api-key", "session", "sessid", "signature", "credential", "jwt",
      "authorization", "access_key", "accesskey", "access-key", "private",
    ] as [StaticString] where name.firstRange(of: part) != nil {
      return true
    }
    return false
  }
}
