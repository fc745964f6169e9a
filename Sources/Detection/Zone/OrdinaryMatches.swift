// Rules that a site's own visitors trip: a shop whose links look like SQL, a forum where people post code.

import Bytes
import Rollups

/// Counts, for each rule, the visitors that matched it while they used the site as visitors do.
///
/// Where several have, a match by yet another visitor says little. Someone who does nothing else of what a visitor does
/// gets no such benefit. Bounded at `limit` rules: the user's rule set is finite, but it may be large.
struct OrdinaryMatches: Sendable {
  static let limit = 4_096
  static let enough = 5

  var visitors: [UInt64: (count: Int, last: IPAddress)] = [:]

  /// Counts a match, and returns whether it is likely the site, or what a visitor writes, rather than an attack: somebody
  /// who loads pages with all that belongs to them and now and then sends what looks a little like a payload.
  mutating func judge(_ row: ClientObservation, _ profile: ClientProfile, at now: Nanoseconds) -> Bool {
    let life = profile.life
    let isVisitor =
      life.assets >= 3 && life.referrers >= 3 && life.matched * 5 <= life.requests && profile.maxScore < 95
    guard isVisitor, !row.rules.isEmpty else { return false }
    var common = true
    for match in row.rules {
      var seen = visitors[match.rule] ?? (0, .unknown)
      if seen.last != row.address, visitors[match.rule] != nil || visitors.count < Self.limit {
        seen = (seen.count + 1, row.address)
        visitors[match.rule] = seen
      }
      common = common && seen.count >= Self.enough
    }
    return common || profile.maxScore < 80
  }
}
