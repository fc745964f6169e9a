// Random requests, written as each server would write them, come back equal.

import Bytes
import Events
import LogFormats
import Testing

/// A request made up from a seed.
private struct Request {
  var seconds: Int
  var offset: Int
  var client: IPAddress
  var method: String
  var target: [UInt8]
  var status: Int
  var bytes: UInt64
  var referrer: [UInt8]
  var agent: [UInt8]
  var host: String
  var micros: UInt32

  init(_ seed: inout UInt64) {
    func pick(_ n: UInt64) -> Int { Int(splitMix(&seed) % n) }
    seconds = pick(3_000_000_000)
    offset = (pick(27) - 12) * 3600 + pick(2) * 1800
    client =
      pick(3) == 0 ? IPAddress(high: splitMix(&seed) | 1, low: splitMix(&seed)) : IPAddress(v4: UInt32(pick(1 << 32)))
    method = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "MKCOL"][pick(8)]
    target = [0x2f] + Self.text(&seed, 60)
    status = 100 + pick(500)
    bytes = splitMix(&seed) >> UInt64(pick(64))
    referrer = pick(2) == 0 ? [] : [0x68] + Self.text(&seed, 40)
    agent = pick(5) == 0 ? [] : [0x4d] + Self.text(&seed, 120)
    host = "h\(pick(1000)).example"
    micros = UInt32(pick(100_000_000))
  }

  /// Any byte but line feed and carriage return, with the awkward ones often.
  private static func text(_ seed: inout UInt64, _ most: UInt64) -> [UInt8] {
    (0..<splitMix(&seed) % most).map { _ in
      let draw = splitMix(&seed)
      if draw % 8 == 0 { return Array(#"" \%+[]{}'"#.utf8)[Int(draw >> 8 % 10)] }
      if draw % 32 == 1 { return [0x00, 0x09, 0x1b, 0x7f, 0x80, 0xe9, 0xff][Int(draw >> 8 % 7)] }
      return UInt8(0x21 + draw >> 8 % 0x5d)
    }
  }

  var stamp: String {
    let local = seconds + offset
    let date = CivilTime.date(days: Int(CivilTime.floorDivide(Int64(local), 86_400)))
    let second = local - Int(CivilTime.floorDivide(Int64(local), 86_400)) * 86_400
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][date.month - 1]
    return
      "\(Self.two(date.day))/\(month)/\(date.year):\(clock(second)) \(offset < 0 ? "-" : "+")\(Self.two(abs(offset) / 3600))\(Self.two(abs(offset) / 60 % 60))"
  }
  private func clock(_ second: Int) -> String {
    "\(Self.two(second / 3600)):\(Self.two(second / 60 % 60)):\(Self.two(second % 60))"
  }
  static func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
}

private enum Escaping {
  /// nginx: quote, backslash, controls and bytes above ASCII as \xHH.
  static func nginx(_ bytes: [UInt8]) -> String {
    bytes.map { $0 == 0x22 || $0 == 0x5c || $0 < 0x20 || $0 > 0x7e ? hex($0) : String(UnicodeScalar($0)) }.joined()
  }
  /// Apache: quote and backslash behind a backslash, tab as \t, the rest as \xhh.
  static func apache(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      switch byte {
      case 0x22: return "\\\""
      case 0x5c: return "\\\\"
      case 0x09: return "\\t"
      case ..<0x20, 0x7f...: return hex(byte).lowercased()
      default: return String(UnicodeScalar(byte))
      }
    }.joined()
  }
  private static func hex(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF")
    return "\\x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
  }
  /// JSON knows characters only: bytes above ASCII are left out by the caller.
  static func json(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      switch byte {
      case 0x22: return "\\\""
      case 0x5c: return "\\\\"
      case ..<0x20: return "\\u00\(byte < 16 ? "0" : "1")\(Array("0123456789abcdef")[Int(byte & 15)])"
      default: return String(UnicodeScalar(byte))
      }
    }.joined()
  }
}

@Suite struct RoundTrips {
  static let seed: UInt64 = 0x2026_1121

