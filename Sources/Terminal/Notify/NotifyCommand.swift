// `millrace-attacks notify`: a station with a thread for each webhook.

import Bytes
import Configuration
import Kafka
import Stations
import Synchronization
import Topics

#if canImport(Glibc)
  import Glibc
#endif

struct WebhooksWrong: SetupFailure, CustomStringConvertible {
  var description: String
}

extension AttacksCommand {
  static var notify: StationProgram {
    StationProgram(
      table: OptionTable(
        program: "millrace-attacks notify", version: version,
        summary: "Tells webhooks of attacks: each start, change and end.",
        description: [
          "The webhooks are those of attacks.notify in the pipeline: generic JSON, Alertmanager (v2) or Slack-compatible. "
            + "Each has a consumer group of its own, which comes forward once a message was delivered: it is told at least "
            + "once, and a receiver knows a message by its header Idempotency-Key. Start several, and one stands by for "
            + "the other.",
          "A webhook that is new hears of what comes from then on.",
        ],
        options: PipelineOptions.options + [
          OptionSpec(
            "since", value: .text("TIME"), group: "Running",
            help:
              "A webhook that is new also hears of attacks that went on at this time or later: a time, an age such as "
              + "2h, or all.")
        ],
        exitCodes: StationProgram.exitCodes),
      check: { _, settings in
        try checkWebhooks(settings)
        return []
      },
      run: { station, parsed in
        let since = try parsed.value("since").map { try Listing.time($0) }
        try NotifyStation(station, since: since).run()
      })
  }

  static func checkWebhooks(_ settings: Settings) throws {
    let webhooks = settings.webhooks
    if webhooks.isEmpty { throw WebhooksWrong(description: "attacks.notify names no webhook: there is nobody to tell") }
    var names: Set<String> = []
    for webhook in webhooks {
      guard names.insert(webhook.name).inserted else {
        throw WebhooksWrong(description: "attacks.notify: two webhooks are called '\(webhook.name)'")
      }
      guard webhook.url.hasPrefix("http://") || webhook.url.hasPrefix("https://") else {
        throw WebhooksWrong(
          description: "attacks.notify: the url of '\(webhook.name)' is no http:// or https:// address")
      }
      guard !webhook.headers.contains(where: { ($0.name + $0.value).utf8.contains { $0 < 0x20 } }) else {
        throw WebhooksWrong(description: "attacks.notify: a header of '\(webhook.name)' has a control character")
      }
      do throws(Template.Wrong) {
        _ = try Template(webhook.template)
      } catch {
        throw WebhooksWrong(description: "attacks.notify: '\(webhook.name)': \(error)")
      }
    }
  }
}

/// Runs a notifier for each webhook, and others when a reload brings others.
struct NotifyStation {
  private let station: Station
  private let since: Nanoseconds?
  private let metrics: NotifyMetrics

  init(_ station: Station, since: Nanoseconds?) {
    (self.station, self.since) = (station, since)
    metrics = NotifyMetrics(station.metrics)
  }

  func run() throws {
    var settings = station.settings
    try waitForTopic(settings)
    station.health.pass("running")
    while !station.shouldStop {
      let workers = try start(settings)
      var next: Settings?
      while !station.shouldStop, next == nil, workers.contains(where: \.isRunning) {
        station.wait(1_000_000_000)
        if station.takeReload() { next = reloaded() }
      }
      let failed = !station.shouldStop && next == nil
      for worker in workers { worker.stop() }
      for worker in workers { worker.join() }
      if failed { throw WorkersFailed() }
      if let next { settings = next }
    }
  }

  private struct WorkersFailed: Error, CustomStringConvertible {
    var description: String { "no webhook can be told any more; the log says why" }
  }

  private func waitForTopic(_ settings: Settings) throws {
    let topic = settings.topic(.attacks).name
    let admin = try KafkaAdmin(KafkaSettings(settings, program: "attacks"), milliseconds: 5_000)
    while !station.shouldStop {
      do throws(KafkaError) {
        if try !admin.partitions(of: topic).isEmpty { return }
        station.log.warning("waiting", ["reason": .text(TopicMissing(topic: topic).description)], key: "topic")
      } catch {
        guard error.isRetriable else { throw error }
        station.log.warning("waiting", ["reason": LogValue(error)], key: "brokers")
      }
      station.wait(500_000_000)
    }
  }

  private func start(_ settings: Settings) throws -> [NotifyThread] {
    try settings.webhooks.map { webhook in
      station.health.expect("webhook \(webhook.name)", because: "no partition yet")
      let notifier = try Notifier(webhook, station: station, settings: settings, metrics: metrics, since: since)
      return NotifyThread(notifier, station)
    }
  }

  /// nil where the pipeline can't be used: the old one stays.
  private func reloaded() -> Settings? {
    do {
      let settings = try station.reloadedSettings()
      try AttacksCommand.checkWebhooks(settings)
      station.log.info("reloaded", ["webhooks": LogValue(settings.webhooks.count)])
      return settings
    } catch {
      station.log.error("not reloaded: the old settings stay", ["error": LogValue(error)])
      return nil
    }
  }
}

/// A notifier on a thread of its own.
///
/// Invariant: `notifier` is used by that thread alone once it has started, and lives until `join`.
final class NotifyThread: @unchecked Sendable {
  fileprivate let notifier: Notifier
  fileprivate let station: Station
  private let stopping = Atomic<Bool>(false)
  fileprivate let running = Atomic<Bool>(true)
  private var thread = pthread_t()

  init(_ notifier: Notifier, _ station: Station) {
    (self.notifier, self.station) = (notifier, station)
    let context = Unmanaged.passRetained(self).toOpaque()
    if pthread_create(&thread, nil, { runNotifier($0) }, context) != 0 {
      Unmanaged<NotifyThread>.fromOpaque(context).release()
      running.store(false, ordering: .releasing)
      stopping.store(true, ordering: .releasing)
      thread = pthread_t()
    }
  }

  var isRunning: Bool { running.load(ordering: .acquiring) }
  fileprivate var goesOn: Bool { !stopping.load(ordering: .acquiring) && !station.shouldStop }

  func stop() { stopping.store(true, ordering: .releasing) }

  func join() {
    if thread != pthread_t() { pthread_join(thread, nil) }
    thread = pthread_t()
  }
}

private func runNotifier(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let thread = Unmanaged<NotifyThread>.fromOpaque(context).takeRetainedValue()
  thread.notifier.run { thread.goesOn }
  thread.running.store(false, ordering: .releasing)
  return nil
}
