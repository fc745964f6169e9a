// When people are awake: requests by hour of the day and day of the week.

import Bytes

#if canImport(Glibc)
  import Glibc
#endif

enum DayCurve {
  /// The largest value of `weight`.
  static let highest = 1.75

  /// Traffic at `time` relative to the week's mean: lowest near 4 h, highest near 20 h, weekends fuller in the morning
  /// and emptier at night.
  static func weight(at time: Nanoseconds) -> Double {
    let hour = Double(time / 1_000_000_000 % 86_400) / 3600
    let day = (time / 86_400_000_000_000 + 3) % 7  // Monday is 0.
    let main = cos((hour - 19.5) * .pi / 12)
    let lunch = cos((hour - 12.5) * .pi / 6)
    let weekend = day >= 5
    let curve = 1 + 0.5 * main + (weekend ? 0.02 : 0.1) * lunch
    return min(highest, max(0.15, curve * (weekend ? 0.9 : 1.04)))
  }

  /// The mean of `value` over a stretch of time.
  static func mean(from start: Nanoseconds, for duration: Nanoseconds, _ value: (Nanoseconds) -> Double) -> Double {
    let samples = 500
    let sum = (0..<samples).reduce(0.0) { $0 + value(start + duration / Int64(samples) * Int64($1)) }
    return sum / Double(samples)
  }

  /// Whether an office is open.
  static func isOfficeHour(_ time: Nanoseconds) -> Bool {
    let hour = time / 3_600_000_000_000 % 24
    return hour >= 8 && hour < 18 && (time / 86_400_000_000_000 + 3) % 7 < 5
  }
}
