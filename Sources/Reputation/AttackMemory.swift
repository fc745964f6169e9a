// Which addresses were in which attacks, from what the topic `attacks` tells one record after another.

import Bytes
import Detection

/// Pure: the same records give the same histories, whoever reads them and since when.
///
/// An attack counts from its first record until its last one is older than `span`, measured by the newest record. With
/// the span that the topic keeps its records for, somebody who reads what is left of the topic knows what somebody knows
/// who has read it all along.
public struct AttackMemory: Sendable {
  private struct Told: Sendable {
    var start: Nanoseconds
    var end: Nanoseconds
    /// When its last record was written.
    var told: Nanoseconds
    var sources: [IPAddress]
  }
  private var attacks: [UInt64: Told] = [:]
  private let span: Nanoseconds
  private let limit: Int
  /// Sources of all attacks.
  private var held = 0
  private var newest: Nanoseconds = 0
  private var looked: Nanoseconds = 0
  /// Changes whenever histories may have.
  public private(set) var version: UInt64 = 0
  /// Attacks that were let go for lack of room.
  public private(set) var forgotten: UInt64 = 0

  /// Sources that are remembered of one attack: those told first.
  static let mostSources = 64

  /// - Parameters:
  ///   - span: ns.
  ///   - limit: Attacks and their sources, all together: of the order of 50 and 16 bytes each. Where they are more, the
  ///     attacks go that were told of longest ago.
  public init(span: Nanoseconds, limit: Int = 1_000_000) { (self.span, self.limit) = (max(0, span), max(1, limit)) }

  private var size: Int { attacks.count + held }
  public var count: Int { attacks.count }
  /// Sources of them all.
  public var sources: Int { held }

  /// - Parameter told: When the record was written, ns since the epoch; what is before that counts as 0.
  public mutating func take(_ attack: Attack, told: Nanoseconds) {
    guard let id = UInt64(attack.id, radix: 16) else { return }
    let told = max(0, told)
    newest = max(newest, told)
    if attack.isWithdrawn {
      forget(id)
    } else {
      add(attack, id, told)
    }
    // Looking for what is too old takes time: not for every record.
    if newest &- looked >= 600 * nanosecondsPerSecond || size > limit {
      looked = newest
      forgetTheOldest()
    }
  }

  private mutating func add(_ attack: Attack, _ id: UInt64, _ told: Nanoseconds) {
    let end = AddressHistory.rounded(attack.end)
    // In place: an attack may be told of a thousand times.
    let isNew = attacks[id] == nil
    var change = isNew
    var added = 0
    func take(_ known: inout Told) {
      change = change || attack.start < known.start || end > known.end
      known.start = min(known.start, attack.start)
      known.end = max(known.end, end)
      known.told = max(known.told, told)
      for source in attack.sources where known.sources.count < Self.mostSources {
        guard !source.address.isUnknown, !known.sources.contains(source.address) else { continue }
        known.sources.append(source.address)
        added += 1
      }
    }
    take(&attacks[id, default: Told(start: attack.start, end: end, told: told, sources: [])])
    held += added
    if change || added > 0 { version &+= 1 }
  }

  private mutating func forget(_ id: UInt64) {
    guard let gone = attacks.removeValue(forKey: id) else { return }
    held -= gone.sources.count
    version &+= 1
  }

  private mutating func forgetTheOldest() {
    for (id, attack) in attacks where newest &- attack.told > span { forget(id) }
    guard size > limit else { return }
    // An eighth more than has to be, so that it need not be done again soon.
    for (id, _) in attacks.sorted(by: { ($0.value.told, $0.key) < ($1.value.told, $1.key) }) {
      guard size > limit - limit / 8 else { break }
      forget(id)
      forgotten &+= 1
    }
  }

  /// What is known of each of these networks; those that were in no attack are left out. Every attack counts once for a
  /// network, however many of its sources are in it. O(sources * lengths of prefix).
  public func histories(of networks: some Sequence<Network>) -> [Network: AddressHistory] {
    let wanted = Set(networks)
    let lengths = Set(wanted.map(\.prefix)).sorted()
    var seen: [Network: [AddressHistory.Seen]] = [:]
    for attack in attacks.values {
      var hit: Set<Network> = []
      for source in attack.sources {
        for length in lengths {
          let network = Network(source, prefix: length)
          if wanted.contains(network) { hit.insert(network) }
        }
      }
      for network in hit { seen[network, default: []].append(.init(start: attack.start, end: attack.end)) }
    }
    return seen.compactMapValues { AddressHistory($0) }
  }
}
