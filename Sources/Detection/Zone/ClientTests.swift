// The tests of one client's behaviour. Each looks at a profile after it took in a window, and says how sure it is.

import Bytes
import Rollups

#if canImport(Glibc)
  import Glibc
#endif

/// What a test found.
struct Finding {
  var kind: AttackKind
  var confidence: Double
  /// Requests of the visit that belong to it.
  var ofVisit: UInt64
  /// An attack by itself, rather than something odd that counts when others do the same.
  var loud: Bool
}

/// Classes of requests that look for something rather than put something in.
let probingClasses: AttackClasses = [
  .webShell, .secretExposure, .vulnerabilityProbe, .scanner, .badClient, .protocolAbuse,
]

/// Classes of probes to which an answer gives something away.
let tellingProbes: AttackClasses = [.webShell, .secretExposure, .fileUpload]

/// A client as the tests see it: its profile, the zone's habits, the last window.
struct ClientTests {
  let settings: BehaviourSettings
  let context: ZoneContext
  /// Hashes of the names under which somebody asked for robots.txt.
  let robots: Set<UInt64>
  /// Profiles are those of whole networks.
  var ofNetworks = false

  /// The tests of a whole network: more is asked of several clients than of one.
  func forNetworks() -> ClientTests {
    var strict = settings
    strict.missingPaths *= 2
    strict.loginFailures *= 2
    return ClientTests(settings: strict, context: context, robots: robots, ofNetworks: true)
  }

  /// Confidence that grows with evidence: `least` at the threshold, towards 0.99 with many times as much.
  static func growing(_ amount: Double, over threshold: Double, from least: Double) -> Double {
    guard amount > threshold, threshold > 0 else { return least }
    return least + (0.99 - least) * (1 - threshold / amount)
  }

  /// Whether a client may be taken for a well-behaved robot: it says so, it or another of its name reads robots.txt (or
  /// it mostly finds what it asks for, or asks now and then for nothing but pages), it keeps an easy pace (ten times that
  /// where it reads it and finds nearly all), and sends no attacks. A claim alone is not enough.
  func isPoliteRobot(_ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup) -> Bool {
    let isEasy = profile.visit.requests < 60 || profile.visitRate <= settings.politeRate
    guard isEasy || profile.visitRate <= 10 * settings.politeRate, profile.life.matched * 10 <= profile.life.requests
    else {
      return false
    }
    let agent = text(.userAgent, row.userAgent)
    let kind = UserAgentKind(agent)
    guard kind.isRobot else { return false }
    let reads = UserAgentKind.readsRobots(profile, agent, robots)
    let failed = profile.life.share(profile.life.failed)
    // One in a hurry must do both.
    if !isEasy { return reads && failed <= 0.3 && profile.visit.share(profile.visit.serverErrors) <= 0.05 }
    // Search engines come back for years for what was there, programs among it.
    let isIdle =
      profile.life.matched == 0 && profile.visitRate <= settings.politeRate / 20
      && (kind == .crawler || !row.asksForPrograms)
    return failed < 0.7 || isIdle || reads
  }

  /// Whether any test can find something. Most rows end here: nothing matched, nothing failed, not many requests.
  @inline(__always)
  func isWorthTesting(_ row: ClientObservation, _ profile: ClientProfile) -> Bool {
    row.counts.post > 0 || row.counts.matched > 0 || row.counts.status4xx > 0 || row.counts.logins > 0
      || row.counts.status5xx > 0 || row.counts.slow > 0
      || profile.visit.requests >= UInt32(min(settings.bustingQueries, settings.fewScrapedPages))
      || Self.mayWalk(profile)
      || (profile.visit.requests >= 10 && profile.queries.occupied >= 8 && profile.visit.assets == 0)
      || (profile.visit.requests >= 4 && profile.visit.assets == 0 && profile.visit.referrers == 0
        && profile.paths.occupied == 1 && profile.queries.occupied >= 4)
  }

