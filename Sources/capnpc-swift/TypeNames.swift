// How each type of the schema is called in Swift, to read and to build.

extension TypeReference {
  /// Bits of a scalar in a data section.
  var bits: Int {
    switch self {
    case .bool: 1
    case .int(let bits, _), .float(let bits): bits
    case .enumeration: 16
    default: 0
    }
  }

  var isPointer: Bool {
    switch self {
    case .text, .data, .list, .structure, .anyPointer, .interface, .parameter: true
    default: false
    }
  }
}

extension Schema {
  /// The Swift type of a scalar, an enum, or a view of what a pointer leads to.
  func readerType(_ type: TypeReference, at place: String) throws(Unsupported) -> String {
    switch type {
    case .void: return "Void"
    case .bool: return "Bool"
    case .int(let bits, let signed): return (signed ? "Int" : "UInt") + "\(bits)"
    case .float(let bits): return bits == 32 ? "Float" : "Double"
    case .text, .data: return "RawSpan"
    case .anyPointer: return "AnyPointer"
    case .enumeration(let id): return path(id)
    case .structure(let id, _):
      try checkConcrete(type, at: place)
      return path(id)
    case .list(let element): return try listType(element, at: place, suffix: "")
    case .interface: throw Unsupported(place: place, reason: "interfaces are not supported")
    case .parameter: throw Unsupported(place: place, reason: "generics are not supported")
    }
  }

  func builderType(_ type: TypeReference, at place: String) throws(Unsupported) -> String {
    switch type {
    case .structure(let id, _):
      try checkConcrete(type, at: place)
      return path(id, suffix: "Builder")
    case .list(let element): return try listType(element, at: place, suffix: "Builder")
    case .anyPointer: return "AnyPointerBuilder"
    default: return try readerType(type, at: place)
    }
  }

  private func listType(_ element: TypeReference, at place: String, suffix: String) throws(Unsupported) -> String {
    switch element {
    case .void: return runtime("VoidList" + suffix)
    case .bool: return runtime("BoolList" + suffix)
    case .text: return runtime("TextList" + suffix)
    case .data: return runtime("DataList" + suffix)
    case .anyPointer: return runtime("AnyPointerList" + suffix)
    case .int, .float: return runtime("ScalarList" + suffix) + "<\(try readerType(element, at: place))>"
    case .enumeration(let id): return runtime("EnumList" + suffix) + "<\(path(id))>"
    case .structure(let id, _):
      try checkConcrete(element, at: place)
      return path(id, suffix: "List" + suffix)
    case .list:
      let inner = suffix.isEmpty ? try readerType(element, at: place) : try builderType(element, at: place)
      return runtime("ListOfLists" + suffix) + "<\(inner)>"
    case .interface, .parameter: return try readerType(element, at: place)
    }
  }

  /// A type of the runtime, qualified where the schema declares one that would hide it.
  private func runtime(_ name: String) -> String {
    let isHidden = nodes.values.contains { node in
      let declared = typeName(node)
      return ["", "Builder", "List", "ListBuilder"].contains { declared + $0 == name }
    }
    return isHidden ? "CapnProto." + name : name
  }

  private func checkConcrete(_ type: TypeReference, at place: String) throws(Unsupported) {
    guard case .structure(let id, let isBranded) = type else { return }
    if isBranded || nodes[id]?.isGeneric == true {
      throw Unsupported(place: place, reason: "generics are not supported")
    }
  }
}

/// Nine hexadecimal digits and more are read easier in groups of four.
func hexadecimal(_ value: UInt64) -> String {
  var digits = String(value, radix: 16)
  if digits.count <= 4 { return "0x" + digits }
  var groups: [String] = []
  while !digits.isEmpty {
    groups.insert(String(digits.suffix(4)), at: 0)
    digits.removeLast(min(4, digits.count))
  }
  return "0x" + groups.joined(separator: "_")
}
