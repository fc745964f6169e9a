// The watermark of an input partition: the smallest of its live sources'.

import Bytes

/// Sources of one input partition and how far each has come.
struct PartitionClock {
  struct SourceTime {
    var lowWatermark: Nanoseconds
    var isLive: Bool
  }

  /// Sources remembered at most; the quietest and furthest behind is forgotten first.
  static var mostSources: Int { 16_384 }
  /// What a source says to be beyond it (in the year 2260) counts as this: windows and lags can be added to a watermark,
  /// and none looks like the end of all, `.max`.
  static var latest: Nanoseconds { .max - 800 * 86_400 * nanosecondsPerSecond }

  let maxLag: Nanoseconds
  var sources: [UInt64: SourceTime] = [:]
  /// No on-time event is older. Never goes back: a source that starts behind it is late.
  var watermark: Nanoseconds = .min
  /// Largest low watermark of any source.
  var front: Nanoseconds = .min
  /// Somebody who sees all sources says how far they have come: what single ones say is not asked.
  private var isLed = false

  init(maxLag: Nanoseconds) { self.maxLag = max(0, maxLag) }

  /// Takes in a batch's header. O(sources) where the watermark may move, which are few.
  mutating func observe(source: UInt64, lowWatermark said: Nanoseconds, isFinal: Bool) {
    if isLed { return }
    let lowWatermark = min(said, Self.latest)
    if isFinal {
      // The end of time says that this source is done, not how far the others are.
      if said < .max { front = max(front, lowWatermark) }
      sources[source] = nil
    } else {
      var time = sources[source] ?? SourceTime(lowWatermark: .min, isLive: true)
      time.lowWatermark = max(time.lowWatermark, lowWatermark)
      time.isLive = true
      sources[source] = time
      front = max(front, time.lowWatermark)
      if sources.count > Self.mostSources { forgetOne() }
    }
    advance()
  }

  /// Bounds what ids made up by a sender can take. Which one goes doesn't depend on the order of the dictionary.
  private mutating func forgetOne() {
    let least = sources.min {
      ($0.value.isLive ? 1 : 0, $0.value.lowWatermark, $0.key) < (
        $1.value.isLive ? 1 : 0, $1.value.lowWatermark, $1.key
      )
    }
    if let least { sources[least.key] = nil }
  }

  /// A source that its owner has declared idle doesn't hold the others back until it speaks again.
  ///
  /// - Parameter lowWatermark: Where the source stood when that was decided; one that has gone on since is not idle.
  mutating func markIdle(source: UInt64, at lowWatermark: Nanoseconds? = nil) {
    guard let time = sources[source], lowWatermark.map({ min($0, Self.latest) == time.lowWatermark }) ?? true
    else { return }
    sources[source]?.isLive = false
    advance()
  }

  /// All sources have come so far, those too that were not heard of yet. O(1).
  mutating func lead(to watermark: Nanoseconds) {
    isLed = true
    sources.removeAll()
    self.watermark = max(self.watermark, watermark)
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
