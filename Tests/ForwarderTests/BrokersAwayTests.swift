// Brokers that go and come back end nothing.

import Foundation
import Kafka
import KafkaTestSupport
import Testing

@testable import Forwarder

@Suite(.enabled(if: TestKafka.canKillBrokers), .serialized)
struct BrokersAwayTests {
  /// The broker gives up a transaction after two seconds, and looks for such twice a second.
  private static let impatient = ["transaction.abort.timed.out.transaction.cleanup.interval.ms=500"]

  @Test(arguments: [false, true])
  func awayForLongerThanATransactionLastsTheyGetEachLineOnce(grows: Bool) throws {
    let kafka = try TestKafka.own(Self.impatient)
    defer { try? kafka.end() }
    let prefix = kafka.name("away")
    let world = try World()
    let pipeline = try Program.pipeline(
      world, kafka, prefix, "  heartbeat: 200ms\nstatus: {listen: '127.0.0.1:0'}", transactionTimeout: "2s")
    let child = try Program.spawn(["--pipeline", pipeline], errors: world.path("errors"))
    defer { kill(child, SIGKILL) }
    try world.append(world.lines(1000))
    #expect(Program.comes { Program.statusPort(world) != 0 }, "\(Program.said(world))")
    let port = Program.statusPort(world)
    func isUp(_ value: Int) -> Bool {
      Program.metrics(port: port).contains("\nmillrace_forwarder_broker_up \(value)\n")
    }
    #expect(Program.comes { Program.metrics(port: port).contains("\nmillrace_forwarder_lines_total 1000\n") })
    /// How often it said that brokers are there again: they may seem away to it for a moment whenever they are slow.
    func returns() -> Int { Program.said(world).components(separatedBy: "brokers answer again").count - 1 }
    for _ in 1...2 {
      if grows { try world.append(world.lines(500)) }
      try kafka.kill(broker: 1)
      // Longer than the transaction's two seconds, by the time of the file that grows.
      for _ in 0..<50 {
        if grows { try world.append(world.lines(20)) }
        usleep(100_000)
      }
      #expect(Program.comes { isUp(0) }, "\(Program.said(world))")
      let before = returns()
      try kafka.restart(broker: 1)
      #expect(Program.comes { isUp(1) && returns() > before }, "\(Program.said(world))")
      try world.append(world.lines(10))
    }
    kill(child, SIGTERM)
    #expect(Program.wait(child) == 0, "\(Program.said(world))")
    let numbers = try Program.numbers(kafka, prefix + ".events")
    #expect(numbers == Array(0..<world.made), "\(Program.said(world))")
  }
}
