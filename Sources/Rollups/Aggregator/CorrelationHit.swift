// What a classifier says of Sigma correlations: that an event belongs to a group to be counted.

import Bytes
import CapnProto
import Events

/// One event that one correlation counts.
public struct CorrelationHit: BitwiseCopyable, Sendable {
  /// Place of the event in the batch's list.
  public var event: Int
  /// Hash of the correlation's id; of one of its rules as well where they are told apart.
  public var correlation: UInt64
  /// Hash of the group's values.
  public var groupHash: UInt64
  /// Hash of the field that `value_count` counts; 0 for `event_count`.
  public var valueHash: UInt64
  /// The group's values in the texts that go with the hits, each length-prefixed.
  public var groupOffset: Int
  public var groupCount: Int

  public init(
    event: Int, correlation: UInt64, groupHash: UInt64, valueHash: UInt64, groupOffset: Int, groupCount: Int
  ) {
    (self.event, self.correlation, self.groupHash) = (event, correlation, groupHash)
    (self.valueHash, self.groupOffset, self.groupCount) = (valueHash, groupOffset, groupCount)
  }
}

extension RequestClassifier where Self: ~Copyable {
  /// A classifier without correlations.
  public mutating func correlate(
    _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict], into hits: inout [CorrelationHit],
    texts: inout ByteBuffer
  ) {}
}
