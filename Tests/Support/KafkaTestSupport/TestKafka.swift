// A Kafka for tests: found or started once a test process, stopped when that ends, however it ends.

import Foundation
import Kafka
import Synchronization

/// A cluster that tests may use. Where it comes from, in this order:
/// 1. `MILLRACE_TEST_KAFKA`: a bootstrap list. `none` means that tests of Kafka are to be skipped.
/// 2. `KAFKA_HOME`, or `../shared/kafka` beside the repository: a folder with the script `kafka`, which needs Java 17.
/// 3. `noida-db` from PyPI, in the tests' virtual environment.
///
/// Otherwise `one()` throws, and says what to install: such a test fails, it is not skipped.
public struct TestKafka: Sendable {
  public let bootstrap: String
  /// Whether it is Apache Kafka, and not the stand-in, which lacks some things that `Noida` names.
  public let isReal: Bool
  private let directory: String?
  private let script: String?

  /// False only where the environment says so, and then loudly: for `.enabled(if:)`.
  public static let isWanted: Bool = {
    guard ProcessInfo.processInfo.environment["MILLRACE_TEST_KAFKA"] == "none" else { return true }
    FileHandle.standardError.write(Data("SKIPPED: every test of Kafka, for MILLRACE_TEST_KAFKA=none\n".utf8))
    return false
  }()

  /// Whether there can be a cluster of three brokers, one of them to be killed. Without the script `kafka`, but with
  /// another broker to test with, such tests are left out, and loudly.
  public static let canKillBrokers: Bool = {
    let isElsewhere = ProcessInfo.processInfo.environment["MILLRACE_TEST_KAFKA"]?.isEmpty == false
    guard isWanted, findScript() == nil, isElsewhere || Noida.program != nil else { return isWanted }
    leftOut("every test that kills a broker", "there is no script 'kafka' in KAFKA_HOME or ../shared/kafka")
    return false
  }()

  /// Says on stderr that something was not tested.
  public static func leftOut(_ what: String, _ why: String) {
    FileHandle.standardError.write(Data("SKIPPED: \(what), for \(why)\n".utf8))
  }

  /// The cluster of one broker that all tests of a process share.
  public static func one() throws -> TestKafka { try theOne.get() }

  /// The cluster of three brokers, one of which may be killed. Tests that use it must be `.serialized`, and leave all
  /// three running.
  public static func three() throws -> TestKafka { try theThree.get() }

  /// A broker of a test's own, that it may kill and start again; `end` it. Only where `canKillBrokers`.
  ///
  /// - Parameter properties: Of the broker, as `name=value`.
  public static func own(_ properties: [String] = []) throws -> TestKafka {
    guard let script = findScript() else { throw Missing(what: "a broker of our own") }
    return try start(script, brokers: 1, properties)
  }

  /// Kills every broker of a cluster that is a test's own.
  public func end() throws {
    guard let script, let directory else { return }
    _ = try Shell.run([script, "kill", "--dir", directory])
  }

  private static let theOne = Result { () throws -> TestKafka in
    if let list = ProcessInfo.processInfo.environment["MILLRACE_TEST_KAFKA"], !list.isEmpty {
      return TestKafka(bootstrap: list, isReal: true, directory: nil, script: nil)
    }
    if let script = findScript() { return try start(script, brokers: 1) }
    return TestKafka(bootstrap: try Noida.start(), isReal: false, directory: nil, script: nil)
  }

  private static let theThree = Result { () throws -> TestKafka in
    guard let script = findScript() else { throw Missing(what: "three brokers") }
    return try start(script, brokers: 3)
  }

  // MARK: What a test asks

  /// A name that no other test has, in this run or another.
  public func name(_ hint: String) -> String {
    "\(hint)-\(UInt64.random(in: 0...(.max)).formatted(.hexadecimal))"
  }

  public func settings(_ properties: [(String, String)] = []) -> KafkaSettings {
    var settings = KafkaSettings(bootstrap: bootstrap)
    settings.properties = properties
    return settings
  }

  /// Makes a topic with a name of its own.
  public func topic(
    _ hint: String, partitions: Int = 1, configuration: [String: String] = [:]
  ) throws -> String {
    let name = name(hint)
    let admin = try KafkaAdmin(settings())
    _ = try admin.ensure([TopicSpecification(name, partitions: partitions, configuration: configuration)])
    return name
  }

  // MARK: Faults

