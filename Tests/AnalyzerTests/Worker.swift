// Programs of the line, started and killed by tests.

import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The directory with the programs: beside the tests.
let products: String = {
  for argument in CommandLine.arguments {
    if let end = argument.firstRange(of: ".xctest") {
      let path = argument[..<end.lowerBound]
      if let slash = path.lastIndex(of: "/") { return String(path[..<slash]) }
    }
  }
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return "/\(root)/.build/release"
}()

/// A running program. It is killed when nobody holds it any more.
final class Worker {
  private let process: pid_t
  private let log: String
  private var status: Int32?

  init(_ program: String, _ arguments: [String], environment: [String: String]) throws {
    log = "/tmp/millrace-worker-\(getpid())-\(UInt64.random(in: 0...(.max))).log"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let words = (["\(products)/\(program)"] + arguments).map { strdup($0) }
    var all: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { all[String(parts[0])] = String(parts[1]) }
      entry += 1
    }
    all.merge(environment) { $1 }
    let variables = all.map { strdup("\($0)=\($1)") }
    defer { for word in words + variables { free(word) } }
    var process = pid_t()
    let code = posix_spawn(&process, "\(products)/\(program)", &actions, nil, words + [nil], variables + [nil])
    self.process = process
    if code != 0 { throw NotStarted(program: program, code: code) }
  }

  struct NotStarted: Error {
    var program: String
    var code: Int32
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    unlink(log)
  }

  /// Without a chance to say goodbye.
  func killNow() {
    guard status == nil else { return }
    kill(process, SIGKILL)
    var ended: Int32 = 0
    waitpid(process, &ended, 0)
    status = -1
  }

  func terminate() { kill(process, SIGTERM) }
  func hangUp() { kill(process, SIGHUP) }
  func pause() { kill(process, SIGSTOP) }
  func goOn() { kill(process, SIGCONT) }

  /// The exit status once it has ended; nil after `seconds`.
  func wait(seconds: Int = 300) -> Int32? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while status == nil {
      var ended: Int32 = 0
      if waitpid(process, &ended, WNOHANG) == process {
        status = ended & 0x7f == 0 ? (ended >> 8) & 0xff : -(ended & 0x7f)
      } else if ContinuousClock.now > deadline {
        return nil
      } else {
        usleep(20_000)
      }
    }
    return status
  }

  /// What it has written to standard output and standard error.
  var text: String {
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
