// Joining, hysteresis, ids, bounds: what makes one campaign one attack.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct CampaignTests {
  func candidate(
    _ kind: AttackKind = .injection, at seconds: Double, from client: IPAddress, confidence: Double = 0.9,
    requests: UInt64 = 10, loud: Bool = true, signature: UInt64 = 0, classes: AttackClasses = .sqlInjection,
    zone: String = "a"
  ) -> Candidate {
    let time = scriptStart + Nanoseconds(seconds * 1e9)
    var candidate = Candidate(
      zone: Array(zone.utf8), kind: kind, windowStart: time, windowEnd: time + 10 * nanosecondsPerSecond,
      address: client, first: time, last: time + 5 * nanosecondsPerSecond, requests: requests, confidence: confidence)
    (candidate.loud, candidate.signature, candidate.classes) = (loud, signature, classes)
    return candidate
  }

  func run(
    _ candidates: [Candidate], settings: CampaignSettings = CampaignSettings()
  ) -> (attacks: [Attack], events: [Attack], sources: [AttackSource]) {
    var stage = CampaignStage(settings: settings)
    var sink = SourceList()
    var events: [Attack] = []
    var i = 0
    let sorted = candidates.sorted { $0.windowEnd < $1.windowEnd }
    while i < sorted.count {
      let end = sorted[i].windowEnd
      var batch: [Candidate] = []
      while i < sorted.count, sorted[i].windowEnd == end {
        batch.append(sorted[i])
        i += 1
      }
      events += stage.consume(batch, watermark: end, sources: &sink)
    }
    return (stage.finish(sources: &sink), events, sink.sources)
  }

  @Test func oneAttackOverShortPausesAndTwoWhenFarApart() {
    let client = address("203.0.113.1")
    let near = run([0, 600, 1_200].map { candidate(.flood, at: $0 / 3, from: client) })
    #expect(near.attacks.count == 1)
    let far = run([0, 20_000].map { candidate(.flood, at: $0, from: client) })
    #expect(far.attacks.count == 2)
    #expect(Set(far.attacks.map(\.id)).count == 2)
  }

  @Test func toolsThatStartTogetherAreOneWhateverElseTheirRequestsMatchHereAndThere() {
    let titles: [UInt64: RuleTitle] = [
      1: RuleTitle(id: "script", title: "", classes: .crossSiteScripting),
      2: RuleTitle(id: "sql", title: "", classes: .sqlInjection),
      3: RuleTitle(id: "tool", title: "", classes: .scanner),
    ]
    func attacks(_ second: [RuleTally]) -> Int {
      var one = candidate(at: 0, from: address("203.0.113.1"), classes: .crossSiteScripting)
      one.rules = [RuleTally(rule: 1, count: 30)]
      var other = candidate(
        at: 0, from: address("198.51.100.1"), classes: [.crossSiteScripting, .sqlInjection, .scanner])
      other.rules = second
      var stage = CampaignStage(rules: titles)
      var sink = NoSourceSink()
      _ = stage.consume([one, other], watermark: one.windowEnd, sources: &sink)
      return stage.finish(sources: &sink).count
    }
    #expect(attacks([RuleTally(rule: 1, count: 30), RuleTally(rule: 2, count: 3)]) == 1)
    // A tool's name is in each of its requests, and says nothing of what it is after.
    #expect(attacks([RuleTally(rule: 1, count: 30), RuleTally(rule: 3, count: 33)]) == 1)
    #expect(attacks([RuleTally(rule: 1, count: 3), RuleTally(rule: 2, count: 30)]) == 2)
    // Where nothing is known of the rules, the classes decide.
    #expect(attacks([RuleTally(rule: 9, count: 30)]) == 2)
    #expect(attacks([]) == 2)
  }

  @Test func anAttackStartsGoesOnAndEndsUnderOneId() {
    let client = address("203.0.113.1")
    let later = address("198.51.100.1")
    let outcome = run(
      (0..<30).map { candidate(.flood, at: Double($0) * 10, from: client) }
        + [candidate(.injection, at: 5_000, from: later)])
    let flood = outcome.events.filter { $0.kind == .flood }
    #expect(flood.first?.state == .started)
    #expect(flood.last?.state == .ended)
    #expect(flood.dropFirst().dropLast().allSatisfy { $0.state == .ongoing })
    #expect(flood.count > 3)
    #expect(Set(flood.map(\.id)).count == 1)
    #expect(flood.first?.id.utf8.count == 16)
  }

  @Test func anActorWhoComesBackGoesOnUnderTheSameId() {
    let client = address("203.0.113.1")
    let outcome = run([0, 90_000, 300_000].map { candidate(.scanning, at: $0, from: client) })
    #expect(outcome.attacks.count == 1)
    #expect(outcome.events.map(\.state) == [.started, .ongoing, .ongoing, .ended] || outcome.attacks[0].requests == 30)
    let later = run([0, 2_000_000].map { candidate(.scanning, at: $0, from: client) })
    #expect(later.attacks.count == 2)
  }

  @Test func unrelatedClientsDoNotJoinALoudAttack() {
    let outcome = run([
      candidate(at: 0, from: address("203.0.113.1")),
      candidate(at: 10, from: address("198.51.100.1"), requests: 1, loud: false),
      candidate(at: 20, from: address("203.0.113.1")),
    ])
    #expect(outcome.attacks.count == 2)
    #expect(outcome.attacks.allSatisfy { $0.sourceCount == 1 })
  }

  @Test func straysOfOneClassAreOneBackgroundAttack() {
    let outcome = run(
      (0..<30).map {
        candidate(
          .scanning, at: Double($0) * 1_000, from: address(100, UInt32($0) << 12), requests: 1, loud: false,
          classes: .vulnerabilityProbe)
      })
    #expect(outcome.attacks.count == 1)
    #expect(outcome.attacks.first?.sourceCount == 30)
    #expect(outcome.sources.count == 30)
  }

  @Test func straysWithOneSignatureAreACampaignOfTheirOwn() {
    var candidates = (0..<10).map {
      candidate(
        at: Double($0) * 500, from: address(100, UInt32($0) << 12), requests: 1, loud: false, signature: 77)
    }
    candidates += (0..<10).map {
      candidate(
        at: Double($0) * 500 + 250, from: address(110, UInt32($0) << 12), requests: 1, loud: false,
        signature: UInt64(1_000 + $0))
    }
    let outcome = run(candidates)
    #expect(outcome.attacks.count == 2)
    #expect(outcome.attacks.map(\.sourceCount).sorted() == [10, 10])
    let own = outcome.sources.filter { $0.address.low >> 24 & 255 == 100 }
    #expect(Set(own.map(\.attack)).count == 1)
  }

  @Test func aStrayThatBecomesLoudIsAnAttackOfItsOwn() {
    let client = address("203.0.113.1")
    let alone = run(
      (0..<20).map { candidate(at: Double($0) * 10, from: client, requests: 3, loud: $0 > 2) }
        + [candidate(at: 5_000, from: address("198.51.100.1"), requests: 1, loud: false)])
    #expect(alone.attacks.count == 2)
    #expect(alone.attacks.map(\.requests).sorted() == [1, 60])
    var crowd = (0..<4).map {
      candidate(at: Double($0), from: address(100, UInt32($0) << 12), requests: 1, loud: false)
    }
    crowd += (0..<20).map { candidate(at: 100 + Double($0) * 10, from: client, requests: 3, loud: $0 > 2) }
    let moved = run(crowd)
    #expect(moved.attacks.map(\.requests).sorted() == [4, 60])
    #expect(moved.sources.filter { $0.address == client }.count == 1)
  }

  @Test func doubtfulGuessesAddUp() {
    let few = run(
      (0..<2).map {
        candidate(
          .bruteForce, at: Double($0) * 900, from: address(100, UInt32($0) << 12), confidence: 0.3, requests: 2,
          loud: false)
      })
    #expect(few.attacks.isEmpty)
    #expect(few.sources.isEmpty)
    let many = run(
      (0..<30).map {
        candidate(
          .bruteForce, at: Double($0) * 900, from: address(100, UInt32($0) << 12), confidence: 0.3, requests: 2,
          loud: false)
      })
    #expect(many.attacks.count == 1)
    #expect(many.attacks.first?.sourceCount == 30)
    #expect(many.attacks.first?.kind == .credentialStuffing)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func theOrderWithinAWindowDoesNotMatter(seed: UInt64) {
    var dice = Dice(seed)
    let candidates = (0..<400).map { _ in
      candidate(
        [.injection, .scanning, .flood, .bruteForce][dice.roll(4)], at: Double(dice.roll(40)) * 10,
        from: address(100, UInt32(dice.roll(60)) << 6), confidence: Double(dice.roll(10)) / 10,
        requests: UInt64(1 + dice.roll(9)),
        loud: dice.roll(2) == 0, signature: UInt64(dice.roll(6)))
    }
    let reference = run(candidates)
    for _ in 0..<3 {
      var shuffled = candidates
      for i in shuffled.indices.reversed() { shuffled.swapAt(i, dice.roll(i + 1)) }
      let other = run(shuffled)
      #expect(other.attacks == reference.attacks, "seed \(seed)")
      #expect(other.sources == reference.sources, "seed \(seed)")
      #expect(other.events == reference.events, "seed \(seed)")
    }
  }

  @Test func sourcesPastTheBoundAreSpilledAndNoneIsLost() {
    var settings = CampaignSettings()
    settings.membersInMemory = 1_000
    let candidates = (0..<20_000).map {
      candidate(.distributedFlood, at: Double($0 / 200) * 10, from: address(100, UInt32($0)), requests: 2)
    }
    let outcome = run(candidates, settings: settings)
    #expect(outcome.attacks.count == 1)
    #expect(outcome.sources.count == 20_000)
    #expect(outcome.sources.allSatisfy { $0.requests == 2 })
    let counted = Double(outcome.attacks.first?.sourceCount ?? 0)
    #expect(abs(counted - 20_000) < 400)
  }

  @Test func openCampaignsAreBounded() {
    var settings = CampaignSettings()
    settings.openCampaigns = 100
    var stage = CampaignStage(settings: settings)
    var sink = SourceList()
    for i in 0..<2_000 {
      let one = candidate(at: Double(i) / 10, from: address(UInt32(i % 200), UInt32(i) << 8))
      _ = stage.consume([one], watermark: one.windowEnd, sources: &sink)
      #expect(stage.memory.campaigns <= 100)
    }
  }

  @Test func thePeakIsOfOneWindowAndNotOfWholeVisits() {
    // Pages of visits of an hour that are told of in one window, when it becomes clear what they are.
    let told = (0..<20).map { i in
      var one = candidate(.scraping, at: 7_200, from: address(100, UInt32(i)), requests: 360)
      one.first -= 3_600 * nanosecondsPerSecond
      return one
    }
    var now = candidate(.scraping, at: 7_200, from: address("203.0.113.1"), requests: 10)
    now.first = now.windowStart
    let peak = run(told + [now]).attacks.first?.peakRate ?? 0
    #expect(peak >= 1 && peak < 2)
  }

  @Test func attacksComeInTheOrderOfSeverity() {
    let outcome = run([
      candidate(.scanning, at: 0, from: address("203.0.113.1"), classes: .vulnerabilityProbe),
      candidate(.distributedFlood, at: 100, from: address("203.0.113.2")),
      candidate(.injection, at: 50, from: address("198.51.100.3")),
    ])
    #expect(outcome.attacks.map(\.severity) == outcome.attacks.map(\.severity).sorted(by: >))
    #expect(outcome.attacks.count == 3)
  }
}
