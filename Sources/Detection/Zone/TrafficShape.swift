// Who makes up a zone's traffic, in cells by what clients ask, with what, and how: the measure of who
// is in excess when the zone is flooded.

import Bytes

/// Shares of requests by path, by user agent and by manner, learned in calm windows.
///
/// When a window holds many more requests than usual, a cell that is seen E times in calm traffic of the same length
/// and O times now is, to the share 1 - E/O, made of what was added. A client's three cells are combined as independent
/// evidence (naive Bayes), so the answer is the probability that it belongs to the excess.
public struct TrafficShape: Sendable {
  static let cellLimit = 4_096
  static let halfLife: Nanoseconds = 7_200 * nanosecondsPerSecond

  /// The three cells of one client in one window.
  struct Cells {
    var path: UInt64
    var agent: UInt64
    var manner: UInt64

    /// The same of a client's visit, for one that is not in the window.
    init(_ profile: ClientProfile) {
      let visit = profile.visit
      self.init(
        path: profile.topPath, agent: profile.agent, requests: UInt64(visit.requests), assets: UInt64(visit.assets),
        referrers: UInt64(visit.referrers), posts: UInt64(visit.post),
        failed: UInt64(visit.failed) &+ UInt64(visit.serverErrors), paths: profile.paths, queries: profile.queries)
    }

    init(_ row: ClientObservation) {
      let counts = row.counts
      self.init(
        path: row.topPath, agent: row.userAgent, requests: counts.requests, assets: counts.assets,
        referrers: row.referrers, posts: counts.post, failed: counts.status4xx &+ counts.status5xx, paths: row.paths,
        queries: row.queries)
    }

    @inline(__always)
    private init(
      path: UInt64, agent: UInt64, requests: UInt64, assets: UInt64, referrers: UInt64, posts: UInt64, failed: UInt64,
      paths: DistinctBitmap, queries: DistinctBitmap
    ) {
      self.path = path
      self.agent = agent ^ 0x5555
      // Loads assets, says where it came from, posts, fails, wanders, varies its queries.
      var bits: UInt64 = assets > 0 ? 1 : 0
      bits |= referrers &* 2 >= requests && referrers > 0 ? 2 : 0
      bits |= posts &* 2 >= requests ? 4 : 0
      bits |= failed &* 2 >= max(requests, 1) ? 8 : 0
      bits |= paths.occupied > 3 ? 16 : 0
      bits |= queries.occupied > 3 ? 32 : 0
      manner = bits | 1 << 63
    }
  }

  /// A cell as a key. Two of the three kinds are keyed hashes and the third are few, so they need no hash of their own.
  struct Cell: Hashable, Comparable, Sendable {
    let word: UInt64
    init(_ word: UInt64) { self.word = word }
    static func < (a: Cell, b: Cell) -> Bool { a.word < b.word }
    func hash(into hasher: inout Hasher) { hasher.combine(word) }
    func _rawHashValue(seed: Int) -> Int {
      let mixed = (word ^ UInt64(bitPattern: Int64(seed))) &* 0x9e37_79b9_7f4a_7c15
      return Int(truncatingIfNeeded: mixed ^ mixed >> 32)
    }
  }

  var weights: [Cell: Double] = [:]
  var total = 0.0
  var time: Nanoseconds = .min
  /// New weight is worth more as time passes, so that nothing old needs to be touched.
  var scale = 1.0

  init() {}

  /// Starts a calm window: older ones count for less. O(1), now and then O(cells).
  mutating func begin(at now: Nanoseconds) {
    if time != .min { scale /= max(halved(over: now &- time, halfLife: Self.halfLife), 1e-6) }
    time = max(time, now)
    guard scale > 1e12 || weights.count > 2 * Self.cellLimit else { return }
    for (cell, weight) in weights {
      let left = weight / scale
      weights[cell] = left < 0.01 ? nil : left
    }
    total /= scale
    scale = 1
    if weights.count > Self.cellLimit {
      // The heaviest stay; ties by cell, so that the order of the dictionary does not show.
      let kept = weights.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.prefix(
        Self.cellLimit / 2)
      weights = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
  }

  mutating func add(_ cells: Cells, requests: UInt64) {
    let weight = Double(requests) * scale
    weights[Cell(cells.path), default: 0] += weight
    weights[Cell(cells.agent), default: 0] += weight
    weights[Cell(cells.manner), default: 0] += weight
    total += weight
  }

  /// Share of calm requests in a cell, never quite 0.
  func share(_ cell: UInt64) -> Double {
    total <= 0 ? 0 : ((weights[Cell(cell)] ?? 0) / scale + 0.1) / (total / scale + 10)
  }

  /// Calm requests of a cell, of the last hours.
  func requests(_ cell: UInt64) -> Double { (weights[Cell(cell)] ?? 0) / scale }

  /// What a window in excess shows, cell by cell.
  struct Excess {
    private var observed: [UInt64: UInt64] = [:]
    private(set) var requests: UInt64 = 0

    mutating func add(_ cells: Cells, requests: UInt64) {
      observed[cells.path, default: 0] &+= requests
      observed[cells.agent, default: 0] &+= requests
      observed[cells.manner, default: 0] &+= requests
      self.requests &+= requests
    }

    /// Probability that a client in these cells is part of what was added to `expected` requests.
    func posterior(_ cells: Cells, expected: Double, shape: TrafficShape) -> Double {
      let prior = min(max(1 - expected / Double(max(requests, 1)), 0.02), 0.98)
      let priorOdds = prior / (1 - prior)
      var odds = priorOdds
      var told = 0
      for cell in [cells.path, cells.agent, cells.manner] {
        let seen = Double(observed[cell] ?? 1)
        // One or two requests for a page that nobody else asks for say nothing either way.
        if seen <= 2 { continue }
        told += 1
        let added = min(max(1 - expected * shape.share(cell) / seen, 0.02), 0.98)
        odds *= added / (1 - added) / priorOdds
      }
      // How somebody goes about it is shared with many; what he asks for, or with what, must tell as well.
      return told < 2 ? 0 : odds / (1 + odds)
    }
  }
}
