// A file that is being written to: its lines as they come, through rotation by rename and by truncation.

import Bytes
import CPlatform

#if canImport(Glibc)
  import Glibc
#endif

/// Follows one path. Asked again and again; never blocks.
///
/// A file that is truncated and, before this is asked again, written to past the place it was read to looks as if it had
/// grown: its first bytes tell, which an append never changes.
public final class TailReader {
  public enum Step: Equatable, Sendable {
    /// The chunk holds lines.
    case piece
    /// Nothing new.
    case idle
    /// The file was read to its end and another one stands in its place, or it was truncated: lines count from 1.
    case rotated
  }

  public let path: String
  private var descriptor: Int32 = -1
  private var identity = FileIdentity(device: 0, inode: 0)
  private var offset: UInt64 = 0
  /// The first bytes of what was read, at most `headLength`.
  private var head: [UInt8] = []
  private static let headLength = 1024
  private var carry: [UInt8] = []
  private var carryOffset: UInt64 = 0
  private var number: UInt64 = 0
  private var skipsLine = false
  private var overlong = OverlongLine(length: 0, hash: 0, head: [])
  private let maxLine: Int
  private var buffer = [UInt8](repeating: 0, count: 160 << 10)

  /// The file need not be there yet.
  public init(path: String, maxLine: Int = 1 << 20) {
    self.path = path
    self.maxLine = maxLine
    _ = openFile()
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private func openFile() -> Bool {
    let opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { return false }
    var status = stat()
    guard fstat(opened, &status) == 0, platform_is_regular(status.st_mode) != 0 else {
      close(opened)
      return false
    }
    if descriptor >= 0 { close(descriptor) }
    descriptor = opened
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    restart()
    return true
  }

  private func restart() {
    offset = 0
    head.removeAll()
    carryOffset = 0
    carry.removeAll()
    skipsLine = false
  }

  /// Whether the file still has the first bytes that were read of it.
  private func beginsAsBefore() -> Bool {
    if head.isEmpty { return true }
    var now = [UInt8](repeating: 0, count: head.count)
    let n = now.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return n < 0 || now[..<n].elementsEqual(head)
  }

  /// What there is to read next.
  public func next(into chunk: TextChunk) -> Step {
    if descriptor < 0 { return openFile() ? .rotated : .idle }
    // Not `pread`: the descriptor's own position tells whoever asks the system how far a follower is.
    let n = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if n > 0 {
      if !beginsAsBefore() {
        lseek(descriptor, 0, SEEK_SET)
        restart()
        return .rotated
      }
      if head.count < Self.headLength { head += buffer[..<min(n, Self.headLength - head.count)] }
      offset += UInt64(n)
      carry += buffer[..<n]
      return take(upTo: carry.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0, into: chunk)
    }
    var now = stat()
    if fstat(descriptor, &now) == 0, UInt64(max(0, now.st_size)) < offset {
      // Truncated in place: what was not yet a whole line is gone with the rest.
      lseek(descriptor, 0, SEEK_SET)
      restart()
      return .rotated
    }
    var named = stat()
    guard stat(path, &named) == 0 else { return .idle }
    let current = FileIdentity(device: UInt64(named.st_dev), inode: UInt64(named.st_ino))
    if current == identity { return .idle }
    if !carry.isEmpty { return take(upTo: carry.count, into: chunk) }
    return openFile() ? .rotated : .idle
  }

  /// Hands out the first `end` bytes of what was read: whole lines.
  private func take(upTo end: Int, into chunk: TextChunk) -> Step {
    if end == 0 {
      guard carry.count > maxLine else { return .idle }
      // Its end is not in sight: the rest of the line is let go of as it comes.
      if !skipsLine {
        overlong = OverlongLine(length: 0, hash: 0, head: Array(carry.prefix(OverlongLine.headLength)))
        skipsLine = true
      }
      overlong.length += UInt64(carry.count)
      overlong.hash = OverlongLine.fold(overlong.hash, carry.span.bytes)
      carryOffset += UInt64(carry.count)
      carry.removeAll(keepingCapacity: true)
      return .idle
    }
    chunk.text.removeAll()
    chunk.overlong = nil
    chunk.endsFile = false
    chunk.number = number
    number += 1
    var from = 0
    chunk.fileOffset = carryOffset
    if skipsLine {
      // The end of the line that was let go of.
      from = (carry.firstIndex(of: 0x0a).map { $0 + 1 } ?? end)
      overlong.length += UInt64(max(0, from - 1))
      chunk.overlong = overlong
      skipsLine = false
      chunk.byteCount = UInt64(from)
      carry.removeFirst(from)
      carryOffset += UInt64(from)
      return .piece
    }
    chunk.text.append(Array(carry[..<end]).span.bytes)
    chunk.byteCount = UInt64(end)
    carry.removeFirst(end)
    carryOffset += UInt64(end)
    return .piece
  }

  /// Device and inode of the file that is read.
  public var currentFile: (device: UInt64, inode: UInt64) { (identity.device, identity.inode) }
}

struct FileIdentity: Hashable {
  var device: UInt64
  var inode: UInt64
}
