// Structs as they are read.

struct StructGenerator {
  let schema: Schema
  /// Where a message about something unsupported points.
  let file: String

  func place(_ node: Node, _ field: Field) -> String { "\(node.displayName).\(field.name)" }

  /// The reader of a struct or group, with what is nested in it, and its builder.
  func generate(_ node: Node, _ structure: Structure, name: String, into writer: inout Writer) throws(Unsupported) {
    if node.isGeneric { throw Unsupported(place: node.displayName, reason: "generics are not supported") }
    var failure: Unsupported?
    writer.comment(node.comment)
    writer.block("public struct \(escaped(name)): ~Escapable, BitwiseCopyable, StructView") { writer in
      writer.line("@usableFromInline let reader: StructReader")
      writer.line()
      writer.line("@inlinable @inline(__always)")
      writer.line("@_lifetime(copy reader)")
      writer.line("public init(_ reader: StructReader) { self.reader = reader }")
      if !structure.isGroup {
        writer.line()
        writer.line("/// The struct itself, to copy it whole or to look at it without its schema.")
        writer.line("@inlinable")
        writer.block("public var content: StructReader") { writer in
          writer.line("@_lifetime(copy self)")
          writer.line("get { reader }")
        }
      }
      do throws(Unsupported) {
        if structure.discriminantCount > 0 {
          writer.line()
          writer.discriminant(structure, schema)
        }
        for field in structure.fields.sorted(by: { $0.codeOrder < $1.codeOrder }) {
          try getter(field, node, structure, into: &writer)
        }
        try nested(node, structure, into: &writer)
      } catch { failure = error }
    }
    if let failure { throw failure }
    if !structure.isGroup { writer.line("public typealias \(name)List = StructList<\(escaped(name))>") }
    writer.line()
    try builder(node, structure, name: name, into: &writer)
    if !structure.isGroup {
      writer.line("public typealias \(name)ListBuilder = StructListBuilder<\(name)Builder>")
    }
  }

  /// Types and constants declared inside, and the groups.
  private func nested(_ node: Node, _ structure: Structure, into writer: inout Writer) throws(Unsupported) {
    for field in structure.fields {
      guard case .group(let id) = field.body, let group = schema.nodes[id], case .structure(let body) = group.body
      else { continue }
      writer.line()
      try generate(group, body, name: groupName(field), into: &writer)
    }
    for child in node.nested {
      guard let inner = schema.nodes[child.id] else { continue }
      try declaration(inner, isNested: true, into: &writer)
    }
  }

  /// A declaration of the schema, wherever it stands.
  func declaration(_ node: Node, isNested: Bool, into writer: inout Writer) throws(Unsupported) {
    switch node.body {
    case .structure(let structure):
      writer.line()
      try generate(node, structure, name: schema.typeName(node), into: &writer)
    case .enumeration(let enumerants):
      writer.line()
      writer.enumeration(node, enumerants, schema)
    case .constant(let type, let value):
      writer.line()
      try constant(node, type, value, isNested: isNested, into: &writer)
    case .interface:
      throw Unsupported(place: node.displayName, reason: "interfaces are not supported")
    case .annotation, .file: break
    }
  }

  func groupName(_ field: Field) -> String {
    capitalised(SwiftAnnotation.text(SwiftAnnotation.name, in: field.annotations) ?? field.name)
  }

  // MARK: Getters

  private func getter(
    _ field: Field, _ node: Node, _ structure: Structure, into writer: inout Writer
  ) throws(Unsupported) {
    let name = escaped(schema.memberName(field.name, field.annotations))
    let isMember = field.discriminant.map {
      "reader.scalar(\(structure.discriminantOffset * 2), as: UInt16.self) == \($0)"
    }
    writer.line()
    switch field.body {
    case .group(let id):
      writer.comment(field.comment.isEmpty ? schema.nodes[id]?.comment ?? "" : field.comment)
      if isMember != nil { writer.line("/// Nil where another member of the union is set.") }
      writer.line("@inlinable")
      writer.block("public var \(name): \(escaped(groupName(field)))\(isMember == nil ? "" : "?")") { writer in
        writer.line("@_lifetime(copy self)")
        writer.line(
          "get { \(isMember.map { "\($0) ? " } ?? "")\(escaped(groupName(field)))(reader)\(isMember == nil ? "" : " : nil") }"
        )
      }
    case .slot(let offset, let type, let defaultValue):
      if type == .void {
        // Nothing to read: `which` says it all.
        return dropVoid(field, name, into: &writer)
      }
      let swiftType = try schema.readerType(type, at: place(node, field))
      writer.comment(field.comment)
      if type.isPointer {
        pointerGetter(field, name, swiftType, offset, type, defaultValue, isMember, into: &writer)
        return
      }
      let value = scalarExpression(type, offset: offset, of: structure.dataWords * 8, defaultValue, swiftType)
      if let isMember {
        writer.line("/// Nil where another member of the union is set.")
        writer.line("@inlinable")
        writer.line("public var \(name): \(swiftType)? { \(isMember) ? \(value) : nil }")
      } else {
        writer.line("@inlinable @inline(__always)")
        writer.line("public var \(name): \(swiftType) { \(value) }")
      }
    }
  }

