// States as earlier versions of the program wrote them are read, and the stages go on with them.

import Bytes
import Testing

@testable import Detection

@Suite struct OlderStateTests {
  // MARK: Zones

  /// The state of a few zones as version 6, 5 or 4 wrote it: what came later stood behind, or in parts of its own.
  private func saved(_ stage: inout ZoneStage, version: UInt64) -> SavedState {
    var saved = SavedState()
    saved.apply(stage.takeChanges())
    var writer = StateWriter()
    writer.number(version)
    var parts = [StatePart(name: "zones", bytes: writer.take())]
    for (zone, state) in stage.zones {
      if let crowds = saved[ZoneState.Part.crowds(zone)] {
        state.guesses.write(to: &writer)
        let later = writer.take().count
        parts.append(StatePart(name: ZoneState.Part.crowds(zone), bytes: Array(crowds.dropLast(later))))
      }
      if version < 6 { state.normal.writeMarks(to: &writer) }
      if version < 5 {
        state.baseline.season.writeCurrent(to: &writer)
        state.networkLoads.write(to: &writer)
        parts.append(StatePart(name: ZoneState.Part.season(zone), bytes: nil))
      }
      let later = writer.take().count
      let core = saved[ZoneState.Part.core(zone)] ?? []
      parts.append(StatePart(name: ZoneState.Part.core(zone), bytes: Array(core.dropLast(later))))
    }
    saved.apply(parts)
    return saved
  }

  @Test(arguments: [UInt64(4), 5, 6])
  func zonesOfAnOlderVersionKeepAllThatItKnew(version: UInt64) throws {
    var stage = ZoneStage(seed: 7)
    stage.trackChanges()
    for script in ZoneStateTests.scripts(version) {
      let made = script.windows()
      var found: [Candidate] = []
      for window in made.windows {
        stage.consume(window, text: { made.texts[$1] ?? [] }, into: &found)
        stage.zones[window.zone]?.normal.add(
          time: window.start, client: address(1, 1), userAgent: 1, hash: UInt64(bitPattern: window.start) &* 0x9e37_79b9
        ) { RequestTexts(request: Array("GET /page".utf8)) }
      }
    }
    var older = stage
    for zone in older.zones.keys { older.zones[zone]?.guesses = GuessTest() }
    for zone in older.zones.keys where version < 5 {
      older.zones[zone]?.baseline.season = SeasonalRates()
      older.zones[zone]?.networkLoads = NetworkLoads()
    }
    var next = saved(&stage, version: version)
    var restored = try ZoneStage(settings: BehaviourSettings(), seed: 7, restoring: next)
    #expect(restored.wholeMemory == older.wholeMemory)
    // What it writes from now on is of this version, and whole.
    for script in ZoneStateTests.scripts(9) {
      let made = script.windows()
      var found: [Candidate] = []
      for window in made.windows { restored.consume(window, text: { made.texts[$1] ?? [] }, into: &found) }
    }
    next.apply(restored.takeChanges())
    let again = try ZoneStage(settings: BehaviourSettings(), seed: 7, restoring: next)
    #expect(again.wholeMemory == restored.wholeMemory)
  }

  @Test func zonesOfALaterVersionAreRefused() {
    var stage = ZoneStage(seed: 7)
    stage.trackChanges()
    let later = saved(&stage, version: 8)
    #expect(throws: StateError.version(found: 8, known: 7)) {
      _ = try ZoneStage(settings: BehaviourSettings(), seed: 7, restoring: later)
    }
  }

  // MARK: Campaigns

  @Test(arguments: [UInt64(2), 3], [UInt64](1...4))
  func campaignsOfAnOlderVersionGoOn(version: UInt64, seed: UInt64) throws {
    var dice = Dice(seed)
    let steps = dice.steps(160)
    var stage = CampaignStage(rules: CampaignStateTests.rules)
    stage.trackChanges()
    var sink = NoSourceSink()
    for step in steps.prefix(120) { _ = stage.consume(step.candidates, watermark: step.end, sources: &sink) }
    var saved = SavedState()
    saved.apply(stage.takeChanges())
    var parts: [StatePart] = []
    var writer = StateWriter()
    let core = try #require(saved["core"])
    writer.number(version)
    parts.append(StatePart(name: "core", bytes: writer.take() + core.dropFirst()))
    for name in saved.parts.keys
    where name.starts(with: Array("answers/".utf8)) || name.starts(with: Array("crossings/".utf8)) {
      parts.append(StatePart(name: name, bytes: nil))
    }
    for serial in stage.open.keys.sorted() {
      let campaign = try #require(stage.open[serial])
      let (members, index) = (stage, stage.index)
      campaign.write(
        as: version, to: &writer, memberKey: { members.memberKey($0, of: campaign) },
        isLed: { index[$0] == campaign.serial })
      parts.append(StatePart(name: "campaign/\(serial)", bytes: writer.take()))
    }
    for (name, bytes) in saved.parts where name.starts(with: Array("normal/".utf8)) {
      var reader = StateReader(bytes)
      writer.signed(try reader.signed())
      let count = try reader.count()
      writer.count(count)
      for _ in 0..<count { try RequestFields(from: &reader, isMarked: true).writeHashes(to: &writer) }
      parts.append(StatePart(name: name, bytes: writer.take()))
    }
    saved.apply(parts)

    var restored = try CampaignStage(settings: CampaignSettings(), rules: CampaignStateTests.rules, restoring: saved)
    #expect(restored.memory == stage.memory)
    // Nothing was known of these.
    (stage.answers, stage.crossings) = (ZoneMemory(), ZoneCrossings())
    let known = stage.snapshot().sorted { $0.id < $1.id }
    #expect(known.count > 3)
    for (old, new) in zip(known, restored.snapshot().sorted { $0.id < $1.id }) {
      #expect(old.id == new.id && old.kind == new.kind && old.zone == new.zone)
      #expect(old.requests == new.requests && old.sources == new.sources && old.targets == new.targets)
      #expect(old.start == new.start && old.end == new.end && old.confidence == new.confidence)
    }
    // Both go on alike: the same candidates lead to the same campaigns.
    for step in steps.dropFirst(120) {
      let (a, b) = (
        stage.consume(step.candidates, watermark: step.end, sources: &sink),
        restored.consume(step.candidates, watermark: step.end, sources: &sink)
      )
      #expect(a.map(\.id) == b.map(\.id) && a.map(\.requests) == b.map(\.requests))
    }
  }
}

