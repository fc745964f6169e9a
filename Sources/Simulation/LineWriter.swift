// A request as a line of a log, written straight into a buffer.

import Bytes

/// Writes lines of one format; keeps the last second's text, because most lines share it with the one before.
struct LineWriter: ~Copyable {
  let format: SimulatedFormat
  private var second: Int64 = .min
  private var stamp = ByteBuffer(capacity: 64)

  init(format: SimulatedFormat) { self.format = format }

  /// What stands before the first line.
  mutating func writeHeader(into out: inout ByteBuffer, at time: Nanoseconds) {}

  mutating func write(
    _ request: borrowing SimulatedRequest, host: PoolSlice, pool: borrowing BytePool, into out: inout ByteBuffer
  ) {
    if request.time / nanosecondsPerSecond != second {
      second = request.time / nanosecondsPerSecond
      writeStamp()
    }
    switch format {
    case .combined:
      writeCommon(request, into: &out)
      writeReferrerAndAgent(request, into: &out)
    case .common: writeCommon(request, into: &out)
    case .vhostCombined:
      out.append(host, of: pool)
      out.append(":443 ")
      writeCommon(request, into: &out)
      writeReferrerAndAgent(request, into: &out)
    case .nginxJSON: writeNginxJSON(request, host: host, pool: pool, into: &out)
    case .flatJSON: writeFlatJSON(request, host: host, pool: pool, into: &out)
    case .caddy: writeCaddy(request, host: host, pool: pool, into: &out)
    }
    out.append(0x0a)
  }

  private static let months: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private mutating func writeStamp() {
    stamp.removeAll()
    let day = CivilTime.floorDivide(second, 86_400)
    let (year, month, dayOfMonth) = CivilTime.date(days: Int(day))
    let rest = Int(second - day * 86_400)
    let isJSON = format == .nginxJSON || format == .flatJSON
    if isJSON {
      stamp.append(decimal: year)
      stamp.append("-")
      stamp.append(twoDigits: month)
      stamp.append("-")
      stamp.append(twoDigits: dayOfMonth)
      stamp.append("T")
    } else {
      stamp.append(twoDigits: dayOfMonth)
      stamp.append("/")
      stamp.append(Self.months[month - 1])
      stamp.append("/")
      stamp.append(decimal: year)
      stamp.append(":")
    }
    stamp.append(twoDigits: rest / 3600)
    stamp.append(":")
    stamp.append(twoDigits: rest / 60 % 60)
    stamp.append(":")
    stamp.append(twoDigits: rest % 60)
  }

  // MARK: Lines of text

  private func writeCommon(_ request: borrowing SimulatedRequest, into out: inout ByteBuffer) {
    out.append(request.client)
    out.append(" - ")
    if request.user.count > 0 { out.append(request.user.bytes) } else { out.append("-") }
    out.append(" [")
    out.append(stamp.bytes)
    out.append(" +0000] \"")
    out.append(request.method.name)
    out.append(" ")
    Self.appendEscaped(request.target.bytes, to: &out)
    out.append(" ")
    out.append(Self.protocolName(request.httpVersion))
    out.append("\" ")
    out.append(decimal: UInt64(request.status))
    out.append(" ")
    out.append(decimal: request.bytes)
  }

  private func writeReferrerAndAgent(_ request: borrowing SimulatedRequest, into out: inout ByteBuffer) {
    out.append(" \"")
    if request.referrer.count > 0 { Self.appendEscaped(request.referrer.bytes, to: &out) } else { out.append("-") }
    out.append("\" \"")
    if request.userAgent.count > 0 { Self.appendEscaped(request.userAgent.bytes, to: &out) } else { out.append("-") }
    out.append("\"")
  }

  static func protocolName(_ version: UInt8) -> StaticString {
    switch version {
    case 10: "HTTP/1.0"
    case 11: "HTTP/1.1"
    case 30: "HTTP/3.0"
    default: "HTTP/2.0"
    }
  }

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

  // MARK: Lines of JSON

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

  private func appendMilliseconds(_ time: Nanoseconds, to out: inout ByteBuffer) {
    let milliseconds = Int(time % nanosecondsPerSecond / 1_000_000)
    out.append(".")
    out.append(decimal: milliseconds / 100)
    out.append(twoDigits: milliseconds % 100)
  }

