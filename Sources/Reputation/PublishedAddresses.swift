// What the topic `reputation` holds: the same in the program that writes it and in those that read it.

import Bytes
import Detection

/// Networks and the lists they are on, as records have said, and what the line has seen of them.
public struct PublishedAddresses: Sendable {
  public private(set) var lists: [String: PublishedList] = [:]
  /// A bit for each list, by its place in `names`.
  private var networks: [Network: UInt64] = [:]
  /// Of the few that have been in attacks.
  public private(set) var histories: [Network: AddressHistory] = [:]
  private var names: [String] = []
  /// Networks on each; the place of one that has none is free for another.
  private var counts: [Int] = []
  private let limit: Int
  /// Records that had no room.
  public private(set) var dropped: UInt64 = 0
  /// Changes with every list and every network on one.
  public private(set) var version: UInt64

  /// - Parameters:
  ///   - limit: Networks kept at most.
  ///   - version: To begin with: more than that of what this takes the place of.
  public init(limit: Int, version: UInt64 = 0) { (self.limit, self.version) = (limit, version) }

  public var count: Int { networks.count }
  public var isEmpty: Bool { networks.isEmpty && lists.isEmpty }

  /// Lists that are announced, and those that networks are on: all that would have to be taken back. Sorted.
  public var mentioned: [String] {
    Set(lists.keys).union(names.indices.filter { counts[$0] > 0 }.map { names[$0] }).sorted()
  }

  /// Networks on a list; 0 where it is not known.
  public func count(of list: String) -> Int { names.firstIndex(of: list).map { counts[$0] } ?? 0 }

  public func isKnown(_ network: Network) -> Bool { networks[network] != nil }

  // MARK: Records

  public mutating func take(_ news: ReputationNews) {
    switch news {
    case .list(let list):
      guard lists[list.name] != list else { return }
      if lists[list.name] == nil, lists.count >= AddressTable.mostLists {
        dropped &+= 1
        return
      }
      lists[list.name] = list
      version &+= 1
    case .network(let network, let on, let history):
      let old = networks[network]
      if old == nil, networks.count >= limit {
        dropped &+= 1
        return
      }
      // Before places are asked for, or those that it leaves would not be free.
      count(old ?? 0, -1)
      var set: UInt64 = 0
      for name in on {
        if let bit = bit(of: name, besides: set) { set |= bit } else { dropped &+= 1 }
      }
      count(set, 1)
      networks[network] = set == 0 ? nil : set
      histories[network] = set == 0 ? nil : history
      if old ?? 0 != set { version &+= 1 }
    }
  }

  public mutating func forget(_ subject: ReputationKey.Subject) {
    switch subject {
    case .list(let name): if lists.removeValue(forKey: name) != nil { version &+= 1 }
    case .network(let network):
      guard let set = networks.removeValue(forKey: network) else { return }
      count(set, -1)
      histories[network] = nil
      version &+= 1
    }
  }

  private mutating func count(_ set: UInt64, _ change: Int) {
    for i in Self.places(of: set) { counts[i] += change }
  }

  /// The bit of a list; a new one takes the first place that is free. nil where there is none.
  /// - Parameter taken: Bits that are about to be used.
  private mutating func bit(of name: String, besides taken: UInt64) -> UInt64? {
    if let place = names.firstIndex(of: name) { return 1 << UInt64(place) }
    if names.count < AddressTable.mostLists {
      names.append(name)
      counts.append(0)
      return 1 << UInt64(names.count - 1)
    }
    guard let place = counts.indices.first(where: { counts[$0] == 0 && taken & (1 << UInt64($0)) == 0 }) else {
      return nil
    }
    names[place] = name
    return 1 << UInt64(place)
  }

  private static func places(of set: UInt64) -> [Int] {
    var set = set
    var places: [Int] = []
    while set != 0 {
      places.append(set.trailingZeroBitCount)
      set &= set - 1
    }
    return places
  }

  private func names(of set: UInt64) -> [String] { Self.places(of: set).map { names[$0] }.sorted() }

  // MARK: Reading

  /// What is known, each list with its networks; those of the same place by name.
  public var known: [KnownAddresses.List] {
    var all: [[Network]] = Array(repeating: [], count: names.count)
    for (network, set) in networks { for i in Self.places(of: set) { all[i].append(network) } }
    return lists.values.sorted { ($0.place, $0.name) < ($1.place, $1.name) }.map { list in
      let networks = names.firstIndex(of: list.name).map { all[$0] } ?? []
      return KnownAddresses.List(name: list.name, kind: list.kind, networks: networks, expires: list.expires)
    }
  }

  /// Networks on any list of a kind, in no order.
  public func networks(of kind: AddressKind) -> [Network] {
    var wanted: UInt64 = 0
    for (i, name) in names.enumerated() where lists[name]?.kind == kind { wanted |= 1 << UInt64(i) }
    return wanted == 0 ? [] : networks.filter { $0.value & wanted != 0 }.map(\.key)
  }

  // MARK: Writing

  /// A record to write; without lists it takes the network back.
  public struct Change: Sendable, Equatable {
    public var network: Network
    public var lists: [String]
    public var history: AddressHistory?
  }

  /// What has to be written for the networks of a list to be these: each network that changes, with the lists it is on from
  /// then on, none where it leaves the last of them. Sorted, so that the same change writes the same.
  public func changes(list name: String, to wanted: [Network]) -> [Change] {
    let bit: UInt64 = names.firstIndex(of: name).map { 1 << UInt64($0) } ?? 0
    let wanted = Set(wanted)
    var changes: [Change] = []
    for network in wanted {
      let set = networks[network] ?? 0
      guard bit == 0 || set & bit == 0 else { continue }
      changes.append(
        Change(network: network, lists: (names(of: set) + [name]).sorted(), history: histories[network]))
    }
    if bit != 0 {
      for (network, set) in networks where set & bit != 0 && !wanted.contains(network) {
        changes.append(Change(network: network, lists: names(of: set & ~bit), history: histories[network]))
      }
    }
    return Self.sorted(changes)
  }

  /// What has to be written for networks to have these histories, and no others any. A network that is on no list has none.
  public func changes(histories wanted: [Network: AddressHistory]) -> [Change] {
    var changes: [Change] = []
    for network in Set(wanted.keys).union(histories.keys) where wanted[network] != histories[network] {
      guard let set = networks[network] else { continue }
      changes.append(Change(network: network, lists: names(of: set), history: wanted[network]))
    }
    return Self.sorted(changes)
  }

  private static func sorted(_ changes: [Change]) -> [Change] {
    changes.sorted {
      $0.network.base != $1.network.base ? $0.network.base < $1.network.base : $0.network.prefix < $1.network.prefix
    }
  }
}
