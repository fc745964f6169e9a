// The visits that say little alone, and something where many make them: see `AlikeVisits`.

import Bytes
import Rollups

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
    return isPurposeless(row, text)
  }

  /// What a visit would be part of if the same client did as much in other zones; nil for what says nothing.
  /// - Parameter searches: As `probes` or `missesOnce` have found.
  func hint(_ row: ClientObservation, _ profile: ClientProfile, searches: Bool) -> AttackKind? {
    if row.counts.loginFailures > 0, profile.visit.loginSuccesses == 0, context.assetVisitors >= 0.2,
      isBareLogin(profile), !isSigned(profile)
    {
      return .bruteForce
    }
    return searches ? .scanning : nil
  }

  /// The path of the one thing that a client came for, once, and did not find; nil for one who did anything else.
  func missesOnce(_ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup) -> [UInt8]? {
    let life = profile.life
    guard row.counts.notFound > 0, profile.visits == 1, life.requests <= 5, life.failed == life.requests,
      profile.failedPathsEver.occupied == 1, life.assets == 0, life.referrers == 0, life.matched == 0, life.post == 0,
      context.failedShare <= 0.3, context.assetVisitors >= 0.3, let path = row.missingPaths.first,
      !WellKnownPaths.contains(path.span.bytes)
    else { return nil }
    return UserAgentKind.isPlainBrowser(text(.userAgent, row.userAgent)) ? path : nil
  }

  /// Whether a client probably has a reason to ask for what it does not find: a page led to it, or it remembers the site.
  func isLed(_ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup) -> Bool {
    if row.referrers > 0 || profile.life.assets > 0 || profile.robots { return true }
    // A program that comes back for the one thing it wants.
    if profile.visits > 1, profile.failedPathsEver.occupied == 1 { return true }
    switch UserAgentKind(text(.userAgent, row.userAgent)) {
    case .crawler, .feedReader: return true
    default: return false
    }
  }

  /// The shape of the path of what failed, where a visit asks for one number after the other and many are not there or not
  /// to be had; nil otherwise.
  func numbering(_ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup) -> [UInt8]? {
    let visit = profile.visit
    guard row.counts.status4xx > 0, profile.failedPaths.occupied >= 3, visit.share(visit.failed) >= 0.3,
      profile.paths.occupied * 10 >= 7 * min(Int(visit.requests), 200), profile.life.assets == 0,
      visit.referrers * 5 <= visit.requests, context.failedShare <= 0.3, isPurposeless(row, text),
      let line = row.evidence.first(where: { $0.status >= 400 && $0.status < 500 })
    else { return nil }
    let shape = RequestTexts(request: line.request).pathShape
    return shape.contains(0x23) ? shape : nil
  }

  /// Whether what is odd about a visit is most of it, as nothing else says that a visitor sent it.
  func isOddAlone(_ profile: ClientProfile) -> Bool {
    let life = profile.life
    return life.matched > 0 && life.matched * 3 >= life.requests && life.assets == 0 && life.referrers == 0
      && context.assetVisitors >= 0.3
  }

  /// Whether a visit took several pages and nothing that belongs to them, came from none of them, and says it was a
  /// browser, in a zone where browsers load more.
  func walks(_ profile: ClientProfile, _ row: ClientObservation, _ text: TextLookup) -> Bool {
    guard Self.mayWalk(profile), profile.visit.matched == 0, profile.visit.post == 0, profile.visit.logins == 0,
      profile.visit.share(profile.visit.status2xx) >= 0.6, profile.visits <= 3, !profile.robots,
      context.assetVisitors >= 0.5
    else { return false }
    let agent = text(.userAgent, row.userAgent)
    return UserAgentKind(agent) == .absent || UserAgentKind.isPlainBrowser(agent)
  }

  /// The part of it that is quickly seen.
  @inline(__always)
  static func mayWalk(_ profile: ClientProfile) -> Bool {
    profile.visit.requests >= 2 && profile.visit.requests <= 20 && profile.life.assets == 0
      && profile.visit.referrers == 0 && profile.paths.occupied >= 2
  }

  /// A browser, by its own word, a library, or nothing at all: not a robot, monitor or app that says what it is for.
  private func isPurposeless(_ row: ClientObservation, _ text: TextLookup) -> Bool {
    let agent = text(.userAgent, row.userAgent)
    switch UserAgentKind(agent) {
    case .absent, .browser: return true
    case .tool: return !UserAgentKind.isApp(agent)
    case .crawler, .feedReader, .monitor, .other: return false
    }
  }
}

extension ClientObservation {
  /// Of what it did not find, the paths of the lines that are kept.
  var missingPaths: [[UInt8]] {
    evidence.lazy.filter { $0.status == 404 || $0.status == 410 }.map(\.path)
  }
}
