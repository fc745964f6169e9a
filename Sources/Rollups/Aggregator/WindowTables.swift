// The open windows of one input partition: which tables are whose, and a pool of tables to use again.

import Bytes
import Events
import Sketches

/// Tables by (window, zone). On-time and late ones are kept in two of these.
///
/// Invariant of the unsafe code: every pointer in `open`, `closing` and `idle` addresses one initialised `ZoneWindow` that
/// this value owns and is in one of them only; a taken one is its taker's until it is given back.
struct WindowTables: ~Copyable, @unchecked Sendable {
  typealias Table = UnsafeMutablePointer<ZoneWindow>

  /// Tables of one window, in the order of their first event.
  struct Window {
    var start: Nanoseconds
    var zones: [Int32] = []
    var tables: [Table] = []
    var byZone: [Int32: Int] = [:]
    /// Offset of the record whose event opened it.
    var firstRecord: Int64
  }

  let length: Nanoseconds
  let limits: TableLimits
  let hash: KeyedHash
  let isLate: Bool
  let idleMemory: Int
  /// Where tables that are handed over come back to.
  let pool: WindowPool?
  /// By start.
  private(set) var open: [Window] = []
  private(set) var openTables = 0
  /// Offset of the record that is being counted.
  var record: Int64 = 0
  /// Offset of the first record with an event in a window that is open; nil where none is.
  var firstRecord: Int64? { open.lazy.map(\.firstRecord).min() }
  /// Tables of the window that is being closed, the last of them first.
  private var closing: [Table] = []
  private var idle: [Table] = []
  private var idleBytes = 0
  // The table asked for last: a zone's events of one window mostly come together.
  private var lastStart: Nanoseconds = .min
  private var lastEnd: Nanoseconds = .min
  private var lastZone: Int32 = .min
  private var lastTable: Table?

  init(
    length: Nanoseconds, limits: TableLimits, hash: KeyedHash, isLate: Bool, idleMemory: Int, pool: WindowPool? = nil
  ) {
    self.pool = pool
    (self.length, self.limits, self.hash) = (length, limits, hash)
    (self.isLate, self.idleMemory) = (isLate, idleMemory)
  }

  deinit {
    for window in open {
      for table in window.tables { Self.destroy(table) }
    }
    for table in closing { Self.destroy(table) }
    for table in idle { Self.destroy(table) }
  }

  private static func destroy(_ table: Table) {
    table.deinitialize(count: 1)
    table.deallocate()
  }

  /// The table of an event, made where there is none. `name` gives the zone's name.
  @inline(__always)
  mutating func table(time: Nanoseconds, zone: Int32, names: borrowing ZoneNames, tableLimit: Int) -> Table {
    if zone == lastZone, time >= lastStart, time < lastEnd, let lastTable { return lastTable }
    return find(time: time, zone: zone, names: names, tableLimit: tableLimit)
  }

  @inline(never)
  private mutating func find(
    time: Nanoseconds, zone asked: Int32, names: borrowing ZoneNames, tableLimit: Int
  ) -> Table {
    let start = Self.start(of: time, length: length)
    var low = 0
    var high = open.count
    while low < high {
      let middle = (low + high) / 2
      if open[middle].start < start { low = middle + 1 } else { high = middle }
    }
    if low == open.count || open[low].start != start { open.insert(Window(start: start, firstRecord: record), at: low) }
    var zone = asked
    // For the window alone: whoever reads its records again must come to the same, whatever else is open.
    if open[low].tables.count >= tableLimit, zone >= 0, open[low].byZone[zone] == nil { zone = ZoneNames.shared }
    let table: Table
    if let place = open[low].byZone[zone] {
      table = open[low].tables[place]
    } else {
      table = take()
      table.pointee.begin(
        zone: names.name(zone), start: start, length: length, scope: zone == ZoneNames.global ? .global : .zone,
        isLate: isLate)
      open[low].byZone[zone] = open[low].tables.count
      open[low].zones.append(zone)
      open[low].tables.append(table)
      openTables += 1
    }
    (lastStart, lastZone, lastTable) = (start, asked, table)
    let (end, overflow) = start.addingReportingOverflow(length)
    lastEnd = overflow ? .max : end
    return table
  }

  /// End of the window up to which the oldest must close so that at most `most` tables stay open; nil where no more are.
  func end(leaving most: Int) -> Nanoseconds? {
    guard openTables > most else { return nil }
    var left = openTables
    for window in open {
      left -= window.tables.count
      if left <= most { return window.start.plusSaturating(length) }
    }
    return nil
  }

  /// Start of the window of a time; the very first window may begin later than a multiple.
  static func start(of time: Nanoseconds, length: Nanoseconds) -> Nanoseconds {
    let (start, overflow) = CivilTime.floorDivide(time, length).multipliedReportingOverflow(by: length)
    return overflow ? .min : start
  }

  /// Takes out the next table of a window that ends at or before `watermark`; nil where there is none. Windows come by
  /// start, zones by name, the shared one first and the global one last. `give` it back once it is written.
  mutating func takeClosed(upTo watermark: Nanoseconds, names: borrowing ZoneNames) -> Table? {
    if closing.isEmpty {
      guard let window = open.first else { return nil }
      let (end, overflow) = window.start.addingReportingOverflow(length)
      if (overflow ? .max : end) > watermark { return nil }
      var order = Array(window.zones.indices)
      if order.count > 1 {
        order.sort { a, b in
          let (x, y) = (window.zones[a], window.zones[b])
          if (x == ZoneNames.global) != (y == ZoneNames.global) { return y == ZoneNames.global }
          return lexicographicallyPrecedes(names.name(x), names.name(y))
        }
      }
      closing = order.reversed().map { window.tables[$0] }
      open.removeFirst()
      (lastStart, lastEnd, lastZone, lastTable) = (.min, .min, .min, nil)
    }
    openTables -= 1
    return closing.popLast()
  }

  private mutating func take() -> Table {
    if let table = idle.popLast() {
      idleBytes -= table.pointee.footprint
      return table
    }
    if let table = pool?.take() {
      table.pointee.setLimits(limits)
      return table
    }
    let table = Table.allocate(capacity: 1)
    table.initialize(to: ZoneWindow(limits: limits, hash: hash))
    return table
  }

  /// Keeps a table for later, unless enough memory is kept already.
  mutating func give(_ table: Table) {
    let bytes = table.pointee.footprint
    if idleBytes + bytes > idleMemory, !idle.isEmpty {
      Self.destroy(table)
    } else {
      idle.append(table)
      idleBytes += bytes
    }
  }
}
