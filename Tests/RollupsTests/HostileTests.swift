import Bytes
import Events
import Rollups
import Testing

@Test(arguments: 1...4 as ClosedRange<UInt64>)
func aDamagedBatchNeverTraps(seed: UInt64) throws {
  let good = batches(traffic(200, seconds: 20, seed: seed), cut: [200])[0]
  var random = Seeded(seed)
  var aggregator = PartitionAggregator(settings: AggregatorSettings(), classifier: StubClassifier(correlates: true))
  for _ in 0..<400 {
    var bad = good
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
    }
    try? aggregator.consume(bad.span.bytes) { _ in }
  }
  aggregator.close { _ in }
  #expect(aggregator.openTables == 0)
}

@Test(arguments: 1...4 as ClosedRange<UInt64>)
func aDamagedRollupNeverTraps(seed: UInt64) throws {
  let good = try aggregate(batches(traffic(300, seconds: 20, seed: seed), cut: [200]), partitions: 1).rollups[0]
  var random = Seeded(seed)
  var buffer = WindowBuffer(partitions: 2, hashSeed: AggregatorSettings().hashSeed)
  var windows = 0
  for round in 0..<200 {
    for record in good {
      var bad = record
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
      }
      try? buffer.add(bad.span.bytes)
    }
    if round % 10 == 9 {
      for partition in 0..<2 { buffer.finish(partition: partition) }
      buffer.drain {
        windows += 1
        _ = describe($0)
      }
    }
  }
  #expect(windows > 0)
}

@Test func eventsAtTheEdgesOfTimeAreCounted() throws {
  let times: [Nanoseconds] = [.min, .min + 1, -1, 0, .max - 1, .max]
  let events = times.map { time in
    var event = TestEvent()
    event.time = time
    return event
  }
  var aggregator = PartitionAggregator(settings: AggregatorSettings(), classifier: StubClassifier())
  var written = 0
  for record in batches(events, cut: [6], disorder: 0) {
    try aggregator.consume(record.span.bytes) { _ in written += 1 }
  }
  aggregator.close { _ in written += 1 }
  #expect(written > 0)
  #expect(aggregator.ledger.discrepancies == [])
}

@Test(
  arguments: [.min, .min + 1, .max - 800 * 86_400 * second, .max - second, .max - 1, .max] as [Nanoseconds],
  [false, true])
func aLowWatermarkAtAnEndOfTimeNeverSaysThatAllIsDone(lowWatermark: Nanoseconds, idle: Bool) throws {
  var settings = AggregatorSettings()
  settings.maxLag = 400 * 86_400 * second
  var aggregator = PartitionAggregator(settings: settings, classifier: StubClassifier())
  var records: [[UInt8]] = []
  let good = batches(traffic(200, seconds: 20, seed: 3), cut: [50], final: false)
  for record in good[..<2] { try aggregator.consume(record.span.bytes) { records.append($0.copied()) } }
  // A heartbeat of another source, then events of the same and of the first.
  var writer = EventBatchWriter()
  writer.begin(BatchOrigin(source: 2, path: Array("hostile.log".utf8)))
  writer.finish(lowWatermark: lowWatermark, firstTime: 0, lastTime: 0, ledger: BatchLedger(), final: false)
  try aggregator.consume(writer.message) { records.append($0.copied()) }
  if idle {
    writer.writeIdle(source: 1, lowWatermark: aggregator.lowWatermark(of: 1) ?? 0)
    try aggregator.consume(writer.message) { records.append($0.copied()) }
  }
  for record in good[2...] { try aggregator.consume(record.span.bytes) { records.append($0.copied()) } }
  #expect(aggregator.closedUpTo < .max && aggregator.watermark < .max - 400 * 86_400 * second)
  // All of it is counted all the same, and merged.
  var buffer = WindowBuffer(partitions: 1, hashSeed: settings.hashSeed)
  for record in records { try buffer.add(record.span.bytes) }
  records = []
  buffer.drain(to: aggregator.closedUpTo) { _ in }
  aggregator.close { records.append($0.copied()) }
  for record in records { try buffer.add(record.span.bytes) }
  buffer.finish(partition: 0)
  buffer.drain { _ in }
  #expect(aggregator.ledger.events == 200 && aggregator.ledger.discrepancies == [])
}

@Test func aRollupOfAnotherSeedOrVersionIsRefused() throws {
  let record = try aggregate(batches(traffic(10, seconds: 1, seed: 1), cut: [10]), partitions: 1).rollups[0][0]
  var buffer = WindowBuffer(partitions: 1, hashSeed: 1)
  #expect(throws: RollupError.self) { try buffer.add(record.span.bytes) }
}
