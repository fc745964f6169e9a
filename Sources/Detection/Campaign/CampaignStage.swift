// The campaign stage: candidates in, attacks out. It alone owns attacks, their ids and their order.

import Bytes
import Rollups

/// Joins candidates into campaigns and raises, updates and ends them.
///
/// A candidate joins the open campaign of its zone and group (see `CampaignGroup`) that its address is part of; else one
/// that it shares something telling with: a signature, a network, a login path. A loud one that shares nothing starts a
/// campaign of its own; a stray request joins the background noise of its class. When several strays turn out to share a
/// signature they become a campaign of their own, and so does a stray that becomes loud.
///
/// Pure: the same candidates in the same order, with the same watermarks, give the same attacks.
public struct CampaignStage: Sendable {
  public internal(set) var settings: CampaignSettings
  private let rules: [UInt64: RuleTitle]
  var open = OpenCampaigns()
  /// Number of the campaign that a key leads to. Every key is an address of one of its members or one of its `keys`.
  var index: [UInt64: UInt64] = [:]
  var nextSerial: UInt64 = 1
  private var ended: [Attack] = []
  var members = 0
  var usedIds = AttackIds()
  /// How many of them have been saved.
  var savedIds = 0
  private let hash = KeyedHash(key: 0xca3b_a160)
  /// Ended attacks that `attacksKept` made it forget; they were told as events.
  public internal(set) var forgotten: UInt64 = 0
  /// What is normal for a zone, as its zone stage said last.
  var normals = ZoneMemory<[RequestFields]>()
  /// What suspicious requests are answered with in a zone, as of the end of the last window that told of any.
  var answers = ZoneMemory<AnswerSizes>()
  /// For requests whose log does not say where their clients are. No part of the state.
  public var registry: (any AddressRegistry)?
  /// Addresses that do a little in each of several zones.
  var crossings = ZoneCrossings()
  /// Campaigns with something new to tell.
  var touched: Set<UInt64> = []
  /// Whether anybody reads what `consume` returns. Where nobody does it returns nothing, and saves the making of attacks
  /// that nobody sees; what `finish` and `snapshot` return is the same.
  public var isHeard = true
  /// No campaign ends before this.
  var nextSweep: Nanoseconds = .max

  /// `rules` names the rules by the hash of their ids.
  public init(settings: CampaignSettings = CampaignSettings(), rules: [UInt64: RuleTitle] = [:]) {
    self.settings = settings
    self.rules = rules
  }

  /// Campaigns open and members held: for metrics and tests.
  public var memory: (campaigns: Int, members: Int) { (open.count, members) }

  /// Takes the candidates of the windows that ended by `watermark`, and returns what there is to tell: attacks that
  /// started, go on, or ended, in a defined order.
  public mutating func consume(
    _ candidates: [Candidate], watermark: Nanoseconds, sources sink: inout some AttackSourceSink
  ) -> [Attack] {
    var told: [Attack] = []
    var candidates = candidates
    candidates.putInOrder()
    for candidate in candidates {
      if !candidate.normal.isEmpty { learnNormal(candidate) }
      let isHint = candidate.confidence < settings.memberConfidence && !candidate.loud
      for crossing in isHint ? crossings.note(candidate) : [] { take(crossing) }
      guard candidate.confidence >= settings.leastConfidence else { continue }
      learnAnswers(candidate)
      // Those that went quiet before this began are over, however the windows were handed in.
      take(candidate)
    }
    for serial in touched.sorted() { raiseIfSure(serial, told: &told, watermark: watermark) }
    if watermark >= nextSweep { endQuiet(watermark: watermark, told: &told, sink: &sink) }
    bound(told: &told, sink: &sink)
    return told
  }

  private mutating func learnNormal(_ candidate: Candidate) {
    var requests = candidate.normal
    if registry != nil { for i in requests.indices { requests[i].marks.complete(requests[i].client, registry) } }
    normals.set(requests, of: candidate.zone, at: candidate.windowEnd)
  }

