// How many send each form as one is meant to: after loading the page that it stands on.

import Bytes

/// Addresses that lately sent a form, by a hash of its path, among those that load pages with what belongs to them.
///
/// A table of cells without the paths themselves: two forms that share a cell both count as more used than they are, which
/// only makes the tests more careful. The cells halve every day.
struct FormSenders: Sendable {
  static let cells = 512
  static let step: Nanoseconds = ZoneContext.hour

  /// Empty until somebody sends a form.
  var counts: [Float] = []
  var time: Nanoseconds = .min

  mutating func count(_ path: UInt64, at now: Nanoseconds) {
    if counts.isEmpty { (counts, time) = ([Float](repeating: 0, count: Self.cells), now) }
    if now &- time >= Self.step {
      let kept = Float(halved(over: now &- time, halfLife: ZoneContext.day))
      for i in counts.indices { counts[i] *= kept }
      time = now
    }
    counts[Self.cell(path)] += 1
  }

  /// About how many in the last day.
  func number(_ path: UInt64) -> Double { counts.isEmpty ? 0 : Double(counts[Self.cell(path)]) / 1.44 }

  private static func cell(_ path: UInt64) -> Int { Int(truncatingIfNeeded: path >> 20) & (cells - 1) }

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
