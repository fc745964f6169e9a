// Partials into one window. Everything that is merged is a sum, a set, a smallest or a best of, so that
// partials of the same events merge to the same window however they were split, as long as no table
// overflowed.

import Bytes
import CapnProto
import Events
import Sketches

/// Why a Rollup record cannot be merged.
public enum RollupError: Error, Equatable, Sendable {
  case unsupportedVersion(UInt16)
  /// Made with another hash seed: its hashes mean nothing here.
  case differentSeed(UInt64)
  case wire(WireError)
  /// A value that no aggregator writes.
  case invalid(String)
}

extension ZoneWindow {
  /// Adds a partial. Where it throws, what was read before the fault has been added.
  mutating func merge(_ rollup: borrowing Rollup) throws(WireError) {
    firstTime = min(firstTime, rollup.firstTime)
    lastTime = max(lastTime, rollup.lastTime)
    ruleSet = rollup.ruleSet
    events = events.saturatingAdd(rollup.events)
    let sources = try rollup.sources
    for i in 0..<sources.count { nameSource(sources[i].id, try sources[i].path) }
    let pathList = try rollup.paths.entries
    let agentList = try rollup.userAgents.entries
    try Self.mergeHitters(rollup.paths, into: &paths)
    try Self.mergeHitters(rollup.userAgents, into: &userAgents)
    try Self.mergeHitters(rollup.referrers, into: &referrers)
    try Self.mergeHitters(rollup.fingerprints, into: &fingerprints)
    try mergeClients(rollup, paths: pathList, agents: agentList)
    // Bytes of sketches that fail their checks count for nothing; sums stay whole.
    try? latency.merge(reading: try rollup.latency)
    let statuses = try rollup.statuses
    for i in 0..<statuses.count { addStatus(statuses[i].code, statuses[i].count) }
    try mergeSamples(try rollup.samples)
    let ruleList = try rollup.rules
    for i in 0..<ruleList.count { try mergeRule(ruleList[i]) }
    try mergeSignatures(rollup)
    try mergeCorrelations(rollup)
  }

  static func mergeHitters(
    _ hitters: borrowing HeavyHitters, into sketch: inout SpaceSaving
  ) throws(WireError) {
    let floor = hitters.floor
    let entries = try hitters.entries
    sketch.beginMerge(otherFloor: floor)
    for i in 0..<entries.count {
      let entry = entries[i]
      sketch.mergeEntry(
        try entry.key, hash: entry.hash, lower: entry.count, error: entry.error, first: entry.bytes,
        second: entry.errors, otherFloor: floor)
    }
    sketch.endMerge(otherTotal: hitters.total, otherFloor: floor)
  }

  mutating func mergeClients(
    _ rollup: borrowing Rollup, paths pathList: borrowing HeavyHitterList, agents: borrowing HeavyHitterList
  ) throws(WireError) {
    let floor = rollup.clientFloor
    if rollup.evictions > 0 {
      let other = try rollup.otherClients
      otherClients += RequestCounts(other)
      evictions = evictions.saturatingAdd(rollup.evictions)
      try Self.mergeHitters(rollup.evictedNetworks, into: &evictedNetworks)
      countAllClients()
      try? allClients.merge(reading: try rollup.distinctClients)
      // A client of ours may have been evicted there.
      for i in 0..<rows.count { rows[i].error.count(UInt32(truncatingIfNeeded: min(floor, 0xffff_ffff))) }
    }
    let list = try rollup.clients
    for i in 0..<list.count { try mergeClient(list[i], floor: floor, paths: pathList, agents: agents) }
    clientFloor = clientFloor.saturatingAdd(floor)
    if rows.count > 2 * limits.clients { evictClients() }
  }

  mutating func countAllClients() {
    if countsAllClients { return }
    countsAllClients = true
    for i in 0..<clientIndex.count { allClients.insert(clientIndex[i]) }
  }

