// Attacks on the topic `attacks`: the state of one, whole, each time it changes.

import Bytes
import CapnProto

/// Writes records; keep it, for its memory is used again.
public struct AttackEncoder: ~Copyable {
  public static var schemaVersion: UInt16 { 1 }
  /// Key of the record that says that all input has ended.
  public static var closedKey: String { "closed" }
  private var builder = MessageBuilder(capacity: 1 << 14)

  public init() {}

  /// - Parameter watermark: The windows that end by it had been taken when the attack was told.
  public mutating func write(_ attack: Attack, watermark: Nanoseconds, _ emit: (RawSpan) -> Void) {
    Self.fill(&builder, attack, watermark)
    emit(builder.framed)
  }

  /// Writes that all input has ended.
  public mutating func writeClosed(watermark: Nanoseconds, _ emit: (RawSpan) -> Void) {
    Self.fill(&builder, nil, watermark)
    emit(builder.framed)
  }

  private static func fill(_ builder: inout MessageBuilder, _ attack: Attack?, _ watermark: Nanoseconds) {
    let record = builder.start(AttackRecordBuilder.self)
    record.schemaVersion = schemaVersion
    record.watermark = watermark
    if let attack { write(attack, record.told.initAttack()) } else { record.told.setClosed() }
  }

  private static func write(_ attack: Attack, _ content: AttackContentBuilder) {
    content.id = UInt64(attack.id, radix: 16) ?? 0
    content.state = attack.state.code
    content.kind = attack.kind.code
    content.severity = attack.severity.code
    content.setAttackClass(attack.attackClass)
    content.setZone(attack.zone.span.bytes)
    content.start = attack.start
    content.end = attack.end
    content.confidence = attack.confidence
    content.requests = attack.requests
    content.peakRate = attack.peakRate
    content.baselineRate = attack.baselineRate
    content.sourceCount = attack.sourceCount
    let sources = content.initSources(count: attack.sources.count)
    for (i, source) in attack.sources.enumerated() {
      let entry = sources[i]
      entry.clientHigh = source.address.high
      entry.clientLow = source.address.low
      entry.requests = source.requests
      entry.lower = source.lower
      entry.upper = source.upper
    }
    let targets = content.initTargets(count: attack.targets.count)
    for (i, target) in attack.targets.enumerated() {
      let entry = targets[i]
      entry.setPath(target.path.span.bytes)
      entry.requests = target.requests
      entry.lower = target.lower
      entry.upper = target.upper
    }
    let rules = content.initRules(count: attack.rules.count)
    for (i, rule) in attack.rules.enumerated() {
      let entry = rules[i]
      entry.setId(rule.id)
      entry.setTitle(rule.title)
      entry.matches = rule.matches
    }
    var files = FileNames()
    let evidence = content.initEvidence(count: attack.evidence.count)
    for (i, line) in attack.evidence.enumerated() {
      let entry = evidence[i]
      entry.line = line.line
      entry.time = line.time
      entry.clientHigh = line.client.high
      entry.clientLow = line.client.low
      entry.file = files.place(of: line.file)
      entry.status = line.status
      entry.setRequest(line.request.span.bytes)
    }
    if !files.names.isEmpty { files.write(to: content.initFiles(count: files.names.count)) }
    content.setExplanation(attack.explanation)
    if let fingerprint = attack.fingerprint {
      let parts = content.initFingerprint(count: fingerprint.parts.count)
      for (i, part) in fingerprint.parts.enumerated() {
        parts[i].field = part.field.code
        parts[i].setValue(part.value.span.bytes)
      }
      content.covers = fingerprint.covers
      content.normalHits = UInt32(truncatingIfNeeded: fingerprint.normalHits)
      if !fingerprint.hitsOfParts.isEmpty {
        let hits = content.initHitsOfParts(count: fingerprint.hitsOfParts.count)
        for (i, count) in fingerprint.hitsOfParts.enumerated() { hits[i] = UInt64(max(count, 0)) }
      }
    }
    content.normalSampled = UInt32(truncatingIfNeeded: attack.normalSampled)
    content.normalFromSources = UInt32(truncatingIfNeeded: attack.normalFromSources)
    write(notesOf: attack.sources, content)
  }

  /// Where nothing is known nothing is written.
  private static func write(notesOf sources: [Attack.Source], _ content: AttackContentBuilder) {
    let known = sources.enumerated().compactMap { place, source in source.note.map { (place, $0) } }
    guard !known.isEmpty else { return }
    let notes = content.initNotes(count: known.count)
    for (i, (place, note)) in known.enumerated() {
      let entry = notes[i]
      entry.source = UInt32(truncatingIfNeeded: place)
      let lists = entry.initLists(count: note.lists.count)
      for (j, mention) in note.lists.enumerated() {
        lists[j].setList(mention.list)
        lists[j].kind = mention.kind.code
      }
      entry.setCountry(note.country)
      entry.asn = note.asn
      entry.setOrganisation(note.organisation)
      entry.earlierAttacks = note.earlierAttacks
      entry.score = note.score
    }
  }
}
