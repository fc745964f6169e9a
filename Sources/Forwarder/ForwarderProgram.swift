// A running forwarder: the engine with a clock, a sink that is Kafka, and a station around it.

import Bytes
import Configuration
import Kafka
import LogFiles
import Pipelines
import Stations
import Topics

#if canImport(Glibc)
  import Glibc
#endif

/// Why the program ended with status 1.
struct ForwarderFailure: Error, CustomStringConvertible {
  var description: String
}

final class ForwarderProgram: AwayWatcher {
  private let station: Station
  private var options: ForwarderOptions
  private let drains: Bool
  private let metrics: ForwarderMetrics
  private var awaySince: Int64?

  init(_ station: Station, _ options: ForwarderOptions, drains: Bool) {
    self.station = station
    self.options = options
    self.drains = drains
    metrics = ForwarderMetrics(station.metrics)
  }

  func run() throws {
    guard !options.sources.isEmpty else {
      throw UsageError("nothing to forward: the pipeline names no forwarder.sources")
    }
    let settings = station.settings
    let log = station.log
    station.health.expect("kafka", because: "not yet connected")
    let kafka = KafkaSettings(
      settings, program: "forwarder", queue: settings.bytes("forwarder.queue_bytes"),
      log: { entry in
        log.debug("librdkafka", ["facility": .text(entry.facility), "text": .text(entry.text)])
      })
    var random = SystemRandomNumberGenerator()
    let sink = try KafkaSink(
      settings, kafka: kafka, id: options.host, instance: random.next(), watcher: self,
      note: { log.warning("topic differs", ["difference": .text($0)], key: $0) })
    let saved = try sink.saved()
    for error in saved.damaged { log.error("checkpoint left out", ["error": LogValue(error)]) }
    do throws(SinkError) { try sink.claim(written: StationClock.wall) } catch {
      throw ForwarderFailure(description: "\(error)")
    }
    station.health.pass("kafka")
    log.info(
      "ready", ["host": .text(options.host), "sources_known": LogValue(saved.sources.count)])

    let files = FileSet(
      options.files, saved: saved.sources, limits: options.engine.clock, lookInterval: options.rescan,
      now: StationClock.monotonic)
    files.notice = { [log] in Self.tell($0, log) }
    let engine = Engine(settings: options.engine, sink: sink, files: files)
    engine.departure = options.departure()
    for cost in options.costlyRules {
      log.warning("costly rule", ["id": .text(cost.rule.id), "cost": .text("\(cost)")], key: cost.rule.id)
    }
    engine.say = { [log] text, path in
      log.info("source", ["path": .text(path), "text": .text(text)], key: "\(path) \(text)")
    }
    let intake = Intake(limit: settings.bytes("forwarder.queue_bytes"))
    self.intake = intake
    engine.freed = { intake.release($0) }
    let streams = StreamSet(
      intake: intake, host: options.host, names: options.streamNames, saved: saved.sources,
      limits: options.engine.clock)
    self.streams = streams
    if let number = options.standardInput {
      let lane = streams.lane(
        of: SenderKey(origin: number, high: 0, low: 0), StationClock.monotonic, { engine.add(stream: $0) })
      input = StandardInput(lane: lane, limit: intake.limit / 2)
    }
    if !options.listeners.isEmpty {
      let server = try SyslogServer(options.listeners, intake: intake, maxLine: options.engine.maxLine)
      for (settings, port) in zip(options.listeners, server.ports) {
        log.info("listening", ["syslog": .text(settings.listener.address), "port": LogValue(port)])
      }
      self.server = server
    }
    defer { server?.stop() }
    try loop(engine, sink, files)
  }
  private var intake: Intake?
  private var streams: StreamSet?
  private var input: StandardInput?
  private var server: SyslogServer?
  private var toldDropped: UInt64 = 0

  /// Takes what sockets and pipes brought.
  private func collect(_ engine: Engine, _ now: Int64) {
    streams?.collect(now: now) { engine.add(stream: $0) }
    input?.collect(now: now)
    guard let counts = intake?.counts, counts.dropped > toldDropped else { return }
    station.log.warning(
      "datagrams dropped: there is no room", ["since_start": LogValue(counts.dropped)], key: "dropped")
    toldDropped = counts.dropped
  }

  private static func tell(_ notice: FileNotice, _ log: Logger) {
    switch notice {
    case .followed(let path, let source, let offset):
      log.info(
        "following", ["path": .text(path), "source": .text(String(source, radix: 16)), "offset": LogValue(offset)])
    case .moved(let from, let to): log.info("renamed", ["from": .text(from), "to": .text(to)])
    case .cutShort(let path, let read, let had):
      log.warning("cut short", ["path": .text(path), "read": LogValue(read), "had": LogValue(had)], key: path)
    case .unreadable(let path, let error):
      log.warning("not read", ["path": .text(path), "error": LogValue(error)], key: path)
    case .ended(let path, let lines): log.info("ended", ["path": .text(path), "lines": LogValue(lines)])
    }
  }

  // MARK: The loop

