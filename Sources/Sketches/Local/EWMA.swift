// An average that forgets, over observations at any times. Local: it is not merged.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

/// Exponentially weighted mean and mean absolute deviation, with time passed in.
///
/// An observation's weight halves every `halfLife`. Observations must not go back in time; those that do count as
/// simultaneous with the last.
public struct EWMA: Sendable, Equatable {
  public let halfLife: Nanoseconds
  public private(set) var mean: Double = 0
  /// Mean absolute difference between an observation and the mean before it.
  public private(set) var deviation: Double = 0
  public private(set) var observations: UInt64 = 0
  public private(set) var lastTime: Nanoseconds = 0

  public init(halfLife: Nanoseconds) { self.halfLife = max(1, halfLife) }

  /// Takes in what held since the last observation. O(1).
  public mutating func observe(_ value: Double, at time: Nanoseconds) {
    guard value.isFinite else { return }
    if observations == 0 {
      mean = value
      lastTime = time
    } else {
      let (elapsed, overflow) = time.subtractingReportingOverflow(lastTime)
      let span = overflow ? (time > lastTime ? Double(Int64.max) : 0) : Double(max(0, elapsed))
      let keep = exp2(-span / Double(halfLife))
      // Until a half-life has passed the plain average is the better guess.
      let gain = max(1 - keep, 1 / Double(observations + 1))
      deviation += gain * (abs(value - mean) - deviation)
      mean += gain * (value - mean)
      lastTime = max(lastTime, time)
    }
    observations &+= 1
  }
}
