// Reads what StateWriter wrote. The bytes come from a topic, so nothing about them is believed.

/// What is wrong with a saved state.
public enum StateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It ends before what is asked for; the offset in the part.
  case truncated(at: Int)
  /// A value that no writer writes.
  case invalid(String, at: Int)
  /// Written by another version of the program than this one can read.
  case version(found: UInt64, known: UInt64)
  /// A part, or a chunk of one, is missing.
  case missing(String)

  public var description: String {
    switch self {
    case .truncated(let place): "the saved state ends too early, at byte \(place) of its part"
    case .invalid(let what, let place): "the saved state holds \(what) at byte \(place) of its part"
    case .version(let found, let known):
      "the saved state is of version \(found), and this program reads \(known): run the program that wrote it, "
        + "or begin on topics with another prefix"
    case .missing(let part): "the saved state lacks \(part)"
    }
  }
}

/// Reads values in the order in which they were written. Bounds-checked: whatever the bytes are, it throws or returns.
public struct StateReader: Sendable {
  private let all: [UInt8]
  public private(set) var position = 0

  public init(_ bytes: [UInt8]) { all = bytes }

  public var remaining: Int { all.count - position }

  /// Throws unless everything has been read.
  public func finish() throws(StateError) {
    if remaining > 0 { throw .invalid("\(remaining) bytes too many", at: position) }
  }

  private mutating func advance(_ count: Int) throws(StateError) -> Int {
    guard count <= remaining else { throw .truncated(at: all.count) }
    let start = position
    position += count
    return start
  }

  public mutating func byte() throws(StateError) -> UInt8 { all[try advance(1)] }

  public mutating func flag() throws(StateError) -> Bool {
    let value = try byte()
    guard value <= 1 else { throw .invalid("\(value) for yes or no", at: position - 1) }
    return value == 1
  }

  public mutating func half() throws(StateError) -> UInt16 {
    let start = try advance(2)
    return UInt16(all[start]) | UInt16(all[start + 1]) << 8
  }

  public mutating func word() throws(StateError) -> UInt64 {
    let start = try advance(8)
    return UInt64(littleEndian: all.span.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
  }

  public mutating func signed() throws(StateError) -> Int64 { Int64(bitPattern: try word()) }

  /// A floating-point number; never NaN.
  public mutating func double() throws(StateError) -> Double {
    let value = Double(bitPattern: try word())
    guard !value.isNaN else { throw .invalid("no number", at: position - 8) }
    return value
  }

  public mutating func number() throws(StateError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw .invalid("a number of more than 64 bits", at: position - 1) }
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
      shift += 7
    }
  }

  public mutating func small() throws(StateError) -> UInt32 {
    let value = try number()
    guard let small = UInt32(exactly: value) else { throw .invalid("the number \(value)", at: position) }
    return small
  }

  /// How many of something follow, each of which takes at least `least` bytes.
  public mutating func count(ofAtLeast least: Int = 1) throws(StateError) -> Int {
    let value = try number()
    guard value <= UInt64(remaining / max(least, 1)) else {
      throw .invalid("a count of \(value) where \(remaining) bytes follow", at: position)
    }
    return Int(value)
  }

  public mutating func bytes() throws(StateError) -> [UInt8] {
    let count = try count()
    let start = try advance(count)
    return Array(all[start..<start + count])
  }

  public mutating func text() throws(StateError) -> String { String(decoding: try bytes(), as: UTF8.self) }

  public mutating func address() throws(StateError) -> IPAddress {
    let high = try word()
    return IPAddress(high: high, low: try word())
  }
}
