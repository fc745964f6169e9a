// The new values of a batch in one buffer, each as sent and, where that differs, decoded.

import Bytes

/// One value, or its decoded form, in the buffer. Offsets are in the buffer; the buffer holds less than 4 GiB.
struct ScanRegion {
  var start: UInt32
  var end: UInt32
  var slot: UInt32
  var column: TextColumn
  /// Of targets only.
  var pathStart: UInt32
  var pathEnd: UInt32
  var queryStart: UInt32
  /// `.max`: the path has no extension.
  var extensionStart: UInt32
}

struct ScanBatch: ~Copyable {
  /// Values with a newline before, between and after them.
  private(set) var buffer = ByteBuffer(capacity: 64 << 10)
  /// By where they start.
  private(set) var regions: [ScanRegion] = []
  private var decoded = ByteBuffer(capacity: 4096)
  private var normalizer = Normalizer()

  init() {
    regions.reserveCapacity(4096)
    buffer.append(0x0a)
  }

  mutating func removeAll() {
    regions.removeAll(keepingCapacity: true)
    buffer.removeAll()
    buffer.append(0x0a)
  }

  mutating func append(_ value: RawSpan, _ column: TextColumn, _ slot: UInt32) {
    decoded.removeAll()
    guard column == .target else {
      Self.append(value, column, slot, nil, to: &buffer, &regions)
      if !normalizer.normalize(value, kind: column.kind, into: &decoded).isEmpty {
        Self.append(decoded: decoded, column, slot, nil, to: &buffer, &regions)
      }
      return
    }
    let parts = TargetParts(value)
    Self.append(value, column, slot, parts, to: &buffer, &regions)
    // Path and query are decoded apart, so that an encoded question mark does not move the border between them.
    var findings = normalizer.normalize(value.extracting(0..<parts.pathEnd), kind: .path, into: &decoded)
    var shape = parts
    if !findings.isEmpty { shape.pathStart = TargetParts(decoded.bytes).pathStart }
    shape.pathEnd = decoded.count
    if parts.pathEnd < value.byteCount {
      decoded.append(0x3f)
      shape.queryStart = decoded.count
      findings.formUnion(
        normalizer.normalize(value.extracting(parts.queryStart..<value.byteCount), kind: .query, into: &decoded))
    } else {
      shape.queryStart = decoded.count
    }
    if !findings.isEmpty { Self.append(decoded: decoded, column, slot, shape, to: &buffer, &regions) }
  }

  private static func append(
    decoded: borrowing ByteBuffer, _ column: TextColumn, _ slot: UInt32, _ parts: TargetParts?,
    to buffer: inout ByteBuffer, _ regions: inout [ScanRegion]
  ) {
    append(decoded.bytes, column, slot, parts, to: &buffer, &regions)
  }

  /// The buffers are parameters so that the compiler sees that they are apart.
  private static func append(
    _ value: RawSpan, _ column: TextColumn, _ slot: UInt32, _ parts: TargetParts?, to buffer: inout ByteBuffer,
    _ regions: inout [ScanRegion]
  ) {
    let start = UInt32(truncatingIfNeeded: buffer.count)
    buffer.append(value)
    let end = UInt32(truncatingIfNeeded: buffer.count)
    buffer.append(0x0a)
    var region = ScanRegion(
      start: start, end: end, slot: slot, column: column, pathStart: start, pathEnd: end, queryStart: end,
      extensionStart: .max)
    if let parts {
      region.pathStart = start &+ UInt32(truncatingIfNeeded: parts.pathStart)
      region.pathEnd = start &+ UInt32(truncatingIfNeeded: parts.pathEnd)
      region.queryStart = start &+ UInt32(truncatingIfNeeded: parts.queryStart)
      if let dot = TargetParts.extensionStart(value.extracting(parts.pathStart..<parts.pathEnd)) {
        region.extensionStart = region.pathStart &+ UInt32(truncatingIfNeeded: dot)
      }
    }
    regions.append(region)
  }
}
