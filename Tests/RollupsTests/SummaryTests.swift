import Bytes
import Rollups
import Sketches
import Testing

@Test func theSummaryCountsWhatTheLogSays() throws {
  let events = traffic(5000, seconds: 200, seed: 3)
  let settings = AggregatorSettings()
  let (rollups, _) = try aggregate(batches(events, cut: [70]), partitions: 4)
  var buffer = WindowBuffer(partitions: 4, hashSeed: settings.hashSeed)
  for (partition, records) in rollups.enumerated() {
    for record in records { try buffer.add(record.span.bytes) }
    buffer.finish(partition: partition)
  }
  var summary = TrafficSummary(hashSeed: settings.hashSeed, windowLength: settings.windowLength)
  buffer.drain { summary.add($0) }
  #expect(summary.counts.requests == 5000)
  #expect(summary.events == 5000)
  #expect(summary.counts.bytes == events.reduce(0) { $0 + $1.bytes })
  #expect(summary.counts.post == UInt64(events.count { $0.method == .post }))
  #expect(summary.firstTime == events.map(\.time).min())
  #expect(summary.lastTime == events.map(\.time).max())
  #expect(summary.statuses[404] == UInt64(events.count { $0.status == 404 }))
  #expect(summary.latency.count == UInt64(events.count { $0.duration != .max }))
  let distinct = Set(events.map(\.client)).count
  #expect(abs(Double(summary.distinctClients) / Double(distinct) - 1) < 0.08)
  // The most frequent of each, exactly.
  func expectTop(_ sketch: borrowing SpaceSaving, _ values: [String], _ show: (RawSpan) -> String) {
    let truth = Dictionary(grouping: values.filter { !$0.isEmpty }) { $0 }.mapValues { UInt64($0.count) }
    var found: [String: UInt64] = [:]
    for i in 0..<sketch.count { found[show(sketch.key(i))] = sketch[i].lower }
    #expect(found == truth)
    #expect(sketch.floor == 0)
  }
  expectTop(summary.paths, events.map { String($0.target.prefix { $0 != "?" }) }) { $0.decodedString() }
  expectTop(summary.userAgents, events.map(\.userAgent)) { $0.decodedString() }
  expectTop(summary.referrers, events.map(\.referrer)) { $0.decodedString() }
  expectTop(summary.clients, events.map { "\($0.client)" }) { TrafficSummary.address(of: $0)?.description ?? "" }
  expectTop(summary.networks, events.map { "\($0.client.network)" }) {
    TrafficSummary.address(of: $0)?.description ?? ""
  }
  #expect(summary.series.points.reduce(0) { $0 + $1.requests } == 5000)
}

@Test func theSeriesStaysBoundedAndDependsOnNoOrder() {
  var random = Seeded(8)
  var times = (0..<500).map { _ in Int64.random(in: -1_000_000...4_000_000, using: &random) * second }
  var expected: TimeSeries?
  for _ in 0..<4 {
    times.shuffle(using: &random)
    var series = TimeSeries(step: 10 * second, limit: 240)
    for time in times {
      var point = TimeSeries.Point()
      point.requests = 1
      series.add(point, at: time)
    }
    #expect(series.points.count <= 240)
    #expect(series.points.count > 60)
    #expect(series.points.reduce(0) { $0 + $1.requests } == 500)
    if let expected { #expect(series == expected) }
    expected = series
  }
  // The ends of time fit as well.
  var series = TimeSeries(step: second)
  for time in [Int64.min, 0, .max] { series.add(TimeSeries.Point(), at: time) }
  #expect(series.points.count <= 240)
}
