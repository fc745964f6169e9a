// Cuts a source's text into chunks of whole lines. The cuts depend on the text alone: a line belongs to
// chunk `start of the line in the source / chunk size`. So neither the size of reads nor the number of
// threads moves a cut, and a log that rotation split over several files gets the same chunk numbers as
// when it was whole.

import Bytes
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A line too long to be kept: its place, length, hash and head are.
public struct OverlongLine: Sendable, Equatable {
  /// Bytes without the line's end.
  public var length: UInt64
  /// As `OverlongLine.hash` gives it.
  public var hash: UInt64
  /// Its first bytes, at most `headLength`.
  public var head: [UInt8]

  public static let headLength = 1024
  private static let key = KeyedHash(key: 0x6d69_6c6c_7261_6365)
  public static let block = 64 << 10

  public init(length: UInt64, hash: UInt64, head: [UInt8]) {
    (self.length, self.hash, self.head) = (length, hash, head)
  }

  /// Takes in the next `block` bytes of the line, or its last ones.
  public mutating func append(block: RawSpan) {
    hash = Self.fold(hash, block)
    length += UInt64(block.byteCount)
  }

  static func fold(_ hash: UInt64, _ block: RawSpan) -> UInt64 { key.hash(hash, key.hash(block)) }

  /// Hash of a line of any length, a block of 64 KiB at a time so that long ones need not be in memory.
  public static func hash(_ line: RawSpan) -> UInt64 {
    var hash: UInt64 = 0
    var position = 0
    repeat {
      let end = min(position + block, line.byteCount)
      hash = fold(hash, line.extracting(position..<end))
      position = end
    } while position < line.byteCount
    return hash
  }
}

/// Whole lines of one file, a piece of a source. Reused: the text keeps its memory.
public final class TextChunk: @unchecked Sendable {
  var text: ByteBuffer
  /// Start of the text in its file, decompressed bytes.
  public internal(set) var fileOffset: UInt64 = 0
  /// Number of the chunk in its source: `stream offset / chunk size`. Several pieces may share one, where a
  /// file ended or an over-long line was cut out; a number may be skipped by such a line.
  public internal(set) var number: UInt64 = 0
  /// An over-long line that stands right after the text.
  public internal(set) var overlong: OverlongLine?
  /// Whether this is the last piece of its file.
  public internal(set) var endsFile = false

  public init(capacity: Int = 256 << 10) { text = ByteBuffer(capacity: capacity) }

  /// The lines, each with its end but for the last of a file that lacks it. Valid until the chunk is filled again.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      // The buffer's memory belongs to this object, which the span keeps borrowed.
      let bytes = text.bytes.withUnsafeBytes { $0 }
      return _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }
  }

  /// Bytes of the file that this piece stands for, with line ends.
  public internal(set) var byteCount: UInt64 = 0
}

/// Reads chunks from a file, and from the files that continue it.
public struct LineChunker: ~Copyable {
  /// Bytes of the source's text in a chunk.
  public let chunkSize: Int
  /// A line longer than this is not kept.
  public let maxLine: Int
  /// Most bytes asked of a read at once; results do not depend on it.
  private let readSize: Int
  private var streamOffset: UInt64 = 0
  private var fileOffset: UInt64 = 0
  private var carry = ByteBuffer(capacity: 256)
  private var atEnd = false

  public static let defaultChunkSize = 160 << 10

  public init(chunkSize: Int = defaultChunkSize, maxLine: Int = 64 << 10, readSize: Int = .max) {
    self.chunkSize = max(chunkSize, 1)
    self.maxLine = max(maxLine, 16)
    self.readSize = max(readSize, 1)
  }

  /// Makes the next file go on where the last one ended. Line and byte numbers of the file start anew.
  public mutating func startFile() {
    fileOffset = 0
    atEnd = false
    carry.removeAll()
  }

