// What could not be read, as a record of the topic `dead-letters`: the bytes are the value, all else stands in headers,
// so that any Kafka tool shows it and it can be published again as it was.

import Bytes
import Kafka

/// A record or a line that became nothing.
public struct DeadLetter: Sendable, Equatable {
  public enum Place: Sendable, Equatable {
    case record(topic: String, partition: Int, offset: Int64)
    /// `line` from 1; `offset` of its first byte in its (decompressed) file.
    case line(host: String, file: String, line: UInt64, offset: UInt64)
  }

  /// Program without `millrace-`.
  public var station: String
  public var reason: String
  public var place: Place
  /// Bytes of the whole; more than the value holds where it was cut.
  public var length: UInt64
  /// Of the whole.
  public var hash: UInt64

  /// Bytes of a record that are kept at most, so that it always fits where it came from.
  public static let largest = 512 << 10

  public init(station: String, reason: String, place: Place, length: UInt64, hash: UInt64) {
    (self.station, self.reason, self.place, self.length, self.hash) = (station, reason, place, length, hash)
  }

  /// Of a record of a topic.
  public init(station: String, reason: String, topic: String, partition: Int, offset: Int64, record: RawSpan) {
    self.init(
      station: station, reason: reason, place: .record(topic: topic, partition: partition, offset: offset),
      length: UInt64(record.byteCount), hash: Self.hash(record))
  }

  /// Hash of bytes that has no secret key: the same everywhere.
  public static func hash(_ bytes: RawSpan) -> UInt64 { KeyedHash(key: 0x6d69_6c6c_7261_6365).hash(bytes) }

  public var headers: [(String, [UInt8])] {
    var all = [("station", station), ("reason", reason)]
    switch place {
    case .record(let topic, let partition, let offset):
      all += [("topic", topic), ("partition", String(partition)), ("offset", String(offset))]
    case .line(let host, let file, let line, let offset):
      all += [("host", host), ("file", file), ("line", String(line)), ("offset", String(offset))]
    }
    let digits = String(hash, radix: 16)
    all += [("length", String(length)), ("hash", String(repeating: "0", count: 16 - digits.utf8.count) + digits)]
    return all.map { ($0.0, Array($0.1.utf8)) }
  }

  /// From the headers of a record of `dead-letters`; nil where they are of no dead letter.
  public init?(headers: [String: String]) {
    guard let station = headers["station"], let reason = headers["reason"],
      let length = headers["length"].flatMap({ UInt64($0) }),
      let hash = headers["hash"].flatMap({ UInt64($0, radix: 16) })
    else { return nil }
    let place: Place
    if let topic = headers["topic"], let partition = headers["partition"].flatMap({ Int($0) }),
      let offset = headers["offset"].flatMap({ Int64($0) })
    {
      place = .record(topic: topic, partition: partition, offset: offset)
    } else if let file = headers["file"], let line = headers["line"].flatMap({ UInt64($0) }),
      let offset = headers["offset"].flatMap({ UInt64($0) })
    {
      place = .line(host: headers["host"] ?? "", file: file, line: line, offset: offset)
    } else {
      return nil
    }
    self.init(station: station, reason: reason, place: place, length: length, hash: hash)
  }
}
