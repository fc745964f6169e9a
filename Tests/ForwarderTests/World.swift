// A forwarder in a folder of its own: real files, a sink in memory, and time that the test turns.

import Bytes
import CapnProto
import Events
import Foundation
import LogFormats
import Testing
import Topics

@testable import Forwarder

/// Keeps what was committed, and nothing else.
final class MemorySink: EventSink {
  struct Sent: Equatable {
    var partition: Int
    var record: [UInt8]
  }
  let partitions: Int
  private(set) var committed: [Sent] = []
  private(set) var saved: [UInt64: [UInt8]] = [:]
  private(set) var letters: [(letter: DeadLetter, head: [UInt8])] = []
  private var open: (sent: [Sent], saved: [UInt64: [UInt8]?], letters: [(letter: DeadLetter, head: [UInt8])])?
  /// Bytes of the largest record that is taken.
  var mostRecord = Int.max
  /// Called before each commit: what it throws aborts.
  var beforeCommit: () throws(SinkError) -> Void = {}

  init(partitions: Int = 8) { self.partitions = partitions }

  func begin() throws(SinkError) {
    precondition(open == nil)
    open = ([], [:], [])
  }
  func send(_ batch: RawSpan, partition: Int) throws(SinkError) {
    precondition((0..<partitions).contains(partition))
    open?.sent.append(Sent(partition: partition, record: batch.copied()))
  }
  func bury(_ letter: DeadLetter, head: RawSpan) throws(SinkError) { open?.letters.append((letter, head.copied())) }
  func save(_ source: UInt64, _ record: RawSpan?) throws(SinkError) {
    open?.saved.updateValue(record?.copied(), forKey: source)
  }
  func commit() throws(SinkError) {
    try beforeCommit()
    guard let open else { return }
    if open.sent.contains(where: { $0.record.count > mostRecord })
      || open.letters.contains(where: { $0.head.count > mostRecord })
    {
      throw .tooLarge("as told")
    }
    committed += open.sent
    letters += open.letters
    for (id, record) in open.saved { saved[id] = record }
    self.open = nil
  }
  func abort() throws(SinkError) { open = nil }
  /// The program died.
  func crash() { open = nil }

  func sources() throws -> [SavedSource] {
    let limiter = ReadLimiter()
    return try saved.sorted { $0.key < $1.key }.compactMap { _, record in
      guard case .source(let source) = try SavedRecord(record.span.bytes, limiter: limiter) else { return nil }
      return source
    }
  }

  /// A batch as tests look at it.
  struct Batch: Equatable {
    var partition: Int
    var source: UInt64
    var path: String
    var sequence: UInt64
    var firstLine: UInt64
    var firstOrdinal: UInt64
    var begin: UInt64
    var end: UInt64
    var watermark: Int64
    var isFinal: Bool
    var weight: UInt32
    var ledger = BatchLedger()
    /// Targets of the events.
    var targets: [String]
    var isHeartbeat: Bool
  }

  func batches() throws -> [Batch] {
    let limiter = ReadLimiter()
    return try committed.map { sent in
      let bytes = sent.record
      let batch = EventBatch(try Message(framed: bytes.span.bytes, limiter: limiter).rootStruct)
      var targets: [String] = []
      var isHeartbeat = false
      switch batch.events.which {
      case .http:
        let events = try batch.events.http
        for i in 0..<events.count { targets.append(try events[i].target.decodedString()) }
      default: isHeartbeat = batch.byteBegin == batch.byteEnd
      }
      let source = try batch.source
      var read = Batch(
        partition: sent.partition, source: source.id, path: try source.path.decodedString(), sequence: batch.sequence,
        firstLine: batch.firstLine, firstOrdinal: batch.firstOrdinal, begin: batch.byteBegin, end: batch.byteEnd,
        watermark: batch.lowWatermark, isFinal: batch.final, weight: batch.weight, targets: targets,
        isHeartbeat: isHeartbeat)
      let ledger = try batch.ledger
      read.ledger.lines = ledger.lines
      read.ledger.parsed = ledger.parsed
      read.ledger.unparsed = ledger.unparsed
      read.ledger.ahead = ledger.ahead
      read.ledger.sampledOut = ledger.sampledOut
      return read
    }
  }

  /// Numbers of the lines that arrived, in order of arrival.
  func numbers() throws -> [Int] { try batches().flatMap(\.targets).compactMap { Int($0.dropFirst()) } }
}

final class World {
  let folder: String
  let sink: MemorySink
  var now: Int64 = 1_000_000_000_000
  var patterns: [String]
  var settings = EngineSettings()
  private(set) var engine: Engine
  private(set) var files: FileSet
  var said: [String] = []
  var notices: [FileNotice] = []
  private var next = 0

