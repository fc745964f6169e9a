// Runs programs. Not by Foundation's Process, whose waiting hangs now and then where tests run side by side.

import Foundation

/// What a program said and how it ended.
struct Ended {
  var status: Int32
  var output: String
  var errors: String
}

/// A directory that goes when this does.
final class Scratch {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("millrace-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Starts a program, found along PATH, in `directory`, its three streams on files.
func start(_ program: String, _ arguments: [String], in directory: String, streams: [String]) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, streams[0], O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, streams[1], O_WRONLY | O_CREAT, 0o600)
  posix_spawn_file_actions_addopen(&actions, 2, streams[2], O_WRONLY | O_CREAT, 0o600)
  let words = ["sh", "-c", "cd \"$0\" && exec \"$@\"", directory, program] + arguments
  var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  pointers.append(nil)
  var child: pid_t = 0
  let code = posix_spawn(&child, "/bin/sh", &actions, nil, pointers, environ)
  guard code == 0 else { throw ReferenceError(description: "\(program): \(String(cString: strerror(code)))") }
  return child
}

/// Waits for a program's end and returns its exit status, or the signal that ended it with its sign changed.
func wait(for child: pid_t) -> Int32 {
  var status: Int32 = 0
  while waitpid(child, &status, 0) < 0, errno == EINTR {}
  return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
}

/// Runs a program to its end in the repository.
func run(
  _ program: String, _ arguments: [String], input: [UInt8] = [], in directory: String = repository
) throws -> Ended {
  let scratch = try Scratch()
  let names = ["in", "out", "err"].map { scratch.path + "/" + $0 }
  try Data(input).write(to: URL(fileURLWithPath: names[0]))
  let status = wait(for: try start(program, arguments, in: directory, streams: names))
  let text = { String(decoding: FileManager.default.contents(atPath: $0) ?? Data(), as: UTF8.self) }
  return Ended(status: status, output: text(names[1]), errors: text(names[2]))
}