  /// Learns how suspicious requests are answered, from the lines kept of them.
  private mutating func learnAnswers(_ candidate: Candidate) {
    guard CampaignGroup(candidate.kind) == .payloads else { return }
    for line in candidate.evidence where line.marks.bytes > 0 {
      let isError = line.status >= 400
      guard isError || line.status >= 200 && line.status < 300 && line.score >= 50 else { continue }
      answers.change(candidate.zone, at: candidate.windowEnd, from: AnswerSizes()) {
        $0.learn(Answer(line), isError: isError)
      }
    }
  }

  /// Ends everything and returns what there is to tell of that.
  public mutating func close(sources sink: inout some AttackSourceSink) -> [Attack] {
    var told: [Attack] = []
    for serial in open.keys.sorted() { end(serial, told: &told, sink: &sink) }
    return told
  }

  /// Ends everything and returns all attacks: the most severe first, then by start, then by id.
  public mutating func finish(sources sink: inout some AttackSourceSink) -> [Attack] {
    isHeard = false
    _ = close(sources: &sink)
    let all = ended.sorted(by: Attack.precedes)
    ended = []
    return all
  }

  /// What is going on, as of now, with what has ended: for a report on demand. Same order as `finish`.
  public func snapshot() -> [Attack] {
    let now = open.keys.sorted().compactMap { open[$0] }.filter(\.isRaised).map { campaign in
      var campaign = campaign
      if !campaign.isDormant || campaign.changed { look(at: &campaign) }
      return attack(of: campaign, state: .ongoing)
    }
    return (ended + now).sorted(by: Attack.precedes)
  }

  // MARK: Joining

  private enum KeyKind: UInt64 {
    case address = 1, signature, network, loginPath, loginAgent, noise, zone, correlation, kindNow
  }

  private func key(_ kind: KeyKind, _ candidate: Candidate, _ value: UInt64, _ second: UInt64 = 0) -> UInt64 {
    key(kind, candidate.zone, CampaignGroup(candidate.kind), value, second)
  }

  private func key(
    _ kind: KeyKind, _ zone: [UInt8], _ group: CampaignGroup, _ value: UInt64, _ second: UInt64
  ) -> UInt64 {
    let place = hash.hash(hash.hash(zone.span.bytes), UInt64(group.rawValue) << 8 | kind.rawValue)
    return hash.hash(place, hash.hash(value, second))
  }

  /// The key by which an address leads to a campaign.
  func memberKey(_ address: IPAddress, of campaign: Campaign) -> UInt64 {
    key(.address, campaign.zone, campaign.group, address.high, address.low)
  }

  private func addressKey(_ kind: KeyKind, _ candidate: Candidate, _ address: IPAddress) -> UInt64 {
    key(kind, candidate, address.high, address.low)
  }

  /// Forgets that these addresses lead to a campaign.
  private mutating func unpoint(_ addresses: some Sequence<IPAddress>, from campaign: Campaign) {
    for address in addresses {
      let key = memberKey(address, of: campaign)
      if index[key] == campaign.serial { index[key] = nil }
    }
  }

  /// Keys by which a candidate finds others, the most telling first; and those it leaves for others to find it by.
  private func joinKeys(_ candidate: Candidate) -> [UInt64] {
    let group = CampaignGroup(candidate.kind)
    var keys: [UInt64] = []
    switch group {
    case .payloads, .harvesting, .cacheBusting:
      if candidate.signature != 0 { keys.append(key(.signature, candidate, candidate.signature)) }
      if candidate.loud, !candidate.address.isUnknown {
        keys.append(addressKey(.network, candidate, candidate.address.network))
      }
    case .logins:
      if candidate.loud, !candidate.address.isUnknown {
        keys.append(addressKey(.network, candidate, candidate.address.network))
        if candidate.userAgent != 0 {
          keys.append(key(.loginAgent, candidate, candidate.loginPath, candidate.userAgent))
        }
      }
    case .posting:
      keys.append(key(.zone, candidate, 2))
    case .load, .trouble:
      keys.append(key(.zone, candidate, UInt64(candidate.kind == .slowRequests ? 1 : 0)))
    case .correlation:
      keys.append(key(.correlation, candidate, candidate.correlation))
    }
    return keys
  }