  init(
    _ patterns: [String] = ["access.log*"], settings: EngineSettings = EngineSettings(), format: LogFormat? = nil,
    mostOpen: Int = 512
  ) throws {
    folder = NSTemporaryDirectory() + "/millrace-forwarder-\(getpid())-\(UInt64.random(in: 0...(.max)))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    self.patterns = patterns
    self.settings = settings
    self.settings.sources = [Forwarder.LineSettings(format: format ?? LogFormat(named: "combined"))]
    self.settings.host = Array("test".utf8)
    sink = MemorySink()
    (engine, files) = Self.make(folder, patterns, self.settings, sink, [], now, mostOpen)
    self.mostOpen = mostOpen
    listen()
  }
  private let mostOpen: Int

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func make(
    _ folder: String, _ patterns: [String], _ settings: EngineSettings, _ sink: MemorySink, _ saved: [SavedSource],
    _ now: Int64, _ mostOpen: Int
  ) -> (Engine, FileSet) {
    let files = FileSet(
      [FilePatterns(patterns: patterns.map { folder + "/" + $0 }, exclude: [], origin: 0)], saved: saved,
      limits: settings.clock, lookInterval: 10_000_000_000, mostOpen: mostOpen, now: now)
    return (Engine(settings: settings, sink: sink, files: files), files)
  }

  private func listen() {
    engine.say = { [unowned self] text, path in said.append("\(path): \(text)") }
    files.notice = { [unowned self] in notices.append($0) }
  }

  /// The program dies and is started again.
  func crash() throws {
    sink.crash()
    now += 1_000_000_000
    (engine, files) = Self.make(folder, patterns, settings, sink, try sink.sources(), now, mostOpen)
    listen()
  }

  /// One turn, after which 100 ms pass.
  func turn() throws {
    do {
      _ = try engine.run(now: now, wall: now)
    } catch SinkError.aborted {
      try sink.abort()
      engine.rewind(now: now)
    } catch SinkError.tooLarge {
      try sink.abort()
      engine.rewind(now: now)
      said.append(try engine.splitRefused())
    }
    now += 100_000_000
  }

  /// Turns until `seconds` of simulated time have passed.
  func pass(seconds: Int) throws { for _ in 0..<(seconds * 10) { try turn() } }

  // MARK: Files

  func path(_ name: String) -> String { folder + "/" + name }

  static func line(_ number: Int) -> String {
    let second = number / 50
    return String(
      format: "192.0.2.%d - - [20/Feb/2016:%02d:%02d:%02d +0000] \"GET /%d HTTP/1.1\" 200 17 \"-\" \"test\"\n",
      number % 250 + 1, second / 3600 % 24, second / 60 % 60, second % 60, number)
  }

  /// The next lines of the log.
  func lines(_ count: Int) -> String {
    defer { next += count }
    return (next..<next + count).map(Self.line).joined()
  }
  /// How many lines were made.
  var made: Int { next }

  func append(_ text: String, to name: String = "access.log") throws { try append(Array(text.utf8), to: name) }

  func append(_ bytes: [UInt8], to name: String = "access.log") throws {
    let descriptor = open(path(name), O_WRONLY | O_CREAT | O_APPEND, 0o644)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    defer { close(descriptor) }
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let n = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard n > 0 else { throw CocoaError(.fileWriteUnknown) }
      bytes = bytes.dropFirst(n)
    }
  }

  func contents(_ name: String) -> [UInt8] { Array(FileManager.default.contents(atPath: path(name)) ?? Data()) }
  func exists(_ name: String) -> Bool { access(path(name), F_OK) == 0 }
  func move(_ from: String, _ to: String) throws { #expect(rename(path(from), path(to)) == 0) }
  func delete(_ name: String) { unlink(path(name)) }

  func copyAndTruncate(_ name: String, to copy: String) throws {
    try Data(contents(name)).write(to: URL(fileURLWithPath: path(copy)))
    #expect(truncate(path(name), 0) == 0)
  }

  /// As gzip leaves it: the archive is written beside the file, which goes then.
  func compress(_ name: String) throws {
    try Data(gzip(contents(name))).write(to: URL(fileURLWithPath: path(name) + ".gz"))
    delete(name)
  }
}

/// A gzip file whose blocks are stored, not compressed.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var out: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
  var at = 0
  repeat {
    let n = min(65535, bytes.count - at)
    out += [at + n == bytes.count ? 1 : 0, UInt8(n & 255), UInt8(n >> 8), UInt8(~n & 255), UInt8(~n >> 8 & 255)]
    out += bytes[at..<at + n]
    at += n
  } while at < bytes.count
  var crc: UInt32 = 0xffff_ffff
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
  crc = ~crc
  for value in [crc, UInt32(truncatingIfNeeded: bytes.count)] {
    for shift in [0, 8, 16, 24] { out.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
  }
  return out
}
