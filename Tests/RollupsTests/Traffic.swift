// Made-up events, cut into batches and carried through aggregators, for the tests of this module.

import Bytes
import CapnProto
import Events
import Rollups
import Testing

struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 { splitMix(&state) }
}

struct TestEvent {
  var time: Nanoseconds = 0
  var client = IPAddress(v4: 0x0a00_0001)
  var host = "example.org"
  var target = "/"
  var status: UInt16 = 200
  var method = Method.get
  var userAgent = "Mozilla/5.0"
  var referrer = ""
  var user = ""
  var duration: UInt32 = .max
  var bytes: UInt64 = 100
  var fingerprint = ""
  var flags: HttpFlags = []
}

let second = nanosecondsPerSecond

/// Traffic of some hosts over `seconds`, nearly in order of time.
func traffic(_ count: Int, seconds: Int64, seed: UInt64, clients: UInt32 = 300, hosts: Int = 3) -> [TestEvent] {
  var random = Seeded(seed)
  return (0..<count).map { i in
    var event = TestEvent()
    event.time = 1_700_000_000 * second + Int64(i) * (seconds * second / Int64(count)) / second * second
    if i % 13 == 0 { event.time -= second }
    // Squares give a few busy clients and paths and many quiet ones.
    let u = Double.random(in: 0..<1, using: &random)
    event.client = IPAddress(v4: 0x0a00_0000 + UInt32(u * u * Double(clients)))
    event.host = "host\(Int.random(in: 0..<hosts, using: &random)).example"
    let v = Double.random(in: 0..<1, using: &random)
    event.target = "/page/\(Int(v * v * v * 200))"
    event.userAgent = "agent/\(event.client.low % 17)"
    event.bytes = UInt64.random(in: 0..<50_000, using: &random)
    switch Int.random(in: 0..<20, using: &random) {
    case 0:
      event.status = 404
      event.target += ".php"
    case 1: event.target = "/search?q=1 UNION SELECT \(Int.random(in: 0..<9, using: &random))"
    case 2:
      event.method = .post
      event.target = "/wp-login.php"
      event.status = Bool.random(using: &random) ? 200 : 302
    case 3: event.target = "/style.css"
    case 4: event.referrer = "https://example.org/\(Int.random(in: 0..<30, using: &random))"
    case 5: event.status = 500
    case 6: event.target += "?id=\(Int.random(in: 0..<1000, using: &random))"
    case 7:
      event.user = "user\(Int.random(in: 0..<5, using: &random))"
      event.status = 401
    case 8: event.target = "/download?f=../../etc/passwd"
    default: break
    }
    if Int.random(in: 0..<3, using: &random) == 0 { event.duration = .random(in: 100..<9_000_000, using: &random) }
    return event
  }
}

/// Writes batches of given lengths, the last one as long as is left; each is one record.
func batches(
  _ events: [TestEvent], cut: [Int], source: UInt64 = 1, disorder: Nanoseconds = 2 * second, final: Bool = true
) -> [[UInt8]] {
  var writer = EventBatchWriter()
  var records: [[UInt8]] = []
  var front: Nanoseconds = .min
  var first = 0
  var sequence: UInt64 = 0
  while first < events.count {
    let count = min(max(1, cut[Int(sequence) % cut.count]), events.count - first)
    var origin = BatchOrigin(source: source, path: Array("access.log.\(source)".utf8))
    origin.sequence = sequence
    origin.firstOrdinal = UInt64(first)
    origin.firstLine = UInt64(first) + 1
    writer.begin(origin)
    var ledger = BatchLedger()
    for i in 0..<count {
      let event = events[first + i]
      append(event, number: UInt32(i), to: &writer)
      front = max(front, event.time)
    }
    ledger.lines = UInt32(count)
    ledger.parsed = UInt32(count)
    first += count
    sequence += 1
    let times = events[(first - count)..<first].map(\.time)
    writer.finish(
      lowWatermark: front - disorder, firstTime: times.min()!, lastTime: times.max()!, ledger: ledger,
      final: final && first == events.count)
    records.append(writer.message.copied())
  }
  return records
}

func append(_ event: TestEvent, number: UInt32, to writer: inout EventBatchWriter) {
  var line: [UInt8] = []
  func field(_ text: String) -> FieldRange {
    defer { line += Array(text.utf8) }
    return FieldRange(offset: line.count, count: text.utf8.count)
  }
  var fields = HttpFields()
  fields.time = event.time
  fields.client = event.client
  fields.host = field(event.host)
  fields.target = field(event.target)
  fields.status = event.status
  fields.method = event.method
  fields.userAgent = field(event.userAgent)
  fields.referrer = field(event.referrer)
  fields.remoteUser = field(event.user)
  fields.tlsFingerprint = field(event.fingerprint)
  fields.duration = event.duration
  fields.bytes = event.bytes
  fields.flags = event.flags
  writer.append(
    fields, line: line.span.bytes, scratch: RawSpan(), lineOffset: number * 100, lineNumber: number)
}

