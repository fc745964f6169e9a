import Bytes
import Sketches
import Testing

private let hash = KeyedHash(key: 3)

@Test func aSampleIsTheSameHoweverTheStreamWasSplit() throws {
  let items = (0..<5000).map {
    (item: UInt32($0), rank: BottomK<UInt32>.rank(hash: hash.hash(9, UInt64($0)), weight: 1))
  }
  var whole = BottomK<UInt32>(capacity: 64)
  for (item, rank) in items { whole.insert(item, rank: rank) }
  let expected = whole.sorted().map(\.item)
  #expect(expected == Array(items.sorted { $0.rank < $1.rank }.prefix(64).map(\.item)))
  for order in [[0, 1, 2, 3], [2, 3, 1, 0]] {
    var merged = BottomK<UInt32>(capacity: 64)
    for part in order {
      var sample = BottomK<UInt32>(capacity: 64)
      for (item, rank) in items where item % 4 == UInt32(part) { sample.insert(item, rank: rank) }
      var buffer = ByteBuffer()
      sample.write(to: &buffer) { item, out in for i in 0..<4 { out.append(UInt8(truncatingIfNeeded: item >> (8 * i))) }
      }
      try merged.merge(reading: buffer.bytes) { bytes throws(SketchError) in
        guard bytes.byteCount == 4 else { throw .wrongLength(expected: 4, found: bytes.byteCount) }
        return (0..<4).reduce(0) { $0 | UInt32(bytes[$1]) << UInt32(8 * $1) }
      }
    }
    #expect(merged.sorted().map(\.item) == expected)
  }
  #expect(abs(whole.populationEstimate - 5000) < 5000 * 5 / 63.0.squareRoot())
}

@Test func aShareEstimatedFromASampleIsWithinItsStatedError() {
  for seed in 1...20 as ClosedRange<UInt64> {
    let key = KeyedHash(key: seed)
    var sample = BottomK<Bool>(capacity: 256)
    // A quarter of a Zipf stream's distinct positions is marked.
    for (i, rank) in zipf(20_000, keys: 1000, exponent: 1, seed: seed).enumerated() {
      sample.insert(rank < 10, rank: BottomK<Bool>.rank(hash: key.hash(1, UInt64(i)), weight: 1))
    }
    let truth = Double(zipf(20_000, keys: 1000, exponent: 1, seed: seed).count { $0 < 10 }) / 20_000
    let share = Double(sample.sorted().count { $0.item }) / 256
    #expect(abs(share - truth) < 5 * 0.5 / 255.0.squareRoot(), "seed \(seed): \(share) for \(truth)")
  }
}

@Test func heavyItemsAreKeptInProportionToTheirWeight() {
  var heavy = 0
  for seed in 1...200 as ClosedRange<UInt64> {
    let key = KeyedHash(key: seed)
    var sample = BottomK<Bool>(capacity: 10)
    for i in 0..<1000 as Range<UInt64> {
      sample.insert(i < 100, rank: BottomK<Bool>.rank(hash: key.hash(i), weight: i < 100 ? 9 : 1))
    }
    heavy += sample.sorted().count { $0.item }
  }
  // Half of the weight is heavy, so about half of the sample.
  #expect(abs(Double(heavy) / 2000 - 0.5) < 0.06)
}
