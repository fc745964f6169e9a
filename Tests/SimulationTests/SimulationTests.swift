import Bytes
import Simulation
import Testing

/// Everything a simulation writes: lines and truth rows.
func simulated(_ configuration: SimulationConfiguration) throws -> (lines: [UInt8], truth: [UInt8]) {
  var simulator = try TrafficSimulator(configuration)
  var lines = ByteBuffer()
  var truth = ByteBuffer()
  while simulator.write(upTo: .max, into: &lines, truth: &truth) {}
  return (lines.bytes.copied(), truth.bytes.copied())
}

func configured(_ change: (inout SimulationConfiguration) -> Void) -> SimulationConfiguration {
  var configuration = SimulationConfiguration()
  configuration.lines = 20_000
  change(&configuration)
  return configuration
}

@Suite struct SimulationTests {
  @Test func theSameSeedGivesTheSameBytes() throws {
    let configuration = configured { $0.attacks = AttackOrder.all }
    let first = try simulated(configuration)
    let second = try simulated(configuration)
    #expect(first.lines == second.lines)
    #expect(first.truth == second.truth)
    let other = try simulated(configured { $0.seed = 2 })
    #expect(other.lines != first.lines)
  }

  @Test(arguments: SimulatedFormat.allCases)
  func everyFormatGivesTheLinesAskedFor(_ format: SimulatedFormat) throws {
    let (lines, _) = try simulated(
      configured {
        $0.format = format
        $0.attacks = AttackOrder.all
      })
    let text = lines.split(separator: 0x0a)
    #expect(text.filter { $0.first != 0x23 }.count == 20_000)
    // A line is a line: no control byte gets into a log unescaped.
    let tabs: UInt8 = format == .cloudfront ? 0x09 : 0x0a
    #expect(!lines.contains { $0 < 0x20 && $0 != 0x0a && $0 != tabs })
  }

  @Test func linesStandInOrderOfTime() throws {
    var simulator = try TrafficSimulator(
      configured {
        $0.attacks = AttackOrder.all
        $0.format = .flatJSON
      })
    var line = ByteBuffer()
    var truth: LineTruth?
    var last = [UInt8]()
    var count = 0
    while true {
      line.removeAll()
      guard simulator.writeLine(into: &line, truth: &truth) else { break }
      // {"time":"2025-06-02T00:00:00.000Z"
      let stamp = line.bytes.extracting(9..<32).copied()
      #expect(!stamp.lexicographicallyPrecedes(last))
      last = stamp
      count += 1
    }
    #expect(count == 20_000)
  }

  @Test func aLogTakesAboutAsLongAsAskedFor() throws {
    for seconds in [3_600, 86_400, 604_800] as [Int64] {
      var simulator = try TrafficSimulator(
        configured {
          $0.lines = 60_000
          $0.duration = seconds * 1_000_000_000
          $0.attacks = [AttackOrder(.sqli), AttackOrder(.flood)]
          $0.format = .caddy
        })
      var line = ByteBuffer()
      var truth: LineTruth?
      var last: Int64 = 0
      while true {
        line.removeAll()
        guard simulator.writeLine(into: &line, truth: &truth) else { break }
        last = Int64(String(decoding: line.bytes.extracting(21..<31).copied(), as: UTF8.self)) ?? last
      }
      let took = Double(last) - Double(simulator.configuration.start / 1_000_000_000)
      #expect(took > Double(seconds) * 0.75 && took < Double(seconds) * 1.3, "asked \(seconds), took \(took)")
    }
  }

  @Test func theTruthNamesEveryLineOfEveryAttack() throws {
    let configuration = configured { $0.attacks = AttackOrder.all }
    var simulator = try TrafficSimulator(configuration)
    var line = ByteBuffer()
    var truth: LineTruth?
    var counts = Array(repeating: 0, count: SimulatedAttackKind.allCases.count)
    while true {
      line.removeAll()
      guard simulator.writeLine(into: &line, truth: &truth) else { break }
      guard let truth else { continue }
      counts[truth.attack] += 1
      #expect(truth.line == simulator.lines)
      let client = truth.client.description
      #expect(line.bytes.decodedString().hasPrefix(client + " "))
    }
    let attacks = simulator.attacks
    #expect(attacks.map(\.requests) == counts)
    for attack in attacks {
      #expect(attack.requests > 0, "\(attack.id)")
      #expect(attack.start <= attack.end && attack.start >= configuration.start)
      #expect(!attack.sources.isEmpty)
    }
    #expect(counts.reduce(0, +) < configuration.lines / 2)
  }

  @Test func anOrderedCountGivesThatManyAttacksWithOwnSources() throws {
    let simulator = try TrafficSimulator(configured { $0.attacks = [AttackOrder(.sqli, count: 3)] })
    #expect(simulator.attacks.map(\.id) == ["sqli-1", "sqli-2", "sqli-3"])
  }

  @Test func ordersReadAsWritten() throws {
    #expect(
      try AttackOrder.list("sqli:3,bruteforce@0.2,flood:2@4") == [
        AttackOrder(.sqli, count: 3), AttackOrder(.bruteforce, intensity: 0.2),
        AttackOrder(.flood, count: 2, intensity: 4),
      ])
    #expect(try AttackOrder.list("none").isEmpty)
    #expect(try AttackOrder.list("all").count == SimulatedAttackKind.allCases.count)
    for wrong in ["nonsense", "sqli:0", "sqli:x", "sqli@-1", "sqli@", ",:", "sqli@1e9"] {
      #expect(throws: SimulationError.self) { _ = try AttackOrder.list(wrong) }
    }
  }

  @Test func noLineIsWrittenWhereNoneIsAskedFor() throws {
    #expect(try simulated(configured { $0.lines = 0 }).lines.isEmpty)
    #expect(throws: SimulationError.self) { _ = try TrafficSimulator(configured { $0.hosts = [] }) }
    #expect(throws: SimulationError.self) { _ = try TrafficSimulator(configured { $0.duration = 0 }) }
  }
}
