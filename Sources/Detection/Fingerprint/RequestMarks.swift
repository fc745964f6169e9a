// What a server can say of a request beside its text and where it came from: for fingerprints, and for judging answers.

import Bytes
import Events
import Rollups

/// The smaller fields of one request. 0 where one is unknown.
public struct RequestMarks: Sendable, Equatable {
  public var asn: UInt32 = 0
  /// Hash.
  public var tlsFingerprint: UInt32 = 0
  /// Sent to the client; `.max` stands for more.
  public var bytes: UInt32 = 0
  /// Two letters, the first in the high byte.
  public var country: UInt16 = 0
  /// As on the wire.
  public var protocolNumber: UInt8 = 0
  public var hasReferrer = false

  public init() {}

  init(
    asn: UInt32, tlsFingerprint: UInt32, bytes: UInt32, country: UInt16, protocol version: `Protocol`,
    hasReferrer: Bool
  ) {
    (self.asn, self.tlsFingerprint, self.bytes) = (asn, tlsFingerprint, bytes)
    (self.country, self.hasReferrer) = (country, hasReferrer)
    protocolNumber = UInt8(truncatingIfNeeded: version.wire)
  }

  init(_ item: TupleItem) {
    self.init(
      asn: item.asn, tlsFingerprint: Self.short(item.fingerprint), bytes: item.bytes, country: item.country,
      protocol: item.protocolVersion, hasReferrer: item.referrer != 0)
  }

  init(_ item: EvidenceItem) {
    self.init(
      asn: item.asn, tlsFingerprint: Self.short(item.fingerprint), bytes: item.bytes, country: item.country,
      protocol: item.protocolVersion, hasReferrer: item.hasReferrer)
  }

  /// A rollup's hash of 64 bits as one of 32.
  static func short(_ hash: UInt64) -> UInt32 { hash == 0 ? 0 : UInt32(truncatingIfNeeded: hash) | 1 }

  /// `HTTP/1.1`, as servers write it; empty where it is unknown.
  var protocolText: [UInt8] {
    let text: StaticString =
      switch `Protocol`(wire: UInt16(protocolNumber)) {
      case .unknown: ""
      case .http09: "HTTP/0.9"
      case .http10: "HTTP/1.0"
      case .http11: "HTTP/1.1"
      case .http2: "HTTP/2.0"
      case .http3: "HTTP/3.0"
      }
    return text.withUTF8Buffer { [UInt8]($0) }
  }

  private var countryBytes: [2 of UInt8] {
    [UInt8(truncatingIfNeeded: country >> 8), UInt8(truncatingIfNeeded: country)]
  }

  /// Whether the country is two letters: it may come from a log as it stands there.
  var hasCountry: Bool { countryBytes[0].isASCIILetter && countryBytes[1].isASCIILetter }

  var countryText: [UInt8] { hasCountry ? [countryBytes[0], countryBytes[1]] : [] }

  func write(to state: inout StateWriter) {
    for value in [asn, tlsFingerprint, bytes] { state.number(value) }
    state.half(country)
    state.byte(protocolNumber)
    state.flag(hasReferrer)
  }

  init(from state: inout StateReader) throws(StateError) {
    (asn, tlsFingerprint, bytes) = (try state.small(), try state.small(), try state.small())
    (country, protocolNumber, hasReferrer) = (try state.half(), try state.byte(), try state.flag())
  }
}

/// Knows where addresses are registered, for requests whose log does not say.
public protocol AddressRegistry: Sendable {
  /// Country as in `RequestMarks`, and number of the autonomous system; 0 where it is unknown.
  func registration(of address: IPAddress) -> (country: UInt16, asn: UInt32)
}

extension RequestMarks {
  /// Takes from a registry what is unknown.
  mutating func complete(_ client: IPAddress, _ registry: (any AddressRegistry)?) {
    guard let registry, country == 0 || asn == 0, !client.isUnknown else { return }
    let known = registry.registration(of: client)
    if country == 0 { country = known.country }
    if asn == 0 { asn = known.asn }
  }
}
