// From the partials of all input partitions to whole windows: partials wait until every partition has
// passed their window, then merge in the order of the partitions.

import Bytes
import CapnProto
import Events
import Sketches

/// Buffers partials and gives out merged windows, in one order whatever the order in which partitions are served.
///
/// Windows come by start; in a window first what came late and belongs to it (each for its own older window, by start),
/// then the zones by name, the shared zone first, then the global scope. A late partial belongs to the window which the
/// watermark of its partition had reached when it was written.
///
/// Invariant of the unsafe code: `merged` addresses one initialised window that this value owns; a handed-over window's
/// table is this value's from `add` until the window has been given out.
public struct WindowBuffer: ~Copyable {
  struct Pending {
    /// Start of the window with which it is given out.
    var target: Nanoseconds
    var start: Nanoseconds
    var length: Nanoseconds
    var isLate: Bool
    var scope: ZoneWindow.Scope
    var zone: [UInt8]
    var partition: UInt16
    var sequence: UInt64
    var record: [UInt8]
    /// In the topic, where it came from one.
    var offset: Int64 = .max
    /// It came after its window had been given out.
    var isMoved = false
    /// In place of the record.
    var window: ClosedWindow?

    /// Order of windows, without that of the partials of one window.
    static func compareWindows(_ a: Self, _ b: Self) -> Int {
      if a.target != b.target { return a.target < b.target ? -1 : 1 }
      if a.isLate != b.isLate { return a.isLate ? -1 : 1 }
      if a.start != b.start { return a.start < b.start ? -1 : 1 }
      if a.scope != b.scope { return a.scope == .zone ? -1 : 1 }
      if a.zone == b.zone { return 0 }
      return a.zone.lexicographicallyPrecedes(b.zone) ? -1 : 1
    }

    static func precedes(_ a: Self, _ b: Self) -> Bool {
      let order = compareWindows(a, b)
      if order != 0 { return order < 0 }
      if a.partition != b.partition { return a.partition < b.partition }
      return a.sequence < b.sequence
    }
  }

  private let hash: KeyedHash
  private let limits: TableLimits
  private var watermarks: [Nanoseconds]
  var pending: [Pending] = []
  /// Partitions that records may be of, where that is more than at first: only `drain(to:)` knows what they said.
  public var acceptedPartitions = 0
  /// Windows that end by it have been given out.
  var drained: Nanoseconds = .min
  /// Memory of records that were merged, for the next ones.
  private var idle: [[UInt8]] = []
  private var earliest: Nanoseconds = .max
  private var sequence: UInt64 = 0
  /// What records are merged into. Owned, and addressed like the tables that are handed over.
  private let merged: UnsafeMutablePointer<ZoneWindow>
  private let limiter = ReadLimiter()
  /// Bytes of the records and windows that wait.
  public private(set) var bufferedBytes = 0
  /// Records of which a part could not be read.
  public private(set) var damagedRecords: UInt64 = 0

  /// `limits` and `hashSeed` as the aggregators have them.
  public init(partitions: Int, limits: TableLimits = TableLimits(), hashSeed: UInt64) {
    hash = KeyedHash(key: hashSeed)
    watermarks = [Nanoseconds](repeating: .min, count: max(1, partitions))
    self.limits = limits.merged(from: partitions)
    merged = .allocate(capacity: 1)
    merged.initialize(to: ZoneWindow(limits: self.limits, hash: hash))
  }

  deinit {
    merged.deinitialize(count: 1)
    merged.deallocate()
  }

  /// The smallest watermark of the partitions: windows that end at or before it are complete.
  public var watermark: Nanoseconds { watermarks.min() ?? .max }

  /// Takes a Rollup record in. O(its bytes).
  public mutating func add(_ record: RawSpan) throws(RollupError) {
    var entry = try read(record)
    keep(&entry, record)
  }

  /// What a record says of its place; without its bytes.
  func read(_ record: RawSpan) throws(RollupError) -> Pending {
    var entry: Pending
    var version: UInt16 = 0
    var seed: UInt64 = 0
    var isWindow = false
    do throws(WireError) {
      let rollup = Rollup(try Message(framed: record, limiter: limiter).rootStruct)
      version = rollup.schemaVersion
      isWindow = rollup.scope == .zone || rollup.scope == .global
      seed = rollup.hashSeed
      entry = Pending(
        target: rollup.windowStart, start: rollup.windowStart, length: rollup.windowLength, isLate: rollup.late,
        scope: rollup.scope == .global ? .global : .zone, zone: try rollup.zone.copied(),
        partition: rollup.inputPartition, sequence: sequence, record: [])
      if entry.isLate, entry.length > 0 {
        entry.target = WindowTables.start(of: rollup.watermark, length: entry.length)
      }
    } catch { throw .wire(error) }
    guard version == ZoneWindow.schemaVersion else { throw .unsupportedVersion(version) }
    guard isWindow else { throw .invalid("a record of no window") }
    guard seed == hash.key else { throw .differentSeed(seed) }
    guard entry.length > 0 else { throw .invalid("a window of length \(entry.length)") }
    guard Int(entry.partition) < max(watermarks.count, acceptedPartitions) else {
      throw .invalid("input partition \(entry.partition)")
    }
    return entry
  }

