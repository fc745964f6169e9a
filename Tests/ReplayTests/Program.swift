// Runs the built program, and makes logs for it.

import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The directory with the programs: beside the tests.
let products: String = {
  for argument in CommandLine.arguments {
    guard let end = argument.range(of: ".xctest") else { continue }
    let path = argument[..<end]
    if let slash = path.lastIndex(of: "/") { return String(path[..<slash]) }
  }
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return "/\(root)/.build/release"
}()

extension String {
  /// Where `other` ends in this string's prefix: the index of its first occurrence.
  func range(of other: String) -> String.Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(other) { return index }
      index = self.index(after: index)
    }
    return nil
  }
}

struct Outcome {
  var status: Int32
  var output: String
  var errors: String
}

/// A directory that goes when the test ends.
final class Scratch: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/millrace-test-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!).map { String(cString: $0) } ?? "/tmp" }
  }

  deinit { _ = shell("rm -rf '\(path)'") }

  @discardableResult
  func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }

  @discardableResult
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

  func contents(_ name: String) -> String {
    let descriptor = open("\(path)/\(name)", O_RDONLY)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let n = read(descriptor, &buffer, buffer.count)
      if n <= 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<n]
    }
  }

  /// Runs millrace-replay with these arguments, words as the shell takes them; the files are in this directory.
  func replay(_ arguments: String) -> Outcome {
    let status = shell("cd '\(path)' && timeout 600 '\(products)/millrace-replay' \(arguments) > out.txt 2> err.txt")
    return Outcome(status: status, output: contents("out.txt"), errors: contents("err.txt"))
  }
}

/// Runs a shell command; its exit status.
@discardableResult
func shell(_ command: String) -> Int32 {
  let words = ["/bin/bash", "-c", command]
  var arguments = words.map { strdup($0) } + [nil]
  defer { for argument in arguments { free(argument) } }
  var child: pid_t = 0
  guard posix_spawn(&child, "/bin/bash", nil, nil, &arguments, environ) == 0 else { return -1 }
  var status: Int32 = 0
  waitpid(child, &status, 0)
  return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
}

/// A combined log of `count` ordinary requests, one a second, from 2 June 2025.
func log(_ count: Int, from start: Int = 0, target: (Int) -> String = { "/page/\($0 % 40)" }) -> String {
  var text = ""
  for i in start..<start + count {
    let (hour, minute, second) = (i / 3600 % 24, i / 60 % 60, i % 60)
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    text +=
      "192.0.2.\(i % 200 + 1) - - [\(two(2 + i / 86_400))/Jun/2025:\(two(hour)):\(two(minute)):\(two(second)) +0000] "
    text +=
      "\"GET \(target(i)) HTTP/1.1\" 200 \(500 + i % 300) \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0\"\n"
  }
  return text
}

/// A simulated log with attacks in it.
func simulate(_ scratch: Scratch, _ name: String, lines: Int, format: String = "combined") {
  _ = shell(
    "cd '\(scratch.path)' && '\(products)/millrace-simulate' --lines \(lines) --seed 11 --format \(format) --duration 2h "
      + "--attacks default --truth truth.tsv --output \(name)")
}

/// A command that runs beside the test, which waits for what it does and never for a time.
final class Running {
  let process: pid_t

  /// `command` is run by a shell in the directory, and should `exec` what is to get signals.
  init(_ scratch: Scratch, _ command: String) {
    let words = ["/bin/bash", "-c", "cd '\(scratch.path)' && \(command)"]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = -1
    process = posix_spawn(&child, "/bin/bash", nil, nil, &arguments, environ) == 0 ? child : -1
  }

  func signal(_ number: Int32) { if process > 0 { kill(process, number) } }

  /// Its exit status, once it has ended; less than 0 where a signal ended it.
  func wait() -> Int32 {
    var status: Int32 = 0
    guard process > 0, waitpid(process, &status, 0) == process else { return -1 }
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }

  /// Waits until the program has read the file that now has this name to its end.
  func hasRead(_ path: String) -> Bool {
    eventually {
      var file = stat()
      guard stat(path, &file) == 0, let folder = opendir("/proc/\(self.process)/fd") else { return false }
      defer { closedir(folder) }
      while let entry = readdir(folder) {
        let number = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        var opened = stat()
        guard stat("/proc/\(self.process)/fd/\(number)", &opened) == 0, opened.st_ino == file.st_ino,
          opened.st_dev == file.st_dev, let text = fopen("/proc/\(self.process)/fdinfo/\(number)", "r")
        else { continue }
        defer { fclose(text) }
        var position = 0
        withUnsafeMutablePointer(to: &position) { position in
          withVaList([position]) { _ = vfscanf(text, "pos: %ld", $0) }
        }
        if position == file.st_size { return true }
      }
      return false
    }
  }
}

/// Asks every few milliseconds; false when it never came true, which takes minutes so that no machine is too slow.
func eventually(_ condition: () -> Bool) -> Bool {
  for _ in 0..<30_000 {
    if condition() { return true }
    usleep(10_000)
  }
  return false
}
