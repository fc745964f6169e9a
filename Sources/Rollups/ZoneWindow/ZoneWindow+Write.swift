// A window as one Rollup record.

import Bytes
import CapnProto
import Events
import Sketches

/// What a record says about how it was made.
public struct RollupOrigin: Sendable, Equatable {
  public var inputPartition: UInt16
  /// Of the input partition when this is written, ns.
  public var watermark: Nanoseconds
  public var ruleSet: UInt64
  public init(inputPartition: UInt16, watermark: Nanoseconds, ruleSet: UInt64) {
    (self.inputPartition, self.watermark, self.ruleSet) = (inputPartition, watermark, ruleSet)
  }
}

extension ZoneWindow {
  /// Version of rollups.capnp that is written, and the only one that is read.
  public static var schemaVersion: UInt16 { 1 }

  /// Writes the window into `builder`, over what was there. Rows are in the order of their first request, so that the
  /// same events in the same order give the same bytes.
  public mutating func write(to builder: inout MessageBuilder, _ origin: RollupOrigin) {
    let rollup = builder.start(RollupBuilder.self)
    rollup.schemaVersion = Self.schemaVersion
    rollup.inputPartition = origin.inputPartition
    rollup.scope = scope == .global ? .global : .zone
    rollup.late = isLate
    rollup.windowStart = start
    rollup.windowLength = length
    rollup.watermark = origin.watermark
    rollup.hashSeed = hash.key
    rollup.ruleSet = origin.ruleSet
    rollup.setZone(zoneBytes.bytes)
    rollup.firstTime = firstTime
    rollup.lastTime = lastTime
    rollup.events = events
    if evictions > 0 {
      writeCounts(otherClients, rollup.initOtherClients())
      rollup.evictions = evictions
      rollup.clientFloor = clientFloor
      movedTexts.removeAll()
      allClients.write(to: &movedTexts)
      rollup.setDistinctClients(movedTexts.bytes)
      writeHitters(evictedNetworks, rollup.initEvictedNetworks())
    }
    if latency.count > 0 {
      movedTexts.removeAll()
      latency.write(to: &movedTexts)
      rollup.setLatency(movedTexts.bytes)
    }
    if paths.count > 0 { writeHitters(paths, rollup.initPaths()) }
    if userAgents.count > 0 { writeHitters(userAgents, rollup.initUserAgents()) }
    if referrers.count > 0 { writeHitters(referrers, rollup.initReferrers()) }
    if fingerprints.count > 0 { writeHitters(fingerprints, rollup.initFingerprints()) }
    if statusRows.count > 0 {
      let list = rollup.initStatuses(count: statusRows.count)
      for i in 0..<statusRows.count {
        let entry = list[i]
        entry.code = statusRows[i].code
        entry.count = statusRows[i].count
      }
    }
    writeSamples(rollup)
    writeClients(rollup)
    writeRules(rollup)
    writeSignatures(rollup)
    writeCorrelations(rollup)
    rollup.signatureFloor = signatureFloor
    rollup.droppedCorrelations = droppedCorrelations
    if sources.count > 0 {
      let list = rollup.initSources(count: sources.count)
      for i in 0..<sources.count {
        let entry = list[i]
        entry.id = sources[i].id
        entry.setPath(text(sources[i].path))
      }
    }
  }

  func writeCounts(_ counts: RequestCounts, _ builder: CountsBuilder) {
    builder.requests = counts.requests
    builder.bytes = counts.bytes
    builder.status1xx = counts.status1xx
    builder.status2xx = counts.status2xx
    builder.status3xx = counts.status3xx
    builder.status4xx = counts.status4xx
    builder.status5xx = counts.status5xx
    builder.unauthorized = counts.unauthorized
    builder.notFound = counts.notFound
    builder.tooMany = counts.tooMany
    builder.get = counts.get
    builder.head = counts.head
    builder.post = counts.post
    builder.otherMethods = counts.otherMethods
    builder.cacheHits = counts.cacheHits
    builder.cacheMisses = counts.cacheMisses
    builder.malformed = counts.malformed
    builder.matched = counts.matched
    builder.logins = counts.logins
    builder.loginFailures = counts.loginFailures
    builder.slow = counts.slow
    builder.assets = counts.assets
    builder.referrers = counts.referrers
  }

