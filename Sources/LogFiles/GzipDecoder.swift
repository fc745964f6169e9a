// gzip by ISA-L, members one after another, as logrotate, pigz and `cat a.gz b.gz` make them.

import CIsal

/// The state is 87 KB and must not move: it lives on the heap.
final class GzipDecoder: StreamDecoder {
  private let state: UnsafeMutablePointer<inflate_state>
  private var between = true
  /// What follows the last member is no member: padding of a tape or block device. gzip ignores it too.
  private var trailing = false

  override init() {
    state = .allocate(capacity: 1)
    isal_inflate_init(state)
    state.pointee.crc_flag = UInt32(ISAL_GZIP)
  }

  deinit { state.deallocate() }

  override var isComplete: Bool { between }

  override func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, atEnd: Bool
  ) throws(Fault) -> Step {
    if trailing { return Step(consumed: input.count, produced: 0) }
    if between {
      guard let first = input.first else { return Step(consumed: 0, produced: 0) }
      guard first == 0x1f else {
        trailing = true
        return Step(consumed: input.count, produced: 0)
      }
      between = false
    }
    state.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    state.pointee.avail_in = UInt32(input.count)
    state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_out = UInt32(output.count)
    let result = isal_inflate(state)
    guard result >= 0 else { throw Fault(reason: Self.reason(result)) }
    let step = Step(
      consumed: input.count - Int(state.pointee.avail_in), produced: output.count - Int(state.pointee.avail_out))
    if state.pointee.block_state == ISAL_BLOCK_FINISH {
      // The reset forgets the position in the input; the caller holds it.
      isal_inflate_reset(state)
      state.pointee.crc_flag = UInt32(ISAL_GZIP)
      between = true
    }
    return step
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ISAL_INVALID_BLOCK: "invalid block"
    case ISAL_INVALID_SYMBOL: "invalid symbol"
    case ISAL_INVALID_LOOKBACK: "invalid distance"
    case ISAL_INVALID_WRAPPER: "invalid header"
    case ISAL_UNSUPPORTED_METHOD: "unknown method"
    case ISAL_INCORRECT_CHECKSUM: "checksum differs"
    default: "error \(code)"
    }
  }
}
