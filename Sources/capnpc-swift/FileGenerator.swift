// One Swift file for each schema file asked for.

extension Schema {
  /// The accessors of the file `id`, called `filename` on the command line.
  func generate(_ id: UInt64, filename: String) throws(Unsupported) -> String {
    guard let file = nodes[id] else { throw Unsupported(place: filename, reason: "the compiler sent no such file") }
    var writer = Writer()
    writer.line("// Generated from \(filename) by capnpc-swift. Do not edit: change the schema and generate again.")
    writer.line("// swift-format-ignore-file")
    writer.line()
    writer.line("import CapnProto")
    for module in importedModules(file) { writer.line("import \(module)") }
    if !file.comment.isEmpty {
      writer.line()
      for line in file.comment.split(separator: "\n") { writer.line("// \(line)") }
    }
    let generator = StructGenerator(schema: self, file: filename)
    for child in file.nested {
      guard let node = nodes[child.id] else { continue }
      try generator.declaration(node, isNested: false, into: &writer)
    }
    return writer.text
  }

  /// Modules of the types of other files that this one's fields mention, in order.
  private func importedModules(_ file: Node) -> [String] {
    let own = module(of: file)
    var modules: Set<String> = []
    for node in nodes.values where self.file(of: node.id)?.id == file.id {
      guard case .structure(let structure) = node.body else { continue }
      for field in structure.fields {
        guard case .slot(_, let type, _) = field.body, let id = typeId(type), let other = self.file(of: id),
          let module = module(of: other), module != own
        else { continue }
        modules.insert(module)
      }
    }
    return modules.sorted()
  }

  private func typeId(_ type: TypeReference) -> UInt64? {
    switch type {
    case .list(let element): typeId(element)
    case .enumeration(let id), .structure(let id, _): id
    default: nil
    }
  }
}
