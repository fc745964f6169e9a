// What of a registry has been saved, so that a snapshot writes only the clients that were used since the last one.
//
// A snapshot appends those clients, the longest unused first, to a journal of parts. Read back in order, with the last
// entry of a client counting, the journal gives the clients in their order of use, and those that are still known are the
// newest of them, because a registry only ever forgets its oldest. When the journal has become much longer than the
// registry, or has many parts, it is written anew.

import Bytes

/// Which parts of a registry's journal there are, and what they lack.
struct RegistryJournal: Sendable {
  /// The newest client that was not used since the last snapshot: it and all that are older are in the journal. -1: none.
  var saved: Int32 = -1
  /// Clients that changed without being used.
  private(set) var amended: Set<UInt128> = []
  var isKept = false
  /// Numbers of the parts: `first ..< next`.
  var first: UInt64 = 0
  var next: UInt64 = 0
  /// Clients in all the parts, each as often as it was written.
  var entries = 0

  static let mostParts: UInt64 = 64

  mutating func note(_ address: IPAddress) {
    if isKept { amended.insert(UInt128(address.high) << 64 | UInt128(address.low)) }
  }

  mutating func takeAmended() -> [IPAddress] {
    defer { amended = [] }
    return amended.sorted().map {
      IPAddress(high: UInt64(truncatingIfNeeded: $0 >> 64), low: UInt64(truncatingIfNeeded: $0))
    }
  }
}

extension ClientRegistry {
  /// Whether there is something to save.
  var hasUnsaved: Bool { newest != journal.saved || !journal.amended.isEmpty }

  /// Writes the clients that were used or changed since the last time as one more part of the journal, or all of them
  /// as its only one.
  /// - Parameter name: Of a part by its number.
  mutating func takeChanges(
    _ writer: inout StateWriter, _ name: (UInt64) -> [UInt8], into parts: inout [StatePart]
  ) {
    journal.isKept = true
    guard hasUnsaved else { return }
    let amended = journal.takeAmended()
    if journal.next &- journal.first >= RegistryJournal.mostParts || journal.entries > 2 * count + 1_024 {
      forgetJournal(name, into: &parts)
      journal.saved = -1
      journal.entries = 0
    }
    var used: [Int] = []
    var slot = newest
    while slot >= 0, slot != journal.saved {
      used.append(Int(slot))
      slot = older[Int(slot)]
    }
    let others = amended.compactMap { find($0) }
    writer.count(others.count)
    for slot in others { profiles[slot].write(to: &writer) }
    writer.count(used.count)
    for slot in used.reversed() { profiles[slot].write(to: &writer) }
    parts.append(StatePart(name: name(journal.next), bytes: writer.take()))
    journal.next &+= 1
    journal.entries += used.count
    journal.saved = newest
  }

  /// Says that no part of the journal counts any more.
  mutating func forgetJournal(_ name: (UInt64) -> [UInt8], into parts: inout [StatePart]) {
    while journal.first < journal.next {
      parts.append(StatePart(name: name(journal.first), bytes: nil))
      journal.first &+= 1
    }
  }

  func writeJournal(to state: inout StateWriter) {
    state.number(journal.first)
    state.number(journal.next)
    state.count(journal.entries)
    state.count(count)
    state.number(evicted)
  }

  /// Reads what `writeJournal` wrote, and the parts that it names.
  init(
    limit: Int, from state: inout StateReader, _ part: (UInt64) -> [UInt8]?
  ) throws(StateError) {
    self.init(limit: limit)
    let first = try state.number()
    let next = try state.number()
    let entries = try state.number()
    let known = try state.number()
    let evicted = try state.number()
    guard first <= next, next - first <= RegistryJournal.mostParts, next < 1 << 62, entries < 1 << 40 else {
      throw .invalid("a journal of parts \(first) to \(next)", at: state.position)
    }
    for number in first..<next {
      guard let bytes = part(number) else { throw .missing("a part of the clients of a zone") }
      var reader = StateReader(bytes)
      for _ in 0..<(try reader.count(ofAtLeast: 40)) {
        let profile = try ClientProfile(from: &reader)
        if let slot = find(profile.address) { update(slot) { $0 = profile } }
      }
      for _ in 0..<(try reader.count(ofAtLeast: 40)) {
        let profile = try ClientProfile(from: &reader)
        let slot = slot(for: profile.address, at: profile.firstSeen)
        update(slot) { $0 = profile }
      }
      try reader.finish()
    }
    guard known <= UInt64(count) || count >= limit else {
      throw .invalid("\(known) clients of \(count)", at: state.position)
    }
    while count > Int(known), oldest >= 0 { remove(Int(oldest)) }
    self.evicted = evicted
    journal.isKept = true
    (journal.first, journal.next, journal.entries) = (first, next, Int(entries))
    journal.saved = newest
  }
}