  mutating func mergeClient(
    _ client: borrowing ClientActivity, floor: UInt64, paths pathList: borrowing HeavyHitterList,
    agents: borrowing HeavyHitterList
  ) throws(WireError) {
    var given = ClientRow(
      address: IPAddress(high: client.high, low: client.low), firstTime: client.firstTime, lastTime: client.lastTime)
    given.userAgent = Self.hash(at: client.userAgent, in: agents)
    given.topPath = Self.hash(at: client.topPath, in: pathList)
    given.topPathCount = client.topPathCount
    given.bytes = client.bytes
    given.requests = client.requests
    given.status2xx = client.status2xx
    given.status3xx = client.status3xx
    given.status4xx = client.status4xx
    given.status5xx = client.status5xx
    given.notFound = client.notFound
    given.get = client.get
    given.post = client.post
    given.assets = client.assets
    given.referrers = client.referrers
    given.asn = client.asn
    given.country = client.country
    given.robots = client.robots
    let number = mergeRow(
      given, clientHash: hash.hash(given.address.high, given.address.low), floor: floor)
    // Good until the next row is made.
    let row = rows.unsafeAddress(of: number)
    try? sets.merge(reading: try client.paths, into: &row.pointee.paths)
    guard client.hasMore else { return }
    try mergeDetail(try client.more, row: number, paths: pathList)
  }

  mutating func mergeDetail(
    _ more: borrowing ClientDetail, row number: Int, paths pathList: borrowing HeavyHitterList
  ) throws(WireError) {
    let row = rows.unsafeAddress(of: number)
    var given = ClientRow(address: row.pointee.address, firstTime: 0, lastTime: 0)
    given.status1xx = more.status1xx
    given.unauthorized = more.unauthorized
    given.tooMany = more.tooMany
    given.head = more.head
    given.otherMethods = more.otherMethods
    given.cacheHits = more.cacheHits
    given.cacheMisses = more.cacheMisses
    given.malformed = more.malformed
    given.matched = more.matched
    given.logins = more.logins
    given.loginFailures = more.loginFailures
    given.slow = more.slow
    given.error = more.error
    given.scoreSum = more.scoreSum
    given.classes = AttackClasses(rawValue: more.classes)
    given.maxScore = more.maxScore
    given.loginPath = Self.hash(at: more.loginPath, in: pathList)
    row.pointee.addDetail(given)
    try? sets.merge(reading: try more.failedPaths, into: &row.pointee.failedPaths)
    try? sets.merge(reading: try more.queries, into: &row.pointee.queries)
    try? sets.merge(reading: try more.users, into: &row.pointee.users)
    try? sets.merge(reading: try more.userAgents, into: &row.pointee.userAgents)
    row.pointee.evidence = try mergeEvidence(try more.evidence, into: row.pointee.evidence)
    let rules = try more.rules
    for i in 0..<min(rules.count, Self.rulesOfAClient) {
      addRule(RuleMatches(rule: rules[i].rule, count: rules[i].count), toRow: number)
    }
  }

  /// Hash of the entry at a place from 1; 0 for no place.
  static func hash(at place: UInt32, in list: borrowing HeavyHitterList) -> UInt64 {
    place == 0 || Int(place) > list.count ? 0 : list[Int(place) - 1].hash
  }

  /// Adds a client's counts, and gives the number of its row. Its sets, evidence and rules, and what only some clients
  /// have, are added by the caller.
  mutating func mergeRow(_ given: ClientRow, clientHash: UInt64, floor: UInt64) -> Int {
    if countsAllClients { allClients.insert(clientHash) }
    var number = clientIndex.find(clientHash)
    if number < 0 {
      var row = ClientRow(address: given.address, firstTime: given.firstTime, lastTime: given.lastTime)
      row.userAgent = given.userAgent
      row.error = UInt32(truncatingIfNeeded: min(clientFloor, 0xffff_ffff))
      rows.append(row)
      number = clientIndex.insert(clientHash)
    } else if floor > 0 {
      // It has a row there, whose own error is added below.
      let known = UInt32(truncatingIfNeeded: min(floor, 0xffff_ffff))
      rows[number].error -= min(rows[number].error, known)
    }
    // Good until the next row is made.
    let row = rows.unsafeAddress(of: number)
    let agent = given.userAgent
    if agent != 0, row.pointee.userAgent != 0, agent != row.pointee.userAgent { addAgent(agent, to: row) }
    row.pointee.began(at: given.firstTime, agent: agent)
    row.pointee.add(given)
    return number
  }

