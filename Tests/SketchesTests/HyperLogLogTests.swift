import Bytes
import Sketches
import Testing

private let hash = KeyedHash(key: 1)

@Test(arguments: [8, 10, 12, 14])
func theCountOfDistinctValuesIsWithinItsStatedError(precision: Int) throws {
  let standardError = 1.04 / Double(1 << precision).squareRoot()
  for count in [0, 1, 5, 63, 64, 200, 1000, 5000, 20_000, 200_000] {
    var squares = 0.0
    let trials = count > 10_000 ? 3 : 10
    for trial in 0..<trials {
      var sketch = HyperLogLog(precision: precision)
      let key = KeyedHash(key: UInt64(trial) &* 77 &+ 5)
      for i in 0..<count {
        sketch.insert(key.hash(UInt64(i)))
        if i % 3 == 0 { sketch.insert(key.hash(UInt64(i))) }
      }
      if count <= HyperLogLog.listLimit { #expect(sketch.estimate == UInt64(count)) }
      let error = count == 0 ? 0 : (Double(sketch.estimate) - Double(count)) / Double(count)
      #expect(
        abs(error) < 5 * standardError, "\(count) values, precision \(precision), trial \(trial)")
      squares += error * error
    }
    #expect((squares / Double(trials)).squareRoot() < 2 * standardError)
  }
}

@Test func aMergeCountsTheUnionByteForByte() throws {
  for total in [10, 60, 70, 500, 50_000] {
    var whole = HyperLogLog(precision: 10)
    for i in 0..<total { whole.insert(hash.hash(UInt64(i))) }
    var expected = ByteBuffer()
    whole.write(to: &expected)
    for order in [[0, 1, 2], [2, 0, 1]] {
      var merged = HyperLogLog(precision: 10)
      for part in order {
        var sketch = HyperLogLog(precision: 10)
        // Overlapping parts.
        for i in 0..<total where i % 3 == part || i % 5 == 0 { sketch.insert(hash.hash(UInt64(i))) }
        var buffer = ByteBuffer()
        sketch.write(to: &buffer)
        if part == 0 { try merged.merge(sketch) } else { try merged.merge(reading: buffer.bytes) }
      }
      var buffer = ByteBuffer()
      merged.write(to: &buffer)
      #expect(buffer.bytes.copied() == expected.bytes.copied(), "\(total) values, order \(order)")
    }
  }
}

@Test func aPooledSetIsTheSameSketchAsALoneOne() throws {
  var pool = DistinctPool()
  var sets = [DistinctSet](repeating: DistinctSet(), count: 40)
  var generator = Seeded(9)
  var values = [[UInt64]](repeating: [], count: 40)
  for _ in 0..<20_000 {
    // Low sets get few values, high ones many.
    let set = zipf(1, keys: 40, exponent: 1.5, seed: generator.next())[0]
    let value = hash.hash(UInt64.random(in: 0..<2000, using: &generator))
    values[set].append(value)
    pool.insert(value, into: &sets[set])
  }
  for (i, set) in sets.enumerated() {
    var lone = HyperLogLog(precision: 8)
    for value in values[i] { lone.insert(value) }
    var expected = ByteBuffer()
    lone.write(to: &expected)
    var found = ByteBuffer()
    pool.write(set, to: &found)
    #expect(found.bytes.copied() == expected.bytes.copied(), "set \(i) of \(values[i].count)")
    #expect(pool.estimate(set) == lone.estimate)
    #expect(pool.byteCount(set) == found.count)
    // And back, into one that already holds half.
    var again = DistinctSet()
    for value in values[i].prefix(values[i].count / 2) { pool.insert(value, into: &again) }
    try pool.merge(reading: found.bytes, into: &again)
    var merged = ByteBuffer()
    pool.write(again, to: &merged)
    #expect(merged.bytes.copied() == expected.bytes.copied(), "merged set \(i)")
  }
}

@Test func hostileBytesOfADistinctCountAreRefused() {
  var pool = DistinctPool()
  let bad: [[UInt8]] = [
    [1], [1, 2, 3], [0, 0, 0, 0], [15, 0, 0, 0], [20, 0, 0, 0, 20, 0, 0, 0], [21, 0, 0, 0, 20, 0, 0, 0],
    [UInt8](repeating: 26, count: 256), [UInt8](repeating: 0, count: 255), [UInt8](repeating: 1, count: 260),
  ]
  for bytes in bad {
    var set = DistinctSet()
    #expect(throws: SketchError.self) { try pool.merge(reading: bytes.span.bytes, into: &set) }
    #expect(set.isEmpty)
    #expect(throws: SketchError.self) {
      var lone = HyperLogLog(precision: 8)
      try lone.merge(reading: bytes.span.bytes)
    }
  }
}
