// What millrace-reputation tells of itself.

import Bytes
import Stations
import Topics

final class KeeperMetrics {
  let reads: CounterFamily
  let badLines: CounterFamily
  let records: Counter
  private let damaged: CounterFamily
  private let networks: GaugeFamily
  private let age: GaugeFamily
  private let published: Gauge
  private let scored: Gauge
  private let attacks: Gauge
  private var taken: [String: Nanoseconds] = [:]
  private var told: [String: UInt64] = [:]

  init(_ metrics: Metrics) {
    reads = metrics.counters(
      "millrace_reputation_reads_total", labels: ["list", "result"],
      "Readings of lists, by what came of them: taken, refused or failed.")
    badLines = metrics.counters(
      "millrace_reputation_bad_lines_total", labels: ["list"], "Lines of lists that could not be read.")
    records = metrics.counter("millrace_reputation_records_total", "Records written to reputation.")
    damaged = metrics.counters(
      "millrace_reputation_damaged_records_total", labels: ["topic"], "Records that could not be read.")
    networks = metrics.gauges("millrace_reputation_list_networks", labels: ["list"], "Networks of each list.")
    age = metrics.gauges(
      "millrace_reputation_list_age_seconds", unit: .seconds, labels: ["list"],
      "Time since each list was last read and taken.")
    published = metrics.gauge("millrace_reputation_networks", "Networks that the topic holds, of all lists.")
    scored = metrics.gauge(
      "millrace_reputation_scored_networks", "Networks of Tor exits that were in attacks of the line.")
    attacks = metrics.gauge("millrace_reputation_attacks", "Attacks that they are counted in.")
  }

  func taken(_ list: String, networks count: Int, at time: Nanoseconds) {
    networks[list].set(count)
    taken[list] = time
  }

  func forget(_ list: String) {
    networks.remove(list)
    age.remove(list)
    taken[list] = nil
  }

  func update(_ follower: ReputationFollower, _ attacks: AttackFollower) {
    let now = StationClock.wall
    for list in follower.published.lists.values {
      let (time, overflow) = now.subtractingReportingOverflow(taken[list.name] ?? list.read)
      age[list.name].set(overflow ? 0 : max(0, time))
    }
    published.set(follower.published.count)
    scored.set(follower.published.histories.count)
    self.attacks.set(attacks.memory.count)
    for (topic, sum) in [("reputation", follower.damaged), ("attacks", attacks.damaged)] {
      damaged[topic].add(Int(clamping: sum &- (told[topic] ?? 0)))
      told[topic] = sum
    }
  }
}
