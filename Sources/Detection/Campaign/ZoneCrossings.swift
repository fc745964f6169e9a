// One address that does a little in each of many zones: what no zone can see by itself.

import Bytes

/// Addresses with hints of an attack in several zones.
///
/// A hint is a candidate that is not sure enough for its own zone. Who gives one in `least` zones within `memory` is told
/// as an attack on the zone `Attack.manyZones`, with all that was hinted before; what it does from then on in a zone that
/// does not tell of it by itself is part of that. Bounded at `limit` addresses, the longest unseen goes first, and, until
/// it is told, at `least` zones for each. O(1) for each hint, O(limit) where one has to go.
struct ZoneCrossings: Sendable {
  static let least = 5
  static let memory: Nanoseconds = ZoneContext.day
  static let limit = 8_192
  /// Parts in which they are saved.
  static let parts = 64

  struct Hint: Sendable, Equatable {
    var zone: [UInt8]
    var kind: AttackKind
    var first: Nanoseconds
    var last: Nanoseconds
    var requests: UInt64
    var evidence: [EvidenceRecord]
  }

  struct Crossing: Sendable, Equatable {
    var last: Nanoseconds
    /// Zones, as hashes, the first `zonesKept` of them.
    var zones: [UInt64] = []
    /// What was hinted, a zone each; empty once it was told.
    var hints: [Hint] = []
    var isTold = false
    static let zonesKept = 64
  }

  var crossings: [IPAddress: Crossing] = [:]
  /// Parts that changed since they were saved; empty where nobody saves.
  var unsaved: Set<Int> = []
  var isTracked = false
  private static let hash = KeyedHash(key: 0x20c0_551e)

  /// Takes a hint, and returns what there is to take part in the attack on many zones: nothing as long as there is none.
  mutating func note(_ candidate: Candidate) -> [Candidate] {
    guard !candidate.address.isUnknown, candidate.kind == .scanning || candidate.kind == .bruteForce else { return [] }
    var crossing = crossings.removeValue(forKey: candidate.address) ?? Crossing(last: candidate.last)
    if candidate.first &- crossing.last > Self.memory { crossing = Crossing(last: candidate.last) }
    if crossing.zones.isEmpty { makeRoom() }
    defer {
      crossings[candidate.address] = crossing
      if isTracked { unsaved.insert(Self.part(of: candidate.address)) }
    }
    crossing.last = max(crossing.last, candidate.last)
    let hint = Hint(
      zone: candidate.zone, kind: candidate.kind, first: candidate.first, last: candidate.last,
      requests: candidate.requests, evidence: Array(candidate.evidence.prefix(1)))
    let zone = Self.hash.hash(candidate.zone.span.bytes)
    if !crossing.zones.contains(zone), crossing.zones.count < Crossing.zonesKept { crossing.zones.append(zone) }
    let zones = UInt64(crossing.zones.count)
    if crossing.isTold { return [Self.joined(hint, candidate, zones: zones)] }
    if let known = crossing.hints.firstIndex(where: { $0.zone == hint.zone }) {
      crossing.hints[known].last = max(crossing.hints[known].last, hint.last)
      crossing.hints[known].requests = saturating(crossing.hints[known].requests, hint.requests)
    } else {
      crossing.hints.append(hint)
    }
    guard crossing.hints.count >= Self.least else { return [] }
    crossing.isTold = true
    let told = crossing.hints.map { Self.joined($0, candidate, zones: zones) }
    crossing.hints = []
    return told
  }

  /// A hint as part of an attack on many zones. `candidate` is the one at hand.
  private static func joined(_ hint: Hint, _ candidate: Candidate, zones: UInt64) -> Candidate {
    var joined = Candidate(
      zone: Attack.manyZones, kind: hint.kind, windowStart: candidate.windowStart, windowEnd: candidate.windowEnd,
      address: candidate.address, first: hint.first, last: hint.last, requests: hint.requests, confidence: 0.75)
    joined.loud = true
    (joined.userAgent, joined.agent) = (candidate.userAgent, candidate.agent)
    joined.facts.zones = zones
    joined.facts.rate = candidate.facts.rate
    joined.evidence = hint.evidence
    if let line = hint.evidence.first {
      joined.target = hint.zone + line.path
      joined.targetRequests = 1
    }
    return joined
  }

