// millrace-forwarder as a process of its own, and what it wrote.

import Bytes
import CapnProto
import Events
import Foundation
import Kafka
import KafkaTestSupport
import Testing

@testable import Forwarder

enum Program {
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("millrace-forwarder").path

  static func spawn(_ arguments: [String], errors: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([Self.program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, Self.program, &actions, nil, &words, environ)
    try #require(code == 0)
    return child
  }

  static func wait(_ child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }

  static func pipeline(
    _ world: World, _ kafka: TestKafka, _ prefix: String, _ more: String = "", batch: String = "4KiB",
    format: String = "combined", transactionTimeout: String = "10s"
  ) throws -> String {
    let path = world.path("pipeline.yaml")
    try """
    kafka: {bootstrap: ["\(kafka.bootstrap)"], topic_prefix: \(prefix), transaction_timeout: \(transactionTimeout)}
    partitions: 4
    windows: {length: 1s}
    forwarder:
      host: testhost
      batch_bytes: \(batch)
      batch_age: 50ms
      sources: [{files: ["\(world.folder)/access.log*"], format: '\(format)'}]
    \(more)
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// The numbers of the lines in `events`, by source in the order of its batches.
  static func numbers(_ kafka: TestKafka, _ topic: String) throws -> [Int] {
    let limiter = ReadLimiter()
    var batches: [(source: UInt64, sequence: UInt64, numbers: [Int])] = []
    for record in try kafka.read(topic) {
      let bytes = record.value ?? []
      let batch = EventBatch(try Message(framed: bytes.span.bytes, limiter: limiter).rootStruct)
      guard batch.events.which == .http else { continue }
      let events = try batch.events.http
      var found: [Int] = []
      for i in 0..<events.count { found.append(Int(try events[i].target.decodedString().dropFirst()) ?? -1) }
      batches.append((try batch.source.id, batch.sequence, found))
    }
    return batches.sorted { ($0.source, $0.sequence) < ($1.source, $1.sequence) }.flatMap(\.numbers)
  }

  /// What it said so far, on its standard error.
  static func said(_ world: World) -> String { String(decoding: world.contents("errors"), as: UTF8.self) }

  /// The port of its status pages, where it was told to listen at any; 0 while it has not said it.
  static func statusPort(_ world: World) -> Int {
    let lines = said(world).components(separatedBy: "status pages listen=127.0.0.1:0 port=").dropFirst()
    guard let line = lines.first, line.contains("\n") else { return 0 }
    return Int(line.prefix { $0.isNumber }) ?? 0
  }

  /// Whether `condition` came to hold within four minutes.
  static func comes(_ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(240)
    while try !condition() {
      if ContinuousClock.now > deadline { return false }
      usleep(50_000)
    }
    return true
  }

  /// What it shows at /metrics; empty where it does not answer.
  static func metrics(port: Int) -> String {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return "" }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    let request = Array("GET /metrics HTTP/1.0\r\n\r\n".utf8)
    guard connected == 0, write(socket, request, request.count) == request.count else { return "" }
    var answer: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let n = read(socket, &block, block.count)
      guard n > 0 else { return String(decoding: answer, as: UTF8.self) }
      answer += block[..<n]
    }
  }
}
