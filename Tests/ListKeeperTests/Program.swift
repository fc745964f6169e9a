// The program, started by tests and watched.

import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The directory with the programs: beside the tests.
private let products: String = {
  for argument in CommandLine.arguments {
    guard let end = argument.firstRange(of: ".xctest") else { continue }
    let path = argument[..<end.lowerBound]
    if let slash = path.lastIndex(of: "/") { return String(path[..<slash]) }
  }
  return ".build/release"
}()

/// A running program. It is killed when nobody holds it any more.
final class Program {
  private let process: pid_t
  private let log: String
  private var status: Int32?

  /// - Parameters:
  ///   - folder: Where it runs, and writes what it says.
  ///   - environment: Beside this process's own.
  init(_ name: String, _ arguments: [String], in folder: String, environment: [String: String]) throws {
    log = "\(folder)/\(name)-\(UInt64.random(in: 0...(.max))).log"
    var words = ["/usr/bin/env", "-C", folder] + environment.map { "\($0)=\($1)" }
    words += ["\(products)/\(name)"] + arguments
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var pointers = words.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    var process = pid_t()
    let code = posix_spawn(&process, words[0], &actions, nil, pointers, environ)
    self.process = process
    try #require(code == 0)
  }

  deinit { kill() }

  func kill() {
    guard status == nil else { return }
    send(SIGKILL)
    waitpid(process, nil, 0)
    status = -SIGKILL
  }

  func send(_ signal: Int32) { _ = Glibc.kill(process, signal) }

  /// The exit status; negative for a signal.
  func wait(seconds: Int = 300) throws -> Int32 {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while status == nil {
      var ended: Int32 = 0
      if waitpid(process, &ended, WNOHANG) == process {
        status = ended & 0x7f == 0 ? (ended >> 8) & 0xff : -(ended & 0x7f)
      } else {
        try #require(ContinuousClock.now < deadline, "it goes on: \(said)")
        usleep(10_000)
      }
    }
    return status ?? 0
  }

  /// What it has written so far.
  var said: String {
    guard let file = fopen(log, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let n = fread(&buffer, 1, buffer.count, file)
      if n == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<n]
    }
  }
}
