import AllocationCounter
import Bytes
import Events
import Rollups
import Sketches
import Testing

private let start = 1_700_000_000 * second

private func event(_ seconds: Int64, _ host: String = "a.example", _ change: (inout TestEvent) -> Void = { _ in })
  -> TestEvent
{
  var event = TestEvent()
  event.time = start + seconds * second
  event.host = host
  change(&event)
  return event
}

/// Windows as a caller sees them, through the bytes of the records.
private func windows(
  _ events: [TestEvent], cut: [Int] = [100], settings: AggregatorSettings = AggregatorSettings(),
  _ body: (borrowing ZoneWindow) -> Void
) throws {
  let (rollups, ledger) = try aggregate(batches(events, cut: cut), partitions: 1, settings: settings)
  #expect(ledger.discrepancies == [])
  var buffer = WindowBuffer(partitions: 1, limits: settings.limits, hashSeed: settings.hashSeed)
  for record in rollups[0] { try buffer.add(record.span.bytes) }
  buffer.finish(partition: 0)
  buffer.drain(body)
}

@Test func eachWindowAndZoneIsWrittenOnceAndInOrder() throws {
  var seen: [String] = []
  let events = [
    event(0, "b.example"), event(1, "a.example"), event(9, "b.example"), event(10, "b.example"), event(31, "a.example"),
  ]
  try windows(events, cut: [1]) {
    seen.append("\(($0.start - start) / second) \($0.zone.decodedString()) \($0.counts.requests)")
  }
  #expect(seen == ["0 a.example 1", "0 b.example 2", "10 b.example 1", "30 a.example 1"])
}

@Test func aLateEventIsCountedInThePartialOfTheWindowThatTheWatermarkHadReached() throws {
  // The fourth event is older than a window that the watermark has passed.
  let events = [event(0), event(20), event(40), event(3), event(60), event(90)]
  var seen: [String] = []
  try windows(events, cut: [1]) {
    seen.append("\(($0.start - start) / second)\($0.isLate ? " late" : "") \($0.counts.requests)")
  }
  // After 40 the watermark is 38, so windows to 30 are written: what is late goes with the window of 30.
  #expect(seen == ["0 1", "20 1", "0 late 1", "40 1", "60 1", "90 1"])
}

@Test func aWindowOfOneEventTakesLittleMemory() throws {
  // Many thin logs side by side keep very many such windows open.
  let pool = WindowPool()
  var aggregator = PartitionAggregator(settings: AggregatorSettings(), classifier: StubClassifier(), pool: pool)
  let events = [event(0) { $0.duration = 1000 }, event(30) { $0.target = "/search?q=1 UNION SELECT 2" }]
  for record in batches(events, cut: [1]) { try aggregator.consume(record.span.bytes) { _ in } }
  aggregator.close { _ in }
  var windows: [ClosedWindow] = []
  aggregator.takeWindows(into: &windows)
  try #require(windows.count == 2)
  #expect(windows[0].footprint < 4096 && windows[1].footprint < 6144, "\(windows.map(\.footprint))")
}

@Test func whoSeesAllSourcesLeadsTheTimeOfThePartition() throws {
  let settings = AggregatorSettings()
  var aggregator = PartitionAggregator(settings: settings, classifier: StubClassifier())
  var written = 0
  aggregator.lead(to: .min) { _ in written += 1 }
  // A source that ended, far ahead of one that is not heard of yet.
  for record in batches([event(0), event(500)], cut: [1], source: 1) {
    try aggregator.consume(record.span.bytes) { _ in written += 1 }
  }
  #expect(written == 0)
  aggregator.lead(to: start + 15 * second) { _ in written += 1 }
  #expect(written == 1)
  for record in batches([event(20)], cut: [1], source: 2) {
    try aggregator.consume(record.span.bytes) { _ in written += 1 }
  }
  aggregator.close { _ in written += 1 }
  #expect(written == 3)
  #expect(aggregator.ledger.afterClose == 0)
}

@Test func anEventOfTheSameBatchIsNeverLate() throws {
  var seen = 0
  try windows([event(0), event(50), event(1)], cut: [3]) {
    #expect($0.isLate == false)
    seen += 1
  }
  #expect(seen == 2)
}

