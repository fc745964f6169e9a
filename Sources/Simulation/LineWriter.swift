// A request as a line of a log, written straight into a buffer.

import Bytes

/// Writes lines of one format; keeps the last second's text, because most lines share it with the one before.
struct LineWriter: ~Copyable {
  private let format: SimulatedFormat
  private let escape: SimulatedFormat.Escape
  private let template: LineTemplate
  private var second: Int64 = .min
  private var stamp = ByteBuffer(capacity: 64)
  private var iso = ByteBuffer(capacity: 64)
  private var inner = ByteBuffer(capacity: 4096)

  init(format: SimulatedFormat) {
    self.format = format
    escape = format.escape
    template = LineTemplate(format.template)
  }

  /// What stands before the first line.
  func writeHeader(into out: inout ByteBuffer) { out.append(format.header) }

  mutating func write(
    _ request: borrowing SimulatedRequest, host: PoolSlice, pool: borrowing BytePool, into out: inout ByteBuffer
  ) {
    if request.time / nanosecondsPerSecond != second {
      second = request.time / nanosecondsPerSecond
      writeStamps()
    }
    switch format.frame {
    case .none: writeLine(request, host: host, pool: pool, into: &out)
    case .docker:
      inner.removeAll()
      // The frame quotes the line, so the line is made first.
      var line = ByteBuffer(capacity: 0)
      swap(&line, &inner)
      writeLine(request, host: host, pool: pool, into: &line)
      swap(&line, &inner)
      out.append("{\"log\":\"")
      Self.appendJSON(inner.bytes, to: &out)
      out.append("\\n\",\"stream\":\"stdout\",\"time\":\"")
      out.append(iso.bytes)
      out.append(".")
      appendMilliseconds(request.time, to: &out)
      out.append("000000Z\"}")
    }
    out.append(0x0a)
  }

  private func writeLine(
    _ request: borrowing SimulatedRequest, host: PoolSlice, pool: borrowing BytePool, into out: inout ByteBuffer
  ) {
    for step in template.steps {
      switch step {
      case .text(let slice): out.append(slice, of: template.pool)
      case .field(let field, let dash):
        let before = out.count
        switch field {
        case .client: out.append(request.client)
        case .address:
          if !request.client.isIPv4 { out.append("[") }
          out.append(request.client)
          if !request.client.isIPv4 { out.append("]") }
        case .user: out.append(request.user.bytes)
        case .method: out.append(request.method.name)
        case .target: append(request.target.bytes, to: &out)
        case .stem: append(request.target.bytes.extracting(0..<(queryStart(request) ?? request.target.count)), to: &out)
        case .query:
          if let start = queryStart(request) {
            append(request.target.bytes.extracting(start + 1..<request.target.count), to: &out)
          }
        case .status: out.append(decimal: UInt64(request.status))
        case .bytes: out.append(decimal: request.bytes)
        case .host: out.append(host, of: pool)
        case .referrer: append(request.referrer.bytes, to: &out)
        case .agent: append(request.userAgent.bytes, to: &out)
        case .cookie: append(request.cookie.bytes, to: &out)
        case .body: append(request.body.bytes, to: &out)
        case .type: out.append(request.contentType)
        case .protocol:
          out.append("HTTP/")
          appendVersion(request.httpVersion, to: &out)
        case .version: appendVersion(request.httpVersion, to: &out)
        case .token: out.append(hexadecimal: UInt64(bitPattern: request.time) &* 0x9e37_79b9_7f4a_7c15, digits: 16)
        case .stamp: out.append(stamp.bytes)
        case .iso: out.append(iso.bytes)
        case .date: out.append(iso.bytes.extracting(0..<10))
        case .clock: out.append(iso.bytes.extracting(11..<19))
        case .epoch: out.append(decimal: UInt64(max(0, second)))
        case .ms: appendMilliseconds(request.time, to: &out)
        case .seconds:
          let milliseconds = request.duration / 1_000
          out.append(decimal: milliseconds / 1_000)
          out.append(".")
          out.append(decimal: milliseconds / 100 % 10)
          out.append(twoDigits: Int(milliseconds % 100))
        case .milliseconds: out.append(decimal: request.duration / 1_000)
        case .nanoseconds: out.append(decimal: request.duration * 1_000)
        }
        if dash, out.count == before { out.append(0x2d) }
      }
    }
  }

