// What is remembered of one client (or of one network, as if it were a client): the visit it is on, and
// a few counters for life. A plain value of fixed size; the registry bounds how many there are.

import Bytes
import Rollups

/// Counts of one client, saturating: the sums of a visit or of a life.
public struct ClientTally: Sendable, Equatable {
  /// So that a few times a count still fits.
  static let most: UInt64 = 0x0fff_ffff

  public var requests: UInt32 = 0
  public var status2xx: UInt32 = 0
  public var failed: UInt32 = 0
  public var serverErrors: UInt32 = 0
  public var post: UInt32 = 0
  public var matched: UInt32 = 0
  public var logins: UInt32 = 0
  public var loginFailures: UInt32 = 0
  public var slow: UInt32 = 0
  public var assets: UInt32 = 0
  public var referrers: UInt32 = 0
  public var cacheHits: UInt32 = 0
  public var cacheMisses: UInt32 = 0
  /// Asked for credentials (401) where no login form is.
  public var challenges: UInt32 = 0
  /// Turned away (401, 403) from a login form before sending anything.
  public var turnedAway: UInt32 = 0

  @inlinable public init() {}

  mutating func add(_ counts: ActivityCounts, referrers seen: UInt64) {
    @inline(__always) func sum(_ x: inout UInt32, _ y: UInt64) {
      x = UInt32(min(UInt64(x) &+ min(y, Self.most), Self.most))
    }
    sum(&requests, counts.requests)
    sum(&status2xx, counts.status2xx)
    sum(&failed, counts.status4xx)
    sum(&serverErrors, counts.status5xx)
    sum(&post, counts.post)
    sum(&matched, counts.matched)
    sum(&logins, counts.logins)
    sum(&loginFailures, min(counts.loginFailures, counts.logins))
    sum(&slow, counts.slow)
    sum(&assets, counts.assets)
    sum(&referrers, seen)
    sum(&cacheHits, counts.cacheHits)
    sum(&cacheMisses, counts.cacheMisses)
    sum(&challenges, counts.challenges)
    sum(&turnedAway, counts.turnedAway)
  }

  /// Logins that went through. A failure is always a login here, so this cannot underflow.
  @inlinable var loginSuccesses: UInt32 { logins &- min(loginFailures, logins) }

  @inlinable
  func share(_ part: UInt32) -> Double { requests == 0 ? 0 : Double(part) / Double(requests) }
}

/// Kinds already told of a client.
public struct RaisedKinds: OptionSet, Sendable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// Told only as a hint: no kind's.
  static let hinted = RaisedKinds(rawValue: 1 << 15)
  static let guessing: RaisedKinds = [RaisedKinds(.bruteForce), RaisedKinds(.credentialStuffing)]
  static let costly: RaisedKinds = [RaisedKinds(.slowRequests), RaisedKinds(.errorStorm)]
  init(_ kind: AttackKind) { self.init(rawValue: 1 << UInt16(kind.order)) }
}

/// How many requests of a visit were told to the campaign stage, by what they are part of there. Tests that look at the
/// same requests from two sides (a payload that also failed) tell what the other has told already no more: the sum is a
/// lower bound of the requests that either found.
public struct ToldRequests: Sendable {
  private var counts = InlineArray<8, UInt32>(repeating: 0)

  public init() {}

  subscript(group: CampaignGroup) -> UInt32 {
    get { counts[Int(group.rawValue)] }
    set { counts[Int(group.rawValue)] = newValue }
  }

  /// What of `total` requests has not been told of the visit: at least one the first time. Counts it as told.
  mutating func take(_ total: UInt64, of group: CampaignGroup) -> UInt64 {
    let before = self[group]
    let now = UInt32(min(max(total, 1), ClientTally.most))
    guard now > before else { return 0 }
    self[group] = now
    return UInt64(now &- before)
  }

  func write(to state: inout StateWriter) {
    for group in CampaignGroup.allCases { state.number(self[group]) }
  }

  init(from state: inout StateReader) throws(StateError) {
    for group in CampaignGroup.allCases { self[group] = try state.small() }
  }
}

/// One client of one zone.
public struct ClientProfile: Sendable {
  static let rateHalfLife: Nanoseconds = 10 * nanosecondsPerSecond

  public let address: IPAddress
  public var firstSeen: Nanoseconds
  public var lastSeen: Nanoseconds
  public var visitStart: Nanoseconds
  public var visit = ClientTally()
  public var life = ClientTally()
  public var visits: UInt32 = 0
  /// Most requests in one window of the visit, and that window's length in ms.
  public var peak: UInt32 = 0

