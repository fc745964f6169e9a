// Programs of the line as processes that a test starts, pauses and kills.

import Foundation
import Testing

/// The directory with the programs: beside the tests.
private let products: String = {
  for argument in CommandLine.arguments {
    guard let end = argument.range(of: ".xctest") else { continue }
    return URL(fileURLWithPath: String(argument[..<end.lowerBound])).deletingLastPathComponent().path
  }
  return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
}()

/// One process; its standard error is kept. Killed when let go.
final class Worker {
  let identifier: pid_t
  private let log: String
  private var status: Int32?

  init(_ program: String, _ arguments: [String], environment: [String: String], in folder: String) throws {
    log = "\(folder)/\(program)-\(UInt64.random(in: 0...(.max)))"
    var words: [UnsafeMutablePointer<CChar>?] =
      ([products + "/" + program] + arguments).map { strdup($0) } + [nil]
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var variables: [UnsafeMutablePointer<CChar>?] = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var child: pid_t = 0
    let code = posix_spawn(&child, words[0]!, &actions, nil, &words, &variables)
    guard code == 0 else { throw Failed(description: "\(program): \(String(cString: strerror(code)))") }
    identifier = child
  }

  deinit {
    if status == nil {
      kill(identifier, SIGKILL)
      waitpid(identifier, nil, 0)
    }
  }

  struct Failed: Error, CustomStringConvertible { var description: String }

  /// What it has said so far.
  var said: String { String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self) }

  func signal(_ number: Int32) { if status == nil { kill(identifier, number) } }

  var hasEnded: Bool {
    if status != nil { return true }
    var word: Int32 = 0
    guard waitpid(identifier, &word, WNOHANG) == identifier else { return false }
    status = word
    return true
  }

  /// Waits for the end; its exit status, or -1 where a signal ended it.
  @discardableResult
  func end(within seconds: Int = 300) throws -> Int32 {
    try wait("the end of a program", within: seconds) { hasEnded }
    let word = status ?? 0
    return word & 0x7f == 0 ? word >> 8 & 0xff : -1
  }

  /// - Parameter mayEnd: Its end is waited for just as well.
  func waitFor(_ text: String, within seconds: Int = 300, mayEnd: Bool = false) throws {
    try wait("'\(text)'", within: seconds) {
      if hasEnded, !said.contains(text), !mayEnd { throw Failed(description: "ended without '\(text)': \(said)") }
      return said.contains(text) || hasEnded
    }
  }

  /// The port of its status pages, where it was told to listen at any.
  func statusPort() throws -> Int {
    let words = "status pages listen=127.0.0.1:0 port="
    try waitFor(words)
    // The line may not be whole yet.
    try wait("the line's end", within: 60) { said.range(of: words + "[0-9]+\n", options: .regularExpression) != nil }
    let rest = said.components(separatedBy: words).dropFirst().first ?? ""
    return Int(rest.prefix { $0.isNumber }) ?? 0
  }

  private func wait(_ what: String, within seconds: Int, _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
      guard ContinuousClock.now < deadline else { throw Failed(description: "no sign of \(what): \(said)") }
      usleep(5000)
    }
  }
}