  /// Fills `chunk` with the next piece of the file. False where nothing is left; the last piece says `endsFile`.
  ///
  /// A fault in the file's data is thrown once, after the piece that holds what came before it.
  public mutating func next(from reader: LogReader, into chunk: TextChunk) throws(LogFileError) -> Bool {
    chunk.text.removeAll()
    chunk.overlong = nil
    chunk.endsFile = false
    chunk.byteCount = 0
    chunk.fileOffset = fileOffset
    chunk.number = streamOffset / UInt64(chunkSize)
    if let fault = deferred {
      deferred = nil
      throw fault
    }
    chunk.text.append(carry.bytes)
    carry.removeAll()
    // Lines that start before `target` belong here, so the cut is after the first line end at or after target - 1.
    let target = Int((chunk.number + 1) * UInt64(chunkSize) - streamOffset)
    var searched = target - 1
    while true {
      let count = chunk.text.count
      if count > searched {
        if let lineEnd = chunk.text.bytes.firstIndex(of: 0x0a, from: searched) {
          carry.append(chunk.text.bytes.extracting(lineEnd + 1..<count))
          chunk.text.truncate(to: lineEnd + 1)
          break
        }
        searched = count
        let lastLine = lastLineStart(chunk.text.bytes, before: target)
        if count - lastLine > maxLine {
          try skipOverlong(from: reader, chunk, start: lastLine)
          break
        }
      }
      if atEnd {
        chunk.endsFile = true
        break
      }
      // Past the target only the end of one line is wanted: read little there, since the rest is copied.
      let wanted = count < target ? target - count + 4096 : 4096
      if try read(from: reader, into: &chunk.text, upTo: min(wanted, readSize)) == 0 { atEnd = true }
    }
    if chunk.byteCount == 0 { chunk.byteCount = UInt64(chunk.text.count) }
    fileOffset += chunk.byteCount
    streamOffset += chunk.byteCount
    if atEnd, carry.count == 0 { chunk.endsFile = true }
    if chunk.byteCount == 0, let fault = deferred {
      deferred = nil
      throw fault
    }
    return chunk.byteCount > 0
  }

  private var deferred: LogFileError?

  /// Makes `chunk` an empty piece at the end of what was read: a place for what ends with its source.
  public func end(_ chunk: TextChunk) {
    chunk.text.removeAll()
    chunk.overlong = nil
    chunk.endsFile = true
    chunk.byteCount = 0
    chunk.fileOffset = fileOffset
    chunk.number = streamOffset / UInt64(chunkSize)
  }

  private mutating func read(
    from reader: LogReader, into buffer: inout ByteBuffer, upTo count: Int
  ) throws(LogFileError) -> Int {
    var fault: LogFileError?
    let n = buffer.append(upTo: count) { output in
      do throws(LogFileError) { return try reader.read(into: output) } catch {
        fault = error
        return 0
      }
    }
    // The fault waits until the text before it is handed out.
    if let fault { deferred = fault }
    return n
  }

  private func lastLineStart(_ text: RawSpan, before target: Int) -> Int {
    let head = text.extracting(0..<min(target, text.byteCount))
    return head.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
  }

  /// Cuts the text at `start`, where an over-long line begins, and reads on to that line's end.
  private mutating func skipOverlong(
    from reader: LogReader, _ chunk: TextChunk, start: Int
  ) throws(LogFileError) {
    var block = ByteBuffer(capacity: OverlongLine.block + 8192)
    block.append(chunk.text.bytes.extracting(start..<chunk.text.count))
    chunk.text.truncate(to: start)
    let head = block.bytes.extracting(0..<min(OverlongLine.headLength, block.count)).copied()
    var line = OverlongLine(length: 0, hash: 0, head: head)
    var lineEnd: Int?
    var searched = 0
    while true {
      lineEnd = block.bytes.firstIndex(of: 0x0a, from: searched)
      searched = block.count
      // Whole blocks are folded as soon as they are known to belong to the line.
      let known = lineEnd ?? block.count
      var folded = 0
      while known - folded >= OverlongLine.block {
        let end = folded + OverlongLine.block
        // The last block of a line is folded below, even where it is full.
        if lineEnd == nil || end < known {
          line.hash = OverlongLine.fold(line.hash, block.bytes.extracting(folded..<end))
          line.length += UInt64(OverlongLine.block)
          folded = end
        } else {
          break
        }
      }
      if folded > 0 {
        let rest = block.bytes.extracting(folded..<block.count).copied()
        block.removeAll()
        block.append(rest)
        searched -= folded
        lineEnd = lineEnd.map { $0 - folded }
      }
      if lineEnd != nil || atEnd { break }
      // A line need not have an end (/dev/zero, a bomb): Ctrl-C must reach in here.
      if LogReader.pipesMayEnd.load(ordering: .relaxed) {
        atEnd = true
        break
      }
      if try read(from: reader, into: &block, upTo: min(OverlongLine.block, readSize)) == 0 { atEnd = true }
    }
    let rest = lineEnd ?? block.count
    if rest > 0 { line.hash = OverlongLine.fold(line.hash, block.bytes.extracting(0..<rest)) }
    line.length += UInt64(rest)
    chunk.overlong = line
    chunk.byteCount = UInt64(start) + line.length + (lineEnd == nil ? 0 : 1)
    if let lineEnd { carry.append(block.bytes.extracting(lineEnd + 1..<block.count)) }
  }
}
