// A made-up log as the aggregators write it into `rollups`, and what one process makes of it.

import Bytes
import CapnProto
import Detection
import Events
import LogFormats
import Pipelines
import Rollups
import Simulation

@testable import Analyzer

let seed: UInt64 = 0x5eed

/// Records of each partition of `rollups`, with the progress of the inputs between them.
struct SimulatedLine {
  var rollups: [[[UInt8]]]
  /// What one process reports.
  var expected: [Attack]
  var setup: ZoneSetup

  /// - Parameters:
  ///   - inputs: Partitions of `events`.
  ///   - partitions: Of `rollups`.
  init(lines: Int, seed logSeed: UInt64, inputs: Int = 3, partitions: Int) throws {
    let batches = try Self.batches(lines: lines, seed: logSeed)
    let pipeline = try Pipeline(path: nil, environment: [("MILLRACE_DETECTION__HASH_SEED", "\(seed)")])
    var settings = pipeline.aggregator
    var whole: [[[UInt8]]] = []
    var rollups = [[[UInt8]]](repeating: [], count: partitions)
    var builder = MessageBuilder()
    let limiter = ReadLimiter()
    // One input after another: the order in which a broker mixes them is any.
    for input in 0..<inputs {
      settings.inputPartition = UInt16(input)
      var aggregator = PartitionAggregator(
        settings: settings, classifier: RequestScorer(rules: nil, hashKey: seed))
      var written: [[UInt8]] = []
      func send(_ progress: Nanoseconds) {
        for record in written { rollups[Self.partition(of: record, of: partitions, limiter)].append(record) }
        whole[input] += written
        written = []
        PartitionProgress(inputPartition: UInt16(input), watermark: progress).write(to: &builder, hashSeed: seed)
        for p in 0..<partitions { rollups[p].append(builder.framed.copied()) }
      }
      whole.append([])
      for (i, batch) in batches.enumerated() where i % inputs == input {
        try aggregator.consume(batch.span.bytes) { written.append($0.copied()) }
        send(aggregator.closedUpTo)
      }
      aggregator.close { written.append($0.copied()) }
      send(.max)
    }
    self.rollups = rollups
    setup = ZoneSetup(
      inputs: inputs, limits: settings.limits, hashSeed: seed, behaviour: try pipeline.behaviour(lists: []))
    expected = try Self.judge(whole, setup, CampaignSettings(pipeline.settings))
  }

  private static func partition(of record: [UInt8], of count: Int, _ limiter: borrowing ReadLimiter) -> Int {
    guard let rollup = try? Rollup(Message(framed: record.span.bytes, limiter: limiter).rootStruct),
      rollup.scope == .zone, let zone = try? rollup.zone
    else { return 0 }
    return Int(KeyedHash(key: seed).hash(zone) % UInt64(count))
  }

  /// What replay does, in a few lines.
  private static func judge(
    _ records: [[[UInt8]]], _ setup: ZoneSetup, _ settings: CampaignSettings
  ) throws -> [Attack] {
    var buffer = WindowBuffer(partitions: setup.inputs, limits: setup.limits, hashSeed: setup.hashSeed)
    for record in records.joined() { try buffer.add(record.span.bytes) }
    for input in 0..<setup.inputs { buffer.finish(partition: input) }
    var zones = ZoneStage(settings: setup.behaviour, seed: setup.hashSeed)
    var correlations = CorrelationStage(setup.correlations)
    var sequence = CandidateSequence(partitions: 1)
    buffer.drain { window in
      var candidates: [Candidate] = []
      zones.consume(window, correlations: correlations.consume(window), into: &candidates)
      sequence.add(candidates, end: window.due, isLate: window.isLate, partition: 0)
    }
    sequence.advance(partition: 0, to: .max)
    var campaigns = CampaignStage(settings: settings, rules: RuleTitle.all(of: nil))
    var sink = NoSourceSink()
    sequence.finish { _ = campaigns.consume($0, watermark: $1, sources: &sink) }
    return campaigns.finish(sources: &sink)
  }

  static func batches(lines: Int, seed: UInt64) throws -> [[UInt8]] {
    var configuration = SimulationConfiguration()
    configuration.lines = lines
    configuration.seed = seed
    configuration.duration = 4 * 3_600 * nanosecondsPerSecond
    configuration.attacks = AttackOrder.all
    configuration.format = .vhostCombined
    configuration.hosts = ["shop.example", "forum.example", "news.example", "wiki.example", "mail.example"]
    var simulator = try TrafficSimulator(configuration)
    var log = ByteBuffer(capacity: 1 << 20)
    var truth: LineTruth?
    while simulator.writeLine(into: &log, truth: &truth) {}
    var parser = LineParser(format: try LogFormat(specification: "vhost-combined"), options: ParseOptions())
    var writer = EventBatchWriter()
    var records: [[UInt8]] = []
    var fields = HttpFields()
    var (number, front, first, last) = (0, Nanoseconds.min, Nanoseconds.max, Nanoseconds.min)
    var (start, inBatch, sequence) = (0, 0, UInt64(0))
    let text = log.bytes
    func begin() {
      var origin = BatchOrigin(source: 1, path: Array("shop.log".utf8))
      origin.sequence = sequence
      (origin.firstOrdinal, origin.firstLine) = (UInt64(number), UInt64(number) + 1)
      writer.begin(origin)
      (first, last, inBatch) = (.max, .min, 0)
    }
    func finish(isLast: Bool) {
      var ledger = BatchLedger()
      (ledger.lines, ledger.parsed) = (UInt32(inBatch), UInt32(inBatch))
      writer.finish(
        lowWatermark: front &- 2 * nanosecondsPerSecond, firstTime: first, lastTime: last, ledger: ledger,
        final: isLast)
      records.append(writer.message.copied())
      sequence += 1
    }
    begin()
    while start < text.byteCount {
      let end = text.firstIndex(of: 0x0a, from: start) ?? text.byteCount
      let line = text.extracting(start..<end)
      start = end + 1
      guard case .event = parser.parse(line, into: &fields) else { continue }
      writer.append(
        fields, line: line, scratch: parser.scratch, lineOffset: UInt32(inBatch * 100), lineNumber: UInt32(inBatch))
      front = max(front, fields.time)
      (first, last) = (min(first, fields.time), max(last, fields.time))
      number += 1
      inBatch += 1
      if inBatch == 400, start < text.byteCount {
        finish(isLast: false)
        begin()
      }
    }
    finish(isLast: true)
    return records
  }
}
