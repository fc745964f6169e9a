// Many addresses that each ask for the same few things: one search, or one walk through a site, spread so thin that no
// address stands out.

import Bytes

/// The latest visits of one sort, each with the set of what it asked for.
///
/// Two visits are alike where their sets share enough paths, and enough of all they hold (Jaccard's index). Paths are
/// told apart by the 256 bits of `DistinctBitmap`, so two small sets that have nothing in common are alike once in
/// thousands of pairs, and `least` of them never. Who says what it is, comes from a page or loads what pages hold is not
/// looked at here: see `ClientTests.probes` and `walks`. Bounded at `limit` visits; O(limit) for each that is noted.
struct AlikeVisits: Sendable {
  static let limit = 512

  /// What makes visits alike, and a crowd of them.
  struct Likeness: Sendable {
    var kind: AttackKind
    /// Visits that make a crowd.
    var least: Int
    /// Paths that two visits share at least, and in how many hundredths of what they hold together.
    var shared: Int
    var percent: Int
    /// How far back a visit counts, and how long a crowd is in the making at least.
    var memory: Nanoseconds
    var span: Nanoseconds = 0

    /// Of visits that ask for what is not there.
    static let probes = Likeness(kind: .scanning, least: 8, shared: 2, percent: 50, memory: 7 * ZoneContext.day)
    /// Of visits that find what they ask for: others may read the same pages, and those who all come within minutes
    /// are a flood, or follow a link.
    static let walks = Likeness(
      kind: .scraping, least: 15, shared: 3, percent: 60, memory: ZoneContext.day,
      span: 900 * nanosecondsPerSecond)
  }
  let likeness: Likeness

  struct Visit: Sendable, Equatable {
    var address: IPAddress
    var time: Nanoseconds
    var paths: DistinctBitmap
    /// The crowd it was found to be of; 0 for none.
    var crowd: UInt64
  }
  /// A ring: `next` is the oldest once it is full.
  var visits: [Visit] = []
  var next = 0
  /// Since it was saved.
  var hasChanged = false

  init(_ likeness: Likeness) { self.likeness = likeness }

  /// A crowd, and those of it who are not yet known as such.
  struct Found {
    var crowd: UInt64
    var fresh: [IPAddress]
    var size: Int
  }

  /// Notes a visit. Returns the crowd that it is part of, if it is of one.
  mutating func join(
    _ address: IPAddress, _ paths: DistinctBitmap, at now: Nanoseconds, hash: KeyedHash
  ) -> Found? {
    hasChanged = true
    let own = note(address, paths, at: now)
    var alike: [Int] = []
    var crowd = visits[own].crowd
    for i in visits.indices
    where visits[i].time > now &- likeness.memory && (i == own || likeness.areAlike(visits[i].paths, paths)) {
      alike.append(i)
      if crowd == 0 { crowd = visits[i].crowd }
    }
    guard crowd != 0 || alike.count >= likeness.least else { return nil }
    if crowd == 0, now &- (alike.map { visits[$0].time }.min() ?? now) < likeness.span { return nil }
    if crowd == 0 {
      let first = visits[alike[0]]
      crowd = hash.hash(hash.hash(first.address.high, first.address.low), UInt64(bitPattern: first.time)) | 1
    }
    var fresh: [IPAddress] = []
    for i in alike where visits[i].crowd == 0 {
      visits[i].crowd = crowd
      if i != own { fresh.append(visits[i].address) }
    }
    return Found(crowd: crowd, fresh: fresh, size: max(alike.count, likeness.least))
  }

  private mutating func note(_ address: IPAddress, _ paths: DistinctBitmap, at now: Nanoseconds) -> Int {
    if let known = visits.firstIndex(where: { $0.address == address }) {
      // A later visit may look for something else.
      if !likeness.areAlike(visits[known].paths, paths) { visits[known].crowd = 0 }
      (visits[known].time, visits[known].paths) = (now, paths)
      return known
    }
    let visit = Visit(address: address, time: now, paths: paths, crowd: 0)
    if visits.count < Self.limit {
      visits.append(visit)
      return visits.count - 1
    }
    let place = next
    visits[place] = visit
    next = (next + 1) % Self.limit
    return place
  }
}

extension AlikeVisits.Likeness {
  func areAlike(_ a: DistinctBitmap, _ b: DistinctBitmap) -> Bool {
    var union = a
    union.formUnion(b)
    let all = union.occupied
    // Of the sizes and the size of the union follows that of what they share.
    let shared = a.occupied + b.occupied - all
    return shared >= self.shared && 100 * shared >= percent * all
  }
}

extension ClientTests {
  /// Whether a visit did little but ask for several things that are not there, as no visitor, robot or app of the site's
  /// own would: it loads nothing, comes from nowhere, and does not say that it is a program with a purpose.
  func probes(_ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup) -> Bool {
    let visit = profile.visit
    guard row.counts.status4xx > 0, profile.failedPaths.occupied >= 2, visit.share(visit.failed) >= 0.6,
      profile.life.assets == 0, visit.referrers * 5 <= visit.requests, visit.logins == 0,
      visit.challenges == 0, visit.turnedAway * 2 <= visit.failed,
      // Where everybody meets missing pages, they say nothing about anybody.
      context.failedShare <= 0.3
    else { return false }
    let agent = text(.userAgent, row.userAgent)
    switch UserAgentKind(agent) {
    case .absent, .browser: return true
    case .tool: return !UserAgentKind.isApp(agent)
    case .crawler, .feedReader, .monitor, .other: return false
    }
  }

  /// Whether a visit took several pages and nothing that belongs to them, came from none of them, and says it was a
  /// browser, in a zone where browsers load more.
  func walks(_ profile: ClientProfile, _ row: ClientObservation, _ text: TextLookup) -> Bool {
    guard Self.mayWalk(profile), profile.visit.matched == 0, profile.visit.post == 0, profile.visit.logins == 0,
      profile.visit.share(profile.visit.status2xx) >= 0.6, profile.visits <= 3, !profile.robots,
      context.assetVisitors >= 0.5
    else { return false }
    let agent = text(.userAgent, row.userAgent)
    switch UserAgentKind(agent) {
    case .absent: return true
    case .browser: return !UserAgentKind.isEmbedded(agent)
    default: return false
    }
  }

  /// The part of it that is quickly seen.
  @inline(__always)
  static func mayWalk(_ profile: ClientProfile) -> Bool {
    profile.visit.requests >= 3 && profile.visit.requests <= 20 && profile.life.assets == 0
      && profile.visit.referrers == 0 && profile.paths.occupied >= 3
  }
}
