// What no honest log holds: nothing of it traps, what is remembered stays bounded, and what is saved can be read.

import Bytes
import Rollups
import Testing

@testable import Detection

extension Dice {
  /// A number of any size, often at an end.
  fileprivate mutating func extreme() -> UInt64 {
    switch roll(6) {
    case 0: 0
    case 1: .max
    case 2: UInt64(Int64.max)
    case 3: 1 << UInt64(roll(64))
    case 4: word()
    default: UInt64(roll(50))
    }
  }

  fileprivate mutating func time(near time: Nanoseconds) -> Nanoseconds {
    switch roll(8) {
    case 0: .min
    case 1: .max
    case 2: 0
    case 3: Int64(bitPattern: word())
    default: time &+ Nanoseconds(roll(1 << 36)) &- 1 << 35
    }
  }

  fileprivate mutating func counts() -> ActivityCounts {
    var counts = ActivityCounts()
    counts.requests = extreme()
    counts.bytes = extreme()
    counts.status2xx = extreme()
    counts.status3xx = extreme()
    counts.status4xx = extreme()
    counts.status5xx = extreme()
    counts.unauthorized = extreme()
    counts.notFound = extreme()
    counts.get = extreme()
    counts.post = extreme()
    counts.matched = extreme()
    counts.logins = extreme()
    counts.loginFailures = extreme()
    counts.slow = extreme()
    counts.assets = extreme()
    counts.cacheHits = extreme()
    counts.cacheMisses = extreme()
    return counts
  }

  fileprivate mutating func bitmap() -> DistinctBitmap {
    var bitmap = DistinctBitmap()
    for _ in 0..<roll(300) { bitmap.insert(word()) }
    return bitmap
  }

  fileprivate mutating func row(near time: Nanoseconds) -> ClientObservation {
    let client = roll(9) == 0 ? IPAddress(high: word(), low: word()) : address(UInt32(roll(3)), UInt32(roll(300)))
    var row = ClientObservation(address: client, firstTime: self.time(near: time), lastTime: self.time(near: time))
    row.counts = counts()
    (row.paths, row.failedPaths, row.queries, row.users) = (bitmap(), bitmap(), bitmap(), bitmap())
    (row.userAgent, row.loginPath, row.topPath) = (UInt64(roll(4)), UInt64(roll(4)), UInt64(roll(4)))
    (row.topPathCount, row.referrers, row.signature) = (extreme(), extreme(), UInt64(roll(3)))
    (row.maxScore, row.scoreSum, row.classes) = (
      UInt8(roll(256)), extreme(), AttackClasses(rawValue: UInt32(truncatingIfNeeded: word()))
    )
    row.robots = roll(4) == 0
    row.rules = (0..<roll(3)).map { _ in RuleTally(rule: UInt64(roll(3)), count: extreme()) }
    row.evidence = (0..<roll(4)).map { _ in
      var line = evidence()
      line.time = self.time(near: time)
      return line
    }
    return row
  }
}

