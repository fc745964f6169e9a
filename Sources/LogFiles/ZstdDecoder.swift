// zstd, frames one after another.

import CZstd

final class ZstdDecoder: StreamDecoder {
  private let stream: OpaquePointer
  private var complete = true

  override init() {
    guard let stream = ZSTD_createDStream() else { fatalError("out of memory") }
    self.stream = stream
    // The frame says how much memory its window takes, so a few hostile bytes could ask for 2 GiB. 128 MiB is what
    // `zstd` itself takes without being told, and `--long` alone needs.
    _ = ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
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
    guard ZSTD_isError(result) == 0 else {
      let name = String(cString: ZSTD_getErrorName(result))
      throw Fault(
        reason: name.contains("too much memory")
          ? "its window is larger than 128 MiB; unpack it with 'zstd -d --long=31'" : name)
    }
    complete = result == 0
    return Step(consumed: from.pos, produced: to.pos)
  }
}
