// inotify on the directories of the files that are followed.

import CPlatform

#if canImport(Glibc)
  import Glibc
#endif

/// Says which files were written to and in which directories names changed. Where the kernel cannot say, or has
/// forgotten, it says that everything must be looked at.
final class DirectoryWatch {
  /// What happened since the last call.
  struct Changes {
    /// Paths that were written to.
    var written: [String] = []
    /// Names came, went or changed.
    var names = false
    /// The queue overflowed: anything may have happened.
    var everything = false
  }

  /// Readable when something happened; -1 where there is no inotify.
  let descriptor: Int32
  private var directories: [Int32: String] = [:]
  private var watched: Set<String> = []
  /// Directories that cannot be watched: the limit was reached, or they are not there.
  private(set) var unwatched: Set<String> = []
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init() { descriptor = inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK)) }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Watches exactly these directories from now on. Each is written as its files' names begin: with a slash at its end,
  /// or empty for where the program runs.
  func watch(_ wanted: Set<String>) {
    guard descriptor >= 0 else { return }
    for (watch, path) in directories where !wanted.contains(path) {
      inotify_rm_watch(descriptor, watch)
      directories[watch] = nil
      watched.remove(path)
    }
    unwatched.removeAll()
    for path in wanted where !watched.contains(path) {
      let mask =
        UInt32(IN_MODIFY) | UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_DELETE)
        | UInt32(IN_CLOSE_WRITE) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF)
      let watch = inotify_add_watch(descriptor, path.isEmpty ? "." : path, mask)
      if watch >= 0 {
        directories[watch] = path
        watched.insert(path)
      } else {
        unwatched.insert(path)
      }
    }
  }

  /// Takes what happened. Never blocks.
  func take() -> Changes {
    var changes = Changes()
    guard descriptor >= 0 else { return changes }
    var last = ""
    while true {
      let n = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      guard n > 0 else { break }
      var at = 0
      // struct inotify_event: watch, mask, cookie, length of the name, the name with zeros behind it.
      while at + 16 <= n {
        let (watch, mask, length) = buffer.withUnsafeBytes {
          (
            $0.loadUnaligned(fromByteOffset: at, as: Int32.self),
            $0.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self),
            Int($0.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self))
          )
        }
        let end = min(at + 16 + length, n)
        if mask & UInt32(IN_Q_OVERFLOW) != 0 { changes.everything = true }
        if mask & UInt32(IN_MODIFY) != 0 {
          if let directory = directories[watch] {
            let name = String(decoding: buffer[at + 16..<end].prefix { $0 != 0 }, as: UTF8.self)
            let path = directory + name
            if path != last { changes.written.append(path) }
            last = path
          }
        } else {
          changes.names = true
          if mask & (UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF) | UInt32(IN_IGNORED)) != 0 {
            if let path = directories.removeValue(forKey: watch) { watched.remove(path) }
          }
        }
        at = at + 16 + length
      }
    }
    return changes
  }
}
