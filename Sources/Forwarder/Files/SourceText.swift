// The text of a source as bytes at offsets: of a file that grows, of a compressed one, of what a socket brought.

import Bytes
import CPlatform
import LogFiles

#if canImport(Glibc)
  import Glibc
#endif

/// Text that can be asked for again from any offset that was not let go of.
protocol SourceText: AnyObject {
  /// Bytes that are there now; nil where only reading tells.
  var end: UInt64? { get }
  /// Whether another program can change what was read already: it can truncate the file and write it again.
  var canBeReplaced: Bool { get }
  /// Appends up to `count` bytes from `offset` on; 0 where there are none now.
  func read(at offset: UInt64, upTo count: Int, into buffer: inout ByteBuffer) throws(LogFileError) -> Int
}

/// A file of plain text, open. It stays the same file whatever becomes of its name. A byte order mark at its head is no
/// part of the text, and where that says UTF-16 the text is the UTF-8 of it: all offsets are of the text.
final class PlainText: SourceText {
  let path: String
  private let descriptor: Int32
  let device: UInt64
  let inode: UInt64
  /// Bytes of the mark; nil where there are too few to see whether it is one.
  private let mark: Int?
  private var wide: WideText?
  /// Length of the file, and of its text, when that was asked last.
  private var known: (size: UInt64, end: UInt64)?

  init(path: String) throws(LogFileError) {
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard opened >= 0 else { throw LogFileError(.system("open", errno), path: path) }
    var status = stat()
    guard fstat(opened, &status) == 0, platform_is_regular(status.st_mode) != 0 else {
      close(opened)
      throw LogFileError(.directory, path: path)
    }
    (self.path, descriptor) = (path, opened)
    (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    var head: (UInt8, UInt8, UInt8) = (0, 0, 0)
    let count = withUnsafeMutableBytes(of: &head) { pread(opened, $0.baseAddress, 3, 0) }
    switch (head.0, head.1, head.2) {
    case (0xef, 0xbb, 0xbf): mark = 3
    case (0xff, 0xfe, _) where count > 1: (mark, wide) = (2, WideText(bigEndian: false))
    case (0xfe, 0xff, _) where count > 1: (mark, wide) = (2, WideText(bigEndian: true))
    case (0xef, 0xbb, _) where count == 2: mark = nil
    case (0xef, _, _) where count == 1, (0xff, _, _) where count == 1, (0xfe, _, _) where count == 1: mark = nil
    default: mark = 0
    }
  }

  deinit { close(descriptor) }

  /// Bytes of the file.
  private var size: UInt64 {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? UInt64(max(0, status.st_size)) : 0
  }

  var end: UInt64? {
    let size = size
    guard let mark, size > UInt64(mark) else { return 0 }
    guard wide != nil else { return size - UInt64(mark) }
    if let known, known.size == size { return known.end }
    guard let end = try? wide?.end({ raw, buffer throws(LogFileError) in try read(raw: raw, into: buffer) }) else {
      return nil
    }
    known = (size, end)
    return end
  }

  /// Whether no name leads to it any more.
  var isDeleted: Bool {
    var status = stat()
    return fstat(descriptor, &status) != 0 || status.st_nlink == 0
  }

  var canBeReplaced: Bool { true }

  func read(at offset: UInt64, upTo count: Int, into buffer: inout ByteBuffer) throws(LogFileError) -> Int {
    guard let mark else { return 0 }
    if wide != nil {
      return try wide?.read(at: offset, upTo: count, into: &buffer) { raw, buffer throws(LogFileError) in
        try read(raw: raw, into: buffer)
      } ?? 0
    }
    var fault: LogFileError?
    let n = buffer.append(upTo: count) { output in
      do throws(LogFileError) { return try read(raw: offset &+ UInt64(mark), into: output) } catch {
        fault = error
        return 0
      }
    }
    if let fault { throw fault }
    return n
  }

  private func read(raw offset: UInt64, into output: UnsafeMutableRawBufferPointer) throws(LogFileError) -> Int {
    while true {
      let n = pread(descriptor, output.baseAddress, output.count, off_t(clamping: offset))
      if n >= 0 { return n }
      if errno != EINTR { throw LogFileError(.system("read", errno), path: path) }
    }
  }
}

/// A compressed file: its text, decompressed. Going back means decompressing from the start again.
final class CompressedText: SourceText {
  let path: String
  /// Kept open: its name may lead elsewhere by the time it is read again.
  private let descriptor: Int32
  private var reader: LogReader
  private var position: UInt64 = 0
  private var ended = false

