// UTF-16 of a file that grows, as UTF-8 at offsets.

import Bytes
import LogFiles

/// Knows where in the file the text of each block begins. Nothing else is kept: what stands there is read again, for
/// another program can change it.
struct WideText {
  typealias Read = (_ offset: UInt64, UnsafeMutableRawBufferPointer) throws(LogFileError) -> Int

  private let bigEndian: Bool
  private static let block = 64 << 10
  /// Where each block begins, in the file (after its mark) and in the text.
  private var starts: [(raw: UInt64, text: UInt64)] = [(2, 0)]
  private var raw = [UInt8](repeating: 0, count: WideText.block)
  private var text = [UInt8](repeating: 0, count: UTF16Transcoder.capacity(for: WideText.block))

  init(bigEndian: Bool) { self.bigEndian = bigEndian }

  /// Length of the text. O(what was not read yet).
  mutating func end(_ read: Read) throws(LogFileError) -> UInt64 {
    while true {
      let last = starts.count - 1
      let (count, isWhole) = try decode(last, read)
      if !isWhole { return starts[last].text + UInt64(count) }
    }
  }

  mutating func read(
    at offset: UInt64, upTo count: Int, into buffer: inout ByteBuffer, _ read: Read
  ) throws(LogFileError) -> Int {
    // The last block that begins at or before it, of those that are known.
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle].text <= offset { low = middle } else { high = middle }
    }
    var done = 0
    while done < count {
      let (length, isWhole) = try decode(low, read)
      let from = offset + UInt64(done) - starts[low].text
      if from < UInt64(length) {
        let n = min(length - Int(from), count - done)
        buffer.append(text.span.bytes.extracting(Int(from)..<Int(from) + n))
        done += n
      }
      if !isWhole { break }
      low += 1
    }
    return done
  }

  /// Puts a block's UTF-8 into `text`, and notes where the next one begins.
  private mutating func decode(_ number: Int, _ read: Read) throws(LogFileError) -> (count: Int, isWhole: Bool) {
    let start = starts[number]
    var n = 0
    while n < Self.block {
      var fault: LogFileError?
      let more = raw.withUnsafeMutableBytes { bytes in
        do throws(LogFileError) {
          return try read(start.raw + UInt64(n), UnsafeMutableRawBufferPointer(rebasing: bytes[n...]))
        } catch {
          fault = error
          return 0
        }
      }
      if let fault { throw fault }
      if more == 0 { break }
      n += more
    }
    let isWhole = n == Self.block
    n &= ~1
    // The first half of a character waits for the other.
    if n >= 2, raw[bigEndian ? n - 2 : n - 1] & 0xfc == 0xd8 { n -= 2 }
    var transcoder = UTF16Transcoder(bigEndian: bigEndian)
    let count = raw.withUnsafeBytes { input in
      text.withUnsafeMutableBytes { transcoder.transcode(UnsafeRawBufferPointer(rebasing: input[..<n]), into: $0) }
    }
    if isWhole, number == starts.count - 1 { starts.append((start.raw + UInt64(n), start.text + UInt64(count))) }
    return (count, isWhole)
  }
}
