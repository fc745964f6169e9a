// xz, streams one after another.

import CLzma

final class XzDecoder: StreamDecoder {
  private let stream: UnsafeMutablePointer<lzma_stream>
  private var complete = false

  override init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: lzma_stream())
    // LZMA_CONCATENATED, a macro that is not imported. The limit stands above what `xz -9` needs (65 MiB).
    _ = lzma_stream_decoder(stream, 160 << 20, 0x08)
  }

  deinit {
    lzma_end(stream)
    stream.deallocate()
  }

  override var isComplete: Bool { complete }

  override func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, atEnd: Bool
  ) throws(Fault) -> Step {
    if complete { return Step(consumed: 0, produced: 0) }
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = input.count
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = output.count
    let result = lzma_code(stream, atEnd ? LZMA_FINISH : LZMA_RUN)
    let step = Step(
      consumed: input.count - stream.pointee.avail_in, produced: output.count - stream.pointee.avail_out)
    switch result {
    case LZMA_OK: break
    case LZMA_STREAM_END: complete = true
    case LZMA_BUF_ERROR: break  // Needs more input; at the end of the file that means truncated.
    case LZMA_FORMAT_ERROR: throw Fault(reason: "not xz")
    case LZMA_OPTIONS_ERROR: throw Fault(reason: "unsupported options")
    case LZMA_MEMLIMIT_ERROR: throw Fault(reason: "its dictionary is larger than 160 MiB")
    case LZMA_DATA_ERROR: throw Fault(reason: "checksum or data differs")
    default: throw Fault(reason: "error \(result.rawValue)")
    }
    return step
  }
}