  /// SIGKILL to broker 1...3.
  public func kill(broker: Int) throws { try control("kill", broker) }
  /// Starts a killed broker on its own data, and waits until it answers.
  public func restart(broker: Int) throws {
    do {
      try control("restart", broker)
    } catch {
      // On a machine that is busy a start takes longer than the script waits for it.
      let all = bootstrap.split(separator: ",")
      guard all.indices.contains(broker - 1) else { throw error }
      let admin = try KafkaAdmin(KafkaSettings(bootstrap: String(all[broker - 1])))
      try patiently { try admin.ping() }
    }
  }

  private func control(_ verb: String, _ broker: Int) throws {
    guard let script, let directory else { throw Missing(what: "a cluster of our own, to \(verb) a broker of") }
    _ = try Shell.run([script, verb, "--dir", directory, "--broker", String(broker)])
  }

  // MARK: Starting

  private static func findScript() -> String? {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    let home = ProcessInfo.processInfo.environment["KAFKA_HOME"]
    let candidates: [String?] = [home, repository.appendingPathComponent("../shared/kafka").standardizedFileURL.path]
    return candidates.compactMap { $0.map { $0 + "/kafka" } }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func start(_ script: String, brokers: Int, _ properties: [String] = []) throws -> TestKafka {
    guard (try? Shell.run(["java", "-version"])) != nil else { throw Missing(what: "java") }
    var last: any Error = Missing(what: "a free port")
    // Another may take the port between our look and the broker's: so again, elsewhere.
    for _ in 0..<3 {
      guard let port = Ports.free(brokers) else { continue }
      let directory = NSTemporaryDirectory() + "/millrace-kafka-\(getpid())-\(port)"
      Shell.watch("'\(script)' kill --dir '\(directory)'; sleep 1; rm -rf '\(directory)'")
      do {
        var words = [script, "start", "--dir", directory, "--port", String(port), "--brokers", String(brokers)]
        for property in properties { words += ["--set", property] }
        // A killed broker is missed after two seconds, not nine.
        if brokers > 1 {
          words += ["--set", "broker.session.timeout.ms=2000", "--set", "broker.heartbeat.interval.ms=500"]
        }
        let said = try Shell.run(words)
        let bootstrap = said.split(separator: "\n").last.map(String.init) ?? ""
        return TestKafka(bootstrap: bootstrap, isReal: true, directory: directory, script: script)
      } catch {
        _ = try? Shell.run([script, "kill", "--dir", directory])
        last = error
      }
    }
    throw last
  }

  /// Nothing to test with.
  struct Missing: Error, CustomStringConvertible {
    var what: String
    var description: String {
      """
      no Kafka to test with (\(what)). One of these helps: `apt-get install openjdk-17-jre-headless` with a Kafka in \
      KAFKA_HOME or ../shared/kafka; `.ci/setup test`, which installs noida-db; MILLRACE_TEST_KAFKA=host:port; or \
      MILLRACE_TEST_KAFKA=none to skip these tests
      """
    }
  }
}

extension UInt64 {
  fileprivate enum Base { case hexadecimal }
  fileprivate func formatted(_: Base) -> String { String(self, radix: 16) }
}

/// Repeats a question to brokers until it is answered or refused: leaders change, coordinators load, and what one broker has
/// made another has not heard of yet. Three minutes at most.
public func patiently<R>(_ ask: () throws -> R) throws -> R {
  let deadline = ContinuousClock.now + .seconds(180)
  while true {
    do {
      return try ask()
    } catch let error as KafkaError where error.isRetriable || error.kind == .unknown {
      guard ContinuousClock.now < deadline else { throw error }
      usleep(100_000)
    }
  }
}

/// Ports on loopback, below those that the system gives to clients.
public enum Ports {
  /// What this process has been given: who asked may not have bound it yet.
  private static let given = Mutex<Set<Int>>([])

  /// The first of `count` free ones in a row, so that those 1,000 above are free as well. Given once.
  public static func free(_ count: Int) -> Int? {
    given.withLock { given in
      for _ in 0..<200 {
        let port = Int.random(in: 20_000..<31_000)
        let all = (port..<port + count).flatMap { [$0, $0 + 1_000] }
        guard all.allSatisfy({ !given.contains($0) && isFree($0) }) else { continue }
        given.formUnion(all)
        return port
      }
      return nil
    }
  }

  public static func isFree(_ port: Int) -> Bool {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
