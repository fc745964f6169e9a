// The topic `dead-letters` as it stands: what is in it, and what of it was published again.

import Bytes
import Configuration
import Kafka
import Reports
import Topics

/// Where a dead letter stands in its topic; in text `0:12`.
struct LetterPlace: Hashable, Sendable, Comparable, CustomStringConvertible {
  var partition: Int
  var offset: Int64

  init(partition: Int, offset: Int64) { (self.partition, self.offset) = (partition, offset) }

  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let partition = Int(parts[0]), let offset = Int64(parts[1]), partition >= 0, offset >= 0
    else { return nil }
    self.init(partition: partition, offset: offset)
  }

  var description: String { "\(partition):\(offset)" }
  static func < (a: Self, b: Self) -> Bool {
    a.partition == b.partition ? a.offset < b.offset : a.partition < b.partition
  }
}

/// A dead letter without its bytes.
struct ListedLetter: Sendable, Equatable {
  var place: LetterPlace
  /// Milliseconds since the epoch; negative: none.
  var time: Int64
  var letter: DeadLetter
  /// Bytes that the topic has of it.
  var kept: Int
  var wasPublished = false

  var isCut: Bool { UInt64(kept) < letter.length }
}

final class DeadLetterBox {
  static let station = "attacks"
  static let publishedReason = "published again"

  let topic: String
  private let scan: TopicScan
  private let extent: TopicScan.Extent
  private let settings: Settings

  init(_ settings: Settings) throws {
    self.settings = settings
    topic = settings.topic(.deadLetters).name
    scan = try TopicScan(settings)
    guard let extent = try scan.extent(topic) else { throw TopicMissing(topic: topic, writer: "a program") }
    self.extent = extent
  }

  /// All letters by place.
  func list() throws -> [ListedLetter] {
    var all: [ListedLetter] = []
    var published: Set<LetterPlace> = []
    let topic = topic
    try scan.read(topic, extent) { record in
      guard let letter = DeadLetter(headers: headers(of: record)) else { return }
      if letter.station == Self.station {
        if case .record(topic, let partition, let offset) = letter.place {
          published.insert(LetterPlace(partition: partition, offset: offset))
        }
        return
      }
      let place = LetterPlace(partition: Int(record.partition), offset: record.offset)
      all.append(
        ListedLetter(place: place, time: record.timestamp, letter: letter, kept: record.value.byteCount))
    }
    for i in all.indices where published.contains(all[i].place) { all[i].wasPublished = true }
    return all.sorted { $0.place < $1.place }
  }

  /// The partitions in which nothing is read any more, because the line was drained.
  func drained() throws -> DrainedPartitions {
    DrainedPartitions(settings, closed: try scan.aggregatorStates(settings).mapValues(\.isClosed))
  }

  /// Hands over the bytes of these letters, in the order of their partitions.
  func read(_ places: Set<LetterPlace>, _ take: (LetterPlace, DeadLetter, borrowing KafkaRecord) throws -> Void) throws
  {
    try scan.read(topic, extent) { record in
      let place = LetterPlace(partition: Int(record.partition), offset: record.offset)
      guard places.contains(place), let letter = DeadLetter(headers: headers(of: record)) else { return }
      try take(place, letter, record)
    }
  }
}

/// Partitions that were drained: whatever is published there, no station takes it.
struct DrainedPartitions: Sendable, Equatable {
  private let events: String
  private let closed: Set<Int>
  /// What comes behind `events` is closed when all of it is.
  private let behind: Set<String>

  /// - Parameter closed: By partition of `events`, whether its aggregator has closed it.
  init(_ settings: Settings, closed: [Int: Bool]) {
    events = settings.topic(.events).name
    self.closed = Set(closed.filter(\.value).keys)
    let isAll = (0..<settings.topic(.events).partitions).allSatisfy(self.closed.contains)
    behind = isAll ? [settings.topic(.rollups).name, settings.topic(.candidates).name] : []
  }

  func contains(_ at: TopicPartition) -> Bool {
    at.topic == events && closed.contains(Int(at.partition)) || behind.contains(at.topic)
  }
}

/// What can't be published again, and why.
enum Unpublishable: Error, Equatable, CustomStringConvertible {
  case line, cut, changed
  case published
  case drained(String)

  var description: String {
    switch self {
    case .line: "it is a line, not a record: 'dead-letters lines' writes lines for millrace-replay or a forwarder"
    case .cut: "only its first bytes are kept"
    case .changed: "its bytes are not those of its hash"
    case .drained(let partition):
      "\(partition) was drained, and nothing more is taken there: publish the log again under another "
        + "kafka.topic_prefix"
    case .published: "it was published again before (--again does it once more)"
    }
  }
}

extension ListedLetter {
  /// Where it goes back to; throws why it does not.
  func target(again: Bool, drained: DrainedPartitions) throws(Unpublishable) -> TopicPartition {
    guard case .record(let topic, let partition, _) = letter.place else { throw .line }
    if isCut { throw .cut }
    if wasPublished, !again { throw .published }
    let at = TopicPartition(topic, Int32(clamping: partition))
    if drained.contains(at) { throw .drained("\(shown(topic))[\(partition)]") }
    return at
  }
}
