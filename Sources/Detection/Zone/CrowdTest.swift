// Many addresses that do the same, each too little to stand out: what a distributed attack looks like from inside.

import Bytes

/// What the members of a crowd have in common besides where they aim.
enum CrowdTrait: UInt8, CaseIterable, Sendable {
  /// Ever new query strings on one path.
  case busting
  /// Answers that take long.
  case slow
  /// Server errors on one path.
  case errors
  /// Forms sent by browsers, as they say, that never loaded a page with what belongs to it.
  case posting
  /// A few requests each, every one with a query string of its own, on one path, by browsers that load nothing else.
  case varying

  var kind: AttackKind {
    switch self {
    case .busting, .varying: .cacheBusting
    case .slow: .slowRequests
    case .errors: .errorStorm
    case .posting: .formSpam
    }
  }

  /// Addresses that make a crowd.
  var least: Int {
    switch self {
    case .busting: 8
    case .posting: 10
    case .slow: 6
    case .errors: 4
    case .varying: 24
    }
  }

  /// How far back its members may have been active.
  var memory: Nanoseconds { self == .posting ? 3 * ZoneContext.day : ZoneContext.recent }

  /// Whether what shows the trait all day is usual. Browsers that send forms of pages which they never loaded are not,
  /// however many days they come.
  var hasUsual: Bool { self != .posting }
}

/// Who lately showed a trait at a path. Where that is usual, more is needed: an interface that programs call all day has
/// such clients all day. Bounded at `limit` paths and `memberLimit` members each.
struct CrowdTest: Sendable {
  static let limit = 512
  static let memberLimit = 2_048

  struct Key: Hashable {
    var trait: CrowdTrait
    var path: UInt64
  }
  struct Member {
    var address: IPAddress
    var time: Nanoseconds
    var requests: UInt64
    var troubled: UInt64
  }
  struct Crowd {
    var members: [Member] = []
    var isOn = false
    /// Members of times past, halved every day.
    var usual = DecayedSum()
    var last: Nanoseconds = .min
  }
  var crowds: [Key: Crowd] = [:]
  /// Since it was saved.
  var hasChanged = false

  /// Whether anybody at all has shown the trait lately.
  var isEmpty: Bool { crowds.isEmpty }

  /// Notes that a client shows the trait. Returns the addresses that are thereby found to be a crowd: all of them when
  /// it becomes one, the client's alone after that, none before.
  /// - Parameters:
  ///   - all: Requests, and those of them in trouble, of all clients of the last minutes; nil where the trait is not a
  ///     kind of trouble.
  ///   - proper: Addresses that in the last day came to the same place as one is meant to.
  mutating func join(
    _ trait: CrowdTrait, path: UInt64, _ profile: ClientProfile, troubled: UInt32, at now: Nanoseconds,
    among all: (requests: Double, troubled: Double)?, proper: Double = 0
  ) -> [IPAddress] {
    hasChanged = true
    let key = Key(trait: trait, path: path)
    if crowds[key] == nil, crowds.count >= Self.limit {
      crowds = crowds.filter { $0.value.last > now &- 2 * trait.memory }
      if crowds.count >= Self.limit { return [] }
    }
    var crowd = crowds.removeValue(forKey: key) ?? Crowd()
    defer { crowds[key] = crowd }
    crowd.last = max(crowd.last, now)
    let old = crowd.members.filter { $0.time <= now &- trait.memory }
    if !old.isEmpty {
      // What was an attack is not taken for usual.
      if trait.hasUsual, !crowd.isOn { crowd.usual.add(Double(old.count), at: now, halfLife: ZoneContext.day) }
      crowd.members.removeAll { $0.time <= now &- trait.memory }
    }
    let member = Member(
      address: profile.address, time: now, requests: UInt64(profile.visit.requests), troubled: UInt64(troubled))
    if let place = crowd.members.firstIndex(where: { $0.address == profile.address }) {
      crowd.members[place] = member
    } else if crowd.members.count < Self.memberLimit {
      crowd.members.append(member)
    }
    // A day's worth that halves every day is 1.44 days: per memory, that many are usual.
    let expected = crowd.usual.value * Double(trait.memory) / Double(ZoneContext.day) / 1.44
    let needed = Double(trait.least) + 4 * expected
    let lately = proper == 0 ? 0 : crowd.members.count { $0.time > now &- ZoneContext.day }
    let part = crowd.isOn ? 0.5 : 1
    guard Double(crowd.members.count) >= part * needed, Double(lately) >= part * proper / 2 else {
      crowd.isOn = false
      return []
    }
    if let all {
      // Trouble that others share is the server's own.
      let requests = all.requests - Double(crowd.members.reduce(0) { $0 &+ $1.requests })
      let others = all.troubled - Double(crowd.members.reduce(0) { $0 &+ $1.troubled })
      guard requests >= 20, max(others, 0) <= 0.1 * requests else { return [] }
    }
    let found = crowd.isOn ? [profile.address] : crowd.members.map(\.address)
    crowd.isOn = true
    return found
  }
}

extension ClientTests {
  /// The traits that a client shows in its visit so far.
  func traits(_ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup) -> [CrowdTrait] {
    let visit = profile.visit
    guard visit.assets == 0, visit.matched == 0 else { return [] }
    var traits: [CrowdTrait] = []
    // Where few load assets this is an interface for programs, and posting is its use.
    if row.counts.post > 0, visit.post &* 3 &+ 1 >= visit.requests, profile.life.logins == 0,
      visit.share(visit.failed) + visit.share(visit.serverErrors) < 0.5, context.assetVisitors >= 0.3,
      profile.life.assets == 0
    {
      if UserAgentKind.isPlainBrowser(text(.userAgent, row.userAgent)) { traits.append(.posting) }
    }
    guard visit.requests >= 2 else { return traits }
    let aimed = Double(profile.topPathSurplus) >= 0.6 * Double(visit.requests)
    if aimed, visit.requests >= 10, profile.queries.occupied >= 8, profile.paths.occupied <= 3,
      Double(profile.queries.count) >= 0.7 * Double(min(visit.requests, 200)), visit.share(visit.referrers) <= 0.2,
      visit.share(visit.failed) < 0.5, visit.share(visit.serverErrors) < 0.3, context.queryRichShare < 0.3,
      profile.visitRate >= 0.05, visit.cacheHits <= visit.requests / 4
    {
      traits.append(.busting)
    }
    if row.queries.occupied > 0, profile.paths.occupied == 1, profile.queries.occupied >= 4,
      profile.queries.occupied &+ 1 >= Int(visit.requests), visit.referrers == 0, visit.share(visit.failed) < 0.5,
      visit.share(visit.serverErrors) < 0.5, context.queryRichShare < 0.3, context.assetVisitors >= 0.3,
      profile.life.assets == 0, profile.visitRate >= 0.02, visit.cacheHits <= visit.requests / 4,
      UserAgentKind.isPlainBrowser(text(.userAgent, row.userAgent))
    {
      traits.append(.varying)
    }
    if row.counts.slow > 0, visit.slow >= 3, visit.share(visit.slow) >= 0.4, profile.paths.occupied <= 4 {
      traits.append(.slow)
    }
    if row.counts.status5xx > 0, aimed, visit.serverErrors >= 10, visit.share(visit.serverErrors) >= 0.5 {
      traits.append(.errors)
    }
    return traits
  }
}
