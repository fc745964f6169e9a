// The new values of a batch are searched in one call: a call to Vectorscan for each value
// costs more than twice as much, because most values are shorter than what it needs to get going.

import Bytes
import CVectorscan

/// A pattern found in a region: surely, or to be confirmed.
struct ScanHit {
  var region: UInt32
  var pattern: UInt16
  var needsConfirming: Bool
}

/// What the callback works on. Plain pointers: it is called from C in the middle of a scan.
///
/// Invariant of the unsafe code: `regions`, `refs` and `refStarts` outlive the scan; `seen` has an entry for each pattern;
/// `hits` has room for `hitCapacity`.
struct ScanState {
  var regions: UnsafePointer<ScanRegion>
  var regionCount: Int
  var refs: UnsafePointer<PatternRef>
  var refStarts: UnsafePointer<UInt32>
  /// Serial number of the last region that a pattern was found in: one hit a pattern and region is enough.
  var seen: UnsafeMutablePointer<UInt64>
  /// Serial number of region 0 of this scan.
  var serial: UInt64
  var hits: UnsafeMutablePointer<ScanHit>
  var hitCount: Int
  var hitCapacity: Int
  /// Region of the last report: reports come in the order of where they end.
  var cursor = 0

  @inline(__always)
  mutating func report(expression: Int, end: UInt32) {
    while cursor &+ 1 < regionCount, regions[cursor &+ 1].start < end { cursor &+= 1 }
    while cursor > 0, regions[cursor].start >= end { cursor &-= 1 }
    let region = regions[cursor]
    // A match that ends on a separator runs over the end of its value.
    guard end > region.start, end <= region.end else { return }
    for index in Int(refStarts[expression])..<Int(refStarts[expression &+ 1]) {
      let ref = refs[index]
      let pattern = Int(ref.pattern)
      let mark = serial &+ UInt64(cursor)
      if seen[pattern] == mark { continue }
      guard Self.holds(ref, region, end) else { continue }
      seen[pattern] = mark
      if hitCount == hitCapacity { grow() }
      hits[hitCount] = ScanHit(
        region: UInt32(truncatingIfNeeded: cursor), pattern: ref.pattern, needsConfirming: ref.check == .confirm)
      hitCount &+= 1
    }
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<ScanHit>.allocate(capacity: hitCapacity &* 2)
    larger.update(from: hits, count: hitCount)
    hits.deallocate()
    hits = larger
    hitCapacity &*= 2
  }

  /// Whether a literal that ends at `end` is where its test wants it.
  @inline(__always)
  static func holds(_ ref: PatternRef, _ region: ScanRegion, _ end: UInt32) -> Bool {
    switch ref.field {
    case .anywhere: return within(ref, region.start, region.end, end)
    case .target: return region.column == .target && within(ref, region.start, region.end, end)
    case .path: return region.column == .target && within(ref, region.pathStart, region.pathEnd, end)
    case .query:
      return region.column == .target
        && (within(ref, region.queryStart, region.end, end) || within(ref, region.start, region.end, end))
    case .pathExtension:
      return region.column == .target && region.extensionStart != .max
        && within(ref, region.extensionStart, region.pathEnd, end)
    case .userAgent: return region.column == .userAgent && within(ref, region.start, region.end, end)
    case .referrer: return region.column == .referrer && within(ref, region.start, region.end, end)
    case .host: return region.column == .host && within(ref, region.start, region.end, end)
    case .cookie: return region.column == .cookie && within(ref, region.start, region.end, end)
    case .body: return region.column == .body && within(ref, region.start, region.end, end)
    case .contentType: return region.column == .contentType && within(ref, region.start, region.end, end)
    case .remoteUser: return region.column == .remoteUser && within(ref, region.start, region.end, end)
    }
  }

  @inline(__always)
  private static func within(_ ref: PatternRef, _ start: UInt32, _ stop: UInt32, _ end: UInt32) -> Bool {
    if ref.check == .confirm { return true }
    guard end <= stop, end >= start, end &- start >= ref.length else { return false }
    let begins = end &- ref.length == start
    switch ref.check {
    case .contains, .confirm: return true
    case .startsWith: return begins
    case .endsWith: return end == stop
    case .equals: return begins && end == stop
    }
  }
}

/// Scans a buffer of values.
/// - Returns: Vectorscan's status.
func scan(_ bytes: RawSpan, database: OpaquePointer, scratch: OpaquePointer, state: inout ScanState) -> Int32 {
  bytes.withUnsafeBytes { buffer in
    guard let start = buffer.baseAddress else { return HS_SUCCESS }
    return millrace_hs_scan(
      database, PatternDatabase.usesAVX2, start.assumingMemoryBound(to: CChar.self),
      UInt32(truncatingIfNeeded: buffer.count), scratch,
      { id, _, end, _, context in
        guard let context else { return 0 }
        context.assumingMemoryBound(to: ScanState.self).pointee.report(
          expression: Int(id), end: UInt32(truncatingIfNeeded: end))
        return 0
      }, &state)
  }
}
