// Structs as they are built.

extension StructGenerator {
  func builder(_ node: Node, _ structure: Structure, name: String, into writer: inout Writer) throws(Unsupported) {
    var failure: Unsupported?
    writer.line("/// Builder of `\(name)`.")
    let conformance =
      structure.isGroup ? "~Escapable, BitwiseCopyable" : "~Escapable, BitwiseCopyable, StructBuilderView"
    writer.block("public struct \(name)Builder: \(conformance)") { writer in
      writer.line("@usableFromInline let builder: StructBuilder")
      if !structure.isGroup {
        writer.line()
        writer.line("@inlinable @inline(__always)")
        writer.line(
          "public static var size: StructSize { StructSize(dataWords: \(structure.dataWords), pointers: \(structure.pointers)) }"
        )
      }
      writer.line()
      writer.line("@inlinable @inline(__always)")
      writer.line("@_lifetime(copy builder)")
      writer.line("public init(_ builder: StructBuilder) { self.builder = builder }")
      do throws(Unsupported) {
        for field in structure.fields.sorted(by: { $0.codeOrder < $1.codeOrder }) {
          try setter(field, node, structure, into: &writer)
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func setter(
    _ field: Field, _ node: Node, _ structure: Structure, into writer: inout Writer
  ) throws(Unsupported) {
    let bare = schema.memberName(field.name, field.annotations)
    let mark = field.discriminant.map {
      "builder.set(\($0) as UInt16, at: \(structure.discriminantOffset * 2))"
    }
    writer.line()
    switch field.body {
    case .group:
      groupBuilder(field, bare, node, mark, into: &writer)
    case .slot(let offset, let type, let defaultValue):
      if type == .void {
        guard let mark else { return writer.line("// \(bare) holds nothing.") }
        writer.line("/// Makes `\(bare)` the member of the union that is set.")
        writer.line("@inlinable")
        writer.line("public func set\(capitalised(bare))() { \(mark) }")
        return
      }
      let swiftType = try schema.builderType(type, at: place(node, field))
      writer.comment(field.comment)
      if type.isPointer {
        pointerSetter(
          bare, swiftType, offset, type, mark, try schema.readerType(type, at: place(node, field)), into: &writer)
      } else {
        scalarSetter(bare, swiftType, offset, type, defaultValue, mark, into: &writer)
      }
    }
  }

  private func groupBuilder(
    _ field: Field, _ bare: String, _ node: Node, _ mark: String?, into writer: inout Writer
  ) {
    let type = "\(schema.path(node.id)).\(groupName(field))Builder"
    writer.comment(field.comment)
    guard let mark else {
      writer.line("@inlinable")
      writer.block("public var \(escaped(bare)): \(type)") { writer in
        writer.line("@_lifetime(copy self)")
        writer.line("get { \(type)(builder) }")
      }
      return
    }
    writer.line("/// Makes it the member of the union that is set, all defaults.")
    writer.line("@inlinable")
    writer.line("@_lifetime(copy self)")
    writer.block("public func init\(capitalised(bare))() -> \(type)") { writer in
      writer.line(mark)
      if case .group(let id) = field.body { clear(id, into: &writer) }
      writer.line("return \(type)(builder)")
    }
  }

  /// Sets every field of a group to zeros: another member may have used their place.
  private func clear(_ id: UInt64, into writer: inout Writer) {
    guard let node = schema.nodes[id], case .structure(let structure) = node.body else { return }
    if structure.discriminantCount > 0 {
      writer.line("builder.set(0 as UInt16, at: \(structure.discriminantOffset * 2))")
    }
    for field in structure.fields {
      switch field.body {
      case .group(let inner): clear(inner, into: &writer)
      case .slot(let offset, let type, _):
        if type == .void { continue }
        if type.isPointer {
          writer.line("builder.pointer(\(offset)).setNull()")
        } else if type == .bool {
          writer.line("builder.setBit(false, at: \(offset))")
        } else {
          writer.line("builder.set(0 as UInt\(type.bits), at: \(offset * type.bits / 8))")
        }
      }
    }
  }

  private func scalarSetter(
    _ bare: String, _ swiftType: String, _ offset: Int, _ type: TypeReference, _ defaultValue: Value, _ mark: String?,
    into writer: inout Writer
  ) {
    let bytes = offset * type.bits / 8
    var mask: UInt64 = 0
    if case .bits(let bits) = defaultValue { mask = bits }
    let xor = mask == 0 ? "" : " ^ \(hexadecimal(mask))"
    let get: String
    let set: String
    switch type {
    case .bool:
      let not = defaultValue == .bool(true) ? "!" : ""
      get = "\(not)builder.getBit(\(offset))"
      set = "builder.setBit(\(not)newValue, at: \(offset))"
    case .enumeration:
      get = "\(swiftType)(wire: builder.get(\(bytes))\(xor))"
      set = "builder.set(newValue.wire\(xor), at: \(bytes))"
    case .int(let bits, true) where mask != 0:
      get = "Int\(bits)(bitPattern: builder.get(\(bytes), as: UInt\(bits).self)\(xor))"
      set = "builder.set(UInt\(bits)(bitPattern: newValue)\(xor), at: \(bytes))"
    case .float(let bits) where mask != 0:
      get = "\(swiftType)(bitPattern: builder.get(\(bytes), as: UInt\(bits).self)\(xor))"
      set = "builder.set(newValue.bitPattern\(xor), at: \(bytes))"
    default:
      get = "builder.get(\(bytes))\(xor)"
      set = "builder.set(newValue\(xor), at: \(bytes))"
    }
    guard let mark else {
      writer.line("@inlinable @inline(__always)")
      writer.block("public var \(escaped(bare)): \(swiftType)") { writer in
        writer.line("get { \(get) }")
        writer.line("nonmutating set { \(set) }")
      }
      return
    }
    writer.line("/// Makes it the member of the union that is set.")
    writer.line("@inlinable")
    writer.block("public func set\(capitalised(bare))(_ newValue: \(swiftType))") { writer in
      writer.line(mark)
      writer.line(set)
    }
  }

  private func pointerSetter(
    _ bare: String, _ swiftType: String, _ index: Int, _ type: TypeReference, _ mark: String?, _ readerType: String,
    into writer: inout Writer
  ) {
    let name = capitalised(bare)
    func function(_ head: String, lifetime: Bool = false, _ body: [String]) {
      writer.line(type == .data ? "@inlinable @inline(__always)" : "@inlinable")
      if lifetime { writer.line("@_lifetime(copy self)") }
      writer.block("public func \(head)") { writer in
        if let mark { writer.line(mark) }
        for line in body { writer.line(line) }
      }
    }
    switch type {
    case .data:
      function("set\(name)(_ bytes: RawSpan)", ["builder.pointer(\(index)).setData(bytes)"])
    case .text:
      function("set\(name)(_ text: String)", ["builder.pointer(\(index)).setText(text)"])
      function("set\(name)(_ bytes: RawSpan)", ["builder.pointer(\(index)).setText(bytes)"])
    case .structure:
      function(
        "init\(name)() -> \(swiftType)", lifetime: true,
        ["return \(swiftType)(builder.pointer(\(index)).makeStruct(\(swiftType).size))"])
      if mark == nil {
        writer.line("/// What `init\(name)` made, again.")
        writer.line("@inlinable")
        writer.line("@_lifetime(copy self)")
        writer.line(
          "public func resume\(name)() -> \(swiftType) { \(swiftType)(builder.pointer(\(index)).resumeStruct(\(swiftType).size)) }"
        )
      }
      function(
        "set\(name)(_ value: \(readerType)) throws(WireError)", ["try builder.pointer(\(index)).copy(value.reader)"])
    case .list(let element):
      function(
        "init\(name)(count: Int) -> \(swiftType)", lifetime: true,
        ["return \(swiftType)(makeAt: builder.pointer(\(index)), count: count)"])
      if case .structure(let id, _) = element {
        function(
          "place\(name)(_ list: borrowing GrowingStructList<\(schema.path(id, suffix: "Builder"))>)",
          ["list.place(at: builder.pointer(\(index)))"])
      }
    default:
      guard let mark else {
        writer.line("@inlinable")
        writer.block("public var \(escaped(bare)): AnyPointerBuilder") { writer in
          writer.line("@_lifetime(copy self)")
          writer.line("get { builder.pointer(\(index)) }")
        }
        return
      }
      writer.line("@inlinable")
      writer.line("@_lifetime(copy self)")
      writer.block("public func init\(name)() -> AnyPointerBuilder") { writer in
        writer.line(mark)
        writer.line("return builder.pointer(\(index))")
      }
    }
  }
}