  @Test(arguments: [
    "combined", "vhost-combined", "nginx-main", "nginx-ingress", "lighttpd", "traefik", "syslog+combined",
    "cri+nginx-main",
    "docker+combined", "apache:%h|%{sec}t|%m|%U|%s|%b|%D|%v|\"%{Referer}i\"|\"%{User-Agent}i\"", "json", "caddy", "ecs",
  ]) func fieldsWrittenInAFormatComeBackEqual(_ name: String) throws {
    var seed = Self.seed
    print("seed \(seed)")
    var reader = try Reader(name)
    for round in 0..<400 {
      var request = Request(&seed)
      if ["json", "caddy", "ecs"].contains(name) { keepASCII(&request) }
      if name.hasPrefix("apache:") { request.target.removeAll { $0 == 0x7c } }
      let line = write(request, name, escape: round % 2 == 0 ? Escaping.nginx : Escaping.apache)
      let parsed = reader.read(line)
      #expect(parsed.outcome == .event, "round \(round): \(line)")
      guard parsed.outcome == .event else { continue }
      #expect(parsed.fields.client == request.client, "round \(round): \(line)")
      #expect(parsed.fields.time == Int64(request.seconds) * 1_000_000_000, "round \(round): \(line)")
      #expect(parsed.method == request.method && parsed.status == request.status && parsed.bytes == request.bytes)
      let bytes = Array(line.utf8)
      func same(_ range: FieldRange, _ expected: [UInt8]) -> Bool {
        let found = range.bytes(line: bytes.span.bytes, scratch: reader.parser.scratch).copied()
        return found == expected || (expected == [0x2d] && found.isEmpty)
      }
      #expect(same(parsed.fields.target, request.target), "round \(round): \(line)")
      #expect(same(parsed.fields.userAgent, request.agent), "round \(round): \(line)")
      #expect(same(parsed.fields.referrer, request.referrer), "round \(round): \(line)")
    }
  }

  private func keepASCII(_ request: inout Request) {
    request.target.removeAll { $0 >= 0x7f }
    request.agent.removeAll { $0 >= 0x7f }
    request.referrer.removeAll { $0 >= 0x7f }
  }

  private func write(_ r: Request, _ name: String, escape: ([UInt8]) -> String) -> String {
    let request = "\(r.method) \(escape(r.target)) HTTP/1.1"
    func orDash(_ bytes: [UInt8]) -> String { bytes.isEmpty ? "-" : escape(bytes) }
    let combined =
      #"\#(r.client) - - [\#(r.stamp)] "\#(request)" \#(r.status) \#(r.bytes) "\#(orDash(r.referrer))" "\#(orDash(r.agent))""#
    let (path, agent, page) = (Escaping.json(r.target), Escaping.json(r.agent), Escaping.json(r.referrer))
    switch name {
    case "combined": return combined
    case "syslog+combined": return wrap(combined, "syslog")
    case "docker+combined": return wrap(combined, "docker")
    case "cri+nginx-main": return wrap(combined + " \"-\"", "cri")
    case "nginx-main": return combined + " \"-\""
    case "vhost-combined": return r.host + " " + combined
    case "nginx-ingress": return combined + " 512 0.001 [up] [] 10.0.0.1:80 5 0.001 200 abc"
    case "traefik": return combined + #" 7 "r@docker" "http://10.0.0.1:80" 3ms"#
    case "lighttpd": return combined.replacing("\(r.client) - -", with: "\(r.client) \(r.host) -", maxReplacements: 1)
    case "json":
      return
        #"{"time":\#(r.seconds),"client":"\#(r.client)","method":"\#(r.method)","path":"\#(path)","status":\#(r.status),"bytes":\#(r.bytes),"user_agent":"\#(agent)","referer":"\#(page)"}"#
    case "caddy":
      return
        #"{"ts":\#(r.seconds).000,"request":{"remote_ip":"\#(r.client)","method":"\#(r.method)","uri":"\#(path)","headers":{"User-Agent":["\#(agent)"],"Referer":["\#(page)"]}},"size":\#(r.bytes),"status":\#(r.status)}"#
    case "ecs":
      return
        #"{"@timestamp":"\#(CivilTime.rfc3339(Int64(r.seconds) * 1_000_000_000))","source.ip":"\#(r.client)","http":{"request":{"method":"\#(r.method)","referrer":"\#(page)"},"response":{"status_code":"\#(r.status)","bytes":\#(r.bytes)}},"url":{"original":"\#(path)"},"user_agent.original":"\#(agent)"}"#
    default:
      return
        "\(r.client)|\(r.seconds)|\(r.method)|\(escape(r.target))|\(r.status)|\(r.bytes)|\(r.micros)|\(r.host)|\"\(orDash(r.referrer))\"|\"\(orDash(r.agent))\""
    }
  }
}
