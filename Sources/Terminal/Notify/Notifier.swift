// Tells one webhook. Its own consumer group holds how far it has come: an offset is committed once the message before
// it was delivered, given up or not wanted, so that each is delivered at least once.
//
// What is not obvious:
// - Records before the committed offset are read again at the start, to know which attacks were told of and go on.
// - Failures wait here, not in the receiver: partitions are paused, and the group still hears of us.

import Bytes
import Configuration
import Detection
import Kafka
import Stations
import Synchronization
import Topics

final class Notifier {
  private let webhook: Webhook
  private let station: Station
  private let metrics: NotifyMetrics
  private let topic: String
  private let since: Nanoseconds?
  private let consumer: KafkaConsumer
  private let poster: HTTPPoster
  private let decoder = AttackDecoder()
  private var messages: Messages

  private struct Waiting {
    var attack: Attack
    var at: TopicPartition
    var offset: Int64
    var body: [UInt8] = []
    /// Monotonic; 0 before the first attempt.
    var firstAttempt: Int64 = 0
  }
  private var queue: [Waiting] = []
  private var limit: RateLimit
  private var backoff = Backoff()
  private var nextAttempt: Int64 = 0
  private var nextReminder: Int64 = 0
  private var isPaused = false
  private var assigned: [TopicPartition] = []
  /// Where telling begins; what is before is only remembered.
  private var begin: [TopicPartition: Int64] = [:]
  /// Done with, and not committed yet.
  private var done: [TopicPartition: Int64] = [:]

  private static let reminderTime: Int64 = 60_000_000_000

  init(_ webhook: Webhook, station: Station, settings: Settings, metrics: NotifyMetrics, since: Nanoseconds?) throws {
    (self.webhook, self.station, self.metrics, self.since) = (webhook, station, metrics, since)
    topic = settings.topic(.attacks).name
    messages = try Messages(webhook, pipeline: settings.text("name"))
    limit = RateLimit(perMinute: webhook.rateLimit)
    var kafka = KafkaSettings(settings, program: "attacks")
    kafka.groupID = settings.lineName(of: "notify-\(webhook.name)")
    consumer = try KafkaConsumer(kafka)
    poster = try HTTPPoster(
      url: messages.url, headers: webhook.headers.map { "\($0.name): \($0.value)" },
      authorityFile: webhook.authorityFile,
      milliseconds: Int(webhook.timeout / 1_000_000))
    try consumer.subscribe([topic])
  }

  /// Runs until it is to stop.
  func run(while goesOn: () -> Bool) {
    while goesOn() {
      station.health.beat("notify \(webhook.name)", within: webhook.timeout &+ 120_000_000_000)
      do throws(KafkaError) {
        try turn()
      } catch {
        station.log.warning(
          "kafka", ["webhook": .text(webhook.name), "error": LogValue(error)], key: "kafka \(webhook.name)")
        if error.isFatal { break }
        station.wait(1_000_000_000)
      }
    }
    try? commit()
    consumer.close()
    station.health.endBeat("notify \(webhook.name)")
  }

  private func turn() throws(KafkaError) {
    let now = StationClock.monotonic
    remind(now)
    if queue.isEmpty {
      try pause(false)
      try commit()
      try poll(milliseconds: 250)
    } else {
      let due = max(nextAttempt, limit.next(now))
      if due <= now {
        attempt(now)
        try commit()
      } else {
        try pause(true)
        try poll(milliseconds: Int(min((due - now) / 1_000_000 + 1, 250)))
      }
    }
    metrics.waiting[webhook.name].set(queue.count)
  }

  // MARK: Kafka

  private func pause(_ wanted: Bool) throws(KafkaError) {
    guard wanted != isPaused, !assigned.isEmpty else { return }
    if wanted { try consumer.pause(assigned) } else { try consumer.resume(assigned) }
    isPaused = wanted
  }

  private func poll(milliseconds: Int) throws(KafkaError) {
    switch consumer.poll(max: 64, milliseconds: milliseconds) {
    case .records(let batch):
      for i in 0..<batch.count { take(batch[i]) }
    case .assigned(let partitions):
      try assign(partitions)
    case .revoked(let partitions, let isLost):
      if !isLost { try? commit() }
      queue.removeAll { partitions.contains($0.at) }
      assigned.removeAll { partitions.contains($0) }
      for at in partitions { (begin[at], done[at]) = (nil, nil) }
      isPaused = false
      try consumer.completeRevoke(partitions)
    case .failed(let error):
      if error.kind == .outOfRange {
        try consumer.seek(assigned.map { ($0, .beginning) })
      } else if !error.isRetriable {
        throw error
      }
    default: break
    }
  }

