// The traffic of a whole run, from its merged windows: what the reports show beside the attacks.

import Bytes
import Sketches

/// How much of a run's traffic is told apart.
public struct SummaryLimits: Sendable, Equatable {
  // A key heavier than the total over its limit is always among the frequent ones; at most twice as many are held.
  public var clients = 16_384
  public var networks = 8192
  public var paths = 8192
  public var userAgents = 2048
  public var referrers = 4096
  public var zones = 4096
  public var points = 240
  public init() {}
}

/// Totals, frequent values with bounds, a time series, quantiles, distinct clients. Memory is bounded by the limits,
/// whatever the length of the run. Windows are added in their order; where no limit was reached it doesn't matter.
public struct TrafficSummary: ~Copyable, Sendable {
  public private(set) var counts = RequestCounts()
  /// Events, each once whatever its weight.
  public private(set) var events: UInt64 = 0
  /// Times of the first and last event; nil without one.
  public private(set) var firstTime: Nanoseconds?
  public private(set) var lastTime: Nanoseconds?
  /// Requests by status code.
  public private(set) var statuses: [UInt16: UInt64] = [:]
  public private(set) var series: TimeSeries
  /// Microseconds.
  public private(set) var latency = QuantileSketch()
  /// Keys are 16 bytes in network order, as of `networks` (/24 and /48). The carried sums are bytes and failures.
  public private(set) var clients: SpaceSaving
  public private(set) var networks: SpaceSaving
  public private(set) var paths: SpaceSaving
  public private(set) var userAgents: SpaceSaving
  public private(set) var referrers: SpaceSaving
  public private(set) var zones: SpaceSaving
  private var distinct = HyperLogLog(precision: 12)
  private let hash: KeyedHash

  /// `windowLength` is the first step of the series.
  public init(hashSeed: UInt64, windowLength: Nanoseconds, limits: SummaryLimits = SummaryLimits()) {
    hash = KeyedHash(key: hashSeed)
    series = TimeSeries(step: windowLength, limit: limits.points)
    clients = SpaceSaving(capacity: limits.clients, keyLimit: 16)
    networks = SpaceSaving(capacity: limits.networks, keyLimit: 16)
    paths = SpaceSaving(capacity: limits.paths)
    userAgents = SpaceSaving(capacity: limits.userAgents)
    referrers = SpaceSaving(capacity: limits.referrers)
    zones = SpaceSaving(capacity: limits.zones)
  }

  /// Distinct clients: exact up to 63, else estimated with a standard error of 1.6 %.
  public var distinctClients: UInt64 { distinct.estimate }

  /// Adds a merged window. O(what is in it).
  public mutating func add(_ window: borrowing ZoneWindow) {
    guard window.scope == .zone else { return }
    let counts = window.counts
    self.counts += counts
    events &+= window.events
    if window.events > 0 {
      firstTime = min(firstTime ?? .max, window.firstTime)
      lastTime = max(lastTime ?? .min, window.lastTime)
    }
    for i in 0..<window.statusCount {
      let status = window.status(i)
      statuses[status.code] = (statuses[status.code] ?? 0).saturatingAdd(status.count)
    }
    var point = TimeSeries.Point()
    point.requests = counts.requests
    point.bytes = counts.bytes
    point.status1xx = counts.status1xx
    point.status2xx = counts.status2xx
    point.status3xx = counts.status3xx
    point.status4xx = counts.status4xx
    point.status5xx = counts.status5xx
    point.matched = counts.matched
    series.add(point, at: window.start)
    latency.merge(window.latency)
    let zone = window.zone
    zones.add(
      zone, hash: hash.hash(zone), weight: counts.requests, first: counts.bytes,
      second: counts.status4xx.saturatingAdd(counts.status5xx))
    paths.merge(window.paths)
    userAgents.merge(window.userAgents)
    referrers.merge(window.referrers)
    addClients(of: window)
  }

  private mutating func addClients(of window: borrowing ZoneWindow) {
    // All of them where rows were evicted; then the rows' clients are among them.
    if window.evictions > 0 { try? distinct.merge(window.allClients) }
    let floor = window.clientFloor
    var total: UInt64 = 0
    clients.beginMerge(otherFloor: floor)
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2) { key in
      for i in 0..<window.rows.count {
        // The tables are of the whole run, and hardly ever in a cache.
        if i &+ 12 < window.rows.count {
          clients.prefetch(window.clientHash(i &+ 12))
          let network = window.rows[i &+ 12].address.network
          networks.prefetch(hash.hash(network.high, network.low))
        }
        if i &+ 6 < window.rows.count {
          clients.prefetchEntry(window.clientHash(i &+ 6))
          let network = window.rows[i &+ 6].address.network
          networks.prefetchEntry(hash.hash(network.high, network.low))
        }
        let row = window.rows[i]
        let failed = UInt64(row.status4xx) + UInt64(row.status5xx)
        let clientHash = window.clientHash(i)
        distinct.insert(clientHash)
        (key[0], key[1]) = (row.address.high.bigEndian, row.address.low.bigEndian)
        clients.mergeEntry(
          UnsafeRawBufferPointer(key).bytes, hash: clientHash, lower: UInt64(row.requests), error: UInt64(row.error),
          first: row.bytes, second: failed, otherFloor: floor)
        total = total.saturatingAdd(UInt64(row.requests))
        let network = row.address.network
        (key[0], key[1]) = (network.high.bigEndian, network.low.bigEndian)
        networks.add(
          UnsafeRawBufferPointer(key).bytes, hash: hash.hash(network.high, network.low),
          weight: UInt64(row.requests), first: row.bytes, second: failed)
      }
    }
    clients.endMerge(otherTotal: total.saturatingAdd(window.otherClients.requests), otherFloor: floor)
    if window.evictions > 0 { networks.merge(window.evictedNetworks) }
  }

  /// Address of a key of `clients` or `networks`.
  public static func address(of key: RawSpan) -> IPAddress? {
    guard key.byteCount == 16 else { return nil }
    return IPAddress(
      high: UInt64(bigEndian: key.unsafeLoadUnaligned(fromUncheckedByteOffset: 0, as: UInt64.self)),
      low: UInt64(bigEndian: key.unsafeLoadUnaligned(fromUncheckedByteOffset: 8, as: UInt64.self)))
  }

  /// Bytes of memory held, nearly.
  public var footprint: Int {
    clients.footprint + networks.footprint + paths.footprint + userAgents.footprint + referrers.footprint
      + zones.footprint + latency.footprint
  }
}

extension ZoneWindow {
  /// Hash of the client of a row by its number.
  func clientHash(_ number: Int) -> UInt64 { clientIndex[number] }
}