  private func dropVoid(_ field: Field, _ name: String, into writer: inout Writer) {
    if field.comment.isEmpty {
      writer.line("// \(name) holds nothing.")
    } else {
      for line in field.comment.split(separator: "\n") { writer.line("// \(name) holds nothing: \(line)") }
    }
  }

  private func scalarExpression(
    _ type: TypeReference, offset: Int, of whole: Int, _ defaultValue: Value, _ swiftType: String
  ) -> String {
    let bytes = offset * type.bits / 8
    let place = "\(bytes), of: \(max(whole, bytes + type.bits / 8))"
    var mask: UInt64 = 0
    if case .bits(let bits) = defaultValue { mask = bits }
    let xor = mask == 0 ? "" : " ^ \(hexadecimal(mask))"
    switch type {
    case .bool: return (defaultValue == .bool(true) ? "!" : "") + "reader.bit(\(offset))"
    case .int(let bits, let signed):
      guard mask != 0 else { return "reader.scalar(\(place))" }
      return signed
        ? "Int\(bits)(bitPattern: reader.scalar(\(place), as: UInt\(bits).self)\(xor))"
        : "reader.scalar(\(place))\(xor)"
    case .float(let bits):
      return mask == 0
        ? "reader.scalar(\(place))"
        : "\(swiftType)(bitPattern: reader.scalar(\(place), as: UInt\(bits).self)\(xor))"
    default: return "\(swiftType)(wire: reader.scalar(\(place))\(xor))"
    }
  }

  private func pointerGetter(
    _ field: Field, _ name: String, _ swiftType: String, _ index: Int, _ type: TypeReference, _ defaultValue: Value,
    _ isMember: String?, into writer: inout Writer
  ) {
    let has = "has\(capitalised(field.name))"
    let result = type == .anyPointer ? "AnyPointer?" : swiftType
    let bare = schema.memberName(field.name, field.annotations)
    if isMember != nil { writer.line("/// - Throws: `.unionMember` where another member of the union is set.") }
    let isInlined = defaultValue.isZero
    if isInlined { writer.line(type == .data ? "@inlinable @inline(__always)" : "@inlinable") }
    writer.block("public var \(name): \(result)") { writer in
      writer.line("@_lifetime(copy self)")
      let read: String
      switch type {
      case .data: read = "try reader.data(\(index))"
      case .text: read = "try reader.text(\(index))"
      case .structure: read = "\(swiftType)(try reader.structure(\(index)))"
      case .list: read = "\(swiftType)(try reader.list(\(index), of: \(swiftType).elementSize))"
      default: read = "reader.pointer(\(index))"
      }
      let throwing = type == .anyPointer && isMember == nil ? "get" : "get throws(WireError)"
      if isMember == nil && isInlined {
        writer.line("\(throwing) { \(read) }")
        return
      }
      writer.block(throwing) { writer in
        if let isMember { writer.line("guard \(isMember) else { throw .unionMember }") }
        if !isInlined {
          let absent = "try reader.constant(Self.default\(capitalised(bare)))"
          let fallback: String
          switch type {
          case .data: fallback = "\(absent).data"
          case .text: fallback = "\(absent).text"
          case .structure: fallback = "\(swiftType)(\(absent).structure)"
          case .list: fallback = "\(swiftType)(\(absent).list(of: \(swiftType).elementSize))"
          default: fallback = absent
          }
          writer.line("guard reader.hasPointer(\(index)) else { return \(fallback) }")
        }
        writer.line("return \(read)")
      }
    }
    writer.line("/// Whether `\(bare)` was set.")
    writer.line("@inlinable")
    writer.line(
      "public var \(has): Bool { \(isMember.map { "\($0) && " } ?? "")reader.hasPointer(\(index)) }")
    if !isInlined {
      writer.line("static let default\(capitalised(bare)) = \(wireConstant(defaultValue))")
    }
  }

  /// `WireConstant([...])` of what a pointer leads to.
  func wireConstant(_ value: Value) -> String {
    let words: [UInt64]
    switch value {
    case .words(let all): words = all
    case .text(let bytes): words = byteList(bytes + [0])
    case .data(let bytes): words = byteList(bytes)
    default: words = [0]
    }
    return "WireConstant([\(words.map(hexadecimal).joined(separator: ", "))])"
  }

  /// A segment whose root is a list of bytes.
  private func byteList(_ bytes: [UInt8]) -> [UInt64] {
    var words: [UInt64] = [1 | UInt64(bytes.count) << 35 | 2 << 32]
    for start in stride(from: 0, to: bytes.count, by: 8) {
      var word: UInt64 = 0
      for (i, byte) in bytes[start..<min(start + 8, bytes.count)].enumerated() { word |= UInt64(byte) << UInt64(8 * i) }
      words.append(word)
    }
    return words
  }
}
