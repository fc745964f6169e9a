// What the campaign stage remembers across a restart: its parts, which of them changed, and how they are read back.
//
// Parts: "core"; "ids/N", the ids that were given, 32,768 a part; "campaign/SERIAL"; "normal/ZONE";
// "answers/ZONE"; "crossings/N". The index is not saved: each campaign says which of its keys and members led
// to it.

import Bytes

extension CampaignStage {
  /// 4: what a server knows of a request beside its text, how it was answered, and who does a little in many zones.
  /// 3: where a learned rate is from. States of version 2 and 3, which do not tell, are read.
  static var stateVersion: UInt64 { 4 }
  private static var idsInPart: Int { 32_768 }

  /// Notes what changes from now on, so that `takeChanges` can tell. Attacks that have ended are then no longer kept: they
  /// were told.
  public mutating func trackChanges() {
    open.trackChanges()
    normals.trackChanges()
    answers.trackChanges()
    crossings.trackChanges()
    settings.attacksKept = 0
  }

  /// The parts that changed since the last call, or since `trackChanges`. O(changed campaigns and their members).
  public mutating func takeChanges() -> [StatePart] {
    var parts: [StatePart] = []
    var writer = StateWriter()
    writer.number(Self.stateVersion)
    writer.word(nextSerial)
    writer.signed(nextSweep)
    writer.number(forgotten)
    writer.count(usedIds.all.count)
    writer.count(touched.count)
    for serial in touched.sorted() { writer.word(serial) }
    parts.append(StatePart(name: "core", bytes: writer.take()))
    var first = savedIds / Self.idsInPart * Self.idsInPart
    while first < usedIds.all.count, savedIds < usedIds.all.count {
      let ids = usedIds.all[first..<min(first + Self.idsInPart, usedIds.all.count)]
      writer.count(ids.count)
      for id in ids { writer.word(id) }
      parts.append(StatePart(name: "ids/\(first / Self.idsInPart)", bytes: writer.take()))
      first += Self.idsInPart
    }
    savedIds = usedIds.all.count
    for (serial, campaign) in open.takeChanges() {
      if let campaign {
        campaign.write(
          to: &writer, memberKey: { memberKey($0, of: campaign) }, isLed: { index[$0] == campaign.serial })
        parts.append(StatePart(name: "campaign/\(serial)", bytes: writer.take()))
      } else {
        parts.append(StatePart(name: "campaign/\(serial)", bytes: nil))
      }
    }
    normals.takeChanges("normal/", &writer, into: &parts) { requests, writer in
      writer.count(requests.count)
      for request in requests { request.write(to: &writer) }
    }
    answers.takeChanges("answers/", &writer, into: &parts) { sizes, writer in sizes.write(to: &writer) }
    crossings.takeChanges(&writer, into: &parts)
    return parts
  }

  /// A stage that goes on where the saved one stood.
  public init(
    settings: CampaignSettings, rules: [UInt64: RuleTitle], restoring saved: SavedState
  ) throws(StateError) {
    self.init(settings: settings, rules: rules)
    var core = try saved.reader(of: "core")
    let version = try core.number()
    guard (2...Self.stateVersion).contains(version) else { throw .version(found: version, known: Self.stateVersion) }
    nextSerial = try core.word()
    nextSweep = try core.signed()
    forgotten = try core.number()
    let ids = try core.number()
    for _ in 0..<(try core.count(ofAtLeast: 8)) { touched.insert(try core.word()) }
    try core.finish()
    var part = 0
    while let bytes = saved["ids/\(part)"] {
      var reader = StateReader(bytes)
      for _ in 0..<(try reader.count(ofAtLeast: 8)) { usedIds.insert(try reader.word()) }
      try reader.finish()
      part += 1
    }
    guard UInt64(usedIds.all.count) == ids else { throw .missing("some of the \(ids) ids of attacks") }
    savedIds = usedIds.all.count
    for (_, bytes) in saved.names(after: "campaign/") {
      var reader = StateReader(bytes)
      var keys: [UInt64] = []
      var addresses: [IPAddress] = []
      let campaign = try Campaign(from: &reader, version: version, ledKeys: &keys, ledMembers: &addresses)
      try reader.finish()
      guard campaign.serial < nextSerial, open[campaign.serial] == nil else {
        throw .invalid("campaign \(campaign.serial) of \(nextSerial)", at: 0)
      }
      for key in keys { index[key] = campaign.serial }
      for address in addresses { index[memberKey(address, of: campaign)] = campaign.serial }
      members += campaign.members.count
      open.restore(campaign)
    }
    normals = try ZoneMemory("normal/", restoring: saved) { (reader) throws(StateError) in
      var requests: [RequestFields] = []
      for _ in 0..<(try reader.count(ofAtLeast: 21)) {
        requests.append(try RequestFields(from: &reader, isMarked: version >= 4))
      }
      return requests
    }
    answers = try ZoneMemory("answers/", restoring: saved) { (reader) throws(StateError) in
      try AnswerSizes(from: &reader)
    }
    crossings = try ZoneCrossings(restoring: saved)
    trackChanges()
    crossings.unsaved.removeAll()
    _ = open.takeChanges()
  }
}
