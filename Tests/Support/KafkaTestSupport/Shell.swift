// Programs that tests start. Not by Foundation's Process, whose waiting hangs now and then where tests run side by side.

import Foundation

enum Shell {
  struct Failed: Error, CustomStringConvertible {
    var words: [String]
    var status: Int32
    var output: String
    var description: String { "\(words.joined(separator: " ")) ended with \(status): \(output)" }
  }

  /// Runs a program to its end and returns what it wrote; throws where its status is not 0.
  static func run(_ words: [String]) throws -> String {
    let file = NSTemporaryDirectory() + "/millrace-shell-\(getpid())-\(UInt64.random(in: 0...(.max)))"
    defer { unlink(file) }
    let child = try spawn(["/bin/sh", "-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", file] + words)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let output = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    guard status == 0 else { throw Failed(words: words, status: status, output: output) }
    return output
  }

  /// Runs `command` when this process has ended, however it ends.
  static func watch(_ command: String) {
    let script = "while kill -0 \(getpid()); do sleep 1; done; \(command)"
    _ = try? spawn(["/bin/sh", "-c", "setsid sh -c \"$0\" >/dev/null 2>&1 </dev/null &", script])
  }

  /// Starts a program and does not wait.
  static func spawn(_ words: [String]) throws -> pid_t {
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    var child: pid_t = 0
    let code = posix_spawn(&child, words[0], nil, nil, pointers, environ)
    guard code == 0 else { throw Failed(words: words, status: code, output: String(cString: strerror(code))) }
    return child
  }
}
