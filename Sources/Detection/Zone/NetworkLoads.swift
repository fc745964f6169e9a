// What single networks usually send to a zone, and whether one of them sends far more: many of its addresses, each of
// which does too little to be seen by itself.

import Bytes
import Rollups

/// Rates of the networks (/24, /48) from which more than a trickle comes; all others are known to send less than
/// `leastRate`. Bounded at `limit` networks, the longest unseen goes first.
struct NetworkLoads: Sendable {
  static let limit = 256
  /// Requests a second from which a network is remembered.
  static let leastRate = 1.0
  /// Times the largest rate of its earlier hours.
  static let ratio = 3.0
  /// Addresses that take part in one window.
  static let leastAddresses = 8

  struct Load: Sendable {
    /// The largest rate of a window in earlier hours, halved each week; 0 where nothing is known.
    var usual = 0.0
    var hour: Int64 = .min
    var hourPeak = 0.0
    var last: Nanoseconds = .min
    /// Requests beyond the usual since `began`.
    var excess = 0.0
    var began: Nanoseconds = .min
    var isOn = false
  }
  private(set) var loads: [IPAddress: Load] = [:]

  /// A network in one window: rows that stand together, for rows are in order of address.
  struct Share {
    var network: IPAddress
    var rows: Range<Int>
    var requests: UInt64
  }

  /// Networks of a window that send `leastRate` or more. O(rows).
  static func shares(of window: WindowActivity) -> [Share] {
    let seconds = max(Double(window.length) / 1e9, 1e-3)
    guard Double(window.counts.requests) >= leastRate * seconds else { return [] }
    var shares: [Share] = []
    window.clients.withUnsafeBufferPointer { rows in
      var i = 0
      while i < rows.count {
        let network = rows[i].address.network
        let first = i
        var requests: UInt64 = 0
        while i < rows.count, rows[i].address.network == network {
          requests = saturating(requests, rows[i].counts.requests)
          i += 1
        }
        if Double(requests) >= leastRate * seconds {
          shares.append(Share(network: network, rows: first..<i, requests: requests))
        }
      }
    }
    return shares
  }

  /// What a burst from one network is.
  struct Burst {
    var network: IPAddress
    var members: [Int]
    var rate: Double
    var usual: Double
    var threshold: Double
    var began: Nanoseconds
    /// It was not known before.
    var isNew: Bool
  }

  /// Looks at a window's networks.
  /// - Parameters:
  ///   - calm: Whether the zone is known well enough, and no flood of all of it is on: only then is anything found.
  ///   - departure: How the whole zone compares with what it expects.
  ///   - takesPart: Whether a row could be part of a flood; asked only for networks that send far more than usual.
  mutating func judge(
    _ window: WindowActivity, calm: Bool, departure: RateBaseline.Departure, settings: BehaviourSettings,
    takesPart: (Int) -> Bool
  ) -> [Burst] {
    let shares = Self.shares(of: window)
    let seconds = max(Double(window.length) / 1e9, 1e-3)
    let least = max(settings.networkFloodRate, 0.1 * departure.expected)
    var bursts: [Burst] = []
    var hostile: UInt64 = 0
    for share in shares {
      let rate = Double(share.requests) / seconds
      let known = loads[share.network]
      let threshold = max(least, Self.ratio * max(known?.usual ?? 0, Self.leastRate))
      // What is on stays on down to half of that.
      guard calm, rate >= (known?.isOn == true ? threshold / 2 : threshold), share.rows.count >= Self.leastAddresses
      else { continue }
      var members: [Int] = []
      var sent: UInt64 = 0
      var largest: UInt64 = 0
      for i in share.rows where takesPart(i) {
        members.append(i)
        sent = saturating(sent, window.clients[i].counts.requests)
        largest = max(largest, window.clients[i].counts.requests)
      }
      // Readers behind a carrier's addresses load pages; one that is loud by itself is told as that.
      guard members.count >= Self.leastAddresses, Double(sent) >= 0.8 * Double(share.requests),
        largest <= sent / 2
      else { continue }
      hostile = saturating(hostile, share.requests)
      bursts.append(
        Burst(
          network: share.network, members: members, rate: rate, usual: known?.usual ?? 0, threshold: threshold,
          began: window.start, isNew: true))
    }
    // What the whole zone does, after a link or a message to all phones, no network does by itself.
    let rest = Double(window.counts.requests &- min(hostile, window.counts.requests)) / seconds
    let isCommon = rest > max(2 * departure.expected, departure.expected + 4 * departure.spread)
    for share in shares where !bursts.contains(where: { $0.network == share.network }) {
      learn(share, rate: Double(share.requests) / seconds, at: window.start)
    }
    return isCommon ? [] : bursts.compactMap { confirm($0, window: window, seconds: seconds, settings: settings) }
  }

