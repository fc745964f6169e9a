// A partition in a worker's hands, without Kafka: whatever is lost between two commits is written again, the same.

import Bytes
import CapnProto
import Detection
import Events
import Rollups
import Simulation
import Testing

@testable import Aggregator

/// Keeps what is written: of the open transaction, and of those committed.
private final class MemoryOutput: AggregatorOutput {
  struct Written: Equatable {
    var topic: String
    var partition: Int
    var key: String
    var value: [UInt8]
  }
  var open: [Written] = []
  var committed: [Written] = []

  func rollup(_ record: RawSpan, to partition: Int) {
    open.append(Written(topic: "rollups", partition: partition, key: "", value: copy(record)))
  }
  func state(_ key: String, _ value: RawSpan, partition: Int) {
    open.append(Written(topic: "state", partition: partition, key: key, value: copy(value)))
  }
  func deadLetter(_ record: RawSpan, reason: String, partition: Int, offset: Int64) {
    open.append(Written(topic: "dead", partition: partition, key: "\(offset) \(reason)", value: copy(record)))
  }
  func event(_ record: RawSpan, partition: Int) {
    open.append(Written(topic: "events", partition: partition, key: "", value: copy(record)))
  }
  private func copy(_ bytes: RawSpan) -> [UInt8] { bytes.withUnsafeBytes { Array($0) } }

  func commit() {
    committed += open
    open = []
  }

  func state(of partition: Int) throws -> StoredState {
    let limiter = ReadLimiter()
    var state = StoredState()
    for record in committed where record.topic == "state" && record.partition == partition {
      try state.take(key: record.key, value: record.value.span.bytes, partition: partition, limiter: limiter)
    }
    return state
  }

  /// Windows, in order, without what is said of progress.
  var windows: [[UInt8]] {
    let limiter = ReadLimiter()
    return committed.filter { record in
      guard record.topic == "rollups" else { return false }
      return (try? PartitionProgress(record.value.span.bytes, limiter: limiter)) == .some(nil)
    }.map(\.value)
  }

  /// Progress in each partition of `rollups`.
  func progress(in partition: Int) -> [PartitionProgress] {
    let limiter = ReadLimiter()
    return committed.compactMap { record in
      guard record.topic == "rollups", record.partition == partition else { return nil }
      return (try? PartitionProgress(record.value.span.bytes, limiter: limiter)) ?? nil
    }
  }
}

private let start: Nanoseconds = 1_700_000_000 * nanosecondsPerSecond

private func batch(
  _ number: Int, seconds: Int64, isOrderly: Bool = false, random: inout SeededGenerator
) -> [UInt8] {
  var writer = EventBatchWriter()
  var origin = BatchOrigin(source: 7, path: Array("a.log".utf8))
  origin.sequence = UInt64(number)
  origin.firstOrdinal = UInt64(number) * 10
  writer.begin(origin)
  var ledger = BatchLedger()
  for i in 0..<10 {
    var line: [UInt8] = []
    func field(_ text: String) -> FieldRange {
      defer { line += Array(text.utf8) }
      return FieldRange(offset: line.count, count: text.utf8.count)
    }
    var fields = HttpFields()
    fields.time = start + (seconds + Int64(i / 2)) * nanosecondsPerSecond
    if !isOrderly, Int.random(in: 0..<20, using: &random) == 0 { fields.time -= 60 * nanosecondsPerSecond }
    fields.client = IPAddress(v4: UInt32.random(in: 1..<30, using: &random))
    fields.host = field("h\(Int.random(in: 0..<400, using: &random)).example")
    fields.target = field("/?id=\(i)%20UNION%20SELECT%20password%20FROM%20users")
    fields.status = Bool.random(using: &random) ? 200 : 404
    writer.append(
      fields, line: line.span.bytes, scratch: RawSpan(), lineOffset: UInt32(i), lineNumber: UInt32(i))
  }
  (ledger.lines, ledger.parsed) = (10, 10)
  writer.finish(lowWatermark: start + (seconds - 2) * nanosecondsPerSecond, ledger: ledger)
  return writer.message.withUnsafeBytes { Array($0) }
}

private func partition(_ judge: Judge, _ state: StoredState = StoredState()) throws -> InputPartition {
  var settings = AggregatorSettings()
  settings.inputPartition = 2
  return try InputPartition(settings: settings, judge: judge, rollupPartitions: 3, state: state, first: 0, now: 0)
}

private func records(seed: UInt64, count: Int) -> [[UInt8]] {
  var random = SeededGenerator(seed: seed)
  return (0..<count).map { number in
    number % 17 == 5 ? [1, 2, 3, UInt8(number & 0xff)] : batch(number, seconds: Int64(number) * 2, random: &random)
  }
}

