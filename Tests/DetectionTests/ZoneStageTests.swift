// The stage as a whole: the same answer every time, bounded memory, hostile bytes.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct ZoneStageTests {
  func busySite() -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 3_600, perMinute: 30)
    for i in 0..<200 {
      script.add(
        ScriptedRequest(
          time: 900 + Double(i), client: address("203.0.113.9"), path: "/probe/\(i).php", status: 404, agent: "x"))
      script.add(
        ScriptedRequest(
          time: 1_200 + Double(i) * 3, client: address(UInt32(100 + i % 30), UInt32(i)), path: "/a", query: "?id=1'",
          score: 80, classes: .sqlInjection, rule: 4))
    }
    return script
  }

  @Test func theSameTrafficGivesTheSameAttacks() {
    let script = busySite()
    let first = script.run()
    let second = script.run()
    #expect(!first.attacks.isEmpty)
    #expect(first.attacks == second.attacks)
    #expect(first.events == second.events)
    #expect(first.sources == second.sources)
  }

  @Test func theOrderOfClientsInAWindowDoesNotMatter() {
    var script = busySite()
    let first = script.run()
    script.reversed = true
    let second = script.run()
    #expect(first.attacks == second.attacks)
    #expect(first.sources == second.sources)
  }

  @Test func memoryIsBoundedWithAMillionClients() {
    var settings = BehaviourSettings()
    settings.clientsPerZone = 10_000
    settings.networksPerZone = 1_000
    var stage = ZoneStage(settings: settings)
    var candidates: [Candidate] = []
    for window in 0..<500 {
      var activity = WindowActivity(
        start: scriptStart + Nanoseconds(window) * nanosecondsPerSecond, length: nanosecondsPerSecond, zone: [97])
      for i in 0..<2_000 {
        var row = ClientObservation(
          address: IPAddress(v4: UInt32(window * 2_000 + i)), firstTime: activity.start, lastTime: activity.start)
        row.counts.requests = 1
        row.counts.status4xx = 1
        activity.clients.append(row)
      }
      activity.counts.requests = 2_000
      stage.consume(activity, text: { _, _ in [] }, into: &candidates)
      candidates.removeAll()
      #expect(stage.memory.clients <= 10_000)
    }
  }

  @Test func zonesAreBounded() {
    var settings = BehaviourSettings()
    settings.zones = 50
    var stage = ZoneStage(settings: settings)
    var candidates: [Candidate] = []
    for i in 0..<500 {
      let window = WindowActivity(
        start: scriptStart + Nanoseconds(i), length: nanosecondsPerSecond, zone: Array("host\(i)".utf8))
      stage.consume(window, text: { _, _ in [] }, into: &candidates)
    }
    #expect(stage.memory.zones == 50)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func hostileNumbersAndBytesAreHarmless(seed: UInt64) {
    var dice = Dice(seed)
    func any() -> UInt64 { [0, 1, 2, UInt64.max, UInt64.max - 1, 1 << 63, 1 << 32, 400][dice.roll(8)] }
    func time() -> Int64 { [Int64.min, Int64.max, 0, -1, scriptStart, scriptStart + 1][dice.roll(6)] }
    var stage = ZoneStage()
    var campaigns = CampaignStage()
    var sink = SourceList()
    for _ in 0..<400 {
      var window = WindowActivity(
        start: time(), length: time(), zone: (0..<dice.roll(40)).map { _ in UInt8(dice.roll(256)) })
      if dice.roll(2) == 0 { window.zone = [0xff, 0x00, 0x1b] }
      window.counts.requests = any()
      for _ in 0..<dice.roll(20) {
        var row = ClientObservation(
          address: IPAddress(high: any(), low: any()), firstTime: time(), lastTime: time())
        row.counts.requests = any()
        row.counts.bytes = any()
        row.counts.status2xx = any()
        row.counts.status4xx = any()
        row.counts.status5xx = any()
        row.counts.unauthorized = any()
        row.counts.matched = any()
        row.counts.logins = any()
        row.counts.loginFailures = any()
        row.counts.slow = any()
        row.counts.assets = any()
        row.referrers = any()
        row.scoreSum = any()
        row.maxScore = UInt8(dice.roll(256))
        row.classes = AttackClasses(rawValue: UInt32(truncatingIfNeeded: any()))
        row.topPathCount = any()
        row.loginPath = any()
        for _ in 0..<dice.roll(300) {
          row.paths.insert(splitMix(&dice.state))
          row.failedPaths.insert(splitMix(&dice.state))
          row.queries.insert(splitMix(&dice.state))
        }
        row.rules = [RuleTally(rule: any(), count: any())]
        var line = EvidenceRecord()
        line.time = time()
        line.request = [0, 255, 27]
        row.evidence = [line]
        window.clients.append(row)
      }
      var candidates: [Candidate] = []
      stage.consume(window, text: { _, _ in [0xff, 0x2e, 0x00] }, into: &candidates)
      _ = campaigns.consume(candidates, watermark: time(), sources: &sink)
    }
    _ = campaigns.finish(sources: &sink)
  }

  @Test func aRegistryForgetsTheLongestUnseenFirst() {
    var registry = ClientRegistry(limit: 3)
    for i in 0..<3 { _ = registry.slot(for: IPAddress(v4: UInt32(i)), at: Int64(i)) }
    _ = registry.slot(for: IPAddress(v4: 0), at: 9)
    _ = registry.slot(for: IPAddress(v4: 7), at: 10)
    #expect(registry.count == 3)
    #expect(registry.find(IPAddress(v4: 1)) == nil)
    #expect(registry.find(IPAddress(v4: 0)) != nil)
    #expect(registry.evicted == 1)
  }

  @Test(arguments: [5, 6] as [UInt64]) func aRegistryAgreesWithADictionary(seed: UInt64) {
    var dice = Dice(seed)
    var registry = ClientRegistry(limit: 200)
    var order: [UInt32] = []
    for step in 0..<20_000 {
      let key = UInt32(dice.roll(400))
      _ = registry.slot(for: IPAddress(v4: key), at: Int64(step))
      order.removeAll { $0 == key }
      order.append(key)
      if order.count > 200 { order.removeFirst() }
      if step % 500 == 0 {
        for key in 0..<400 as Range<UInt32> {
          #expect((registry.find(IPAddress(v4: key)) != nil) == order.contains(key), "seed \(seed) step \(step)")
        }
      }
    }
  }

  @Test(arguments: [7, 8] as [UInt64]) func aTrimmedRegistryKeepsTheNewest(seed: UInt64) {
    var dice = Dice(seed)
    var registry = ClientRegistry(limit: 2_000)
    var order: [UInt32] = []
    for step in 0..<6_000 {
      let key = UInt32(dice.roll(1_500))
      _ = registry.slot(for: IPAddress(v4: key), at: Int64(step))
      order.removeAll { $0 == key }
      order.append(key)
      if dice.roll(300) == 0 {
        let most = 1 + dice.roll(order.count)
        registry.trim(to: most)
        order.removeFirst(order.count - most)
        #expect(registry.profiles.count <= 2 * registry.count + 64, "seed \(seed) step \(step)")
        #expect(order.allSatisfy { registry.find(IPAddress(v4: $0)) != nil }, "seed \(seed) step \(step)")
      }
      #expect(registry.count == order.count)
    }
    var found: [IPAddress] = []
    registry.forEach { found.append($0.address) }
    #expect(found == order.reversed().map { IPAddress(v4: $0) })
  }

  @Test(arguments: [9, 10] as [UInt64]) func theZoneNotSeenForLongestIsTheFirstToGo(seed: UInt64) {
    var dice = Dice(seed)
    var queue = ZoneQueue()
    var seen: [[UInt8]: Nanoseconds] = [:]
    for step in 0..<5_000 {
      let zone = Array("zone \(dice.roll(80))".utf8)
      let time = Nanoseconds(step / 7)
      if let last = seen[zone] {
        seen[zone] = max(last, time)
      } else {
        queue.insert(zone, seen: time)
        seen[zone] = time
      }
      if dice.roll(3) == 0 {
        let wanted = seen.min { $0.value != $1.value ? $0.value < $1.value : $0.key.lexicographicallyPrecedes($1.key) }
        let first = queue.removeFirst { seen[$0] }
        #expect(first == wanted?.key, "seed \(seed) step \(step)")
        if let first { seen[first] = nil }
      }
    }
  }

  /// Eighty sites with ten clients each, and one with five thousand.
  @Test func clientsOfAllZonesAreBoundedAndTheLargestGivesWay() {
    var settings = BehaviourSettings()
    settings.clientsInAll = 1_000
    var stage = ZoneStage(settings: settings)
    func window(_ zone: String, _ number: Int, clients: Range<Int>) {
      var window = WindowActivity(
        start: Int64(number) * 10 * nanosecondsPerSecond, length: 10 * nanosecondsPerSecond, zone: Array(zone.utf8))
      for client in clients {
        var row = ClientObservation(
          address: IPAddress(v4: UInt32(client)), firstTime: window.start, lastTime: window.start)
        row.counts.requests = 1
        window.clients.append(row)
      }
      var found: [Candidate] = []
      stage.consume(window, text: { _, _ in [] }, into: &found)
    }
    for number in 0..<50 {
      window("large.example", number, clients: number * 100..<number * 100 + 100)
      for site in 0..<80 { window("site-\(site).example", number, clients: 0..<10) }
      #expect(stage.memory.clients <= 1_000 + 100)
    }
    for site in 0..<80 { #expect(stage.zones[Array("site-\(site).example".utf8)]?.clients.count == 10) }
    #expect(stage.memory.clients == 1_000)
  }
}
