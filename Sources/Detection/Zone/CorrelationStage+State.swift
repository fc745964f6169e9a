// What the correlations remember across a restart: their groups in 64 shards, of which those that changed are written.

import Bytes

extension CorrelationState {
  static let shards = 64

  /// What is saved of a group has changed.
  mutating func note(_ correlation: Int, _ group: [UInt8]) { unsaved.insert(Self.shard(group)) }

  /// Position of a rule in correlation `number`, by its key; nil where the correlation does not tell it.
  func position(of key: UInt64, in number: Int?) -> Int? {
    guard let number, correlations[number].kind.isTemporal else { return nil }
    return correlations[number].members.firstIndex(of: key)
  }

  static func shard(_ group: [UInt8]) -> Int {
    Int(KeyedHash(key: 0x5a4d).hash(group.span.bytes) % UInt64(shards))
  }
}

extension CorrelationStage {
  /// 2: the rules of temporal correlations in each window. States of version 1, which has none of them, are read.
  static var stateVersion: UInt64 { 2 }

  /// The parts that changed since the last call. Correlations are named by the hashes of their ids, so that rules may
  /// come and go.
  public mutating func takeChanges() -> [StatePart] {
    var parts: [StatePart] = []
    var writer = StateWriter()
    writer.number(Self.stateVersion)
    writer.number(state.evicted)
    parts.append(StatePart(name: "correlations", bytes: writer.take()))
    let changed = state.unsaved
    state.unsaved = []
    guard !changed.isEmpty else { return parts }
    var groups: [Int: [CorrelationState.Key]] = [:]
    for key in state.groups.keys {
      let shard = CorrelationState.shard(key.group)
      if changed.contains(shard) { groups[shard, default: []].append(key) }
    }
    var tellings: [Int: [Group]] = [:]
    for group in told.keys {
      let shard = CorrelationState.shard(group.values)
      if changed.contains(shard) { tellings[shard, default: []].append(group) }
    }
    for shard in changed.sorted() {
      let keys = (groups[shard] ?? []).sorted()
      let tellings = (tellings[shard] ?? []).sorted {
        $0.correlation != $1.correlation
          ? $0.correlation < $1.correlation : $0.values.lexicographicallyPrecedes($1.values)
      }
      let name = "correlations/\(shard)"
      if keys.isEmpty, tellings.isEmpty {
        parts.append(StatePart(name: name, bytes: nil))
        continue
      }
      writer.count(keys.count)
      for key in keys {
        writer.word(state.correlations[key.correlation].info.hash)
        writer.bytes(key.group)
        writer.flag(state.touched.contains(key))
        let windows = state.groups[key] ?? []
        writer.count(windows.count)
        for window in windows {
          writer.signed(window.start)
          writer.signed(window.end)
          writer.number(window.count)
          writer.bytes(window.values)
          writer.signed(window.firstTime)
          writer.signed(window.lastTime)
          writer.count(window.members.count)
          for member in window.members {
            writer.word(state.correlations[key.correlation].key(at: member.position))
            writer.signed(member.first)
            writer.signed(member.last)
          }
        }
      }
      writer.count(tellings.count)
      for group in tellings {
        writer.word(state.correlations[group.correlation].info.hash)
        writer.bytes(group.values)
        writer.signed(told[group] ?? .min)
      }
      parts.append(StatePart(name: name, bytes: writer.take()))
    }
    return parts
  }

  /// A stage that goes on where the saved one stood.
  public init(_ correlations: [Correlation], restoring saved: SavedState) throws(StateError) {
    self.init(correlations)
    var head = try saved.reader(of: "correlations")
    let version = try head.number()
    guard version == Self.stateVersion || version == 1 else { throw .version(found: version, known: Self.stateVersion) }
    state.evicted = try head.number()
    for (_, bytes) in saved.names(after: "correlations/") {
      var reader = StateReader(bytes)
      for _ in 0..<(try reader.count(ofAtLeast: 11)) {
        let number = state.number(ofId: try reader.word())
        let group = try reader.bytes()
        let isTouched = try reader.flag()
        var windows: [CorrelationState.Window] = []
        for _ in 0..<(try reader.count(ofAtLeast: 34)) {
          var window = CorrelationState.Window(
            start: try reader.signed(), end: try reader.signed(), count: try reader.number(),
            values: try reader.bytes(), firstTime: try reader.signed(), lastTime: try reader.signed())
          for _ in 0..<(version == 1 ? 0 : try reader.count(ofAtLeast: 24)) {
            let position = state.position(of: try reader.word(), in: number)
            let (first, last) = (try reader.signed(), try reader.signed())
            guard first <= last else { throw .invalid("a rule's times", at: reader.position) }
            // A rule that the correlation no longer names is forgotten.
            if let position { window.add(CorrelationState.Member(position: position, first: first, last: last)) }
          }
          guard window.end > window.start, windows.last.map({ $0.start < window.start }) ?? true else {
            throw .invalid("windows out of order", at: reader.position)
          }
          windows.append(window)
        }
        guard let number else { continue }
        let key = CorrelationState.Key(correlation: number, group: group)
        state.groups[key] = windows
        if isTouched { state.touched.insert(key) }
      }
      for _ in 0..<(try reader.count(ofAtLeast: 17)) {
        let number = state.number(ofId: try reader.word())
        let values = try reader.bytes()
        let until = try reader.signed()
        if let number { told[Group(correlation: number, values: values)] = until }
      }
      try reader.finish()
    }
  }
}
