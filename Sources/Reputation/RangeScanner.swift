// The ranges in a JSON document, in one pass and without building it.

/// Finds the networks in JSON as search engines, monitors and clouds publish it: the values of `ipv4Prefix`,
/// `ipv6Prefix`, `ip_prefix`, `ipv6_prefix`, `ip` and `cidr`, wherever they stand, and texts that stand in an array.
/// Nesting is bounded, and text that is no JSON ends the scan with a fault.
struct RangeScanner {
  private let text: ArraySlice<UInt8>
  private var at: Int
  private(set) var line = 1
  private(set) var fault: String?
  private static let keys = ["ipv4Prefix", "ipv6Prefix", "ip_prefix", "ipv6_prefix", "ip", "cidr"].map {
    Array($0.utf8)
  }
  private static let deepest = 64

  init(_ text: ArraySlice<UInt8>) {
    self.text = text
    at = text.startIndex
  }

  private enum Container { case object, array }

  mutating func scan(_ take: (ArraySlice<UInt8>, _ line: Int) -> Void) {
    var open: [Container] = []
    /// Of the member whose value comes next.
    var key: [UInt8]?
    var wantsValue = true
    repeat {
      skipSpace()
      guard at < text.endIndex else { return fail("the document ends too early") }
      let byte = text[at]
      if !wantsValue {
        // After a value.
        at += 1
        switch (byte, open.last) {
        case (0x2c, .some): wantsValue = true
        case (0x7d, .object), (0x5d, .array): open.removeLast()
        default: return fail("a comma or the end of a list is expected")
        }
        key = nil
        continue
      }
      if open.last == .object, key == nil {
        if byte == 0x7d, text[at - 1] != 0x2c {
          at += 1
          open.removeLast()
          wantsValue = false
          continue
        }
        guard byte == 0x22, let name = string() else { return fail("the name of a member is expected") }
        skipSpace()
        guard at < text.endIndex, text[at] == 0x3a else { return fail("a colon is expected") }
        at += 1
        key = Array(name)
        continue
      }
      switch byte {
      case 0x7b, 0x5b:
        guard open.count < Self.deepest else { return fail("nested too deeply") }
        open.append(byte == 0x7b ? .object : .array)
        key = nil
        at += 1
        continue
      case 0x5d where open.last == .array:
        at += 1
        open.removeLast()
      case 0x22:
        let place = line
        guard let value = string() else { return fail("a text does not end") }
        if open.last == .array || key.map(Self.keys.contains) ?? false { take(value, place) }
      default:
        let word = text[at...].prefix { Self.isOfWord($0) }
        guard !word.isEmpty else { return fail("a value is expected") }
        at = word.endIndex
      }
      key = nil
      wantsValue = false
    } while !open.isEmpty
    skipSpace()
    if at < text.endIndex { fail("something follows the document") }
  }

  private mutating func fail(_ reason: String) { fault = "no JSON: \(reason)" }

  private mutating func skipSpace() {
    while at < text.endIndex {
      switch text[at] {
      case 0x0a: line += 1
      case 0x20, 0x09, 0x0d: break
      default: return
      }
      at += 1
    }
  }

  /// The text from the quote at `at`, escapes as they stand: no network has any but of its slash.
  private mutating func string() -> ArraySlice<UInt8>? {
    let start = at + 1
    var isEscaped = false
    var hasEscape = false
    at = start
    while at < text.endIndex {
      let byte = text[at]
      if byte == 0x0a { return nil }
      if byte == 0x22, !isEscaped {
        let value = text[start..<at]
        at += 1
        guard hasEscape else { return value }
        // `192.0.2.0\/24` is how some programs write a slash.
        return value.enumerated().filter { i, byte in
          !(byte == 0x5c && value.dropFirst(i + 1).first == 0x2f)
        }.map(\.element)[...]
      }
      isEscaped = byte == 0x5c && !isEscaped
      if byte == 0x5c { hasEscape = true }
      at += 1
    }
    return nil
  }

  /// Numbers, true, false and null: what they say does not matter here.
  private static func isOfWord(_ byte: UInt8) -> Bool {
    byte == 0x2b || byte == 0x2d || byte == 0x2e || (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
  }
}