  /// The key of the background noise that a stray belongs to.
  private func noiseKey(_ candidate: Candidate) -> UInt64 {
    switch CampaignGroup(candidate.kind) {
    case .logins: key(.loginPath, candidate, candidate.loginPath)
    default:
      // What is only odd waits apart: it must not be raised together with what is sure.
      key(
        .noise, candidate,
        UInt64(candidate.kind.order) << 1 | (candidate.confidence < settings.memberConfidence ? 1 : 0),
        candidate.kind == .scanning ? 0 : UInt64(candidate.family(rules).rawValue))
    }
  }

  /// The key of what goes on right now: the same kind of doing, by whoever.
  private func nowKey(_ candidate: Candidate) -> UInt64? {
    return switch CampaignGroup(candidate.kind) {
    // A crowd is known by what its members have in common, whatever else goes on.
    case .payloads where candidate.facts.crowd > 0, .harvesting where candidate.facts.crowd > 0: nil
    case .payloads:
      key(.kindNow, candidate, UInt64(candidate.kind.order), UInt64(candidate.family(rules).rawValue))
    case .harvesting, .cacheBusting: key(.kindNow, candidate, UInt64(candidate.kind.order))
    default: nil
    }
  }

  /// The open campaign of the same doing, where it was alive a few minutes ago: attackers who start together are one.
  private func campaignNow(_ candidate: Candidate) -> UInt64? {
    guard let key = nowKey(candidate), let serial = index[key], let campaign = open[serial], !campaign.isNoise,
      candidate.first &- campaign.end <= settings.together
    else { return nil }
    return serial
  }

  /// The campaign that a loud candidate joins.
  private func loudCampaign(_ candidate: Candidate) -> UInt64? {
    for key in joinKeys(candidate) {
      guard let found = campaign(at: key, for: candidate), open[found]?.isNoise == false else { continue }
      return found
    }
    return campaignNow(candidate)
  }

  /// Whether a candidate is an attack by itself.
  private func isLoud(_ candidate: Candidate) -> Bool {
    switch CampaignGroup(candidate.kind) {
    // Runs of a few dozen guesses, or guesses minutes apart, are how distributed guessing looks from each address.
    case .logins:
      candidate.loud
        && (candidate.facts.loginFailures >= 50 && candidate.facts.rate >= settings.guessingPace
          || candidate.zone == Attack.manyZones)
    // A few dozen requests for what is not there is what every address on the internet receives.
    case .payloads:
      candidate.loud
        && (candidate.kind != .scanning || candidate.facts.requests >= 100 || candidate.facts.maxScore >= 90
          // Few from each address, but of a network that scanned as a whole.
          || candidate.facts.addresses >= 3 || candidate.zone == Attack.manyZones)
    default: true
    }
  }

  private func campaign(at key: UInt64, for candidate: Candidate) -> UInt64? {
    guard let serial = index[key], let campaign = open[serial] else { return nil }
    // It may have gone quiet in event time though nobody has swept yet.
    return candidate.first &- campaign.end > campaign.memory(settings) ? nil : serial
  }

  private mutating func take(_ new: Candidate) {
    var candidate = new
    becomeSure(&candidate)
    let own = addressKey(.address, candidate, candidate.address)
    let loud = isLoud(candidate)
    var serial: UInt64?
    if !candidate.address.isUnknown, let known = campaign(at: own, for: candidate), let campaign = open[known] {
      if !campaign.isNoise || !loud {
        serial = known
      } else if let found = loudCampaign(candidate), found != known, let member = open[known]?.leave(candidate.address)
      {
        // Loud now, and part of something that goes on.
        members -= 1
        open[known]?.changed = true
        candidate.first = min(candidate.first, member.first)
        candidate.requests = saturating(candidate.requests, member.requests)
        serial = found
      } else if campaign.members.count == 1 {
        // Alone in the noise and now loud: the campaign was its own from the start.
        open[known]?.isNoise = false
        index[noiseKey(candidate)] = index[noiseKey(candidate)] == known ? nil : index[noiseKey(candidate)]
        serial = known
      } else {
        // What it does now joins after what it did before.
        var before = candidate
        (before.evidence, before.rules, before.targetRequests, before.succeeded) = ([], [], 0, false)
        serial = moveOut([candidate.address], of: known, first: before)
      }
    }
    if serial == nil, loud || candidate.signature != 0 || CampaignGroup(candidate.kind) != .payloads {
      for key in joinKeys(candidate) {
        guard let found = campaign(at: key, for: candidate), let campaign = open[found] else { continue }
        if campaign.isNoise, loud { continue }
        serial = found
        break
      }
    }
    if serial == nil, loud { serial = campaignNow(candidate) }
    if serial == nil, !loud { serial = campaign(at: noiseKey(candidate), for: candidate) }
    let target = serial ?? begin(candidate, isNoise: !loud)
    join(candidate, target)
    promoteSignature(candidate, in: target)
    gatherAlike(candidate, into: target)
  }

