// One zone: its clients, its habits, its baseline; what one window makes of them.

import Bytes
import Rollups

/// The whole memory of the zone stage for one zone. Its size is bounded by the settings.
public struct ZoneState: Sendable {
  let zone: [UInt8]
  var clients: ClientRegistry
  var networks: ClientRegistry
  var context = ZoneContext()
  var baseline = RateBaseline()
  var shape = TrafficShape()
  var flood = FloodTest()
  var ordinary = OrdinaryMatches()
  var loginForms = LoginForms()
  var crowds = CrowdTest()
  /// Forms sent after loading the page that they stand on.
  var formSenders = HashedCounts()
  /// Missing paths asked for by who follows links, and visits of each user agent that load what belongs to pages.
  var linkedMisses = HashedCounts()
  var browsers = HashedCounts()
  var probes = AlikeVisits(.probes)
  var walks = AlikeVisits(.walks)
  var loneMisses = AlikeVisits(.loneMisses)
  var agentWalks = AlikeVisits(.agentWalks)
  var numberings = AlikeVisits(.numberings)
  var oddities = AlikeVisits(.oddities)
  var guesses = GuessTest()
  /// Names under which somebody asked for robots.txt: the first thousand.
  var robots: Set<UInt64> = []
  /// Requests a second of one client in a window, and the weight behind it.
  var clientRate = DecayedSum()
  var clientWindows = DecayedSum()
  /// As of the last window: scripts that log in fail; failures from many addresses have taken over.
  var bareLoginsFailed = false
  var isStuffed = false
  var lastSeen: Nanoseconds = .min
  var normal = NormalTraffic()
  var networkLoads = NetworkLoads()
  /// Groups of campaigns to which the row at hand has given a candidate, a bit each.
  private var groupsOfRow: UInt8 = 0
  let hash: KeyedHash

  init(zone: [UInt8], settings: BehaviourSettings, hash: KeyedHash) {
    self.zone = zone
    self.hash = hash
    clients = ClientRegistry(limit: settings.clientsPerZone)
    networks = ClientRegistry(limit: settings.networksPerZone)
  }

  private var calmRate: Double { clientWindows.value > 0 ? clientRate.value / clientWindows.value : 0 }

  /// Clients and networks remembered.
  var held: Int { clients.count + networks.count }

  /// Forgets up to `excess` of them, the longest unseen first, but leaves `share` of each.
  /// - Returns: How many were forgotten.
  mutating func trim(by excess: Int, keeping share: Int) -> Int {
    let before = held
    clients.trim(to: max(share, clients.count - excess))
    networks.trim(to: max(share, networks.count - (excess - (before - held))))
    return before - held
  }

  /// Takes in one window and appends what it finds. O(clients in the window).
  mutating func absorb(
    _ window: WindowActivity, settings: BehaviourSettings, text: TextLookup, into found: inout [Candidate]
  ) {
    let firstFound = found.count
    lastSeen = max(lastSeen, window.end)
    clients.expire(before: window.start &- settings.clientExpiry)
    networks.expire(before: window.start &- settings.clientExpiry)

    let tests = ClientTests(settings: settings, context: context, robots: robots)
    let strict = tests.forNetworks()
    var pass = Pass(window.clients.count)
    // Rows are large, and few of them change: they are looked at where they are.
    window.clients.withUnsafeBufferPointer { rows in
      for i in rows.indices {
        // Profiles are many, and hardly ever in a cache.
        if i &+ 8 < rows.count {
          clients.prefetchCell(of: rows[i &+ 8].address)
          networks.prefetchCell(of: rows[i &+ 8].address.network)
        }
        if i &+ 3 < rows.count {
          clients.prefetchProfile(of: rows[i &+ 3].address)
          networks.prefetchProfile(of: rows[i &+ 3].address.network)
        }
        if rows[i].counts.logins > 0 || rows[i].counts.unauthorized > 0 {
          var row = rows[i]
          judgeLogins(of: &row, text)
          absorb(row, i, &pass, window: window, tests: tests, strict: strict, text: text, into: &found)
        } else {
          absorb(rows[i], i, &pass, window: window, tests: tests, strict: strict, text: text, into: &found)
        }
      }
    }
    context.absorb(pass.sums, at: window.end)
    findQuietLogins(window: window, settings: settings, into: &found)
    if !window.isLate { judgeLoad(window, pass, settings: settings, text: text, into: &found) }
    // What was found in this window goes on in the defined order.
    found.putInOrder(from: firstFound)
    if found.count > firstFound { found[firstFound].normal = normal.told(at: window.end) }
  }

  /// What one pass over the rows of a window finds out for those that look at all of them.
  private struct Pass {
    var rates: [Double]
    var trusted: [Bool]
    /// In the registry; -1 for a trusted client.
    var slots: [Int]
    var sums = ZoneContext.Window()
    /// Requests of all but trusted clients.
    var requests: UInt64 = 0

    init(_ count: Int) {
      rates = [Double](repeating: 0, count: count)
      trusted = [Bool](repeating: false, count: count)
      slots = [Int](repeating: -1, count: count)
    }
  }

  /// What counts as a login here, and as a failed one.
  private mutating func judgeLogins(of row: inout ClientObservation, _ text: TextLookup) {
    if row.counts.logins > 0, !loginForms.isForm(row.loginPath, text) { row.takeChallengesFromLogins() }
    if row.counts.logins == 0, row.counts.unauthorized > 0, loginForms.isForm(row.topPath, text) {
      row.counts.turnedAway = row.counts.unauthorized
      row.loginPath = row.topPath
    }
    if row.counts.logins > 0 { loginForms.countShownAgain(&row) }
    // Where the server fails everybody, it fails those who log in as well.
    if row.counts.loginFailures > 0, row.counts.status5xx > 0, context.isTroubled { row.takeServerErrorsFromLogins() }
  }