@Test func thePartitionWaitsForItsSlowestSourceButNotLongerThanTheLagAllows() throws {
  var settings = AggregatorSettings()
  settings.maxLag = 100 * second
  var aggregator = PartitionAggregator(settings: settings, classifier: StubClassifier())
  var written = 0
  func consume(_ record: [UInt8]) throws { try aggregator.consume(record.span.bytes) { _ in written += 1 } }
  let slow = batches([event(0), event(5)], cut: [1], source: 2, disorder: 0)
  try consume(slow[0])
  for record in batches([event(0), event(30), event(60)], cut: [1], source: 1, disorder: 0, final: false) {
    try consume(record)
  }
  #expect(aggregator.watermark == start)
  #expect(written == 0)
  // A hundred seconds ahead of the slow one and more: it is left behind.
  for record in batches([event(125)], cut: [1], source: 1, disorder: 0, final: false) { try consume(record) }
  #expect(aggregator.watermark == start + 25 * second)
  #expect(written == 1)
  // The slow one ends; nothing is waited for but the fast one.
  try consume(slow[1])
  #expect(aggregator.watermark == start + 125 * second)
  // Its window had been written already.
  #expect(aggregator.ledger.afterClose == 1)
}

@Test func aForgedHostIsNoZoneUntilItIsAnsweredWithSuccess() throws {
  var settings = AggregatorSettings()
  settings.namedZones = [Array("named.example".utf8)]
  var seen: [String] = []
  let events = [
    event(0, "forged.example") { $0.status = 404 }, event(1, "named.example") { $0.status = 404 },
    event(2, "real.example") { $0.status = 301 }, event(3, "real.example") { $0.status = 404 }, event(4, ""),
    event(5, String(repeating: "x", count: 300)),
  ]
  try windows(events, settings: settings) { seen.append("\($0.zone.decodedString()) \($0.counts.requests)") }
  #expect(seen == [" 2", "default 1", "named.example 1", "real.example 2"])
}

@Test func zonesPastTheLimitShareOne() throws {
  var settings = AggregatorSettings()
  settings.zones = 3
  var seen: [String] = []
  try windows((0..<9).map { event(0, "h\($0).example") }, settings: settings) {
    seen.append("\($0.zone.decodedString()) \($0.counts.requests)")
  }
  #expect(seen == [" 7", "h0.example 1", "h1.example 1"])
}

