// A file that was found and not yet recognised: what it is, and whether it is one that was read before.

import Bytes
import LogFiles

#if canImport(Glibc)
  import Glibc
#endif

/// A file in sight, by its status.
struct FoundFile: Equatable {
  struct Key: Hashable {
    var device: UInt64
    var inode: UInt64
  }
  var path: String
  var key: Key
  var size: UInt64
  /// Time of its last change, ns.
  var changed: Int64
  /// Which of the pipeline's sources names it.
  var origin: Int

  /// nil where there is no regular file.
  init?(path: String, origin: Int) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.path = path
    self.origin = origin
    key = Key(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    size = UInt64(max(0, status.st_size))
    changed = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }
}

/// An opened file and its first bytes.
struct FileProbe: ~Copyable {
  let file: FoundFile
  let text: any SourceText
  let isCompressed: Bool
  let head: ByteBuffer
  /// Reading it failed so far: an archive that is still being written.
  let fault: LogFileError?

  /// - Throws: where it cannot be opened, or is of a sort that is not read.
  init(_ file: FoundFile) throws(LogFileError) {
    let plain = try PlainText(path: file.path)
    var first = ByteBuffer(capacity: 64)
    _ = try plain.read(at: 0, upTo: 16, into: &first)
    let compression = first.bytes.withUnsafeBytes { Compression(magic: $0) }
    let text: any SourceText = compression == .none ? plain : try CompressedText(path: file.path)
    var head = ByteBuffer(capacity: FileIdentity.mostHead)
    var fault: LogFileError?
    do throws(LogFileError) {
      _ = try text.read(at: 0, upTo: FileIdentity.mostHead, into: &head)
    } catch {
      fault = error
    }
    if let fault, !fault.isPartial { throw fault }
    (self.file, self.text, self.fault) = (file, text, fault)
    isCompressed = compression != .none
    self.head = head
  }

  /// What it is known by from now on.
  var identity: FileIdentity {
    FileIdentity(
      headHash: FileIdentity.hash(head.bytes), headLength: head.count, device: file.key.device, inode: file.key.inode)
  }

  func matches(_ identity: FileIdentity) -> Bool { identity.matches(head: head.bytes) }

  /// Whether the bytes before the position of `lane` stand here too: then it was read up to there.
  func proves(_ lane: Lane) -> Bool {
    let position = lane.position
    let length = position.tail.isEmpty ? (lane.savedTail?.length ?? 0) : position.tail.count
    if length == 0 { return position.offset == 0 }
    guard UInt64(length) <= position.offset else { return false }
    var tail = ByteBuffer(capacity: length)
    guard let n = try? text.read(at: position.offset - UInt64(length), upTo: length, into: &tail), n == length
    else { return false }
    if position.tail.isEmpty { return FileIdentity.hash(tail.bytes) == lane.savedTail?.hash }
    return tail.bytes.isEqual(to: position.tail)
  }

  /// Whether all of it, as far as it goes, stands in the file of `lane` too. Looks at the last 4 KiB that both have.
  func isPart(of lane: Lane) -> Bool {
    guard let other = lane.text else { return true }
    let size = text.end ?? file.size
    let end = min(size, other.end ?? size)
    let start = end - min(end, 4096)
    var mine = ByteBuffer(capacity: 4096)
    var its = ByteBuffer(capacity: 4096)
    guard let n = try? text.read(at: start, upTo: Int(end - start), into: &mine),
      let m = try? other.read(at: start, upTo: Int(end - start), into: &its)
    else { return true }
    return n == m && mine.bytes.equals(its.bytes)
  }
}