  /// Takes an address out of what was only odd when it turns out to be sure.
  private mutating func becomeSure(_ candidate: inout Candidate) {
    guard candidate.confidence >= settings.memberConfidence, !candidate.address.isUnknown,
      let serial = index[addressKey(.address, candidate, candidate.address)], let known = open[serial], known.isNoise,
      known.group == .payloads, !known.isRaised, known.bestConfidence < settings.memberConfidence,
      let member = open[serial]?.leave(candidate.address)
    else { return }
    members -= 1
    index[addressKey(.address, candidate, candidate.address)] = nil
    candidate.first = min(candidate.first, member.first)
    candidate.requests = saturating(candidate.requests, member.requests)
  }

  private mutating func begin(_ candidate: Candidate, isNoise: Bool) -> UInt64 {
    let serial = nextSerial
    nextSerial &+= 1
    open[serial] = Campaign(serial: serial, group: CampaignGroup(candidate.kind), first: candidate, isNoise: isNoise)
    if isNoise { point(noiseKey(candidate), to: serial) }
    return serial
  }

  private mutating func join(_ candidate: Candidate, _ serial: UInt64) {
    // Taken out and put back, so that it is changed in place.
    guard var campaign = open.removeValue(forKey: serial) else { return }
    members -= campaign.members.count
    var candidate = candidate
    if registry != nil {
      for i in candidate.evidence.indices {
        candidate.evidence[i].marks.complete(candidate.evidence[i].client, registry)
      }
    }
    campaign.join(candidate, shownEvidence: settings.shownEvidence)
    keepAnswers(of: candidate, in: &campaign)
    members += campaign.members.count
    let isNoise = campaign.isNoise
    touched.insert(serial)
    nextSweep = min(nextSweep, campaign.end &+ settings.quiet(campaign.group, isNoise: isNoise))
    open[serial] = campaign
    if !candidate.address.isUnknown { lead(addressKey(.address, candidate, candidate.address), to: serial) }
    // The noise is not found by what a stray shares with others, or everything would become noise.
    if !isNoise {
      for key in joinKeys(candidate) { point(key, to: serial) }
      if let key = nowKey(candidate) { point(key, to: serial) }
    }
  }

  /// Makes a key lead to a campaign. That it led to another is part of what is saved of that one.
  private mutating func lead(_ key: UInt64, to serial: UInt64) {
    if let other = index.updateValue(serial, forKey: key), other != serial { open.note(other) }
  }

  private mutating func point(_ key: UInt64, to serial: UInt64) {
    guard index[key] != serial else { return }
    lead(key, to: serial)
    open[serial]?.keys.append(key)
  }

  /// Makes a campaign of the members of the noise that share the candidate's signature, once there are enough.
  private mutating func promoteSignature(_ candidate: Candidate, in serial: UInt64) {
    guard candidate.signature != 0, let campaign = open[serial], campaign.isNoise, campaign.group == .payloads,
      let alike = campaign.signatureMembers[candidate.signature], alike >= settings.signatureClients,
      // Among very many, a few that look alike do so by chance.
      alike * 4 >= campaign.members.count
    else { return }
    let addresses = campaign.sortedMembers.filter { $0.member.signature == candidate.signature }.map(\.address)
    if addresses.count == campaign.members.count {
      open[serial]?.isNoise = false
      let noise = noiseKey(candidate)
      if index[noise] == serial { index[noise] = nil }
      for key in joinKeys(candidate) { point(key, to: serial) }
      return
    }
    _ = moveOut(addresses, of: serial, first: candidate)
  }

