// Every number that the behaviour tests use, in one place, with what it means.

import Bytes

/// A range of addresses that the user vouches for, such as a search engine's.
public struct TrustedRange: Sendable, Equatable {
  public var name: String
  public var network: Network
  public init(name: String, network: Network) { (self.name, self.network) = (name, network) }
}

/// Thresholds of the zone stage. The defaults are meant to hold for any ordinary site.
public struct BehaviourSettings: Sendable {
  // The registry.
  /// Clients remembered in each zone; the longest unseen goes first.
  public var clientsPerZone = 65_536
  public var networksPerZone = 8_192
  public var zones = 4_096
  /// Clients and networks remembered in all zones of a stage; the zone that has more than its share gives way.
  public var clientsInAll = 131_072
  /// A client unseen for this long is forgotten.
  public var clientExpiry: Nanoseconds = 40 * 86_400 * nanosecondsPerSecond
  /// A pause this long ends a visit: short-term counters start again.
  public var visitGap: Nanoseconds = 1_800 * nanosecondsPerSecond
  /// Half-life of the long-term counters.
  public var longHalfLife: Nanoseconds = 3 * 86_400 * nanosecondsPerSecond
  /// Addresses believed whatever they do: what they send that looks like an attack is what pages link to.
  public var crawlers: [TrustedRange] = [] {
    didSet { trusted = AddressTable(crawlers.map(\.network)) }
  }
  private(set) var trusted = AddressTable()

  // Requests that matched.
  /// A lone match below this score waits for more.
  public var loneMatchScore: UInt8 = 50

  // Scanning.
  /// Distinct missing paths in a visit.
  public var missingPaths = 20
  /// Least share of a visit's requests that failed.
  public var failedShare = 0.5

  // Logins.
  /// Failures in a visit, and decayed over days.
  public var loginFailures: UInt64 = 10
  public var slowLoginFailures = 15.0
  /// Addresses that fail at one login path, each only a few times, before it counts as distributed.
  public var stuffingAddresses = 15

  // Scraping.
  /// Distinct pages in a visit without the assets that a browser would load.
  public var scrapedPages = 200
  /// The same of one that says it is a browser and yet comes from no page and loads nothing at all.
  var fewScrapedPages: Int { max(scrapedPages * 2 / 5, 1) }
  /// Requests a second, over a visit, that a declared crawler may make.
  public var politeRate = 2.0

  // Load.
  /// Requests a second below which nothing is a flood.
  public var floodRate = 30.0
  /// Times the baseline, and deviations above it.
  public var floodRatio = 4.0
  /// Requests a second, and times the baseline, from which a quiet zone is looked at for a small flood: many addresses
  /// that load nothing of a page, or browsers by their own word that ask for one page again and again.
  var swellRate: Double { floodRate / 7.5 }
  public var swellRatio = 5.0
  /// Addresses that a small flood from many has at least.
  public var swellAddresses = 20
  public var floodDeviations = 8.0
  /// Requests a second from many addresses of one network, below which it is no flood from that network.
  var networkFloodRate: Double { floodRate / 5 }
  /// Distinct query strings on one path in a visit.
  public var bustingQueries = 100
  /// Slow requests, or server errors, that one client causes in a visit.
  public var costlyRequests: UInt64 = 30

  public init() {}
}
