// What must not leave the host: values of parameters and cookies by name, e-mail addresses, what looks like a token.
// Pure: bytes in, bytes out. Where it is not sure it blanks too much, not too little.

import Bytes

/// What is blanked. A struct of settings; `Blanker` does the work.
struct Redaction: Sendable, Equatable {
  /// Names of parameters and of cookies, in lower case; `*` for all.
  var parameters: Set<String> = []
  var cookies: Set<String> = []
  var emails = false
  var tokens = false

  var isEmpty: Bool { parameters.isEmpty && cookies.isEmpty && !emails && !tokens }

  static let blank: StaticString = "redacted"
}

/// Names as hashes, so that looking one up makes no string.
struct RedactedNames {
  private static let key = KeyedHash(key: 0x6e61_6d65)
  private let hashes: Set<UInt64>
  let isAll: Bool
  let isEmpty: Bool

  init(_ names: Set<String>) {
    isAll = names.contains("*")
    isEmpty = names.isEmpty
    hashes = Set(names.map { Self.key.hash(Array($0.utf8).span.bytes) })
  }

  /// `name` as a client wrote it, decoded and in lower case. `user[token]` is `user[token]`, `token[]` and `token[a]` are
  /// `token` as well.
  func contains(_ name: RawSpan) -> Bool {
    if isAll { return true }
    if isEmpty || name.byteCount == 0 { return false }
    if hashes.contains(Self.key.hash(name)) { return true }
    guard let bracket = name.firstIndex(of: 0x5b) else { return false }
    return hashes.contains(Self.key.hash(name.extracting(0..<bracket)))
  }
}

/// Blanks one field after another; keeps its memory.
struct Blanker: ~Copyable {
  enum Kind {
    /// A request target or a referrer: pairs stand after `?`, or after `;` in the path.
    case url
    case cookie
    case text
  }

  private let parameters: RedactedNames
  private let cookies: RedactedNames
  private let emails: Bool
  private let tokens: Bool
  private var first = ByteBuffer(capacity: 4096)
  private var second = ByteBuffer(capacity: 4096)
  private var name = ByteBuffer(capacity: 256)

  init(_ redaction: Redaction) {
    parameters = RedactedNames(redaction.parameters)
    cookies = RedactedNames(redaction.cookies)
    (emails, tokens) = (redaction.emails, redaction.tokens)
  }

  /// Appends `field` to `output` without what must not leave. O(bytes).
  mutating func append(_ field: RawSpan, _ kind: Kind, to output: inout ByteBuffer) {
    if field.byteCount == 0 { return }
    first.removeAll()
    let names = kind == .cookie ? cookies : parameters
    if kind == .text || names.isEmpty && !tokens {
      first.append(field)
    } else {
      Pairs.blank(field, kind == .cookie, names, secrets: tokens, name: &name, into: &first)
    }
    if emails {
      Self.withoutEmails(first, into: &second)
      if tokens { Self.withoutTokens(second, into: &output) } else { output.append(second.bytes) }
    } else if tokens {
      Self.withoutTokens(first, into: &output)
    } else {
      output.append(first.bytes)
    }
  }

  // Functions of their own, because what reads one property would keep the others from changing.
  private static func withoutEmails(_ text: borrowing ByteBuffer, into output: inout ByteBuffer) {
    output.removeAll()
    Emails.blank(text.bytes, into: &output)
  }
  private static func withoutTokens(_ text: borrowing ByteBuffer, into output: inout ByteBuffer) {
    Tokens.blank(text.bytes, into: &output)
  }

  /// Appends the form of `text` alone, for text of which nobody knows what is what: letters as `x`, digits as `0`, all else
  /// as it is. It still shows why a line has no format.
  static func appendShape(of text: RawSpan, to output: inout ByteBuffer) {
    for i in 0..<text.byteCount {
      let byte = text.unchecked(i)
      output.append(byte.isASCIIDigit ? 0x30 : byte.isASCIILetter || byte >= 0x80 ? 0x78 : byte)
    }
  }
}

extension ByteBuffer {
  mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount).bytes)
  }
}

/// A byte that may be written with a percent sign, as often as it was encoded: `&`, `%26`, `%2526`.
@inline(__always)
func encodedByte(_ text: RawSpan, _ at: Int) -> (byte: UInt8, length: Int, isEncoded: Bool) {
  let byte = text.unchecked(at)
  guard byte == 0x25 else { return (byte, 1, false) }
  var digits = at &+ 1
  while digits &+ 3 < text.byteCount, text.unchecked(digits) == 0x32, text.unchecked(digits &+ 1) == 0x35 {
    digits &+= 2
  }
  guard digits &+ 1 < text.byteCount, let high = hexDigit(text.unchecked(digits)),
    let low = hexDigit(text.unchecked(digits &+ 1))
  else { return (byte, 1, false) }
  return (high << 4 | low, digits &+ 2 &- at, true)
}

@inline(__always)
private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x30...0x39: byte &- 0x30
  case 0x41...0x46: byte &- 0x37
  case 0x61...0x66: byte &- 0x57
  default: nil
  }
}
