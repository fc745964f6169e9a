import Configuration
import Stations
import Synchronization
import Testing

private struct NoAnswer: Error {}

@Suite struct BrokerPresenceTests {
  final class Lines: Sendable {
    let all = Mutex<[String]>([])
    var text: String { all.withLock { $0.joined() } }
  }

  private func station(_ lines: Lines) throws -> Station {
    let settings = try PipelineOptions.load(path: nil)
    let log = Logger(
      program: "millrace-test",
      sink: { line in
        lines.all.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
      })
    return Station(program: "test", version: "1", settings: settings, log: log) { () throws(ConfigurationErrors) in
      settings
    }
  }

  @Test func brokersThatAreAwayAreWaitedForWithGrowingPausesAndTheirReturnIsSaidOnce() throws {
    let lines = Lines()
    let station = try station(lines)
    var now: Int64 = 0
    var pauses: [Int64] = []
    var shown: [Bool] = []
    let presence = BrokerPresence(station, metric: "millrace_test_broker_up", clock: { now }) {
      pauses.append($0 / 1_000_000)
      now += $0
      shown.append(station.metrics.exposition().contains("\nmillrace_test_broker_up 0\n"))
    }
    func up() -> Bool { station.metrics.exposition().contains("\nmillrace_test_broker_up 1\n") }
    #expect(up())
    var left = 7
    let answer = try presence.patiently(repeating: { (_: NoAnswer) in true }) { () throws(NoAnswer) in
      left -= 1
      if left > 0 { throw NoAnswer() }
      return 42
    }
    #expect(answer == 42 && pauses == [100, 200, 400, 800, 1600, 2000])
    #expect(!shown.contains(false) && up() && !presence.isAway)
    presence.isBack()
    #expect(lines.text.components(of: "brokers answer again after_seconds=5.1") == 1, "\(lines.text)")
    // One problem: told at most once a second by the log.
    #expect(lines.text.components(of: "brokers do not answer; trying again") == 1)
    // The next time begins with a short pause again.
    pauses = []
    presence.isGone(NoAnswer())
    presence.rest()
    #expect(pauses == [100])
  }

  @Test func whatFailsForGoodIsNotRepeated() throws {
    let station = try station(Lines())
    let presence = BrokerPresence(station, metric: "millrace_test_broker_up", sleep: { _ in })
    var calls = 0
    #expect(throws: NoAnswer.self) {
      try presence.patiently(repeating: { (_: NoAnswer) in false }) { () throws(NoAnswer) in
        calls += 1
        throw NoAnswer()
      }
    }
    #expect(calls == 1 && !presence.isAway)
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
