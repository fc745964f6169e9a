// nginx's log_format strings, to a program.

import Bytes

enum NginxDialect {
  static func compile(_ format: String) throws(FormatError) -> TextProgram {
    var builder = ProgramBuilder(format: format)
    let text = Array(format.utf8)
    var at = 0
    while at < text.count {
      guard text[at] == 0x24 else {
        // In nginx.conf the string stands in quotes, where a quote is escaped.
        if text[at] == 0x5c, at + 1 < text.count, [0x22, 0x27, 0x5c].contains(text[at + 1]) { at += 1 }
        builder.literal(text[at])
        at += 1
        continue
      }
      let column = at + 1
      let name = try variable(text, &at, format)
      try builder.field(field(name), column: column)
    }
    return try builder.finish()
  }

  /// The name of the variable whose `$` is at `at`, with or without braces.
  static func variable(_ text: [UInt8], _ at: inout Int, _ format: String) throws(FormatError) -> String {
    let column = at + 1
    at += 1
    let braces = at < text.count && text[at] == 0x7b
    if braces { at += 1 }
    let start = at
    while at < text.count, text[at].isWord { at += 1 }
    let name = String(decoding: text[start..<at], as: UTF8.self)
    if name.isEmpty { throw FormatError(format: format, column: column, reason: "'$' is followed by no name") }
    if braces {
      guard at < text.count, text[at] == 0x7d else {
        throw FormatError(format: format, column: column, reason: "'${' is never closed")
      }
      at += 1
    }
    return name
  }

  /// What a variable means. Those that say nothing we keep, and those of modules and maps we do not know, are ignored.
  static func field(_ name: String) -> Field {
    switch name {
    case "remote_addr", "realip_remote_addr", "binary_remote_addr": return name == "remote_addr" ? .client : .ignored
    case "remote_user": return .remoteUser
    case "time_local": return .commonTime
    case "time_iso8601": return .anyTime
    case "msec": return .epochSeconds
    case "request": return .request
    case "request_method": return .method
    case "request_uri": return .target
    case "uri", "document_uri": return .path
    case "args", "query_string": return .query
    case "server_protocol": return .protocolVersion
    case "status": return .status
    case "body_bytes_sent", "bytes_sent": return .bytes
    case "request_length": return .requestBytes
    case "request_time": return .durationSeconds
    case "host", "http_host", "server_name", "ssl_server_name", "ssl_preread_server_name": return .host
    case "server_port": return .serverPort
    case "upstream_addr", "proxy_host": return .upstream
    case "upstream_cache_status", "cache_status": return .cacheStatus
    case "content_type": return .ignored
    case "sent_http_content_type", "upstream_http_content_type": return .contentType
    case "request_body": return .body
    case "geoip_country_code", "geoip2_country_code", "geoip2_data_country_code", "geoip2_data_country_iso_code",
      "country_code":
      return .country
    case "geoip2_data_asn", "asn": return .asn
    case "ssl_ja3", "ssl_ja3_hash", "http_ssl_ja3", "http_ssl_ja3_hash", "ssl_ja4", "ja4", "ja3": return .tlsFingerprint
    case "proxy_protocol_addr": return .client
    case "proxy_add_x_forwarded_for": return .forwardedFor
    default:
      if name.hasPrefix("http_") {
        return ApacheDialect.requestHeader(String(name.dropFirst(5).map { $0 == "_" ? "-" : $0 }))
      }
      return .ignored
    }
  }
}

extension UInt8 {
  /// Letter, digit or underscore.
  var isWord: Bool { isASCIILetter || isASCIIDigit || self == 0x5f }
}
