// Sigma's taxonomy for web logs: which names a rule may use for which part of a request.
//
// Sources: the Sigma taxonomy appendix (categories webserver and proxy) and the W3C extended log format, whose names
// it borrows.

/// A part of a request that is matched as text.
public enum TextField: UInt8, Sendable, CaseIterable {
  /// The whole request target: path and query.
  case target
  case path
  /// What follows the first `?`. Public rules use it for the whole target as often: a value is looked for in both.
  case query
  /// What follows the last dot of the path's last segment.
  case pathExtension
  case userAgent
  case referrer
  case host
  case cookie
  case body
  case contentType
  case remoteUser
  /// Any of the above: searches without a field.
  case anywhere

  /// Whether it begins or ends within the scanned value.
  var isPartOfTarget: Bool { self == .path || self == .query || self == .pathExtension }

  /// The field of the event that its bytes are part of.
  var column: TextColumn? {
    switch self {
    case .target, .path, .query, .pathExtension: .target
    case .userAgent: .userAgent
    case .referrer: .referrer
    case .host: .host
    case .cookie: .cookie
    case .body: .body
    case .contentType: .contentType
    case .remoteUser: .remoteUser
    case .anywhere: nil
    }
  }
}

/// A field of the event whose bytes are scanned as one value.
enum TextColumn: UInt8, Sendable, CaseIterable {
  case target, userAgent, referrer, host, cookie, body, contentType, remoteUser

  /// How its decoded form is made.
  var kind: FieldKind {
    switch self {
    case .target: .target
    case .userAgent, .referrer, .host, .contentType, .remoteUser: .header
    case .cookie: .cookie
    case .body: .body
    }
  }
}

/// A part of a request that is a number.
public enum NumberField: UInt8, Sendable {
  case status
  /// Bytes sent to the client.
  case bytes
  /// Bytes received from it.
  case requestBytes
  /// Milliseconds, as in W3C's `time-taken`.
  case duration
  case port
  /// Parts of the time, in UTC.
  case minute, hour, day, week, month, year

  /// A part of the time by its modifier, and its values.
  static let timeParts: [String: (field: NumberField, range: ClosedRange<Int>)] = [
    "minute": (.minute, 0...59), "hour": (.hour, 0...23), "day": (.day, 1...31), "week": (.week, 1...53),
    "month": (.month, 1...12), "year": (.year, 0...9999),
  ]
}

/// What a name in a rule stands for.
enum SigmaField: Hashable, Sendable {
  case text(TextField)
  case number(NumberField)
  case client
  /// Compared by a part of it only: `minute` and the like.
  case time
  case method
  case protocolVersion

  static let names: [(name: String, field: SigmaField)] = [
    ("c-uri", .text(.target)), ("cs-uri", .text(.target)),
    ("cs-uri-stem", .text(.path)), ("c-uri-stem", .text(.path)), ("c-uri-path", .text(.path)),
    ("cs-uri-query", .text(.query)), ("c-uri-query", .text(.query)),
    ("c-uri-extension", .text(.pathExtension)), ("cs-uri-extension", .text(.pathExtension)),
    ("c-useragent", .text(.userAgent)), ("cs-user-agent", .text(.userAgent)), ("c-user-agent", .text(.userAgent)),
    ("cs-useragent", .text(.userAgent)), ("cs(user-agent)", .text(.userAgent)), ("user-agent", .text(.userAgent)),
    ("cs-referer", .text(.referrer)), ("cs-referrer", .text(.referrer)), ("cs(referer)", .text(.referrer)),
    ("c-referer", .text(.referrer)), ("c-referrer", .text(.referrer)), ("referer", .text(.referrer)),
    ("cs-host", .text(.host)), ("r-dns", .text(.host)), ("cs(host)", .text(.host)), ("host", .text(.host)),
    ("cs-cookie", .text(.cookie)), ("cs(cookie)", .text(.cookie)), ("cookie", .text(.cookie)),
    ("cs-body", .text(.body)), ("cs-post-body", .text(.body)), ("post-body", .text(.body)),
    ("request_body", .text(.body)), ("request-body", .text(.body)), ("cs-content", .text(.body)),
    ("cs-content-type", .text(.contentType)), ("cs(content-type)", .text(.contentType)),
    ("content-type", .text(.contentType)), ("c-content-type", .text(.contentType)),
    ("cs-username", .text(.remoteUser)), ("username", .text(.remoteUser)),
    ("cs-method", .method), ("c-method", .method),
    ("cs-version", .protocolVersion), ("cs-protocol-version", .protocolVersion),
    ("c-ip", .client), ("src_ip", .client), ("clientip", .client), ("cs-ip", .client), ("sourceip", .client),
    ("sc-status", .number(.status)), ("sc-bytes", .number(.bytes)), ("cs-bytes", .number(.requestBytes)),
    ("date", .time), ("time", .time), ("timestamp", .time),
    ("time-taken", .number(.duration)), ("s-port", .number(.port)), ("dst_port", .number(.port)),
  ]

  private static let byName: [String: SigmaField] = {
    var table: [String: SigmaField] = [:]
    for (name, field) in names { table[name] = field }
    return table
  }()

  /// Names of the taxonomy that an access log has nothing for, with the reason.
  static let absent: [String: String] = [
    "s-ip": "the server's address is not part of an event", "dst_ip": "the server's address is not part of an event",
    "s-sitename": "the site's name is not part of an event",
    "s-computername": "the server's name is not part of an event",
    "sc-substatus": "sub-statuses are not part of an event", "sc-win32-status": "it is not part of an event",
  ]

  init?(name: String) {
    guard let field = SigmaField.byName[name.lowercased()] else { return nil }
    self = field
  }
}
