// A walk over a JSON document that calls for each number and string, with the names that lead to it. Only for
// librdkafka's statistics: it believes that names hold no escapes, and keeps nothing.

import Bytes

struct JSONNumbers {
  /// A number, or a string as it stands.
  struct Value {
    var number = 0
    var text = ""
  }

  private var at = 0
  private var path: [String] = []

  /// False where the text is not one whole document. Nesting is limited to 16.
  mutating func walk(_ json: RawSpan, _ body: ([String], Value) -> Void) -> Bool {
    skipSpace(json)
    return value(json, body)
  }

  private mutating func value(_ json: RawSpan, _ body: ([String], Value) -> Void) -> Bool {
    guard at < json.byteCount, path.count < 16 else { return false }
    switch json[at] {
    case UInt8(ascii: "{"): return items(json, close: UInt8(ascii: "}"), named: true, body)
    case UInt8(ascii: "["): return items(json, close: UInt8(ascii: "]"), named: false, body)
    case UInt8(ascii: "\""):
      guard let text = string(json) else { return false }
      body(path, Value(text: text))
      return true
    default:
      guard let number = scalar(json) else { return false }
      body(path, Value(number: number))
      return true
    }
  }

  private mutating func items(
    _ json: RawSpan, close: UInt8, named: Bool, _ body: ([String], Value) -> Void
  ) -> Bool {
    at += 1
    skipSpace(json)
    if at < json.byteCount, json[at] == close {
      at += 1
      return true
    }
    while at < json.byteCount {
      if named {
        guard let name = string(json) else { return false }
        path.append(name)
        skipSpace(json)
        guard at < json.byteCount, json[at] == UInt8(ascii: ":") else { return false }
        at += 1
        skipSpace(json)
      } else {
        path.append("")
      }
      guard value(json, body) else { return false }
      path.removeLast()
      skipSpace(json)
      guard at < json.byteCount else { return false }
      let next = json[at]
      at += 1
      if next == close { return true }
      guard next == UInt8(ascii: ",") else { return false }
      skipSpace(json)
    }
    return false
  }

  private mutating func string(_ json: RawSpan) -> String? {
    guard at < json.byteCount, json[at] == UInt8(ascii: "\"") else { return nil }
    let start = at + 1
    var end = start
    while end < json.byteCount, json[end] != UInt8(ascii: "\"") { end += json[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < json.byteCount else { return nil }
    at = end + 1
    return json.extracting(start..<end).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// A number without its fraction; true is 1, false and null are 0.
  private mutating func scalar(_ json: RawSpan) -> Int? {
    let start = at
    while at < json.byteCount, !",]} \n\r\t".utf8.contains(json[at]) { at += 1 }
    guard at > start else { return nil }
    let text = json.extracting(start..<at).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    switch text {
    case "true": return 1
    case "false", "null": return 0
    default: return Int(text) ?? Double(text).flatMap { Int(exactly: $0.rounded(.towardZero)) }
    }
  }

  private mutating func skipSpace(_ json: RawSpan) {
    while at < json.byteCount, " \n\r\t".utf8.contains(json[at]) { at += 1 }
  }
}
