// A YAML document as a tree in which every value knows its line and column.

/// A scalar as written. Quoted text is always text; plain text may be read as null, truth or number (YAML 1.2 core
/// schema).
public struct YamlScalar: Hashable, Sendable {
  public var text: String
  /// Whether it stood without quotes and was not a block scalar.
  public var isPlain: Bool

  public init(text: String, isPlain: Bool) { (self.text, self.isPlain) = (text, isPlain) }

  public var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

  public var bool: Bool? {
    guard isPlain else { return nil }
    switch text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }

  /// Decimal, `0x` or `0o`; nil when it is no integer or does not fit.
  public var integer: Int64? {
    guard isPlain else { return nil }
    if text.hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return Int64(text.dropFirst(2), radix: 8) }
    return Int64(text)
  }

  /// A number in decimal notation; not `inf`, not `nan`.
  public var number: Double? {
    if let integer { return Double(integer) }
    guard isPlain, let first = text.utf8.first, first == 0x2d || first == 0x2b || first == 0x2e || first.isDigit,
      text.utf8.allSatisfy({ $0.isDigit || [0x2d, 0x2b, 0x2e, 0x65, 0x45].contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (self &- 0x30) < 10 }
}

/// One value of a document and where it starts.
public struct YamlNode: Sendable {
  public enum Content: Sendable {
    case scalar(YamlScalar)
    case list([YamlNode])
    case map([YamlPair])
  }
  public var place: Place
  public var content: Content

  public init(place: Place, content: Content) { (self.place, self.content) = (place, content) }

  public var scalar: YamlScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  public var list: [YamlNode]? { if case .list(let list) = content { list } else { nil } }
  public var map: [YamlPair]? { if case .map(let map) = content { map } else { nil } }
  /// Text of any scalar, quoted or not.
  public var text: String? { scalar?.text }
  public var isNull: Bool { scalar?.isNull ?? false }

  /// Value of a key of a map. O(keys).
  public subscript(key: String) -> YamlNode? { map?.first { $0.key == key }?.value }

  /// What it is, for messages.
  public var kindName: String {
    switch content {
    case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
    case .list: "a list"
    case .map: "a map"
    }
  }
}

/// One key of a map with its value.
public struct YamlPair: Sendable {
  public var key: String
  public var keyPlace: Place
  public var value: YamlNode
  public init(key: String, keyPlace: Place, value: YamlNode) {
    (self.key, self.keyPlace, self.value) = (key, keyPlace, value)
  }
}
