// The lines of many web servers with the values that another project expects of them, where that data is at hand.

import Bytes
import Events
import Foundation
import LogFormats
import Testing

/// One expectation file: for each line its values, by key.
private struct Expectations {
  var lines: [(text: String, values: [String: String])] = []

  /// Reads `results["stage"]["parser"][n].Evt.Parsed["key"] == "value"`.
  init(_ text: String) {
    var byPlace: [String: [String: String]] = [:]
    var order: [String] = []
    for row in text.split(separator: "\n") where row.hasPrefix("results[\"s01-parse\"]") {
      guard let mark = row.range(of: "].Evt.") ?? row.range(of: "].Success") else { continue }
      let place = String(row[..<mark.lowerBound])
      let rest = row[mark.upperBound...]
      guard let equals = rest.range(of: " == \"") else {
        if byPlace[place] == nil { order.append(place) }
        if row.hasSuffix("Success == false") {
          byPlace[place, default: [:]]["!"] = "1"
        } else {
          byPlace[place, default: [:]]["?"] = "1"
        }
        continue
      }
      var key = String(rest[..<equals.lowerBound])
      for cut in ["Parsed[\"", "Meta[\"", "\"]"] { key = key.replacingOccurrences(of: cut, with: "") }
      if rest.hasPrefix("Parsed") { key = "parsed." + key }
      if byPlace[place] == nil { order.append(place) }
      byPlace[place, default: [:]][key] = Self.unquote(rest[equals.upperBound...].dropLast())
    }
    for place in order {
      guard let values = byPlace[place], values["!"] == nil, let message = values["parsed.message"] else { continue }
      lines.append((message, values))
    }
  }