  private mutating func absorb(
    _ row: ClientObservation, _ i: Int, _ pass: inout Pass, window: WindowActivity, tests: ClientTests,
    strict: ClientTests, text: TextLookup, into found: inout [Candidate]
  ) {
    if tests.settings.isTrusted(row.address) {
      pass.trusted[i] = true
      return
    }
    pass.requests &+= row.counts.requests
    if row.robots, robots.count < 1_024, let name = UserAgentKind.robotName(text(.userAgent, row.userAgent)) {
      robots.insert(name)
    }
    groupsOfRow = 0
    let slot = clients.slot(for: row.address, at: row.firstTime)
    pass.slots[i] = slot
    var loads = false
    // In place: a copy of the profile is made only where there is something to test.
    let isTested = clients.update(slot) { profile in
      _ = profile.absorb(row, length: window.length, settings: tests.settings)
      pass.rates[i] = profile.rate
      loads = profile.visit.assets > 0 && UInt64(profile.visit.requests) &- row.counts.requests < 3
      let logsIn = profile.visit.logins > 0
      pass.sums.add(
        row, profile, isBare: logsIn && tests.isBareLogin(profile), cameToLogIn: logsIn && tests.cameToLogIn(profile))
      return tests.isWorthTesting(row, profile)
    }
    if loads, row.userAgent != 0, agentWalks.visits.count >= AlikeVisits.few {
      browsers.count(row.userAgent, at: window.end)
    }
    if row.counts.logins > 0 { loginForms.learn(row, clients.profiles[slot]) }
    if isTested {
      test(row, clients.profiles[slot], slot: slot, window: window, tests: tests, text: text, into: &found)
    }
    if row.isOfInterestToItsNetwork || networks.find(row.address.network) != nil {
      testNetwork(row, window: window, stricter: strict, text: text, into: &found)
    }
  }

  // MARK: Load

  private mutating func judgeLoad(
    _ window: WindowActivity, _ pass: Pass, settings: BehaviourSettings, text: TextLookup,
    into found: inout [Candidate]
  ) {
    let (requests, slots) = (pass.requests, pass.slots)
    let cells = window.clients.map { TrafficShape.Cells($0) }
    let departure = baseline.judge(
      requests: requests, start: window.start, length: window.length, settings: settings)
    let verdict = judgeFlood(window, pass, cells, departure, settings, text)
    let bursts = verdict == nil && !flood.isOn ? judgeNetworks(window, pass, departure, settings, text) : []
    baseline.learn(
      requests: requests, start: window.start, length: window.length,
      isAttack: verdict != nil || flood.isOn || !bursts.isEmpty
        || ((departure.isSwell || flood.isExcused) && window.end &- flood.began < FloodTest.doubt))
    if let verdict {
      walks.forget(from: verdict.began)
      agentWalks.forget(from: verdict.began)
      if let observed = verdict.observed {
        tellEarlier(verdict, observed, expected: departure.expected, window: window, text: text, into: &found)
      }
      for member in verdict.members where slots[member.row] >= 0 {
        let profile = clients.profiles[slots[member.row]]
        if verdict.kind == .distributedFlood, isKnown(profile, before: verdict.began, text) { continue }
        tell(
          verdict, member, row: window.clients[member.row], slot: slots[member.row], window: window, text: text,
          into: &found)
      }
    } else if !bursts.isEmpty {
      for burst in bursts { tell(burst, learned: departure.learned, slots, window: window, text: text, into: &found) }
    } else if !departure.isExcess, !departure.isSwell, !baseline.isRising {
      learnShape(window, cells: cells)
    }
  }

  private mutating func judgeFlood(
    _ window: WindowActivity, _ pass: Pass, _ cells: [TrafficShape.Cells], _ departure: RateBaseline.Departure,
    _ settings: BehaviourSettings, _ text: TextLookup
  ) -> FloodTest.Verdict? {
    let slots = pass.slots
    let elsewhere =
      departure.isSwell
      ? window.clients.indices.filter { i in
        slots[i] >= 0 && isBusyElsewhere(clients.profiles[slots[i]], window.clients[i])
      } : []
    let since = flood.began == .min ? window.start : flood.began
    let (remembered, robots) = (clients, robots)
    return flood.judge(
      window, cells: cells, rates: pass.rates, trusted: pass.trusted, departure: departure, shape: shape,
      context: context, calmRate: calmRate, elsewhere: elsewhere, settings: settings, text: text
    ) { i in
      guard slots[i] >= 0 else { return nil }
      let profile = remembered.profiles[slots[i]]
      return FloodTest.Visit(
        tally: profile.visit, isKnown: Self.isKnown(profile, before: since, isPlainBrowser: false),
        readsRobots: UserAgentKind.readsRobots(profile, text(.userAgent, profile.agent), robots))
    }
  }

  /// Bursts from many addresses of one network. Only where visitors load what belongs to pages can those who do not be
  /// told from them.
  private mutating func judgeNetworks(
    _ window: WindowActivity, _ pass: Pass, _ departure: RateBaseline.Departure, _ settings: BehaviourSettings,
    _ text: TextLookup
  ) -> [NetworkLoads.Burst] {
    let (clients, isCalm) = (clients, context.assetVisitors >= 0.3 && departure.learned >= RateBaseline.slowStart)
    return networkLoads.judge(window, calm: isCalm, departure: departure, settings: settings) { i in
      let row = window.clients[i]
      guard pass.slots[i] >= 0, row.counts.assets == 0, row.referrers &* 10 <= row.counts.requests else { return false }
      let profile = clients.profiles[pass.slots[i]]
      guard profile.visit.assets == 0, profile.visit.referrers &* 5 <= profile.visit.requests,
        profile.life.logins &* 2 <= profile.life.requests, !FloodTest.isDownload(row, text)
      else { return false }
      let agent = text(.userAgent, row.userAgent)
      let isPlainBrowser = UserAgentKind.isPlainBrowser(agent)
      if Self.isKnown(profile, before: window.start, isPlainBrowser: isPlainBrowser) { return false }
      return switch UserAgentKind(agent) {
      case .absent: true
      case .browser: !UserAgentKind.isEmbedded(agent)
      case .tool: !UserAgentKind.isApp(agent)
      // A robot or a program that says what it is asks much, if not too much: that is for other tests.
      default: false
      }
    }
  }

