// Many addresses that each do the same little: one search, or one walk through a site, spread so thin that no address
// stands out.

import Bytes

/// The latest visits of one sort, each with the set of what it asked for, or with the one thing that it may share with
/// others.
///
/// Two visits are alike where their sets share enough paths, and enough of all they hold (Jaccard's index), or where their
/// keys are the same. Paths are told apart by the 256 bits of `DistinctBitmap`, so two small sets that have nothing in
/// common are alike once in thousands of pairs, and `least` of them never. Who says what it is, comes from a page or loads
/// what pages hold is not looked at here: see `ClientTests+Visits`. Bounded at `limit` visits; O(limit) for each that is
/// noted.
struct AlikeVisits: Sendable {
  static let limit = 512
  /// Fewer are not worth being measured against what others do.
  static let few = 8

  /// What makes visits alike, and a crowd of them.
  struct Likeness: Sendable {
    var kind: AttackKind
    /// Visits that make a crowd.
    var least: Int
    /// Paths that two visits share at least, and in how many hundredths of what they hold together; 0 where a key tells
    /// them, not what they asked for.
    var shared = 0
    var percent = 0
    /// How far back a visit counts, and how old half of the least crowd is when it is told: what comes all at once is a
    /// flood, or follows a link.
    var memory: Nanoseconds
    var span: Nanoseconds = 0
    var isByKey: Bool { shared == 0 }

    /// Of visits that ask for what is not there.
    static let probes = Likeness(kind: .scanning, least: 8, shared: 2, percent: 50, memory: 7 * ZoneContext.day)
    /// Of visits that find what they ask for: others may read the same pages, and those who all come within minutes
    /// are a flood, or follow a link.
    static let walks = Likeness(
      kind: .scraping, least: 15, shared: 3, percent: 60, memory: ZoneContext.day, span: quarter)
    /// Of visits that ask for one thing that is not there, and for nothing else; by its path.
    static let loneMisses = Likeness(
      kind: .scanning, least: 25, memory: 7 * ZoneContext.day, span: quarter)
    /// Of visits to several pages each, as `walks`; by user agent.
    static let agentWalks = Likeness(
      kind: .scraping, least: 40, memory: ZoneContext.day, span: quarter)
    /// Of visits that count numbers up in one shape of path; by shape and user agent.
    static let numberings = Likeness(
      kind: .scanning, least: 10, memory: ZoneContext.day)
    /// Of visits with a request that is only odd, and with little else; by the rule that says so.
    static let oddities = Likeness(
      kind: .scanning, least: 12, memory: 7 * ZoneContext.day, span: quarter)
    private static let quarter: Nanoseconds = 900 * nanosecondsPerSecond
  }
  let likeness: Likeness

  struct Visit: Sendable, Equatable {
    var address: IPAddress
    var time: Nanoseconds
    var paths: DistinctBitmap
    /// 0 where visits are told by their paths.
    var key: UInt64 = 0
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
    var kind: AttackKind
    var crowd: UInt64
    var fresh: [IPAddress]
    var size: Int
  }

  /// Notes a visit. Returns the crowd that it is part of, if it is of one.
  /// - Parameter proper: How many lately did the same as one is meant to: a crowd is at least as many.
  mutating func join(
    _ address: IPAddress, _ paths: DistinctBitmap, key: UInt64 = 0, proper: Double = 0, at now: Nanoseconds,
    hash: KeyedHash
  ) -> Found? {
    hasChanged = true
    let visit = Visit(address: address, time: now, paths: paths, key: key, crowd: 0)
    let own = note(visit)
    var alike: [Int] = []
    var crowd = visits[own].crowd
    for i in visits.indices
    where visits[i].time > now &- likeness.memory && (i == own || likeness.areAlike(visits[i], visit)) {
      alike.append(i)
      if crowd == 0 { crowd = visits[i].crowd }
    }
    guard crowd != 0 || alike.count >= likeness.least, Double(alike.count) >= proper else { return nil }
    if crowd == 0, likeness.span > 0 {
      let aged = alike.count { now &- visits[$0].time >= likeness.span }
      guard 2 * aged >= likeness.least else { return nil }
    }
    if crowd == 0 {
      let first = visits[alike[0]]
      crowd = hash.hash(hash.hash(first.address.high, first.address.low), UInt64(bitPattern: first.time)) | 1
    }
    var fresh: [IPAddress] = []
    for i in alike where visits[i].crowd == 0 {
      visits[i].crowd = crowd
      if i != own { fresh.append(visits[i].address) }
    }
    return Found(kind: likeness.kind, crowd: crowd, fresh: fresh, size: max(alike.count, likeness.least))
  }

  /// Forgets the visits seen from `time` on: they turned out to be part of something else.
  mutating func forget(from time: Nanoseconds) {
    guard visits.contains(where: { $0.time >= time }) else { return }
    hasChanged = true
    // In the order in which they came, the oldest first.
    visits = (visits[next...] + visits[..<next]).filter { $0.time < time }
    next = 0
  }

  private mutating func note(_ visit: Visit) -> Int {
    if let known = visits.firstIndex(where: { $0.address == visit.address }) {
      // A later visit may look for something else.
      let crowd = likeness.areAlike(visits[known], visit) ? visits[known].crowd : 0
      visits[known] = visit
      visits[known].crowd = crowd
      return known
    }
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
  func areAlike(_ a: AlikeVisits.Visit, _ b: AlikeVisits.Visit) -> Bool {
    if isByKey { return a.key == b.key }
    var union = a.paths
    union.formUnion(b.paths)
    let all = union.occupied
    // Of the sizes and the size of the union follows that of what they share.
    let shared = a.paths.occupied + b.paths.occupied - all
    return shared >= self.shared && 100 * shared >= percent * all
  }
}