  mutating func mergeEvidence(_ list: borrowing EvidenceList, into head: Int32) throws(WireError) -> Int32 {
    var head = head
    for i in 0..<min(list.count, Self.evidenceOfARow) {
      let entry = list[i]
      var item = EvidenceItem(
        source: entry.source, line: entry.line, offset: entry.offset, ordinal: entry.ordinal, time: entry.time,
        client: IPAddress(high: entry.clientHigh, low: entry.clientLow), userAgent: entry.userAgent,
        status: entry.status, method: entry.method, score: entry.score, rank: entry.rank)
      (item.fingerprint, item.bytes, item.asn) = (entry.tlsFingerprint, entry.bytes, entry.asn)
      (item.country, item.protocolWire, item.hasReferrer) = (entry.country, entry.protocol.wire, entry.referrer)
      if admits(item, in: head) { head = insertEvidence(item, request: try entry.request, in: head) }
    }
    return head
  }

  mutating func mergeSamples(_ list: borrowing TupleSampleList) throws(WireError) {
    for i in 0..<list.count {
      let entry = list[i]
      guard samples.admits(entry.priority) else { continue }
      var item = TupleItem(
        time: entry.time, client: IPAddress(high: entry.clientHigh, low: entry.clientLow), weight: entry.weight,
        asn: entry.asn, bytes: entry.bytes, status: entry.status, methodWire: entry.method.wire,
        protocolWire: entry.protocol.wire, country: entry.country, score: entry.score, target: TextRange(),
        userAgent: entry.userAgent,
        referrer: entry.referrer, fingerprint: entry.tlsFingerprint)
      let target = try entry.target
      item.target = keepText(target.extracting(0..<min(target.byteCount, 256)))
      samples.insert(item, rank: entry.priority)
    }
  }

  mutating func mergeRule(_ rule: borrowing RuleActivity) throws(WireError) {
    let entry = ruleEntry(rule.rule)
    guard entry >= 0 else { return }
    ruleRows[entry].matches = ruleRows[entry].matches.saturatingAdd(rule.matches)
    try? sets.merge(reading: try rule.distinctClients, into: &ruleRows[entry].clients)
    ruleRows[entry].evidence = try mergeEvidence(try rule.evidence, into: ruleRows[entry].evidence)
  }

  mutating func mergeSignatures(_ rollup: borrowing Rollup) throws(WireError) {
    let floor = rollup.signatureFloor
    let ownFloor = raiseSignatureErrors(by: floor)
    let list = try rollup.signatures
    for i in 0..<list.count {
      let signature = list[i]
      guard let kind = SignatureRow.Kind(rawValue: UInt8(truncatingIfNeeded: signature.kind.wire)) else { continue }
      var given = SignatureRow(hash: signature.hash, kind: kind, value: TextRange())
      given.requests = signature.requests
      given.error = signature.error
      given.errors = signature.errors
      given.matched = signature.matched
      let entry = mergeSignature(given, value: try signature.value, floor: floor, ownFloor: ownFloor)
      // Good until the next signature.
      let row = signatureRows.unsafeAddress(of: entry)
      try? sets.merge(reading: try signature.distinctClients, into: &row.pointee.clients)
      try? sets.merge(reading: try signature.queries, into: &row.pointee.queries)
      row.pointee.evidence = try mergeEvidence(try signature.evidence, into: row.pointee.evidence)
    }
    signatureFloor = ownFloor.saturatingAdd(floor)
    if signatureRows.count > 2 * limits.signatures { evictSignatures() }
  }

  /// A signature of ours may have been evicted there. Returns our own floor.
  mutating func raiseSignatureErrors(by floor: UInt64) -> UInt64 {
    if floor > 0 {
      for i in 0..<signatureRows.count { signatureRows[i].error = signatureRows[i].error.saturatingAdd(floor) }
    }
    return signatureFloor
  }

