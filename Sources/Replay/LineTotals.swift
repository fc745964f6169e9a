// The ledger of a replay: every line is in exactly one of its columns.

import Bytes

/// Counts over the whole input. lines = parsed + unparsed + ahead + filtered + skipped.
public struct LineTotals: Sendable, Equatable {
  public var lines: UInt64 = 0
  public var parsed: UInt64 = 0
  public var unparsed: UInt64 = 0
  public var ahead: UInt64 = 0
  public var filtered: UInt64 = 0
  public var skipped: UInt64 = 0
  /// Of parsed.
  public var late: UInt64 = 0
  /// Stamps of all lines that were read, whether or not a filter let them through.
  public var readFirst: Nanoseconds?
  public var readLast: Nanoseconds?
  /// Of the text, decompressed.
  public var bytes: UInt64 = 0
  public var first: Nanoseconds?
  public var last: Nanoseconds?

  /// Share of the lines that should be events and are, 0 to 1; 1 where there are none.
  public var coverage: Double {
    let read = parsed + filtered
    let wanted = read + unparsed + ahead
    return wanted == 0 ? 1 : Double(read) / Double(wanted)
  }

  mutating func add(_ tally: LineTally, bytes: UInt64) {
    lines += UInt64(tally.lines)
    parsed += UInt64(tally.parsed)
    unparsed += UInt64(tally.unparsed)
    ahead += UInt64(tally.ahead)
    filtered += UInt64(tally.filtered)
    skipped += UInt64(tally.skipped)
    skipped -= min(skipped, UInt64(tally.joined))
    late += UInt64(tally.late)
    self.bytes += bytes
  }

  mutating func add(readFirst: Nanoseconds, readLast: Nanoseconds) {
    self.readFirst = min(self.readFirst ?? readFirst, readFirst)
    self.readLast = max(self.readLast ?? readLast, readLast)
  }

  mutating func add(first: Nanoseconds, last: Nanoseconds) {
    self.first = min(self.first ?? first, first)
    self.last = max(self.last ?? last, last)
  }
}
