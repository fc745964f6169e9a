// Standard output, buffered; a reader that went away is told apart from what is wrong.

import Bytes
import Stations

#if canImport(Glibc)
  import Glibc
#endif

/// The reader of our output has seen enough: no error.
struct ClosedPipe: Error {}

struct OutputFailed: Error, CustomStringConvertible {
  var code: Int32
  var description: String { "standard output: \(String(cString: strerror(code)))" }
}

struct StandardOutput: ~Copyable {
  var buffer = ByteBuffer(capacity: 1 << 14)

  mutating func write(_ text: String) { buffer.append(text) }

  /// Hands what is buffered to the system.
  mutating func flush() throws {
    guard buffer.count > 0 else { return }
    let bytes = buffer.bytes.withUnsafeBytes { Array($0) }
    buffer.removeAll()
    guard writeAll(bytes, to: 1) else { throw errno == EPIPE ? ClosedPipe() as any Error : OutputFailed(code: errno) }
  }

  /// Throws `ClosedPipe` where nobody reads any more, without a write: for streams that say little.
  static func checkReader() throws {
    var descriptor = pollfd(fd: 1, events: 0, revents: 0)
    if poll(&descriptor, 1, 0) > 0, descriptor.revents & Int16(POLLERR) != 0 { throw ClosedPipe() }
  }
}
