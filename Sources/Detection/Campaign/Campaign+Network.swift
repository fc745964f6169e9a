// A campaign whose members all are of one network.

import Bytes

extension Campaign {
  /// The network (/24, /48) that all members are of; nil where they are of several. O(members), mostly O(1).
  var network: IPAddress? {
    guard spilled.isEmpty, let first = members.keys.first?.network, !first.isUnknown,
      members.keys.allSatisfy({ $0.network == first })
    else { return nil }
    return first
  }

  /// That network as a fingerprint, where no combination of fields was found and hardly any normal request is of it.
  func networkPrint(_ normal: [RequestFields]) -> Fingerprint? {
    guard members.count >= NetworkLoads.leastAddresses, normal.count >= FingerprintSearch.leastNormal, let network
    else { return nil }
    let hits = normal.reduce(0) { $0 + ($1.client.network == network ? 1 : 0) }
    guard Double(hits) <= 0.035 * Double(normal.count) else { return nil }
    let value = Array(network.networkText.utf8)
    return Fingerprint(parts: [Fingerprint.Part(field: .network, value: value)], covers: 1, normalHits: hits)
  }
}

extension IPAddress {
  /// The network that it is of, with its length: `192.0.2.0/24`, `2001:db8::/48`.
  var networkText: String { "\(network)/\(isIPv4 ? 24 : 48)" }
}
