// HAProxy's log-format strings, to a program.

import Bytes

enum HAProxyDialect {
  static func compile(_ format: String) throws(FormatError) -> TextProgram {
    var builder = ProgramBuilder(format: format)
    let text = Array(format.utf8)
    var at = 0
    while at < text.count {
      if text[at] == 0x5c, at + 1 < text.count {
        builder.literal(text[at + 1])
        at += 2
        continue
      }
      guard text[at] == 0x25 else {
        builder.literal(text[at])
        at += 1
        continue
      }
      let column = at + 1
      if at + 1 < text.count, text[at + 1] == 0x25 {
        builder.literal(0x25)
        at += 2
        continue
      }
      try variable(text, &at, column, &builder)
    }
    return try builder.finish()
  }

  /// `%name`, `%{+Q}name`, `%[sample]`.
  private static func variable(
    _ text: [UInt8], _ at: inout Int, _ column: Int, _ builder: inout ProgramBuilder
  ) throws(FormatError) {
    func fail(_ reason: String) -> FormatError { FormatError(format: builder.format, column: column, reason: reason) }
    at += 1
    var quoted = false
    if at < text.count, text[at] == 0x7b {
      guard let close = text[at...].firstIndex(of: 0x7d) else { throw fail("'{' is never closed") }
      quoted = text[at..<close].contains(UInt8(ascii: "Q"))
      at = close + 1
    }
    var name: String
    if at < text.count, text[at] == 0x5b {
      guard let close = text[at...].firstIndex(of: 0x5d) else { throw fail("'[' is never closed") }
      name = String(decoding: text[at...close], as: UTF8.self)
      at = close + 1
    } else {
      let start = at
      while at < text.count, text[at].isWord { at += 1 }
      name = String(decoding: text[start..<at], as: UTF8.self)
      if name.isEmpty { throw fail("'%' is followed by no name; write '%%' for a percent sign") }
    }
    // An address and its port are one field: IPv6 has colons of its own.
    if name == "ci", Array(text[at...].prefix(4)) == Array(":%cp".utf8) { at += 4 }
    // Captures print nothing at all where none are configured: the blank around them belongs to them.
    if name == "hr" || name == "hs", !quoted {
      if at < text.count, text[at] == 0x20 { at += 1 }
      return
    }
    if quoted { builder.literal(0x22) }
    try builder.field(field(name), column: column)
    if quoted { builder.literal(0x22) }
  }

  static func field(_ name: String) -> Field {
    switch name {
    case "ci": return .client
    case "t", "tr", "trl", "trg", "T", "Tl": return .commonTime
    case "Ts": return .epochSeconds
    case "b", "s", "si", "bi", "ft", "f": return name == "s" ? .upstream : .ignored
    case "ST": return .status
    case "B": return .bytes
    case "U": return .requestBytes
    case "r": return .request
    case "HM": return .method
    case "HU": return .target
    case "HP", "HPO": return .path
    case "HQ": return .markedQuery
    case "HV": return .protocolVersion
    case "Ta", "Tt", "Tu": return .durationMilliseconds
    case "fp": return .serverPort
    default:
      let sample = name.lowercased()
      if sample.hasPrefix("[capture.req.hdr") || !sample.hasPrefix("[") { return .ignored }
      if sample.contains("user-agent") { return .userAgent }
      if sample.contains("referer") { return .referrer }
      if sample.contains("(host)") || sample.contains("hdr(host") { return .host }
      if sample.contains("x-forwarded-for") { return .forwardedFor }
      if sample == "[src]" { return .client }
      return .ignored
    }
  }
}
