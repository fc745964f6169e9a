// Windows handed over within one process: what a record would say, without writing and reading it.

import Bytes
import Synchronization

/// A window that an aggregator has closed, on its way to a `WindowBuffer` of the same process. It says what its Rollup
/// record would have said; a test compares the two. Its tables go back to their pool with the last reference.
///
/// Invariant of the unsafe code: `table` is that of nobody else. Whoever holds the closed window may change it, one
/// thread at a time: the queue between aggregator and buffer passes it on.
public final class ClosedWindow: @unchecked Sendable {
  let table: UnsafeMutablePointer<ZoneWindow>
  let inputPartition: UInt16
  /// Of the input partition when the window was closed, ns.
  let watermark: Nanoseconds
  /// Bytes of memory held, nearly, as of closing.
  public let footprint: Int
  private let pool: WindowPool

  init(_ table: UnsafeMutablePointer<ZoneWindow>, inputPartition: UInt16, watermark: Nanoseconds, pool: WindowPool) {
    (self.table, self.inputPartition, self.watermark, self.pool) = (table, inputPartition, watermark, pool)
    footprint = table.pointee.footprint
  }

  deinit { pool.give(table) }
}

/// Tables to use again, shared by the aggregators of a process: the one used last is given first.
///
/// Invariant of the unsafe code: every pointer held addresses one initialised `ZoneWindow` that nobody else has.
public final class WindowPool: Sendable {
  private struct Tables: @unchecked Sendable {
    var idle: [UnsafeMutablePointer<ZoneWindow>] = []
    var bytes = 0
  }
  private let tables = Mutex(Tables())
  private let memory: Int

  /// `memory`: bytes of idle tables that are kept.
  public init(memory: Int = 32 << 20) { self.memory = memory }

  deinit {
    tables.withLock { tables in
      for table in tables.idle { Self.destroy(table) }
      tables.idle.removeAll()
    }
  }

  func take() -> UnsafeMutablePointer<ZoneWindow>? {
    tables.withLock { tables in
      guard let table = tables.idle.popLast() else { return nil }
      tables.bytes -= table.pointee.footprint
      return table
    }
  }

  func give(_ table: UnsafeMutablePointer<ZoneWindow>) {
    let bytes = table.pointee.footprint
    let isKept = tables.withLock { tables in
      guard tables.bytes + bytes <= memory else { return false }
      tables.idle.append(table)
      tables.bytes += bytes
      return true
    }
    if !isKept { Self.destroy(table) }
  }

  private static func destroy(_ table: UnsafeMutablePointer<ZoneWindow>) {
    table.deinitialize(count: 1)
    table.deallocate()
  }
}
