// The stand-in where there is no Kafka: noida-db of PyPI, one small program that speaks its protocol.
//
// Seen to hold: produce, groups of both kinds, transactions, fencing, offsets in transactions, administration. Seen to
// lack: it takes offsets from a member that its group left behind, and no records of several MiB.

import Foundation
import Kafka

enum Noida {
  /// The program, in the tests' virtual environment.
  static let program: String? = {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    let path = repository.appendingPathComponent(".build/venv/bin/noida-db").standardizedFileURL.path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Starts it on a free port and returns its bootstrap list. It ends with this process.
  static func start() throws -> String {
    guard let program else { throw TestKafka.Missing(what: "no broker found") }
    var last: any Error = TestKafka.Missing(what: "no free port")
    // Another may take the port between our look and the broker's: so again, elsewhere.
    for _ in 0..<3 {
      guard let port = Ports.free(1) else { continue }
      do { return try start(program, port) } catch { last = error }
    }
    throw last
  }

  private static func start(_ program: String, _ port: Int) throws -> String {
    let directory = NSTemporaryDirectory() + "/millrace-noida-\(getpid())-\(port)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let command = [program, "start", "--only", "kafka", "--kafka-port", String(port), "--data-dir", directory]
    // A group of its own, for the program that is installed only starts another.
    let child = try Shell.spawn(["/bin/sh", "-c", "exec setsid \"$@\" >/dev/null 2>&1 </dev/null", "sh"] + command)
    Shell.watch("kill -KILL -\(child); sleep 1; rm -rf '\(directory)'")
    let bootstrap = "127.0.0.1:\(port)"
    // Asked until it answers.
    let admin = try KafkaAdmin(KafkaSettings(bootstrap: bootstrap), milliseconds: 60_000)
    _ = try admin.topics()
    return bootstrap
  }
}