  /// Sums up what a network sent beyond the usual, and returns the burst once that is enough.
  private mutating func confirm(
    _ burst: Burst, window: WindowActivity, seconds: Double, settings: BehaviourSettings
  ) -> Burst? {
    var load = known(burst.network, at: window.start)
    defer { loads[burst.network] = load }
    if window.start &- load.last > FloodTest.calm { (load.excess, load.began, load.isOn) = (0, .min, false) }
    load.last = window.end
    if load.began == .min { load.began = window.start }
    load.excess += max(0, burst.rate - max(load.usual, Self.leastRate)) * seconds
    guard load.excess >= settings.floodRate * FloodTest.patience else { return nil }
    var burst = burst
    (burst.began, burst.isNew) = (load.began, !load.isOn)
    load.isOn = true
    return burst
  }

  private mutating func learn(_ share: Share, rate: Double, at start: Nanoseconds) {
    var load = known(share.network, at: start)
    // What ebbs away is no habit.
    if load.isOn, start &- load.last <= FloodTest.calm { return }
    load.last = max(load.last, start)
    load.isOn = false
    (load.excess, load.began) = (0, .min)
    load.hourPeak = max(load.hourPeak, rate)
    loads[share.network] = load
  }

  /// A network with the hours that are over learned.
  private mutating func known(_ network: IPAddress, at start: Nanoseconds) -> Load {
    let hour = CivilTime.floorDivide(start, SeasonalRates.hour)
    guard var load = loads[network] else {
      if loads.count >= Self.limit {
        let oldest = loads.min { $0.value.last != $1.value.last ? $0.value.last < $1.value.last : $0.key < $1.key }
        if let oldest { loads[oldest.key] = nil }
      }
      var new = Load()
      (new.hour, new.last) = (hour, start)
      return new
    }
    if load.hour != hour {
      let elapsed = min(max(hour &- max(load.hour, 0), 0), 100_000)
      let kept = halved(over: elapsed &* SeasonalRates.hour, halfLife: 168 * SeasonalRates.hour)
      load.usual = max(load.usual * kept, load.hourPeak)
      (load.hour, load.hourPeak) = (hour, 0)
    }
    return load
  }

  func write(to state: inout StateWriter) {
    state.count(loads.count)
    for (network, load) in loads.sorted(by: { $0.key < $1.key }) {
      state.address(network)
      state.number(load.usual)
      state.signed(load.hour)
      state.number(load.hourPeak)
      state.signed(load.last)
      state.number(load.excess)
      state.signed(load.began)
      state.flag(load.isOn)
    }
  }

  init() {}

  init(from state: inout StateReader) throws(StateError) {
    let count = try state.count(ofAtLeast: 60)
    guard count <= Self.limit else { throw .invalid("\(count) networks", at: state.position) }
    for _ in 0..<count {
      let network = try state.address()
      loads[network] = Load(
        usual: try state.double(), hour: try state.signed(), hourPeak: try state.double(), last: try state.signed(),
        excess: try state.double(), began: try state.signed(), isOn: try state.flag())
    }
  }
}
