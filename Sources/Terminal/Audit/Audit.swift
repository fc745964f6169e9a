// The conservation ledger: what the topics say went in, and what they say became of it. Pure.

import Detection
import Reports
import Rollups

/// One batch of `events`, without its events.
struct AuditedBatch: Sendable, Equatable {
  var source: UInt64
  var name: [UInt8] = []
  var sequence: UInt64
  var firstOrdinal: UInt64 = 0
  var ledger = ConservationLedger()
  var isFinal = false
  /// Nothing was read: a heartbeat, or an end.
  var isEmpty: Bool { ledger.lines == 0 && ledger.events == 0 }
}

/// Takes what the topics hold, then says what agrees.
struct Audit: Sendable {
  /// Sequence numbers, and differences, that are named at most for one source.
  static let namedLimit = 20
  static let sourceLimit = 1_000_000

  struct Source: Sendable {
    var name: [UInt8] = []
    /// Batches with lines: each must be there once.
    var seen = SequenceSet()
    /// All batches: heartbeats may be numbered along with them, or bear no number of their own.
    var numbered = SequenceSet()
    var duplicates: [UInt64] = []
    var duplicateCount: UInt64 = 0
    var lines: UInt64 = 0
    var isFinished = false
    /// Lines before those of the first batch that is there, and after the last.
    var firstOrdinal: UInt64 = .max
    var lastOrdinal: UInt64 = 0
    /// The highest first ordinal, and the lines of the batches that have it: a piece of a sampled source is a batch for
    /// each weight, and they share it.
    var lastFirst: UInt64 = 0
    var lastLines: UInt64 = 0
    /// The smallest sequence number that each partition still has.
    var firsts: [Int: UInt64] = [:]
  }

  /// One partition of `events`, and its aggregator.
  struct Partition: Sendable {
    /// Offset of the first record that is still there: above 0, retention or `kafka-delete-records` removed some.
    var first: Int64 = 0
    /// All that is in the topic.
    var ledger = ConservationLedger()
    /// Up to the position of the aggregator's state.
    var counted = ConservationLedger()
    var unreadable: UInt64 = 0
    var state: AggregatorSnapshot?
    /// Sum of `events` over the records of `rollups`.
    var inRollups: UInt64 = 0
    /// As the state stood after `rollups` had been read.
    var laterInWindows: UInt64 = 0
  }

  private(set) var sources: [UInt64: Source] = [:]
  var partitions: [Partition]
  /// Whether `rollups` still has all that was ever written to it.
  var hasAllRollups = true
  var rollupRecords: UInt64 = 0
  private(set) var unreadableRollups: [String] = []
  /// Offsets of records of `events` that an aggregator could not read and that went to `dead-letters`.
  var deadLettered: [Int: Set<Int64>] = [:]
  private(set) var remarks: [String] = []
  private(set) var droppedSources: UInt64 = 0

  init(partitions: Int) { self.partitions = Array(repeating: Partition(), count: partitions) }

  // MARK: Taking

  /// A record of `events`; states and dead letters are taken before.
  mutating func take(_ batch: AuditedBatch, partition: Int, offset: Int64) {
    guard partitions.indices.contains(partition) else { return }
    // What nobody could read counts nowhere, until it is published again.
    if deadLettered[partition]?.contains(offset) ?? false { return }
    var ledger = batch.ledger
    ledger.batches = 1
    partitions[partition].ledger += ledger
    if let state = partitions[partition].state, offset < state.position { partitions[partition].counted += ledger }
    guard sources[batch.source] != nil || sources.count < Self.sourceLimit else {
      droppedSources &+= 1
      return
    }
    Self.take(batch, ledger, partition, into: &sources[batch.source, default: Source()])
  }

  private static func take(
    _ batch: AuditedBatch, _ ledger: ConservationLedger, _ partition: Int, into source: inout Source
  ) {
    if source.name.isEmpty { source.name = batch.name }
    _ = source.numbered.insert(batch.sequence)
    if !batch.isEmpty, !source.seen.insert(batch.sequence) {
      source.duplicateCount &+= 1
      if source.duplicates.count < namedLimit { source.duplicates.append(batch.sequence) }
    }
    source.firsts[partition] = min(source.firsts[partition] ?? .max, batch.sequence)
    source.lines &+= ledger.lines
    source.isFinished = source.isFinished || batch.isFinal
    source.firstOrdinal = min(source.firstOrdinal, batch.firstOrdinal)
    if batch.firstOrdinal > source.lastFirst { (source.lastFirst, source.lastLines) = (batch.firstOrdinal, 0) }
    if batch.firstOrdinal == source.lastFirst { source.lastLines &+= ledger.lines }
    let (end, overflow) = source.lastFirst.addingReportingOverflow(source.lastLines)
    source.lastOrdinal = overflow ? .max : end
  }

  mutating func takeUnreadable(partition: Int) {
    if partitions.indices.contains(partition) { partitions[partition].unreadable &+= 1 }
  }

  mutating func takeRollup(inputPartition: Int, events: UInt64) {
    rollupRecords &+= 1
    if partitions.indices.contains(inputPartition) { partitions[inputPartition].inRollups &+= events }
  }

