// Clients without storage: address and user agent of client number n follow from n.

import Bytes

/// A population of people on access networks, with some behind shared addresses.
struct Population: Sendable {
  let key: UInt64
  /// The first two bytes of the IPv4 networks people come from, the largest network first.
  let networks: [UInt32]

  init(random: inout SeededGenerator) {
    key = random.next()
    var networks: [UInt32] = []
    while networks.count < 240 {
      let prefix = UInt32(truncatingIfNeeded: random.next() >> 48)
      if Self.isPublic(prefix) { networks.append(prefix) }
    }
    self.networks = networks
  }

  /// Whether a /16 is neither private, loopback, shared, link-local, benchmarking, multicast nor reserved.
  static func isPublic(_ prefix: UInt32) -> Bool {
    let (first, second) = (prefix >> 8, prefix & 255)
    switch first {
    case 0, 10, 127, 224...255: return false
    case 100: return second < 64 || second > 127
    case 169: return second != 254
    case 172: return second < 16 || second > 31
    case 192: return second != 168 && second != 0
    case 198: return second != 18 && second != 19 && second != 51
    case 203: return second != 0
    default: return true
    }
  }

  func bits(of client: Int) -> UInt64 {
    var state = key ^ UInt64(truncatingIfNeeded: client) &* 0x2545_f491_4f6c_dd1d
    return splitMix(&state)
  }

  /// The address of a client: a fifth on IPv6, a tenth behind one of forty shared addresses.
  func address(of client: Int) -> IPAddress {
    let bits = bits(of: client)
    var chance = SeededGenerator(seed: bits)
    let kind = chance.below(100)
    if kind < 20 {
      let network = chance.zipf(60)
      let high =
        0x2a00_0000_0000_0000 | UInt64(truncatingIfNeeded: network &* 7919 & 0xffff) << 36 | (chance.next() >> 36)
      return IPAddress(high: high, low: chance.next())
    }
    if kind < 30 { return IPAddress(v4: networks[chance.below(8)] << 16 | 0x0a00 | UInt32(chance.below(40))) }
    return IPAddress(v4: networks[chance.zipf(networks.count)] << 16 | UInt32(truncatingIfNeeded: chance.next() >> 48))
  }

  /// An address at a hosting company: where tools run.
  func hosting(_ random: inout SeededGenerator) -> IPAddress {
    while true {
      let prefix = UInt32(truncatingIfNeeded: random.next() >> 48)
      if Self.isPublic(prefix) { return IPAddress(v4: prefix << 16 | UInt32(truncatingIfNeeded: random.next() >> 48)) }
    }
  }
}