extension CandidateFacts {
  /// What stood before the fields that later versions know.
  fileprivate func write(as version: UInt64, to state: inout StateWriter) {
    var whole = StateWriter()
    write(to: &whole)
    var later = StateWriter()
    if version < 3 { later.half(basis.rawValue) }
    later.number(zones)
    for byte in whole.take().dropLast(later.count) { state.byte(byte) }
  }
}

extension EvidenceRecord {
  fileprivate func writeWithoutMarks(to state: inout StateWriter) {
    var later = StateWriter()
    marks.write(to: &later)
    later.bytes(tlsText)
    later.flag(tells)
    var whole = StateWriter()
    write(to: &whole)
    for byte in whole.take().dropLast(later.count) { state.byte(byte) }
  }
}

extension Campaign {
  /// As versions 2 and 3 of the state had it.
  fileprivate func write(
    as version: UInt64, to state: inout StateWriter, memberKey: (IPAddress) -> UInt64, isLed: (UInt64) -> Bool
  ) {
    state.word(serial)
    state.byte(group.rawValue)
    state.bytes(zone)
    state.byte(UInt8(truncatingIfNeeded: kind.order))
    state.flag(isNoise)
    state.text(id)
    state.signed(start)
    state.signed(end)
    state.number(requests)
    state.word(correlation)
    state.number(logDoubt)
    state.number(UInt64(max(sureMembers, 0)))
    state.number(bestConfidence)
    facts.write(as: version, to: &state)
    state.flag(gotIn)
    state.flag(refused)
    state.signed(beats)
    state.signed(lastTold)
    state.flag(changed)
    state.flag(isDormant)
    state.number(peakRate)
    state.signed(rateWindow)
    state.number(rateRequests)
    state.number(largestSpilled)
    state.count(spilled.count)
    for word in spilled { state.word(word) }
    state.count(classRequests.count)
    for (bit, count) in classRequests {
      state.number(bit)
      state.number(count)
    }
    state.count(rules.count)
    for (rule, count) in rules {
      state.word(rule)
      state.number(count)
    }
    state.count(targets.entries.count)
    for target in targets.entries {
      state.bytes(target.path)
      state.number(target.count)
      state.number(target.error)
    }
    state.count(evidence.count)
    for line in evidence { line.writeWithoutMarks(to: &state) }
    state.count(sample.items.count)
    for item in sample.items {
      state.word(item.id)
      state.number(item.weight)
      state.address(item.client)
      state.word(item.userAgent)
      for text in [item.agent, item.texts.method, item.texts.path, item.texts.queryNames] { state.bytes(text) }
    }
    state.count(harm.normalSampled)
    state.count(harm.normalFromSources)
    // Fingerprints of fields that it did not know were none.
    let told = harm.fingerprint.flatMap { $0.parts.allSatisfy { $0.field.rawValue < 6 } ? $0 : nil }
    state.count(told?.parts.count ?? 0)
    if let told {
      for part in told.parts {
        state.byte(part.field.rawValue)
        state.bytes(part.value)
      }
      state.number(told.covers)
      state.count(told.normalHits)
    }
    state.count(signatureMembers.count)
    for (signature, count) in signatureMembers {
      state.word(signature)
      state.signed(Int64(count))
    }
    state.count(keys.count)
    for key in keys {
      state.word(key)
      state.flag(isLed(key))
    }
    state.count(members.count)
    for (address, member) in sortedMembers {
      state.address(address)
      state.number(member.requests)
      state.signed(member.first)
      state.signed(member.last)
      state.number(member.confidence)
      state.word(member.signature)
      state.flag(member.isLoud)
      state.flag(isLed(memberKey(address)))
    }
  }
}
