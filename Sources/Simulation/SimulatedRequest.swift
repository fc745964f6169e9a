// One request before it becomes a line.

import Bytes

enum RequestMethod: UInt8, Sendable {
  case get, head, post, put, delete, options, propfind
  var name: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .propfind: "PROPFIND"
    }
  }
}

/// Reused from request to request; texts are what the client sent, not yet escaped for a log.
struct SimulatedRequest: ~Copyable {
  var time: Nanoseconds = 0
  var client = IPAddress.unknown
  var method = RequestMethod.get
  var status: UInt16 = 200
  var bytes: UInt64 = 0
  /// Microseconds.
  var duration: UInt64 = 0
  /// 10, 11, 20 or 30 for HTTP/1.0, 1.1, 2.0, 3.0.
  var httpVersion: UInt8 = 20
  var host: Int = 0
  /// Index of the attack this belongs to, or -1.
  var attack: Int = -1
  /// Whether the request itself carries something hostile, beyond being one of many.
  var carriesPayload = false

  var target = ByteBuffer(capacity: 4096)
  var referrer = ByteBuffer(capacity: 1024)
  var userAgent = ByteBuffer(capacity: 1024)
  var user = ByteBuffer(capacity: 64)
  var cookie = ByteBuffer(capacity: 1024)
  var body = ByteBuffer(capacity: 4096)
  var contentType: StaticString = ""

  mutating func reset() {
    method = .get
    status = 200
    bytes = 0
    duration = 0
    httpVersion = 20
    host = 0
    attack = -1
    carriesPayload = false
    target.removeAll()
    referrer.removeAll()
    userAgent.removeAll()
    user.removeAll()
    cookie.removeAll()
    body.removeAll()
    contentType = ""
  }
}
