// What the campaign stage knows of zones beside their campaigns, bounded, and saved as parts of its state.

import Bytes

/// A value for each zone, of the `limit` zones of which something was said last.
struct ZoneMemory<Value: Sendable>: Sendable {
  static var limit: Int { 1_024 }

  private var known: [[UInt8]: (time: Nanoseconds, value: Value)] = [:]
  /// Changed since the last snapshot; empty where nobody takes any.
  private var unsaved: Set<[UInt8]> = []
  private var isTracked = false

  init() {}

  subscript(zone: [UInt8]) -> (time: Nanoseconds, value: Value)? { known[zone] }

  mutating func set(_ value: Value, of zone: [UInt8], at time: Nanoseconds) {
    makeRoom(for: zone)
    known[zone] = (time, value)
    if isTracked { unsaved.insert(zone) }
  }

  /// Changes a value in place, or the one that a zone begins with. `body` says whether it changed: else nothing does, for
  /// what is not saved must not matter.
  mutating func change(_ zone: [UInt8], at time: Nanoseconds, from new: Value, _ body: (inout Value) -> Bool) {
    guard known[zone] != nil else {
      var value = new
      if body(&value) { set(value, of: zone, at: time) }
      return
    }
    guard body(&known[zone, default: (time, new)].value) else { return }
    known[zone]?.time = time
    if isTracked { unsaved.insert(zone) }
  }

  private mutating func makeRoom(for zone: [UInt8]) {
    guard known[zone] == nil, known.count >= Self.limit else { return }
    // A sixteenth at once, so that they are not all looked at for each new zone.
    let byAge = known.map { (time: $0.value.time, zone: $0.key) }.sorted {
      $0.time != $1.time ? $0.time < $1.time : $0.zone.lexicographicallyPrecedes($1.zone)
    }
    for oldest in byAge.prefix(Self.limit / 16) {
      known[oldest.zone] = nil
      if isTracked { unsaved.insert(oldest.zone) }
    }
  }

  // MARK: State

  /// Notes what changes from now on.
  mutating func trackChanges() {
    if !isTracked { unsaved.formUnion(known.keys) }
    isTracked = true
  }

  /// Appends a part for each zone that changed: its time, and what `write` writes.
  mutating func takeChanges(
    _ prefix: String, _ writer: inout StateWriter, into parts: inout [StatePart],
    write: (Value, inout StateWriter) -> Void
  ) {
    for zone in unsaved.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let name = Array(prefix.utf8) + zone
      guard let (time, value) = known[zone] else {
        parts.append(StatePart(name: name, bytes: nil))
        continue
      }
      writer.signed(time)
      write(value, &writer)
      parts.append(StatePart(name: name, bytes: writer.take()))
    }
    unsaved.removeAll()
  }

  /// All that was saved under the prefix; changes are tracked from here on.
  init(
    _ prefix: String, restoring saved: SavedState, read: (inout StateReader) throws(StateError) -> Value
  ) throws(StateError) {
    for (zone, bytes) in saved.names(after: prefix) {
      var reader = StateReader(bytes)
      let time = try reader.signed()
      known[zone] = (time, try read(&reader))
      try reader.finish()
    }
    isTracked = true
  }
}
