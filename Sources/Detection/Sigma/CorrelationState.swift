// Sums of correlations over their time spans, from the counts of windows: the part that the zone stage runs. Pure: windows
// go in, findings come out.
//
// Counts are known a step at a time: a window, or a 64th of the timespan where that is longer. A finding is looked for at
// the end of each window in which the group was seen, and is about what can lie within a timespan that ends in its last
// step. What is told is a bound from above: none is missed, and what a count holds may lie apart by up to two steps more
// than the timespan. Rules of temporal correlations have their first and last times in each step, so there the timespan
// is exact where a step is no longer than it; see `CorrelationState+Temporal`. Distinct values are exact up to 63 in a
// group and span, then estimated by a HyperLogLog of precision 8 (standard error 6.5 %). Conditions with an upper bound
// are looked at when a window of the group ends, so a count that passes through the bound within a window is not seen.

import Bytes
import Events
import Sketches

/// A correlation whose condition holds for a group.
public struct CorrelationMatch: Sendable, Hashable {
  /// Index into the correlations.
  public var correlation: Int
  /// The group's values, each after its length.
  public var group: [UInt8]
  /// Events, distinct values or different rules in the span.
  public var count: UInt64
  public var events: UInt64
  public var firstTime: Nanoseconds
  public var lastTime: Nanoseconds
  public var windowEnd: Nanoseconds
}

/// Counts of all groups of all correlations. Bounded: beyond `maxGroups` or `maxBytes`, the groups that were quiet for
/// longest are forgotten, and counted.
public struct CorrelationState: Sendable {
  struct Key: Hashable, Comparable {
    var correlation: Int
    var group: [UInt8]
    static func < (a: Self, b: Self) -> Bool {
      a.correlation != b.correlation ? a.correlation < b.correlation : a.group.lexicographicallyPrecedes(b.group)
    }
  }
  /// A step: some windows of a group together.
  struct Window {
    var start: Nanoseconds
    var end: Nanoseconds
    var count: UInt64
    var values: [UInt8]
    var firstTime: Nanoseconds
    var lastTime: Nanoseconds
    /// The rules of a temporal correlation that were seen, by position.
    var members: [Member] = []

    /// Memory, nearly.
    var footprint: Int { MemoryLayout<Window>.stride + values.count + members.count * MemoryLayout<Member>.stride }
  }
  /// One rule of a temporal correlation in a step.
  struct Member: Equatable {
    var position: Int
    var first: Nanoseconds
    var last: Nanoseconds
  }

  public let correlations: [Correlation]
  public let maxGroups: Int
  public let maxBytes: Int
  /// Groups forgotten because there were too many.
  public internal(set) var evicted: UInt64 = 0
  /// Entries of windows that could not be read, or of correlations that are not ours.
  public private(set) var refused: UInt64 = 0
  var groups: [Key: [Window]] = [:]
  var touched: Set<Key> = []
  /// What a key of the wire stands for: a correlation, and where its rules are told apart the rule's position.
  private var numbers: [UInt64: (number: Int, position: Int)] = [:]
  /// Shards with a group that changed since the last snapshot; see `CorrelationStage`.
  var unsaved: Set<Int> = []

  public init(_ correlations: [Correlation], maxGroups: Int = 65_536, maxBytes: Int = 64 << 20) {
    self.correlations = correlations
    self.maxGroups = max(maxGroups, 1)
    self.maxBytes = max(maxBytes, 1)
    for (number, correlation) in correlations.enumerated() {
      for position in correlation.kind.isTemporal ? Array(correlation.members.indices) : [0] {
        numbers[correlation.key(at: position)] = (number, position)
      }
    }
  }

  public var groupCount: Int { groups.count }

  /// Place of a correlation in `correlations`, by its key in a window.
  public func number(of key: UInt64) -> Int? { numbers[key]?.number }

  /// The same by the hash of its id.
  func number(ofId hash: UInt64) -> Int? { correlations.firstIndex { $0.info.hash == hash } }

  /// The steps of a timespan: no finding tells times apart by less.
  static let steps: Nanoseconds = 64

