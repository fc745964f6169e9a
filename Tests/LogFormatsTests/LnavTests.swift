// Field for field with lnav (Debian's package of that name), where it is installed.

import Bytes
import Events
import Foundation
import LogFormats
import Testing

@Suite(
  .enabled(if: SharedData.has(program: "lnav") && SharedData.has("access/elastic_apache.log.gz"), "no lnav, or no data")
)
struct ComparisonWithLnav {
  private struct Row: Decodable {
    var log_line: Int
    var log_time: String
    var c_ip: String?
    var cs_username: String?
    var cs_method: String?
    var cs_uri_stem: String?
    var cs_uri_query: String?
    var cs_version: String?
    var sc_status: Int?
    var sc_bytes: Int?
    var cs_referer: String?
    var cs_user_agent: String?
  }

  @Test func everyFieldOfEveryLineIsWhatLnavReads() throws {
    let lines = try SharedData.lines("access/elastic_apache.log.gz").filter { !$0.isEmpty }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("millrace-lnav-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let log = folder.appendingPathComponent("access.log")
    // lnav sorts by time: the line's number is found again by its order among the sorted.
    let times = lines.map { line in read(line).fields.time }
    let order = lines.indices.sorted { times[$0] != times[$1] ? times[$0] < times[$1] : $0 < $1 }
    try Data(order.flatMap { lines[$0] + [0x0a] }).write(to: log)
    let json = try SharedData.run(
      "env",
      [
        "HOME=\(folder.path)", "TERM=dumb", "TZ=UTC", "lnav", "-n", "-c",
        ";SELECT log_line, log_time, c_ip, cs_username, cs_method, cs_uri_stem, cs_uri_query, cs_version, sc_status, sc_bytes, cs_referer, cs_user_agent FROM access_log",
        "-c", ":write-json-to -", log.path,
      ])
    let rows = try JSONDecoder().decode([Row].self, from: json)
    #expect(rows.count >= lines.count - 1, "lnav read \(rows.count) of \(lines.count)")
    var compared = 0
    for row in rows where row.log_line < order.count {
      let line = lines[order[row.log_line]]
      let parsed = read(line)
      let text = String(decoding: line, as: UTF8.self)
      // lnav leaves escapes as they stand, and does not read a line that was cut short.
      if line.contains(0x5c) || line.last != 0x22 { continue }
      compared += 1
      func same(_ mine: String, _ theirs: String?) -> Bool { mine == (theirs == "-" ? "" : theirs ?? "") }
      #expect(same(parsed.client, row.c_ip), "\(text)")
      #expect(same(parsed.user, row.cs_username), "\(text)")
      #expect(same(parsed.method, row.cs_method), "\(text)")
      let theirs = (row.cs_uri_stem ?? "") + (row.cs_uri_query.map { "?" + $0 } ?? "")
      #expect(parsed.target == theirs || parsed.target == theirs + "?", "\(text)")
      #expect(parsed.status == row.sc_status, "\(text)")
      #expect(parsed.bytes == UInt64(row.sc_bytes ?? 0), "\(text)")
      #expect(same(parsed.referrer, row.cs_referer), "\(text)")
      #expect(same(parsed.userAgent, row.cs_user_agent), "\(text)")
      #expect(parsed.time.prefix(19).replacing("T", with: " ") == row.log_time.prefix(19), "\(text)")
      let version = ["HTTP/1.0": Events.`Protocol`.http10, "HTTP/1.1": .http11][row.cs_version ?? ""]
      #expect(version == nil || version == parsed.fields.protocolVersion, "\(text)")
    }
    print("compared \(compared) lines with lnav")
    #expect(compared > lines.count * 9 / 10)
  }

  private func read(_ line: [UInt8]) -> Parsed {
    guard let format = LogFormat(named: "combined") else { return Parsed(outcome: .skip) }
    var reader = Reader(format)
    return reader.read(line)
  }
}
