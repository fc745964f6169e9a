import AllocationCounter
import Bytes
import Sketches
import Testing

private let hash = KeyedHash(key: 7)

private func add(_ key: Int, _ weight: UInt64 = 1, to sketch: inout SpaceSaving) {
  let key = bytes("/path/\(key)")
  sketch.add(key.span.bytes, hash: hash.hash(key.span.bytes), weight: weight)
}
private func hashOf(_ key: Int) -> UInt64 { hash.hash(bytes("/path/\(key)").span.bytes) }

private func expectBounds(_ sketch: borrowing SpaceSaving, _ truth: [Int: UInt64], _ note: String) {
  let total = truth.values.reduce(0, +)
  #expect(sketch.total == total)
  #expect(sketch.floor <= total / UInt64(sketch.capacity), "\(note)")
  for (key, count) in truth {
    let (lower, upper) = sketch.bounds(hashOf(key))
    if !(lower <= count && count <= upper && upper - lower <= sketch.floor) {
      Issue.record("\(note): key \(key) weighs \(count), not in \(lower)...\(upper), floor \(sketch.floor)")
    }
    if count > total / UInt64(sketch.capacity) { #expect(lower > 0, "\(note): heavy key \(key) is not held") }
  }
}

@Test(arguments: [0.5, 1, 1.5], [1, 2, 3] as [UInt64])
func boundsHoldOnZipfData(exponent: Double, seed: UInt64) {
  for capacity in [1, 10, 100, 1000] {
    var sketch = SpaceSaving(capacity: capacity)
    var truth: [Int: UInt64] = [:]
    var generator = Seeded(seed)
    for key in zipf(20_000, keys: 5000, exponent: exponent, seed: seed) {
      let weight = UInt64.random(in: 1...5, using: &generator)
      add(key, weight, to: &sketch)
      truth[key, default: 0] += weight
    }
    expectBounds(sketch, truth, "capacity \(capacity), exponent \(exponent), seed \(seed)")
    #expect(sketch.count <= 2 * capacity)
  }
}

@Test(arguments: 1...5 as ClosedRange<UInt64>)
func mergedBoundsHoldWhicheverTheOrder(seed: UInt64) throws {
  var truth: [Int: UInt64] = [:]
  let stream = zipf(20_000, keys: 5000, exponent: 1, seed: seed)
  for key in stream { truth[key, default: 0] += 1 }
  for order in [[0, 1, 2, 3], [3, 1, 0, 2]] {
    var merged = SpaceSaving(capacity: 100)
    for part in order {
      var sketch = SpaceSaving(capacity: 100)
      for (i, key) in stream.enumerated() where i % 4 == part { add(key, to: &sketch) }
      // Through bytes, as partials travel.
      var buffer = ByteBuffer()
      sketch.write(to: &buffer)
      merged.merge(try SpaceSaving(reading: buffer.bytes))
    }
    expectBounds(merged, truth, "order \(order), seed \(seed)")
  }
}

@Test func belowItsCapacityTheMergeIsTheUnionExactly() {
  let stream = zipf(5000, keys: 150, exponent: 1, seed: 11)
  var whole = SpaceSaving(capacity: 100)
  for key in stream { add(key, to: &whole) }
  var expected = ByteBuffer()
  whole.write(to: &expected)
  for parts in [2, 3, 7] {
    var merged = SpaceSaving(capacity: 100)
    for part in (0..<parts).reversed() {
      var sketch = SpaceSaving(capacity: 100)
      for (i, key) in stream.enumerated() where i % parts == part { add(key, to: &sketch) }
      merged.merge(sketch)
    }
    var buffer = ByteBuffer()
    merged.write(to: &buffer)
    #expect(buffer.bytes.copied() == expected.bytes.copied(), "\(parts) parts")
    #expect(merged.floor == 0)
  }
}

@Test func theTopIsByCountThenKey() {
  var sketch = SpaceSaving(capacity: 10)
  for (key, count) in [(3, 2), (1, 2), (2, 9)] { add(key, UInt64(count), to: &sketch) }
  var order: [String] = []
  sketch.top(3) { order.append(sketch.key($0).decodedString()) }
  #expect(order == ["/path/2", "/path/1", "/path/3"])
}

@Test func hostileBytesOfASketchAreRefused() throws {
  var sketch = SpaceSaving(capacity: 20)
  for key in zipf(1000, keys: 100, exponent: 1, seed: 3) { add(key, to: &sketch) }
  var buffer = ByteBuffer()
  sketch.write(to: &buffer)
  let good = buffer.bytes.copied()
  for length in 0..<good.count {
    #expect(throws: SketchError.self) { _ = try SpaceSaving(reading: good[0..<length].span.bytes) }
  }
  var generator = Seeded(5)
  for _ in 0..<2000 {
    var bad = good
    for _ in 0..<3 {
      bad[Int.random(in: 0..<bad.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
    }
    // Whatever it says, it doesn't trap.
    if let read = try? SpaceSaving(reading: bad.span.bytes) { #expect(read.count <= 2 * read.capacity) }
  }
}

@Test func countingAllocatesNothingAfterWarmUp() {
  var sketch = SpaceSaving(capacity: 500)
  let keys = (0..<5000).map { bytes("/path/\($0)") }
  func run() { for key in keys { sketch.add(key.span.bytes, hash: hash.hash(key.span.bytes)) } }
  run()
  sketch.removeAll()
  let before = allocation_count()
  run()
  #expect(allocation_count() == before)
}
