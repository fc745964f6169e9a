// What the aggregation of an input partition writes, wherever it goes.

import Bytes

/// Takes what is written. All of it belongs to the transaction that is open, or to none.
public protocol AggregatorOutput: AnyObject {
  /// A Rollup record, to a partition of `rollups`.
  func rollup(_ record: RawSpan, to partition: Int)
  /// A record of `aggregator-state`, in the partition of the same number as the input.
  func state(_ key: String, _ value: RawSpan, partition: Int)
  /// A record of the input that can't be read.
  func deadLetter(_ record: RawSpan, reason: String, partition: Int, offset: Int64)
  /// A decision of the owner of an input partition, written there.
  func event(_ record: RawSpan, partition: Int)
}
