// Apache's LogFormat strings (mod_log_config), to a program.

enum ApacheDialect {
  static func compile(_ format: String) throws(FormatError) -> TextProgram {
    var builder = ProgramBuilder(format: format)
    let text = Array(format.utf8)
    var at = 0
    while at < text.count {
      let byte = text[at]
      if byte == 0x5c, at + 1 < text.count {
        // As in httpd.conf, where the string stands in quotes.
        at += 1
        switch text[at] {
        case 0x74: builder.literal(0x09)
        case 0x6e: builder.literal(0x0a)
        default: builder.literal(text[at])
        }
        at += 1
        continue
      }
      guard byte == 0x25 else {
        builder.literal(byte)
        at += 1
        continue
      }
      if at + 1 < text.count, text[at + 1] == 0x25 {
        builder.literal(0x25)
        at += 2
        continue
      }
      try directive(text, &at, &builder)
    }
    return try builder.finish()
  }

  /// `%`, then modifiers (`<`, `>`, `!200,304`), then an argument in braces, then one letter, or `^` and two.
  private static func directive(
    _ text: [UInt8], _ at: inout Int, _ builder: inout ProgramBuilder
  ) throws(FormatError) {
    let column = at + 1
    func fail(_ reason: String) -> FormatError { FormatError(format: builder.format, column: column, reason: reason) }
    at += 1
    var padded = false
    while at < text.count {
      let byte = text[at]
      if byte == 0x3c || byte == 0x3e || byte == 0x21 || byte == 0x2c || (byte >= 0x30 && byte <= 0x39) {
        at += 1
      } else if byte == 0x2d {
        padded = true
        at += 1
      } else {
        break
      }
    }
    var argument: String?
    if at < text.count, text[at] == 0x7b {
      guard let close = text[at...].firstIndex(of: 0x7d) else { throw fail("'{' is never closed") }
      argument = String(decoding: text[(at + 1)..<close], as: UTF8.self)
      at = close + 1
    }
    guard at < text.count else { throw fail("'%' is followed by nothing; write '%%' for a percent sign") }
    var name = String(UnicodeScalar(text[at]))
    at += 1
    if name == "^" {
      guard at + 2 <= text.count else { throw fail("'%^' needs two letters") }
      name += String(decoding: text[at..<at + 2], as: UTF8.self)
      at += 2
    }
    if name == "t" { return try time(argument, column: column, &builder) }
    guard let field = field(name, argument?.lowercased()) else {
      throw fail("'%\(argument.map { "{\($0)}" } ?? "")\(name)' is not a directive of Apache's LogFormat")
    }
    try builder.field(field, padded: padded, column: column)
  }

  private static func field(_ name: String, _ argument: String?) -> Field? {
    switch name {
    case "h", "a": return argument == "c" && name == "a" ? .ignored : .client
    case "l": return .identity
    case "u": return .remoteUser
    case "r": return .request
    case "s": return .status
    case "b", "B", "O": return .bytes
    case "I": return .requestBytes
    case "S", "A", "f", "k", "L", "P", "R", "X", "c", "^FB", "^ti", "^to": return .ignored
    case "D": return .durationMicroseconds
    case "T":
      return argument == "ms" ? .durationMilliseconds : argument == "us" ? .durationMicroseconds : .durationSeconds
    case "v", "V": return .host
    case "p": return argument == "remote" || argument == "local" ? .ignored : .serverPort
    case "m": return .method
    case "U": return .path
    case "q": return .markedQuery
    case "H": return .protocolVersion
    case "i":
      guard let argument else { return nil }
      return requestHeader(argument)
    case "o":
      switch argument {
      case "content-type": return .contentType
      case "x-cache", "x-cache-status", "cf-cache-status": return .cacheStatus
      default: return .ignored
      }
    case "e", "x":
      switch argument {
      case "geoip_country_code", "mm_country_code", "ssl_client_s_dn_c": return .country
      default: return .ignored
      }
    case "C", "n": return .ignored
    default: return nil
    }
  }

  /// The request header of this name, in lower case with dashes.
  static func requestHeader(_ name: String) -> Field {
    switch name {
    case "user-agent": .userAgent
    case "referer": .referrer
    case "host", ":authority": .host
    case "x-forwarded-for": .forwardedFor
    case "forwarded": .forwarded
    case "x-real-ip", "cf-connecting-ip", "true-client-ip", "fastly-client-ip", "x-client-ip": .forwardedFor
    case "cookie": .cookie
    case "content-length": .requestBytes
    case "cf-ipcountry": .country
    case "x-ja3", "x-ja3-hash", "x-ja4", "ja3", "ja4", "x-ja3-fingerprint", "x-ja4-fingerprint": .tlsFingerprint
    default: .ignored
    }
  }

  /// `%t` alone, or `%{...}t`: sec, msec, usec, msec_frac, usec_frac or strftime, with `begin:` or `end:` before it.
  private static func time(
    _ argument: String?, column: Int, _ builder: inout ProgramBuilder
  ) throws(FormatError) {
    guard var layout = argument else {
      builder.literal(0x5b)
      try builder.field(.commonTime, column: column)
      builder.literal(0x5d)
      return
    }
    for prefix in ["begin:", "end:"] where layout.hasPrefix(prefix) { layout.removeFirst(prefix.count) }
    switch layout {
    case "sec": return try builder.field(.epochSeconds, column: column)
    case "msec": return try builder.field(.epochMilliseconds, column: column)
    case "usec": return try builder.field(.epochMicroseconds, column: column)
    case "msec_frac": return try builder.field(.millisecondFraction, column: column)
    case "usec_frac": return try builder.field(.microsecondFraction, column: column)
    default: try Strftime.compile(layout, column: column, &builder)
    }
  }
}
