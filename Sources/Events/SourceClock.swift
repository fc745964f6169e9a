// What a source's stamps are believed to say about its time. The batch writer asks it, in the order of
// the source's lines, so that a forwarder and a replay believe the same.
//
// A stamp far ahead is believed only if lines after it agree: one line from 2099 moves nothing, yet a
// site that sleeps from evening to morning loses no line.

import Bytes

/// How far a source's stamps may stray. All ns.
public struct ClockLimits: Sendable, Equatable {
  /// A stamp older than the source's time less this is late.
  public var maxDisorder: Nanoseconds = 2 * nanosecondsPerSecond
  /// A stamp further than this past the source's time needs the agreement of lines after it.
  public var maxAhead: Nanoseconds = 3600 * nanosecondsPerSecond
  /// So many of the next `horizon` stamps must be no more than `maxAhead` older than it.
  public var agreement = 16
  public var horizon = 64
  /// At the end of a file, where fewer lines follow, most of them must agree and the step be at most this.
  public var maxGap: Nanoseconds = 7 * 86_400 * nanosecondsPerSecond

  public init() {}
}

/// What the clock needs to know of a run of stamps to pass it in O(1). Made while parsing, on any thread.
public struct StampSummary: Sendable, Equatable {
  public var count = 0
  public var first: Nanoseconds = 0
  public var smallest: Nanoseconds = .max
  public var largest: Nanoseconds = .min
  /// The largest step over the highest stamp before it in the run.
  public var largestStep: Nanoseconds = 0
  /// Stamps more than `maxDisorder` older than the highest before them in the run.
  public var late: UInt32 = 0
  public let maxDisorder: Nanoseconds

  public init(maxDisorder: Nanoseconds) { self.maxDisorder = maxDisorder }

  @inlinable @inline(__always)
  public mutating func add(_ stamp: Nanoseconds) {
    if stamp >= largest {
      if count == 0 { first = stamp } else { largestStep = max(largestStep, stamp.minusSaturating(largest)) }
      largest = stamp
    } else if stamp < largest.minusSaturating(maxDisorder) {
      late &+= 1
    }
    smallest = min(smallest, stamp)
    count &+= 1
  }
}

/// One source's time: a plain value, to be kept with the source's position.
public struct SourceClock: Sendable, Equatable {
  public enum Judgement: UInt8, Sendable { case onTime, late, ahead }

  public let limits: ClockLimits
  /// The highest stamp believed; nil before the first.
  public private(set) var time: Nanoseconds?

  /// - Parameter time: What was believed when the source was left, where it is gone on with.
  public init(limits: ClockLimits = ClockLimits(), time: Nanoseconds? = nil) {
    (self.limits, self.time) = (limits, time)
  }

  /// No on-time stamp of the source after this point is older. `.min` before the first stamp.
  public var lowWatermark: Nanoseconds { time?.minusSaturating(limits.maxDisorder) ?? .min }

  /// Passes a run of stamps that holds no surprise, and returns how many of them are late; O(1).
  /// Returns nil, and moves nothing, where the stamps must be judged one by one.
  public mutating func pass(_ run: StampSummary) -> UInt32? {
    guard run.count > 0 else { return 0 }
    if let time {
      // A step over the run's own maximum is at least as large as over the source's time. Where nothing is older
      // than the watermark at the start, what is late is late by the run's own stamps.
      guard run.first <= time.plusSaturating(limits.maxAhead), run.largestStep <= limits.maxAhead,
        run.smallest >= time.minusSaturating(limits.maxDisorder)
      else { return nil }
      self.time = max(time, run.largest)
      return run.late
    }
    // The first run: nothing is known but what the stamps say of each other.
    guard run.count > limits.agreement, run.largestStep <= limits.maxAhead,
      run.smallest >= run.first.minusSaturating(limits.maxAhead)
    else { return nil }
    time = run.largest
    return run.late
  }

  /// Judges stamps one by one. `following` are the stamps after them in the same file, as far as known: the next
  /// `horizon` or more, unless the file ends before.
  ///
  /// O(n), and O(n * horizon) where many are far ahead.
  public mutating func judge(
    _ stamps: Span<Nanoseconds>, following: Span<Nanoseconds>, into judgements: inout [Judgement]
  ) {
    judgements.removeAll(keepingCapacity: true)
    for i in 0..<stamps.count {
      let stamp = stamps[i]
      if let time, stamp <= time.plusSaturating(limits.maxAhead) {
        judgements.append(stamp < time.minusSaturating(limits.maxDisorder) ? .late : .onTime)
        self.time = max(time, stamp)
      } else if isSupported(stamp, at: i, stamps, following) {
        judgements.append(.onTime)
        time = stamp
      } else {
        judgements.append(.ahead)
      }
    }
  }

  private func isSupported(
    _ stamp: Nanoseconds, at index: Int, _ stamps: Span<Nanoseconds>, _ following: Span<Nanoseconds>
  ) -> Bool {
    let floor = stamp.minusSaturating(limits.maxAhead)
    var agreeing = 0
    var seen = 0
    while seen < limits.horizon {
      let next = index + 1 + seen
      let other: Nanoseconds
      if next < stamps.count {
        other = stamps[next]
      } else if next - stamps.count < following.count {
        other = following[next - stamps.count]
      } else {
        break
      }
      seen += 1
      if other >= floor {
        agreeing += 1
        if agreeing >= limits.agreement { return true }
      }
    }
    if seen >= limits.horizon { return false }
    // The file ends: few lines, so most must do.
    guard agreeing * 2 >= seen else { return false }
    guard let time else { return true }
    return stamp <= time.plusSaturating(limits.maxGap)
  }
}

extension Nanoseconds {
  /// The difference, held at the ends of the range.
  @inlinable @inline(__always)
  public func minusSaturating(_ other: Nanoseconds) -> Nanoseconds {
    let (value, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other > 0 ? .min : .max) : value
  }

  /// The sum, held at the ends of the range.
  @inlinable @inline(__always)
  public func plusSaturating(_ other: Nanoseconds) -> Nanoseconds {
    let (value, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : value
  }
}
