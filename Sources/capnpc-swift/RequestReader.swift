// Reads a CodeGeneratorRequest (schema.capnp of Cap'n Proto) with our own reader. Offsets are those that
// `capnp compile -ocapnp schema.capnp` prints: this file is what lets the generator come before what it generates.

import CapnProto

extension Schema {
  init(request: StructReader) throws(WireError) {
    let list = try request.list(0, of: .composite)
    for i in 0..<list.count {
      let node = try Node(list.structure(i))
      nodes[node.id] = node
    }
    let files = try request.list(1, of: .composite)
    for i in 0..<files.count {
      requested.append((files.structure(i).scalar(0), try string(files.structure(i), 0)))
    }
    let info = try request.list(3, of: .composite)
    for i in 0..<info.count { try addComments(info.structure(i)) }
  }

  private mutating func addComments(_ info: StructReader) throws(WireError) {
    let id: UInt64 = info.scalar(0)
    guard var node = nodes[id] else { return }
    node.comment = try string(info, 0)
    let list = try info.list(1, of: .composite)
    var members: [String] = []
    for i in 0..<list.count { members.append(try string(list.structure(i), 0)) }
    switch node.body {
    case .structure(var structure):
      for i in structure.fields.indices where i < members.count { structure.fields[i].comment = members[i] }
      node.body = .structure(structure)
    case .enumeration(var enumerants):
      for i in enumerants.indices where i < members.count { enumerants[i].comment = members[i] }
      node.body = .enumeration(enumerants)
    default: break
    }
    nodes[id] = node
  }
}

extension Node {
  init(_ reader: StructReader) throws(WireError) {
    id = reader.scalar(0)
    displayName = try string(reader, 0)
    name = String(decoding: Array(displayName.utf8).dropFirst(Int(reader.scalar(8, as: UInt32.self))), as: UTF8.self)
    scope = reader.scalar(16)
    isGeneric = reader.bit(288)
    nested = []
    let list = try reader.list(1, of: .composite)
    for i in 0..<list.count { nested.append((try string(list.structure(i), 0), list.structure(i).scalar(0))) }
    annotations = try readAnnotations(reader, 2)
    switch reader.scalar(12, as: UInt16.self) {
    case 0: body = .file
    case 1: body = .structure(try Structure(reader))
    case 2: body = .enumeration(try readEnumerants(reader))
    case 4: body = .constant(try TypeReference(try reader.structure(3)), try Value(try reader.structure(4)))
    case 5: body = .annotation
    default: body = .interface
    }
  }
}

extension Structure {
  init(_ node: StructReader) throws(WireError) {
    dataWords = Int(node.scalar(14, as: UInt16.self))
    pointers = Int(node.scalar(24, as: UInt16.self))
    isGroup = node.bit(224)
    discriminantCount = Int(node.scalar(30, as: UInt16.self))
    discriminantOffset = Int(node.scalar(32, as: UInt32.self))
    fields = []
    let list = try node.list(3, of: .composite)
    for i in 0..<list.count { fields.append(try Field(list.structure(i))) }
  }
}

extension Field {
  init(_ reader: StructReader) throws(WireError) {
    name = try string(reader, 0)
    codeOrder = Int(reader.scalar(0, as: UInt16.self))
    annotations = try readAnnotations(reader, 1)
    // Stored xor its default, 0xffff: no discriminant.
    let value = reader.scalar(2, as: UInt16.self) ^ 0xffff
    discriminant = value == 0xffff ? nil : value
    if reader.scalar(8, as: UInt16.self) == 1 {
      body = .group(reader.scalar(16))
    } else {
      body = .slot(
        offset: Int(reader.scalar(4, as: UInt32.self)), type: try TypeReference(try reader.structure(2)),
        defaultValue: try Value(try reader.structure(3)))
    }
  }
}

extension TypeReference {
  init(_ reader: StructReader) throws(WireError) {
    switch reader.scalar(0, as: UInt16.self) {
    case 0: self = .void
    case 1: self = .bool
    case let tag where tag >= 2 && tag <= 5: self = .int(bits: 8 << Int(tag - 2), signed: true)
    case let tag where tag >= 6 && tag <= 9: self = .int(bits: 8 << Int(tag - 6), signed: false)
    case 10: self = .float(bits: 32)
    case 11: self = .float(bits: 64)
    case 12: self = .text
    case 13: self = .data
    case 14: self = .list(try TypeReference(try reader.structure(0)))
    case 15: self = .enumeration(reader.scalar(8))
    case 16:
      self = .structure(reader.scalar(8), isBranded: try reader.structure(0).list(0, of: .composite).count > 0)
    case 18: self = reader.scalar(8, as: UInt16.self) == 0 ? .anyPointer : .parameter
    default: self = .interface
    }
  }
}

extension Value {
  init(_ reader: StructReader) throws(WireError) {
    switch reader.scalar(0, as: UInt16.self) {
    case 1: self = .bool(reader.bit(16))
    case 2, 6: self = .bits(UInt64(reader.scalar(2, as: UInt8.self)))
    case 3, 7, 15: self = .bits(UInt64(reader.scalar(2, as: UInt16.self)))
    case 4, 8, 10: self = .bits(UInt64(reader.scalar(4, as: UInt32.self)))
    case 5, 9, 11: self = .bits(reader.scalar(8))
    case 12: self = .text(try bytes(reader.text(0)))
    case 13: self = .data(try bytes(reader.data(0)))
    case 14, 16, 18: self = .words(try pointerWords(reader))
    default: self = .void
    }
  }
}

private func pointerWords(_ reader: StructReader) throws(WireError) -> [UInt64] {
  guard let pointer = reader.pointer(0) else { return [] }
  var message = MessageBuilder()
  try message.root.copy(pointer)
  let segment = message.segment
  return (0..<segment.byteCount / 8).map {
    segment.unsafeLoadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)
  }
}

private func readEnumerants(_ node: StructReader) throws(WireError) -> [Enumerant] {
  var result: [Enumerant] = []
  let list = try node.list(3, of: .composite)
  for i in 0..<list.count {
    let reader = list.structure(i)
    result.append(
      Enumerant(
        name: try string(reader, 0), codeOrder: Int(reader.scalar(0, as: UInt16.self)),
        annotations: try readAnnotations(reader, 1)))
  }
  return result
}

private func readAnnotations(_ reader: StructReader, _ index: Int) throws(WireError) -> [Annotation] {
  var result: [Annotation] = []
  let list = try reader.list(index, of: .composite)
  for i in 0..<list.count {
    result.append(Annotation(id: list.structure(i).scalar(0), value: try Value(try list.structure(i).structure(0))))
  }
  return result
}

private func bytes(_ span: RawSpan) -> [UInt8] { span.withUnsafeBytes { Array($0) } }

private func string(_ reader: StructReader, _ index: Int) throws(WireError) -> String {
  String(decoding: bytes(try reader.text(index)), as: UTF8.self)
}
