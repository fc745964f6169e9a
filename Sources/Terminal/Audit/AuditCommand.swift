// `millrace-attacks audit`: reads the topics and holds them against each other.

import Aggregator
import Bytes
import CapnProto
import Configuration
import Events
import Kafka
import Reports
import Rollups
import Topics

extension AttacksCommand {
  static var audit: Tool {
    Tool(
      table: OptionTable(
        program: "millrace-attacks audit", version: version,
        summary: "Proves from the topics that nothing was lost and nothing counted twice.",
        description: [
          "Every source's batches must be in events without gaps and once; what aggregators say that they counted "
            + "(aggregator-state) must be what is in events up to where they stand, and what rollups hold. What retention "
            + "has removed is said, not held against anyone.",
          "It reads events and rollups whole: on a line that is busy this takes its time, and what is written meanwhile is "
            + "left out.",
        ],
        options: PipelineOptions.options + [OptionSpec("json", group: "Output", help: "The audit as a JSON document.")],
        exitCodes: [
          (0, "All agrees."), (1, "Something does not agree, and what is said; or an error."),
          (2, "A wrong command line or configuration."),
        ]),
      run: { parsed, settings in
        let audit = try AuditReader(settings).read()
        var output = StandardOutput()
        if parsed.has("json") { audit.json(into: &output.buffer) } else { output.write(audit.text()) }
        try output.flush()
        return audit.discrepancies.isEmpty ? .done : .failed
      })
  }
}

struct AuditReader {
  private let settings: Settings
  private let scan: TopicScan
  private let limiter = Box()

  /// A limiter can't be copied.
  private final class Box { let limiter = ReadLimiter() }

  init(_ settings: Settings) throws {
    self.settings = settings
    scan = try TopicScan(settings)
  }

  private func name(_ topic: LineTopic) -> String { settings.topic(topic).name }

  /// States first: what they say was counted is in events by then. What is written meanwhile is told apart by offsets.
  func read() throws -> Audit {
    let states = try readStates()
    guard let events = try scan.extent(name(.events)) else {
      throw TopicMissing(topic: name(.events), writer: "a forwarder, or millrace-replay --publish,")
    }
    var audit = Audit(partitions: events.partitions)
    for number in 0..<events.partitions {
      audit.partitions[number].first = events.first[number] ?? 0
      audit.partitions[number].state = states[number]
    }
    try readDeadLetters(&audit)
    try readEvents(events, &audit)
    try readRollups(&audit)
    for (number, state) in try readStates() where number < events.partitions {
      audit.partitions[number].laterInWindows = state.ledger.inWindows
    }
    remarkOnRetention(&audit)
    return audit
  }

  private func remarkOnRetention(_ audit: inout Audit) {
    let cut = audit.partitions.enumerated().filter { $0.element.first > 0 }
    guard !cut.isEmpty else { return }
    let offsets = cut.prefix(16).map { "\($0.offset) below offset \($0.element.first)" }.joined(separator: ", ")
    audit.remark(
      "Retention has removed the beginning of events (partition \(offsets)\(cut.count > 16 ? ", ..." : "")): what was "
        + "counted there can't be held against events any more.")
  }

  private func readStates() throws -> [Int: AggregatorSnapshot] { try scan.aggregatorStates(settings) }

  private func readDeadLetters(_ audit: inout Audit) throws {
    let topic = name(.deadLetters)
    guard let extent = try scan.extent(topic) else { return }
    var letters: [(Int, Int64)] = []
    try scan.read(topic, extent) { record in
      guard let letter = DeadLetter(headers: headers(of: record)), letter.station == "aggregator" else { return }
      if case .record(name(.events), let partition, let offset) = letter.place { letters.append((partition, offset)) }
    }
    for (partition, offset) in letters { audit.deadLettered[partition, default: []].insert(offset) }
  }

  private func readEvents(_ extent: TopicScan.Extent, _ audit: inout Audit) throws {
    try scan.read(name(.events), extent) { record in
      let partition = Int(record.partition)
      do throws(WireError) {
        if let batch = try Self.batch(record.value, limiter.limiter) {
          audit.take(batch, partition: partition, offset: record.offset)
        }
      } catch {
        audit.takeUnreadable(partition: partition)
      }
    }
  }

  /// nil for what an owner wrote of a source, which is no batch of it.
  static func batch(_ record: RawSpan, _ limiter: borrowing ReadLimiter) throws(WireError) -> AuditedBatch? {
    let batch = EventBatch(try Message(framed: record, limiter: limiter).rootStruct)
    if batch.idle { return nil }
    let source = try batch.source
    var read = AuditedBatch(source: source.id, sequence: batch.sequence)
    read.name = (try source.path).copied()
    read.firstOrdinal = batch.firstOrdinal
    read.isFinal = batch.final
    let entries = try batch.ledger
    read.ledger.lines = UInt64(entries.lines)
    read.ledger.parsed = UInt64(entries.parsed)
    read.ledger.unparsed = UInt64(entries.unparsed)
    read.ledger.ahead = UInt64(entries.ahead)
    read.ledger.sampledOut = UInt64(entries.sampledOut)
    read.ledger.late = UInt64(entries.late)
    if case .http = batch.events.which { read.ledger.events = UInt64(try batch.events.http.count) }
    return read
  }

  private func readRollups(_ audit: inout Audit) throws {
    let topic = name(.rollups)
    guard let extent = try scan.extent(topic) else { return }
    if extent.first.values.contains(where: { $0 > 0 }) {
      audit.hasAllRollups = false
      audit.remark(
        "Retention has removed the beginning of rollups: their sums can't be held against anything any more.")
    }
    try scan.read(topic, extent) { record in
      do throws(WireError) {
        let rollup = Rollup(try Message(framed: record.value, limiter: limiter.limiter).rootStruct)
        guard rollup.scope != .progress else { return }
        audit.takeRollup(inputPartition: Int(rollup.inputPartition), events: rollup.events)
      } catch {
        audit.takeUnreadableRollup("\(topic)[\(record.partition)] at \(record.offset) can't be read: \(error)")
      }
    }
  }
}

/// Headers by name.
func headers(of record: borrowing KafkaRecord) -> [String: String] {
  var all: [String: String] = [:]
  record.forEachHeader { name, value in all[name] = String(decoding: value.copied(), as: UTF8.self) }
  return all
}