  private mutating func tell(
    _ burst: NetworkLoads.Burst, learned: Nanoseconds, _ slots: [Int], window: WindowActivity, text: TextLookup,
    into found: inout [Candidate]
  ) {
    var departure = RateBaseline.Departure(
      rate: burst.rate, expected: burst.usual, threshold: burst.threshold, learned: learned, spread: 0,
      isExcess: true, isSwell: false, isLearning: false)
    departure.basis = .network
    let sure = ClientTests.growing(burst.rate / max(burst.threshold, 0.001), over: 1, from: 0.7)
    let verdict = FloodTest.Verdict(
      kind: .distributedFlood, confidence: sure, members: burst.members.map { ($0, 0.9) }, departure: departure,
      began: burst.began)
    if burst.isNew {
      // Those of it who took part before it was known, and have gone quiet since.
      let present = Set(burst.members.lazy.map { window.clients[$0].address })
      var earlier: [ClientProfile] = []
      clients.forEach { profile in
        guard profile.lastSeen >= burst.began, profile.visitStart >= burst.began,
          profile.address.network == burst.network, profile.visit.assets == 0, profile.visit.referrers == 0,
          !present.contains(profile.address)
        else { return }
        earlier.append(profile)
      }
      tellEarlier(earlier.map { ($0, 0.9) }, verdict, window: window, into: &found)
    }
    for member in verdict.members {
      tell(
        verdict, member, row: window.clients[member.row], slot: slots[member.row], window: window, text: text,
        into: &found)
    }
  }

  /// Whether a client is part of an attack of another kind, or does what such an attack is made of.
  private func isBusyElsewhere(_ profile: ClientProfile, _ row: ClientObservation) -> Bool {
    let load: RaisedKinds = [RaisedKinds(.flood), RaisedKinds(.distributedFlood)]
    if profile.isSuspect, !profile.told.subtracting(load).isEmpty { return true }
    let visit = profile.visit
    let counts = row.counts
    return counts.loginFailures >= max(counts.requests &- min(counts.loginFailures, counts.requests), 1)
      || counts.status5xx > counts.requests &- min(counts.status5xx, counts.requests)
      || (visit.requests >= 3 && profile.paths.occupied <= 3
        && Double(profile.queries.count) >= 0.7 * Double(min(visit.requests, 200)))
  }

  /// Somebody who used the site in peace before the flood, and does no more of it now: a visitor, a feed reader, a
  /// crawler, a monitor. A browser by its own word that came an hour or two before and never loaded anything of a page is
  /// none of them, where visitors do: a flood that grows slowly is made of such.
  private func isKnown(_ profile: ClientProfile, before began: Nanoseconds, _ text: TextLookup) -> Bool {
    Self.isKnown(
      profile, before: began,
      isPlainBrowser: context.assetVisitors >= 0.3 && profile.life.assets == 0 && profile.life.referrers == 0
        && UserAgentKind.isPlainBrowser(text(.userAgent, profile.agent)))
  }

  private static func isKnown(_ profile: ClientProfile, before began: Nanoseconds, isPlainBrowser: Bool) -> Bool {
    guard profile.firstSeen < began &- 600 * nanosecondsPerSecond, profile.rate < 1,
      !profile.toldEver.contains(RaisedKinds(.distributedFlood))
    else { return false }
    let life = profile.life
    if isPlainBrowser, life.assets == 0, life.referrers == 0, profile.firstSeen > began &- 2 * ZoneContext.hour {
      return false
    }
    // On a visit that began before, as a crawler's never ends, or back from an earlier one.
    return life.matched <= life.requests / 20
      && (profile.visitStart < began &- 600 * nanosecondsPerSecond
        || Double(profile.visit.requests) <= 0.7 * Double(life.requests))
  }

  /// Those who took part in a flood from many before it was known to be one, and have gone quiet since.
  private mutating func tellEarlier(
    _ verdict: FloodTest.Verdict, _ observed: TrafficShape.Excess, expected: Double, window: WindowActivity,
    text: TextLookup, into found: inout [Candidate]
  ) {
    let present = Set(window.clients.lazy.map(\.address))
    let seconds = max(Double(window.length) / 1e9, 1e-3)
    var earlier: [(ClientProfile, Double)] = []
    clients.forEach { profile in
      guard profile.lastSeen >= verdict.began, profile.visitStart >= verdict.began, profile.visit.assets == 0,
        profile.visit.referrers == 0, !present.contains(profile.address), !isKnown(profile, before: verdict.began, text)
      else { return }
      let p = observed.posterior(TrafficShape.Cells(profile), expected: expected * seconds, shape: shape)
      // Of what rose slowly there is much time in which others came for little.
      guard p >= (verdict.departure.since == nil ? 0.5 : 0.75) else { return }
      if FloodTest.isDownload(profile, text) { return }
      if verdict.sparesPhones, AppSurge.isOfAKnownApp(profile, shape: shape, text) { return }
      earlier.append((profile, p))
    }
    tellEarlier(earlier, verdict, window: window, into: &found)
  }

  private mutating func tellEarlier(
    _ earlier: [(ClientProfile, Double)], _ verdict: FloodTest.Verdict, window: WindowActivity,
    into found: inout [Candidate]
  ) {
    for (profile, p) in earlier {
      var candidate = tellFromMemory(
        profile, kind: verdict.kind, confidence: verdict.confidence * p, window: window)
      candidate.loud = true
      candidate.facts.formMaximum(verdict.facts)
      found.append(candidate)
      guard let slot = clients.find(profile.address) else { continue }
      clients.amend(slot) {
        $0.told.insert(RaisedKinds(verdict.kind))
        $0.toldEver.insert(RaisedKinds(verdict.kind))
        $0.isSuspect = true
      }
    }
  }

