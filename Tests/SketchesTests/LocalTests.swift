import Sketches
import Testing

@Test func anAverageForgetsByHalfEveryHalfLife() {
  var average = EWMA(halfLife: 10)
  for time in 0..<1000 { average.observe(100, at: Int64(time)) }
  #expect(abs(average.mean - 100) < 1e-9)
  #expect(average.deviation < 1e-9)
  average.observe(0, at: 1009)
  #expect(abs(average.mean - 50) < 1e-6)
  // Back in time counts as at once; nothing that isn't a number counts.
  let before = average.mean
  average.observe(.nan, at: 2000)
  #expect(average.mean == before)
  average.observe(10, at: -5)
  #expect(average.mean < before)
  average.observe(1, at: .max)
  average.observe(1, at: .min)
  #expect(average.mean.isFinite)
}

@Test func aRingKeepsTheLast() {
  var ring = RingBuffer<Int>(capacity: 3)
  #expect(ring.last == nil)
  for i in 0..<3 { #expect(ring.append(i) == nil) }
  #expect(ring.append(3) == 0)
  #expect(ring.append(4) == 1)
  #expect((0..<ring.count).map { ring[$0] } == [2, 3, 4])
  #expect(ring.last == 4)
}

@Test func whatWasUsedLongestAgoGoesFirst() {
  var cache = LRU<String, Int>(capacity: 2)
  cache.set(1, for: "a")
  cache.set(2, for: "b")
  #expect(cache.value(for: "a") == 1)
  #expect(cache.set(3, for: "c")?.key == "b")
  #expect(cache.value(for: "b") == nil)
  #expect(cache.peek("a") == 1)
  cache.set(4, for: "a")
  #expect(cache.set(5, for: "d")?.key == "c")
  var keys: [String] = []
  cache.forEach { key, _ in keys.append(key) }
  #expect(keys == ["d", "a"])
}

@Test func aCacheOfOneAlwaysHoldsTheLast() {
  var cache = LRU<Int, Int>(capacity: 1)
  for i in 0..<10 {
    cache.set(i, for: i)
    #expect(cache.value(for: i) == i)
    #expect(cache.count == 1)
  }
}
