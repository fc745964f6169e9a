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
    let pipeline = try Program.pipeline(world, kafka, prefix)
    let errors = world.path("errors")
    var rotated = 0
    for _ in 0..<5 {
      let child = try Program.spawn(["--pipeline", pipeline], errors: errors)
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
      _ = Program.wait(child)
    }
    #expect(Program.wait(try Program.spawn(["--pipeline", pipeline, "--drain"], errors: errors)) == 0)
    let numbers = try Program.numbers(kafka, prefix + ".events")
    #expect(
      numbers.count == world.made && Set(numbers) == Set(0..<world.made),
      "seed \(seed): \(String(decoding: world.contents("errors").suffix(2000), as: UTF8.self))")
  }

  @Test func askedToEndItSendsWhatItReadAndEndsWith0() throws {
    let kafka = try TestKafka.one()
    let prefix = kafka.name("term")
    let world = try World()
    let pipeline = try Program.pipeline(world, kafka, prefix)
    try world.append(world.lines(1000))
    let child = try Program.spawn(["--pipeline", pipeline], errors: world.path("errors"))
    #expect(Program.comes { Program.said(world).contains("following") })
    try world.append(world.lines(10))
    kill(child, SIGTERM)
    #expect(Program.wait(child) == 0)
    #expect(try Program.numbers(kafka, prefix + ".events") == Array(0..<1010))
  }

  @Test func aSecondForwarderOfTheSameNameEndsTheFirstWithAClearWord() throws {
    let kafka = try TestKafka.one()
    let prefix = kafka.name("twice")
    let world = try World()
    let pipeline = try Program.pipeline(world, kafka, prefix)
    try world.append(world.lines(100))
    let first = try Program.spawn(["--pipeline", pipeline], errors: world.path("errors"))
    #expect(Program.comes { Program.said(world).contains("following") })
    let second = try Program.spawn(["--pipeline", pipeline], errors: world.path("errors2"))
    #expect(Program.comes { String(decoding: world.contents("errors2"), as: UTF8.self).contains("following") })
    try world.append(world.lines(100))
    let status = Program.wait(first)
    #expect(status == 1 << 8)
    #expect(Program.said(world).contains("another forwarder has taken over"))
    kill(second, SIGTERM)
    #expect(Program.wait(second) == 0)
    #expect(try Program.numbers(kafka, prefix + ".events") == Array(0..<200))
  }
}
