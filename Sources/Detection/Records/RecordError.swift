// What can be wrong with a record of candidates, attacks or state.

import CapnProto

public enum RecordError: Error, Equatable, Sendable, CustomStringConvertible {
  case wire(WireError)
  case unsupportedVersion(UInt16)
  /// A value that no station writes.
  case invalid(String)

  public var description: String {
    switch self {
    case .wire(let error): "cannot be read: \(error)"
    case .unsupportedVersion(let version): "is of schema version \(version), which this program does not read"
    case .invalid(let what): "holds \(what), which no station writes"
    }
  }
}

/// Elements of a list take at least a word each in a record, so that a few bytes cannot claim millions of them.
func checkCount(_ count: Int, in record: Int, _ what: String) throws(RecordError) {
  guard count <= record / 8 else { throw .invalid("\(count) \(what)") }
}