@Test(arguments: 1...8 as ClosedRange<UInt64>)
func whatAWorkerLosesIsWrittenAgainTheSame(seed: UInt64) throws {
  let judge = Judge(RequestScorer())
  let records = records(seed: seed, count: 120)
  let expected = MemoryOutput()
  let whole = try partition(judge)
  for (offset, record) in records.enumerated() {
    whole.consume(record.span.bytes, at: Int64(offset), now: 0, output: expected)
  }
  whole.close(output: expected)
  whole.writeState(output: expected)
  expected.commit()

  var random = SeededGenerator(seed: seed &+ 99)
  let found = MemoryOutput()
  var cut = try partition(judge)
  var next = 0
  var offsets: [Int64] = []
  while true {
    if next < records.count, Int.random(in: 0..<12, using: &random) == 0 {
      // Aborted: what was written is gone, and so is the worker.
      found.open = []
      cut = try partition(judge, found.state(of: 2))
      next = Int(cut.resume ?? 0)
      #expect(cut.resume ?? 0 == offsets.last ?? 0)
    }
    if Int.random(in: 0..<3, using: &random) == 0 {
      offsets.append(cut.writeState(output: found))
      found.commit()
    }
    guard next < records.count else { break }
    let record = records[next]
    cut.consume(record.span.bytes, at: Int64(next), now: 0, output: found)
    // A record that comes twice counts once.
    if next % 5 == 0 { cut.consume(record.span.bytes, at: Int64(next), now: 0, output: found) }
    next += 1
  }
  cut.close(output: found)
  cut.writeState(output: found)
  found.commit()
  let same = found.windows == expected.windows
  #expect(same, "seed \(seed)")
  #expect(expected.windows.count > 100)
  #expect(cut.ledger == whole.ledger, "seed \(seed)")
  #expect(cut.ledger.poisoned == 7)
  #expect(found.committed.filter { $0.topic == "dead" } == expected.committed.filter { $0.topic == "dead" })
  for target in 0..<3 {
    let told = found.progress(in: target)
    #expect(told.last?.isClosed == true)
    #expect(zip(told, told.dropFirst()).allSatisfy { $0.watermark <= $1.watermark })
  }
  let last = try partition(judge, found.state(of: 2))
  #expect(last.isClosed)
  let more = records[0]
  last.consume(more.span.bytes, at: 500, now: 0, output: found)
  #expect(last.ignored == 1 && !last.hasOutput)
}

@Test func whoSaysNothingIsIdleUntilTheySpeak() throws {
  let output = MemoryOutput()
  let partition = try partition(Judge(RequestScorer()))
  var random = SeededGenerator(seed: 1)
  let first = batch(0, seconds: 0, isOrderly: true, random: &random)
  let second = batch(1, seconds: 30, isOrderly: true, random: &random)
  partition.consume(first.span.bytes, at: 0, now: 0, output: output)
  partition.decideIdle(now: 9, patience: 10, output: output)
  #expect(output.open == [])
  partition.decideIdle(now: 10, patience: 10, output: output)
  let mark = try #require(output.open.first { $0.topic == "events" })
  #expect(mark.partition == 2)
  partition.writeState(output: output)
  output.commit()
  #expect(output.progress(in: 1).map(\.isIdle) == [true])
  // The record comes back; it isn't the source that speaks.
  let comesBack = mark.value
  partition.consume(comesBack.span.bytes, at: 1, now: 11, output: output)
  partition.decideIdle(now: 30, patience: 10, output: output)
  #expect(output.open == [])
  partition.consume(second.span.bytes, at: 2, now: 31, output: output)
  partition.writeState(output: output)
  output.commit()
  #expect(output.progress(in: 1).map(\.isIdle) == [true, false])
  #expect(partition.watermark == start + 28 * nanosecondsPerSecond)
}

@Test func namesOfManyZonesAreKeptInGroups() throws {
  let judge = Judge(RequestScorer())
  let output = MemoryOutput()
  let partition = try partition(judge)
  for (offset, record) in records(seed: 3, count: 200).enumerated() {
    partition.consume(record.span.bytes, at: Int64(offset), now: 0, output: output)
    if offset % 10 == 0 {
      partition.writeState(output: output)
      output.commit()
    }
  }
  let state = try output.state(of: 2)
  let snapshot = try #require(state.snapshot)
  #expect(snapshot.zones > 256)
  #expect(try state.names().count == snapshot.zones)
  // A group that is full is written once.
  let firsts = output.committed.filter { $0.key == "2.zones.0" }
  #expect(firsts.count < output.committed.filter { $0.key == "2" }.count)
  var broken = StoredState()
  let limiter = ReadLimiter()
  for record in output.committed where record.key == "2" {
    try broken.take(key: "2", value: record.value.span.bytes, partition: 2, limiter: limiter)
  }
  #expect(throws: RollupError.self) { try broken.names() }
}
