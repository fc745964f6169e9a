// zstd, frames one after another.

import CZstd

final class ZstdDecoder: StreamDecoder {
  private let stream: OpaquePointer
  private var complete = true

  override init() {
    guard let stream = ZSTD_createDStream() else { fatalError("out of memory") }
    self.stream = stream
    // Archives made with --long need a window up to 2 GiB; the frame says how much, and only that is allocated.
    _ = ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 31)
  }

  deinit { ZSTD_freeDStream(stream) }

  override var isComplete: Bool { complete }

  override func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, atEnd: Bool
  ) throws(Fault) -> Step {
    var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    if complete, input.isEmpty { return Step(consumed: 0, produced: 0) }
    let result = ZSTD_decompressStream(stream, &to, &from)
    guard ZSTD_isError(result) == 0 else { throw Fault(reason: String(cString: ZSTD_getErrorName(result))) }
    complete = result == 0
    return Step(consumed: from.pos, produced: to.pos)
  }
}
