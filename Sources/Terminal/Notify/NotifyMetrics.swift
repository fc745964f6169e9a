import Stations

/// What a notifier tells of itself.
struct NotifyMetrics: Sendable {
  let messages: CounterFamily
  let attempts: CounterFamily
  let waiting: GaugeFamily

  init(_ metrics: Metrics) {
    messages = metrics.counters(
      "millrace_notify_messages_total", labels: ["webhook", "result"],
      "Messages by what became of them: delivered, refused, expired, skipped.")
    attempts = metrics.counters(
      "millrace_notify_failed_attempts_total", labels: ["webhook"], "Requests that will be made again.")
    waiting = metrics.gauges(
      "millrace_notify_waiting_messages", labels: ["webhook"], "Messages read and not delivered.")
  }
}