  mutating func keep(_ entry: inout Pending, _ record: RawSpan) {
    entry.sequence = sequence
    entry.record = idle.popLast() ?? []
    record.withUnsafeBytes { entry.record.append(contentsOf: $0) }
    bufferedBytes += entry.record.count
    sequence &+= 1
    earliest = min(earliest, Self.end(entry))
    pending.append(entry)
  }

  /// Takes in a window that an aggregator handed over, as `add` does its record. O(1).
  public mutating func add(_ window: ClosedWindow) throws(RollupError) {
    let table = window.table
    guard table.pointee.hash.key == hash.key else { throw .differentSeed(table.pointee.hash.key) }
    guard Int(window.inputPartition) < watermarks.count else {
      throw .invalid("input partition \(window.inputPartition)")
    }
    var entry = Pending(
      target: table.pointee.start, start: table.pointee.start, length: table.pointee.length,
      isLate: table.pointee.isLate, scope: table.pointee.scope, zone: table.pointee.zoneBytes.bytes.copied(),
      partition: window.inputPartition, sequence: sequence, record: [], window: window)
    if entry.isLate { entry.target = WindowTables.start(of: window.watermark, length: entry.length) }
    bufferedBytes += window.footprint
    sequence &+= 1
    earliest = min(earliest, Self.end(entry))
    pending.append(entry)
  }

  static func end(_ entry: Pending) -> Nanoseconds {
    let (end, overflow) = entry.target.addingReportingOverflow(entry.length)
    return overflow ? .max : end
  }

  /// Says that `partition` will give no more partials of windows that end at or before `watermark`.
  public mutating func advance(partition: Int, to watermark: Nanoseconds) {
    guard watermarks.indices.contains(partition) else { return }
    watermarks[partition] = max(watermarks[partition], watermark)
  }

  /// Says that `partition` will give no more partials at all.
  public mutating func finish(partition: Int) { advance(partition: partition, to: .max) }

  /// Gives out the windows that are complete, merged and in order. The window is good during the call of `body`.
  public mutating func drain(_ body: (borrowing ZoneWindow) -> Void) { drain(to: watermark, body) }

  /// The same for those that end by `watermark`, whatever the partitions said.
  public mutating func drain(to watermark: Nanoseconds, _ body: (borrowing ZoneWindow) -> Void) {
    drained = max(drained, watermark)
    guard earliest <= watermark else { return }
    var ready: [Pending] = []
    var waiting: [Pending] = []
    earliest = .max
    for entry in pending {
      let end = Self.end(entry)
      if end <= watermark {
        ready.append(entry)
      } else {
        waiting.append(entry)
        earliest = min(earliest, end)
      }
    }
    pending = waiting
    ready.sort(by: Pending.precedes)
    var first = 0
    while first < ready.count {
      var last = first + 1
      while last < ready.count, Pending.compareWindows(ready[first], ready[last]) == 0 { last += 1 }
      merge(ready[first..<last], body)
      for i in first..<last {
        if ready[i].window == nil { recycle(&ready[i].record) }
        ready[i].window = nil
      }
      first = last
    }
  }

  private mutating func recycle(_ record: inout [UInt8]) {
    // A few are enough: partials of one window come from as many partitions.
    guard idle.count < 2 * watermarks.count else { return }
    var memory: [UInt8] = []
    swap(&memory, &record)
    memory.removeAll(keepingCapacity: true)
    idle.append(memory)
  }

  /// Merges the partials of one window, which are in the order of their partitions, and gives the whole to `body`.
  private mutating func merge(_ partials: ArraySlice<Pending>, _ body: (borrowing ZoneWindow) -> Void) {
    guard let head = partials.first else { return }
    let table: UnsafeMutablePointer<ZoneWindow>
    if let first = head.window {
      // The others are added to the first one in its place.
      table = first.table
      table.pointee.setLimits(limits)
    } else {
      table = merged
      table.pointee.begin(
        zone: head.zone.span.bytes, start: head.start, length: head.length, scope: head.scope, isLate: head.isLate)
    }
    for partial in partials {
      guard let other = partial.window else {
        bufferedBytes -= partial.record.count
        do throws(WireError) {
          try Self.merge(partial.record.span.bytes, limiter, into: &table.pointee)
        } catch {
          damagedRecords &+= 1
        }
        continue
      }
      bufferedBytes -= other.footprint
      if other.table != table { table.pointee.merge(other.table.pointee) }
    }
    table.pointee.complete()
    table.pointee.due = Self.end(head)
    body(table.pointee)
  }

  // A function of its own, because a reader that depends on one property would keep all others from changing.
  private static func merge(
    _ record: RawSpan, _ limiter: borrowing ReadLimiter, into window: inout ZoneWindow
  ) throws(WireError) {
    try window.merge(Rollup(Message(framed: record, limiter: limiter).rootStruct))
  }
}
