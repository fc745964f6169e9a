import Stations
import Synchronization
import Testing

@Suite struct HealthTests {
  @Test func aStationIsReadyWhenEveryCheckPasses() {
    let health = Health()
    #expect(health.unready.isEmpty)
    health.expect("kafka")
    health.fail("rules", "none loaded")
    #expect(health.unready.map(\.name) == ["kafka", "rules"])
    health.pass("kafka")
    health.pass("rules")
    #expect(health.unready.isEmpty)
  }

  @Test func aLoopThatStandsStillIsNotLive() {
    let time = TestClock()
    let health = Health(clock: { time.now })
    health.beat("main", within: 1000)
    time.now = 1000
    #expect(health.stuck.isEmpty)
    time.now = 1001
    #expect(health.stuck.map(\.name) == ["main"])
    health.beat("main", within: 1000)
    #expect(health.stuck.isEmpty)
    time.now = 10_000
    health.endBeat("main")
    #expect(health.stuck.isEmpty)
  }
}

/// A clock that stands where a test puts it.
final class TestClock: Sendable {
  private let time = Atomic<Int64>(0)
  var now: Int64 {
    get { time.load(ordering: .relaxed) }
    set { time.store(newValue, ordering: .relaxed) }
  }
}
