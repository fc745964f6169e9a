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

@Test func aRollupOfAnotherSeedOrVersionIsRefused() throws {
  let record = try aggregate(batches(traffic(10, seconds: 1, seed: 1), cut: [10]), partitions: 1).rollups[0][0]
  var buffer = WindowBuffer(partitions: 1, hashSeed: 1)
  #expect(throws: RollupError.self) { try buffer.add(record.span.bytes) }
}
