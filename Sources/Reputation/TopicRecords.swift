// Lists of addresses as records of the topic `reputation`. What comes from there is hostile until it is checked.

import Bytes
import CapnProto
import Detection

/// A record that can't be used.
public struct ReputationRecordError: Error, CustomStringConvertible {
  public var description: String
}

/// What one record says.
public enum ReputationNews: Sendable, Equatable {
  case list(PublishedList)
  case network(Network, lists: [String], history: AddressHistory?)
}

extension ReputationNews {
  /// What a record's key has to name.
  public var subject: ReputationKey.Subject {
    switch self {
    case .list(let list): .list(list.name)
    case .network(let network, _, _): .network(network)
    }
  }
}

/// A list as it was published.
public struct PublishedList: Sendable, Equatable {
  public var name: String
  public var kind: AddressKind
  public var place: UInt32
  public var networks: UInt64
  /// ns since the epoch, as `expires` is.
  public var read: Nanoseconds
  public var expires: Nanoseconds
  public init(
    name: String, kind: AddressKind, place: UInt32, networks: UInt64, read: Nanoseconds, expires: Nanoseconds
  ) {
    (self.name, self.kind, self.place, self.networks) = (name, kind, place, networks)
    (self.read, self.expires) = (read, expires)
  }
}

public enum ReputationKey {
  public static func list(_ name: String) -> String { "list/\(name)" }
  public static func network(_ network: Network) -> String { "net/\(network)" }

  /// What a tombstone takes back; nil for a key of neither form.
  public enum Subject: Equatable { case list(String), network(Network) }
  public static func subject(_ key: String) -> Subject? {
    if key.hasPrefix("list/") { return .list(String(key.dropFirst(5))) }
    if key.hasPrefix("net/"), key.utf8.count < 80 { return Network(String(key.dropFirst(4))).map { .network($0) } }
    return nil
  }
}

/// Writes records; keep it, for its memory is used again.
public struct ReputationEncoder: ~Copyable {
  public static var schemaVersion: UInt16 { 1 }
  private var builder = MessageBuilder(capacity: 1 << 10)
  public init() {}

  public mutating func write(_ list: PublishedList, _ emit: (RawSpan) -> Void) {
    Self.fill(&builder, list)
    emit(builder.framed)
  }

  public mutating func write(
    _ network: Network, lists: [String], history: AddressHistory? = nil, _ emit: (RawSpan) -> Void
  ) {
    Self.fill(&builder, network, lists, history)
    emit(builder.framed)
  }

  private static func fill(_ builder: inout MessageBuilder, _ list: PublishedList) {
    let record = builder.start(ReputationRecordBuilder.self)
    record.schemaVersion = schemaVersion
    let content = record.known.initList()
    content.setName(list.name)
    content.setKind(list.kind.rawValue)
    content.place = list.place
    content.networks = list.networks
    content.read = list.read
    content.expires = list.expires
  }

  private static func fill(
    _ builder: inout MessageBuilder, _ network: Network, _ lists: [String], _ history: AddressHistory?
  ) {
    let record = builder.start(ReputationRecordBuilder.self)
    record.schemaVersion = schemaVersion
    let content = record.known.initNetwork()
    content.high = network.base.high
    content.low = network.base.low
    content.prefix = UInt8(clamping: network.prefix)
    let names = content.initLists(count: lists.count)
    for (i, name) in lists.enumerated() { names.set(i, name) }
    guard let history else { return }
    content.attacks = history.attacks
    content.lastAttack = history.last
    content.score = AddressHistory.score(attacks: history.attacks)
    let recent = content.initRecent(count: history.recent.count)
    for (i, seen) in history.recent.enumerated() {
      recent[i].start = seen.start
      recent[i].end = seen.end
    }
  }
}

/// Reads records.
public struct ReputationDecoder: ~Copyable {
  private let limiter = ReadLimiter()
  public init() {}

  public func read(_ record: RawSpan) throws(ReputationRecordError) -> ReputationNews {
    do {
      let message = try Message(framed: record, limiter: limiter)
      return try Self.news(ReputationRecord(try message.rootStruct))
    } catch let error as ReputationRecordError {
      throw error
    } catch {
      throw ReputationRecordError(description: "\(error)")
    }
  }

  private static func news(_ record: borrowing ReputationRecord) throws -> ReputationNews {
    guard record.schemaVersion == ReputationEncoder.schemaVersion else {
      throw ReputationRecordError(description: "schema version \(record.schemaVersion)")
    }
    switch record.known.which {
    case .list:
      let content = try record.known.list
      let name = String(decoding: try content.name.copied(), as: UTF8.self)
      guard isName(name) else { throw ReputationRecordError(description: "a list without a proper name") }
      return .list(
        PublishedList(
          name: name, kind: AddressKind(rawValue: String(decoding: try content.kind.copied(), as: UTF8.self)) ?? .other,
          place: content.place, networks: content.networks, read: content.read, expires: content.expires))
    case .network:
      let content = try record.known.network
      let base = IPAddress(high: content.high, low: content.low)
      let network = Network(base, prefix: Int(content.prefix))
      guard content.prefix <= 128, network.base == base, !network.isTooWide else {
        throw ReputationRecordError(description: "no network that can be on a list")
      }
      let names = try content.lists
      guard (1...AddressTable.mostLists).contains(names.count) else {
        throw ReputationRecordError(description: "a network on \(names.count) lists")
      }
      var lists: [String] = []
      for i in 0..<names.count {
        let name = String(decoding: try names[i].copied(), as: UTF8.self)
        guard isName(name) else { throw ReputationRecordError(description: "a list without a proper name") }
        lists.append(name)
      }
      return .network(network, lists: lists, history: try history(content))
    case .unrecognized: throw ReputationRecordError(description: "a kind of record that is not known here")
    }
  }

  private static func history(_ content: borrowing KnownNetwork) throws -> AddressHistory? {
    let recent = try content.recent
    guard content.attacks > 0 else { return nil }
    guard recent.count <= AddressHistory.mostRecent, recent.count <= content.attacks else {
      throw ReputationRecordError(description: "\(recent.count) recent attacks of \(content.attacks)")
    }
    var seen: [AddressHistory.Seen] = []
    for i in 0..<recent.count {
      let one = AddressHistory.Seen(start: recent[i].start, end: recent[i].end)
      guard seen.last.map({ $0.start >= one.start }) ?? true else {
        throw ReputationRecordError(description: "recent attacks out of their order")
      }
      seen.append(one)
    }
    return AddressHistory(attacks: content.attacks, last: content.lastAttack, recent: seen)
  }

  /// As the pipeline asks of names: they are shown in explanations.
  private static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } && printable(name) == name
  }
}
