// The program itself, with a real Kafka: killed at random moments, it sends each line once.

import Bytes
import CapnProto
import Events
import Foundation
import Kafka
import KafkaTestSupport
import Testing

@testable import Forwarder

@Suite(.enabled(if: TestKafka.isWanted), .serialized)
struct KillTests {
  private static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("millrace-forwarder").path

  private func spawn(_ arguments: [String], errors: String) throws -> pid_t {
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

  private func wait(_ child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }

  private func pipeline(_ world: World, _ kafka: TestKafka, _ prefix: String) throws -> String {
    let path = world.path("pipeline.yaml")
    try """
    kafka: {bootstrap: ["\(kafka.bootstrap)"], topic_prefix: \(prefix)}
    partitions: 4
    windows: {length: 1s}
    forwarder:
      host: testhost
      batch_bytes: 4KiB
      batch_age: 50ms
      sources: [{files: ["\(world.folder)/access.log*"], format: combined}]
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// The numbers of the lines in `events`, by source in the order of its batches.
  private func numbers(_ kafka: TestKafka, _ topic: String) throws -> [Int] {
    let limiter = ReadLimiter()
    var batches: [(source: UInt64, sequence: UInt64, numbers: [Int])] = []
    for record in try kafka.read(topic, seconds: 60) {
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

  @Test(arguments: [UInt64(1), 2])
  func killedAtRandomMomentsItSendsEachLineOnce(seed: UInt64) throws {
    var state = seed
    func random(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(n))
    }
    let kafka = try TestKafka.one()
    let prefix = kafka.name("kill")
    let world = try World()
    let pipeline = try pipeline(world, kafka, prefix)
    let errors = world.path("errors")
    var rotated = 0
    for _ in 0..<5 {
      let child = try spawn(["--pipeline", pipeline], errors: errors)
      // Written while it runs: it is killed somewhere in the middle of starting, reading or sending.
      for _ in 0..<(5 + random(25)) {
        try world.append(world.lines(1 + random(400)))
        if random(12) == 0 {
          for n in stride(from: rotated, to: 0, by: -1) { try world.move("access.log.\(n)", "access.log.\(n + 1)") }
          try world.move("access.log", "access.log.1")
          rotated += 1
        }
        usleep(UInt32(20_000 + random(200_000)))
      }
      kill(child, SIGKILL)
      _ = wait(child)
    }
    #expect(wait(try spawn(["--pipeline", pipeline, "--drain"], errors: errors)) == 0)
    let numbers = try numbers(kafka, prefix + ".events")
    #expect(
      numbers.count == world.made && Set(numbers) == Set(0..<world.made),
      "seed \(seed): \(String(decoding: world.contents("errors").suffix(2000), as: UTF8.self))")
  }

  @Test func askedToEndItSendsWhatItReadAndEndsWith0() throws {
    let kafka = try TestKafka.one()
    let prefix = kafka.name("term")
    let world = try World()
    let pipeline = try pipeline(world, kafka, prefix)
    try world.append(world.lines(1000))
    let child = try spawn(["--pipeline", pipeline], errors: world.path("errors"))
    let deadline = ContinuousClock.now + .seconds(60)
    while !String(decoding: world.contents("errors"), as: UTF8.self).contains("following"),
      ContinuousClock.now < deadline
    {
      usleep(10_000)
    }
    try world.append(world.lines(10))
    kill(child, SIGTERM)
    #expect(wait(child) == 0)
    #expect(try numbers(kafka, prefix + ".events") == Array(0..<1010))
  }

  @Test func aSecondForwarderOfTheSameNameEndsTheFirstWithAClearWord() throws {
    let kafka = try TestKafka.one()
    let prefix = kafka.name("twice")
    let world = try World()
    let pipeline = try pipeline(world, kafka, prefix)
    try world.append(world.lines(100))
    let first = try spawn(["--pipeline", pipeline], errors: world.path("errors"))
    let deadline = ContinuousClock.now + .seconds(60)
    while !String(decoding: world.contents("errors"), as: UTF8.self).contains("following"),
      ContinuousClock.now < deadline
    {
      usleep(10_000)
    }
    let second = try spawn(["--pipeline", pipeline], errors: world.path("errors2"))
    while !String(decoding: world.contents("errors2"), as: UTF8.self).contains("following"),
      ContinuousClock.now < deadline
    {
      usleep(10_000)
    }
    try world.append(world.lines(100))
    let status = wait(first)
    #expect(status == 1 << 8)
    #expect(String(decoding: world.contents("errors"), as: UTF8.self).contains("another forwarder has taken over"))
    kill(second, SIGTERM)
    #expect(wait(second) == 0)
    #expect(try numbers(kafka, prefix + ".events") == Array(0..<200))
  }
}
