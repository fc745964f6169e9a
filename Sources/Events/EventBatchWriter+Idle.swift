// What the owner of a partition says of a source that says nothing.

import Bytes
import CapnProto

extension EventBatchWriter {
  /// Makes the whole batch: that a source is idle, and holds nobody back until it speaks again.
  ///
  /// - Parameter lowWatermark: Where the source stood when that was decided. If it has spoken since, the record says
  ///   nothing.
  public mutating func writeIdle(source: UInt64, lowWatermark: Nanoseconds) {
    begin(BatchOrigin(source: source))
    finish(lowWatermark: lowWatermark)
    builder.resume(EventBatchBuilder.self).idle = true
  }
}