  // MARK: One client

  private mutating func test(
    _ row: ClientObservation, _ profile: ClientProfile, slot: Int, window: WindowActivity, tests: ClientTests,
    text: TextLookup, into found: inout [Candidate]
  ) {
    let before = found.count
    if var finding = tests.matched(row, profile), !ordinary.judge(row, profile, hash: hash) {
      let isHarmless =
        BrokenLinks.explain(row.evidence) || (profile.maxScore < 80 && tests.isPoliteRobot(row, profile, text))
      if isHarmless {
        finding.confidence *= 0.2
        finding.loud = false
      }
      tell(finding, row, slot: slot, window: window, text: text, into: &found)
      if !isHarmless, finding.kind == .scanning, !finding.loud, tests.isOddAlone(profile), row.chiefRule != 0 {
        let proper = 10 * Double(ordinary.visitors[row.chiefRule]?.count ?? 0)
        let crowd = oddities.join(
          row.address, profile.paths, key: row.chiefRule, proper: proper, at: window.end, hash: hash)
        if let crowd { tell(crowd, row, slot: slot, window: window, text: text, into: &found) }
      }
    }
    if let finding = tests.scanning(row, profile, text, already: profile.told.contains(RaisedKinds(.scanning))),
      profile.visit.failed > 400 || !BrokenLinks.explain(row.evidence)
    {
      tell(finding, row, slot: slot, window: window, text: text, into: &found)
    }
    if let finding = tests.logins(row, profile) {
      tell(finding, row, slot: slot, window: window, text: text, into: &found)
    } else if isStuffed, row.counts.loginFailures > 0, tests.cameToLogIn(profile), profile.visit.loginSuccesses == 0 {
      let finding = Finding(
        kind: .credentialStuffing, confidence: 0.7, ofVisit: UInt64(profile.visit.logins), loud: true)
      tell(finding, row, slot: slot, window: window, text: text, into: &found)
    }
    if let finding = tests.scraping(row, profile, text) {
      tell(finding, row, slot: slot, window: window, text: text, into: &found)
    }
    if let finding = tests.cacheBusting(row, profile) {
      tell(finding, row, slot: slot, window: window, text: text, into: &found)
    }
    // Errors are what scanning and guessing bring about as well.
    if !profile.isSuspect || !profile.told.isDisjoint(with: RaisedKinds.costly),
      let finding = tests.costly(row, profile)
    {
      tell(finding, row, slot: slot, window: window, text: text, into: &found)
    }
    let searches = joinAlike(row, profile, slot: slot, window: window, tests: tests, text: text, into: &found)
    if found.count == before, let kind = tests.hint(row, profile, searches: searches) {
      tellHint(kind, row, profile, slot: slot, window: window, text: text, into: &found)
    }
    if row.counts.post > 0, row.counts.logins == 0, profile.life.assets > 0, let form = row.postedPath {
      formSenders.count(hash.hash(form.span.bytes), at: window.end)
    }
    for trait in tests.traits(row, profile, text) {
      testCrowd(trait, row, slot: slot, window: window, text: text, into: &found)
    }
  }

  /// Whether the client's visit is one of many alike.
  /// - Returns: Whether it searches for what is not there.
  private mutating func joinAlike(
    _ row: ClientObservation, _ profile: ClientProfile, slot: Int, window: WindowActivity, tests: ClientTests,
    text: TextLookup, into found: inout [Candidate]
  ) -> Bool {
    func tell(_ crowd: AlikeVisits.Found?) {
      guard let crowd else { return }
      self.tell(crowd, row, slot: slot, window: window, text: text, into: &found)
    }
    let now = window.end
    let searches = tests.probes(row, profile, text)
    if searches { tell(probes.join(row.address, profile.failedPaths, at: now, hash: hash)) }
    let missed = tests.missesOnce(row, profile, text).map { hash.hash($0.span.bytes) }
    if let missed {
      // Where a tenth as many have a reason, over the same days, the page is one that has gone.
      let days = Double(loneMisses.likeness.memory) / Double(ZoneContext.day)
      tell(
        loneMisses.join(
          row.address, profile.failedPaths, key: missed, proper: 10 * days * linkedMisses.number(missed), at: now,
          hash: hash))
    } else if row.counts.notFound > 0, tests.isLed(row, profile, text) {
      for path in row.missingPaths { linkedMisses.count(hash.hash(path.span.bytes), at: now) }
    }
    if let shape = tests.numbering(row, profile, text) {
      let key = hash.hash(hash.hash(shape.span.bytes), row.userAgent)
      tell(numberings.join(row.address, profile.failedPaths, key: key, at: now, hash: hash))
    }
    findGuesses(row, profile, slot: slot, window: window, tests: tests, text: text, into: &found)
    let isSearch = searches || missed != nil
    // Those who flood a site walk as well.
    guard !flood.isOn, !profile.isSuspect || profile.told.contains(RaisedKinds(.scraping)),
      tests.walks(profile, row, text)
    else { return isSearch }
    if profile.visit.requests >= 3, profile.paths.occupied >= 3 {
      tell(walks.join(row.address, profile.paths, at: now, hash: hash))
    }
    if row.userAgent != 0 {
      tell(
        agentWalks.join(
          row.address, profile.paths, key: row.userAgent, proper: 2 * browsers.number(row.userAgent), at: now,
          hash: hash))
    }
    return isSearch
  }

