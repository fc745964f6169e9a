// Starts the program station-probe, which is a station and nothing else.

import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The directory with the programs: beside the tests.
private let products: String = {
  for argument in CommandLine.arguments where argument.contains(".xctest") {
    let folder = argument.split(separator: "/", omittingEmptySubsequences: false)
    if let bundle = folder.firstIndex(where: { $0.contains(".xctest") }) {
      return folder[..<bundle].joined(separator: "/")
    }
  }
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return "/\(root)/.build/release"
}()

final class Probe {
  let folder: String
  private var process: pid_t = -1

  /// - Parameters:
  ///   - arguments: As a shell takes them; `$PWD` is a directory of its own.
  ///   - pipeline: Written to pipeline.yaml there.
  init(_ arguments: String = "", pipeline: String = "name: web\n", environment: String = "") {
    var template = Array("/tmp/millrace-station-XXXXXX".utf8CString)
    folder = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!).map { String(cString: $0) } ?? "/tmp" }
    write(pipeline)
    let command =
      "cd '\(folder)' && \(environment.isEmpty ? "" : "export \(environment);") exec '\(products)/station-probe' \(arguments) >out 2>err"
    let words = ["/bin/bash", "-c", command]
    var list = words.map { strdup($0) } + [nil]
    defer { for word in list { free(word) } }
    var child: pid_t = -1
    if posix_spawn(&child, "/bin/bash", nil, nil, &list, environ) == 0 { process = child }
  }

  deinit {
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    for name in ["out", "err", "pipeline.yaml"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  func write(_ pipeline: String) {
    guard let file = fopen("\(folder)/pipeline.yaml", "w") else { return }
    fputs(pipeline, file)
    fclose(file)
  }

  func signal(_ number: Int32) { if process > 0 { kill(process, number) } }

  func text(_ name: String) -> String {
    guard let file = fopen("\(folder)/\(name)", "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let n = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<n], as: UTF8.self)
  }

  var log: String { text("err") }

  /// Waits until its log says this; false after four minutes.
  func says(_ words: String) -> Bool {
    for _ in 0..<24_000 {
      if log.contains(words) { return true }
      usleep(10_000)
    }
    Issue.record("'\(words)' is not in: \(log)")
    return false
  }

  /// Its exit status, once it has ended; less than 0 where a signal ended it.
  func end() -> Int32 {
    var status: Int32 = 0
    guard process > 0, waitpid(process, &status, 0) == process else { return -999 }
    process = -1
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }
}
