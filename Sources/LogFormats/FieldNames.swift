// The names that users give fields in `fields:` and `json:` formats. One name for one thing.

extension Field {
  /// Every name a format of the user's own may use, with its field. `docs/formats.md` explains them.
  static let names: [(name: String, field: Field)] = [
    ("time", .anyTime), ("time_common", .commonTime), ("time_s", .epochSeconds), ("time_ms", .epochMilliseconds),
    ("time_us", .epochMicroseconds), ("time_ns", .epochNanoseconds), ("date", .dateColumn), ("clock", .timeColumn),
    ("client", .client), ("forwarded_for", .forwardedFor), ("forwarded", .forwarded), ("identity", .identity),
    ("user", .remoteUser), ("host", .host), ("port", .serverPort),
    ("request", .request), ("absolute_request", .absoluteRequest), ("method", .method), ("path", .target),
    ("url", .absoluteTarget), ("stem", .path), ("query", .query), ("marked_query", .markedQuery),
    ("protocol", .protocolVersion), ("status", .status), ("bytes", .bytes), ("request_bytes", .requestBytes),
    ("duration", .durationSeconds), ("duration_ms", .durationMilliseconds), ("duration_us", .durationMicroseconds),
    ("duration_ns", .durationNanoseconds), ("duration_unit", .durationWithUnit),
    ("user_agent", .userAgent), ("user_agent_percent", .encodedUserAgent), ("user_agent_plus", .plusUserAgent),
    ("referer", .referrer), ("cookie", .cookie), ("content_type", .contentType), ("body", .body),
    ("upstream", .upstream), ("cache", .cacheStatus), ("country", .country), ("asn", .asn),
    ("fingerprint", .tlsFingerprint), ("_", .ignored),
  ]

  static func named(_ name: String) -> Field? { names.first { $0.name == name }?.field }
}
