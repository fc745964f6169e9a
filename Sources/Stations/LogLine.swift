// One log line, as text or JSON.

import Bytes

enum LogLine {
  static func text(
    time: Int64, level: LogLevel, program: String, message: String, fields: [(String, LogValue)]
  ) -> [UInt8] {
    var line = Array("\(CivilTime.rfc3339(time, fractionDigits: 3)) \(level) \(program): ".utf8)
    var shown: [UInt8] = []
    Escaping.append(message, as: .text, to: &shown)
    line += shown
    for (name, value) in fields {
      line.append(0x20)
      Escaping.append(name, as: .text, to: &line)
      line.append(0x3d)
      var written: [UInt8] = []
      append(value, as: .text, to: &written)
      if written.isEmpty || !written.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x3d && $0 != 0x5c }) {
        line.append(0x22)
        line += written
        line.append(0x22)
      } else {
        line += written
      }
    }
    line.append(0x0a)
    return line
  }

  static func json(
    time: Int64, level: LogLevel, program: String, message: String, fields: [(String, LogValue)]
  ) -> [UInt8] {
    var line = Array("{\"time\":\"\(CivilTime.rfc3339(time, fractionDigits: 3))\",\"level\":\"\(level)\"".utf8)
    func add(_ name: String, _ value: LogValue) {
      line += Array(",\"".utf8)
      Escaping.append(name, as: .json, to: &line)
      line += Array("\":".utf8)
      let isQuoted: Bool
      switch value {
      case .text, .bytes: isQuoted = true
      case .number(let number): isQuoted = !number.isFinite
      case .integer, .flag: isQuoted = false
      }
      if isQuoted { line.append(0x22) }
      append(value, as: .json, to: &line)
      if isQuoted { line.append(0x22) }
    }
    add("program", .text(program))
    add("message", .text(message))
    // A name that stands in every line is not said twice.
    for (name, value) in fields {
      add(["time", "level", "program", "message"].contains(name) ? name + "_" : name, value)
    }
    line += Array("}\n".utf8)
    return line
  }

  private static func append(_ value: LogValue, as style: Escaping.Style, to line: inout [UInt8]) {
    switch value {
    case .text(let text): Escaping.append(text, as: style, to: &line)
    case .bytes(let bytes): Escaping.append(bytes, as: style, to: &line)
    case .integer(let value): line += Array(String(value).utf8)
    case .number(let value): line += Array(String(value).utf8)
    case .flag(let value): line += Array((value ? "true" : "false").utf8)
    }
  }
}