  /// The step that a window belongs to.
  static func step(
    of start: Nanoseconds, _ end: Nanoseconds, timespan: Nanoseconds
  ) -> (start: Nanoseconds, end: Nanoseconds) {
    let (length, overflow) = end.subtractingReportingOverflow(start)
    let least = timespan / steps
    guard !overflow, length > 0, length < least else { return (start, end) }
    let step = (least + length - 1) / length * length
    let first = CivilTime.floorDivide(start, step).multipliedReportingOverflow(by: step)
    let last = first.partialValue.addingReportingOverflow(step)
    return first.overflow || last.overflow ? (start, end) : (first.partialValue, last.partialValue)
  }

  /// Adds the counts of one group in one window; several partials of a window add up.
  /// - Parameters:
  ///   - key: The correlation's, or that of one of its rules, as `Correlation.key` gives it.
  ///   - values: The window's distinct values as `HyperLogLog` writes them; empty for event counts.
  public mutating func add(
    correlation key: UInt64, group: RawSpan, count: UInt64, values: RawSpan, windowStart: Nanoseconds,
    windowEnd: Nanoseconds, firstTime: Nanoseconds, lastTime: Nanoseconds
  ) {
    guard let (number, position) = numbers[key], windowEnd > windowStart, count > 0, firstTime <= lastTime else {
      refused &+= 1
      return
    }
    let isTemporal = correlations[number].kind.isTemporal
    let key = Key(correlation: number, group: group.copied())
    let step = Self.step(of: windowStart, windowEnd, timespan: correlations[number].timespan)
    let (windowStart, windowEnd) = step
    let member = Member(position: position, first: firstTime, last: lastTime)
    var windows = groups[key] ?? []
    let place = windows.firstIndex { $0.start >= windowStart } ?? windows.count
    if place < windows.count, windows[place].start == windowStart {
      guard let merged = Self.merged([windows[place].values, values.copied()]) else {
        refused &+= 1
        return
      }
      windows[place].values = merged.bytes
      windows[place].end = max(windows[place].end, windowEnd)
      if isTemporal { windows[place].add(member) }
      windows[place].count = Self.sum(windows[place].count, count)
      windows[place].firstTime = min(windows[place].firstTime, firstTime)
      windows[place].lastTime = max(windows[place].lastTime, lastTime)
    } else {
      windows.insert(
        Window(
          start: windowStart, end: windowEnd, count: count, values: values.copied(), firstTime: firstTime,
          lastTime: lastTime, members: isTemporal ? [member] : []), at: place)
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
      guard let newest = windows.last else { continue }
      // A timespan that ends in the newest step cannot begin before this.
      let since = newest.firstTime.minusSaturating(correlation.timespan)
      let inside = windows.filter { $0.lastTime >= since }
      guard let first = inside.first else { continue }
      let events = inside.reduce(UInt64(0)) { Self.sum($0, $1.count) }
      var count = events
      switch correlation.kind {
      case .eventCount: break
      case .valueCount:
        guard let merged = Self.merged(inside.map(\.values)) else {
          refused &+= 1
          continue
        }
        count = merged.estimate
      case .temporal: count = Self.rulesTogether(inside, of: correlation)
      case .temporalOrdered: count = Self.isInOrder(inside, of: correlation) ? UInt64(correlation.rules.count) : 0
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
    var bytes = 0
    for (key, windows) in groups {
      // What a timespan that ends in a window to come can still begin in. Steps are in order of their start.
      let since = windowEnd.minusSaturating(correlations[key.correlation].timespan)
      let kept = windows.drop { $0.end <= since }
      if kept.isEmpty { groups[key] = nil } else if kept.count < windows.count { groups[key] = Array(kept) }
      if !kept.isEmpty { bytes += Self.footprint(key, kept) }
    }
    guard groups.count > maxGroups || bytes > maxBytes else { return }
    // The quietest first, then by key, so that the choice does not depend on a dictionary's order.
    var order: [(last: Nanoseconds, key: Key)] = []
    for (key, windows) in groups { order.append((windows.last?.start ?? .min, key)) }
    order.sort { a, b in a.last != b.last ? a.last < b.last : a.key < b.key }
    for (_, key) in order {
      if groups.count <= maxGroups, bytes <= maxBytes { break }
      bytes -= Self.footprint(key, groups[key, default: []][...])
      groups[key] = nil
      note(key.correlation, key.group)
      evicted &+= 1
    }
  }

  /// Memory of a group, nearly.
  private static func footprint(_ key: Key, _ windows: ArraySlice<Window>) -> Int {
    windows.reduce(MemoryLayout<Key>.stride + 64 + key.group.count) { $0 + $1.footprint }
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
