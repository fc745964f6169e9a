// Constants of the schema.

extension StructGenerator {
  func constant(
    _ node: Node, _ type: TypeReference, _ value: Value, isNested: Bool, into writer: inout Writer
  ) throws(Unsupported) {
    let name = escaped(schema.memberName(node.name, node.annotations))
    let head = "public \(isNested ? "static " : "")"
    writer.comment(node.comment)
    switch (type, value) {
    case (.bool, .bool(let value)):
      writer.line("@inlinable")
      writer.line("\(head)var \(name): Bool { \(value) }")
    case (.int(let bits, let signed), .bits(let value)):
      let text = signed ? String(Int64(bitPattern: value << (64 - bits)) >> (64 - bits)) : String(value)
      writer.line("@inlinable")
      writer.line("\(head)var \(name): \(signed ? "Int" : "UInt")\(bits) { \(text) }")
    case (.float(let bits), .bits(let value)):
      let type = bits == 32 ? "Float" : "Double"
      writer.line("/// \(bits == 32 ? "\(Float(bitPattern: UInt32(value)))" : "\(Double(bitPattern: value))")")
      writer.line("@inlinable")
      writer.line("\(head)var \(name): \(type) { \(type)(bitPattern: \(hexadecimal(value))) }")
    case (.enumeration(let id), .bits(let value)):
      writer.line("@inlinable")
      writer.line("\(head)var \(name): \(schema.path(id)) { \(schema.path(id))(wire: \(value)) }")
    case (.text, .text(let bytes)):
      writer.line("@inlinable")
      writer.line("\(head)var \(name): String { \(stringLiteral(bytes)) }")
    case (.data, .data(let bytes)):
      writer.line("\(head)let \(name): [UInt8] = [\(bytes.map { "\($0)" }.joined(separator: ", "))]")
    case (.void, _):
      writer.line("// \(name) holds nothing.")
    case (.list, .words), (.structure, .words), (.anyPointer, .words):
      let type = type == .anyPointer ? "AnyPointer" : try schema.readerType(type, at: node.displayName)
      writer.line("/// The words of a `\(type)`; read it as the root of `Message(segment:limiter:)`.")
      writer.line("\(head)let \(name) = \(wireConstant(value))")
    default:
      throw Unsupported(place: node.displayName, reason: "constants of this type are not supported")
    }
  }

  private func stringLiteral(_ bytes: [UInt8]) -> String {
    var text = "\""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\" + String(scalar)
      case _ where scalar.value < 32 || scalar.value == 127: text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
