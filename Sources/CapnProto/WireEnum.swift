// Enums of a schema.

/// An enum of a schema, its cases in the order of their numbers. Values a newer sender added read as the first.
public protocol WireEnum: Sendable {
  /// The enumerant of this number; the first where there is none such.
  init(wire: UInt16)
  var wire: UInt16 { get }
}

/// Converts between an enum and its number without a branch a case.
///
/// A `switch` over the cases becomes a jump table, which mispredicts at every change of value. An enum without
/// payloads is stored as the index of its case, in one byte up to 256 cases and in two above; each schema's test
/// goes through all cases.
public enum WireEnumTag {
  @inlinable @inline(__always)
  public static func enumerant<E>(_ wire: UInt16, count: UInt16) -> E {
    let tag = wire < count ? wire : 0
    switch MemoryLayout<E>.size {
    case 1: return unsafeBitCast(UInt8(truncatingIfNeeded: tag), to: E.self)
    case 2: return unsafeBitCast(tag, to: E.self)
    default: return unsafeBitCast((), to: E.self)
    }
  }

  @inlinable @inline(__always)
  public static func number<E>(_ enumerant: E) -> UInt16 {
    switch MemoryLayout<E>.size {
    case 1: return UInt16(unsafeBitCast(enumerant, to: UInt8.self))
    case 2: return unsafeBitCast(enumerant, to: UInt16.self)
    default: return 0
    }
  }
}
