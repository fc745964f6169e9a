// The request line: method, target and protocol, or whatever else a client sent in its place.

import Bytes
import Events

enum RequestLine {
  private static let get: UInt32 = 0x2054_4547
  private static let post: UInt32 = 0x5453_4f50
  private static let head: UInt32 = 0x4441_4548
  private static let http11: UInt64 = 0x312e_312f_5054_5448
  private static let http10: UInt64 = 0x302e_312f_5054_5448
  private static let http20: UInt64 = 0x302e_322f_5054_5448

  /// Splits `start..<end` of `bytes`. What is not a request line is kept whole as the target, with a flag.
  @inline(__always)
  static func split(_ bytes: RawSpan, _ start: Int, _ end: Int, inScratch: Bool, _ fields: inout HttpFields) {
    // GET, POST or HEAD, and one of three protocols, is nearly every line.
    if end &- start >= 14, bytes.unchecked(end &- 9) == 0x20 {
      let version = bytes.word(end &- 8)
      var known = true
      switch version {
      case http11: fields.protocolVersion = .http11
      case http20: fields.protocolVersion = .http2
      case http10: fields.protocolVersion = .http10
      default: known = false
      }
      if known {
        let word = bytes.quarter(start)
        var length = 4
        switch word {
        case get:
          fields.method = .get
        case post where bytes.unchecked(start &+ 4) == 0x20:
          fields.method = .post
          length = 5
        case head where bytes.unchecked(start &+ 4) == 0x20:
          fields.method = .head
          length = 5
        default: length = 0
        }
        let target = start &+ length
        if length != 0, target < end &- 9 {
          fields.target = FieldRange(offset: target, count: end &- 9 &- target, inScratch: inScratch)
          return
        }
      }
    }
    splitSlowly(bytes, start, end, inScratch, &fields)
  }

  @inline(never)
  private static func splitSlowly(
    _ bytes: RawSpan, _ start: Int, _ end: Int, _ inScratch: Bool, _ fields: inout HttpFields
  ) {
    fields.method = .unknown
    fields.protocolVersion = .unknown
    if end <= start || (end - start == 1 && bytes.unchecked(start) == 0x2d) {
      fields.flags.insert(.emptyRequest)
      return
    }
    let whole = FieldRange(offset: start, count: end - start, inScratch: inScratch)
    if isBinary(bytes, start, end) {
      fields.flags.formUnion([.malformedRequest, .binaryRequest])
      fields.target = whole
      return
    }
    var space = start
    while space < end, bytes.unchecked(space) != 0x20 { space += 1 }
    guard space > start, space + 1 < end, isToken(bytes, start, space) else {
      fields.flags.insert(.malformedRequest)
      fields.target = whole
      return
    }
    var targetStart = space + 1
    while targetStart < end, bytes.unchecked(targetStart) == 0x20 { targetStart += 1 }
    var targetEnd = end
    if let last = lastSpace(bytes, targetStart, end), let version = version(bytes, last + 1, end) {
      fields.protocolVersion = version
      targetEnd = last
    } else if targetStart == space + 1, let version = version(bytes, targetStart, end) {
      // A method and a protocol, nothing between: `GET  HTTP/1.1` logged with one space.
      fields.protocolVersion = version
      targetEnd = targetStart
    } else {
      // No protocol at all: HTTP/0.9, which had only GET.
      let first = targetStart < end ? bytes.unchecked(targetStart) : 0
      guard first == 0x2f || first == 0x2a || hasScheme(bytes, targetStart, end) else {
        fields.flags.insert(.malformedRequest)
        fields.target = whole
        return
      }
      fields.protocolVersion = .http09
    }
    fields.target = FieldRange(offset: targetStart, count: max(0, targetEnd - targetStart), inScratch: inScratch)
    setMethod(bytes, start, space, inScratch, &fields)
  }

