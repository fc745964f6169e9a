// Parts of a state as records of a compacted topic: cut into chunks, keyed by part and number.

import Bytes
import CapnProto
import Detection

/// Cuts parts into records, and remembers how many each has, so that those it no longer has are deleted.
public struct ChunkWriter: ~Copyable {
  public static var schemaVersion: UInt16 { 1 }
  public let chunkBytes: Int
  private var builder = MessageBuilder(capacity: 1 << 16)
  /// Chunks of the parts that have more than one.
  private var counts: [[UInt8]: Int]
  private var generation: UInt64

  /// - Parameters:
  ///   - counts: As `ChunkReader` found them.
  ///   - generation: The largest that it found.
  public init(chunkBytes: Int = 512 << 10, counts: [[UInt8]: Int] = [:], generation: UInt64 = 0) {
    self.chunkBytes = max(chunkBytes, 1_024)
    self.counts = counts
    self.generation = generation
  }

  /// Writes a part over what there was of it. `emit` gets keys and values; no value deletes the key.
  public mutating func write(_ part: StatePart, _ emit: (_ key: [UInt8], _ value: RawSpan?) -> Void) {
    let before = counts[part.name] ?? 1
    var count = 0
    if let bytes = part.bytes {
      generation &+= 1
      count = max(1, (bytes.count + chunkBytes - 1) / chunkBytes)
      for index in 0..<count {
        let chunk = bytes[min(index * chunkBytes, bytes.count)..<min((index + 1) * chunkBytes, bytes.count)]
        Self.fill(&builder, part.name, index, count, generation, Array(chunk))
        emit(Self.key(part.name, index), builder.framed)
      }
    }
    for index in count..<max(before, count) { emit(Self.key(part.name, index), nil) }
    counts[part.name] = count > 1 ? count : nil
  }

  public static func key(_ name: [UInt8], _ index: Int) -> [UInt8] { name + Array("#\(index)".utf8) }

  private static func fill(
    _ builder: inout MessageBuilder, _ name: [UInt8], _ index: Int, _ count: Int, _ generation: UInt64, _ data: [UInt8]
  ) {
    let record = builder.start(StateChunkRecordBuilder.self)
    record.schemaVersion = schemaVersion
    record.setPart(name.span.bytes)
    record.index = UInt32(truncatingIfNeeded: index)
    record.count = UInt32(truncatingIfNeeded: count)
    record.generation = generation
    record.setData(data.span.bytes)
  }
}

/// Puts parts together from their records, read in order.
public final class ChunkReader {
  private struct Chunk {
    var index: Int
    var count: Int
    var generation: UInt64
    var data: [UInt8]
  }
  private var parts: [[UInt8]: [Chunk]] = [:]
  private let limiter = ReadLimiter(words: 64 << 20)
  public private(set) var generation: UInt64 = 0

  public init() {}

  public var isEmpty: Bool { parts.isEmpty }

  /// A part of one chunk.
  public func part(_ name: String) -> [UInt8]? {
    parts[Array(name.utf8)].flatMap { $0.count == 1 && $0[0].count == 1 ? $0[0].data : nil }
  }

  /// Takes in a record; no value deletes its key.
  public func take(key: RawSpan, value: RawSpan?) throws(StateError) {
    guard let value else {
      remove(key.copied())
      return
    }
    let (name, chunk, version) = try Self.read(value, limiter)
    guard version == ChunkWriter.schemaVersion else {
      throw .version(found: UInt64(version), known: UInt64(ChunkWriter.schemaVersion))
    }
    guard chunk.index < chunk.count, ChunkWriter.key(name, chunk.index) == key.copied() else {
      throw .invalid("chunk \(chunk.index) of \(chunk.count) under a key that is not its own", at: 0)
    }
    generation = max(generation, chunk.generation)
    parts[name, default: []].removeAll { $0.index == chunk.index }
    parts[name, default: []].append(chunk)
  }

  private func remove(_ key: [UInt8]) {
    guard let mark = key.lastIndex(of: 0x23), let index = Int(String(decoding: key[(mark + 1)...], as: UTF8.self))
    else { return }
    let name = Array(key[..<mark])
    parts[name]?.removeAll { $0.index == index }
    if parts[name]?.isEmpty ?? false { parts[name] = nil }
  }

  private static func read(
    _ value: RawSpan, _ limiter: borrowing ReadLimiter
  ) throws(StateError) -> (name: [UInt8], chunk: Chunk, version: UInt16) {
    do throws(WireError) {
      let record = StateChunkRecord(try Message(framed: value, limiter: limiter).rootStruct)
      return (
        try record.part.copied(),
        Chunk(
          index: Int(record.index), count: Int(record.count), generation: record.generation,
          data: try record.data.copied()), record.schemaVersion
      )
    } catch {
      throw .invalid("a chunk that cannot be read (\(error))", at: 0)
    }
  }

  /// The state, and how many chunks its parts have.
  public func finish() throws(StateError) -> (state: SavedState, counts: [[UInt8]: Int]) {
    var whole: [[UInt8]: [UInt8]] = [:]
    var counts: [[UInt8]: Int] = [:]
    for (name, chunks) in parts {
      let sorted = chunks.sorted { $0.index < $1.index }
      guard let first = sorted.first, sorted.count == first.count,
        sorted.allSatisfy({ $0.generation == first.generation && $0.count == first.count })
      else {
        throw .missing("a chunk of its part '\(String(decoding: name, as: UTF8.self))'")
      }
      whole[name] = sorted.count == 1 ? first.data : sorted.flatMap(\.data)
      if sorted.count > 1 { counts[name] = sorted.count }
    }
    return (SavedState(whole), counts)
  }
}