  /// Requests that matched rules or detectors.
  func matched(_ row: ClientObservation, _ profile: ClientProfile) -> Finding? {
    guard row.counts.matched > 0 else { return nil }
    // A request's score is its confidence in percent. Repeats are not independent: each takes a quarter of the doubt.
    let single = min(Double(max(row.maxScore, profile.maxScore)) / 100, 0.97)
    let doubt = (1 - single) * pow(0.75, min(Double(profile.visit.matched) - 1, 8))
    let probing = !profile.classes.isDisjoint(with: probingClasses)
    let injecting = !profile.classes.subtracting(probingClasses).isEmpty
    // A tool that tries everything is a scanner; one that puts in payloads is injecting.
    let scans = probing && (!injecting || profile.paths.occupied >= 8 || profile.classes.contains(.scanner))
    // A few requests that are no more than odd wait for more: one odd search is repeated page by page. Who finds what is
    // only odd, and has come to it from a page, works on this site.
    let isFaint =
      max(row.maxScore, profile.maxScore) < 78
      && (profile.visit.matched < 8 && profile.life.matched < 20 && !goesThroughAList(profile)
        || profile.life.matched * 10 <= profile.life.requests
        || !injecting && profile.life.share(profile.life.status2xx) >= 0.5
          && profile.life.share(profile.life.referrers) >= 0.5)
    let loud = !isFaint && (profile.visit.matched >= 5 || profile.life.matched >= 20)
    if max(row.maxScore, profile.maxScore) < settings.loneMatchScore, profile.visit.matched < 3 {
      return Finding(
        kind: scans ? .scanning : .injection, confidence: 0.3, ofVisit: UInt64(profile.visit.matched), loud: false)
    }
    return Finding(
      kind: scans ? .scanning : .injection, confidence: isFaint ? 0.4 : min(1 - doubt, 0.99),
      ofVisit: UInt64(profile.visit.matched), loud: loud)
  }

  /// Whether a visit is little else than requests for several weak spots, none of which are there.
  private func goesThroughAList(_ profile: ClientProfile) -> Bool {
    let visit = profile.visit
    return visit.matched >= 4 && visit.share(visit.matched) >= 0.5 && profile.failedPaths.occupied >= 4
      && visit.share(visit.failed) >= 0.8 && visit.referrers * 5 <= visit.requests && profile.life.assets == 0
  }

  /// Many missing paths: somebody looks for what is there.
  func scanning(
    _ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup,
    already: Bool
  ) -> Finding? {
    guard row.counts.status4xx > 0, profile.failedPaths.occupied >= 4 || profile.failedPathsEver.occupied >= 32 else {
      return nil
    }
    let misses = profile.failedPaths.count
    let visit = profile.visit
    let failedShare = visit.share(visit.failed)
    let missesInTheZone = context.failedShare
    // Pages of the site lead to what is missing: then the browser says where it came from.
    let led = visit.share(visit.referrers) >= 0.4 || visit.share(visit.assets) >= 0.3
    let threshold = Double(settings.missingPaths) * (led ? 5 : 1) * (missesInTheZone > 0.3 ? 3 : 1)
    let needed = max(settings.failedShare, min(0.95, 2 * missesInTheZone))
    let finding: Finding
    if Double(misses) >= threshold, failedShare >= needed || (already && failedShare >= needed / 2) {
      finding = Finding(
        kind: .scanning, confidence: Self.growing(Double(misses), over: threshold, from: 0.65),
        ofVisit: UInt64(visit.failed), loud: true)
    } else if profile.failedPathsEver.count >= settings.missingPaths * 2, !led,
      profile.life.share(profile.life.failed) >= max(0.8, needed), profile.life.referrers * 10 <= profile.life.requests
    {
      finding = Finding(
        kind: .scanning,
        confidence: Self.growing(
          Double(profile.failedPathsEver.count), over: Double(settings.missingPaths * 2), from: 0.6),
        ofVisit: UInt64(visit.failed), loud: true)
    } else if misses >= 4, failedShare >= max(0.6, needed), missesInTheZone < 0.3,
      profile.visit.referrers * 5 <= visit.requests, profile.life.assets == 0, visit.logins == 0,
      row.asksForPrograms || misses >= 6 && UserAgentKind(text(.userAgent, row.userAgent)) == .absent
    {
      // A short list of what may be there to break into. Nobody's own page, robot or app asks for that.
      finding = Finding(
        kind: .scanning, confidence: misses >= 6 ? 0.6 : 0.5, ofVisit: UInt64(visit.failed), loud: false)
    } else if misses >= 8, failedShare >= max(0.9, needed), visit.referrers == 0, visit.assets * 5 <= visit.requests,
      missesInTheZone < 0.3
    {
      finding = Finding(
        kind: .scanning, confidence: 0.35, ofVisit: UInt64(visit.failed), loud: false)
    } else {
      return nil
    }
    // Folders are kept the same by asking for what may have been there.
    if visit.share(visit.status2xx) >= 0.3, UserAgentKind.isFileClient(text(.userAgent, row.userAgent)) { return nil }
    return isPoliteRobot(row, profile, text) ? nil : finding
  }

