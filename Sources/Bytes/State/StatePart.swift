// A station's memory in parts that change apart from each other, so that a snapshot writes only what has changed.

/// One part of a station's memory, or word that it is no more.
public struct StatePart: Sendable, Equatable {
  /// Unique in the station and partition.
  public var name: [UInt8]
  /// Nil: the part is gone.
  public var bytes: [UInt8]?

  public init(name: [UInt8], bytes: [UInt8]?) { (self.name, self.bytes) = (name, bytes) }
  public init(name: String, bytes: [UInt8]?) { self.init(name: Array(name.utf8), bytes: bytes) }
}

/// All parts by name, as a restart finds them.
public struct SavedState: Sendable, Equatable {
  public private(set) var parts: [[UInt8]: [UInt8]]

  public init(_ parts: [[UInt8]: [UInt8]] = [:]) { self.parts = parts }

  public var isEmpty: Bool { parts.isEmpty }
  public subscript(name: String) -> [UInt8]? { parts[Array(name.utf8)] }
  public subscript(name: [UInt8]) -> [UInt8]? { parts[name] }

  /// A part that must be there.
  public func reader(of name: String) throws(StateError) -> StateReader {
    guard let bytes = self[name] else { throw .missing("its part '\(name)'") }
    return StateReader(bytes)
  }

  /// What stands behind `prefix` in the names of the parts that begin with it, in order.
  public func names(after prefix: String) -> [(rest: [UInt8], bytes: [UInt8])] {
    let prefix = Array(prefix.utf8)
    return parts.filter { $0.key.starts(with: prefix) }.map { (Array($0.key.dropFirst(prefix.count)), $0.value) }
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
  }

  /// Takes in the parts that changed.
  public mutating func apply(_ changes: [StatePart]) {
    for part in changes { parts[part.name] = part.bytes }
  }
}
