// What is written is read back, and the second batch allocates nothing.

import AllocationCounter
import Bytes
import CapnProto
import Events
import Testing

/// A line and the fields in it, as a parser would hand them over.
struct SampleLine {
  var text: [UInt8] = []
  var fields = HttpFields()

  mutating func put(_ value: String) -> FieldRange {
    let offset = text.count
    text += Array(value.utf8)
    return FieldRange(offset: offset, count: text.count - offset)
  }

  init(_ number: Int) {
    fields.time = 1_700_000_000_000_000_000 + Int64(number)
    fields.client = IPAddress(v4: 0x0a00_0000 + UInt32(number))
    fields.bytes = UInt64(number) * 100
    fields.duration = UInt32(number)
    fields.status = 200
    fields.method = .post
    fields.protocolVersion = .http2
    fields.cacheStatus = .miss
    fields.host = put("example.org")
    fields.target = put("/search?q=\(number)")
    fields.userAgent = put("Mozilla/5.0 (X11; Linux x86_64)")
    if number % 3 != 0 { fields.referrer = put("https://example.org/\(number % 7)") }
    if number % 5 == 0 {
      fields.remoteUser = put("user\(number)")
      fields.serverPort = 8443
    }
  }
}

func write(_ lines: [SampleLine], with writer: inout EventBatchWriter, origin: BatchOrigin) {
  writer.begin(origin)
  for (i, line) in lines.enumerated() {
    let text = line.text.span.bytes
    writer.append(line.fields, line: text, scratch: text, lineOffset: UInt32(i * 100), lineNumber: UInt32(i))
  }
  var ledger = BatchLedger()
  ledger.lines = UInt32(lines.count)
  ledger.parsed = UInt32(lines.count)
  writer.finish(
    lowWatermark: 17, firstTime: lines.first?.fields.time ?? 0, lastTime: lines.last?.fields.time ?? 0, ledger: ledger)
}

@Suite struct EventBatchWriterTests {
  var origin: BatchOrigin {
    var origin = BatchOrigin(source: 99, host: Array("web1".utf8), path: Array("/var/log/access.log".utf8))
    origin.sequence = 3
    origin.firstLine = 1001
    origin.byteBegin = 4096
    origin.byteEnd = 8192
    return origin
  }

  @Test(arguments: [1, 2, 7, 1000]) func whatIsWrittenIsReadBack(count: Int) throws {
    let lines = (0..<count).map { SampleLine($0) }
    var writer = EventBatchWriter(textCapacity: 64, eventCapacity: 1)
    // The second time into memory that held another batch.
    write((0..<50).map { SampleLine($0 + 7) }, with: &writer, origin: origin)
    write(lines, with: &writer, origin: origin)
    let limiter = ReadLimiter()
    let batch = try EventBatch.read(from: try Message(framed: writer.message, limiter: limiter))
    #expect(batch.schemaVersion == 1)
    #expect(batch.sequence == 3 && batch.firstLine == 1001 && batch.byteBegin == 4096 && batch.byteEnd == 8192)
    #expect(batch.lowWatermark == 17 && batch.count == UInt32(count) && batch.weight == 1 && !batch.final)
    #expect(try batch.source.id == 99)
    #expect(try batch.source.host.decodedString() == "web1")
    #expect(try batch.source.path.decodedString() == "/var/log/access.log")
    #expect(try batch.ledger.lines == UInt32(count))
    #expect(batch.events.which == .http)
    let events = try batch.events.http
    try #require(events.count == count)
    for i in 0..<count {
      let event = events[i]
      let line = lines[i]
      let text = line.text.span.bytes
      #expect(event.time == line.fields.time && event.clientHigh == line.fields.client.high)
      #expect(event.clientLow == line.fields.client.low && event.bytes == line.fields.bytes)
      #expect(event.duration == line.fields.duration && event.status == 200 && event.method == .post)
      #expect(event.protocol == .http2 && event.cacheStatus == .miss && event.flags == 0)
      #expect(event.lineOffset == UInt32(i * 100) && event.lineNumber == UInt32(i))
      #expect(try event.host.equals(line.fields.host.bytes(line: text, scratch: text)))
      #expect(try event.target.equals(line.fields.target.bytes(line: text, scratch: text)))
      #expect(try event.userAgent.equals(line.fields.userAgent.bytes(line: text, scratch: text)))
      #expect(try event.referrer.equals(line.fields.referrer.bytes(line: text, scratch: text)))
      #expect(event.hasReferrer == (i % 3 != 0))
      #expect(event.hasExtra == (i % 5 == 0))
      #expect(try event.extra.serverPort == (i % 5 == 0 ? 8443 : 0))
      #expect(try event.extra.remoteUser.decodedString() == (i % 5 == 0 ? "user\(i)" : ""))
    }
  }

