// One address in many zones: told where no zone would tell of it.

import Bytes
import Testing

@testable import Detection

@Suite struct ZoneCrossingsTests {
  private let hour = 3_600 * nanosecondsPerSecond

  private func hint(
    _ zone: String, at time: Nanoseconds, from client: IPAddress = address("203.0.113.5"),
    kind: AttackKind = .scanning, confidence: Double = Candidate.hint
  ) -> Candidate {
    var hint = Candidate(
      zone: Array(zone.utf8), kind: kind, windowStart: time, windowEnd: time + 10 * nanosecondsPerSecond,
      address: client, first: time, last: time + nanosecondsPerSecond, requests: 3, confidence: confidence)
    var line = EvidenceRecord()
    (line.time, line.client, line.status) = (time, client, 404)
    line.ordinal = UInt64(time)
    line.request = Array("GET /admin/ HTTP/1.1".utf8)
    hint.evidence = [line]
    return hint
  }

  private func attacks(_ hints: [Candidate]) -> [Attack] {
    var stage = CampaignStage()
    var sink = NoSourceSink()
    for hint in hints { _ = stage.consume([hint], watermark: hint.windowEnd, sources: &sink) }
    return stage.finish(sources: &sink)
  }

  @Test func aLittleInEachOfManyZonesIsOneAttackOnAllOfThem() throws {
    let found = attacks((0..<12).map { hint("www\($0).example.org", at: scriptStart + Nanoseconds($0) * hour) })
    let attack = try #require(found.first)
    #expect(found.count == 1)
    #expect(attack.zone == Attack.manyZones)
    #expect(attack.kind == .scanning)
    #expect(attack.requests == 36)
    #expect(attack.sourceCount == 1)
    #expect(attack.start == scriptStart)
    #expect(attack.targets.contains { $0.path == Array("www3.example.org/admin/".utf8) })
    #expect(attack.evidence.count >= 5)
    #expect(attack.explanation.contains("12 hosts"))
  }

  @Test func guessesInManyZonesAreOneAttackOfGuessing() {
    let found = attacks(
      (0..<8).map { hint("www\($0).example.org", at: scriptStart + Nanoseconds($0) * hour, kind: .bruteForce) })
    #expect(found.map(\.kind) == [.bruteForce])
  }

  @Test func aLittleInAFewZonesIsNone() {
    let inOne = (0..<40).map { hint("www\($0 % 4).example.org", at: scriptStart + Nanoseconds($0) * hour / 2) }
    #expect(attacks(inOne).isEmpty)
  }

  @Test func whatIsDaysApartIsNotAddedUp() {
    let slow = (0..<20).map { hint("www\($0).example.org", at: scriptStart + Nanoseconds($0) * 30 * hour) }
    #expect(attacks(slow).isEmpty)
  }

  @Test func manyAddressesInManyZonesAreNotTakenForOne() {
    let many = (0..<60).map {
      hint("www\($0).example.org", at: scriptStart + Nanoseconds($0) * hour / 10, from: address(7, UInt32($0) << 8))
    }
    #expect(attacks(many).isEmpty)
  }

  @Test func whatIsSureInItsZoneIsToldThere() {
    let sure = (0..<8).map { hint("www\($0).example.org", at: scriptStart + Nanoseconds($0) * hour, confidence: 0.9) }
    #expect(attacks(sure).allSatisfy { $0.zone != Attack.manyZones })
  }

  @Test func addressesAreForgottenInTheOrderInWhichTheyWereSeen() {
    var crossings = ZoneCrossings()
    for i in 0..<(ZoneCrossings.limit * 2) {
      _ = crossings.note(hint("www.example.org", at: scriptStart + Nanoseconds(i), from: address(9, UInt32(i))))
      #expect(crossings.crossings.count <= ZoneCrossings.limit)
    }
    #expect(crossings.crossings[address(9, UInt32(ZoneCrossings.limit * 2 - 1))] != nil)
    #expect(crossings.crossings[address(9, 0)] == nil)
  }

  @Test func theZoneStageHintsAtWhatItDoesNotTell() {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 3600, perMinute: 20)
    for (i, path) in ["/admin/", "/old/", "/portal/"].enumerated() {
      script.add(ScriptedRequest(time: 1_000 + Double(i) * 4, client: address("203.0.113.8"), path: path, status: 404))
    }
    let outcome = script.run()
    #expect(outcome.attacks.isEmpty)
    let hints = outcome.candidates.filter { $0.address == address("203.0.113.8") && $0.confidence == Candidate.hint }
    #expect(hints.reduce(0) { $0 + $1.requests } == 3)
    #expect(hints.allSatisfy { $0.kind == .scanning && !$0.loud && !$0.evidence.isEmpty })
  }
}