  /// Takes out of the noise those who did the same as somebody who is an attack by now: a first look, by hand or from
  /// another address, is part of what it turned into.
  private mutating func gatherAlike(_ candidate: Candidate, into serial: UInt64) {
    guard candidate.signature != 0, let campaign = open[serial], !campaign.isNoise, campaign.group == .payloads else {
      return
    }
    var stray = candidate
    for confidence in [0, settings.memberConfidence] {
      stray.confidence = confidence
      guard let noise = index[noiseKey(stray)], noise != serial, let strays = open[noise], strays.isNoise,
        strays.signatureMembers[candidate.signature] ?? 0 > 0
      else { continue }
      let alike = strays.sortedMembers.filter { $0.member.signature == candidate.signature }.map(\.address)
      move(alike, from: noise, to: serial, like: candidate)
    }
  }

  /// Moves members of the noise to a campaign of their own, and returns it.
  private mutating func moveOut(_ addresses: [IPAddress], of serial: UInt64, first candidate: Candidate) -> UInt64 {
    let new = begin(candidate, isNoise: false)
    move(addresses, from: serial, to: new, like: candidate)
    return new
  }

  private mutating func move(
    _ addresses: [IPAddress], from serial: UInt64, to new: UInt64, like candidate: Candidate
  ) {
    for address in addresses {
      guard let member = open[serial]?.leave(address) else { continue }
      members -= 1
      var moved = candidate
      moved.address = address
      (moved.first, moved.last, moved.requests) = (member.first, member.last, member.requests)
      (moved.confidence, moved.signature) = (member.confidence, member.signature)
      if address != candidate.address {
        moved.evidence = []
        moved.rules = []
        (moved.targetRequests, moved.succeeded) = (0, false)
      }
      join(moved, new)
    }
    open[serial]?.changed = true
    touched.insert(serial)
  }

  // MARK: Life

  private mutating func raiseIfSure(_ serial: UInt64, told: inout [Attack], watermark: Nanoseconds) {
    guard let campaign = open[serial], campaign.changed else {
      touched.remove(serial)
      return
    }
    if campaign.isRaised {
      guard watermark &- campaign.lastTold >= settings.updateInterval else { return }
      open[serial]?.isDormant = false
      touched.remove(serial)
      open[serial]?.changed = false
      open[serial]?.lastTold = watermark
      look(at: serial)
      if isHeard, let raised = open[serial] { told.append(attack(of: raised, state: .ongoing)) }
      return
    }
    guard
      campaign.bestConfidence >= settings.memberConfidence
        || (campaign.confidence >= settings.combinedConfidence && !(campaign.isNoise && campaign.group == .payloads))
    else {
      touched.remove(serial)
      return
    }
    touched.remove(serial)
    open[serial]?.changed = false
    open[serial]?.lastTold = watermark
    let id = identify(campaign)
    open[serial]?.id = id
    look(at: serial)
    if isHeard, let raised = open[serial] { told.append(attack(of: raised, state: .started)) }
  }

  private mutating func endQuiet(watermark: Nanoseconds, told: inout [Attack], sink: inout some AttackSourceSink) {
    var next = Nanoseconds.max
    defer { nextSweep = max(next, watermark &+ 10 * nanosecondsPerSecond) }
    for serial in open.keys.sorted() {
      guard let campaign = open[serial] else { continue }
      guard watermark &- campaign.end > campaign.quiet(settings) else {
        next = min(next, campaign.end &+ campaign.quiet(settings))
        continue
      }
      next = min(next, campaign.end &+ campaign.memory(settings))
      if watermark &- campaign.end > campaign.memory(settings) {
        end(serial, told: &told, sink: &sink)
      } else if campaign.isRaised, !campaign.isDormant {
        // Over, as far as one can tell; should the same actors come back it goes on under the same id.
        // What is normal may change after that, but what is told now holds.
        look(at: serial)
        open[serial]?.isDormant = true
        if isHeard, let quiet = open[serial] { told.append(attack(of: quiet, state: .ended)) }
      }
    }
  }

