// Files made for a test, in a directory of their own.

import Testing

@testable import LogFiles

#if canImport(Glibc)
  import Glibc
#endif

/// A directory that goes when the test ends.
final class Scratch {
  let path: String

  init() {
    var template = Array("/tmp/millrace-test-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!).map { String(cString: $0) } ?? "/tmp" }
  }

  deinit { _ = run("rm -rf '\(path)'") }

  func file(_ name: String, _ bytes: [UInt8]) -> String {
    let name = "\(path)/\(name)"
    let descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var written = 0
    while written < bytes.count {
      let n = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, bytes.count - written) }
      if n <= 0 { break }
      written += n
    }
    close(descriptor)
    return name
  }

  func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }
}

/// Runs a shell command; its exit status.
@discardableResult
func run(_ command: String) -> Int32 {
  let shell = ["/bin/sh", "-c", command]
  var arguments = shell.map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  var child: pid_t = 0
  guard posix_spawn(&child, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return -1 }
  var status: Int32 = 0
  waitpid(child, &status, 0)
  return status
}

/// Everything a reader gives, by reads of `readSize`, and the fault it ended with.
func readAll(_ reader: LogReader, readSize: Int = 10_000) -> (bytes: [UInt8], fault: LogFileError?) {
  var all: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: readSize)
  while true {
    var fault: LogFileError?
    let n = buffer.withUnsafeMutableBytes { buffer in
      do throws(LogFileError) { return try reader.read(into: buffer) } catch {
        fault = error
        return 0
      }
    }
    if let fault { return (all, fault) }
    if n == 0 { return (all, nil) }
    all += buffer[..<n]
  }
}

/// `count` lines of varying length.
func lines(_ count: Int) -> String {
  var text = ""
  for i in 0..<count {
    text += "192.0.2.\(i % 250) - - line \(i) \(String(repeating: "x", count: i * 7 % 90))\n"
  }
  return text
}
