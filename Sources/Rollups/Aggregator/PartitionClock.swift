// The watermark of an input partition: the smallest of its live sources'.

import Bytes

/// Sources of one input partition and how far each has come.
struct PartitionClock {
  struct SourceTime {
    var lowWatermark: Nanoseconds
    var isLive: Bool
  }

  let maxLag: Nanoseconds
  var sources: [UInt64: SourceTime] = [:]
  /// No on-time event is older. Never goes back: a source that starts behind it is late.
  private(set) var watermark: Nanoseconds = .min
  /// Largest low watermark of any source.
  private var front: Nanoseconds = .min

  init(maxLag: Nanoseconds) { self.maxLag = max(0, maxLag) }

  /// Takes in a batch's header. O(sources) where the watermark may move, which are few.
  mutating func observe(source: UInt64, lowWatermark: Nanoseconds, isFinal: Bool) {
    var time = sources[source] ?? SourceTime(lowWatermark: .min, isLive: true)
    time.lowWatermark = max(time.lowWatermark, lowWatermark)
    time.isLive = !isFinal
    sources[source] = time
    front = max(front, time.lowWatermark)
    advance()
  }

  /// A source that its owner has declared idle doesn't hold the others back until it speaks again.
  mutating func markIdle(source: UInt64) {
    sources[source]?.isLive = false
    advance()
  }

  private mutating func advance() {
    // A minimum doesn't depend on the order in which the dictionary gives its values.
    var smallest: Nanoseconds = .max
    for time in sources.values where time.isLive { smallest = min(smallest, time.lowWatermark) }
    // Without a live source nothing is waited for but what may still come: the front stands.
    if smallest == .max { smallest = front }
    let (floor, overflow) = front.subtractingReportingOverflow(maxLag)
    watermark = max(watermark, smallest, overflow ? .min : floor)
  }
}