@Test func aLargeAnswerMayTakeItsTime() throws {
  // Five seconds count as slow beside what sending takes at 64 KiB/s: 16 s for the megabyte.
  let events = [(6, 100), (6, 1_000_000), (20, 1_000_000), (22, 1_000_000), (60, 0), (60, UInt64.max)].map {
    (seconds: UInt32, bytes: UInt64) in
    event(1, "") { ($0.duration, $0.bytes) = (seconds * 1_000_000, bytes) }
  }
  try windows(events) { window in #expect(window.client(0).slow == 3) }
}

@Test func onlyWhatIsNotToBeHadIsAMissingPath() throws {
  let events = [400, 403, 404, 410, 408, 429, 499].enumerated().map { i, status in
    event(Int64(i), "") {
      $0.target = "/p\(i)"
      $0.status = UInt16(status)
    }
  }
  try windows(events) { window in
    #expect(window.client(0).status4xx == 7)
    #expect(window.client(0).slow == 2)
    #expect(window.count(of: window.client(0).failedPaths) == 4)
  }
}

@Test func whatAClientDidIsInItsRow() throws {
  var events = (0..<100).map { i in
    event(Int64(i % 10), "") {
      $0.target = "/p\(i)?q=\(i % 7)"
      $0.status = i < 80 ? 404 : 200
      $0.userAgent = "agent \(i % 3)"
      $0.duration = 6_000_000
    }
  }
  events += (0..<6).map { i in
    event(9, "") {
      $0.method = .post
      $0.target = "/wp-login.php"
      $0.status = i == 5 ? 302 : 200
      $0.user = "user\(i)"
    }
  }
  events.append(event(9, "") { $0.target = "/a.css?UNION" })
  events.append(event(9, "") { $0.target = "/Robots.txt" })
  events.append(event(9, "") { $0.flags = .malformedRequest })
  try windows(events) { window in
    #expect(window.clientCount == 1)
    let row = window.client(0)
    #expect(row.requests == 109)
    #expect(row.status4xx == 80)
    #expect(row.notFound == 80)
    #expect(row.slow == 100)
    #expect(row.logins == 6)
    #expect(row.loginFailures == 5)
    #expect(row.post == 6)
    #expect(row.assets == 1)
    #expect(row.robots)
    #expect(row.malformed == 1)
    #expect(row.matched == 1)
    #expect(row.maxScore == 90)
    #expect(row.classes == .sqlInjection)
    #expect(window.count(of: row.users) == 6)
    #expect(window.count(of: row.userAgents) == 4)
    #expect(window.count(of: row.queries) == 8)
    // 104 paths: past the list, so within the error of the registers.
    #expect(abs(Int(window.count(of: row.paths)) - 104) < 30)
    let login = window.path(row.loginPath).decodedString()
    #expect(login == "/wp-login.php")
    var evidence: [String] = []
    window.forEachEvidence(of: row) { evidence.append("\($0.line) \($0.score)") }
    // The match first, then the earliest of the failed logins.
    #expect(evidence == ["107 90", "101 0", "102 0"])
    #expect(window.latency.count == 100)
  }
}

@Test func whereRowsAreEvictedTheirCountsAndBoundsRemain() throws {
  var settings = AggregatorSettings()
  settings.limits.clients = 50
  settings.limits.paths = 50
  var random = Seeded(5)
  var truth: [UInt64: UInt64] = [:]
  var events: [TestEvent] = []
  for i in 0..<6000 {
    let u = Double.random(in: 0..<1, using: &random)
    let client = IPAddress(v4: UInt32(u * u * u * 3000) + 1)
    truth[client.low, default: 0] += 1
    events.append(
      event(Int64(i / 1000)) {
        $0.client = client
        $0.target = "/\(client.low % 900)"
      })
  }
  try windows(events, settings: settings) { window in
    #expect(window.counts.requests == 6000)
    #expect(window.events == 6000)
    #expect(window.evictions > 1000)
    #expect(window.otherClients.requests > 0)
    #expect(abs(Double(window.distinctClients) / Double(truth.count) - 1) < 0.1)
    var unseen = truth
    for i in 0..<window.clientCount {
      let row = window.client(i)
      let count = unseen.removeValue(forKey: row.address.low) ?? 0
      #expect(UInt64(row.requests) <= count && count <= UInt64(row.requests) + UInt64(row.error))
    }
    #expect(unseen.values.allSatisfy { $0 <= window.clientFloor })
    #expect(window.clientFloor <= 6000 / 50)
    #expect(window.paths.floor <= 6000 / 50)
    #expect(window.evictedNetworks.total == window.otherClients.requests)
  }
}

@Test func aSparseLogCostsLittleForEachWindow() throws {
  // One request a minute, each in a window of its own.
  let events = (0..<3000).map { i in event(Int64(i) * 60) { $0.client = IPAddress(v4: UInt32(i)) } }
  var settings = AggregatorSettings()
  settings.inputPartition = 0
  var aggregator = PartitionAggregator(settings: settings, classifier: StubClassifier())
  var written = 0
  var bytes = 0
  for record in batches(events, cut: [100]) {
    try aggregator.consume(record.span.bytes) {
      written += 1
      bytes += $0.byteCount
    }
  }
  aggregator.close { _ in written += 1 }
  #expect(written == 3000)
  #expect(bytes / 3000 < 1000)
}

@Test func nothingIsAllocatedForAnEventAfterWarmUp() throws {
  let events = traffic(6000, seconds: 60, seed: 4).map { event in
    var event = event
    event.time = start + 2 * second
    return event
  }
  let records = batches(events, cut: [500], final: false)
  var aggregator = PartitionAggregator(settings: AggregatorSettings(), classifier: StubClassifier())
  for record in records { try aggregator.consume(record.span.bytes) { _ in } }
  for record in records { try aggregator.consume(record.span.bytes) { _ in } }
  let before = allocation_count()
  for record in records { try aggregator.consume(record.span.bytes) { _ in } }
  #expect(allocation_count() == before)
  #expect(aggregator.ledger.onTime == 18_000)
}