  private mutating func makeRoom() {
    guard crossings.count >= Self.limit else { return }
    // A quarter at once, so that it is not looked for each time.
    let byAge = crossings.sorted {
      $0.value.last != $1.value.last ? $0.value.last < $1.value.last : $0.key < $1.key
    }
    for (address, _) in byAge.prefix(Self.limit / 4) {
      crossings[address] = nil
      if isTracked { unsaved.insert(Self.part(of: address)) }
    }
  }

  private static func part(of address: IPAddress) -> Int {
    Int(hash.hash(address.high, address.low) % UInt64(parts))
  }
}

extension ZoneCrossings {
  mutating func takeChanges(_ writer: inout StateWriter, into saved: inout [StatePart]) {
    guard !unsaved.isEmpty else { return }
    var byPart: [Int: [(address: IPAddress, crossing: Crossing)]] = [:]
    for (address, crossing) in crossings where unsaved.contains(Self.part(of: address)) {
      byPart[Self.part(of: address), default: []].append((address, crossing))
    }
    for part in unsaved.sorted() {
      let name = "crossings/\(part)"
      guard let entries = byPart[part] else {
        saved.append(StatePart(name: name, bytes: nil))
        continue
      }
      writer.count(entries.count)
      for (address, crossing) in entries.sorted(by: { $0.address < $1.address }) {
        writer.address(address)
        crossing.write(to: &writer)
      }
      saved.append(StatePart(name: name, bytes: writer.take()))
    }
    unsaved.removeAll()
  }

  init(restoring saved: SavedState) throws(StateError) {
    for (_, bytes) in saved.names(after: "crossings/") {
      var reader = StateReader(bytes)
      for _ in 0..<(try reader.count(ofAtLeast: 20)) {
        let address = try reader.address()
        crossings[address] = try Crossing(from: &reader)
      }
      try reader.finish()
    }
  }

  /// Notes what changes from now on.
  mutating func trackChanges() {
    if !isTracked { unsaved.formUnion(crossings.keys.map(Self.part)) }
    isTracked = true
  }
}

extension ZoneCrossings.Crossing {
  func write(to state: inout StateWriter) {
    state.signed(last)
    state.flag(isTold)
    state.count(zones.count)
    for zone in zones { state.word(zone) }
    state.count(hints.count)
    for hint in hints {
      state.bytes(hint.zone)
      state.flag(hint.kind == .scanning)
      state.signed(hint.first)
      state.signed(hint.last)
      state.number(hint.requests)
      state.count(hint.evidence.count)
      for line in hint.evidence { line.write(to: &state) }
    }
  }

  init(from state: inout StateReader) throws(StateError) {
    self.init(last: try state.signed())
    isTold = try state.flag()
    let count = try state.count(ofAtLeast: 8)
    guard count <= Self.zonesKept else { throw .invalid("\(count) zones of one address", at: state.position) }
    for _ in 0..<count { zones.append(try state.word()) }
    let hinted = try state.count(ofAtLeast: 6)
    guard hinted < ZoneCrossings.least else { throw .invalid("\(hinted) hints of one address", at: state.position) }
    for _ in 0..<hinted {
      let zone = try state.bytes()
      let kind: AttackKind = try state.flag() ? .scanning : .bruteForce
      var hint = ZoneCrossings.Hint(
        zone: zone, kind: kind, first: try state.signed(), last: try state.signed(), requests: try state.number(),
        evidence: [])
      let lines = try state.count(ofAtLeast: 32)
      guard lines <= 1 else { throw .invalid("\(lines) lines of one hint", at: state.position) }
      for _ in 0..<lines { hint.evidence.append(try EvidenceRecord(from: &state, isMarked: true)) }
      hints.append(hint)
    }
  }
}