  /// A client that logs in without ever loading what a browser loads, in a zone where browsers do.
  func isBareLogin(_ profile: ClientProfile) -> Bool {
    profile.life.assets == 0 && profile.visit.logins > 0 && profile.visit.logins * 4 >= profile.visit.requests
  }

  /// A client that is here for logging in and little else.
  func cameToLogIn(_ profile: ClientProfile) -> Bool {
    let visit = profile.visit
    guard visit.logins > 0, visit.logins * 3 >= visit.requests &- min(visit.assets, visit.requests) else {
      return false
    }
    return visit.assets == 0 || context.assetVisitors < 0.2
  }

  /// A client that came to log in, failed, and loaded nothing else.
  func isTrying(_ profile: ClientProfile) -> Bool {
    let visit = profile.visit
    if visit.challenges > 0 || visit.turnedAway > 0 { return visit.assets == 0 }
    return visit.loginFailures > visit.loginSuccesses && cameToLogIn(profile)
  }

  /// Calls with a query string of their own each, at an easy pace, are signed: another service talks to this one.
  func isSigned(_ profile: ClientProfile) -> Bool {
    profile.queries.occupied * 2 >= max(min(Int(profile.visit.logins), 64), 1) && profile.visitRate < 1
  }

  /// Guessing passwords: many failures in a visit, or fewer over days.
  func logins(_ row: ClientObservation, _ profile: ClientProfile) -> Finding? {
    if row.counts.challenges > 0 { return challenges(row, profile) }
    if row.counts.turnedAway > 0 { return turnedAway(row, profile) }
    guard row.counts.logins > 0 else { return nil }
    let visit = profile.visit
    let bare = isBareLogin(profile) && context.assetVisitors >= 0.2
    let failures = visit.loginFailures
    let successes = visit.loginSuccesses
    if isSigned(profile) { return nil }
    // A page of the site leads a visitor to the form, though it kept what belongs to that from before.
    let isLed = visit.referrers * 2 > visit.requests
    // An office comes to work.
    if ofNetworks, isLed { return nil }
    let threshold = bare && !isLed ? max(settings.loginFailures / 2, 3) : settings.loginFailures
    let many = profile.users.count >= 8
    if UInt64(failures) >= threshold,
      UInt64(failures) >= 4 * UInt64(successes) || many && !isLed && failures >= 2 * successes
    {
      return Finding(
        kind: many ? .credentialStuffing : .bruteForce,
        confidence: Self.growing(Double(failures), over: Double(threshold), from: 0.65),
        ofVisit: UInt64(visit.logins), loud: true)
    }
    if profile.longFailures >= settings.slowLoginFailures, profile.longFailures >= 5 * profile.longSuccesses,
      profile.life.assets * 2 <= profile.life.logins
    {
      return Finding(
        kind: .bruteForce,
        confidence: Self.growing(profile.longFailures, over: settings.slowLoginFailures, from: 0.65),
        ofVisit: UInt64(visit.logins), loud: true)
    }
    // A few failures of a script, where scripts always fail: one of many small runs.
    if bare, failures > 0, successes == 0, context.bareLoginsFail {
      return Finding(
        kind: .bruteForce, confidence: failures >= 3 ? 0.45 : failures == 2 ? 0.35 : 0.25,
        ofVisit: UInt64(visit.logins), loud: false)
    }
    return nil
  }

