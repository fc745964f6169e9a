// Sums of correlations over their time spans, from the counts of windows: the part that the zone stage runs. Pure: windows
// go in, findings come out.
//
// Counts are known a window at a time, so a span is as many whole windows as cover it: a finding may count events up to
// one window older than the span, and none is missed. Distinct values are exact up to 63 in a group and span, then
// estimated by a HyperLogLog of precision 8 (standard error 6.5 %). Conditions with an upper bound are looked at when
// a window of the group ends, so a count that passes through the bound within a window is not seen.

import Bytes
import Sketches

/// A correlation whose condition holds for a group.
public struct CorrelationMatch: Sendable, Hashable {
  /// Index into the correlations.
  public var correlation: Int
  /// The group's values, each after its length.
  public var group: [UInt8]
  /// Events or distinct values in the span.
  public var count: UInt64
  public var events: UInt64
  public var firstTime: Nanoseconds
  public var lastTime: Nanoseconds
  public var windowEnd: Nanoseconds
}

/// Counts of all groups of all correlations. Bounded: beyond `maxGroups`, the groups that were quiet for longest are
/// forgotten, and counted.
public struct CorrelationState: Sendable {
  struct Key: Hashable, Comparable {
    var correlation: Int
    var group: [UInt8]
    static func < (a: Self, b: Self) -> Bool {
      a.correlation != b.correlation ? a.correlation < b.correlation : a.group.lexicographicallyPrecedes(b.group)
    }
  }
  struct Window {
    var start: Nanoseconds
    var end: Nanoseconds
    var count: UInt64
    var values: [UInt8]
    var firstTime: Nanoseconds
    var lastTime: Nanoseconds
  }

  public let correlations: [Correlation]
  public let maxGroups: Int
  /// Groups forgotten because there were too many.
  public internal(set) var evicted: UInt64 = 0
  /// Entries of windows that could not be read, or of correlations that are not ours.
  public private(set) var refused: UInt64 = 0
  var groups: [Key: [Window]] = [:]
  var touched: Set<Key> = []
  private var numbers: [UInt64: Int] = [:]
  /// Shards with a group that changed since the last snapshot; see `CorrelationStage`.
  var unsaved: Set<Int> = []

  public init(_ correlations: [Correlation], maxGroups: Int = 65_536) {
    self.correlations = correlations
    self.maxGroups = max(maxGroups, 1)
    for (number, correlation) in correlations.enumerated() { numbers[correlation.info.hash] = number }
  }

  public var groupCount: Int { groups.count }

  /// Place of a correlation in `correlations`, by the hash of its id.
  public func number(of correlation: UInt64) -> Int? { numbers[correlation] }

  /// Adds the counts of one group in one window; several partials of a window add up.
  /// - Parameters:
  ///   - correlation: Hash of its id.
  ///   - values: The window's distinct values as `HyperLogLog` writes them; empty for event counts.
  public mutating func add(
    correlation: UInt64, group: RawSpan, count: UInt64, values: RawSpan, windowStart: Nanoseconds,
    windowEnd: Nanoseconds, firstTime: Nanoseconds, lastTime: Nanoseconds
  ) {
    guard let number = numbers[correlation], windowEnd > windowStart, count > 0 else {
      refused &+= 1
      return
    }
    let key = Key(correlation: number, group: group.copied())
    var windows = groups[key] ?? []
    let place = windows.firstIndex { $0.start >= windowStart } ?? windows.count
    if place < windows.count, windows[place].start == windowStart {
      guard let merged = Self.merged([windows[place].values, values.copied()]) else {
        refused &+= 1
        return
      }
      windows[place].values = merged.bytes
      windows[place].count = Self.sum(windows[place].count, count)
      windows[place].firstTime = min(windows[place].firstTime, firstTime)
      windows[place].lastTime = max(windows[place].lastTime, lastTime)
    } else {
      windows.insert(
        Window(
          start: windowStart, end: windowEnd, count: count, values: values.copied(), firstTime: firstTime,
          lastTime: lastTime), at: place)
    }
    groups[key] = windows
    touched.insert(key)
    note(number, key.group)
  }

  /// Ends the windows up to `windowEnd`: the groups that were added to since the last call and whose condition holds over
  /// the span that ends there, by correlation and group. Forgets what is older than its span.
  public mutating func advance(to windowEnd: Nanoseconds) -> [CorrelationMatch] {
    var findings: [CorrelationMatch] = []
    for key in touched.sorted() {
      guard let windows = groups[key] else { continue }
      let correlation = correlations[key.correlation]
      let (start, overflow) = windowEnd.subtractingReportingOverflow(correlation.timespan)
      let inside = windows.filter { (overflow || $0.end > start) && $0.start < windowEnd }
      guard let first = inside.first else { continue }
      let events = inside.reduce(UInt64(0)) { Self.sum($0, $1.count) }
      var count = events
      if correlation.kind == .valueCount {
        guard let merged = Self.merged(inside.map(\.values)) else {
          refused &+= 1
          continue
        }
        count = merged.estimate
      }
      guard correlation.condition.holds(count) else { continue }
      findings.append(
        CorrelationMatch(
          correlation: key.correlation, group: key.group, count: count, events: events,
          firstTime: inside.reduce(first.firstTime) { min($0, $1.firstTime) },
          lastTime: inside.reduce(first.lastTime) { max($0, $1.lastTime) }, windowEnd: windowEnd))
    }
    touched.removeAll(keepingCapacity: true)
    expire(before: windowEnd)
    return findings
  }

  private mutating func expire(before windowEnd: Nanoseconds) {
    for (key, windows) in groups {
      let (start, overflow) = windowEnd.subtractingReportingOverflow(correlations[key.correlation].timespan)
      if overflow { continue }
      // Windows are in order of their start: those to forget stand first.
      let kept = windows.drop { $0.end <= start }
      if kept.isEmpty { groups[key] = nil } else if kept.count < windows.count { groups[key] = Array(kept) }
    }
    guard groups.count > maxGroups else { return }
    // The quietest first, then by key, so that the choice does not depend on a dictionary's order.
    var order: [(last: Nanoseconds, key: Key)] = []
    for (key, windows) in groups { order.append((windows.last?.start ?? .min, key)) }
    order.sort { a, b in a.last != b.last ? a.last < b.last : a.key < b.key }
    for (_, key) in order.prefix(groups.count - maxGroups) {
      groups[key] = nil
      note(key.correlation, key.group)
      evicted &+= 1
    }
  }

  private static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  /// Union of distinct values; nil when one cannot be read.
  private static func merged(_ parts: [[UInt8]]) -> (bytes: [UInt8], estimate: UInt64)? {
    let parts = parts.filter { !$0.isEmpty }
    if parts.isEmpty { return ([], 0) }
    var sketch = HyperLogLog(precision: DistinctPool.precision)
    for part in parts {
      do { try sketch.merge(reading: part.span.bytes) } catch { return nil }
    }
    if parts.count == 1 { return (parts[0], sketch.estimate) }
    var buffer = ByteBuffer()
    sketch.write(to: &buffer)
    return (buffer.bytes.copied(), sketch.estimate)
  }
}
