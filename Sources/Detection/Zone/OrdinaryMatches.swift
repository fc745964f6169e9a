// Rules that a site's own visitors trip: a shop whose links look like SQL, a forum where people post code.

import Bytes
import Rollups

/// Counts, for each rule and each path, the visitors that matched it, or something there, while they used the site as
/// visitors do.
///
/// Where several have, a match by yet another visitor says little. Someone who does nothing else of what a visitor does
/// gets no such benefit. Bounded at `limit` rules and paths.
struct OrdinaryMatches: Sendable {
  static let limit = 4_096
  static let enough = 5
  static let many = 20

  /// By rule, and by the path of what matched.
  var visitors: [UInt64: (count: Int, last: IPAddress)] = [:]

  /// Counts a match, and returns whether it is likely the site, or what a visitor writes, rather than an attack: somebody
  /// who loads pages with all that belongs to them and now and then sends what looks a little like a payload.
  mutating func judge(_ row: ClientObservation, _ profile: ClientProfile, hash: KeyedHash) -> Bool {
    let life = profile.life
    guard life.referrers >= 2, !row.rules.isEmpty else { return false }
    // Everything was there, and pages led to most of it.
    let isLed =
      life.share(life.failed) + life.share(life.serverErrors) <= 0.1 && life.share(life.referrers) >= 0.5
    let isVisitor =
      life.assets >= 3 && life.referrers >= 3
      && (life.matched * 5 <= life.requests || isLed && life.matched * 3 <= life.requests * 2)
    guard isVisitor || isLed else { return false }
    var least = Int.max
    for match in row.rules { least = min(least, count(match.rule, row.address, isVisitor)) }
    if let path = row.evidence.first?.path {
      least = max(least, count(~hash.hash(path.span.bytes), row.address, isVisitor))
    }
    // Many who come back have kept what belongs to pages.
    guard isVisitor else { return least >= Self.many }
    if least >= Self.enough || profile.maxScore < 80 { return true }
    // A few odd values of somebody at home here, none of which ran anything or stored it.
    return isLed && life.matched <= 6 && profile.classes.isDisjoint(with: [.webShell, .fileUpload])
  }

  /// Visitors counted under a key, this one among them if it is one.
  private mutating func count(_ key: UInt64, _ address: IPAddress, _ isVisitor: Bool) -> Int {
    var seen = visitors[key] ?? (0, .unknown)
    if isVisitor, seen.last != address, visitors[key] != nil || visitors.count < Self.limit {
      seen = (seen.count + 1, address)
      visitors[key] = seen
    }
    return seen.count
  }
}
