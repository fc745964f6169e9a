// What a fingerprint looks at in one request. Values are compared by hash; texts are kept for attacks alone.

import Bytes

/// A field by which an attack may be told from normal traffic. Of equals an earlier one is taken.
public enum FingerprintField: UInt8, Sendable, CaseIterable {
  case userAgent, network, path, pathShape, queryNames, method, protocolVersion, tlsFingerprint, country, asn
  /// That there is no referrer; where there is one, it says nothing.
  case noReferrer
  /// Of the answer: it describes, but nothing can be turned away by it.
  case status

  /// As reports name it.
  public var name: String {
    switch self {
    case .userAgent: "user_agent"
    case .network: "network"
    case .path: "path"
    case .pathShape: "path_shape"
    case .queryNames: "query_names"
    case .method: "method"
    case .protocolVersion: "protocol"
    case .tlsFingerprint: "tls_fingerprint"
    case .country: "country"
    case .asn: "asn"
    case .noReferrer: "no_referrer"
    case .status: "status"
    }
  }

  /// Whether a server knows it in time to turn the request away.
  public var canBeSeenBeforeTheAnswer: Bool { self != .status }

  /// Whether a value of it may be a fingerprint without another field: to turn away all of one method is none.
  var canStandAlone: Bool {
    switch self {
    case .method, .noReferrer: false
    default: true
    }
  }
}

/// The fields of one request as hashes of 32 bits; 0 where there is no such field.
///
/// The hash has a fixed key: who finds two values with one hash can only make a fingerprint look more harmful than it is.
public struct RequestFields: Sendable, Equatable {
  public var client: IPAddress
  public var userAgent: UInt32
  public var path: UInt32
  public var pathShape: UInt32
  public var queryNames: UInt32
  public var method: UInt32
  public var marks: RequestMarks
  public var status: UInt16

  public init(
    client: IPAddress, userAgent: UInt32, path: UInt32, pathShape: UInt32, queryNames: UInt32, method: UInt32,
    status: UInt16 = 0, marks: RequestMarks = RequestMarks()
  ) {
    (self.client, self.userAgent, self.path) = (client, userAgent, path)
    (self.pathShape, self.queryNames, self.method) = (pathShape, queryNames, method)
    (self.status, self.marks) = (status, marks)
  }

  private static let hash = KeyedHash(key: 0xf1e1_d5f1)

  static func hash(of value: [UInt8]) -> UInt32 {
    value.isEmpty ? 0 : UInt32(truncatingIfNeeded: hash.hash(value.span.bytes)) | 1
  }

  /// - Parameter userAgent: Its hash as a rollup has it.
  init(
    client: IPAddress, userAgent: UInt64, status: UInt16 = 0, marks: RequestMarks = RequestMarks(),
    _ request: RequestTexts
  ) {
    self.client = client
    (self.status, self.marks) = (status, marks)
    self.userAgent = RequestMarks.short(userAgent)
    path = Self.hash(of: request.path)
    pathShape = Self.hash(of: request.pathShape)
    queryNames = Self.hash(of: request.queryNames)
    method = Self.hash(of: request.method)
  }

  subscript(field: FingerprintField) -> UInt32 {
    switch field {
    case .userAgent: userAgent
    case .network: UInt32(truncatingIfNeeded: Self.hash.hash(client.network.high, client.network.low)) | 1
    case .path: path
    case .pathShape: pathShape
    case .queryNames: queryNames
    case .method: method
    case .protocolVersion: UInt32(marks.protocolNumber)
    case .tlsFingerprint: marks.tlsFingerprint
    case .country: UInt32(marks.country)
    case .asn: marks.asn
    case .noReferrer: marks.hasReferrer ? 0 : 1
    case .status: UInt32(status)
    }
  }
}

/// The parts of a request line that a fingerprint compares. Each is cut to `most` bytes.
struct RequestTexts: Sendable, Equatable {
  static let most = 128
  var method: [UInt8]
  var path: [UInt8]
  /// Names of the parameters in their order, without values, joined by `&`.
  var queryNames: [UInt8]

  init(method: [UInt8], path: [UInt8], queryNames: [UInt8]) {
    (self.method, self.path, self.queryNames) = (method, path, queryNames)
  }

  init(method: [UInt8], target: ArraySlice<UInt8>) {
    self.method = Array(method.prefix(16))
    let mark = target.firstIndex { $0 == 0x3f } ?? target.endIndex
    path = Array(target[..<mark].prefix(Self.most))
    var names: [UInt8] = []
    if mark < target.endIndex {
      for parameter in target[(mark + 1)...].split(separator: 0x26).prefix(32) {
        if !names.isEmpty { names.append(0x26) }
        names += parameter.prefix { $0 != 0x3d }
        if names.count > Self.most { break }
      }
    }
    queryNames = Array(names.prefix(Self.most))
  }

  /// - Parameter request: Method and target, as evidence holds them.
  init(request: [UInt8]) {
    self.init(method: Array(request.prefix { $0 != 0x20 }), target: Self.target(of: request))
  }

  /// What stands after the method, up to a space.
  static func target(of request: [UInt8]) -> ArraySlice<UInt8> {
    request.drop { $0 != 0x20 }.dropFirst().prefix { $0 != 0x20 }
  }

  /// The path with each run of digits as `#`, and so each run of eight or more hexadecimal digits that has a digit.
  var pathShape: [UInt8] {
    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }
    var shape: [UInt8] = []
    var i = 0
    while i < path.count {
      var end = i
      while end < path.count, isHex(path[end]) { end += 1 }
      if end - i >= 8, path[i..<end].contains(where: isDigit) {
        shape.append(0x23)
        i = end
      } else if isDigit(path[i]) {
        while i < path.count, isDigit(path[i]) { i += 1 }
        shape.append(0x23)
      } else {
        shape.append(path[i])
        i += 1
      }
    }
    return shape
  }
}
