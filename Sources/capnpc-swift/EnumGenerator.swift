// Enums, and the discriminants of unions.

extension Writer {
  /// An enum of the schema.
  mutating func enumeration(_ node: Node, _ enumerants: [Enumerant], _ schema: Schema) {
    comment(node.comment)
    let cases = enumerants.map { (schema.memberName($0.name, $0.annotations), $0.comment) }
    block("public enum \(escaped(schema.typeName(node))): UInt16, WireEnum, CaseIterable") { writer in
      for (name, comment) in cases {
        writer.comment(comment)
        writer.line("case \(escaped(name))")
      }
      writer.line()
      writer.line("/// The enumerant of this number; `\(cases.first?.0 ?? "")` where this schema has none such.")
      writer.line("@inlinable @inline(__always)")
      writer.line("public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: \(cases.count)) }")
      writer.line()
      writer.line("/// The number on the wire.")
      writer.line("@inlinable @inline(__always)")
      writer.line("public var wire: UInt16 { WireEnumTag.number(self) }")
    }
  }

  /// Which member of a union is set.
  mutating func discriminant(_ structure: Structure, _ schema: Schema) {
    let members = structure.fields.filter { $0.discriminant != nil }.sorted { $0.discriminant! < $1.discriminant! }
    line("/// The members of the union.")
    block("public enum Which: Sendable, CaseIterable") { writer in
      for member in members {
        writer.line("case \(escaped(schema.memberName(member.name, member.annotations)))")
      }
      writer.line("/// One that a newer schema added.")
      writer.line("case unrecognized")
    }
    line()
    line("/// The member that is set.")
    line("@inlinable")
    block("public var which: Which") { writer in
      writer.line("switch reader.scalar(\(structure.discriminantOffset * 2), as: UInt16.self) {")
      for member in members {
        let name = escaped(schema.memberName(member.name, member.annotations))
        writer.line("case \(member.discriminant!): .\(name)")
      }
      writer.line("default: .unrecognized")
      writer.line("}")
    }
  }
}