  init(path: String) throws(LogFileError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw LogFileError(.system("open", errno), path: path) }
    do throws(LogFileError) {
      reader = try LogReader(descriptor: descriptor, path: path, closes: false)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  var compression: Compression { reader.compression }
  var end: UInt64? { ended ? position : nil }
  var canBeReplaced: Bool { false }

  func read(at offset: UInt64, upTo count: Int, into buffer: inout ByteBuffer) throws(LogFileError) -> Int {
    if offset < position {
      lseek(descriptor, 0, SEEK_SET)
      reader = try LogReader(descriptor: descriptor, path: path, closes: false)
      position = 0
      ended = false
    }
    if offset > position {
      var skipped = ByteBuffer(capacity: 64 << 10)
      while position < offset {
        skipped.removeAll()
        let n = try take(Int(min(offset - position, 64 << 10)), &skipped)
        if n == 0 { return 0 }
      }
    }
    var total = 0
    while total < count {
      let n = try take(count - total, &buffer)
      if n == 0 { break }
      total += n
    }
    return total
  }

  private func take(_ count: Int, _ buffer: inout ByteBuffer) throws(LogFileError) -> Int {
    var fault: LogFileError?
    let n = buffer.append(upTo: count) { output in
      do throws(LogFileError) { return try reader.read(into: output) } catch {
        fault = error
        return 0
      }
    }
    if let fault { throw fault }
    position += UInt64(n)
    if n == 0 { ended = true }
    return n
  }
}

/// What a pipe or a socket brought and no transaction has taken yet: a window on a text without an end.
final class QueuedText: SourceText {
  /// Offset of the first byte that is kept.
  private(set) var start: UInt64
  private var bytes = ByteBuffer(capacity: 4096)
  /// Bytes at the front that were let go of already.
  private var dropped = 0
  /// Nothing will follow.
  var isClosed = false

  init(at offset: UInt64) { start = offset }

  var end: UInt64? { start + UInt64(count) }
  var canBeReplaced: Bool { false }
  /// Bytes that wait or are in an open transaction.
  var count: Int { bytes.count - dropped }

  func append(_ text: RawSpan) { bytes.append(text) }

  /// Lets go of everything before `offset`: it has been committed.
  func letGo(before offset: UInt64) {
    guard offset > start else { return }
    let count = Int(min(offset - start, UInt64(self.count)))
    dropped += count
    start += UInt64(count)
    // Moved only when at least half is gone: amortised O(1) a byte.
    if dropped * 2 >= bytes.count {
      let rest = bytes.bytes.extracting(dropped..<bytes.count).copied()
      bytes.removeAll()
      bytes.append(rest)
      dropped = 0
    }
  }

  func read(at offset: UInt64, upTo count: Int, into buffer: inout ByteBuffer) throws(LogFileError) -> Int {
    guard offset >= start, offset - start < UInt64(self.count) else { return 0 }
    let from = dropped + Int(offset - start)
    let n = min(count, bytes.count - from)
    Self.copy(bytes, from..<from + n, into: &buffer)
    return n
  }

  private static func copy(_ bytes: borrowing ByteBuffer, _ range: Range<Int>, into buffer: inout ByteBuffer) {
    buffer.append(bytes.bytes.extracting(range))
  }
}