  func writeHitters(_ hitters: borrowing SpaceSaving, _ builder: HeavyHittersBuilder) {
    builder.total = hitters.total
    builder.floor = hitters.floor
    let list = builder.initEntries(count: hitters.count)
    for i in 0..<hitters.count {
      let held = hitters[i]
      let entry = list[i]
      entry.hash = held.hash
      entry.setKey(hitters.key(i))
      entry.count = held.lower
      entry.error = held.error
      entry.bytes = held.first
      entry.errors = held.second
    }
  }

  func writeSamples(_ rollup: RollupBuilder) {
    guard samples.count > 0 else { return }
    let list = rollup.initSamples(count: samples.count)
    for (i, kept) in samples.sorted().enumerated() {
      let entry = list[i]
      let item = kept.item
      entry.priority = kept.rank
      entry.time = item.time
      entry.clientHigh = item.client.high
      entry.clientLow = item.client.low
      entry.weight = item.weight
      entry.asn = item.asn
      entry.status = item.status
      entry.method = item.method
      entry.protocol = item.protocolVersion
      entry.country = item.country
      entry.score = item.score
      entry.setTarget(text(item.target))
      entry.userAgent = item.userAgent
      entry.referrer = item.referrer
      entry.tlsFingerprint = item.fingerprint
      entry.bytes = item.bytes
    }
  }

  mutating func writeClients(_ rollup: RollupBuilder) {
    guard rows.count > 0 else { return }
    let list = rollup.initClients(count: rows.count)
    for i in 0..<rows.count {
      // Good while no row is made; a copy of each would cost more than reading it.
      let row = rows.unsafeAddress(of: i)
      let entry = list[i]
      entry.high = row.pointee.address.high
      entry.low = row.pointee.address.low
      entry.firstTime = row.pointee.firstTime
      entry.lastTime = row.pointee.lastTime
      entry.bytes = row.pointee.bytes
      entry.requests = row.pointee.requests
      entry.status2xx = row.pointee.status2xx
      entry.status3xx = row.pointee.status3xx
      entry.status4xx = row.pointee.status4xx
      entry.status5xx = row.pointee.status5xx
      entry.notFound = row.pointee.notFound
      entry.get = row.pointee.get
      entry.post = row.pointee.post
      entry.assets = row.pointee.assets
      entry.referrers = row.pointee.referrers
      entry.topPathCount = row.pointee.topPathCount
      entry.userAgent = UInt32(truncatingIfNeeded: userAgents.find(row.pointee.userAgent) &+ 1)
      entry.topPath = UInt32(truncatingIfNeeded: paths.find(row.pointee.topPath) &+ 1)
      entry.asn = row.pointee.asn
      entry.country = row.pointee.country
      entry.robots = row.pointee.robots
      if !row.pointee.paths.isEmpty {
        movedTexts.removeAll()
        sets.write(row.pointee.paths, to: &movedTexts)
        entry.setPaths(movedTexts.bytes)
      }
      if row.pointee.hasDetail { writeDetail(row, entry.initMore()) }
    }
  }

  mutating func writeDetail(_ row: UnsafeMutablePointer<ClientRow>, _ more: ClientDetailBuilder) {
    more.status1xx = row.pointee.status1xx
    more.unauthorized = row.pointee.unauthorized
    more.tooMany = row.pointee.tooMany
    more.head = row.pointee.head
    more.otherMethods = row.pointee.otherMethods
    more.cacheHits = row.pointee.cacheHits
    more.cacheMisses = row.pointee.cacheMisses
    more.malformed = row.pointee.malformed
    more.matched = row.pointee.matched
    more.logins = row.pointee.logins
    more.loginFailures = row.pointee.loginFailures
    more.slow = row.pointee.slow
    more.error = row.pointee.error
    more.classes = row.pointee.classes.rawValue
    more.scoreSum = row.pointee.scoreSum
    more.loginPath = row.pointee.loginPath == 0 ? 0 : UInt32(truncatingIfNeeded: paths.find(row.pointee.loginPath) &+ 1)
    more.maxScore = row.pointee.maxScore
    if let bytes = bytes(of: row.pointee.failedPaths) { more.setFailedPaths(bytes) }
    if let bytes = bytes(of: row.pointee.queries) { more.setQueries(bytes) }
    if let bytes = bytes(of: row.pointee.users) { more.setUsers(bytes) }
    if let bytes = bytes(of: row.pointee.userAgents) { more.setUserAgents(bytes) }
    let evidence = row.pointee.evidence
    if evidence >= 0 { writeEvidence(evidence, more.initEvidence(count: length(of: evidence))) }
    if row.pointee.rules >= 0 {
      var count = 0
      forEachRule(of: row.pointee) { _ in count += 1 }
      let list = more.initRules(count: count)
      var place = row.pointee.rules
      for i in 0..<count {
        let link = ruleLinks[Int(place)]
        let entry = list[i]
        entry.rule = link.matches.rule
        entry.count = link.matches.count
        place = link.next
      }
    }
  }