  /// Kept from a login form again and again, and here for nothing else: one of those who guess here, or somebody who
  /// changes names while trying. A monitor has one name.
  private func turnedAway(_ row: ClientObservation, _ profile: ClientProfile) -> Finding? {
    let visit = profile.visit
    guard profile.life.assets == 0, visit.share(visit.turnedAway) >= 0.5, context.assetVisitors >= 0.2 else {
      return nil
    }
    let names = profile.agents.nonzeroBitCount
    let confidence: Double
    if names >= 4, visit.turnedAway >= 4 {
      confidence = 0.6
    } else if context.bareLoginsFail {
      confidence = names >= 2 ? 0.4 : 0.25
    } else {
      return nil
    }
    return Finding(
      kind: .bruteForce, confidence: confidence, ofVisit: UInt64(visit.turnedAway),
      loud: false)
  }

  /// Guessing where the server itself asks for a password: fast, at one place, and hardly ever let in. A program whose
  /// token has run out asks slowly, or all over the place.
  private func challenges(_ row: ClientObservation, _ profile: ClientProfile) -> Finding? {
    let visit = profile.visit
    guard UInt64(visit.challenges) >= 5 * settings.loginFailures, visit.share(visit.challenges) >= 0.8,
      profile.visitRate >= 0.5, Double(profile.topPathSurplus) >= 0.6 * Double(visit.requests)
    else { return nil }
    return Finding(
      kind: .bruteForce,
      confidence: Self.growing(Double(visit.challenges), over: Double(5 * settings.loginFailures), from: 0.6),
      ofVisit: UInt64(visit.challenges), loud: true)
  }

  /// Page after page without what a browser loads with it.
  func scraping(
    _ row: ClientObservation, _ profile: ClientProfile, _ text: TextLookup
  ) -> Finding? {
    let visit = profile.visit
    guard visit.requests >= settings.fewScrapedPages, profile.paths.occupied >= settings.fewScrapedPages / 2,
      // Who puts things there does not take them.
      row.counts.requests > 0, row.counts.get &* 2 >= row.counts.requests
    else { return nil }
    let pages = profile.pages
    // A browser, by its own word, that loads nothing with so many pages and came from none of them is none.
    let isDisguised =
      visit.assets == 0 && visit.referrers == 0 && profile.life.assets == 0
      && UserAgentKind(text(.userAgent, row.userAgent)) == .browser
    let threshold = isDisguised ? settings.fewScrapedPages : settings.scrapedPages
    guard pages >= threshold, visit.share(visit.assets) <= 0.02, visit.share(visit.status2xx) >= 0.5,
      visit.share(visit.referrers) <= 0.9,
      // Where few load assets, this is an interface for programs, and walking through it is its use.
      context.assetVisitors >= 0.3
    else { return nil }
    // Somebody reading slowly for a whole day is not who this is for.
    guard profile.visitRate >= 0.05 else { return nil }
    if isPoliteRobot(row, profile, text) { return nil }
    var confidence = Self.growing(Double(pages), over: Double(threshold), from: 0.6)
    if profile.agents.nonzeroBitCount >= 4 { confidence = 1 - (1 - confidence) * 0.5 }
    return Finding(
      kind: .scraping, confidence: confidence, ofVisit: UInt64(visit.requests),
      loud: true)
  }

