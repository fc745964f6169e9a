// What an aggregator tells of itself.

import Kafka
import Rollups
import Stations

final class AggregatorMetrics {
  let receivedBytes: Counter
  let aborted: Counter
  let errors: CounterFamily
  private let events: Counter
  private let windows: Counter
  private let allowed: Counter
  private let late: Counter
  private let latePartials: Counter
  private let poisoned: Counter
  private let ignored: Counter
  private let committed: Counter
  private let transactions: Histogram
  private let lag: GaugeFamily
  private let delay: GaugeFamily
  private let open: GaugeFamily
  /// What of each partition's sums has been told.
  private var told: [Int: (ledger: ConservationLedger, ignored: UInt64)] = [:]

  init(_ metrics: Metrics) {
    receivedBytes = metrics.counter(
      "millrace_aggregator_received_bytes_total", unit: .bytes, "Bytes of records read from events.")
    events = metrics.counter("millrace_aggregator_events_total", "Events counted.")
    allowed = metrics.counter(
      "millrace_aggregator_allowed_events_total", "Of the events counted, those that the pipeline allows.")
    windows = metrics.counter("millrace_aggregator_windows_total", "On-time partials written, one a window and zone.")
    late = metrics.counter("millrace_aggregator_late_events_total", "Events counted after their window was written.")
    latePartials = metrics.counter("millrace_aggregator_late_partials_total", "Partials of late events written.")
    poisoned = metrics.counter("millrace_aggregator_dead_letters_total", "Records that could not be read.")
    ignored = metrics.counter(
      "millrace_aggregator_ignored_records_total", "Records that came after their partition was drained.")
    let all = metrics.counters(
      "millrace_aggregator_transactions_total", labels: ["result"], "Transactions by how they ended.")
    (committed, aborted) = (all["committed"], all["aborted"])
    errors = metrics.counters("millrace_aggregator_errors_total", labels: ["stage"], "Errors of Kafka by stage.")
    transactions = metrics.histogram(
      "millrace_aggregator_transaction_seconds", unit: .seconds, "Time that the end of a transaction took.")
    lag = metrics.gauges("millrace_aggregator_lag_records", labels: ["partition"], "Records not yet counted.")
    delay = metrics.gauges(
      "millrace_aggregator_watermark_delay_seconds", unit: .seconds, labels: ["partition"],
      "How far the partition's watermark is behind the clock.")
    open = metrics.gauges(
      "millrace_aggregator_open_tables", labels: ["partition"], "Tables (window and zone) that are open.")
  }

  func committed(in nanoseconds: Int64) {
    committed.add()
    transactions.observe(nanoseconds)
  }

  func forget(_ partition: Int) {
    told[partition] = nil
    lag.remove("\(partition)")
    delay.remove("\(partition)")
    open.remove("\(partition)")
  }

  func update(_ partitions: [Int: InputPartition], consumer: KafkaConsumer, topic: String) {
    for (number, partition) in partitions {
      let ledger = partition.ledger
      // Sums of before this worker had it are others'. After an abort they fall back: what is counted again is told once.
      let before = told[number] ?? (ledger, partition.ignored)
      func rise(_ counter: Counter, _ field: (ConservationLedger) -> UInt64) {
        let (old, new) = (field(before.ledger), field(ledger))
        if new > old { counter.add(Int(clamping: new - old)) }
      }
      rise(events) { $0.onTime &+ $0.afterClose }
      rise(allowed) { $0.allowed }
      rise(windows) { $0.windows }
      rise(late) { $0.afterClose }
      rise(latePartials) { $0.latePartials }
      rise(poisoned) { $0.poisoned }
      if partition.ignored > before.ignored { ignored.add(Int(clamping: partition.ignored - before.ignored)) }
      told[number] = (ledger, partition.ignored)
      let label = "\(number)"
      open[label].set(partition.openTables)
      if let marks = consumer.cachedWatermarks(TopicPartition(topic, Int32(number))) {
        lag[label].set(Int(clamping: max(0, marks.high - max(partition.position, partition.reached))))
      }
      if partition.watermark > .min, partition.watermark < .max {
        delay[label].set(StationClock.wall &- partition.watermark)
      }
    }
  }
}