  @Test func aHeartbeatHoldsNoEvents() throws {
    var writer = EventBatchWriter()
    writer.begin(origin)
    writer.finish(lowWatermark: 5, final: true)
    let limiter = ReadLimiter()
    let batch = try EventBatch.read(from: try Message(framed: writer.message, limiter: limiter))
    #expect(batch.events.which == .none && batch.final && batch.lowWatermark == 5 && batch.count == 0)
  }

  @Test func unparsedLinesKeepTheirReasonAndPlace() throws {
    var writer = EventBatchWriter()
    writer.begin(origin)
    let head = Array("garbage".utf8)
    writer.appendUnparsed(
      reason: .tooLong, head: head.span.bytes, length: 100_000_000, hash: 42, lineOffset: 7, lineNumber: 2)
    writer.finish()
    let limiter = ReadLimiter()
    let batch = try EventBatch.read(from: try Message(framed: writer.message, limiter: limiter))
    #expect(batch.events.which == .unparsed)
    let line = try batch.events.unparsed[0]
    #expect(line.reason == .tooLong && line.length == 100_000_000 && line.hash == 42)
    #expect(line.lineOffset == 7 && line.lineNumber == 2)
    #expect(try line.head.decodedString() == "garbage")
  }

  @Test func afterFinishOnlyTheHeaderIsStamped() throws {
    var writer = EventBatchWriter()
    write([SampleLine(1)], with: &writer, origin: origin)
    var ledger = BatchLedger()
    ledger.late = 1
    writer.stamp(lowWatermark: 18, firstTime: 1, lastTime: 2, ledger: ledger, final: true)
    let limiter = ReadLimiter()
    let batch = try EventBatch.read(from: try Message(framed: writer.message, limiter: limiter))
    #expect(batch.lowWatermark == 18 && batch.firstTime == 1 && batch.lastTime == 2 && batch.final)
    #expect(try batch.ledger.late == 1)
    #expect(try batch.events.http[0].host.decodedString() == "example.org")
  }

  @Test func aFieldLongerThanTheLimitIsCutAndSaysSo() throws {
    var writer = EventBatchWriter(largestField: 4)
    write([SampleLine(1)], with: &writer, origin: origin)
    let limiter = ReadLimiter()
    let event = try EventBatch.read(from: try Message(framed: writer.message, limiter: limiter)).events.http[0]
    #expect(try event.host.decodedString() == "exam")
    #expect(HttpFlags(rawValue: event.flags).contains(.truncated))
  }

  @Test func theSecondBatchAllocatesNothing() {
    let lines = (0..<10_000).map { SampleLine($0) }
    var writer = EventBatchWriter()
    let origin = origin
    write(lines, with: &writer, origin: origin)
    let before = allocation_count()
    write(lines, with: &writer, origin: origin)
    #expect(allocation_count() - before == 0)
  }

  @Test func decodingTenThousandEventsAllocatesNothing() throws {
    let lines = (0..<10_000).map { SampleLine($0) }
    var writer = EventBatchWriter()
    write(lines, with: &writer, origin: origin)
    let limiter = ReadLimiter()
    let before = allocation_count()
    let sum = try decodeEverything(writer.message, limiter)
    #expect(allocation_count() - before == 0)
    #expect(sum > 0)
  }
}

/// Reads every field of every event.
func decodeEverything(_ bytes: RawSpan, _ limiter: borrowing ReadLimiter) throws(WireError) -> UInt64 {
  let events = try EventBatch.read(from: try Message(framed: bytes, limiter: limiter)).events.http
  var sum: UInt64 = 0
  for i in 0..<events.count {
    let event = events[i]
    sum &+= UInt64(bitPattern: event.time) &+ event.clientLow &+ event.bytes &+ UInt64(event.duration)
    sum &+= UInt64(event.status) &+ UInt64(event.method.wire) &+ UInt64(event.protocol.wire)
    sum &+= UInt64(try event.host.byteCount &+ event.target.byteCount)
    sum &+= UInt64(try event.userAgent.byteCount &+ event.referrer.byteCount)
    sum &+= UInt64(try event.extra.remoteUser.byteCount)
  }
  return sum
}