  mutating func takeUnreadableRollup(_ what: String) {
    if unreadableRollups.count < Self.namedLimit { unreadableRollups.append(what) }
  }

  mutating func remark(_ text: String) { remarks.append(text) }

  // MARK: What agrees

  /// What does not agree, in words: none, and nothing is lost or counted twice.
  var discrepancies: [String] {
    var found: [String] = []
    for (id, source) in sources.sorted(by: { $0.key < $1.key }) { found += discrepancies(id, source) }
    for (number, partition) in partitions.enumerated() { found += discrepancies(number, partition) }
    found += unreadableRollups
    return found
  }

  /// Missing sequence numbers of a source, apart by whether retention may have removed them.
  func gaps(of source: Source) -> (removed: [ClosedRange<UInt64>], missing: [ClosedRange<UInt64>]) {
    // A partition that lost its beginning held no more than what is before its first batch of this source.
    var removedBelow: UInt64 = 0
    for (number, partition) in partitions.enumerated() where partition.first > 0 {
      removedBelow = max(removedBelow, source.firsts[number] ?? 0)
    }
    var removed: [ClosedRange<UInt64>] = []
    var missing: [ClosedRange<UInt64>] = []
    for gap in source.numbered.gaps(limit: Self.namedLimit * 4) {
      if gap.upperBound < removedBelow {
        removed.append(gap)
      } else if gap.lowerBound < removedBelow {
        removed.append(gap.lowerBound...(removedBelow - 1))
        missing.append(removedBelow...gap.upperBound)
      } else {
        missing.append(gap)
      }
    }
    return (removed, missing)
  }

  private func discrepancies(_ id: UInt64, _ source: Source) -> [String] {
    var found: [String] = []
    let name = Self.text(id, source)
    let missing = gaps(of: source).missing
    if !missing.isEmpty { found.append("\(name): sequence \(Self.text(missing)) missing") }
    if source.duplicateCount > 0 {
      let some = source.duplicates.sorted().map(String.init).joined(separator: ", ")
      let more = source.duplicateCount > UInt64(source.duplicates.count) ? ", ..." : ""
      found.append(
        "\(name): sequence \(some)\(more) more than once (\(Figures.plural(source.duplicateCount, "batch", "batches")))"
      )
    }
    if source.numbered.dropped > 0 {
      found.append("\(name): its sequence numbers are too scattered (\(source.numbered.dropped) not looked at)")
    }
    // Nothing missing in the sequence, so the ordinals must be without gaps as well.
    if missing.isEmpty, source.duplicateCount == 0, source.firstOrdinal == 0, source.lastOrdinal != source.lines {
      found.append("\(name): \(source.lines) lines in its batches, but its last line is number \(source.lastOrdinal)")
    }
    return found
  }

  private func discrepancies(_ number: Int, _ partition: Partition) -> [String] {
    var found: [String] = []
    func expect(_ left: UInt64, _ right: UInt64, _ what: String) {
      if left != right { found.append("partition \(number): \(what): \(left) against \(right)") }
    }
    let all = partition.ledger
    expect(
      all.lines, all.parsed &+ all.unparsed &+ all.ahead &+ all.sampledOut,
      "lines against parsed, unparsed, ahead and sampled out in events")
    guard let state = partition.state else { return found }
    let ledger = state.ledger
    if partition.first == 0 {
      let counted = partition.counted
      expect(counted.batches, ledger.batches, "batches in events against batches counted")
      expect(counted.lines, ledger.lines, "lines in events against lines counted")
      expect(counted.parsed, ledger.parsed, "parsed lines in events against those counted")
      expect(counted.unparsed, ledger.unparsed, "unparsed lines in events against those counted")
      expect(counted.ahead, ledger.ahead, "lines ahead of time in events against those counted")
      expect(counted.sampledOut, ledger.sampledOut, "lines sampled out in events against those counted")
      expect(counted.events, ledger.events, "events in events against events received")
    }
    expect(ledger.parsed, ledger.events, "lines parsed against events received")
    expect(
      ledger.events, ledger.onTime &+ ledger.afterClose &+ ledger.damaged,
      "events received against on time, after close and damaged")
    let counted = ledger.onTime &+ ledger.afterClose
    if state.isClosed {
      expect(counted, ledger.inWindows, "events counted against events in written windows")
    } else if counted < ledger.inWindows {
      expect(counted, ledger.inWindows, "events counted against events in written windows, which are more")
    }
    // What is written while the audit reads may be seen or not.
    if hasAllRollups, partition.inRollups < ledger.inWindows || partition.inRollups > partition.laterInWindows {
      expect(partition.inRollups, ledger.inWindows, "events in rollups against events in written windows")
    }
    return found
  }

  // MARK: Words

  static func text(_ id: UInt64, _ source: Source) -> String {
    let id = Attack.text(ofId: id)
    return source.name.isEmpty ? "source \(id)" : "source \(id) (\(shown(source.name)))"
  }

  static func text(_ ranges: [ClosedRange<UInt64>]) -> String {
    let some = ranges.prefix(namedLimit).map {
      $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)"
    }
    return some.joined(separator: ", ") + (ranges.count > namedLimit ? ", ..." : "")
  }
}