  private static func lastSpace(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Int? {
    var p = end - 1
    // The protocol is short; further left there is nothing to find.
    let stop = max(start, end - 16)
    while p >= stop {
      if bytes.unchecked(p) == 0x20 { return p }
      p -= 1
    }
    return nil
  }

  private static func hasScheme(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
    var p = start
    while p < end, bytes.unchecked(p).isASCIILetter { p += 1 }
    return p > start && p + 3 <= end && bytes.unchecked(p) == 0x3a && bytes.unchecked(p + 1) == 0x2f
      && bytes.unchecked(p + 2) == 0x2f
  }

  /// A handshake of another protocol: a control byte or a byte above ASCII within the first few.
  private static func isBinary(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
    for p in start..<min(end, start + 4) {
      let byte = bytes.unchecked(p)
      if byte < 0x20 || byte >= 0x7f { return true }
    }
    return false
  }

  /// RFC 9110's token, at most 32 bytes.
  private static func isToken(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
    guard end - start <= 32 else { return false }
    for p in start..<end {
      let byte = bytes.unchecked(p)
      if !(byte.isASCIILetter || byte.isASCIIDigit || byte == 0x2d || byte == 0x5f) { return false }
    }
    return bytes.unchecked(start).isASCIILetter
  }

  /// `HTTP/1.1`, `HTTP/2`, `h2`, or nil.
  static func version(_ bytes: RawSpan, _ start: Int, _ end: Int) -> `Protocol`? {
    let text = bytes.extracting(start..<end)
    if text.byteCount >= 6, text.prefixEqualsIgnoringCase("http/") {
      let version = text.extracting(5..<text.byteCount)
      if version.equals("1.1") { return .http11 }
      if version.equals("1.0") { return .http10 }
      if version.equals("2.0") || version.equals("2") { return .http2 }
      if version.equals("3.0") || version.equals("3") { return .http3 }
      if version.equals("0.9") { return .http09 }
      return version.unchecked(0).isASCIIDigit ? .unknown : nil
    }
    if text.equalsIgnoringCase("h2") || text.equalsIgnoringCase("h2c") { return .http2 }
    if text.equalsIgnoringCase("h3") { return .http3 }
    if text.equals("1.1") { return .http11 }
    if text.equals("1.0") { return .http10 }
    if text.equals("2.0") || text.equals("2") { return .http2 }
    if text.equals("3.0") || text.equals("3") { return .http3 }
    return nil
  }

  /// Sets the method, known or as text.
  static func setMethod(_ bytes: RawSpan, _ start: Int, _ end: Int, _ inScratch: Bool, _ fields: inout HttpFields) {
    let text = bytes.extracting(start..<end)
    switch text.byteCount {
    case 3:
      if text.equals("GET") { return fields.method = .get }
      if text.equals("PUT") { return fields.method = .put }
    case 4:
      if text.equals("POST") { return fields.method = .post }
      if text.equals("HEAD") { return fields.method = .head }
    case 5:
      if text.equals("PATCH") { return fields.method = .patch }
      if text.equals("TRACE") { return fields.method = .trace }
    case 6:
      if text.equals("DELETE") { return fields.method = .delete }
    case 7:
      if text.equals("OPTIONS") { return fields.method = .options }
      if text.equals("CONNECT") { return fields.method = .connect }
    case 8:
      if text.equals("PROPFIND") { return fields.method = .propfind }
    default: break
    }
    fields.method = .unknown
    fields.methodText = FieldRange(offset: start, count: end - start, inScratch: inScratch)
  }

  /// Takes scheme and authority off a target in absolute form: the authority becomes the host unless there is one.
  static func stripOrigin(_ bytes: RawSpan, _ fields: inout HttpFields) {
    let range = fields.target
    let start = range.offset
    let end = start + Int(range.count)
    guard hasScheme(bytes, start, end) else { return }
    var p = start
    while bytes.unchecked(p) != 0x3a { p += 1 }
    let authority = p + 3
    var slash = authority
    while slash < end, ![0x2f, 0x3f, 0x23].contains(bytes.unchecked(slash)) { slash += 1 }
    if fields.host.isEmpty {
      var hostStart = authority
      for i in authority..<slash where bytes.unchecked(i) == 0x40 { hostStart = i + 1 }
      fields.host = FieldRange(offset: hostStart, count: slash - hostStart, inScratch: range.inScratch)
    }
    fields.target = FieldRange(offset: slash, count: end - slash, inScratch: range.inScratch)
  }
}

extension RawSpan {
  /// Whether the bytes begin with `text`, which must be lower case, in any case.
  @inline(__always)
  func prefixEqualsIgnoringCase(_ text: StaticString) -> Bool {
    guard byteCount >= text.utf8CodeUnitCount else { return false }
    for i in 0..<text.utf8CodeUnitCount where unchecked(i).asciiLowercased != text.utf8Start[i] { return false }
    return true
  }
}