  private func queryStart(_ request: borrowing SimulatedRequest) -> Int? { request.target.bytes.firstIndex(of: 0x3f) }

  private func append(_ bytes: RawSpan, to out: inout ByteBuffer) {
    switch escape {
    case .hexadecimal: Self.appendEscaped(bytes, to: &out)
    case .json: Self.appendJSON(bytes, to: &out)
    case .plus: Self.appendWithoutBlanks(bytes, blank: "+", to: &out)
    case .percent: Self.appendWithoutBlanks(bytes, blank: "%20", to: &out)
    }
  }

  private func appendVersion(_ version: UInt8, to out: inout ByteBuffer) {
    switch version {
    case 10: out.append("1.0")
    case 11: out.append("1.1")
    case 30: out.append("3.0")
    default: out.append("2.0")
    }
  }

  private func appendMilliseconds(_ time: Nanoseconds, to out: inout ByteBuffer) {
    let milliseconds = Int(time % nanosecondsPerSecond / 1_000_000)
    out.append(decimal: milliseconds / 100)
    out.append(twoDigits: milliseconds % 100)
  }

  // MARK: Stamps

  private static let months: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private mutating func writeStamps() {
    let day = CivilTime.floorDivide(second, 86_400)
    let (year, month, dayOfMonth) = CivilTime.date(days: Int(day))
    let rest = Int(second - day * 86_400)
    iso.removeAll()
    iso.append(decimal: year)
    iso.append("-")
    iso.append(twoDigits: month)
    iso.append("-")
    iso.append(twoDigits: dayOfMonth)
    iso.append("T")
    Self.appendClock(rest, to: &iso)
    stamp.removeAll()
    stamp.append(twoDigits: dayOfMonth)
    stamp.append("/")
    stamp.append(Self.months[month - 1])
    stamp.append("/")
    stamp.append(decimal: year)
    stamp.append(":")
    Self.appendClock(rest, to: &stamp)
  }

  private static func appendClock(_ second: Int, to out: inout ByteBuffer) {
    out.append(twoDigits: second / 3600)
    out.append(":")
    out.append(twoDigits: second / 60 % 60)
    out.append(":")
    out.append(twoDigits: second % 60)
  }

  // MARK: Escapes

  /// As nginx and Apache write what a client sent: quotes, backslashes, controls and all beyond ASCII as `\xHH`.
  static func appendEscaped(_ bytes: RawSpan, to out: inout ByteBuffer) {
    var start = 0
    for i in 0..<bytes.byteCount {
      let byte = bytes.unchecked(i)
      if byte >= 0x20, byte < 0x7f, byte != 0x22, byte != 0x5c { continue }
      out.append(bytes.extracting(start..<i))
      out.append("\\x")
      out.append(hexByte: byte)
      start = i + 1
    }
    out.append(bytes.extracting(start..<bytes.byteCount))
  }

  /// The inside of a JSON string. What clients send here is ASCII or UTF-8.
  static func appendJSON(_ bytes: RawSpan, to out: inout ByteBuffer) {
    var start = 0
    for i in 0..<bytes.byteCount {
      let byte = bytes.unchecked(i)
      if byte >= 0x20, byte != 0x22, byte != 0x5c { continue }
      out.append(bytes.extracting(start..<i))
      if byte == 0x22 || byte == 0x5c {
        out.append(0x5c)
        out.append(byte)
      } else {
        out.append("\\u00")
        out.append(hexByte: byte)
      }
      start = i + 1
    }
    out.append(bytes.extracting(start..<bytes.byteCount))
  }

  /// For columns parted by blanks: these become `blank`, and what is not ASCII is percent-encoded.
  static func appendWithoutBlanks(_ bytes: RawSpan, blank: StaticString, to out: inout ByteBuffer) {
    for i in 0..<bytes.byteCount {
      let byte = bytes.unchecked(i)
      if byte > 0x20, byte < 0x7f, byte != 0x22 {
        out.append(byte)
      } else if byte == 0x20 {
        out.append(blank)
      } else {
        out.append("%")
        out.append(hexByte: byte)
      }
    }
  }
}
