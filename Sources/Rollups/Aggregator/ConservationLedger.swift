// Where every line went: what goes in is parsed or not, what is parsed is counted in exactly one window.

import Bytes
import CapnProto
import Events
import Sketches

/// Sums over batches and windows. Every field adds, so ledgers of partitions add up to that of the run.
public struct ConservationLedger: Sendable, Equatable {
  public var batches: UInt64 = 0
  // As the batch writer says.
  public var lines: UInt64 = 0
  public var parsed: UInt64 = 0
  public var unparsed: UInt64 = 0
  public var ahead: UInt64 = 0
  public var sampledOut: UInt64 = 0
  /// Of parsed: behind their source's watermark when read.
  public var late: UInt64 = 0
  // As the aggregator counted.
  /// Events in the batches.
  public var events: UInt64 = 0
  /// Events that could not be read from their batch.
  public var damaged: UInt64 = 0
  /// Counted in an open window.
  public var onTime: UInt64 = 0
  /// Counted in a late partial.
  public var afterClose: UInt64 = 0
  /// Of those counted: allowed by the pipeline, and counted in no table.
  public var allowed: UInt64 = 0
  /// Sum over all partials written.
  public var inWindows: UInt64 = 0
  public var windows: UInt64 = 0
  public var latePartials: UInt64 = 0
  /// Records that could not be read at all. What they held is in no other column.
  public var poisoned: UInt64 = 0
  /// Unparsed lines by reason, in the order of `UnparsedLine.Reason`.
  public var reasons = [UInt64](repeating: 0, count: 8)

  public init() {}

  public static func += (a: inout Self, b: Self) {
    a.batches &+= b.batches
    a.lines &+= b.lines
    a.parsed &+= b.parsed
    a.unparsed &+= b.unparsed
    a.ahead &+= b.ahead
    a.sampledOut &+= b.sampledOut
    a.late &+= b.late
    a.events &+= b.events
    a.damaged &+= b.damaged
    a.onTime &+= b.onTime
    a.afterClose &+= b.afterClose
    a.inWindows &+= b.inWindows
    a.windows &+= b.windows
    a.latePartials &+= b.latePartials
    a.poisoned &+= b.poisoned
    a.allowed &+= b.allowed
    for i in a.reasons.indices where i < b.reasons.count { a.reasons[i] &+= b.reasons[i] }
  }

  /// What doesn't agree, in words; empty where all sums do. To be asked once every window is written.
  public var discrepancies: [String] {
    var found: [String] = []
    func expect(_ left: UInt64, _ right: UInt64, _ what: String) {
      if left != right { found.append("\(what): \(left) against \(right)") }
    }
    expect(lines, parsed &+ unparsed &+ ahead &+ sampledOut, "lines against parsed, unparsed, ahead and sampled out")
    expect(parsed, events, "lines parsed against events received")
    expect(events, onTime &+ afterClose &+ damaged, "events received against on time, after close and damaged")
    expect(onTime &+ afterClose, inWindows, "events counted against events in written windows")
    return found
  }
}
