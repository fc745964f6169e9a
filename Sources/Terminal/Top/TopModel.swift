// The line itself, by station and partition: how far each has come, how fast, and what was left out. Pure.

import Bytes
import Reports

/// One partition of what a station reads.
struct PartitionSample: Sendable, Equatable {
  var partition: Int
  /// Offset of the next record to take; nil where nothing was committed yet.
  var position: Int64?
  /// First record that is still there, and the one after the last.
  var first: Int64 = 0
  var end: Int64 = 0
  /// Event time that the partition has come to; nil where the station does not say.
  var watermark: Nanoseconds?
  /// Since the partition began; nil where the station does not say.
  var events: UInt64?
  var late: UInt64?
  var dropped: UInt64?
  var isClosed = false
  /// The first record of work at or after the position, or the end where there is none; nil where nobody has looked. A
  /// broker's own marks of transactions have offsets too, so that even who has taken everything stands before the end.
  var next: Int64?

  /// Records not yet taken.
  var lag: Int64 { max(0, end - max(position ?? first, first, next ?? 0)) }
}

struct StationSample: Sendable, Equatable {
  var station: String
  var topic: String
  var partitions: [PartitionSample]
  /// What is known only of the station as a whole: lines taken since it began, and the time that they have come to.
  var events: UInt64?
  var time: Nanoseconds?
  /// It reads no topic: there is no lag, and its speed is that of the ends.
  var isWriter = false
}

/// All of the line at one moment.
struct LineSample: Sendable, Equatable {
  /// Monotonic, for rates; and of the wall, for delays, ns.
  var time: Int64
  var wall: Nanoseconds
  var stations: [StationSample]
  var deadLetters: Int64 = 0
}

/// One row: a station, or one of its partitions.
struct TopRow: Sendable, Equatable {
  var station: String
  var topic: String
  /// nil: all of them.
  var partition: Int?
  var position: Int64?
  var end: Int64
  /// nil for one that only writes.
  var lag: Int64?
  /// A second; nil before there are two samples.
  var records: Double?
  var events: Double?
  /// How far the watermark is behind the clock, ns.
  var delay: Int64?
  var late: UInt64?
  var dropped: UInt64?
  var isClosed: Bool
}

enum TopModel {
  /// Rows of each station: the sum, then its partitions.
  static func rows(_ now: LineSample, before: LineSample?) -> [TopRow] {
    var rows: [TopRow] = []
    for station in now.stations {
      let old = before?.stations.first { $0.station == station.station && $0.topic == station.topic }
      let seconds = before.map { Double(now.time &- $0.time) / 1e9 } ?? 0
      let parts = station.partitions.map { partition in
        row(station, partition, old?.partitions.first { $0.partition == partition.partition }, seconds, now.wall)
      }
      var whole = sum(station, parts)
      if let events = station.events { whole.events = rate(events, old?.events, seconds) }
      if let time = station.time { whole.delay = delay(time, now.wall) }
      rows.append(whole)
      rows += parts
    }
    return rows
  }

  private static func rate(_ new: UInt64?, _ old: UInt64?, _ seconds: Double) -> Double? {
    guard seconds > 0, let new, let old else { return nil }
    return Double(new >= old ? new - old : 0) / seconds
  }

  private static func delay(_ time: Nanoseconds?, _ wall: Nanoseconds) -> Int64? {
    guard let time, time > .min, time < .max else { return nil }
    let (difference, overflow) = wall.subtractingReportingOverflow(time)
    return overflow ? nil : max(0, difference)
  }

  private static func row(
    _ station: StationSample, _ now: PartitionSample, _ old: PartitionSample?, _ seconds: Double, _ wall: Nanoseconds
  ) -> TopRow {
    // A station that only writes has no position: its speed is that of the end.
    let done = { (sample: PartitionSample) in UInt64(clamping: sample.position ?? sample.end) }
    return TopRow(
      station: station.station, topic: station.topic, partition: now.partition, position: now.position, end: now.end,
      lag: station.isWriter ? nil : now.lag, records: rate(done(now), old.map(done), seconds),
      events: rate(now.events, old?.events, seconds), delay: delay(now.watermark, wall),
      late: now.late, dropped: now.dropped, isClosed: now.isClosed)
  }

  private static func sum(_ station: StationSample, _ parts: [TopRow]) -> TopRow {
    func total(_ field: (TopRow) -> Double?) -> Double? {
      parts.contains { field($0) != nil } ? parts.reduce(0) { $0 + (field($1) ?? 0) } : nil
    }
    func count(_ field: (TopRow) -> UInt64?) -> UInt64? {
      parts.contains { field($0) != nil } ? parts.reduce(0) { $0 &+ (field($1) ?? 0) } : nil
    }
    return TopRow(
      station: station.station, topic: station.topic, partition: nil, position: nil,
      end: parts.reduce(0) { $0 &+ $1.end }, lag: station.isWriter ? nil : parts.reduce(0) { $0 &+ ($1.lag ?? 0) },
      records: total(\.records),
      events: total(\.events), delay: parts.compactMap(\.delay).max(), late: count(\.late), dropped: count(\.dropped),
      isClosed: !parts.isEmpty && parts.allSatisfy(\.isClosed))
  }

  // MARK: Lines

  private static let fields: [(name: String, width: Int, isRight: Bool)] = [
    ("STATION", 12, false), ("TOPIC", 24, false), ("PART", 5, true), ("LAG", 10, true), ("RECORDS/S", 10, true),
    ("EVENTS/S", 10, true), ("DELAY", 12, true), ("LATE", 8, true), ("DROPPED", 8, true), ("", 7, false),
  ]

  static func head(width: Int) -> StyledLine { line(fields.map(\.name), width: width, .bold) }

  static func line(_ row: TopRow, width: Int) -> StyledLine {
    let isSum = row.partition == nil
    return line(
      [
        isSum ? row.station : "", isSum ? shown(row.topic) : "", row.partition.map(String.init) ?? "all",
        row.lag.map { Figures.grouped(UInt64(clamping: $0)) } ?? "-", rate(row.records), rate(row.events),
        row.delay.map { Figures.duration(from: 0, to: $0) } ?? "-", row.late.map(Figures.short) ?? "-",
        row.dropped.map(Figures.short) ?? "-", row.isClosed ? "closed" : "",
      ], width: width, isSum ? .bold : (row.lag ?? 0) > 0 ? .plain : .dim)
  }

  private static func rate(_ value: Double?) -> String {
    guard let value else { return "-" }
    return value >= 1_000 ? Figures.short(UInt64(min(value, 1e18))) : Figures.threeDigits(value)
  }

  private static func line(_ texts: [String], width: Int, _ style: TextStyle) -> StyledLine {
    var line = StyledLine(width: width)
    for (field, text) in zip(fields, texts) {
      // What does not fit is left out whole, so that no number is cut.
      guard line.columns + field.width <= width else { break }
      line.put(text, width: field.width, right: field.isRight, style)
      line.put(" ", style)
    }
    return line
  }
}