@Suite struct HostileInputTests {
  @Test(arguments: [UInt64](1...8))
  func windowsOfAnyTimeAndSizeTrapNothingAndLeaveAStateThatIsRead(seed: UInt64) throws {
    var dice = Dice(seed &* 1_313)
    var settings = BehaviourSettings()
    (settings.clientsPerZone, settings.networksPerZone, settings.zones) = (200, 50, 6)
    var zones = ZoneStage(settings: settings)
    var campaigns = CampaignStage()
    zones.trackChanges()
    campaigns.trackChanges()
    var saved = (zones: SavedState(), campaigns: SavedState())
    var sink = NoSourceSink()
    let texts: [[UInt8]] = [
      [], Array(browserAgent.utf8), Array("Mozilla/5.0 \u{0}\u{1b}[2J".utf8), Array("/login".utf8) + [0, 0xff],
    ]
    let names = [
      [], [0], Array(repeating: 0x61, count: 8_192), Array("*".utf8), Array("/".utf8), [0xff, 0xfe], Array("a".utf8),
    ]
    var time = scriptStart
    for step in 0..<80 {
      time = dice.roll(15) == 0 ? dice.time(near: time) : time &+ 10 * nanosecondsPerSecond
      let length = dice.roll(12) == 0 ? [0, -1, 1, .max, .min][dice.roll(5)] : 10 * nanosecondsPerSecond
      var window = WindowActivity(start: time, length: length, zone: names[dice.roll(names.count)])
      window.counts = dice.counts()
      window.isLate = dice.roll(9) == 0
      window.clients = (0..<dice.roll(60)).map { _ in dice.row(near: time) }.sorted { $0.address < $1.address }
      if dice.roll(10) == 0 {
        window.correlations = [
          CorrelationFinding(
            correlation: 3, group: [], count: dice.extreme(), firstTime: dice.time(near: time),
            lastTime: dice.time(near: time), client: nil, evidence: [], reached: dice.extreme())
        ]
      }
      var found: [Candidate] = []
      zones.consume(window, text: { texts[Int($1 % 4)] }, into: &found)
      #expect(zones.memory.zones <= 6 && zones.memory.clients <= 6 * 200)
      _ = campaigns.consume(found, watermark: dice.roll(9) == 0 ? dice.time(near: time) : window.end, sources: &sink)
      _ = campaigns.snapshot()
      guard step % 20 == 19 else { continue }
      saved.zones.apply(zones.takeChanges())
      saved.campaigns.apply(campaigns.takeChanges())
      let restored = try ZoneStage(settings: settings, seed: 0x6d69_6c6c_7261_6365, restoring: saved.zones)
      #expect(restored.wholeMemory == zones.wholeMemory, "seed \(seed), step \(step)")
      let joined = try CampaignStage(settings: CampaignSettings(), rules: [:], restoring: saved.campaigns)
      #expect(joined.wholeMemory == campaigns.wholeMemory, "seed \(seed), step \(step)")
    }
    _ = campaigns.close(sources: &sink)
  }

  @Test func campaignsAreBoundedAndTheLongestQuietGoFirst() {
    var settings = CampaignSettings()
    settings.openCampaigns = 160
    var stage = CampaignStage(settings: settings)
    var sink = NoSourceSink()
    for i in 0..<2_000 {
      let start = scriptStart + Nanoseconds(i) * nanosecondsPerSecond
      var candidate = Candidate(
        zone: Array("zone\(i)".utf8), kind: .injection, windowStart: start, windowEnd: start + nanosecondsPerSecond,
        address: address(1, UInt32(i)), first: start, last: start, requests: 9, confidence: 0.9)
      candidate.loud = true
      let before = stage.memory.campaigns
      _ = stage.consume([candidate], watermark: candidate.windowEnd, sources: &sink)
      // They do not go one by one, for each time all are looked at.
      #expect(stage.memory.campaigns == before + 1 || stage.memory.campaigns == 150)
      #expect(stage.open.values.contains { $0.start == start })
    }
    #expect(stage.finish(sources: &sink).count == 2_000)
  }

  @Test func whatIsKnownOfZonesIsBoundedAndTheLongestUnheardGoFirst() {
    var memory = ZoneMemory<Int>()
    for i in 0..<10_000 {
      memory.set(i, of: Array("zone\(i)".utf8), at: Nanoseconds(i))
      #expect(memory[Array("zone\(i)".utf8)]?.value == i)
      if i >= 1_024 { #expect(memory[Array("zone\(i - 1_024)".utf8)] == nil) }
      if i >= 900 { #expect(memory[Array("zone\(i - 900)".utf8)] != nil) }
    }
  }

  @Test func whatSaysNothingNewChangesNothingThatIsNotSaved() throws {
    var stage = CampaignStage()
    var sink = NoSourceSink()
    stage.trackChanges()
    var saved = SavedState()
    let tests = AnswerTests()
    let line = tests.line("GET /a?x=;id", status: 404, bytes: 1_735, ordinal: 1)
    for window in 0..<3 {
      _ = stage.consume([tests.candidate([line], window: window)], watermark: .max, sources: &sink)
      saved.apply(stage.takeChanges())
    }
    let restored = try CampaignStage(settings: CampaignSettings(), rules: [:], restoring: saved)
    #expect(restored.wholeMemory == stage.wholeMemory)
  }
}
