// How a station's memory becomes bytes: an explicit layout, field after field, that StateReader reads back.

/// Writes values one after another. Words are little-endian and fixed; counts take 7 bits a byte, the low ones first
/// (LEB128). What is written has no names: the version of a part says what stands where.
public struct StateWriter: ~Copyable {
  private var buffer: ByteBuffer

  public init(capacity: Int = 4_096) { buffer = ByteBuffer(capacity: capacity) }

  public var count: Int { buffer.count }

  /// Gives out what was written and starts over; the memory stays.
  public mutating func take() -> [UInt8] {
    let bytes = buffer.bytes.copied()
    buffer.removeAll()
    return bytes
  }

  public mutating func byte(_ value: UInt8) { buffer.append(value) }
  public mutating func flag(_ value: Bool) { buffer.append(value ? 1 : 0) }
  public mutating func half(_ value: UInt16) {
    buffer.append(UInt8(truncatingIfNeeded: value))
    buffer.append(UInt8(truncatingIfNeeded: value >> 8))
  }

  /// A word that may be anything, such as a hash.
  public mutating func word(_ value: UInt64) {
    buffer.append(upTo: 8) { room in
      room.storeBytes(of: value.littleEndian, as: UInt64.self)
      return 8
    }
  }

  /// A time or another signed number.
  public mutating func signed(_ value: Int64) { word(UInt64(bitPattern: value)) }

  /// Every bit of it.
  public mutating func number(_ value: Double) { word(value.bitPattern) }

  /// A number that is mostly small.
  public mutating func number(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    buffer.append(UInt8(truncatingIfNeeded: rest))
  }

  public mutating func number(_ value: UInt32) { number(UInt64(value)) }

  /// How many of something follow.
  public mutating func count(_ value: Int) { number(UInt64(max(value, 0))) }

  public mutating func bytes(_ value: [UInt8]) {
    count(value.count)
    buffer.append(value)
  }

  public mutating func text(_ value: String) { bytes(Array(value.utf8)) }

  public mutating func address(_ value: IPAddress) {
    word(value.high)
    word(value.low)
  }
}
