// nginx's way to JSON logs: a log_format that spells out an object, `'{"time":"$time_iso8601","ip":"$remote_addr"}'`.

import Bytes

enum NginxJSON {
  /// The field map of a format string that spells out a JSON object; nil if it does not.
  static func compile(_ format: String) throws(FormatError) -> JSONLayout? {
    let text = Array(format.utf8)
    guard let first = text.first(where: { $0 > 0x20 }), first == 0x7b else { return nil }
    var entries: [(field: Field, path: String)] = []
    var path: [String] = []
    var key: String?
    var at = 0
    while at < text.count {
      switch text[at] {
      case 0x7b:
        if let outer = key { path.append(outer) }
        key = nil
        at += 1
      case 0x7d:
        if !path.isEmpty { path.removeLast() }
        key = nil
        at += 1
      case 0x22:
        guard let close = text[(at + 1)...].firstIndex(of: 0x22) else {
          throw FormatError(format: format, column: at + 1, reason: "the quote is never closed")
        }
        let string = String(decoding: text[(at + 1)..<close], as: UTF8.self)
        if let name = key {
          if let field = try value(string, format) { entries.append((field, (path + [name]).joined(separator: "."))) }
          key = nil
        } else {
          key = string
        }
        at = close + 1
      case 0x24:
        var end = at
        let variable = try NginxDialect.variable(text, &end, format)
        if let name = key {
          let field = NginxDialect.field(variable)
          if field != .ignored { entries.append((field, (path + [name]).joined(separator: "."))) }
        }
        key = nil
        at = end
      default: at += 1
      }
    }
    if entries.isEmpty { throw FormatError(format: format, column: 1, reason: "the object names no field we read") }
    return JSONLayout(map: JSONMap(entries))
  }

  /// What a quoted value means: one variable, or the three that make a request line.
  private static func value(_ string: String, _ format: String) throws(FormatError) -> Field? {
    if string == "$request_method $request_uri $server_protocol" { return .request }
    let text = Array(string.utf8)
    guard text.first == 0x24 else { return nil }
    var at = 0
    let name = try NginxDialect.variable(text, &at, format)
    guard at == text.count else { return nil }
    let field = NginxDialect.field(name)
    return field == .ignored ? nil : field
  }
}
