// Tests that need no search: numbers, addresses, names, presence, one field against another.

import Bytes
import Events

enum FieldTests {
  static func holds(_ step: RuleStep, _ program: RuleProgram, _ event: borrowing FieldView) -> Bool {
    let index = Int(step.a)
    switch step.operation {
    case .present: return isPresent(program.present[index], event)
    case .number:
      let test = program.numbers[index]
      guard let value = event.number(test.field) else { return false }
      return test.comparison.holds(value, test.value)
    case .digits:
      let test = program.digits[index]
      guard let value = event.number(test.field) else { return false }
      return withDigits(UInt64(value)) { test.glob.matches($0, isCased: true) }
    case .network:
      return !event.client.isUnknown && program.networks[index].contains(event.client)
    case .address:
      if event.client.isUnknown { return false }
      var text = event.client.description
      return text.withUTF8 { program.addresses[index].matches($0.span.bytes, isCased: false) }
    case .method:
      let test = program.methods[index]
      if event.method != .unknown { return test.mask >> UInt32(event.method.rawValue) & 1 == 1 }
      return event.methodText.byteCount > 0 && test.glob.matches(event.methodText, isCased: test.isCased)
    case .protocolVersion: return program.protocols[index].mask >> UInt32(event.protocolVersion.rawValue) & 1 == 1
    case .fields:
      let test = program.fields[index]
      return compare(test, event)
    default: return false
    }
  }

  static func isPresent(_ field: SigmaField, _ event: borrowing FieldView) -> Bool {
    switch field {
    case .text(let text): text == .anywhere || part(text, event).byteCount > 0
    case .number(let number): event.number(number) != nil
    case .client: !event.client.isUnknown
    case .time: event.time != .min
    case .method: event.method != .unknown || event.methodText.byteCount > 0
    case .protocolVersion: event.protocolVersion != .unknown
    }
  }

  /// The bytes of a text field as sent.
  @_lifetime(copy event)
  static func part(_ field: TextField, _ event: borrowing FieldView) -> RawSpan {
    guard let column = field.column else { return event.target.extracting(first: 0) }
    let value = event.column(column)
    if column != .target { return value }
    let parts = TargetParts(value)
    switch field {
    case .path: return value.extracting(parts.pathStart..<parts.pathEnd)
    case .query: return value.extracting(parts.queryStart..<value.byteCount)
    case .pathExtension:
      let path = value.extracting(parts.pathStart..<parts.pathEnd)
      guard let start = TargetParts.extensionStart(path) else { return path.extracting(first: 0) }
      return path.extracting(start..<path.byteCount)
    default: return value
    }
  }

  private static func compare(_ test: RuleProgram.FieldTest, _ event: borrowing FieldView) -> Bool {
    switch (test.field, test.other) {
    case (.text(let first), .text(let second)):
      let a = part(first, event)
      let b = part(second, event)
      if a.byteCount == 0 || b.byteCount == 0 { return false }
      return compare(a, b, test.comparison, isCased: test.isCased)
    case (.number(let first), .number(let second)):
      guard let a = event.number(first), let b = event.number(second) else { return false }
      return a == b
    case (.client, .client): return !event.client.isUnknown
    default: return false
    }
  }

  static func compare(_ a: RawSpan, _ b: RawSpan, _ comparison: FieldComparison, isCased: Bool) -> Bool {
    guard a.byteCount >= b.byteCount else { return false }
    let spare = a.byteCount - b.byteCount
    func equal(at offset: Int) -> Bool {
      for i in 0..<b.byteCount {
        let (x, y) = (a.unchecked(offset &+ i), b.unchecked(i))
        if x != y, isCased || x.asciiLowercased != y.asciiLowercased { return false }
      }
      return true
    }
    switch comparison {
    case .equal: return spare == 0 && equal(at: 0)
    case .startsWith: return equal(at: 0)
    case .endsWith: return equal(at: spare)
    case .contains:
      for offset in 0...spare where equal(at: offset) { return true }
      return false
    }
  }

  private static func name(_ method: Method) -> String {
    let index = Int(method.rawValue)
    return MethodText.all.indices.contains(index) ? MethodText.all[index].text : ""
  }

  private static func name(_ version: `Protocol`) -> String {
    let index = Int(version.rawValue)
    return ProtocolText.all.indices.contains(index) ? ProtocolText.all[index] : ""
  }

  /// Decimal digits, without allocation.
  static func withDigits(_ value: UInt64, _ body: (RawSpan) -> Bool) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = value
      var start = 20
      repeat {
        start &-= 1
        digits[start] = UInt8(0x30 &+ rest % 10)
        rest /= 10
      } while rest > 0
      let slice = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[start..<20])
      return body(slice.bytes)
    }
  }

  /// Replaces `group` by the values of these fields.
  static func appendGroup(_ fields: [SigmaField], of event: borrowing FieldView, to group: inout ByteBuffer) {
    group.removeAll()
    for index in fields.indices { append(fields[index], of: event, to: &group) }
  }

  /// Appends a field's value after its length: an element of a correlation's group.
  static func append(_ field: SigmaField, of event: borrowing FieldView, to group: inout ByteBuffer) {
    let start = group.count
    for _ in 0..<4 { group.append(0) }
    switch field {
    case .text(let text):
      let bytes = part(text, event)
      for i in 0..<bytes.byteCount { group.append(bytes.unchecked(i).asciiLowercased) }
    case .number(let number):
      if let value = event.number(number) {
        _ = withDigits(UInt64(value)) { digits in
          group.append(digits)
          return true
        }
      }
    case .client:
      if !event.client.isUnknown {
        for shift in stride(from: 56, through: 0, by: -8) {
          group.append(UInt8(truncatingIfNeeded: event.client.high >> UInt64(shift)))
        }
        for shift in stride(from: 56, through: 0, by: -8) {
          group.append(UInt8(truncatingIfNeeded: event.client.low >> UInt64(shift)))
        }
      }
    case .method:
      if event.method == .unknown { group.append(event.methodText) } else { group.append(name(event.method)) }
    case .protocolVersion: group.append(name(event.protocolVersion))
    // No group is by time.
    case .time: break
    }
    let length = group.count - start - 4
    for i in 0..<4 { group[start + i] = UInt8(truncatingIfNeeded: length >> (8 * i)) }
  }
}
