// All lists together: what is known of an address.

import Bytes
import Detection

/// Where an address is registered.
public struct AddressPlace: Sendable, Equatable {
  /// ISO 3166 code; "" where it is unknown.
  public var country = ""
  /// 0 where it is unknown.
  public var asn: UInt32 = 0
  public var organisation = ""
  public init() {}
}

/// Knows where addresses are registered.
public protocol AddressPlaces: Sendable {
  func place(of address: IPAddress) -> AddressPlace
}

/// Lists of addresses, and the databases of countries and networks, as the sources of attacks are held against them.
public struct KnownAddresses: Sendable {
  public struct List: Sendable {
    public var name: String
    public var kind: AddressKind
    public var networks: [Network]
    /// When it no longer holds, ns since the epoch; `.max` for never.
    public var expires: Nanoseconds
    public init(name: String, kind: AddressKind, networks: [Network], expires: Nanoseconds = .max) {
      (self.name, self.kind, self.networks, self.expires) = (name, kind, networks, expires)
    }
  }
  private var lists: [(mention: SourceNote.Mention, expires: Nanoseconds)] = []
  private var table = AddressTable()
  var places: (any AddressPlaces)?
  private var histories: [Network: AddressHistory] = [:]
  /// Prefixes of their networks, each once.
  private var lengths: [Int] = []

  /// Knows nothing, and changes nothing.
  public init() {}

  /// - Parameter lists: At most `AddressTable.mostLists`, in the order in which they are told; more are left out.
  public init(lists: [List], places: (any AddressPlaces)? = nil) {
    self.places = places
    self.lists = lists.prefix(AddressTable.mostLists).map { (.init(list: $0.name, kind: $0.kind), $0.expires) }
    var entries: [(network: Network, list: Int)] = []
    for (i, list) in lists.prefix(AddressTable.mostLists).enumerated() { entries += list.networks.map { ($0, i) } }
    table = AddressTable(entries)
  }

  public var isEmpty: Bool { table.isEmpty && places == nil && histories.isEmpty }

  /// From now on these are what the line has seen of networks; lists stay as they are.
  public mutating func replace(histories: [Network: AddressHistory]) {
    self.histories = histories
    lengths = Set(histories.keys.map(\.prefix)).sorted()
  }

  /// What is known of an address at a time; empty where nothing is. O(log networks).
  /// - Parameter start: Attacks that began then or later are not told of.
  public func note(of address: IPAddress, at time: Nanoseconds, before start: Nanoseconds = .max) -> SourceNote {
    var note = SourceNote()
    let set = table.lists(of: address)
    if set != 0 {
      for (i, list) in lists.enumerated() where set & (1 << UInt64(i)) != 0 && time < list.expires {
        note.lists.append(list.mention)
      }
    }
    if let earlier = earlier(address, before: start) {
      note.earlierAttacks = earlier.attacks
      let (since, tooLong) = time.subtractingReportingOverflow(earlier.last)
      note.score = AddressHistory.score(
        AddressHistory.score(attacks: earlier.attacks), after: tooLong ? time > 0 ? .max : 0 : since)
    }
    guard let places, !address.isUnknown else { return note }
    let place = places.place(of: address)
    (note.country, note.asn, note.organisation) = (place.country, place.asn, place.organisation)
    return note
  }

  /// Of the networks that hold the address, that which has been in most attacks.
  private func earlier(_ address: IPAddress, before start: Nanoseconds) -> (attacks: UInt32, last: Nanoseconds)? {
    guard !histories.isEmpty, !address.isUnknown else { return nil }
    var most: (attacks: UInt32, last: Nanoseconds)?
    for length in lengths {
      guard let found = histories[Network(address, prefix: length)]?.before(start) else { continue }
      if (found.attacks, found.last) > (most?.attacks ?? 0, most?.last ?? .min) { most = found }
    }
    return most
  }

  /// Adds to an attack what is known of the sources it shows, each by itself and in its explanation. It depends on the
  /// attack and the lists alone, so that it is the same wherever it is done.
  public func describe(_ attack: inout Attack) {
    guard !isEmpty else { return }
    for i in attack.sources.indices {
      var note = note(of: attack.sources[i].address, at: attack.end, before: attack.start)
      note.earlierAttacks = max(note.earlierAttacks, attack.sources[i].note?.earlierAttacks ?? 0)
      attack.sources[i].note = note.isEmpty ? nil : note
    }
    let sentence = SourceSentence.text(attack)
    if !sentence.isEmpty { attack.explanation += " " + sentence }
  }

  public func described(_ attacks: [Attack]) -> [Attack] {
    guard !isEmpty else { return attacks }
    return attacks.map {
      var attack = $0
      describe(&attack)
      return attack
    }
  }
}