  private func writeNginxJSON(
    _ request: borrowing SimulatedRequest, host: PoolSlice, pool: borrowing BytePool, into out: inout ByteBuffer
  ) {
    out.append("{\"time_iso8601\":\"")
    out.append(stamp.bytes)
    out.append("+00:00\",\"remote_addr\":\"")
    out.append(request.client)
    out.append("\",\"remote_user\":\"")
    out.append(request.user.bytes)
    out.append("\",\"host\":\"")
    out.append(host, of: pool)
    out.append("\",\"request_method\":\"")
    out.append(request.method.name)
    out.append("\",\"request_uri\":\"")
    Self.appendJSON(request.target.bytes, to: &out)
    out.append("\",\"server_protocol\":\"")
    out.append(Self.protocolName(request.httpVersion))
    out.append("\",\"status\":")
    out.append(decimal: UInt64(request.status))
    out.append(",\"body_bytes_sent\":")
    out.append(decimal: request.bytes)
    out.append(",\"request_time\":")
    appendSeconds(request.duration, to: &out)
    out.append(",\"http_referer\":\"")
    Self.appendJSON(request.referrer.bytes, to: &out)
    out.append("\",\"http_user_agent\":\"")
    Self.appendJSON(request.userAgent.bytes, to: &out)
    out.append("\"}")
  }

  /// Microseconds as seconds with three decimals.
  private func appendSeconds(_ duration: UInt64, to out: inout ByteBuffer) {
    let milliseconds = Int(duration / 1_000)
    out.append(decimal: milliseconds / 1_000)
    out.append(".")
    out.append(decimal: milliseconds / 100 % 10)
    out.append(twoDigits: milliseconds % 100)
  }

  private func writeFlatJSON(
    _ request: borrowing SimulatedRequest, host: PoolSlice, pool: borrowing BytePool, into out: inout ByteBuffer
  ) {
    out.append("{\"time\":\"")
    out.append(stamp.bytes)
    appendMilliseconds(request.time, to: &out)
    out.append("Z\",\"client\":\"")
    out.append(request.client)
    out.append("\",\"method\":\"")
    out.append(request.method.name)
    out.append("\",\"host\":\"")
    out.append(host, of: pool)
    out.append("\",\"path\":\"")
    Self.appendJSON(request.target.bytes, to: &out)
    out.append("\",\"protocol\":\"")
    out.append(Self.protocolName(request.httpVersion))
    out.append("\",\"status\":")
    out.append(decimal: UInt64(request.status))
    out.append(",\"bytes\":")
    out.append(decimal: request.bytes)
    out.append(",\"referer\":\"")
    Self.appendJSON(request.referrer.bytes, to: &out)
    out.append("\",\"user_agent\":\"")
    Self.appendJSON(request.userAgent.bytes, to: &out)
    out.append("\",\"cookie\":\"")
    Self.appendJSON(request.cookie.bytes, to: &out)
    out.append("\",\"content_type\":\"")
    out.append(request.contentType)
    out.append("\",\"body\":\"")
    Self.appendJSON(request.body.bytes, to: &out)
    out.append("\"}")
  }

  private func writeCaddy(
    _ request: borrowing SimulatedRequest, host: PoolSlice, pool: borrowing BytePool, into out: inout ByteBuffer
  ) {
    out.append("{\"level\":\"info\",\"ts\":")
    out.append(decimal: Int(request.time / nanosecondsPerSecond))
    appendMilliseconds(request.time, to: &out)
    out.append(",\"logger\":\"http.log.access.log0\",\"msg\":\"handled request\",\"request\":{\"remote_ip\":\"")
    out.append(request.client)
    out.append("\",\"remote_port\":\"51234\",\"client_ip\":\"")
    out.append(request.client)
    out.append("\",\"proto\":\"")
    out.append(Self.protocolName(request.httpVersion))
    out.append("\",\"method\":\"")
    out.append(request.method.name)
    out.append("\",\"host\":\"")
    out.append(host, of: pool)
    out.append("\",\"uri\":\"")
    Self.appendJSON(request.target.bytes, to: &out)
    out.append("\",\"headers\":{\"User-Agent\":[\"")
    Self.appendJSON(request.userAgent.bytes, to: &out)
    out.append("\"]")
    if request.referrer.count > 0 {
      out.append(",\"Referer\":[\"")
      Self.appendJSON(request.referrer.bytes, to: &out)
      out.append("\"]")
    }
    out.append("}},\"user_id\":\"")
    out.append(request.user.bytes)
    out.append("\",\"duration\":")
    appendSeconds(request.duration, to: &out)
    out.append(",\"size\":")
    out.append(decimal: request.bytes)
    out.append(",\"status\":")
    out.append(decimal: UInt64(request.status))
    out.append(",\"resp_headers\":{\"Server\":[\"Caddy\"]}}")
  }
}
