// Names of Swift declarations: the schema's, or what the annotations of swift.capnp say.

/// Ids of the annotations in Schemas/swift.capnp.
enum SwiftAnnotation {
  static let name: UInt64 = 0xc1a5_f4b9_b2d6_4a01
  static let module: UInt64 = 0xc1a5_f4b9_b2d6_4a02

  static func text(_ id: UInt64, in annotations: [Annotation]) -> String? {
    for annotation in annotations where annotation.id == id {
      if case .text(let bytes) = annotation.value { return String(decoding: bytes, as: UTF8.self) }
    }
    return nil
  }
}

private let keywords: Set<String> = [
  "Any", "Protocol", "Self", "Type", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default",
  "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard",
  "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private",
  "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch",
  "throw", "throws", "true", "try", "typealias", "var", "where", "while",
]

/// `name` as an identifier, in backticks where Swift would take it for something else.
func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

func capitalised(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

extension Schema {
  func file(of id: UInt64) -> Node? {
    var node = nodes[id]
    while let current = node {
      if case .file = current.body { return current }
      node = nodes[current.scope]
    }
    return nil
  }

  /// The Swift module that a file's accessors are compiled into, by its annotation.
  func module(of file: Node) -> String? { SwiftAnnotation.text(SwiftAnnotation.module, in: file.annotations) }

  /// Name of a type without what it is nested in.
  func typeName(_ node: Node) -> String {
    if let name = SwiftAnnotation.text(SwiftAnnotation.name, in: node.annotations) { return name }
    // A group is annotated at its field.
    if case .structure(let body) = node.body, body.isGroup, let scope = nodes[node.scope],
      case .structure(let outer) = scope.body,
      let field = outer.fields.first(where: { if case .group(node.id) = $0.body { true } else { false } })
    {
      return capitalised(SwiftAnnotation.text(SwiftAnnotation.name, in: field.annotations) ?? node.name)
    }
    return capitalised(node.name)
  }

  /// Name of a type from the top, with `suffix` at its last part.
  func path(_ id: UInt64, suffix: String = "") -> String {
    guard let node = nodes[id] else { return "Unknown" }
    let name = typeName(node) + suffix
    guard let scope = nodes[node.scope] else { return escaped(name) }
    if case .file = scope.body { return escaped(name) }
    return path(node.scope) + "." + escaped(name)
  }

  func memberName(_ name: String, _ annotations: [Annotation]) -> String {
    let name = SwiftAnnotation.text(SwiftAnnotation.name, in: annotations) ?? name
    // What generated types have themselves.
    return ["reader", "builder", "content", "which", "size"].contains(name) ? name + "_" : name
  }
}
