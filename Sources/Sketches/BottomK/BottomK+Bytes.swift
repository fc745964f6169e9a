// Samples as bytes. Items are fixed-size values; how they become bytes is their own affair.

import Bytes

extension BottomK {
  /// Appends version, the number of items and each by rank, the item as `itemBytes` writes it.
  public func write(to buffer: inout ByteBuffer, itemBytes: (Item, inout ByteBuffer) -> Void) {
    buffer.append(1 as UInt8)
    buffer.append(littleEndian: UInt32(truncatingIfNeeded: count))
    for kept in sorted() {
      buffer.append(littleEndian: kept.rank)
      let before = buffer.count
      buffer.append(littleEndian: 0 as UInt32)
      itemBytes(kept.item, &buffer)
      let length = UInt32(truncatingIfNeeded: buffer.count - before - 4)
      for i in 0..<4 { buffer[before + i] = UInt8(truncatingIfNeeded: length >> UInt32(8 * i)) }
    }
  }

  /// Merges what `write` wrote; `item` reads one item or refuses its bytes.
  public mutating func merge(
    reading bytes: RawSpan, item: (RawSpan) throws(SketchError) -> Item
  ) throws(SketchError) {
    var reader = SketchReader(bytes)
    let version = try reader.integer(UInt8.self)
    guard version == 1 else { throw .unsupportedVersion(version) }
    let count = Int(try reader.integer(UInt32.self))
    guard count <= capacity else { throw .tooLarge(count) }
    for _ in 0..<count {
      let rank = try reader.integer(UInt64.self)
      let length = Int(try reader.integer(UInt32.self))
      insert(try item(try reader.take(length)), rank: rank)
    }
    guard reader.atEnd else { throw .wrongLength(expected: reader.offset, found: bytes.byteCount) }
  }
}
