import Bytes
import Sketches
import Testing

@Test(arguments: 1...5 as ClosedRange<UInt64>)
func quantilesAreWithinTheirRelativeError(seed: UInt64) {
  var generator = Seeded(seed)
  var sketch = QuantileSketch()
  var values: [UInt64] = []
  for rank in zipf(20_000, keys: 3000, exponent: 1, seed: seed) {
    let value = UInt64(rank) * UInt64(rank) + UInt64.random(in: 0..<50, using: &generator)
    values.append(value)
    sketch.add(value)
  }
  values.sort()
  for q in [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
    let exact = Double(values[Int(q * Double(values.count - 1))])
    let found = Double(sketch.quantile(q)!)
    #expect(abs(found - exact) <= exact * QuantileSketch.relativeError + 0.5, "q \(q), seed \(seed)")
  }
}

@Test func everyValueFallsIntoABucketThatRepresentsIt() {
  var generator = Seeded(4)
  for shift in 0..<64 {
    for _ in 0..<50 {
      let value = UInt64.random(in: 0...(.max >> UInt64(shift)), using: &generator)
      var sketch = QuantileSketch()
      sketch.add(value)
      let found = sketch.quantile(0.5)!
      let error = Double(found > value ? found - value : value - found)
      #expect(error <= Double(value) * QuantileSketch.relativeError + 0.5, "\(value) read as \(found)")
    }
  }
}

@Test func mergedQuantilesAreThoseOfTheUnion() throws {
  let stream = zipf(5000, keys: 4000, exponent: 0.5, seed: 8).map { UInt64($0) * 1000 }
  var whole = QuantileSketch()
  for value in stream { whole.add(value) }
  var expected = ByteBuffer()
  whole.write(to: &expected)
  for order in [[0, 1, 2], [2, 1, 0]] {
    var merged = QuantileSketch()
    for part in order {
      var sketch = QuantileSketch()
      for (i, value) in stream.enumerated() where i % 3 == part { sketch.add(value) }
      var buffer = ByteBuffer()
      sketch.write(to: &buffer)
      if part == 0 { merged.merge(sketch) } else { try merged.merge(reading: buffer.bytes) }
    }
    var buffer = ByteBuffer()
    merged.write(to: &buffer)
    #expect(buffer.bytes.copied() == expected.bytes.copied())
    #expect(merged.count == whole.count)
  }
}

@Test func pastTheLimitTheLowBucketsCollapseAndTheHighQuantilesHold() {
  for descending in [false, true] {
    var sketch = QuantileSketch(bucketLimit: 64)
    let values = (0..<60).map { UInt64(1) << UInt64($0) }
    for value in descending ? values.reversed() : values { sketch.add(value) }
    #expect(sketch.count == 60)
    #expect(sketch.quantile(1)! >> 59 == 1)
    #expect(sketch.quantile(0)! >= 1 << 56)
  }
}

@Test func anEmptySketchHasNoQuantileAndHostileBytesAreRefused() {
  var sketch = QuantileSketch()
  #expect(sketch.quantile(0.5) == nil)
  let good: [UInt8] = [1, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0]
  #expect(throws: Never.self) { try sketch.merge(reading: good.span.bytes) }
  #expect(sketch.quantile(0.5) == 5)
  let entry = Array(good[3...])
  let hostile: [[UInt8]] = [
    [2], [1, 5], [1, 0xff, 0xff] + entry, [1, 5, 0] + [UInt8](repeating: 0, count: 8), good + Array(good[1...]),
  ]
  for bad in hostile {
    #expect(throws: SketchError.self) { try sketch.merge(reading: bad.span.bytes) }
  }
  #expect(sketch.count == 1)
}
