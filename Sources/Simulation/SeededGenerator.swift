// Where all chance in a simulation comes from: one 64-bit state, the same numbers for the same seed
// on every machine.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

/// Repeatable random numbers (SplitMix64). A copy goes on by itself from where it was copied.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  var state: UInt64

  public init(seed: UInt64) { state = seed }

  @inline(__always)
  public mutating func next() -> UInt64 { splitMix(&state) }

  /// 0 ..< `bound`; 0 where `bound` is not positive.
  @inline(__always)
  public mutating func below(_ bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// 0 ..< 1.
  @inline(__always)
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  @inline(__always)
  public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// Waiting time until the next event of a Poisson process.
  public mutating func exponential(mean: Double) -> Double { -log(1 - unit()) * mean }

  /// A rank from 0 with probability falling as 1/(rank + 1): Zipf's law with exponent 1, by inverting its
  /// continuous form.
  public mutating func zipf(_ count: Int) -> Int {
    guard count > 1 else { return 0 }
    return min(count - 1, Int(exp(unit() * log(Double(count) + 1))) - 1)
  }

  public mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

  /// A generator of its own, unaffected by how many numbers this one gives later.
  public mutating func split() -> SeededGenerator { SeededGenerator(seed: next() ^ 0x9e37_79b9_7f4a_7c15) }
}