  /// The set's bytes in scratch space; nil where it is empty.
  @_lifetime(&self)
  mutating func bytes(of set: DistinctSet) -> RawSpan? {
    if set.isEmpty { return nil }
    movedTexts.removeAll()
    sets.write(set, to: &movedTexts)
    return movedTexts.bytes
  }

  func length(of list: Int32) -> Int {
    var count = 0
    walk(list) { _ in count += 1 }
    return count
  }

  func writeEvidence(_ list: Int32, _ builder: EvidenceListBuilder) {
    var place = list
    for i in 0..<builder.count {
      let item = evidence[Int(place)]
      let entry = builder[i]
      entry.source = item.source
      entry.line = item.line
      entry.offset = item.offset
      entry.ordinal = item.ordinal
      entry.time = item.time
      entry.clientHigh = item.client.high
      entry.clientLow = item.client.low
      entry.userAgent = item.userAgent
      entry.status = item.status
      entry.method = item.method
      entry.score = item.score
      entry.rank = item.rank
      entry.setRequest(text(item.request))
      entry.tlsFingerprint = item.fingerprint
      entry.bytes = item.bytes
      entry.asn = item.asn
      entry.country = item.country
      entry.protocol = item.protocolVersion
      entry.referrer = item.hasReferrer
      place = item.next
    }
  }

  mutating func writeRules(_ rollup: RollupBuilder) {
    guard ruleRows.count > 0 else { return }
    let list = rollup.initRules(count: ruleRows.count)
    for i in 0..<ruleRows.count {
      let row = ruleRows[i]
      let entry = list[i]
      entry.rule = row.rule
      entry.matches = row.matches
      if let bytes = bytes(of: row.clients) { entry.setDistinctClients(bytes) }
      writeEvidence(row.evidence, entry.initEvidence(count: length(of: row.evidence)))
    }
  }

  mutating func writeSignatures(_ rollup: RollupBuilder) {
    guard signatureRows.count > 0 else { return }
    let list = rollup.initSignatures(count: signatureRows.count)
    for i in 0..<signatureRows.count {
      let row = signatureRows[i]
      let entry = list[i]
      entry.hash = row.hash
      entry.kind = SignatureActivity.Kind(wire: UInt16(row.kind.rawValue))
      entry.setValue(text(row.value))
      entry.requests = row.requests
      entry.error = row.error
      entry.errors = row.errors
      entry.matched = row.matched
      if let bytes = bytes(of: row.clients) { entry.setDistinctClients(bytes) }
      if let bytes = bytes(of: row.queries) { entry.setQueries(bytes) }
      writeEvidence(row.evidence, entry.initEvidence(count: length(of: row.evidence)))
    }
  }

  mutating func writeCorrelations(_ rollup: RollupBuilder) {
    guard correlationRows.count > 0 else { return }
    let list = rollup.initCorrelations(count: correlationRows.count)
    for i in 0..<correlationRows.count {
      let row = correlationRows[i]
      let entry = list[i]
      entry.correlation = row.correlation
      entry.groupHash = row.groupHash
      entry.setGroup(text(row.group))
      entry.count = row.count
      if let bytes = bytes(of: row.values) { entry.setValues(bytes) }
      entry.firstTime = row.firstTime
      entry.lastTime = row.lastTime
      writeEvidence(row.evidence, entry.initEvidence(count: length(of: row.evidence)))
    }
  }
}

extension ClientRow {
  /// Whether there is anything that goes into `ClientDetail`.
  var hasDetail: Bool {
    let counts =
      status1xx | unauthorized | tooMany | head | otherMethods | cacheHits | cacheMisses | malformed | matched | logins
      | loginFailures | slow | error | scoreSum | classes.rawValue | UInt32(maxScore)
    let isBare =
      failedPaths.isEmpty && queries.isEmpty && users.isEmpty && userAgents.isEmpty && loginPath == 0 && evidence < 0
      && rules < 0
    return counts != 0 || !isBare
  }
}
