// The compiler's request as plain values: what the generators work on.

/// A node of the schema: a file, struct, enum, constant, annotation or interface.
struct Node {
  var id: UInt64
  var displayName: String
  /// The last part of the display name.
  var name: String
  var scope: UInt64
  var isGeneric: Bool
  var nested: [(name: String, id: UInt64)]
  var annotations: [Annotation]
  var body: Body
  var comment = ""

  enum Body {
    case file
    case structure(Structure)
    case enumeration([Enumerant])
    case interface
    case constant(TypeReference, Value)
    case annotation
  }
}

struct Structure {
  var dataWords: Int
  var pointers: Int
  var isGroup: Bool
  var discriminantCount: Int
  /// In units of 16 bits.
  var discriminantOffset: Int
  var fields: [Field]
}

struct Field {
  var name: String
  var codeOrder: Int
  var annotations: [Annotation]
  /// nil where the field is in no union.
  var discriminant: UInt16?
  var body: Body
  var comment = ""

  enum Body {
    /// Offset in units of the type's own size.
    case slot(offset: Int, type: TypeReference, defaultValue: Value)
    case group(UInt64)
  }
}

struct Enumerant {
  var name: String
  var codeOrder: Int
  var annotations: [Annotation]
  var comment = ""
}

struct Annotation {
  var id: UInt64
  var value: Value
}

indirect enum TypeReference: Equatable {
  case void, bool, text, data, anyPointer, interface
  case int(bits: Int, signed: Bool)
  case float(bits: Int)
  case list(TypeReference)
  case enumeration(UInt64)
  case structure(UInt64, isBranded: Bool)
  /// A parameter of a generic type.
  case parameter
}

enum Value: Equatable {
  case void
  case bool(Bool)
  /// An integer, an enumerant or the bits of a float.
  case bits(UInt64)
  case text([UInt8])
  case data([UInt8])
  /// A struct, list or anything else behind a pointer: the words of a segment, its root pointer first.
  case words([UInt64])

  /// Whether a field with this default reads as zeros where it is absent.
  var isZero: Bool {
    switch self {
    case .void: true
    case .bool(let value): !value
    case .bits(let value): value == 0
    case .text(let bytes), .data(let bytes): bytes.isEmpty
    case .words(let words): words.isEmpty
    }
  }
}

struct Schema {
  var nodes: [UInt64: Node] = [:]
  var requested: [(id: UInt64, filename: String)] = []
}
