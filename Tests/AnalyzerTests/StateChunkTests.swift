// Parts of a state as records, and back.

import Bytes
import CapnProto
import Testing

@testable import Analyzer

@Suite struct StateChunkTests {
  @Test(arguments: [UInt64](1...20))
  func partsComeBackFromACompactedTopic(seed: UInt64) throws {
    var dice = Dice(seed)
    var writer = ChunkWriter(chunkBytes: 1_024)
    var expected = SavedState()
    // What compaction leaves: the last value of each key, and any number of older ones before it.
    var topic: [(key: [UInt8], value: [UInt8]?)] = []
    for _ in 0..<60 {
      let name = "part#\(dice.roll(8))"
      let bytes: [UInt8]? = dice.roll(5) == 0 ? nil : (0..<dice.roll(5_000)).map { _ in UInt8(dice.roll(256)) }
      let part = StatePart(name: name, bytes: bytes)
      writer.write(part) { key, value in topic.append((key, value?.copied())) }
      expected.apply([part])
      if dice.roll(10) == 0 {
        // Restarted: it has to know what there is to delete.
        let reader = ChunkReader()
        for record in topic { try reader.take(record) }
        let generation = reader.generation
        let (state, counts) = try reader.finish()
        #expect(state == expected, "seed \(seed)")
        writer = ChunkWriter(chunkBytes: 1_024, counts: counts, generation: generation)
      }
    }
    var last: [[UInt8]: Int] = [:]
    for (i, record) in topic.enumerated() { last[record.key] = i }
    let reader = ChunkReader()
    for (i, record) in topic.enumerated() where last[record.key] == i || dice.roll(2) == 0 { try reader.take(record) }
    #expect(try reader.finish().state == expected, "seed \(seed)")
  }

  @Test func aMissingChunkIsSaid() throws {
    var writer = ChunkWriter(chunkBytes: 1_024)
    var topic: [(key: [UInt8], value: [UInt8]?)] = []
    writer.write(StatePart(name: "large", bytes: [UInt8](repeating: 1, count: 4_000))) {
      topic.append(($0, $1?.copied()))
    }
    #expect(topic.count == 4)
    topic.remove(at: 2)
    let reader = ChunkReader()
    for record in topic { try reader.take(record) }
    #expect(throws: StateError.missing("a chunk of its part 'large'")) { _ = try reader.finish() }
  }

  @Test func damagedChunksAreReadOrRefused() {
    var dice = Dice(2)
    var writer = ChunkWriter()
    var record: (key: [UInt8], value: [UInt8]) = ([], [])
    writer.write(StatePart(name: "part", bytes: [1, 2, 3, 4, 5, 6, 7, 8, 9])) { record = ($0, $1?.copied() ?? []) }
    var refused = 0
    for _ in 0..<3_000 {
      var damaged = record.value
      if dice.roll(4) == 0 { damaged = Array(damaged.prefix(dice.roll(damaged.count))) }
      if !damaged.isEmpty { damaged[dice.roll(damaged.count)] = UInt8(dice.roll(256)) }
      let reader = ChunkReader()
      do {
        try reader.take((record.key, damaged))
        _ = try reader.finish()
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1_000)
  }
}

extension ChunkReader {
  fileprivate func take(_ record: (key: [UInt8], value: [UInt8]?)) throws(StateError) {
    if let value = record.value {
      try take(key: record.key.span.bytes, value: value.span.bytes)
    } else {
      try take(key: record.key.span.bytes, value: nil)
    }
  }
}