  // Of the visit.
  public var paths = DistinctBitmap()
  public var failedPaths = DistinctBitmap()
  public var queries = DistinctBitmap()
  public var users = DistinctBitmap()
  /// The path asked most in the visit, by majority vote (Boyer and Moore 1981): hash and surplus.
  public var topPath: UInt64 = 0
  public var topPathSurplus: UInt32 = 0

  // For life.
  public var failedPathsEver = DistinctBitmap()
  public var agents: UInt64 = 0
  public var agent: UInt64 = 0
  public var signature: UInt64 = 0
  public var loginPath: UInt64 = 0
  /// Failed and successful logins, halved every `longHalfLife`.
  public var longFailures: Double = 0
  public var longSuccesses: Double = 0
  public var longTime: Nanoseconds
  public var robots = false
  /// Kinds told to the campaign stage in this visit, and ever.
  public var told: RaisedKinds = []
  public var toldEver: RaisedKinds = []
  /// Requests of this visit that were told, so that what two tests find is not counted twice.
  public var toldRequests = ToldRequests()
  /// An attack by itself was found in this visit.
  public var isSuspect = false
  /// Requests a second over the last seconds, as a weighted mean that halves every `rateHalfLife`.
  public var rate: Double = 0
  public var maxScore: UInt8 = 0
  public var classes: AttackClasses = []
  /// In the profile of a network: addresses seen, as a bitmap.
  public var members = DistinctBitmap()

  public init(address: IPAddress, firstSeen: Nanoseconds) {
    self.address = address
    (self.firstSeen, lastSeen, visitStart, longTime) = (firstSeen, firstSeen, firstSeen, firstSeen)
  }

  /// Adds what the client did in one window. Returns whether a visit began. O(1).
  mutating func absorb(
    _ row: ClientObservation, length: Nanoseconds, settings: BehaviourSettings
  ) -> Bool {
    let began = visits == 0 || row.firstTime &- lastSeen > settings.visitGap
    if began {
      visits &+= 1
      visitStart = row.firstTime
      visit = ClientTally()
      paths.removeAll()
      failedPaths.removeAll()
      queries.removeAll()
      users.removeAll()
      (topPath, topPathSurplus, peak) = (0, 0, 0)
      told = []
      toldRequests = ToldRequests()
      isSuspect = false
      rate = 0
    }
    let kept = halved(over: max(row.lastTime &- lastSeen, length), halfLife: Self.rateHalfLife)
    rate =
      rate * kept + (1 - halved(over: length, halfLife: Self.rateHalfLife)) * Double(row.counts.requests) * 1e9
      / Double(max(length, 1))
    visitStart = min(visitStart, row.firstTime)
    firstSeen = min(firstSeen, row.firstTime)
    lastSeen = max(lastSeen, row.lastTime)
    visit.add(row.counts, referrers: row.referrers)
    life.add(row.counts, referrers: row.referrers)
    peak = max(peak, UInt32(min(row.counts.requests, 0xffff_ffff)))
    paths.formUnion(row.paths)
    failedPaths.formUnion(row.failedPaths)
    failedPathsEver.formUnion(row.failedPaths)
    queries.formUnion(row.queries)
    users.formUnion(row.users)
    let votes = UInt32(min(row.topPathCount, 0xffff_ffff))
    if row.topPath == topPath {
      topPathSurplus = UInt32(min(UInt64(topPathSurplus) &+ UInt64(votes), 0xffff_ffff))
    } else if votes > topPathSurplus {
      (topPath, topPathSurplus) = (row.topPath, votes &- topPathSurplus)
    } else {
      topPathSurplus &-= votes
    }
    agent = row.userAgent
    agents |= 1 << (row.userAgent >> 58)
    if row.loginPath != 0 { loginPath = row.loginPath }
    signature = row.signature
    robots = robots || row.robots
    maxScore = max(maxScore, row.maxScore)
    classes.formUnion(row.classes)
    if row.counts.logins > 0 {
      let kept = halved(over: row.lastTime &- longTime, halfLife: settings.longHalfLife)
      let failures = Double(min(row.counts.loginFailures, row.counts.logins))
      longFailures = longFailures * kept + failures
      longSuccesses = longSuccesses * kept + Double(row.counts.logins) - failures
      longTime = max(longTime, row.lastTime)
    }
    return began
  }

  /// Requests a second over the visit so far, taken over at least a second.
  var visitRate: Double {
    let seconds = max(Double(lastSeen &- visitStart) / 1e9, 1)
    return Double(visit.requests) / seconds
  }

  /// Distinct pages that were there.
  var pages: Int { max(0, paths.count - failedPaths.count) }
}
