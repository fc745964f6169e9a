// Exponential forgetting, with time passed in.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

/// The share of an old value that is left after `elapsed` ns when it halves every `halfLife`. 1 where time stood still.
func halved(over elapsed: Nanoseconds, halfLife: Nanoseconds) -> Double {
  elapsed <= 0 ? 1 : exp2(-Double(elapsed) / Double(max(halfLife, 1)))
}

/// A sum that forgets: each addition halves in weight every `halfLife`.
struct DecayedSum: Sendable {
  var value = 0.0
  var time: Nanoseconds = .min

  mutating func add(_ amount: Double, at now: Nanoseconds, halfLife: Nanoseconds) {
    if time != .min { value *= halved(over: now &- time, halfLife: halfLife) }
    value += amount
    time = max(time, now)
  }
}
