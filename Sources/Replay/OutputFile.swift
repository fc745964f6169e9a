// Where reports and lists go: a buffered descriptor that says exactly what failed.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

/// A failed write.
struct OutputError: Error, Equatable, CustomStringConvertible {
  var path: String
  var call: String
  var code: Int32
  /// The reader of our output went away: no error for `millrace-replay | head`.
  var isClosedPipe: Bool { code == EPIPE }
  var description: String {
    let hint = code == ENOSPC ? "; free some space or write elsewhere" : ""
    return "\(printable(path)): \(call): \(String(cString: strerror(code)))\(hint)"
  }
}

/// Buffered output to a file or to standard output. Errors show in `close` at the latest.
final class OutputFile {
  let path: String
  private let descriptor: Int32
  private let closes: Bool
  private var buffer = ByteBuffer(capacity: 64 << 10)
  private(set) var failure: OutputError?

  /// Creates or replaces `path`; `-` is standard output.
  init(path: String) throws(OutputError) {
    if path == "-" {
      self.path = "standard output"
      descriptor = 1
      closes = false
      return
    }
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    closes = true
    if descriptor < 0 { throw OutputError(path: path, call: "open", code: errno) }
  }

  deinit { if closes, descriptor >= 0, !closed { Glibc.close(descriptor) } }
  private var closed = false

  func write(_ bytes: RawSpan) {
    buffer.append(bytes)
    if buffer.count >= 60 << 10 { flush() }
  }

  func write(_ text: String) {
    buffer.append(text)
    if buffer.count >= 60 << 10 { flush() }
  }

  func write(_ bytes: [UInt8]) { write(bytes.span.bytes) }

  /// Hands what is buffered to the system. After a failure, output is dropped.
  func flush() {
    guard failure == nil else {
      buffer.removeAll()
      return
    }
    let all = buffer
      .count
    var written = 0
    while written < all {
      let n = buffer.withBytes { Glibc.write(descriptor, $0.baseAddress! + written, all - written) }
      if n < 0 {
        if errno == EINTR { continue }
        failure = OutputError(path: path, call: "write", code: errno)
        break
      }
      written += n
    }
    buffer.removeAll()
  }

  /// Flushes and closes; some file systems only then say that the disk is full.
  func close() throws(OutputError) {
    flush()
    if closes, !closed {
      closed = true
      if Glibc.close(descriptor) != 0, failure == nil {
        failure = OutputError(path: path, call: "close", code: errno)
      }
    }
    if let failure { throw failure }
  }
}

extension ByteBuffer {
  fileprivate func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { bytes.withUnsafeBytes(body) }
}
