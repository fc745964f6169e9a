// A batch writer in one place, so that its record can be handed on without a copy.

import Bytes
import Events

final class BatchBox {
  var writer: EventBatchWriter

  init(textCapacity: Int = 256 << 10, eventCapacity: Int = 1024) {
    writer = EventBatchWriter(textCapacity: textCapacity, eventCapacity: eventCapacity)
  }

  /// The finished batch; good until the next begins.
  var message: RawSpan {
    @_lifetime(borrow self)
    get {
      // The writer's memory belongs to this object, which the span keeps borrowed.
      let bytes = writer.message.withUnsafeBytes { $0 }
      return _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }
  }
}
