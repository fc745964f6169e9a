// The buffer as the reader of a topic uses it: each record has an offset, and after a restart those that still waited are
// read again.

import Bytes

extension WindowBuffer {
  /// Takes a Rollup record of a topic in, and returns its input partition.
  ///
  /// A partial that comes after its window has been given out, as of an input that nobody waited for any more, counts as
  /// late: it goes with the window that the whole has reached.
  public mutating func add(_ record: RawSpan, at offset: Int64) throws(RollupError) -> UInt16 {
    var entry = try read(record)
    entry.offset = offset
    if Self.end(entry) <= drained {
      guard drained < .max else { throw .invalid("a window, after the end of all") }
      entry.target = WindowTables.start(of: drained, length: entry.length)
      entry.isLate = true
      entry.isMoved = true
      guard Self.end(entry) > drained else { throw .invalid("a window of length \(entry.length)") }
    }
    keep(&entry, record)
    return entry.partition
  }

  /// Takes in again a record that `add` took before a restart, unless its window has been given out since.
  /// - Parameter target: Of one that came too late, as `moved` had it.
  public mutating func add(again record: RawSpan, at offset: Int64, movedTo target: Nanoseconds?) throws(RollupError) {
    var entry = try read(record)
    entry.offset = offset
    if let target {
      entry.target = target
      entry.isLate = true
      entry.isMoved = true
    }
    if Self.end(entry) > drained { keep(&entry, record) }
  }

  /// Smallest offset of the partials that wait; nil where none does. O(partials).
  public var firstOffset: Int64? { pending.lazy.map(\.offset).min() }

  /// The waiting partials that came after their window had been given out, by offset, and what they go with.
  public var moved: [(offset: Int64, target: Nanoseconds)] {
    pending.filter(\.isMoved).map { ($0.offset, $0.target) }.sorted { $0.0 < $1.0 }
  }

  /// Goes on after a restart: windows that end by `watermark` were given out.
  public mutating func restore(drainedTo watermark: Nanoseconds) { drained = watermark }
}
