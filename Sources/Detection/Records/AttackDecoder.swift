// What a record of the topic `attacks` says.

import Bytes
import CapnProto

/// One record of the campaign stage.
public struct CampaignStageRecord: Sendable, Equatable {
  public enum Told: Sendable, Equatable {
    case attack(Attack)
    /// All input has ended.
    case closed
  }
  /// ns; the campaign stage had taken the windows that end by it.
  public var watermark: Nanoseconds
  public var told: Told

  public init(watermark: Nanoseconds, told: Told) { (self.watermark, self.told) = (watermark, told) }
}

/// Reads records. What a record says is checked; it throws, and never traps.
public struct AttackDecoder: ~Copyable {
  private let limiter = ReadLimiter(words: 4 << 20)

  public init() {}

  public func read(_ record: RawSpan) throws(RecordError) -> CampaignStageRecord {
    do {
      let content = AttackRecord(try Message(framed: record, limiter: limiter).rootStruct)
      return try Self.read(content, size: record.byteCount)
    } catch let error as RecordError {
      throw error
    } catch let error as WireError {
      throw .wire(error)
    } catch {
      throw .invalid("\(error)")
    }
  }

  private static func read(_ record: borrowing AttackRecord, size: Int) throws -> CampaignStageRecord {
    guard record.schemaVersion == AttackEncoder.schemaVersion else {
      throw RecordError.unsupportedVersion(record.schemaVersion)
    }
    switch record.told.which {
    case .attack:
      return CampaignStageRecord(
        watermark: record.watermark, told: .attack(try attack(record.told.attack, size: size)))
    case .closed: return CampaignStageRecord(watermark: record.watermark, told: .closed)
    case .unrecognized: throw RecordError.invalid("something newer than an attack")
    }
  }

  private static func attack(_ content: borrowing AttackContent, size: Int) throws -> Attack {
    var attack = Attack(
      id: Attack.text(ofId: content.id), kind: AttackKind(content.kind), zone: try content.zone.copied(),
      start: content.start, end: content.end)
    attack.state = AttackState(content.state)
    attack.severity = Severity(content.severity)
    attack.attackClass = String(copying: try content.attackClass)
    attack.confidence = content.confidence
    attack.requests = content.requests
    attack.peakRate = content.peakRate
    attack.baselineRate = content.baselineRate
    guard attack.confidence.isFinite, attack.peakRate.isFinite, attack.baselineRate.isFinite else {
      throw RecordError.invalid("a rate or a confidence that is no number")
    }
    attack.sourceCount = content.sourceCount
    let sources = try content.sources
    try checkCount(sources.count, in: size, "sources")
    for i in 0..<sources.count {
      let entry = sources[i]
      attack.sources.append(
        Attack.Source(
          address: IPAddress(high: entry.clientHigh, low: entry.clientLow), requests: entry.requests,
          lower: entry.lower, upper: entry.upper))
    }
    try readNotes(content, size: size, into: &attack.sources)
    let targets = try content.targets
    try checkCount(targets.count, in: size, "targets")
    for i in 0..<targets.count {
      let entry = targets[i]
      attack.targets.append(
        Attack.Target(
          path: try entry.path.copied(), requests: entry.requests, lower: entry.lower, upper: entry.upper))
    }
    let rules = try content.rules
    try checkCount(rules.count, in: size, "rules")
    for i in 0..<rules.count {
      let entry = rules[i]
      attack.rules.append(
        Attack.Rule(
          id: String(copying: try entry.id), title: String(copying: try entry.title), matches: entry.matches))
    }
    let files = try FileNames(content.files, in: size)
    let evidence = try content.evidence
    try checkCount(evidence.count, in: size, "lines of evidence")
    for i in 0..<evidence.count {
      let entry = evidence[i]
      attack.evidence.append(
        Attack.EvidenceLine(
          file: try files.name(at: entry.file), line: entry.line, time: entry.time,
          client: IPAddress(high: entry.clientHigh, low: entry.clientLow), status: entry.status,
          request: try entry.request.copied()))
    }
    attack.explanation = String(copying: try content.explanation)
    let parts = try content.fingerprint
    try checkCount(parts.count, in: size, "parts of a fingerprint")
    if parts.count > 0 {
      var fingerprint = Fingerprint(parts: [], covers: content.covers, normalHits: Int(content.normalHits))
      guard fingerprint.covers >= 0, fingerprint.covers <= 1 else {
        throw RecordError.invalid("a fingerprint that covers \(fingerprint.covers)")
      }
      for i in 0..<parts.count {
        fingerprint.parts.append(
          Fingerprint.Part(field: FingerprintField(parts[i].field), value: try parts[i].value.copied()))
      }
      let hits = try content.hitsOfParts
      try checkCount(hits.count, in: size, "choices of parts")
      for i in 0..<hits.count { fingerprint.hitsOfParts.append(Int(min(hits[i], UInt64(content.normalSampled)))) }
      attack.fingerprint = fingerprint
    }
    attack.normalSampled = Int(content.normalSampled)
    attack.normalFromSources = Int(content.normalFromSources)
    guard attack.normalFromSources <= attack.normalSampled,
      attack.fingerprint.map({ $0.normalHits <= attack.normalSampled }) ?? true
    else { throw RecordError.invalid("more normal requests hit than looked at") }
    return attack
  }
}

extension AttackDecoder {
  private static func readNotes(
    _ content: borrowing AttackContent, size: Int, into sources: inout [Attack.Source]
  ) throws {
    let notes = try content.notes
    try checkCount(notes.count, in: size, "notes")
    for i in 0..<notes.count {
      let entry = notes[i]
      guard Int(entry.source) < sources.count else {
        throw RecordError.invalid("a note on source \(entry.source) of \(sources.count)")
      }
      var note = SourceNote()
      let lists = try entry.lists
      try checkCount(lists.count, in: size, "lists")
      for j in 0..<lists.count {
        note.lists.append(.init(list: String(copying: try lists[j].list), kind: AddressKind(lists[j].kind)))
      }
      note.country = String(copying: try entry.country)
      note.asn = entry.asn
      note.organisation = String(copying: try entry.organisation)
      note.earlierAttacks = entry.earlierAttacks
      note.score = min(entry.score, 100)
      sources[Int(entry.source)].note = note
    }
  }
}

extension String {
  fileprivate init(copying bytes: RawSpan) { self = String(decoding: bytes.copied(), as: UTF8.self) }
}
