// bzip2, streams one after another, as pbzip2 makes them.

import CBzip2

final class Bzip2Decoder: StreamDecoder {
  private let stream: UnsafeMutablePointer<bz_stream>
  private var between = true
  private var trailing = false

  override init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: bz_stream())
    _ = BZ2_bzDecompressInit(stream, 0, 0)
  }

  deinit {
    BZ2_bzDecompressEnd(stream)
    stream.deallocate()
  }

  override var isComplete: Bool { between }

  override func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, atEnd: Bool
  ) throws(Fault) -> Step {
    if trailing { return Step(consumed: input.count, produced: 0) }
    if between {
      guard let first = input.first else { return Step(consumed: 0, produced: 0) }
      guard first == 0x42 else {
        trailing = true
        return Step(consumed: input.count, produced: 0)
      }
      between = false
    }
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
    stream.pointee.avail_in = UInt32(input.count)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
    stream.pointee.avail_out = UInt32(output.count)
    let result = BZ2_bzDecompress(stream)
    let step = Step(
      consumed: input.count - Int(stream.pointee.avail_in), produced: output.count - Int(stream.pointee.avail_out))
    switch result {
    case BZ_OK: break
    case BZ_STREAM_END:
      BZ2_bzDecompressEnd(stream)
      stream.pointee = bz_stream()
      _ = BZ2_bzDecompressInit(stream, 0, 0)
      between = true
    case BZ_DATA_ERROR_MAGIC: throw Fault(reason: "not bzip2")
    default: throw Fault(reason: result == BZ_DATA_ERROR ? "checksum or data differs" : "error \(result)")
    }
    return step
  }
}