  /// Adds a signature's counts, and gives the number of its row; sets and evidence are added by the caller.
  mutating func mergeSignature(_ given: SignatureRow, value: RawSpan, floor: UInt64, ownFloor: UInt64) -> Int {
    var entry = signatureIndex.find(given.hash)
    if entry >= 0 {
      signatureRows[entry].error -= min(signatureRows[entry].error, floor)
    } else {
      var row = SignatureRow(
        hash: given.hash, kind: given.kind, value: keepText(value.extracting(0..<min(value.byteCount, 256))))
      row.error = ownFloor
      signatureRows.append(row)
      entry = signatureIndex.insert(given.hash)
    }
    let row = signatureRows.unsafeAddress(of: entry)
    row.pointee.requests = row.pointee.requests.saturatingAdd(given.requests)
    row.pointee.error = row.pointee.error.saturatingAdd(given.error)
    row.pointee.errors = row.pointee.errors.saturatingAdd(given.errors)
    row.pointee.matched = row.pointee.matched.saturatingAdd(given.matched)
    return entry
  }

  mutating func mergeCorrelations(_ rollup: borrowing Rollup) throws(WireError) {
    droppedCorrelations = droppedCorrelations.saturatingAdd(rollup.droppedCorrelations)
    let list = try rollup.correlations
    for i in 0..<list.count {
      let group = list[i]
      let entry = correlationEntry(
        group.correlation, groupHash: group.groupHash, group: try group.group, time: group.firstTime)
      guard entry >= 0 else {
        droppedCorrelations = droppedCorrelations.saturatingAdd(group.count)
        continue
      }
      let row = correlationRows.unsafeAddress(of: entry)
      row.pointee.count = row.pointee.count.saturatingAdd(group.count)
      row.pointee.firstTime = min(row.pointee.firstTime, group.firstTime)
      row.pointee.lastTime = max(row.pointee.lastTime, group.lastTime)
      try? sets.merge(reading: try group.values, into: &row.pointee.values)
      row.pointee.evidence = try mergeEvidence(try group.evidence, into: row.pointee.evidence)
    }
  }

  /// Number of the group's row; -1 where there is no room for it.
  mutating func correlationEntry(
    _ correlation: UInt64, groupHash: UInt64, group: RawSpan, time: Nanoseconds
  ) -> Int {
    let key = hash.hash(correlation, groupHash)
    let entry = correlationIndex.find(key)
    if entry >= 0 { return entry }
    guard correlationRows.count < 2 * limits.correlations else { return -1 }
    let text = keepText(group.extracting(0..<min(group.byteCount, 1024)))
    correlationRows.append(CorrelationRow(correlation: correlation, groupHash: groupHash, group: text, time: time))
    return correlationIndex.insert(key)
  }

  /// Puts rows into orders that have nothing to do with partitions. To be called once, after the last partial.
  mutating func complete() {
    totals = sumOfRows()
    addressOrder.sort(rows, into: &order)
    ruleRows.sort { $0.rule < $1.rule }
    signatureRows.sort { $0.hash < $1.hash }
    correlationRows.sort {
      $0.correlation != $1.correlation ? $0.correlation < $1.correlation : $0.groupHash < $1.groupHash
    }
    statusRows.sort { $0.code < $1.code }
    isComplete = true
  }
}

extension RequestCounts {
  init(_ counts: borrowing Counts) {
    requests = counts.requests
    bytes = counts.bytes
    status1xx = counts.status1xx
    status2xx = counts.status2xx
    status3xx = counts.status3xx
    status4xx = counts.status4xx
    status5xx = counts.status5xx
    unauthorized = counts.unauthorized
    notFound = counts.notFound
    tooMany = counts.tooMany
    get = counts.get
    head = counts.head
    post = counts.post
    otherMethods = counts.otherMethods
    cacheHits = counts.cacheHits
    cacheMisses = counts.cacheMisses
    malformed = counts.malformed
    matched = counts.matched
    logins = counts.logins
    loginFailures = counts.loginFailures
    slow = counts.slow
    assets = counts.assets
    referrers = counts.referrers
  }
}
