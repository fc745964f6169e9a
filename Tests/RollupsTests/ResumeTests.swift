// A restart in the middle: what is written, and the ledger, are as if there had been none.

import Bytes
import CapnProto
import Events
import Testing

@testable import Rollups

private let start = 1_700_000_000 * second

/// Records of one input partition as several sources write them: events in and out of time, hosts that are confirmed at
/// some point, heartbeats, idle marks, ends, and records that are none.
private func mixedRecords(seed: UInt64, count: Int) -> [[UInt8]] {
  var random = Seeded(seed)
  var writer = EventBatchWriter()
  var times = [Nanoseconds](repeating: start, count: 4)
  var ordinals = [UInt64](repeating: 0, count: 4)
  var records: [[UInt8]] = []
  func chance(_ share: Int) -> Bool { Int.random(in: 0..<100, using: &random) < share }
  for _ in 0..<count {
    let source = Int.random(in: 0..<4, using: &random)
    let id = UInt64(100 + source)
    switch Int.random(in: 0..<20, using: &random) {
    case 0:
      writer.writeIdle(source: id, lowWatermark: chance(70) ? times[source] : start)
      records.append(writer.message.copied())
      continue
    case 1:
      writer.begin(BatchOrigin(source: id))
      writer.finish(lowWatermark: chance(50) ? .max : times[source], final: true)
      records.append(writer.message.copied())
      continue
    case 2:
      times[source] += Int64.random(in: 0..<15, using: &random) * second
      writer.begin(BatchOrigin(source: id))
      writer.finish(lowWatermark: times[source])
      records.append(writer.message.copied())
      continue
    case 3 where chance(30):
      records.append((0..<Int.random(in: 0..<200, using: &random)).map { _ in .random(in: 0...255, using: &random) })
      continue
    default: break
    }
    // The front of all sources draws a source that stays behind along.
    times[source] = max(times[source], times.max()! - 40 * second)
    var origin = BatchOrigin(source: id, path: Array("log.\(source)".utf8))
    origin.firstOrdinal = ordinals[source]
    writer.begin(origin)
    let events = Int.random(in: 1..<12, using: &random)
    for number in 0..<events {
      var event = TestEvent()
      times[source] += Int64.random(in: 0..<2, using: &random) * second
      event.time = times[source]
      if chance(10) { event.time -= Int64.random(in: 0..<90, using: &random) * second }
      if chance(5) { event.time += Int64.random(in: 0..<60, using: &random) * second }
      event.client = IPAddress(v4: UInt32.random(in: 1..<40, using: &random))
      event.host = chance(10) ? "" : "h\(Int.random(in: 0..<12, using: &random)).example"
      event.status = chance(80) ? 404 : 200
      event.target = chance(10) ? "/?q=UNION \(number)" : "/p\(Int.random(in: 0..<30, using: &random))"
      if chance(10) {
        event.method = .post
        event.target = "/wp-login.php"
      }
      append(event, number: UInt32(number), to: &writer)
    }
    ordinals[source] += UInt64(events)
    var ledger = BatchLedger()
    ledger.lines = UInt32(events)
    ledger.parsed = UInt32(events)
    writer.finish(
      lowWatermark: times[source] - 2 * second, firstTime: times[source], lastTime: times[source], ledger: ledger)
    records.append(writer.message.copied())
  }
  return records
}

private var small: AggregatorSettings {
  var settings = AggregatorSettings()
  settings.maxLag = 60 * second
  settings.zones = 9
  settings.openTables = 5
  settings.namedZones = [Array("h3.example".utf8)]
  settings.limits.clients = 8
  settings.limits.paths = 8
  return settings
}

/// One partition's aggregator with what a worker keeps beside it: what is committed, and what a crash would lose.
private struct Partition: ~Copyable {
  var aggregator = PartitionAggregator(settings: small, classifier: StubClassifier(correlates: true))
  var written: [[UInt8]] = []
  var pending: [[UInt8]] = []
  var state: [UInt8]?
  var pendingState: [UInt8]?
  var names: [[UInt8]] = []
  var builder = MessageBuilder()
  let limiter = ReadLimiter()

  mutating func consume(_ record: [UInt8], at offset: Int64) {
    var emitted: [[UInt8]] = []
    var isPoisoned = false
    do throws(RollupError) {
      try aggregator.consume(record.span.bytes, at: offset) { emitted.append($0.copied()) }
    } catch {
      aggregator.countPoisoned()
      aggregator.settle { emitted.append($0.copied()) }
      isPoisoned = true
    }
    pending += emitted
    if isPoisoned || !emitted.isEmpty { keep(offset + 1) }
  }

  mutating func keep(_ position: Int64) {
    aggregator.snapshot(position: position).write(to: &builder)
    pendingState = builder.framed.copied()
  }

  mutating func commit() throws {
    guard let staged = pendingState else { return }
    written += pending
    pending = []
    state = staged
    pendingState = nil
    let count = try AggregatorSnapshot(staged.span.bytes, limiter: limiter).zones
    names = []
    var group = 0
    while group * ConfirmedName.groupSize < count {
      aggregator.writeNames(group: group, count: count, to: &builder)
      names.append(builder.framed.copied())
      group += 1
    }
  }