  private func loop(_ engine: Engine, _ sink: KafkaSink, _ files: FileSet) throws {
    var quietTurns = 0
    while true {
      let isEnding = station.shouldStop || drains || input?.isDone == true && options.sources.count == 1
      if isEnding {
        // What is in the sockets now still comes along.
        server?.stop()
      }
      do {
        let now = StationClock.monotonic
        collect(engine, now)
        station.health.beat("engine", within: 60_000_000_000)
        let wake = try engine.run(now: now, wall: StationClock.wall, drains: isEnding)
        metrics.update(engine, files, intake?.counts ?? Intake.Counts(), now)
        if wake > now {
          if isEnding {
            quietTurns += 1
            // Twice: what a rotated file held back comes with the second.
            if quietTurns > 2 {
              try engine.commit(now: StationClock.monotonic, wall: StationClock.wall)
              station.health.endBeat("engine")
              return
            }
          } else {
            wait(files, until: wake)
          }
        } else {
          quietTurns = 0
        }
      } catch {
        try handle(error, engine, sink)
      }
      if station.takeReload() { reload(files, engine) }
    }
  }

  private func handle(_ error: any Error, _ engine: Engine, _ sink: KafkaSink) throws {
    guard let error = error as? SinkError else { throw error }
    switch error {
    case .aborted(let reason):
      station.log.warning("transaction aborted, sent again", ["reason": .text(reason)], key: "aborted")
      do throws(SinkError) {
        try sink.abort()
        engine.rewind(now: StationClock.monotonic)
      } catch {
        // Neither `.aborted` nor `.tooLarge`: so this ends.
        try handle(error, engine, sink)
      }
    case .tooLarge(let reason):
      do throws(SinkError) {
        try sink.abort()
        engine.rewind(now: StationClock.monotonic)
        let done = try engine.splitRefused()
        station.log.warning(
          "a record is too large for the brokers; it is split", ["reason": .text(reason), "now": .text(done)],
          key: "too large")
      } catch {
        try handle(error, engine, sink)
      }
    case .broken(let reason): try recover(engine, sink, reason)
    case .away(let reason):
      throw ForwarderFailure(description: "ended while no broker answered; nothing is lost: \(reason)")
    case .failed(let reason): throw ForwarderFailure(description: reason)
    }
  }

  /// The brokers will have nothing more of this producer. Either they have given up waiting for us, or someone else is
  /// this forwarder now.
  private func recover(_ engine: Engine, _ sink: KafkaSink, _ reason: String) throws {
    do throws(SinkError) {
      guard let saved = try sink.renew() else {
        throw .failed(sink.takenOver(reason))
      }
      engine.rewind(to: saved, now: StationClock.monotonic)
    } catch {
      // Neither `.aborted` nor `.broken`: so this ends.
      return try handle(error, engine, sink)
    }
    station.log.warning("the brokers gave up this transaction; it is sent again", ["reason": .text(reason)])
  }

  private func wait(_ files: FileSet, until wake: Int64) {
    let left = max(0, wake &- StationClock.monotonic)
    var descriptors = [
      pollfd(fd: station.wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: files.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: intake?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: input?.pollDescriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: left / 1_000_000 + 1))
    // A busy file would wake us at each of its lines: a batch is not due so soon.
    if descriptors[1...].contains(where: { $0.revents != 0 }) { station.wait(min(left, 10_000_000)) }
  }

  private func reload(_ files: FileSet, _ engine: Engine) {
    do {
      let settings = try station.reloadedSettings()
      let new = try ForwarderOptions(settings)
      guard new.sources.count == options.sources.count else {
        station.log.error("not reloaded: sources can only be added or removed by a restart")
        return
      }
      files.replace(patterns: new.files)
      options.files = new.files
      engine.departure = new.departure()
      station.log.info("reloaded", ["patterns": LogValue(new.files.flatMap(\.patterns).count)])
    } catch {
      station.log.error("not reloaded", ["error": LogValue(error)])
    }
  }

  // MARK: Brokers away

  func isWorthWaiting(_ reason: String) -> Bool {
    let now = StationClock.monotonic
    station.health.beat("engine", within: 60_000_000_000)
    if reason.isEmpty, awaySince == nil { return !isLate }
    if awaySince == nil { awaySince = now }
    station.health.fail("kafka", "no broker answers")
    metrics.isUp.set(0)
    if !reason.isEmpty {
      station.log.warning("no broker answers; files wait", ["reason": .text(reason)], key: "away")
    }
    return !isLate
  }

  private var isLate: Bool { station.shouldStop && station.timeLeft == 0 }

  func pause(milliseconds: Int) {
    let end = StationClock.monotonic &+ Int64(milliseconds) &* 1_000_000
    // Asked to end, this returns at once; a fenced program must not fence the other before it has said who it is.
    while end > StationClock.monotonic, !isLate { usleep(20_000) }
  }

  func isBack() {
    guard let since = awaySince else { return }
    awaySince = nil
    station.health.pass("kafka")
    metrics.isUp.set(1)
    station.log.info("brokers answer again", ["after_seconds": .seconds(StationClock.monotonic &- since)])
  }
}
