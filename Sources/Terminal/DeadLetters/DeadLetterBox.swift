// The topic `dead-letters` as it stands: what is in it, and what of it was published again.

import Bytes
import Configuration
import Kafka
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

  init(_ settings: Settings) throws {
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

/// What can't be published again, and why.
enum Unpublishable: Error, Equatable, CustomStringConvertible {
  case line, cut, changed
  case published

  var description: String {
    switch self {
    case .line: "it is a line, not a record: 'dead-letters lines' writes lines for millrace-replay or a forwarder"
    case .cut: "only its first bytes are kept"
    case .changed: "its bytes are not those of its hash"
    case .published: "it was published again before (--again does it once more)"
    }
  }
}

extension ListedLetter {
  /// Where it goes back to; throws why it does not.
  func target(again: Bool) throws(Unpublishable) -> TopicPartition {
    guard case .record(let topic, let partition, _) = letter.place else { throw .line }
    if isCut { throw .cut }
    if wasPublished, !again { throw .published }
    return TopicPartition(topic, Int32(clamping: partition))
  }
}
