// Envoy's access log format strings (command operators), to a program.

import Bytes

enum EnvoyDialect {
  static func compile(_ format: String) throws(FormatError) -> TextProgram {
    var builder = ProgramBuilder(format: format)
    let text = Array(format.utf8)
    var at = 0
    while at < text.count {
      guard text[at] == 0x25 else {
        if text[at] == 0x5c, at + 1 < text.count, text[at + 1] == 0x6e {
          // The \n that ends every Envoy format.
          at += 2
          continue
        }
        if text[at] != 0x0a { builder.literal(text[at]) }
        at += 1
        continue
      }
      let column = at + 1
      if at + 1 < text.count, text[at + 1] == 0x25 {
        builder.literal(0x25)
        at += 2
        continue
      }
      try operation(text, &at, column, &builder)
    }
    return try builder.finish()
  }

  /// `%NAME%`, `%NAME(argument)%`, `%NAME(argument):length%`.
  private static func operation(
    _ text: [UInt8], _ at: inout Int, _ column: Int, _ builder: inout ProgramBuilder
  ) throws(FormatError) {
    func fail(_ reason: String) -> FormatError { FormatError(format: builder.format, column: column, reason: reason) }
    at += 1
    let start = at
    while at < text.count, text[at].isWord { at += 1 }
    let name = String(decoding: text[start..<at], as: UTF8.self)
    var argument = ""
    if at < text.count, text[at] == 0x28 {
      // Time layouts may hold parentheses and percent signs.
      guard let close = text[at...].firstIndex(of: 0x29) else { throw fail("'(' is never closed") }
      argument = String(decoding: text[(at + 1)..<close], as: UTF8.self)
      at = close + 1
    }
    while at < text.count, text[at] != 0x25 { at += 1 }
    guard at < text.count, !name.isEmpty else { throw fail("'%' is never closed; write '%%' for a percent sign") }
    at += 1
    if name == "START_TIME", !argument.isEmpty, argument.contains("%") {
      return try startTime(argument, column, &builder)
    }
    try builder.field(field(name, argument.lowercased()), column: column)
  }

  private static func startTime(
    _ layout: String, _ column: Int, _ builder: inout ProgramBuilder
  ) throws(FormatError) {
    // %3f is ms, %6f us, %9f ns; %s seconds.
    if layout == "%s" { return try builder.field(.epochSeconds, column: column) }
    if layout == "%s.%3f" || layout == "%s.%6f" || layout == "%s.%9f" {
      return try builder.field(.epochSeconds, column: column)
    }
    if layout.hasPrefix("%Y-%m-%dT%H:%M:%S") || layout.hasPrefix("%Y-%m-%d %H:%M:%S") || layout.hasPrefix("%FT%T") {
      return try builder.field(.anyTime, column: column)
    }
    var plain = layout
    for (from, to) in [("%3f", "%!"), ("%6f", "%f")] {
      if let range = plain.firstRange(of: from) { plain.replaceSubrange(range, with: to) }
    }
    if let range = plain.firstRange(of: "%!") {
      try Strftime.compile(String(plain[..<range.lowerBound]), column: column, &builder)
      try builder.field(.millisecondFraction, column: column)
      try Strftime.compile(String(plain[range.upperBound...]), column: column, &builder)
    } else {
      try Strftime.compile(plain, column: column, &builder)
    }
  }

  static func field(_ name: String, _ argument: String) -> Field {
    switch name {
    case "START_TIME": return .anyTime
    case "REQ":
      // `X?Y`: Y where X is absent.
      let names = argument.split(separator: "?").map(String.init)
      switch names.last ?? "" {
      case ":method": return .method
      case ":path", "x-envoy-original-path": return .target
      case ":authority": return .host
      default: return ApacheDialect.requestHeader(names.last ?? "")
      }
    case "RESP": return argument == "content-type" ? .contentType : .ignored
    case "PROTOCOL": return .protocolVersion
    case "RESPONSE_CODE": return .status
    case "BYTES_RECEIVED": return .requestBytes
    case "BYTES_SENT": return .bytes
    case "DURATION": return .durationMilliseconds
    case "DOWNSTREAM_REMOTE_ADDRESS", "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", "DOWNSTREAM_DIRECT_REMOTE_ADDRESS",
      "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT":
      return name.contains("DIRECT") ? .ignored : .client
    case "UPSTREAM_HOST": return .upstream
    case "TLS_JA3_FINGERPRINT", "TLS_JA4_FINGERPRINT": return .tlsFingerprint
    default: return .ignored
    }
  }
}
