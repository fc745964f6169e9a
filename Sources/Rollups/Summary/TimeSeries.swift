// Traffic over time in a bounded number of points: when they don't suffice, every two become one.

import Bytes
import Sketches

/// Sums by time with a resolution that adapts: at most `limit` points, each `step` ns long and starting at a multiple
/// of it since the epoch. The step is the smallest power of two of the first that lets all times fit, so the
/// result depends on neither the order nor the grouping of what was added.
public struct TimeSeries: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public var requests: UInt64 = 0
    public var bytes: UInt64 = 0
    public var status1xx: UInt64 = 0
    public var status2xx: UInt64 = 0
    public var status3xx: UInt64 = 0
    public var status4xx: UInt64 = 0
    public var status5xx: UInt64 = 0
    public var matched: UInt64 = 0
    public init() {}

    static func += (a: inout Self, b: Self) {
      a.requests = a.requests.saturatingAdd(b.requests)
      a.bytes = a.bytes.saturatingAdd(b.bytes)
      a.status1xx = a.status1xx.saturatingAdd(b.status1xx)
      a.status2xx = a.status2xx.saturatingAdd(b.status2xx)
      a.status3xx = a.status3xx.saturatingAdd(b.status3xx)
      a.status4xx = a.status4xx.saturatingAdd(b.status4xx)
      a.status5xx = a.status5xx.saturatingAdd(b.status5xx)
      a.matched = a.matched.saturatingAdd(b.matched)
    }
  }

  public let limit: Int
  public private(set) var step: Nanoseconds
  /// Without gaps, from `start` on.
  public private(set) var points: [Point] = []
  /// Number of the first point: its time over the step.
  private var first: Int64 = 0

  public init(step: Nanoseconds, limit: Int = 240) {
    self.step = max(1, step)
    self.limit = max(2, limit)
  }

  /// Time of the first point, ns.
  public var start: Nanoseconds {
    let (time, overflow) = first.multipliedReportingOverflow(by: step)
    return overflow ? .min : time
  }

  /// Adds what happened in a window that starts at `time`. O(1), O(limit) when the step grows.
  public mutating func add(_ point: Point, at time: Nanoseconds) {
    var place = CivilTime.floorDivide(time, step)
    if points.isEmpty {
      first = place
      points.append(Point())
    }
    while !fits(place) {
      guard step <= .max / 2 else { return }
      coarsen()
      place = CivilTime.floorDivide(time, step)
    }
    if place < first {
      points.insert(contentsOf: repeatElement(Point(), count: Int(first - place)), at: 0)
      first = place
    }
    let index = Int(place - first)
    while points.count <= index { points.append(Point()) }
    points[index] += point
  }

  private func fits(_ place: Int64) -> Bool {
    let (last, _) = first.addingReportingOverflow(Int64(points.count) - 1)
    let (span, overflow) = max(last, place).subtractingReportingOverflow(min(first, place))
    return !overflow && span < Int64(limit)
  }

  /// Doubles the step.
  private mutating func coarsen() {
    let newFirst = CivilTime.floorDivide(first, 2)
    var merged: [Point] = []
    for (i, point) in points.enumerated() {
      let place = Int(CivilTime.floorDivide(first + Int64(i), 2) - newFirst)
      if place == merged.count { merged.append(point) } else { merged[place] += point }
    }
    points = merged
    first = newFirst
    step *= 2
  }
}