/// Two rules, by plain search; and a correlation that counts logins by client.
struct StubClassifier: RequestClassifier {
  var ruleSetHash: UInt64 { 7 }
  var ruleHashes: [UInt64] { [901, 900] }
  var correlates = false

  mutating func classify(_ events: borrowing HttpEventList, into verdicts: inout [RequestVerdict]) {
    verdicts.removeAll(keepingCapacity: true)
    for i in 0..<events.count {
      var verdict = RequestVerdict.clean
      let event = events[i]
      if let target = try? event.target {
        if target.firstRange(of: "UNION") != nil {
          verdict.score = 90
          verdict.classes = .sqlInjection
          verdict.rules[0] = 0
          verdict.ruleCount = 1
        } else if target.firstRange(of: "../") != nil {
          verdict.score = 70
          verdict.classes = .pathTraversal
          verdict.rules[0] = 1
          verdict.ruleCount = 1
        }
      }
      verdicts.append(verdict)
    }
  }

  mutating func correlate(
    _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict], into hits: inout [CorrelationHit],
    texts: inout ByteBuffer
  ) {
    guard correlates else { return }
    for i in 0..<events.count where events[i].method == .post {
      let offset = texts.count
      texts.append("\(events[i].clientLow)")
      hits.append(
        CorrelationHit(
          event: i, correlation: 55, groupHash: events[i].clientLow &* 77, valueHash: UInt64(events[i].status) << 40,
          groupOffset: offset, groupCount: texts.count - offset))
    }
  }
}

/// Records by partition as aggregators write them, each partition getting every n-th batch.
func aggregate(
  _ records: [[UInt8]], partitions: Int, settings: AggregatorSettings = AggregatorSettings(), correlates: Bool = false
) throws -> (rollups: [[[UInt8]]], ledger: ConservationLedger) {
  var rollups: [[[UInt8]]] = []
  var ledger = ConservationLedger()
  for partition in 0..<partitions {
    var settings = settings
    settings.inputPartition = UInt16(partition)
    var aggregator = PartitionAggregator(settings: settings, classifier: StubClassifier(correlates: correlates))
    var written: [[UInt8]] = []
    for (i, record) in records.enumerated() where i % partitions == partition {
      try aggregator.consume(record.span.bytes) { written.append($0.copied()) }
    }
    aggregator.close { written.append($0.copied()) }
    ledger += aggregator.ledger
    rollups.append(written)
  }
  return (rollups, ledger)
}

/// Merged windows as text, one a line.
func merged(
  _ rollups: [[[UInt8]]], limits: TableLimits = TableLimits(), evidence: Bool = true
) throws -> [String] {
  var buffer = WindowBuffer(
    partitions: rollups.count, limits: limits, hashSeed: AggregatorSettings().hashSeed)
  var lines: [String] = []
  for (partition, records) in rollups.enumerated() {
    for record in records { try buffer.add(record.span.bytes) }
    buffer.finish(partition: partition)
  }
  buffer.drain { lines.append(describe($0, evidence: evidence)) }
  return lines
}

/// Merged windows of the same aggregators, which hand them over instead of writing records.
func mergedWithoutRecords(
  _ records: [[UInt8]], partitions: Int, settings: AggregatorSettings = AggregatorSettings(), correlates: Bool = false
) throws -> [String] {
  // So small that windows are both made anew and used again.
  let pool = WindowPool(memory: 1 << 20)
  var buffer = WindowBuffer(partitions: partitions, limits: settings.limits, hashSeed: settings.hashSeed)
  var lines: [String] = []
  for partition in 0..<partitions {
    var settings = settings
    settings.inputPartition = UInt16(partition)
    var aggregator = PartitionAggregator(
      settings: settings, classifier: StubClassifier(correlates: correlates), pool: pool)
    var windows: [ClosedWindow] = []
    for (i, record) in records.enumerated() where i % partitions == partition {
      try aggregator.consume(record.span.bytes) { _ in Issue.record("a record was written") }
    }
    aggregator.close { _ in Issue.record("a record was written") }
    aggregator.takeWindows(into: &windows)
    for window in windows { try buffer.add(window) }
    buffer.finish(partition: partition)
  }
  buffer.drain { lines.append(describe($0)) }
  return lines
}
