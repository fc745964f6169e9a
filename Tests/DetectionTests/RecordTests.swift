// Candidates and attacks as records: what is read is what was written, and no record stops the program.

import Bytes
import Testing

@testable import Detection

@Suite struct RecordTests {
  @Test(arguments: [UInt64](1...20))
  func candidatesComeBackAsTheyWere(seed: UInt64) throws {
    var dice = Dice(seed)
    let candidates = (0..<dice.roll(200)).map { _ in dice.candidate(end: scriptStart) }
    var encoder = CandidatesEncoder(recordBytes: 4_096)
    var read: [ZoneStageRecord] = []
    var errors: [RecordError] = []
    let decoder = CandidatesDecoder()
    encoder.write(candidates, end: 99, isLate: seed % 2 == 0, partition: 3, ruleSet: 7) { record in
      do throws(RecordError) { read.append(try decoder.read(record)) } catch { errors.append(error) }
    }
    encoder.writeProgress(to: .max, partition: 3, ruleSet: 7) { record in
      do throws(RecordError) { read.append(try decoder.read(record)) } catch { errors.append(error) }
    }
    #expect(errors.isEmpty)
    #expect(read.allSatisfy { $0.partition == 3 && $0.ruleSet == 7 })
    #expect(read.last?.said == .progress && read.last?.end == .max)
    var merged: [Candidate] = []
    for record in read.dropLast() {
      guard case .candidates(let some, let isLate) = record.said else {
        Issue.record("no candidates")
        continue
      }
      #expect(isLate == (seed % 2 == 0) && record.end == 99)
      merged += some
    }
    #expect(merged == candidates, "seed \(seed)")
    #expect(candidates.count < 20 || read.count > 3)
  }

  static func attacks(_ seed: UInt64) -> [Attack] {
    var dice = Dice(seed)
    var stage = CampaignStage(rules: [3: RuleTitle(id: "some-rule", title: "A rule with \"quotes\" and \u{1F9E8}")])
    var sink = NoSourceSink()
    var told: [Attack] = []
    for step in dice.steps(120) { told += stage.consume(step.candidates, watermark: step.end, sources: &sink) }
    told += stage.finish(sources: &sink)
    // Every second attack has sources that are known from elsewhere.
    for i in told.indices where i % 2 == 0 {
      for j in told[i].sources.indices where j % 3 != 1 {
        var note = SourceNote()
        for (k, kind) in AddressKind.allCases.enumerated() where dice.roll(3) == 0 {
          note.lists.append(.init(list: "list \(k) \u{1F9E8}", kind: kind))
        }
        if dice.roll(2) == 0 { (note.country, note.asn, note.organisation) = ("DE", 64_500, "Example Net") }
        note.earlierAttacks = UInt32(j)
        note.score = UInt8(j)
        told[i].sources[j].note = note
      }
    }
    return told
  }

  @Test(arguments: [UInt64](1...10))
  func attacksComeBackAsTheyWere(seed: UInt64) throws {
    let attacks = Self.attacks(seed)
    #expect(attacks.count > 20)
    var encoder = AttackEncoder()
    let decoder = AttackDecoder()
    for attack in attacks {
      var read: CampaignStageRecord?
      encoder.write(attack, watermark: 5) { record in read = try? decoder.read(record) }
      #expect(read == CampaignStageRecord(watermark: 5, told: .attack(attack)), "seed \(seed)")
    }
    var read: CampaignStageRecord?
    encoder.writeClosed(watermark: 8) { record in read = try? decoder.read(record) }
    #expect(read == CampaignStageRecord(watermark: 8, told: .closed))
  }

  @Test(arguments: [UInt64](1...20))
  func damagedRecordsAreReadOrRefused(seed: UInt64) {
    var dice = Dice(seed)
    var records: [[UInt8]] = []
    var candidates = CandidatesEncoder()
    candidates.write(
      (0..<8).map { _ in dice.candidate(end: scriptStart) }, end: 1, isLate: false, partition: 0, ruleSet: 0
    ) { records.append($0.copied()) }
    var attacks = AttackEncoder()
    for attack in Self.attacks(seed).prefix(4) { attacks.write(attack, watermark: 0) { records.append($0.copied()) } }
    let candidatesDecoder = CandidatesDecoder()
    let attackDecoder = AttackDecoder()
    var refused = 0
    for record in records {
      for _ in 0..<400 {
        var damaged = record
        if dice.roll(4) == 0 { damaged = Array(damaged.prefix(dice.roll(damaged.count))) }
        for _ in 0..<(1 + dice.roll(6)) where !damaged.isEmpty {
          damaged[dice.roll(min(damaged.count, dice.roll(2) == 0 ? 160 : .max))] = UInt8(dice.roll(256))
        }
        do { _ = try candidatesDecoder.read(damaged.span.bytes) } catch { refused += 1 }
        do { _ = try attackDecoder.read(damaged.span.bytes) } catch { refused += 1 }
      }
    }
    #expect(refused > 100)
  }
}