  private static func unquote(_ text: Substring) -> String {
    var result: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == 0x5c, let next = bytes.popFirst() else {
        result.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "n"): result.append(0x0a)
      case UInt8(ascii: "t"): result.append(0x09)
      default: result.append(next)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

@Suite(.enabled(if: SharedData.has("parse/crowdsec_hub"), "the shared data is not here"))
struct ExpectedValues {
  struct Source: CustomTestStringConvertible, Sendable {
    var folder: String
    var format: String
    /// Lines of access logs that must be read.
    var minimum: Int
    var testDescription: String { folder }
    init(_ folder: String, _ format: String, _ minimum: Int) {
      (self.folder, self.format, self.minimum) = (folder, format, minimum)
    }
  }

  static let sources = [
    Source("apache2-logs", "auto", 7),
    Source("nginx_http-logs", "auto", 8),
    Source("nginx_http-catch-npm", "auto", 6),
    Source("nginx-proxy-manager-logs", "auto", 11),
    Source("npmplus-logs", "auto", 8),
    Source("haproxy-logs", "auto", 2),
    Source("haproxy-nextcloud-whitelist", "auto", 1),
    Source("traefik_clf", "auto", 7),
    Source("traefik_json", "auto", 6),
    Source("aws-alb-logs", "auto", 14),
    Source("aws-cloudfront-logs", "auto", 2),
    Source("envoy-logs", "auto", 9),
    Source("fastly-logs", "auto", 3),
    Source("iis-xml-logs", "auto", 1),
    Source("litespeed-logs", "auto", 1),
    Source("cri-logs", "auto", 3),
    Source("docker-logs", "auto", 3),
    Source("bunkerweb-logs", "auto", 5),
    Source("bunkerweb-http-malformed", "auto", 12),
    Source("nginx-mail-logs", "auto", 2),
    Source("nextcloud-whitelist", "auto", 18),
    Source("pfsense-rfc5424-nginx", "syslog+nginx-error", 1),
  ]

  @Test(arguments: sources) func linesParseAsTheirExpectedValuesSay(_ source: Source) throws {
    let folder = SharedData.root.appendingPathComponent("parse/crowdsec_hub/\(source.folder)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let log = try #require(files.first { $0.hasSuffix(".log") })
    let lines = SharedData.split(try Data(contentsOf: folder.appendingPathComponent(log))).filter { !$0.isEmpty }
    let expected = Expectations(
      String(decoding: try Data(contentsOf: folder.appendingPathComponent("parser.assert")), as: UTF8.self))
    var detector = FormatDetector()
    for line in lines { detector.feed(line.span.bytes) }
    let decision = detector.decide()
    let format =
      source.format == "auto" ? try #require(decision.format) : try LogFormat(specification: source.format)
    var reader = Reader(format)
    var errors = Reader(try #require(LogFormat(named: "nginx-error")))
    var read = 0
    var unread: [String] = []
    var compared = 0
    var parsedLines = lines.map { ($0, reader.read($0)) }
    let last = reader.flush()
    if last.outcome == .event { parsedLines.append(([], last)) }
    for (line, parsed) in parsedLines {
      if parsed.outcome == .event {
        read += 1
      } else {
        unread.append("\(parsed.outcome): " + String(decoding: line.prefix(200), as: UTF8.self))
      }
    }
    for line in expected.lines {
      let type = line.values["log_type"] ?? (line.values["http_verb"] == nil ? "" : "http_access-log")
      guard type == "http_access-log" || (type == "http_error-log" && line.values["http_verb"] != nil) else { continue }
      // The framed files are compared by what was in the frame.
      var parsed = reader.read(line.text)
      if parsed.outcome != .event,
        let raw = parsedLines.first(where: { String(decoding: $0.0, as: UTF8.self).contains(line.text) })
      {
        // An error log's message is only a part of its line.
        parsed = raw.1.outcome == .event ? raw.1 : errors.read(raw.0)
      }
      guard parsed.outcome == .event else {
        Issue.record("not read: \(parsed.outcome) \(line.text)")
        continue
      }
      compared += 1
      compare(parsed, line.values, line.text)
    }
    #expect(
      read >= source.minimum, "\(source.folder): \(decision.explanation); not read: \(unread.joined(separator: "\n"))")
    print("\(source.folder): \(decision.explanation); \(read) of \(lines.count) read, \(compared) compared")
  }

  private func compare(_ parsed: Parsed, _ values: [String: String], _ line: String) {
    func check(_ name: String, _ expected: String?, _ actual: String) {
      guard let expected else { return }
      let wanted = expected == "-" ? "" : expected
      #expect(actual == wanted, "\(name) of \(line)")
    }
    if let source = values["source_ip"], let address = IPAddress(source) {
      #expect(parsed.client == address.description, "client of \(line)")
    }
    if let status = values["http_status"] { #expect(parsed.status == Int(status) ?? 0, "status of \(line)") }
    if !parsed.fields.flags.contains(.malformedRequest) {
      check("method", values["http_verb"], parsed.method)
      // The target with its query: some keep them apart.
      if let path = values["http_path"] {
        #expect(
          parsed.target == path || parsed.target.hasPrefix(path + "?") || parsed.target == values["parsed.request"],
          "target of \(line)")
      }
    }
    check("user agent", values["http_user_agent"].map { $0 }, parsed.userAgent)
    if let bytes = values["parsed.body_bytes_sent"] ?? values["parsed.bytes"] {
      #expect(parsed.bytes == UInt64(bytes) ?? 0, "bytes of \(line)")
    }
    check("referrer", values["parsed.http_referer"] ?? values["parsed.referrer"], parsed.referrer)
    if let stamp = values["parsed.timestamp"] ?? values["parsed.time_local"] ?? values["parsed.haproxy_time"],
      let time = time(stamp)
    {
      #expect(parsed.fields.time / 1_000_000_000 == time / 1_000_000_000, "time of \(line)")
    }
  }

  /// An independent reading of the stamp, by Foundation.
  private func time(_ stamp: String) -> Nanoseconds? {
    for layout in ["dd/MMM/yyyy:HH:mm:ss Z", "yyyy-MM-dd'T'HH:mm:ssZZZZZ", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSZZZZZ"] {
      let formatter = DateFormatter()
      formatter.locale = Locale(identifier: "en_US_POSIX")
      formatter.timeZone = TimeZone(secondsFromGMT: 0)
      formatter.dateFormat = layout
      if let date = formatter.date(from: stamp) { return Int64(date.timeIntervalSince1970) * 1_000_000_000 }
    }
    return nil
  }
}