  /// One path with ever new query strings, so that no cache helps.
  func cacheBusting(_ row: ClientObservation, _ profile: ClientProfile) -> Finding? {
    let visit = profile.visit
    guard profile.queries.occupied >= 64, visit.requests >= settings.bustingQueries else { return nil }
    let queries = profile.queries.count
    let distinct = queries >= DistinctBitmap.most / 2 ? 1.0 : Double(queries) / Double(visit.requests)
    guard queries >= settings.bustingQueries, distinct >= 0.7, profile.paths.occupied <= 6, profile.visitRate >= 1,
      Double(profile.topPathSurplus) >= 0.6 * Double(visit.requests), visit.share(visit.assets) <= 0.05,
      visit.share(visit.failed) < 0.9, visit.share(visit.serverErrors) < 0.3
    else { return nil }
    // Typing into a search box leaves a referrer; an interface that everybody calls this way is meant so.
    if visit.share(visit.referrers) >= 0.5, queries < 5 * settings.bustingQueries { return nil }
    if context.queryRichShare >= 0.3, profile.visitRate < 20 { return nil }
    let known = visit.cacheHits &+ visit.cacheMisses
    if known > visit.requests / 2, visit.cacheHits > known / 2 { return nil }
    return Finding(
      kind: .cacheBusting,
      confidence: Self.growing(Double(queries), over: Double(settings.bustingQueries), from: known > 0 ? 0.75 : 0.6),
      ofVisit: UInt64(visit.requests), loud: true)
  }

  /// A client that ties the server up, or brings it to errors, while others are served well.
  func costly(_ row: ClientObservation, _ profile: ClientProfile) -> Finding? {
    let visit = profile.visit
    guard row.counts.slow > 0 || row.counts.status5xx > 0, let others = context.othersTroubles(than: visit) else {
      return nil
    }
    if row.counts.slow > 0, UInt64(visit.slow) >= settings.costlyRequests, visit.share(visit.slow) >= 0.5,
      others.slow <= 0.05, profile.visitRate >= 0.2
    {
      return Finding(
        kind: .slowRequests,
        confidence: Self.growing(Double(visit.slow), over: Double(settings.costlyRequests), from: 0.6),
        ofVisit: UInt64(visit.slow), loud: true)
    }
    if row.counts.status5xx > 0, UInt64(visit.serverErrors) >= settings.costlyRequests,
      visit.share(visit.serverErrors) >= 0.5, others.errors <= 0.05, profile.visitRate >= 0.5,
      // Going through the pages of a site that fails is not what makes it fail.
      profile.paths.occupied <= 4 || Double(profile.topPathSurplus) >= 0.5 * Double(visit.requests), visit.logins == 0
    {
      return Finding(
        kind: .errorStorm,
        confidence: Self.growing(Double(visit.serverErrors), over: Double(settings.costlyRequests), from: 0.6),
        ofVisit: UInt64(visit.serverErrors), loud: true)
    }
    return nil
  }
}

extension ClientObservation {
  /// Whether what it failed to get, by the lines kept of it, is chiefly programs that run on a server, or was posted to.
  var asksForPrograms: Bool {
    var failed = 0
    var odd = 0
    for line in evidence where line.status >= 400 && line.status < 500 {
      failed += 1
      if line.isPost || Self.isProgram(line.path) { odd += 1 }
    }
    return odd > 0 && 2 * odd >= failed
  }

  private static func isProgram(_ path: [UInt8]) -> Bool {
    guard let dot = path.lastIndex(of: 0x2e), path.count - dot <= 7 else { return false }
    let ending = path[(dot + 1)...].map { $0 | 0x20 }
    return programs.contains(ending)
  }

  private static let programs = Set(
    [
      "php", "php5", "phtml", "asp", "aspx", "ashx", "asmx", "jsp", "jspx", "cgi", "pl", "cfm", "action", "env", "sql",
      "bak",
    ]
    .map { $0.utf8.map { $0 | 0x20 } })
}
