// Many addresses that each look for the same few missing things: one search, spread so thin that no address stands out.

import Bytes

/// The latest visits that did little but ask for what is not there, each with the set of what it asked for.
///
/// Two visits are alike where their sets share at least two paths and half of all they hold (Jaccard's index). Paths are
/// told apart by the 256 bits of `DistinctBitmap`, so two small sets that have nothing in common are alike once in
/// thousands of pairs, and `least` of them never. Who says what it is, comes from a page or loads what pages hold is not
/// looked at here: see `ClientTests.probes`. Bounded at `limit` visits; O(limit) for each that is noted.
struct ProbeCrowd: Sendable {
  static let limit = 512
  static let least = 8
  static let memory: Nanoseconds = 7 * ZoneContext.day

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

  /// A crowd, and those of it who are not yet known as such.
  struct Found {
    var crowd: UInt64
    var fresh: [IPAddress]
    var size: Int
  }

  /// Notes a visit. Returns the crowd that it is part of, if it is of one.
  mutating func join(_ profile: ClientProfile, at now: Nanoseconds, hash: KeyedHash) -> Found? {
    hasChanged = true
    let own = note(profile, at: now)
    let paths = visits[own].paths
    var alike: [Int] = []
    var crowd = visits[own].crowd
    for i in visits.indices
    where visits[i].time > now &- Self.memory && (i == own || Self.areAlike(visits[i].paths, paths)) {
      alike.append(i)
      if crowd == 0 { crowd = visits[i].crowd }
    }
    guard crowd != 0 || alike.count >= Self.least else { return nil }
    if crowd == 0 {
      let first = visits[alike[0]]
      crowd = hash.hash(hash.hash(first.address.high, first.address.low), UInt64(bitPattern: first.time)) | 1
    }
    var fresh: [IPAddress] = []
    for i in alike where visits[i].crowd == 0 {
      visits[i].crowd = crowd
      if i != own { fresh.append(visits[i].address) }
    }
    return Found(crowd: crowd, fresh: fresh, size: max(alike.count, Self.least))
  }

  private mutating func note(_ profile: ClientProfile, at now: Nanoseconds) -> Int {
    if let known = visits.firstIndex(where: { $0.address == profile.address }) {
      // A later visit may look for something else.
      if !Self.areAlike(visits[known].paths, profile.failedPaths) { visits[known].crowd = 0 }
      (visits[known].time, visits[known].paths) = (now, profile.failedPaths)
      return known
    }
    let visit = Visit(address: profile.address, time: now, paths: profile.failedPaths, crowd: 0)
    if visits.count < Self.limit {
      visits.append(visit)
      return visits.count - 1
    }
    let place = next
    visits[place] = visit
    next = (next + 1) % Self.limit
    return place
  }

  static func areAlike(_ a: DistinctBitmap, _ b: DistinctBitmap) -> Bool {
    var union = a
    union.formUnion(b)
    let all = union.occupied
    // Of the sizes and the size of the union follows that of what they share.
    let shared = a.occupied + b.occupied - all
    return shared >= 2 && 2 * shared >= all
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
}
