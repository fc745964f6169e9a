// Where a batch stands in its source: known only when all before it have been counted, which may be after
// it was written.

import CapnProto

extension EventBatchWriter {
  /// Writes the batch's place into its header, again if need be. O(1). After `finish`.
  public mutating func place(sequence: UInt64, firstOrdinal: UInt64, firstLine: UInt64) {
    let batch = builder.resume(EventBatchBuilder.self)
    batch.sequence = sequence
    batch.firstOrdinal = firstOrdinal
    batch.firstLine = firstLine
  }
}
