// JSON as it goes: commas, indentation and escapes, nothing kept. The output is valid UTF-8 whatever goes in.

import Bytes

/// Writes one document into a buffer that it owns.
///
/// Text: `"` and `\` escaped; controls, line separators, bidirectional controls and what is invisible as `\uXXXX`; every
/// byte that is not part of well-formed UTF-8 as U+FFFD. Numbers are always finite.
package struct JSONWriter: ~Copyable {
  package var output = ByteBuffer(capacity: 1 << 16)
  private var depth = 0
  private var isFirst = true
  private var inlineDepth = 0

  package init() {}

  // MARK: Structure

  package mutating func beginObject(inline: Bool = false) { begin(0x7b, inline) }
  package mutating func endObject() { end(0x7d) }
  package mutating func beginArray(inline: Bool = false) { begin(0x5b, inline) }
  package mutating func endArray() { end(0x5d) }

  private mutating func begin(_ bracket: UInt8, _ inline: Bool) {
    output.append(bracket)
    depth += 1
    if inline || inlineDepth > 0 { inlineDepth += 1 }
    isFirst = true
  }

  private mutating func end(_ bracket: UInt8) {
    let wasEmpty = isFirst
    depth -= 1
    let inline = inlineDepth > 0
    if inlineDepth > 0 { inlineDepth -= 1 }
    if !wasEmpty, !inline { newline() }
    output.append(bracket)
    isFirst = false
  }

  private mutating func newline() {
    output.append(0x0a)
    for _ in 0..<depth { output.append("  ") }
  }

  /// Before a key, or a value of an array.
  package mutating func element() {
    if !isFirst { output.append(0x2c) }
    if inlineDepth > 0 {
      if !isFirst { output.append(0x20) }
    } else {
      newline()
    }
    isFirst = false
  }

  package mutating func key(_ name: String) {
    element()
    string(name)
    output.append(": ")
  }

  // MARK: Values

  package mutating func string(_ text: String) { string(Array(text.utf8)) }

  package mutating func string(_ bytes: [UInt8]) {
    output.append(0x22)
    for element in ScalarSequence(bytes) {
      switch element {
      case .invalid: output.append("\u{fffd}")
      case .scalar(let scalar):
        switch scalar {
        case "\"": output.append("\\\"")
        case "\\": output.append("\\\\")
        case "\n": output.append("\\n")
        case "\r": output.append("\\r")
        case "\t": output.append("\\t")
        default:
          if scalar.isHostile {
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter { escape(unit) }
          } else {
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { output.append(byte) }
          }
        }
      }
    }
    output.append(0x22)
  }

  private mutating func escape(_ unit: UInt16) {
    output.append("\\u")
    for shift in [12, 8, 4, 0] as [UInt16] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
      output.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }

  package mutating func number(_ value: UInt64) { output.append(String(value)) }
  package mutating func number(_ value: Double, decimals: Int = 3) {
    output.append(Figures.decimal(value, decimals: decimals))
  }
  package mutating func bool(_ value: Bool) { output.append(value ? "true" : "false") }
  package mutating func null() { output.append("null") }
  package mutating func time(_ value: Nanoseconds?) {
    if let value { string(Figures.exact(value)) } else { null() }
  }

  // MARK: Members

  package mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }
  package mutating func member(_ name: String, _ value: [UInt8]) {
    key(name)
    string(value)
  }
  package mutating func member(_ name: String, _ value: UInt64) {
    key(name)
    number(value)
  }
  package mutating func member(_ name: String, _ value: Double) {
    key(name)
    number(value)
  }
  package mutating func member(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }
  package mutating func member(_ name: String, time value: Nanoseconds?) {
    key(name)
    time(value)
  }
}
