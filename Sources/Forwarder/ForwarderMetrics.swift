// What a forwarder shows of itself.

import Stations

final class ForwarderMetrics {
  let isUp: Gauge
  private let lines: Counter
  private let bytes: Counter
  private let events: Counter
  private let batches: Counter
  private let batchBytes: Counter
  private let heartbeats: Counter
  private let rejected: CounterFamily
  private let late: Counter
  private let sampledOut: Counter
  private let transactions: CounterFamily
  private let sources: Gauge
  private let dropped: Counter
  private let overlong: Counter
  private let refused: Counter
  private let connections: Gauge
  private let queued: Gauge
  private let lag: GaugeFamily
  private let totalLag: Gauge
  private var nextLag: Int64 = 0
  private var shown: Set<String> = []
  /// Files that are shown one by one: those that are furthest behind.
  private static let mostFiles = 20

  init(_ metrics: Metrics) {
    isUp = metrics.gauge("millrace_forwarder_broker_up", "1 while brokers answer.")
    isUp.set(1)
    lines = metrics.counter("millrace_forwarder_lines_total", "Lines read.")
    bytes = metrics.counter(
      "millrace_forwarder_received_bytes_total", unit: .bytes, "Bytes of lines read, decompressed.")
    events = metrics.counter("millrace_forwarder_events_total", "Events sent.")
    batches = metrics.counter("millrace_forwarder_batches_total", "Batches sent.")
    batchBytes = metrics.counter("millrace_forwarder_sent_bytes_total", unit: .bytes, "Bytes of batches sent.")
    heartbeats = metrics.counter("millrace_forwarder_heartbeats_total", "Records without events sent.")
    rejected = metrics.counters(
      "millrace_forwarder_rejected_lines_total", labels: ["reason"], "Lines that became no event; kept as dead letters."
    )
    late = metrics.counter("millrace_forwarder_late_lines_total", "Lines older than their source's low watermark.")
    sampledOut = metrics.counter("millrace_forwarder_sampled_out_lines_total", "Lines that sampling left out.")
    transactions = metrics.counters(
      "millrace_forwarder_transactions_total", labels: ["result"], "Transactions, by what became of them.")
    sources = metrics.gauge("millrace_forwarder_sources", "Sources that are followed.")
    dropped = metrics.counter(
      "millrace_forwarder_dropped_datagrams_total", "Datagrams of syslog that found no room and are lost.")
    overlong = metrics.counter("millrace_forwarder_overlong_messages_total", "Messages of syslog past the line limit.")
    refused = metrics.counter("millrace_forwarder_refused_connections_total", "Connections past their most.")
    connections = metrics.gauge("millrace_forwarder_connections", "Connections of syslog that are open.")
    queued = metrics.gauge(
      "millrace_forwarder_queued_bytes", unit: .bytes, "Bytes of syslog that no committed transaction has.")
    lag = metrics.gauges(
      "millrace_forwarder_file_lag_bytes", unit: .bytes, labels: ["path"],
      "Bytes of a file that were not read yet; of those that are furthest behind.")
    totalLag = metrics.gauge("millrace_forwarder_lag_bytes", unit: .bytes, "Bytes of all files that were not read yet.")
  }

  func update(_ engine: Engine, _ files: FileSet, _ intake: Intake.Counts, _ now: Int64) {
    dropped.raise(to: Int64(clamping: intake.dropped))
    overlong.raise(to: Int64(clamping: intake.overlong))
    refused.raise(to: Int64(clamping: intake.refused))
    connections.set(intake.connections)
    queued.set(intake.held)
    let counts = engine.counts
    lines.raise(to: Int64(clamping: counts.lines))
    bytes.raise(to: Int64(clamping: counts.bytes))
    events.raise(to: Int64(clamping: counts.events))
    batches.raise(to: Int64(clamping: counts.batches))
    batchBytes.raise(to: Int64(clamping: counts.batchBytes))
    heartbeats.raise(to: Int64(clamping: counts.heartbeats))
    rejected["unparsed"].raise(to: Int64(clamping: counts.unparsed))
    rejected["ahead"].raise(to: Int64(clamping: counts.ahead))
    late.raise(to: Int64(clamping: counts.late))
    sampledOut.raise(to: Int64(clamping: counts.sampledOut))
    transactions["committed"].raise(to: Int64(clamping: counts.transactions))
    transactions["aborted"].raise(to: Int64(clamping: counts.aborted))
    guard now >= nextLag else { return }
    nextLag = now &+ 1_000_000_000
    var behind: [(path: String, bytes: Int64)] = []
    var total: Int64 = 0
    var followed = 0
    for lane in files.lanes where lane.isAttached {
      followed += 1
      guard lane.unreadSince != nil, let end = lane.text?.end, end > lane.position.offset else { continue }
      let left = Int64(clamping: end - lane.position.offset)
      total &+= left
      behind.append((lane.path, left))
    }
    sources.set(followed + engine.streams.count)
    totalLag.set(total)
    behind.sort { ($1.bytes, $0.path) < ($0.bytes, $1.path) }
    let now = Set(behind.prefix(Self.mostFiles).map(\.path))
    for path in shown.subtracting(now) { lag.remove(path) }
    for (path, left) in behind.prefix(Self.mostFiles) { lag[path].set(left) }
    shown = now
  }
}
