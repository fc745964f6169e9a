// Busy zones may be thinned out; what is counted from the rest is an estimate with a bound.

import Bytes
import CapnProto
import Detection
import Events
import Foundation
import LogFormats
import Rollups
import Testing

@testable import Forwarder

struct SamplingTests {
  private static let format = "nginx:$host $remote_addr [$time_local] \"$request\" $status $body_bytes_sent"

  private func line(_ host: String, _ number: Int, _ target: String? = nil) -> String {
    "\(host) 192.0.2.\(number % 250) [20/Feb/2016:00:00:00 +0000] \"GET \(target ?? "/\(number)") HTTP/1.1\" 200 17\n"
  }

  private func world(_ rates: [(zone: String, rate: Int)], _ redaction: Redaction = Redaction()) throws -> World {
    var settings = EngineSettings()
    settings.batchText = 8000
    let world = try World(settings: settings, format: try LogFormat(specification: Self.format))
    world.engine.departure = Departure(
      redaction, Sampling(rates, seed: 42), scorer: RequestScorer(rules: RedactionTests.rules))
    return world
  }

  @Test func theSumOfTheWeightsIsNearTheTruth() throws {
    let world = try world([("static.example", 10), ("*", 3)])
    var text = ""
    for number in 0..<40_000 {
      text += line(number % 4 == 0 ? "Static.example" : "www.example", number)
      if number % 100 == 0 { text += "no line \(number)\n" }
      if number % 1000 == 0 { text += line("static.example", number, "/?q=1%27+UNION+SELECT+password+FROM+users--") }
    }
    try world.append(text)
    try world.pass(seconds: 60)
    let batches = try world.sink.batches().filter { !$0.isHeartbeat }
    var estimates: [UInt32: Int] = [:]
    for batch in batches { estimates[batch.weight, default: 0] += batch.targets.count * Int(batch.weight) }
    // Binomial: five standard deviations of the estimate, sqrt(n (rate - 1)).
    for (rate, truth) in [(10.0, 10_000.0), (3, 30_000)] {
      let bound = 5 * (truth * (rate - 1)).squareRoot()
      #expect(abs(Double(estimates[UInt32(rate)] ?? 0) - truth) <= bound, "\(estimates), bound \(bound)")
    }
    // What a rule has seen, and what has no format, is all there.
    #expect(batches.flatMap(\.targets).count { $0.contains("UNION") } == 40)
    #expect(batches.filter { $0.weight == 1 }.flatMap(\.targets).count == 40)
    #expect(world.sink.letters.count == 400)
    // The ledger: every line is somewhere, in each batch and over all.
    for batch in batches {
      #expect(Int(batch.ledger.parsed) == batch.targets.count)
      #expect(
        batch.ledger.lines == batch.ledger.parsed + batch.ledger.unparsed + batch.ledger.ahead + batch.ledger.sampledOut
      )
    }
    #expect(batches.reduce(0) { $0 + Int($1.ledger.lines) } == 40_440)
    #expect(batches.reduce(0) { $0 + Int($1.ledger.sampledOut) } == Int(world.engine.counts.sampledOut))
    #expect(batches.reduce(0) { $0 + Int($1.ledger.unparsed) } == 400)
    #expect(batches.map(\.sequence).sorted() == Array(0..<UInt64(batches.count)))
  }

  @Test func whichEventsAreSentDoesNotDependOnHowBatchesAreCut() throws {
    // One file for both: which of its events are sent depends on what source it is, and so on its inode.
    let home = try World()
    try home.append((0..<3000).map { line("a.example", $0) }.joined())
    var seen: [[String]] = []
    for size in [2000, 50_000] {
      var settings = EngineSettings()
      settings.batchText = size
      let world = try World(settings: settings, format: try LogFormat(specification: Self.format))
      world.engine.departure = Departure(
        Redaction(), Sampling([("*", 7)], seed: 1), scorer: RequestScorer(rules: RedactionTests.rules))
      try FileManager.default.linkItem(atPath: home.path("access.log"), toPath: world.path("access.log"))
      try world.pass(seconds: 20)
      seen.append(try world.sink.batches().sorted { $0.sequence < $1.sequence }.flatMap(\.targets))
    }
    #expect(seen[0] == seen[1])
    #expect((300...570).contains(seen[0].count), "\(seen[0].count)")
  }

  @Test func theAggregatorCountsEachEventWithItsWeight() throws {
    let world = try world([("static.example", 4)])
    try world.append((0..<8000).map { line(["static.example", "www.example"][$0 % 2], $0) }.joined())
    try world.pass(seconds: 15)
    var aggregator = PartitionAggregator(
      settings: AggregatorSettings(), classifier: RequestScorer(rules: RedactionTests.rules))
    var requests: [String: UInt64] = [:]
    let limiter = ReadLimiter()
    func take(_ record: RawSpan) {
      do {
        let rollup = Rollup(try Message(framed: record, limiter: limiter).rootStruct)
        let statuses = try rollup.statuses
        let zone = try rollup.zone.decodedString()
        for i in 0..<statuses.count { requests[zone, default: 0] += statuses[i].count }
      } catch {
        Issue.record(error)
      }
    }
    for sent in world.sink.committed { try aggregator.consume(sent.record.span.bytes) { take($0) } }
    aggregator.close { take($0) }
    #expect(requests["www.example"] == 4000)
    // Five standard deviations of sqrt(n (rate - 1)).
    #expect(abs(Int(requests["static.example"] ?? 0) - 4000) <= 548, "\(requests)")
    #expect((requests["static.example"] ?? 1) % 4 == 0)
    #expect(aggregator.ledger.discrepancies == [])
    #expect(aggregator.ledger.lines == 8000)
  }

  @Test func redactedAndSampledAtOnceNothingIsLost() throws {
    let world = try world([("*", 5)], RedactionTests.all)
    try world.append((0..<2000).map { line("a.example", $0, "/x?secret=\($0)") }.joined())
    for _ in 0..<3 {
      world.sink.beforeCommit = { () throws(SinkError) in throw .aborted("as asked") }
      try world.turn()
      world.sink.beforeCommit = { () throws(SinkError) in }
    }
    try world.pass(seconds: 4)
    let batches = try world.sink.batches().filter { !$0.isHeartbeat }
    #expect(batches.reduce(0) { $0 + Int($1.ledger.lines) } == 2000)
    #expect(batches.flatMap(\.targets).allSatisfy { $0 == "/x?secret=redacted" })
    #expect(batches.map(\.sequence).sorted() == Array(0..<UInt64(batches.count)))
  }
}