  /// Whether the client is one of many who guess at one endpoint.
  private mutating func findGuesses(
    _ row: ClientObservation, _ profile: ClientProfile, slot: Int, window: WindowActivity, tests: ClientTests,
    text: TextLookup, into found: inout [Candidate]
  ) {
    guard row.counts.status4xx > 0 else { return }
    guard let (values, isProgram) = tests.guesses(row, profile, text, hash: hash) else {
      // Those who load pages know whether there is something.
      guard profile.life.assets > 0, !guesses.endpoints.isEmpty else { return }
      for guess in row.guessedValues(hash) { guesses.miss(guess, by: row.address, hash: hash) }
      return
    }
    let crowd = guesses.note(
      values, of: row.address, failed: UInt32(min(row.counts.status4xx, ClientTally.most)),
      failedEver: profile.life.failed, isProgram: isProgram, visitorsLoad: tests.context.assetVisitors >= 0.3,
      at: window.end, hash: hash)
    guard let crowd else { return }
    // Guesses are thin: what earlier visits asked is of it as well.
    for address in crowd.crowd.fresh {
      tellMember(of: crowd.crowd, address, withEarlier: true, window: window, into: &found)
    }
    guard crowd.isMember else { return }
    let isFirst = profile.toldEver.isDisjoint(with: RaisedKinds(.scanning))
    var own = crowd.crowd
    own.fresh = []
    tell(own, row, slot: slot, window: window, text: text, into: &found)
    if isFirst { found[found.count - 1].addEarlierFailures(of: profile) }
  }

  /// Whether the client is one of many that do the same.
  private mutating func testCrowd(
    _ trait: CrowdTrait, _ row: ClientObservation, slot: Int, window: WindowActivity, text: TextLookup,
    into found: inout [Candidate]
  ) {
    let profile = clients.profiles[slot]
    let (requests, errors, slow) = context.recently
    let crowd: [IPAddress] =
      switch trait {
      case .busting, .varying:
        crowds.join(trait, path: profile.topPath, profile, troubled: 0, at: window.end, among: nil)
      case .posting:
        postingCrowd(row, profile, at: window.end)
      case .slow:
        crowds.join(trait, path: 0, profile, troubled: profile.visit.slow, at: window.end, among: (requests, slow))
      case .errors:
        crowds.join(
          trait, path: profile.topPath, profile, troubled: profile.visit.serverErrors, at: window.end,
          among: (requests, errors))
      }
    for address in crowd where address != row.address {
      guard let other = clients.find(address), !clients.profiles[other].told.contains(RaisedKinds(trait.kind)) else {
        continue
      }
      var member = tellMember(other, kind: trait.kind, crowd: crowd.count, window: window)
      member.target = text(.path, clients.profiles[other].topPath)
      member.targetRequests = member.requests
      found.append(member)
    }
    guard !crowd.isEmpty else { return }
    let finding = Finding(
      kind: trait.kind, confidence: 0.75, ofVisit: UInt64(profile.visit.requests), loud: true)
    tell(finding, row, slot: slot, window: window, text: text, into: &found)
    if !found.isEmpty, crowd.count > 1 { found[found.count - 1].facts.crowd = UInt64(crowd.count) }
  }

  private mutating func postingCrowd(
    _ row: ClientObservation, _ profile: ClientProfile, at now: Nanoseconds
  ) -> [IPAddress] {
    guard let path = row.postedPath else { return [] }
    let form = hash.hash(path.span.bytes)
    return crowds.join(
      .posting, path: form, profile, troubled: 0, at: now, among: nil, proper: formSenders.number(form))
  }

  /// Tells of a client that it is one of many that ask for the same, and of those who are now known to be.
  private mutating func tell(
    _ crowd: AlikeVisits.Found, _ row: ClientObservation, slot: Int, window: WindowActivity,
    text: TextLookup, into found: inout [Candidate]
  ) {
    for address in crowd.fresh { tellMember(of: crowd, address, window: window, into: &found) }
    let visit = clients.profiles[slot].visit
    tell(
      Finding(
        kind: crowd.kind, confidence: 0.75, ofVisit: UInt64(crowd.kind == .scanning ? visit.failed : visit.requests),
        loud: true),
      row, slot: slot, window: window, text: text, into: &found)
    (found[found.count - 1].signature, found[found.count - 1].facts.crowd) = (crowd.crowd, UInt64(crowd.size))
    found[found.count - 1].facts.addresses = UInt64(crowd.size)
  }

  private mutating func tellMember(
    of crowd: AlikeVisits.Found, _ address: IPAddress, withEarlier: Bool = false, window: WindowActivity,
    into found: inout [Candidate]
  ) {
    guard let other = clients.find(address) else { return }
    let profile = clients.profiles[other]
    var member = tellMember(other, kind: crowd.kind, crowd: crowd.size, window: window)
    member.signature = crowd.crowd
    member.facts.addresses = UInt64(crowd.size)
    if withEarlier, profile.toldEver.isDisjoint(with: RaisedKinds(crowd.kind)) {
      member.addEarlierFailures(of: profile)
      clients.amend(other) { _ = $0.toldEver.insert(RaisedKinds(crowd.kind)) }
    }
    found.append(member)
  }

  /// A candidate from memory, for a client that turns out to be one of a crowd.
  private mutating func tellMember(
    _ slot: Int, kind: AttackKind, crowd: Int, window: WindowActivity
  ) -> Candidate {
    var member = tellFromMemory(clients.profiles[slot], kind: kind, confidence: 0.7, window: window)
    member.loud = true
    member.facts.crowd = UInt64(crowd)
    clients.amend(slot) {
      $0.told.insert(RaisedKinds(kind))
      $0.isSuspect = true
    }
    return member
  }

