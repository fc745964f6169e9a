// --publish: what a replay would hand to the aggregators of its partitions, record for record, into the topic `events`.

import Bytes
import CapnProto
import Configuration
import Events
import Kafka
import LogFiles
import Pipelines
import Topics

#if canImport(Glibc)
  import Glibc
#endif

/// Writes batches, heartbeats and ends. Threads call it for different partitions at once; the lock is held for as long as
/// a record is copied.
final class Publisher: @unchecked Sendable {
  let topic: String
  private let deadLetterTopic: String
  private let checkpointTopic: String
  private let host: [UInt8]
  private let speed: Double?

  private let lock = Monitor()
  private let producer: KafkaProducer
  private var heartbeat = EventBatchWriter(textCapacity: 1024, eventCapacity: 16)
  private(set) var batches = 0
  private var failure: KafkaError?
  private var known: Set<UInt64> = []

  // Pacing; by the ordering stage alone.
  private var paceStart: (time: Nanoseconds, clock: Nanoseconds)?

  /// Makes the topics that are missing. Refuses files that were published to this line before, unless told to repeat.
  init(_ publishing: Publishing, options: ReplayOptions, files: [PlannedFile]) throws {
    let settings = options.pipeline.settings
    topic = settings.topic(.events).name
    deadLetterTopic = settings.topic(.deadLetters).name
    checkpointTopic = settings.topic(.checkpoints).name
    speed = publishing.speed
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    host = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let kafka = KafkaSettings(settings, program: "replay", properties: [("producer.linger.ms", "20")])
    let admin = try KafkaAdmin(kafka)
    for note in try settings.ensureTopics([.events, .deadLetters, .checkpoints], admin: admin) {
      ReplayCommand.say("millrace-replay: \(note)")
    }
    producer = try KafkaProducer(kafka)
    if !publishing.repeats { try refuseRepetition(of: files, kafka, admin) }
  }

  /// Whether nothing more can be published.
  var hasFailed: Bool {
    lock.lock()
    defer { lock.unlock() }
    return failure != nil
  }

  // MARK: What was published before

  /// Key in `checkpoints` of a source that a replay has published.
  private static func mark(_ source: UInt64) -> String { "replay/" + String(source, radix: 16) }

  private func refuseRepetition(of files: [PlannedFile], _ kafka: KafkaSettings, _ admin: KafkaAdmin) throws {
    let partitions = try admin.partitions(of: checkpointTopic)
    let ends = try persistently { () throws(KafkaError) in try admin.endOffsets(partitions) }
    let reader = try KafkaConsumer(kafka)
    try reader.assign(partitions.map { ($0, .beginning) })
    var published: Set<String> = []
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      let reached = reader.progress(partitions)
      if partitions.allSatisfy({ (reached[$0] ?? 0) >= (ends[$0] ?? 0) }) { break }
      guard ContinuousClock.now < deadline else {
        throw SetupError("'\(checkpointTopic)' could not be read to its end: what was published before is not known")
      }
      if case .records(let batch) = reader.poll(milliseconds: 100) {
        batch.forEach { record in
          if record.isTombstone { published.remove(record.keyText) } else { published.insert(record.keyText) }
        }
      }
    }
    // A file may become a source by itself; which of equal ones is which is told by their number.
    var counts: [UInt64: UInt64] = [:]
    for file in files where !file.isEmpty {
      let count = counts[file.headHash, default: 0]
      counts[file.headHash] = count + 1
      if published.contains(Self.mark(SourceLane.id(headHash: file.headHash, count: count))) {
        throw SetupError(
          "\(file.path) begins like a source that was published to '\(topic)' before: its events would count twice. "
            + "--again publishes it all the same; kafka.topic_prefix gives it a line of its own")
      }
    }
  }

  /// Says, before its first record, that a source is published. Under the lock.
  private func note(_ source: UInt64, path: String) {
    guard known.insert(source).inserted else { return }
    do throws(KafkaError) {
      try producer.produce(checkpointTopic, key: Self.mark(source), value: Array(path.utf8), wait: Self.patience)
      try producer.flush(milliseconds: Self.patience)
    } catch {
      failure = failure ?? error
    }
  }

  // MARK: Records

  private static let patience = 60_000

  /// What a partition has to do, as records, in order.
  func publish(_ items: [Scheduler.PartitionItem], to partition: Int) {
    lock.lock()
    defer { lock.unlock() }
    for item in items {
      switch item {
      case .piece(let parcel):
        note(parcel.source.id, path: parcel.file.path)
        send(parcel.batch, partition)
      case .advance(let watermark, let sources):
        for source in sources { speak(of: source, watermark, isFinal: false, partition) }
      case .end(let source): speak(of: source, .max, isFinal: true, partition)
      case .close: break
      }
    }
  }

  private func speak(of source: UInt64, _ watermark: Nanoseconds, isFinal: Bool, _ partition: Int) {
    heartbeat.begin(BatchOrigin(source: source))
    heartbeat.finish(lowWatermark: watermark, final: isFinal)
    send(heartbeat, partition)
  }

  private func send(_ batch: borrowing EventBatchWriter, _ partition: Int) {
    guard failure == nil else { return }
    do throws(KafkaError) {
      try producer.produce(topic, partition: Int32(clamping: partition), value: batch.message, wait: Self.patience)
      batches += 1
      if let error = producer.takeDeliveryError() { throw error }
    } catch {
      failure = error
    }
  }

  /// A line that became no event.
  func deadLetter(
    reason: UnparsedLine.Reason, file: String, line: UInt64, offset: UInt64, length: UInt64, hash: UInt64,
    head: RawSpan
  ) {
    lock.lock()
    defer { lock.unlock() }
    guard failure == nil else { return }
    let letter = DeadLetter(
      station: "replay", reason: reason.label,
      place: .line(host: String(decoding: host, as: UTF8.self), file: file, line: line, offset: offset),
      length: length, hash: hash)
    do throws(KafkaError) {
      try producer.produce(
        deadLetterTopic, value: head.extracting(0..<min(head.byteCount, DeadLetter.largest)), headers: letter.headers,
        wait: Self.patience)
    } catch {
      failure = error
    }
  }

  /// Waits until all is delivered; throws what kept it from being.
  func finish() throws {
    if let failure { throw PublishFailure(topic: topic, reason: "\(failure)") }
    do throws(KafkaError) {
      try producer.flush(milliseconds: 5 * Self.patience)
    } catch {
      throw PublishFailure(topic: topic, reason: "\(error)")
    }
  }

  // MARK: Pace

  /// Waits until events of this time are due.
  func pace(_ time: Nanoseconds) {
    guard let speed else { return }
    let start = paceStart ?? (time, Self.clock())
    paceStart = start
    let ahead = Double(time.minusSaturating(start.time)) / speed
    let due = start.clock.plusSaturating(Int64(min(max(ahead, 0), 9e18)))
    while !Interruption.isRequested {
      let left = due.minusSaturating(Self.clock())
      if left <= 0 { return }
      usleep(UInt32(min(left, 50_000_000) / 1000 + 1))
    }
  }

  private static func clock() -> Nanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Nanoseconds(time.tv_sec) * nanosecondsPerSecond + Nanoseconds(time.tv_nsec)
  }
}

/// Not everything could be published.
struct PublishFailure: Error, CustomStringConvertible {
  var topic: String
  var reason: String
  var description: String { "publishing to '\(topic)' failed: \(reason); what is there already would count twice" }
}
