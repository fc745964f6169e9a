// Seeded streams for property tests.

import Bytes

/// SplitMix64 as a generator.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 { splitMix(&state) }
}

/// `count` draws from a Zipf distribution of exponent `s` over 0..<keys.
func zipf(_ count: Int, keys: Int, exponent: Double, seed: UInt64) -> [Int] {
  var generator = Seeded(seed)
  var cumulative: [Double] = []
  var sum = 0.0
  for rank in 1...keys {
    // rank^-s for s in {0.5, 1, 1.5} without libm.
    let x = Double(rank)
    sum += exponent == 1 ? 1 / x : exponent == 0.5 ? 1 / x.squareRoot() : 1 / (x * x.squareRoot())
    cumulative.append(sum)
  }
  return (0..<count).map { _ in
    let u = Double.random(in: 0..<sum, using: &generator)
    var (low, high) = (0, keys - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] <= u { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