  /// Tells the campaign stage of what counts only where the same client does it in other zones: all of the visit the first
  /// time, of the window after that.
  private mutating func tellHint(
    _ kind: AttackKind, _ row: ClientObservation, _ profile: ClientProfile, slot: Int, window: WindowActivity,
    text: TextLookup, into found: inout [Candidate]
  ) {
    let isLogin = kind == .bruteForce
    let isFirst = !profile.told.contains(RaisedKinds.hinted)
    let requests =
      isLogin
      ? (isFirst ? UInt64(profile.visit.loginFailures) : row.counts.loginFailures)
      : (isFirst ? UInt64(profile.visit.failed) : row.counts.status4xx)
    var candidate = Candidate(
      zone: zone, kind: kind, windowStart: window.start, windowEnd: window.end, address: row.address,
      first: isFirst ? profile.visitStart : row.firstTime, last: row.lastTime, requests: requests,
      confidence: Candidate.hint)
    fill(&candidate, row, profile, text: text)
    clients.amend(slot) { _ = $0.told.insert(RaisedKinds.hinted) }
    found.append(candidate)
  }

  /// Makes a candidate of a finding, with what of the visit was not told before.
  private mutating func tell(
    _ finding: Finding, _ row: ClientObservation, slot: Int, window: WindowActivity, text: TextLookup,
    into found: inout [Candidate]
  ) {
    let kind = RaisedKinds(finding.kind)
    let profile = clients.profiles[slot]
    let isFirst = !profile.told.contains(kind)
    let group = CampaignGroup(finding.kind)
    let fresh = clients.update(slot) {
      $0.told.insert(kind)
      $0.toldEver.insert(kind)
      if finding.loud || finding.confidence >= 0.5 { $0.isSuspect = true }
      return $0.toldRequests.take(finding.ofVisit, of: group)
    }
    var candidate = Candidate(
      zone: zone, kind: finding.kind, windowStart: window.start, windowEnd: window.end, address: row.address,
      first: isFirst && finding.kind != .injection ? profile.visitStart : row.firstTime, last: row.lastTime,
      requests: fresh, confidence: finding.confidence)
    if isFirst, finding.kind == .injection, let earliest = row.evidence.map(\.time).min() {
      candidate.first = max(candidate.first, min(earliest, row.lastTime))
    }
    candidate.loud = finding.loud
    addEarlierGuesses(of: profile, to: &candidate)
    fill(&candidate, row, profile, text: text)
    candidate.targetRequests = min(candidate.targetRequests, candidate.requests)
    // Two findings of one row join the same campaign: what they share is told once.
    let bit: UInt8 = 1 << group.rawValue
    if groupsOfRow & bit != 0 {
      (candidate.rules, candidate.evidence, candidate.targetRequests, candidate.succeeded) = ([], [], 0, false)
    }
    groupsOfRow |= bit
    found.append(candidate)
  }

  /// Adds the guesses of earlier visits that nobody told of, where the client is told of as one that guesses for the first
  /// time and never got in.
  private func addEarlierGuesses(of profile: ClientProfile, to candidate: inout Candidate) {
    guard candidate.kind == .bruteForce || candidate.kind == .credentialStuffing,
      profile.toldEver.isDisjoint(with: RaisedKinds.guessing), profile.life.loginSuccesses == 0,
      profile.life.logins > profile.visit.logins
    else { return }
    candidate.requests &+= UInt64(profile.life.logins &- profile.visit.logins)
    candidate.first = min(candidate.first, profile.firstSeen)
  }

  private func fill(
    _ candidate: inout Candidate, _ row: ClientObservation, _ profile: ClientProfile, text: TextLookup
  ) {
    candidate.signature = row.signature
    candidate.userAgent = row.userAgent
    candidate.evidence = row.evidence
    let isMatch = candidate.kind == .injection || candidate.kind == .scanning
    if isMatch { candidate.classes = profile.classes }
    candidate.loginPath = row.loginPath
    if isMatch {
      candidate.rules = row.rules
      candidate.rule = row.chiefRule
      // A front page answers whatever the headers say: only a target that holds the payload tells.
      // A probe tells where the same client was told of other things that they are not there.
      let isToldOfMisses = profile.visit.failed >= 3 && profile.failedPaths.occupied >= 2
      let probesTell = isToldOfMisses && !profile.classes.isDisjoint(with: tellingProbes)
      for i in candidate.evidence.indices {
        candidate.evidence[i].tells = candidate.evidence[i].tells(ofProbes: probesTell)
      }
      candidate.succeeded = candidate.evidence.contains(where: \.tells)
      candidate.refused = row.evidence.contains { $0.status >= 400 }
    }
    let isLogin = candidate.kind == .bruteForce || candidate.kind == .credentialStuffing
    if isLogin {
      candidate.succeeded = profile.visit.loginSuccesses > 0 && profile.visit.loginFailures >= 5
    }
    candidate.target = text(.path, isLogin && row.loginPath != 0 ? row.loginPath : row.topPath)
    if isLogin {
      // What else it asked for, odd as it may be, is no evidence of guessing.
      let tries = candidate.evidence.filter { $0.path == candidate.target }
      if !tries.isEmpty { candidate.evidence = tries }
    }
    candidate.targetRequests = isLogin ? row.counts.logins : row.topPathCount
    if candidate.kind == .formSpam, let form = row.postedPath {
      (candidate.target, candidate.targetRequests) = (form, row.counts.post)
    }
    candidate.agent = Array(text(.userAgent, row.userAgent).prefix(RequestTexts.most))
    candidate.facts.formMaximum(profile.facts)
    candidate.facts.rate = max(profile.rate, candidate.facts.rate)
  }

  // MARK: Networks

