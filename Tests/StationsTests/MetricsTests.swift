import Testing

@testable import Stations

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct MetricsTests {
  @Test func theTextIsWhatPrometheusReads() {
    let metrics = Metrics()
    let events = metrics.counters("millrace_test_events_total", labels: ["zone"], "Events\nby \\ zone.")
    events["b\"\\\n"].add(2)
    events["a"].add()
    events["a"].add(-5)
    metrics.gauge("millrace_test_queue_bytes", unit: .bytes, "Waiting.").set(-7)
    metrics.counter("millrace_test_busy_seconds_total", unit: .seconds, "Busy.").add(1_500_000_001)
    let delay = metrics.histogram("millrace_test_delay_seconds", bounds: [1_000_000, 2_000_000_000], "Delay.")
    for value: Int64 in [-1, 0, 1_000_000, 1_000_001, 2_000_000_000, 2_000_000_001] { delay.observe(value) }
    #expect(
      metrics.exposition() == """
        # HELP millrace_test_busy_seconds_total Busy.
        # TYPE millrace_test_busy_seconds_total counter
        millrace_test_busy_seconds_total 1.500000001
        # HELP millrace_test_delay_seconds Delay.
        # TYPE millrace_test_delay_seconds histogram
        millrace_test_delay_seconds_bucket{le="0.001"} 3
        millrace_test_delay_seconds_bucket{le="2"} 5
        millrace_test_delay_seconds_bucket{le="+Inf"} 6
        millrace_test_delay_seconds_sum 4.002000002
        millrace_test_delay_seconds_count 6
        # HELP millrace_test_events_total Events\\nby \\\\ zone.
        # TYPE millrace_test_events_total counter
        millrace_test_events_total{zone="a"} 1
        millrace_test_events_total{zone="b\\"\\\\\\n"} 2
        # HELP millrace_test_queue_bytes Waiting.
        # TYPE millrace_test_queue_bytes gauge
        millrace_test_queue_bytes -7

        """)
  }

  @Test func aNameIsRegisteredOnce() {
    let metrics = Metrics()
    metrics.counter("millrace_test_x_total", "X.").add(1)
    metrics.counter("millrace_test_x_total", "X.").add(1)
    #expect(metrics.counter("millrace_test_x_total", "X.").total == 2)
  }

  @Test func labelsFromInputCannotGrowWithoutBound() {
    let family = Metrics().counters("millrace_test_x_total", labels: ["host"], "X.")
    for index in 0..<5000 { family["h\(index)"].add() }
    #expect(family["other"].total == 3000 && family["h7"].total == 1)
  }

  @Test func aTotalThatIsFollowedNeverGoesBack() {
    let counter = Metrics().counter("millrace_test_x_total", "X.")
    counter.raise(to: 5)
    counter.raise(to: 3)
    counter.raise(to: -1)
    #expect(counter.total == 5)
  }

  @Test func threadsLoseNoCount() async {
    let metrics = Metrics()
    let counter = metrics.counter("millrace_test_x_total", "X.")
    let histogram = metrics.histogram("millrace_test_x_seconds", "X.")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for index in 0..<10_000 {
            counter.add()
            histogram.observe(Int64(index) * 1_000_000)
          }
        }
      }
    }
    #expect(counter.total == 40_000)
    #expect(metrics.exposition().contains("millrace_test_x_seconds_count 40000\n"))
  }

  @Test(.enabled(if: access("/usr/bin/promtool", X_OK) == 0, "promtool is missing: apt-get install prometheus"))
  func promtoolHasNothingToSay() throws {
    let metrics = Metrics()
    metrics.addProcess()
    let hostile = metrics.counters("millrace_test_events_total", labels: ["zone", "partition"], "Events counted.")
    hostile["\u{1b}\"\\\n\u{202e}é", "0"].add()
    hostile["", "1"].add()
    metrics.histogram("millrace_test_delay_seconds", "Delay.").observe(5_000_000)
    metrics.gauge("millrace_test_used_ratio", unit: .ratio, "Share used.").set(250_000)
    let pipe = try #require(popen("/usr/bin/promtool check metrics 2>&1 >&2", "w"))
    fputs(metrics.exposition(), pipe)
    #expect(pclose(pipe) == 0)
  }
}