  /// Starts again from what is committed; returns where to go on.
  mutating func crash(_ records: [[UInt8]]) throws -> Int {
    pending = []
    pendingState = nil
    guard let state else {
      aggregator = PartitionAggregator(settings: small, classifier: StubClassifier(correlates: true))
      return 0
    }
    let snapshot = try AggregatorSnapshot(state.span.bytes, limiter: limiter)
    var confirmed: [ConfirmedName] = []
    for group in names {
      let (first, more) = try ConfirmedName.read(group.span.bytes, limiter: limiter)
      #expect(first == confirmed.count)
      confirmed += more
    }
    aggregator = try PartitionAggregator(
      settings: small, classifier: StubClassifier(correlates: true), restoring: snapshot, names: confirmed,
      from: snapshot.resume)
    for offset in snapshot.resume..<snapshot.position {
      let record = records[Int(offset)]
      aggregator.recount(record.span.bytes, at: offset)
    }
    // What a restart keeps is what it found.
    let restored = aggregator.snapshot(position: snapshot.position)
    #expect(restored == snapshot)
    return Int(snapshot.position)
  }
}

@Test(arguments: 1...60 as ClosedRange<UInt64>)
func whateverIsInterruptedGoesOnAsIfItHadNotBeen(seed: UInt64) throws {
  let records = mixedRecords(seed: seed, count: 250)
  var whole = Partition()
  for (offset, record) in records.enumerated() { whole.consume(record, at: Int64(offset)) }
  whole.aggregator.close { whole.pending.append($0.copied()) }
  whole.keep(Int64(records.count))
  try whole.commit()

  var random = Seeded(seed &+ 1000)
  var cut = Partition()
  var next = 0
  var crashes = 0
  while true {
    if crashes < 40, Int.random(in: 0..<15, using: &random) == 0 {
      next = try cut.crash(records)
      crashes += 1
    }
    if Int.random(in: 0..<4, using: &random) == 0 { try cut.commit() }
    guard next < records.count else { break }
    cut.consume(records[next], at: Int64(next))
    next += 1
  }
  cut.aggregator.close { cut.pending.append($0.copied()) }
  cut.keep(Int64(records.count))
  try cut.commit()
  #expect(crashes > 5)
  let count = whole.written.count
  #expect(count > 20, "seed \(seed)")
  let (expected, found) = (whole.aggregator.ledger, cut.aggregator.ledger)
  #expect(expected.discrepancies == [])
  #expect(found == expected, "seed \(seed)")
  let same = cut.written == whole.written
  #expect(
    same, "seed \(seed): record \(zip(cut.written, whole.written).enumerated().first { $1.0 != $1.1 }?.offset ?? -1)")
  let ends = cut.state == whole.state
  #expect(ends, "seed \(seed)")
}

@Test func aMixedInputHoldsWhatItIsMeantToHold() throws {
  var late: UInt64 = 0
  var shared = 0
  for seed in 1...20 as ClosedRange<UInt64> {
    var partition = Partition()
    for (offset, record) in mixedRecords(seed: seed, count: 250).enumerated() {
      partition.consume(record, at: Int64(offset))
    }
    late += partition.aggregator.ledger.latePartials
    shared += partition.aggregator.confirmedNames
  }
  #expect(late > 20)
  #expect(shared > 100)
}

@Test func aSourceThatEndsDoesNotCloseTheWindowsOfTheOthers() throws {
  var aggregator = PartitionAggregator(settings: AggregatorSettings(), classifier: StubClassifier())
  var written = 0
  func consume(_ record: [UInt8]) throws { try aggregator.consume(record.span.bytes) { _ in written += 1 } }
  var event = TestEvent()
  event.time = start
  for source in 1...2 as ClosedRange<UInt64> {
    for record in batches([event], cut: [1], source: source, final: false) { try consume(record) }
  }
  var writer = EventBatchWriter()
  writer.begin(BatchOrigin(source: 1))
  writer.finish(lowWatermark: .max, final: true)
  try consume(writer.message.copied())
  let watermark = aggregator.watermark
  #expect(written == 0)
  #expect(watermark == start - 2 * second)
}

@Test func progressIsToldFromWindows() throws {
  var builder = MessageBuilder()
  let limiter = ReadLimiter()
  for progress in [
    PartitionProgress(inputPartition: 3, watermark: 70 * second),
    PartitionProgress(inputPartition: 0, watermark: .max),
    PartitionProgress(inputPartition: 9, watermark: 0, isIdle: true),
  ] {
    progress.write(to: &builder, hashSeed: 5)
    let record = builder.framed.copied()
    let read = try PartitionProgress(record.span.bytes, limiter: limiter)
    #expect(read == progress)
    var buffer = WindowBuffer(partitions: 16, hashSeed: 5)
    var isRefused = false
    do { try buffer.add(record.span.bytes) } catch { isRefused = true }
    #expect(isRefused)
  }
  let (rollups, _) = try aggregate(batches(traffic(50, seconds: 5, seed: 1), cut: [10]), partitions: 1)
  let window = rollups[0][0]
  let read = try PartitionProgress(window.span.bytes, limiter: limiter)
  #expect(read == nil)
}

@Test func aStateOfAnotherTimeIsRefusedWithWhatToDo() throws {
  var snapshot = AggregatorSnapshot()
  snapshot.windowLength = 5 * second
  snapshot.hashSeed = AggregatorSettings().hashSeed
  var complaint = ""
  do {
    _ = try PartitionAggregator(
      settings: AggregatorSettings(), classifier: StubClassifier(), restoring: snapshot, names: [], from: 0)
  } catch { complaint = "\(error)" }
  #expect(complaint.contains("windows.length"))
}
