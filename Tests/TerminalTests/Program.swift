// Starts millrace-attacks, and what it talks to.

import Detection
import Foundation
import Kafka
import KafkaTestSupport
import Testing

@testable import Terminal

/// The directory with the programs: beside the tests.
let products: String = {
  for argument in CommandLine.arguments where argument.contains(".xctest") {
    let folder = argument.split(separator: "/", omittingEmptySubsequences: false)
    if let bundle = folder.firstIndex(where: { $0.contains(".xctest") }) {
      return folder[..<bundle].joined(separator: "/")
    }
  }
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return "/\(root)/.build/release"
}()

/// A program that runs, with what it says in files. Ended with the object.
final class Program {
  let folder: String
  private var process: pid_t = -1

  /// - Parameter command: As a shell takes it; `$BIN` is the directory of the programs.
  init(_ command: String, environment: [String: String] = [:]) {
    var template = Array("/tmp/millrace-terminal-XXXXXX".utf8CString)
    folder = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!).map { String(cString: $0) } ?? "/tmp" }
    let variables = environment.map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
    let script = "cd '\(folder)' && export BIN='\(products)' \(variables); exec >out 2>err </dev/null; \(command)"
    let words = ["/bin/bash", "-c", script]
    var list = words.map { strdup($0) } + [nil]
    defer { for word in list { free(word) } }
    // A worker thread of the tests may block nearly all signals, and a child would inherit that: no SIGWINCH, no SIGHUP.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = -1
    if posix_spawn(&child, "/bin/bash", nil, &attributes, &list, environ) == 0 { process = child }
  }

  deinit {
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    try? FileManager.default.removeItem(atPath: folder)
  }

  var output: String { text("out") }
  var errors: String { text("err") }

  func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data(), as: UTF8.self)
  }

  func signal(_ number: Int32) { if process > 0 { kill(process, number) } }

  /// Its exit status, once it has ended; less than 0 where a signal ended it.
  func end() -> Int32 {
    var status: Int32 = 0
    guard process > 0, waitpid(process, &status, 0) == process else { return -999 }
    process = -1
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }
}

/// Waits until `holds`; false, and an issue, after four minutes.
@discardableResult
func eventually(_ what: @autoclosure () -> String, _ holds: () throws -> Bool) rethrows -> Bool {
  let deadline = ContinuousClock.now + .seconds(240)
  while ContinuousClock.now < deadline {
    if try holds() { return true }
    usleep(50_000)
  }
  Issue.record("not within four minutes: \(what())")
  return false
}

/// The topics of a line of its own on the tests' broker.
struct TestLine {
  let kafka: TestKafka
  let prefix: String

  init(_ hint: String) throws {
    kafka = try TestKafka.one()
    prefix = kafka.name(hint)
  }

  var environment: [String: String] {
    ["MILLRACE_KAFKA__BOOTSTRAP": kafka.bootstrap, "MILLRACE_KAFKA__TOPIC_PREFIX": prefix]
  }

  func makeTopic(_ suffix: String, partitions: Int = 1) throws {
    _ = try KafkaAdmin(kafka.settings()).ensure([TopicSpecification("\(prefix).\(suffix)", partitions: partitions)])
  }

  /// Tells of attacks as a campaign stage does.
  func tell(_ attacks: [Attack], closed: Bool = false) throws {
    let producer = try KafkaProducer(kafka.settings())
    var encoder = AttackEncoder()
    var failed: KafkaError?
    func send(_ key: String, _ record: RawSpan) {
      let key = Array(key.utf8)
      do throws(KafkaError) {
        try producer.produce("\(prefix).attacks", partition: 0, key: key.span.bytes, value: record)
      } catch { failed = error }
    }
    for attack in attacks { encoder.write(attack, watermark: attack.end) { send(attack.id, $0) } }
    if closed { encoder.writeClosed(watermark: .max) { send(AttackEncoder.closedKey, $0) } }
    try producer.flush(milliseconds: 60_000)
    if let failed { throw failed }
  }
}
