// What the tests of this module share: lines, fields as text, shared data, programs.

import Bytes
import Events
import Foundation
import LogFormats
import Testing

/// The fields of an event as a test wants to compare them.
struct Parsed: Equatable, CustomStringConvertible {
  var outcome: ParseOutcome
  var time = ""
  var client = ""
  var method = ""
  var target = ""
  var host = ""
  var status = 0
  var bytes: UInt64 = 0
  var userAgent = ""
  var referrer = ""
  var user = ""
  var duration: UInt32 = .max
  var fields = HttpFields()

  static func == (a: Self, b: Self) -> Bool { a.description == b.description }
  var description: String {
    "\(outcome) \(time) \(client) \(method) \(target) \(host) \(status) \(bytes) [\(userAgent)] [\(referrer)] [\(user)]"
  }
}

/// Reads lines with one parser.
struct Reader: ~Copyable {
  var parser: LineParser

  init(_ format: LogFormat, _ options: ParseOptions = ParseOptions()) {
    parser = LineParser(format: format, options: options)
  }

  init(_ specification: String, _ options: ParseOptions = ParseOptions()) throws {
    parser = LineParser(format: try LogFormat(specification: specification), options: options)
  }

  mutating func read(_ line: String) -> Parsed { read(Array(line.utf8)) }

  mutating func read(_ line: [UInt8]) -> Parsed {
    var fields = HttpFields()
    let outcome = parser.parse(line.span.bytes, into: &fields)
    return parsed(outcome, fields, line)
  }

  mutating func flush() -> Parsed {
    var fields = HttpFields()
    let outcome = parser.flush(into: &fields)
    return parsed(outcome, fields, [])
  }

  private func parsed(_ outcome: ParseOutcome, _ fields: HttpFields, _ line: [UInt8]) -> Parsed {
    var result = Parsed(outcome: outcome)
    guard outcome == .event else { return result }
    func text(_ range: FieldRange) -> String {
      range.bytes(line: line.span.bytes, scratch: parser.scratch).decodedString()
    }
    result.time = CivilTime.rfc3339(fields.time, fractionDigits: fields.time % 1_000_000_000 == 0 ? 0 : 9)
    result.client = fields.client.description
    result.method = fields.method == .unknown ? text(fields.methodText) : "\(fields.method)".uppercased()
    result.target = text(fields.target)
    result.host = text(fields.host)
    result.status = Int(fields.status)
    result.bytes = fields.bytes
    result.userAgent = text(fields.userAgent)
    result.referrer = text(fields.referrer)
    result.user = text(fields.remoteUser)
    result.duration = fields.duration
    result.fields = fields
    return result
  }
}

enum SharedData {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data")

  static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  static func lines(_ path: String) throws -> [[UInt8]] {
    let url = root.appendingPathComponent(path)
    let data: Data
    if path.hasSuffix(".gz") { data = try run("zcat", [url.path]) } else { data = try Data(contentsOf: url) }
    return split(data)
  }

  static func split(_ data: Data) -> [[UInt8]] {
    data.split(separator: 0x0a, omittingEmptySubsequences: false).map { Array($0) }
  }

  /// What a program prints. Not by Foundation's Process, whose waiting hangs now and then where tests run side by side.
  static func run(_ program: String, _ arguments: [String]) throws -> Data {
    let words = ([program] + arguments).map { "'\($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
    guard let pipe = popen(words, "r") else { throw CocoaError(.fileReadUnknown) }
    defer { pclose(pipe) }
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let n = fread(&buffer, 1, buffer.count, pipe)
      if n == 0 { return data }
      data.append(contentsOf: buffer[..<n])
    }
  }

  static func has(program: String) -> Bool {
    ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + program) }
  }
}