  /// The same tests for a whole network, so that an actor who spreads over one is seen.
  private mutating func testNetwork(
    _ row: ClientObservation, window: WindowActivity, stricter: ClientTests, text: TextLookup,
    into found: inout [Candidate]
  ) {
    // One who does it alone says nothing about the neighbours.
    guard let client = clients.find(row.address), !clients.profiles[client].isSuspect else { return }
    let slot = networks.slot(for: row.address.network, at: row.firstTime)
    let members = networks.update(slot) {
      _ = $0.absorb(row, length: window.length, settings: stricter.settings)
      $0.members.insert(hash.hash(row.address.high, row.address.low))
      return $0.members.occupied
    }
    // Of these alone the tests below can find something.
    guard members >= 3, row.counts.status4xx > 0 || row.counts.isOfALogin else { return }
    let profile = networks.profiles[slot]
    var finding = stricter.scanning(row, profile, text, already: profile.told.contains(RaisedKinds(.scanning)))
    if finding == nil { finding = stricter.logins(row, profile) }
    // Not scraping: an office or a house of servers reads many pages together without any of them taking the site away.
    guard var finding, finding.loud else { return }
    let isLogin = finding.kind == .bruteForce || finding.kind == .credentialStuffing
    // A neighbour who mistypes a password, or gets in, or misses a page of many, is no part of it.
    if !(isLogin ? stricter.isTrying(clients.profiles[client]) : clients.profiles[client].missesMost) { return }
    let isFirst = !profile.told.contains(RaisedKinds(finding.kind))
    networks.update(slot) { _ = $0.told.insert(RaisedKinds(finding.kind)) }
    if isFirst {
      // Those of the network that did their part before it was seen.
      let own = row.address
      let since = profile.visitStart
      var earlier: [ClientProfile] = []
      clients.forEach { other in
        guard other.address.network == profile.address, other.address != own, other.lastSeen >= since else { return }
        let took =
          switch finding.kind {
          case .bruteForce, .credentialStuffing: stricter.isTrying(other)
          case .scanning: other.missesMost
          default: other.visit.assets == 0
          }
        if took { earlier.append(other) }
      }
      for other in earlier {
        var member = tellFromMemory(other, kind: finding.kind, confidence: finding.confidence * 0.9, window: window)
        member.loud = true
        member.facts.addresses = UInt64(profile.members.count)
        found.append(member)
      }
    }
    finding.confidence *= 0.9
    let visit = clients.profiles[client].visit
    finding.ofVisit = UInt64(finding.kind == .scanning ? visit.failed : max(visit.logins, visit.challenges))
    tell(finding, row, slot: client, window: window, text: text, into: &found)
    found[found.count - 1].facts.addresses = UInt64(profile.members.count)
  }

  /// A candidate from memory alone, for a client that is not in this window: what of its visit was not told before.
  private mutating func tellFromMemory(
    _ profile: ClientProfile, kind: AttackKind, confidence: Double, window: WindowActivity
  ) -> Candidate {
    let isLogin = kind == .bruteForce || kind == .credentialStuffing
    let ofVisit = isLogin ? profile.visit.logins : kind == .scanning ? profile.visit.failed : profile.visit.requests
    var fresh: UInt64 = 0
    if let slot = clients.find(profile.address) {
      clients.amend(slot) { fresh = $0.toldRequests.take(UInt64(ofVisit), of: CampaignGroup(kind)) }
    }
    var candidate = Candidate(
      zone: zone, kind: kind, windowStart: window.start, windowEnd: window.end, address: profile.address,
      first: profile.visitStart, last: profile.lastSeen, requests: fresh, confidence: confidence)
    candidate.signature = profile.signature
    candidate.userAgent = profile.agent
    candidate.facts = profile.facts
    if isLogin {
      candidate.loginPath = profile.loginPath
      addEarlierGuesses(of: profile, to: &candidate)
    }
    return candidate
  }

  // MARK: Many clients, little each

  /// When it becomes clear that scripts fail to log in here, or that failures from many addresses have taken over, those
  /// who did it before are told as well.
  private mutating func findQuietLogins(
    window: WindowActivity, settings: BehaviourSettings, into found: inout [Candidate]
  ) {
    let tests = ClientTests(settings: settings, context: context, robots: robots)
    let fail = context.bareLoginsFail
    if fail, !bareLoginsFailed {
      sweep(since: .min, kind: .bruteForce, window: window, into: &found) { profile in
        guard profile.told.isDisjoint(with: RaisedKinds.guessing),
          tests.isBareLogin(profile), profile.visit.loginFailures > 0, profile.visit.loginSuccesses == 0,
          !tests.isSigned(profile)
        else { return nil }
        return profile.visit.loginFailures >= 3 ? 0.45 : profile.visit.loginFailures == 2 ? 0.35 : 0.25
      }
    }
    bareLoginsFailed = fail
    let stuffed =
      context.stuffingAddresses(settings: settings) != nil && (isStuffed || !mostGetIn(at: window.end))
    if stuffed, !isStuffed {
      sweep(since: window.end &- 2 * ZoneContext.hour, kind: .credentialStuffing, window: window, into: &found) {
        profile in
        guard !profile.told.contains(RaisedKinds(.credentialStuffing)), profile.visit.loginFailures > 0,
          profile.visit.loginSuccesses == 0, tests.cameToLogIn(profile)
        else { return nil }
        return profile.visit.assets == 0 ? 0.75 : 0.55
      }
    }
    isStuffed = stuffed
  }

  /// Whether most of those who lately failed to log in got in on the same visit: people who mistype.
  private func mostGetIn(at now: Nanoseconds) -> Bool {
    // Those who are at it right now may get in yet.
    let settled = now &- 60 * nanosecondsPerSecond
    var (failed, gotIn) = (0, 0)
    clients.forEach { profile in
      guard profile.lastSeen >= now &- ZoneContext.hour, profile.visit.loginFailures > 0 else { return }
      if profile.visit.loginSuccesses > 0 { gotIn += 1 } else if profile.lastSeen < settled { failed += 1 }
    }
    return gotIn > failed
  }

  private mutating func sweep(
    since: Nanoseconds, kind: AttackKind, window: WindowActivity, into found: inout [Candidate],
    _ confidence: (ClientProfile) -> Double?
  ) {
    var alike: [(ClientProfile, Double)] = []
    clients.forEach { profile in
      guard profile.lastSeen >= since, let confidence = confidence(profile) else { return }
      alike.append((profile, confidence))
    }
    for (profile, confidence) in alike {
      var candidate = tellFromMemory(profile, kind: kind, confidence: confidence, window: window)
      candidate.loud = confidence >= 0.5
      found.append(candidate)
      guard let slot = clients.find(profile.address) else { continue }
      clients.amend(slot) {
        $0.told.insert(RaisedKinds(kind))
        $0.toldEver.insert(RaisedKinds(kind))
      }
    }
  }

