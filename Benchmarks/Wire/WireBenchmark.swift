// Decode of 12 fields, of 3 fields, and encode: interleaved rounds, the best of each is kept.

import Bytes
import CapnProto
import CapnProtoReference
import Events
import Glibc

struct WireBenchmark: ~Copyable {
  private let events: Int
  private var fields: [HttpFields] = []
  /// What the ranges in `fields` are of.
  private var text: [UInt8] = []
  private var writer = EventBatchWriter()
  private let limiter = ReadLimiter(words: 1 << 40)
  private let batch: UnsafeMutableRawBufferPointer

  init(events: Int) {
    self.events = events
    for number in 0..<events { fields.append(WireBenchmark.line(number, text: &text)) }
    batch = .allocate(byteCount: 4 << 20, alignment: 8)
    encode()
    // libcapnp wants words that are aligned.
    let size = writer.message.byteCount
    writer.message.withUnsafeBytes { [batch] in batch.copyMemory(from: $0) }
    message = UnsafeRawBufferPointer(rebasing: batch[0..<size])
  }

  private var message = UnsafeRawBufferPointer(start: nil, count: 0)

  deinit { batch.deallocate() }

  /// A line as a browser makes one: a path of some 30 bytes, a user agent of 110, a referrer in two of three.
  private static func line(_ number: Int, text: inout [UInt8]) -> HttpFields {
    var state = UInt64(number)
    func put(_ value: String) -> FieldRange {
      let offset = text.count
      text += Array(value.utf8)
      return FieldRange(offset: offset, count: text.count - offset)
    }
    var fields = HttpFields()
    fields.time = 1_700_000_000_000_000_000 + Int64(number) * 1_000_000
    fields.client = IPAddress(v4: UInt32(truncatingIfNeeded: splitMix(&state)))
    fields.bytes = splitMix(&state) % 100_000
    fields.duration = UInt32(splitMix(&state) % 1_000_000)
    fields.status = [200, 200, 200, 304, 404][Int(splitMix(&state) % 5)]
    fields.method = splitMix(&state) % 8 == 0 ? .post : .get
    fields.protocolVersion = .http11
    fields.host = put("www.example.org")
    fields.target = put("/articles/\(splitMix(&state) % 10_000)?page=\(splitMix(&state) % 100)&sort=date")
    fields.userAgent = put(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36")
    if splitMix(&state) % 3 != 0 { fields.referrer = put("https://www.example.org/articles/") }
    return fields
  }

  private mutating func encode() {
    writer.begin(BatchOrigin(source: 1))
    // In place, as the parser hands them over, which fills the same fields line after line: a copy of the fields is
    // not the encoder's work.
    let (fields, text) = (self.fields, self.text)
    let bytes = text.span.bytes
    for i in 0..<fields.count {
      writer.append(fields[i], line: bytes, scratch: bytes, lineOffset: 0, lineNumber: UInt32(truncatingIfNeeded: i))
    }
    writer.finish()
  }

  @inline(never)
  private func read12(_ times: Int) throws(WireError) -> UInt64 {
    var sum: UInt64 = 0
    let bytes = RawSpan(_unsafeBytes: message)
    for _ in 0..<times {
      let list = try EventBatch.read(from: try Message(framed: bytes, limiter: limiter)).events.http
      for i in 0..<list.count {
        let event = list[i]
        // A sum of its own, so that events do not wait for each other.
        var fields = UInt64(bitPattern: event.time) &+ event.clientHigh &+ event.clientLow &+ event.bytes
        fields &+= UInt64(event.duration) &+ UInt64(event.status)
        fields &+= UInt64(event.method.wire) &+ UInt64(event.protocol.wire)
        fields &+= place(try event.host)
        fields &+= place(try event.target)
        fields &+= place(try event.userAgent)
        fields &+= place(try event.referrer)
        sum &+= fields
      }
    }
    return sum
  }

  /// Where the bytes of a field are and how many, so that finding them cannot be left out.
  @inline(__always)
  private func place(_ bytes: RawSpan) -> UInt64 {
    bytes.withUnsafeBytes { $0.count == 0 ? 0 : UInt64(UInt(bitPattern: $0.baseAddress)) &+ UInt64($0.count) }
  }

  @inline(never)
  private func read3(_ times: Int) throws(WireError) -> UInt64 {
    var sum: UInt64 = 0
    let bytes = RawSpan(_unsafeBytes: message)
    for _ in 0..<times {
      let list = try EventBatch.read(from: try Message(framed: bytes, limiter: limiter)).events.http
      for i in 0..<list.count {
        let event = list[i]
        sum &+= UInt64(bitPattern: event.time) &+ event.clientLow &+ UInt64(event.status)
      }
    }
    return sum
  }

  @inline(never)
  private mutating func write(_ times: Int) -> UInt64 {
    for _ in 0..<times { encode() }
    return UInt64(writer.message.byteCount)
  }

  mutating func run() {
    let rounds = 200
    let times = 20
    let base = message.bindMemory(to: UInt8.self).baseAddress
    let size = message.count
    var best = [Double](repeating: .infinity, count: 6)
    var sums = [UInt64](repeating: 0, count: 6)
    for _ in 0..<rounds {
      for kind in 0..<6 {
        let begin = now()
        switch kind {
        case 0: sums[kind] = (try? read12(times)) ?? 0
        case 1: sums[kind] = reference_read_12_fields(base, size, times)
        case 2: sums[kind] = (try? read3(times)) ?? 0
        case 3: sums[kind] = reference_read_3_fields(base, size, times)
        case 4: sums[kind] = write(times)
        default: sums[kind] = reference_write_events(base, size, times)
        }
        best[kind] = min(best[kind], Double(now() - begin) / Double(times * events))
      }
    }
    guard sums[0] == sums[1], sums[2] == sums[3], sums[0] != 0 else {
      print("the two disagree: \(sums)")
      exit(1)
    }
    print("batch of \(events) events, \(size / events) bytes each; ns an event, best of \(rounds) interleaved rounds")
    row("decode 12 fields", best[0], best[1])
    row("decode 3 fields", best[2], best[3])
    row("encode", best[4], best[5])
  }

  private func row(_ name: String, _ ours: Double, _ theirs: Double) {
    func text(_ value: Double) -> String {
      let tenths = Int((value * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)"
    }
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }
    let title = name + String(repeating: " ", count: max(0, 20 - name.utf8.count))
    print(
      "\(title) millrace\(padded(text(ours), 7))  libcapnp\(padded(text(theirs), 7))  ratio\(padded(text(theirs / ours), 6))"
    )
  }

  private func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
