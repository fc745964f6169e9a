// One request as the rules see it: borrowed bytes and numbers.

import Bytes
import Events

/// The fields of one request. Nothing is copied; absent and empty are the same.
public struct FieldView: ~Escapable {
  /// The request target as sent: path and query, or an absolute URI.
  public let target: RawSpan
  public let userAgent: RawSpan
  public let referrer: RawSpan
  public let host: RawSpan
  public let cookie: RawSpan
  /// The first bytes of the request's body.
  public let body: RawSpan
  public let contentType: RawSpan
  public let remoteUser: RawSpan
  /// Only where `method` is `.unknown`.
  public let methodText: RawSpan
  /// `.min` when unknown.
  public var time: Nanoseconds = .min
  public var method: Method = .unknown
  public var protocolVersion: `Protocol` = .unknown
  public var client: IPAddress = .unknown
  public var status: UInt16 = 0
  public var port: UInt16 = 0
  /// Sent to the client.
  public var bytes: UInt64 = 0
  /// Received from the client.
  public var requestBytes: UInt64 = 0
  /// Microseconds; `.max` when unknown.
  public var duration: UInt32 = .max

  /// The fields that most lines have.
  @inlinable @inline(__always)
  @_lifetime(copy target, copy userAgent, copy referrer, copy host)
  public init(target: RawSpan, userAgent: RawSpan, referrer: RawSpan, host: RawSpan) {
    let none = target.extracting(first: 0)
    self.init(
      target: target, userAgent: userAgent, referrer: referrer, host: host, cookie: none, body: none,
      contentType: none, remoteUser: none, methodText: none)
  }

  @inlinable @inline(__always)
  @_lifetime(
    copy target, copy userAgent, copy referrer, copy host, copy cookie, copy body, copy contentType, copy remoteUser,
    copy methodText)
  public init(
    target: RawSpan, userAgent: RawSpan, referrer: RawSpan, host: RawSpan, cookie: RawSpan, body: RawSpan,
    contentType: RawSpan, remoteUser: RawSpan, methodText: RawSpan
  ) {
    self.target = target
    self.userAgent = userAgent
    self.referrer = referrer
    self.host = host
    self.cookie = cookie
    self.body = body
    self.contentType = contentType
    self.remoteUser = remoteUser
    self.methodText = methodText
  }

  /// The bytes of one scanned field.
  @inline(__always)
  @_lifetime(copy self)
  func column(_ column: TextColumn) -> RawSpan {
    switch column {
    case .target: target
    case .userAgent: userAgent
    case .referrer: referrer
    case .host: host
    case .cookie: cookie
    case .body: body
    case .contentType: contentType
    case .remoteUser: remoteUser
    }
  }

  /// A number, or nil where the log has none.
  @inline(__always)
  func number(_ field: NumberField) -> Double? {
    switch field {
    case .status: status == 0 ? nil : Double(status)
    case .bytes: Double(bytes)
    case .requestBytes: requestBytes == 0 ? nil : Double(requestBytes)
    case .duration: duration == .max ? nil : Double(duration) / 1000
    case .port: port == 0 ? nil : Double(port)
    case .minute, .hour, .day, .week, .month, .year: time == .min ? nil : Double(TimePart.value(of: field, at: time))
    }
  }
}

/// Where the parts of a request target lie in it.
struct TargetParts: Equatable {
  /// Start of the path: past `scheme://authority` of an absolute URI.
  var pathStart: Int
  /// The `?` that ends the path, or the end.
  var pathEnd: Int
  /// Past the `?`, or the end.
  var queryStart: Int

  init(_ target: RawSpan) {
    let n = target.byteCount
    pathStart = 0
    if n > 0, target.unchecked(0) != 0x2f, let colon = target.firstIndex(of: 0x3a), colon > 0, colon &+ 2 < n,
      target.unchecked(colon &+ 1) == 0x2f, target.unchecked(colon &+ 2) == 0x2f,
      (0..<colon).allSatisfy({ target.unchecked($0).isASCIILetter })
    {
      pathStart = target.firstIndex(of: 0x2f, from: colon &+ 3) ?? n
    }
    pathEnd = target.firstIndex(of: 0x3f) ?? n
    pathStart = min(pathStart, pathEnd)
    queryStart = min(pathEnd &+ 1, n)
  }

  /// Start of the extension of the path's last segment, or nil.
  static func extensionStart(_ path: RawSpan) -> Int? {
    guard let dot = path.lastIndex(of: 0x2e), (path.lastIndex(of: 0x2f) ?? -1) < dot else { return nil }
    return dot &+ 1
  }
}