  private mutating func tell(
    _ verdict: FloodTest.Verdict, _ member: (row: Int, probability: Double), row: ClientObservation, slot: Int,
    window: WindowActivity, text: TextLookup, into found: inout [Candidate]
  ) {
    let kind = RaisedKinds(verdict.kind)
    let profile = clients.profiles[slot]
    let isFirst = !profile.told.contains(kind)
    let isWhole = isFirst && profile.visitStart >= verdict.began
    let fresh = clients.update(slot) {
      $0.told.insert(kind)
      $0.toldEver.insert(kind)
      $0.isSuspect = true
      let total = isWhole ? UInt64($0.visit.requests) : UInt64($0.toldRequests[.load]) &+ row.counts.requests
      return $0.toldRequests.take(total, of: .load)
    }
    let began = max(profile.visitStart, verdict.began)
    var candidate = Candidate(
      zone: zone, kind: verdict.kind, windowStart: window.start, windowEnd: window.end, address: row.address,
      first: isFirst ? min(began, row.firstTime) : row.firstTime, last: row.lastTime,
      requests: fresh, confidence: verdict.confidence * member.probability)
    candidate.loud = true
    fill(&candidate, row, profile, text: text)
    candidate.facts.rate = verdict.departure.rate
    candidate.facts.formMaximum(verdict.facts)
    found.append(candidate)
  }

  private mutating func learnShape(_ window: WindowActivity, cells: [TrafficShape.Cells]) {
    let seconds = max(Double(window.length) / 1e9, 1e-3)
    shape.begin(at: window.end)
    for i in cells.indices { shape.add(cells[i], requests: window.clients[i].counts.requests) }
    guard !window.clients.isEmpty else { return }
    let rate = Double(window.counts.requests) / Double(window.clients.count) / seconds
    clientRate.add(rate, at: window.end, halfLife: ZoneContext.day)
    clientWindows.add(1, at: window.end, halfLife: ZoneContext.day)
  }
}

extension FloodTest.Verdict {
  /// What a candidate says of the flood as a whole.
  var facts: CandidateFacts {
    var facts = CandidateFacts()
    facts.rate = departure.rate
    facts.baselineRate = departure.expected
    facts.learned = departure.learned
    facts.threshold = departure.threshold
    facts.basis = departure.basis
    facts.addresses = UInt64(members.count)
    return facts
  }
}

extension Candidate {
  /// Adds what failed in earlier visits of a client of which nothing was told.
  fileprivate mutating func addEarlierFailures(of profile: ClientProfile) {
    requests &+= UInt64(profile.life.failed &- min(profile.visit.failed, profile.life.failed))
    first = min(first, profile.firstSeen)
  }
}

extension ActivityCounts {
  /// Whether there is something for the test of logins.
  var isOfALogin: Bool { logins > 0 || challenges > 0 || turnedAway > 0 }
}

extension EvidenceRecord {
  /// Whether its answer may show that the request succeeded; whether everybody gets that answer is another question.
  func tells(ofProbes: Bool) -> Bool {
    guard status >= 200, status < 300 else { return false }
    return score >= 75 && request.contains(0x3f) || ofProbes && score >= 50
  }
}

extension ClientObservation {
  /// The path of something it posted, where a line of evidence tells.
  var postedPath: [UInt8]? { evidence.first(where: \.isPost)?.path }

  /// The rule that matched most, the smallest hash of equals; 0 for none.
  var chiefRule: UInt64 {
    var chief = RuleTally(rule: 0, count: 0)
    for match in rules where match.count > chief.count || (match.count == chief.count && match.rule < chief.rule) {
      chief = match
    }
    return chief.rule
  }

  /// Where there is no login form a 401 is a question, not a failure.
  mutating func takeChallengesFromLogins() {
    counts.challenges = counts.logins
    (counts.logins, counts.loginFailures, loginPath) = (0, 0, 0)
  }

  /// Takes what the server failed to answer out of its logins: nobody was turned away by it.
  mutating func takeServerErrorsFromLogins() {
    let errors = min(counts.status5xx, counts.loginFailures)
    counts.loginFailures &-= errors
    counts.logins &-= min(errors, counts.logins)
    if counts.logins == 0 { loginPath = 0 }
  }

  /// Whether a row can matter to the tests of its network.
  var isOfInterestToItsNetwork: Bool {
    counts.status4xx > 0 || counts.logins > 0 || (counts.assets == 0 && counts.requests >= 3)
  }
}

extension ClientProfile {
  /// Half of what it asked for on its visit was not there, or not for it, and it loaded nothing that belongs to a page.
  fileprivate var missesMost: Bool { visit.failed > 0 && visit.failed * 2 >= visit.requests && visit.assets == 0 }

  var facts: CandidateFacts {
    var facts = CandidateFacts()
    facts.requests = UInt64(visit.requests)
    facts.failed = UInt64(visit.failed)
    facts.serverErrors = UInt64(visit.serverErrors)
    facts.slow = UInt64(visit.slow)
    facts.matched = UInt64(visit.matched)
    facts.logins = UInt64(visit.logins)
    facts.loginFailures = UInt64(visit.loginFailures)
    facts.distinctPaths = UInt64(paths.count)
    facts.missingPaths = UInt64(failedPaths.count)
    facts.distinctQueries = UInt64(queries.count)
    facts.users = UInt64(users.count)
    facts.maxScore = maxScore
    facts.addresses = UInt64(max(members.count, 1))
    return facts
  }
}

extension BehaviourSettings {
  func isTrusted(_ address: IPAddress) -> Bool { trusted.contains(address) }
}
