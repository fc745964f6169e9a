// Which of some lists of networks hold an address.

/// What a longest-prefix table answers, for several lists at once: the networks of all lists, cut into stretches of
/// addresses that share the same lists. Networks may nest and overlap.
///
/// 24 bytes a stretch, of which there are at most two a network; a look-up is O(log networks), without allocation.
public struct AddressTable: Sendable, Equatable {
  /// Lists that a table can tell apart.
  public static let mostLists = 64

  /// Stretch `i` goes from here to before the next one's; what lies before the first is in no list.
  private var starts: [IPAddress] = []
  /// Bit `n` says that list `n` holds the stretch.
  private var sets: [UInt64] = []

  public init() {}

  /// - Parameter entries: `list` from 0 to 63; others are left out. O(n log n), and 48 bytes an entry while it lasts.
  public init(_ entries: [(network: Network, list: Int)]) {
    // Where a network begins, and where it has ended.
    var edges: [(address: IPAddress, list: Int8, isStart: Bool)] = []
    edges.reserveCapacity(entries.count * 2)
    for (network, list) in entries where list >= 0 && list < Self.mostLists {
      edges.append((network.base, Int8(list), true))
      if let next = network.last.next { edges.append((next, Int8(list), false)) }
    }
    edges.sort { $0.address < $1.address }
    var depths = [Int](repeating: 0, count: Self.mostLists)
    var set: UInt64 = 0
    for (i, edge) in edges.enumerated() {
      let list = Int(edge.list)
      depths[list] += edge.isStart ? 1 : -1
      if depths[list] > 0 { set |= 1 << UInt64(list) } else { set &= ~(1 << UInt64(list)) }
      guard i + 1 == edges.count || edges[i + 1].address != edge.address, set != sets.last ?? 0 else { continue }
      starts.append(edge.address)
      sets.append(set)
    }
  }

  public init(_ networks: [Network]) { self.init(networks.map { ($0, 0) }) }

  public var isEmpty: Bool { starts.isEmpty }
  /// For metrics and tests.
  public var stretches: Int { starts.count }

  /// A bit for each list that holds the address. The unknown address is in none.
  public func lists(of address: IPAddress) -> UInt64 {
    guard !address.isUnknown else { return 0 }
    var low = 0
    var high = starts.count
    while low < high {
      let middle = low &+ (high &- low) / 2
      if address < starts[middle] { high = middle } else { low = middle &+ 1 }
    }
    return low == 0 ? 0 : sets[low &- 1]
  }

  public func contains(_ address: IPAddress) -> Bool { lists(of: address) != 0 }
}

extension Network {
  /// Its last address.
  public var last: IPAddress {
    if prefix >= 128 { return base }
    if prefix <= 0 { return IPAddress(high: .max, low: .max) }
    if prefix >= 64 {
      return IPAddress(high: base.high, low: base.low | (prefix == 64 ? .max : .max >> UInt64(prefix - 64)))
    }
    return IPAddress(high: base.high | .max >> UInt64(prefix), low: .max)
  }

  /// Whether it holds more than anybody means who writes a list by hand or by program: shorter than an IPv4 /8 or an
  /// IPv6 /16, or an IPv6 network that has all of IPv4, or the unknown address, in it.
  public var isTooWide: Bool {
    if base.isIPv4, prefix >= 96 { return prefix < 96 + 8 }
    return prefix < 16 || contains(.unknown) || contains(IPAddress(v4: 0))
  }
}

extension IPAddress {
  /// The address after it; nil after the last.
  var next: IPAddress? {
    if low < .max { return IPAddress(high: high, low: low + 1) }
    return high < .max ? IPAddress(high: high + 1, low: 0) : nil
  }
}