  private func assign(_ partitions: [TopicPartition]) throws(KafkaError) {
    let consumer = consumer
    let committed = try persistently { () throws(KafkaError) in try consumer.committed(partitions) }
    for at in partitions {
      if let offset = committed[at]?.offset {
        begin[at] = offset
      } else if since != nil {
        begin[at] = 0
      } else {
        // A new webhook hears of what comes from now on, also where this ends before anything has come.
        let end = try persistently { () throws(KafkaError) in try consumer.watermarks(at).high }
        begin[at] = max(0, end)
        done[at] = max(0, end)
      }
    }
    let start = Dictionary(uniqueKeysWithValues: partitions.map { ($0, StartOffset.beginning) })
    try consumer.completeAssign(partitions, from: start)
    assigned += partitions
    isPaused = false
    station.health.pass("webhook \(webhook.name)")
    station.log.info("telling", ["webhook": .text(webhook.name), "partitions": LogValue(assigned.count)])
  }

  private func take(_ record: borrowing KafkaRecord) {
    let (at, offset) = (record.at, record.offset)
    let isOld = offset < begin[at] ?? 0
    var attack: Attack?
    do throws(RecordError) {
      if case .attack(let told) = try decoder.read(record.value).told { attack = told }
    } catch {
      if !isOld {
        station.log.warning(
          "a record can't be read", ["record": .text("\(at) at \(offset)"), "error": LogValue(error)], key: "unreadable"
        )
      }
    }
    if let attack, isOld { messages.recall(attack, now: StationClock.wall) }
    if isOld { return }
    if let attack, attack.end >= since ?? .min {
      queue.append(Waiting(attack: attack, at: at, offset: offset))
    } else if queue.isEmpty {
      done[at] = offset &+ 1
    }
  }

  private func commit() throws(KafkaError) {
    guard !done.isEmpty else { return }
    let offsets = done.sorted { $0.key < $1.key }.map { TopicOffset($0.key, $0.value) }
    done.removeAll()
    try consumer.commit(offsets)
  }

  // MARK: Telling

  private func attempt(_ now: Int64) {
    if queue[0].body.isEmpty {
      guard messages.wants(queue[0].attack) else { return finish("skipped") }
      queue[0].body = messages.body(queue[0].attack, now: StationClock.wall)
      queue[0].firstAttempt = now
    }
    let message = queue[0]
    limit.take(now)
    let result = poster.post(message.body, key: "\(message.attack.id)-\(message.at.partition)-\(message.offset)")
    switch result.verdict {
    case .delivered: finish("delivered")
    case .refused:
      log(.error, "refused", message, result)
      finish("refused")
    case .again:
      metrics.attempts[webhook.name].add()
      let after = StationClock.monotonic
      if after &- message.firstAttempt >= webhook.retryFor {
        log(.error, "given up", message, result)
        return finish("expired")
      }
      log(.warning, "not delivered, will be tried again", message, result)
      var asked: Int64 = 0
      if case .status(_, let seconds, _) = result { asked = seconds }
      nextAttempt = after &+ backoff.next(asked: asked)
    }
  }

  private func finish(_ result: String) {
    let message = queue.removeFirst()
    done[message.at] = message.offset &+ 1
    metrics.messages[webhook.name, result].add()
    backoff.reset()
    nextAttempt = 0
  }

  /// The URL is a secret: it is in no log.
  private func log(_ level: LogLevel, _ what: String, _ message: Waiting, _ result: PostResult) {
    station.log.log(
      level, what,
      [
        "webhook": .text(webhook.name), "attack": .text(message.attack.id),
        "state": .text(message.attack.state.rawValue),
        "answer": .text(result.text),
      ], key: "\(what) \(webhook.name)")
  }

  private func remind(_ now: Int64) {
    guard now >= nextReminder, nextAttempt <= now else { return }
    nextReminder = now &+ Self.reminderTime
    for body in messages.reminders(now: StationClock.wall) {
      let result = poster.post(body, key: "reminder-\(now)")
      guard result.verdict == .delivered else {
        station.log.warning(
          "what goes on could not be told again", ["webhook": .text(webhook.name), "answer": .text(result.text)],
          key: "reminder \(webhook.name)")
        return
      }
    }
  }
}