  private mutating func end(_ serial: UInt64, told: inout [Attack], sink: inout some AttackSourceSink) {
    guard var campaign = open.removeValue(forKey: serial) else { return }
    if campaign.isRaised, !campaign.isDormant || campaign.changed { look(at: &campaign) }
    touched.remove(serial)
    members -= campaign.members.count
    for key in campaign.keys where index[key] == serial { index[key] = nil }
    unpoint(campaign.members.keys, from: campaign)
    guard campaign.isRaised else { return }
    guard campaign.requests > 0 else {
      // All of it turned out to be part of others: told once more, with no requests, so that nobody waits for its end.
      if isHeard { told.append(attack(of: campaign, state: .ended)) }
      return
    }
    for (address, member) in campaign.sortedMembers where !address.isUnknown {
      sink.record(campaign.source(address, member))
    }
    let attack = attack(of: campaign, state: .ended)
    // What was told when it went quiet holds, unless something small has come since.
    if isHeard, !campaign.isDormant || campaign.changed { told.append(attack) }
    ended.append(attack)
    if ended.count > settings.attacksKept {
      ended.sort(by: Attack.precedes)
      forgotten &+= UInt64(ended.count - settings.attacksKept * 3 / 4)
      ended.removeLast(ended.count - settings.attacksKept * 3 / 4)
    }
  }

  /// Keeps memory within bounds: members are spilled from the largest campaign, the longest quiet campaigns end.
  private mutating func bound(told: inout [Attack], sink: inout some AttackSourceSink) {
    if open.count > settings.openCampaigns {
      // A sixteenth more than must be, so that they are not all looked at each time one begins.
      let excess = open.count - settings.openCampaigns + settings.openCampaigns / 16
      var byAge = open.values.map { (isRaised: $0.isRaised, end: $0.end, serial: $0.serial) }
      byAge.sort {
        // Those not raised go first.
        if $0.isRaised != $1.isRaised { return !$0.isRaised }
        return $0.end != $1.end ? $0.end < $1.end : $0.serial < $1.serial
      }
      for oldest in byAge.prefix(excess) { end(oldest.serial, told: &told, sink: &sink) }
    }
    while members > settings.membersInMemory {
      let largest = open.values.max {
        $0.members.count != $1.members.count ? $0.members.count < $1.members.count : $0.serial > $1.serial
      }
      guard let largest, largest.members.count > settings.shownSources * 4 else { break }
      if largest.isRaised {
        guard var campaign = open.removeValue(forKey: largest.serial) else { break }
        members -= campaign.members.count
        unpoint(campaign.spill(keeping: settings.shownSources * 4, to: &sink), from: campaign)
        members += campaign.members.count
        open[largest.serial] = campaign
      } else {
        end(largest.serial, told: &told, sink: &sink)
      }
    }
  }

  // MARK: Attacks

  private mutating func identify(_ campaign: Campaign) -> String {
    let first =
      campaign.sortedMembers.min {
        $0.member.first != $1.member.first ? $0.member.first < $1.member.first : $0.address < $1.address
      }?.address ?? .unknown
    var word = hash.hash(hash.hash(campaign.kind.rawValue), hash.hash(campaign.zone.span.bytes))
    word = hash.hash(word, hash.hash(UInt64(campaign.chiefClass(rules).rawValue), UInt64(bitPattern: campaign.start)))
    word = hash.hash(word, hash.hash(first.high, first.low))
    while usedIds.contains(word) { word = hash.hash(word) }
    usedIds.insert(word)
    return Attack.text(ofId: word)
  }

  // MARK: Looking at a campaign again

  private mutating func look(at serial: UInt64) {
    guard var campaign = open.removeValue(forKey: serial) else { return }
    look(at: &campaign)
    open[serial] = campaign
  }

