// What the zone stage remembers across a restart: each zone in parts of its own, so that only those that were judged since
// the last snapshot are written.

import Bytes

extension ZoneStage {
  /// 7: who guesses at which endpoint. 6: normal requests with what a server knows of them beside their text. 5: what is
  /// usual at an hour of the week and in a network. States of versions 4 to 6, which do not know, are read.
  static var stateVersion: UInt64 { 7 }

  /// Notes what changes from now on; what is there counts as changed.
  public mutating func trackChanges() {
    if unsaved == nil { unsaved = Set(zones.keys) }
  }

  /// The parts that changed since the last call, or since `trackChanges`. O(clients used since).
  public mutating func takeChanges() -> [StatePart] {
    var parts: [StatePart] = []
    var writer = StateWriter(capacity: 1 << 16)
    writer.number(Self.stateVersion)
    parts.append(StatePart(name: "zones", bytes: writer.take()))
    parts += gone
    gone = []
    for zone in (unsaved ?? []).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      // Taken out and put back, so that it is changed in place.
      guard var state = zones.removeValue(forKey: zone) else { continue }
      state.takeChanges(&writer, into: &parts)
      zones[zone] = state
    }
    if unsaved != nil { unsaved = [] }
    return parts
  }

  /// A zone is no more.
  mutating func forget(_ zone: [UInt8]) {
    guard var state = zones.removeValue(forKey: zone) else { return }
    held -= state.held
    if state.normal.isWide { wideSamples -= 1 }
    guard unsaved != nil else { return }
    unsaved?.remove(zone)
    state.forget(into: &gone)
  }

  /// A stage that goes on where the saved one stood.
  public init(
    settings: BehaviourSettings, seed: UInt64, restoring saved: SavedState
  ) throws(StateError) {
    self.init(settings: settings, seed: seed)
    var head = try saved.reader(of: "zones")
    let version = try head.number()
    guard (4...Self.stateVersion).contains(version) else { throw .version(found: version, known: Self.stateVersion) }
    for (zone, core) in saved.names(after: "zone/") {
      let state = try ZoneState(zone: zone, settings: settings, hash: hash, core: core, saved: saved, version: version)
      held += state.held
      if state.normal.isWide { wideSamples += 1 }
      queue.insert(zone, seen: state.lastSeen)
      zones[zone] = state
    }
    unsaved = []
  }
}
