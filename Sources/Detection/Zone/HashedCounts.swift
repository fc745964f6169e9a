// How often something was seen lately, without keeping what: forms sent as one is meant to, missing pages that links lead
// to, browsers that load what belongs to a page.

import Bytes

/// Counts by a hash of what is counted, halved every day.
///
/// A table of cells: two values that share a cell both count as more than they are, which only makes the tests that ask
/// more careful.
struct HashedCounts: Sendable {
  static let cells = 512
  static let step: Nanoseconds = ZoneContext.hour

  /// Empty until something is counted.
  var counts: [Float] = []
  var time: Nanoseconds = .min

  mutating func count(_ value: UInt64, at now: Nanoseconds) {
    if counts.isEmpty { (counts, time) = ([Float](repeating: 0, count: Self.cells), now) }
    if now &- time >= Self.step {
      let kept = Float(halved(over: now &- time, halfLife: ZoneContext.day))
      for i in counts.indices { counts[i] *= kept }
      time = now
    }
    counts[Self.cell(value)] += 1
  }

  /// About how many in the last day.
  func number(_ value: UInt64) -> Double { counts.isEmpty ? 0 : Double(counts[Self.cell(value)]) / 1.44 }

  private static func cell(_ value: UInt64) -> Int { Int(truncatingIfNeeded: value >> 20) & (cells - 1) }

  func write(to state: inout StateWriter) {
    state.signed(time)
    state.count(counts.count)
    for count in counts { state.number(Double(count)) }
  }

  init() {}

  init(from state: inout StateReader) throws(StateError) {
    time = try state.signed()
    let count = try state.count(ofAtLeast: 8)
    guard count == 0 || count == Self.cells else { throw .invalid("\(count) cells", at: state.position) }
    for _ in 0..<count { counts.append(Float(try state.double())) }
  }
}