  /// Finds out what singles a campaign out, whom a block would hit, and whether something succeeded, as far as is known
  /// now. Done whenever there is something to tell, whether or not anybody listens: what was found before matters.
  private func look(at campaign: inout Campaign) {
    let normal = normals[campaign.zone]
    let requests = normal?.value ?? []
    if campaign.hasNewSample || campaign.normalTime != normal?.time ?? .min {
      campaign.harm.fingerprint = FingerprintSearch.find(
        campaign.sample, normal: requests, told: campaign.harm.fingerprint)
      if campaign.harm.fingerprint == nil { campaign.harm.fingerprint = campaign.networkPrint(requests) }
      campaign.hasNewSample = false
      campaign.normalTime = normal?.time ?? .min
      campaign.harm.normalSampled = requests.count
    }
    campaign.harm.normalFromSources = min(
      requests.reduce(0) { $0 + (campaign.members[$1.client] == nil ? 0 : 1) }, campaign.harm.normalSampled)
    campaign.success = nil
    for answer in campaign.answers {
      if isCommon(answer, in: campaign.zone) {
        campaign.sawCommonAnswer = true
      } else if campaign.success == nil {
        campaign.success = Campaign.Success(
          bytes: answer.bytes, errorPage: answers[campaign.zone]?.value.errorPage ?? 0)
      }
    }
  }

  /// Whether an answer of success is what everybody gets.
  private func isCommon(_ answer: Answer, in zone: [UInt8]) -> Bool {
    guard answer.bytes > 0 else { return false }
    return answers[zone]?.value.isCommon(answer) ?? false
      || NormalAnswers(requests: normals[zone]?.value ?? []).isCommon(answer)
  }

  /// Keeps the answers that may show that something succeeded: of those that are like one another one.
  private func keepAnswers(of candidate: Candidate, in campaign: inout Campaign) {
    for line in candidate.evidence where line.tells {
      let answer = Answer(line)
      if campaign.answers.contains(where: { $0.path == answer.path && $0.isLike(answer) }) { continue }
      if isCommon(answer, in: campaign.zone) {
        campaign.sawCommonAnswer = true
        continue
      }
      if campaign.answers.count >= Campaign.answersKept {
        let before = campaign.answers.count
        campaign.answers.removeAll { isCommon($0, in: campaign.zone) }
        if campaign.answers.count < before { campaign.sawCommonAnswer = true } else { return }
      }
      campaign.answers.append(answer)
    }
  }

  private func attack(of campaign: Campaign, state: AttackState) -> Attack {
    var attack = Attack(
      id: campaign.id, kind: campaign.kindNow, zone: campaign.zone, start: campaign.start, end: campaign.end)
    attack.state = state
    let chief = campaign.chiefClass(rules)
    attack.attackClass = chief.isEmpty ? "" : chief.list.first ?? ""
    attack.confidence = campaign.confidence
    attack.requests = campaign.requests
    attack.peakRate = campaign.peakRate
    attack.baselineRate = campaign.facts.baselineRate
    attack.sourceCount = campaign.sourceCount
    attack.severity = campaign.severity
    if campaign.group == .correlation, let asked = rules[campaign.correlation]?.severity { attack.severity = asked }
    attack.sources = campaign.topMembers(settings.shownSources).map {
      Attack.Source(
        address: $0.address, requests: $0.member.requests, lower: $0.member.requests,
        upper: saturating($0.member.requests, campaign.uncertainty))
    }
    attack.targets = campaign.targets.sorted.prefix(settings.shownTargets).map {
      // Those who left took some of theirs along.
      let most = min($0.count, campaign.requests)
      return Attack.Target(path: $0.path, requests: most, lower: min($0.count - $0.error, most), upper: most)
    }
    attack.rules = campaign.rules.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      .prefix(settings.shownRules).map { rule, count in
        let title = rules[rule] ?? RuleTitle(id: Attack.text(ofId: rule), title: "")
        return Attack.Rule(id: title.id, title: title.title, matches: count)
      }
    attack.evidence = campaign.evidence.map {
      Attack.EvidenceLine(
        file: $0.file, line: $0.line, time: $0.time, client: $0.client, status: $0.status, request: $0.request)
    }
    let harm = campaign.harm
    (attack.fingerprint, attack.normalSampled) = (harm.fingerprint, harm.normalSampled)
    attack.normalFromSources = harm.normalFromSources
    attack.explanation = Explanation.text(campaign, attack)
    return attack
  }
}
