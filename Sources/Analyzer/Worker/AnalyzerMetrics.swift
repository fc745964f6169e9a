// What an analyzer tells of itself.

import Kafka
import Stations

final class AnalyzerMetrics {
  let receivedBytes: Counter
  let aborted: Counter
  let ignored: Counter
  let stateBytes: Counter
  let errors: CounterFamily
  private let windows: Counter
  private let candidates: Counter
  private let steps: Counter
  private let attacks: CounterFamily
  private let poisoned: Counter
  private let committed: Counter
  private let transactions: Histogram
  private let lag: GaugeFamily
  private let delay: GaugeFamily
  private let zones: GaugeFamily
  private let clients: GaugeFamily
  private let buffered: GaugeFamily
  private let campaigns: Gauge
  private let members: Gauge
  private let known: Gauge
  private let damaged: Counter
  private var toldDamaged: UInt64 = 0
  /// What of each partition's sums has been told.
  private var told: [TopicPartition: [UInt64]] = [:]

  init(_ metrics: Metrics) {
    receivedBytes = metrics.counter(
      "millrace_analyzer_received_bytes_total", unit: .bytes, "Bytes of records read from rollups and candidates.")
    windows = metrics.counter("millrace_analyzer_windows_total", "Windows of zones that were judged.")
    candidates = metrics.counter("millrace_analyzer_candidates_total", "Findings that may be part of an attack.")
    steps = metrics.counter("millrace_analyzer_steps_total", "Window ends that the campaign stage took.")
    attacks = metrics.counters(
      "millrace_analyzer_attacks_total", labels: ["state"], "Attacks told, by the state they were told in.")
    poisoned = metrics.counter("millrace_analyzer_dead_letters_total", "Records that could not be read.")
    ignored = metrics.counter(
      "millrace_analyzer_ignored_records_total", "Records that came after their partition was drained.")
    stateBytes = metrics.counter("millrace_analyzer_state_bytes_total", unit: .bytes, "State that was written.")
    let all = metrics.counters(
      "millrace_analyzer_transactions_total", labels: ["result"], "Transactions by how they ended.")
    (committed, aborted) = (all["committed"], all["aborted"])
    errors = metrics.counters("millrace_analyzer_errors_total", labels: ["stage"], "Errors of Kafka by stage.")
    transactions = metrics.histogram(
      "millrace_analyzer_transaction_seconds", unit: .seconds, "Time that the end of a transaction took.")
    lag = metrics.gauges(
      "millrace_analyzer_lag_records", labels: ["topic", "partition"], "Records not yet taken.")
    delay = metrics.gauges(
      "millrace_analyzer_watermark_delay_seconds", unit: .seconds, labels: ["stage", "partition"],
      "How far the windows that were judged are behind the clock.")
    zones = metrics.gauges("millrace_analyzer_zones", labels: ["partition"], "Zones remembered.")
    clients = metrics.gauges("millrace_analyzer_clients", labels: ["partition"], "Clients remembered.")
    buffered = metrics.gauges(
      "millrace_analyzer_buffered_bytes", unit: .bytes, labels: ["partition"], "Partials of windows still open.")
    campaigns = metrics.gauge("millrace_analyzer_campaigns", "Campaigns open, raised or not.")
    members = metrics.gauge("millrace_analyzer_campaign_members", "Addresses in them.")
    known = metrics.gauge("millrace_analyzer_known_networks", "Networks that the topic reputation holds.")
    damaged = metrics.counter(
      "millrace_analyzer_damaged_records_total", "Records of reputation that could not be read, or had no room.")
  }

  func update(_ sources: KnownSources) {
    known.set(sources.networks)
    let sum = sources.damaged &+ sources.dropped
    // A topic that is read anew is counted anew.
    damaged.add(Int(clamping: sum >= toldDamaged ? sum - toldDamaged : sum))
    toldDamaged = sum
  }

  func committed(in nanoseconds: Int64) {
    committed.add()
    transactions.observe(nanoseconds)
  }

  func forget(_ at: TopicPartition) {
    told[at] = nil
    let label = "\(at.partition)"
    lag.remove(at.topic, label)
    for stage in ["zones", "campaigns"] { delay.remove(stage, label) }
    for family in [zones, clients, buffered] { family.remove(label) }
  }

  func update(_ partitions: [TopicPartition: StagePartition], consumer: KafkaConsumer, topics: AnalyzerTopics) {
    for (at, partition) in partitions {
      let label = "\(at.partition)"
      let isCampaign = at.topic == topics.candidates
      if let marks = consumer.cachedWatermarks(at) {
        // A transaction's marker takes an offset as well.
        lag[at.topic, label].set(Int(clamping: max(0, marks.high - partition.position - 1)))
      }
      if partition.watermark > .min, partition.watermark < .max {
        delay[isCampaign ? "campaigns" : "zones", label].set(StationClock.wall &- partition.watermark)
      }
      if let zone = partition as? ZonePartition {
        let memory = zone.station.memory
        zones[label].set(memory.zones)
        clients[label].set(memory.clients)
        buffered[label].set(zone.station.bufferedBytes)
        rise(at, [zone.station.windows, zone.station.found, zone.station.poisoned], [windows, candidates, poisoned])
      } else if let campaign = partition as? CampaignPartition {
        let memory = campaign.station.memory
        campaigns.set(memory.campaigns)
        members.set(memory.members)
        let sums = campaign.station.told
        rise(
          at, [campaign.station.steps, sums.started, sums.ongoing, sums.ended, campaign.station.poisoned],
          [steps, attacks["started"], attacks["ongoing"], attacks["ended"], poisoned])
      }
    }
  }

  /// Sums of before this worker had the partition are others'; after an abort they fall back, and rise again untold.
  private func rise(_ at: TopicPartition, _ sums: [UInt64], _ counters: [Counter]) {
    let before = told[at] ?? sums
    var known = before
    for i in sums.indices where i < before.count && sums[i] > before[i] {
      counters[i].add(Int(clamping: sums[i] - before[i]))
      known[i] = sums[i]
    }
    told[at] = known
  }
}
