// Frames out of a stream, and packing.

import CapnProto
import CapnProtoReference
import Testing

/// SplitMix64: the same numbers for the same seed, everywhere.
struct Random: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

@Suite struct StreamTests {
  @Test(arguments: [1, 3, 8, 17, 4096, 100_000]) func framesAreFoundWhateverThePieces(piece: Int) throws {
    var stream: [UInt8] = []
    var frames: [[UInt8]] = []
    for i in 0..<200 {
      let message = frame(i % 3 == 0 ? [[0], Array(repeating: UInt64(i), count: i % 50)] : [[UInt64(i) << 2]])
      frames.append(message)
      stream += message
    }
    var reader = FrameReader()
    var found: [[UInt8]] = []
    for start in stride(from: 0, to: stream.count, by: piece) {
      reader.append(stream.span.bytes.extracting(start..<min(start + piece, stream.count)))
      while try reader.next() { found.append(bytes(reader.frame)) }
    }
    #expect(found == frames)
    #expect(reader.pendingBytes == 0)
  }

  @Test func aStreamCutShortLeavesBytesPending() throws {
    let message = frame([[0, 1, 2]])
    var reader = FrameReader()
    reader.append(message.span.bytes.extracting(first: message.count - 1))
    #expect(try reader.next() == false)
    #expect(reader.pendingBytes == message.count - 1)
  }

  @Test func aFrameLargerThanTheLimitIsRefusedBeforeItArrives() {
    var reader = FrameReader(largestFrame: 1024)
    let start: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 0]
    reader.append(start.span.bytes)
    #expect(throws: WireError.messageSize) { _ = try reader.next() }
  }

  @Test func everyFrameCutShortIsRefused() {
    let message = frame([[1, 2], [3], [4, 5, 6]])
    for count in 0..<message.count {
      let limiter = ReadLimiter()
      #expect(throws: WireError.truncatedFrame) {
        _ = try Message(framed: message.span.bytes.extracting(first: count), limiter: limiter).byteCount
      }
    }
  }

  @Test func bytesAfterAFrameAreLeftAlone() throws {
    let message = frame([[structPointer(offset: 0, data: 0, pointers: 0)]])
    let limiter = ReadLimiter()
    let longer = message + [1, 2, 3]
    #expect(try Message(framed: longer.span.bytes, limiter: limiter).byteCount == message.count)
  }

  @Test func packingIsUndoneByLibcapnpAndTheOtherWayRound() throws {
    for seed: UInt64 in 1...300 {
      var random = Random(seed: seed)
      let words = Int.random(in: 0..<600, using: &random)
      let zeros = Int.random(in: 0..<100, using: &random)
      var plain: [UInt8] = []
      for _ in 0..<words {
        let kind = Int.random(in: 0..<3, using: &random)
        for _ in 0..<8 {
          let isZero = kind == 0 || kind == 1 && Int.random(in: 0..<100, using: &random) < zeros
          plain.append(isZero ? 0 : UInt8.random(in: 1...255, using: &random))
        }
      }
      var packed = PackedBuffer(capacity: 64)
      packed.pack(plain.span.bytes)
      let ours = bytes(packed.bytes)
      #expect(try taken(reference_unpack(ours, ours.count)) == plain, "seed \(seed)")
      let theirs = try taken(reference_pack(plain, plain.count))
      try packed.unpack(theirs.span.bytes, limit: plain.count)
      #expect(bytes(packed.bytes) == plain, "seed \(seed)")
    }
  }

  @Test func packedBytesCutShortOrTooLargeAreRefused() throws {
    var packed = PackedBuffer()
    for bad: [UInt8] in [[0], [0xff, 1, 2, 3, 4, 5, 6, 7, 8], [3, 1], [0xff, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0]] {
      #expect(throws: WireError.packing) { try packed.unpack(bad.span.bytes, limit: 1 << 20) }
    }
    // Two bytes make two kilobytes: no more than the limit.
    let bomb: [UInt8] = [0, 255]
    #expect(throws: WireError.packing) { try packed.unpack(bomb.span.bytes, limit: 1024) }
    try packed.unpack(bomb.span.bytes, limit: 2048)
    #expect(packed.bytes.byteCount == 2048)
  }
}

/// What libcapnp refused, in its words.
struct ReferenceError: Error, CustomStringConvertible { var description: String }

/// The bytes of a result, which is freed.
func taken(_ result: reference_result) throws -> [UInt8] {
  defer { reference_free(result) }
  let bytes = Array(UnsafeBufferPointer(start: result.bytes, count: result.count))
  if result.ok == 0 { throw ReferenceError(description: String(decoding: bytes, as: UTF8.self)) }
  return bytes
}
