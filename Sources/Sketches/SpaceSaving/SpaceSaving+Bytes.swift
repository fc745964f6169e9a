// The sketch as bytes: version, capacity, floor, total, then the entries by hash.

import Bytes

extension SpaceSaving {
  static var version: UInt8 { 1 }

  /// Appends the sketch. Equal contents give equal bytes, whatever the order in which they came.
  public func write(to buffer: inout ByteBuffer) {
    buffer.append(Self.version)
    buffer.append(littleEndian: UInt32(truncatingIfNeeded: capacity))
    buffer.append(littleEndian: floor)
    buffer.append(littleEndian: total)
    buffer.append(littleEndian: evictions)
    buffer.append(littleEndian: UInt32(truncatingIfNeeded: count))
    for i in (0..<count).sorted(by: { entries[$0].hash < entries[$1].hash }) {
      let entry = entries[i]
      buffer.append(littleEndian: entry.hash)
      buffer.append(littleEndian: entry.lower)
      buffer.append(littleEndian: entry.error)
      buffer.append(littleEndian: entry.first)
      buffer.append(littleEndian: entry.second)
      buffer.append(littleEndian: entry.keyCount)
      buffer.append(key(i))
    }
  }

  /// Reads what `write` wrote, refusing anything else. `capacityLimit` bounds the memory that hostile bytes can claim.
  public init(reading bytes: RawSpan, keyLimit: Int = 256, capacityLimit: Int = 1 << 20) throws(SketchError) {
    // The capacity stands after the version.
    var head = SketchReader(bytes)
    _ = try? head.integer(UInt8.self)
    let capacity = Int((try? head.integer(UInt32.self)) ?? 0)
    self.init(capacity: min(max(capacity, 1), capacityLimit), keyLimit: keyLimit)
    try read(bytes)
  }

  /// Fills an empty sketch.
  mutating func read(_ bytes: RawSpan) throws(SketchError) {
    var reader = SketchReader(bytes)
    let version = try reader.integer(UInt8.self)
    guard version == Self.version else { throw .unsupportedVersion(version) }
    let stated = Int(try reader.integer(UInt32.self))
    guard stated == capacity else { throw .tooLarge(stated) }
    floor = try reader.integer(UInt64.self)
    weight = try reader.integer(UInt64.self)
    evictions = try reader.integer(UInt64.self)
    let count = Int(try reader.integer(UInt32.self))
    guard count <= 2 * capacity else { throw .tooLarge(count) }
    var previous: UInt64?
    for _ in 0..<count {
      let at = reader.offset
      let hash = try reader.integer(UInt64.self)
      if let previous, previous >= hash { throw .invalid(at: at) }
      previous = hash
      let lower = try reader.integer(UInt64.self)
      let error = try reader.integer(UInt64.self)
      let first = try reader.integer(UInt64.self)
      let second = try reader.integer(UInt64.self)
      let length = Int(try reader.integer(UInt16.self))
      guard length <= keyLimit, error <= floor, lower <= total else { throw .invalid(at: at) }
      let key = try reader.take(length)
      let entry = insertUnbounded(key, hash: hash)
      entries[entry].lower = lower
      entries[entry].error = error
      entries[entry].first = first
      entries[entry].second = second
    }
    guard reader.atEnd else { throw .wrongLength(expected: reader.offset, found: bytes.byteCount) }
  }
}
