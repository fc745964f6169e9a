// One request into the tables: the hot path. Every field is hashed once; what most requests don't have
// is left to functions of its own.

import Bytes
import CapnProto
import Events
import Sketches

/// What holds for all events of a batch.
struct BatchPlace: ~Escapable {
  let source: UInt64
  let sourcePath: RawSpan
  let firstOrdinal: UInt64
  let firstLine: UInt64
  let byteBegin: UInt64
  let weight: UInt32
  let matchThreshold: UInt8
  let slowRequest: UInt32

  @_lifetime(copy batch)
  init(
    _ batch: borrowing EventBatch, matchThreshold: UInt8, slowRequest: UInt32
  ) throws(WireError) {
    let source = try batch.source
    self.source = source.id
    sourcePath = try source.path
    firstOrdinal = batch.firstOrdinal
    firstLine = batch.firstLine
    byteBegin = batch.byteBegin
    weight = max(batch.weight, 1)
    self.matchThreshold = matchThreshold
    self.slowRequest = slowRequest
  }
}

extension UInt32 {
  @inline(__always)
  mutating func count(_ weight: UInt32) { self = saturatingAdd(weight) }
}

extension ZoneWindow {
  /// Counts a request that is allowed: it is accounted for, and part of nothing else.
  @inline(never)
  private mutating func addAllowed(at time: Nanoseconds) {
    events &+= 1
    firstTime = min(firstTime, time)
    lastTime = max(lastTime, time)
  }

  /// Counts one request. O(1) amortised; allocates only while tables grow. Where it throws, nothing was counted.
  mutating func add(
    _ event: borrowing HttpEvent, verdict: RequestVerdict, place: borrowing BatchPlace, ruleHashes: [UInt64],
    known: inout PathTraitsCache
  ) throws(WireError) {
    if verdict.isAllowed { return addAllowed(at: event.time) }
    let target = try event.target
    let agent = try event.userAgent
    let referrer = try event.referrer
    let time = event.time
    let status = event.status
    let method = event.method
    let weight = place.weight
    let bytes = event.bytes
    let address = IPAddress(high: event.clientHigh, low: event.clientLow)
    let failed = status >= 400
    let weight64 = UInt64(weight)
    let (product, tooMany) = bytes.multipliedReportingOverflow(by: weight64)
    let sent = tooMany ? .max : product
    let errors = failed ? weight64 : 0
    events &+= 1

    // Path and query.
    let question = target.firstIndex(of: 0x3f)
    let path = target.extracting(0..<(question ?? target.byteCount))
    let pathHash = hash.hash(path)
    let agentHash = hash.hash(agent)
    let referrerHash = referrer.byteCount > 0 ? hash.hash(referrer) : 0
    let clientHash = hash.hash(address.high, address.low)
    // All that is looked up is fetched at once rather than in turn.
    clientIndex.prefetch(clientHash)
    paths.prefetch(pathHash)
    userAgents.prefetch(agentHash)
    if referrerHash != 0 { referrers.prefetch(referrerHash) }
    var number = clientIndex.find(clientHash)
    rows.prefetch(number)
    paths.prefetchEntry(pathHash)
    userAgents.prefetchEntry(agentHash)
    let pathEntry = paths.add(path, hash: pathHash, weight: weight64, first: sent, second: errors)
    var traits = PathTraits(rawValue: paths[pathEntry].mark)
    if traits.rawValue == 0 {
      traits = known.traits(of: path, hash: pathHash)
      paths.mark(pathEntry, traits.rawValue)
    }
    userAgents.add(agent, hash: agentHash, weight: weight64, first: sent, second: errors)
    if referrer.byteCount > 0 {
      referrers.add(referrer, hash: referrerHash, weight: weight64, first: sent, second: errors)
    }
    countStatus(status, weight64)
    if time < firstTime { firstTime = time }
    if time > lastTime { lastTime = time }

    // The client's row.
    if number < 0 { number = insertClient(address, hash: clientHash, time: time, agent: agentHash) }
    let login = loginOutcome(isPost: method == .post, status: status, traits: traits)
    let matched = verdict.score >= place.matchThreshold
    // Good until the next row is made, which is in the next call.
    let row = rows.unsafeAddress(of: number)
    let wasRequests = row.pointee.requests
    row.pointee.requests = wasRequests.saturatingAdd(weight)
    if time > row.pointee.lastTime { row.pointee.lastTime = time }
    row.pointee.bytes = row.pointee.bytes.saturatingAdd(sent)
    switch status {
    case 200..<300: row.pointee.status2xx.count(weight)
    case 300..<400: row.pointee.status3xx.count(weight)
    case 400..<500:
      row.pointee.status4xx.count(weight)
      switch status {
      case 404, 410: row.pointee.notFound.count(weight)
      case 401, 403: row.pointee.unauthorized.count(weight)
      case 429: row.pointee.tooMany.count(weight)
      default: break
      }
    case 500..<600: row.pointee.status5xx.count(weight)
    case 100..<200: row.pointee.status1xx.count(weight)
    default: break
    }
    switch method {
    case .get: row.pointee.get.count(weight)
    case .post: row.pointee.post.count(weight)
    case .head: row.pointee.head.count(weight)
    default: row.pointee.otherMethods.count(weight)
    }
    if traits.contains(.asset) { row.pointee.assets.count(weight) }
    if traits.contains(.robots) { row.pointee.robots = true }
    if referrerHash != 0 { row.pointee.referrers.count(weight) }
    switch event.cacheStatus {
    case .unknown, .dynamic, .bypass, .error: break
    case .hit, .stale, .revalidated: row.pointee.cacheHits.count(weight)
    case .miss, .expired: row.pointee.cacheMisses.count(weight)
    }
    // Majority vote over paths.
    if row.pointee.topPath == pathHash {
      row.pointee.topPathCount.count(weight)
    } else if row.pointee.topPathCount < weight {
      row.pointee.topPath = pathHash
      row.pointee.topPathCount = weight &- row.pointee.topPathCount
    } else {
      row.pointee.topPathCount &-= weight
    }
    sets.insert(pathHash, into: &row.pointee.paths)
    if question != nil { addQuery(target.extracting(path.byteCount..<target.byteCount), to: &row.pointee.queries) }
    // Who waits too little, or asks too much, has not missed a page; nor has a program that asks as it asks everywhere.
    if status >= 400 && status < 500 && status != 408 && status != 429 && status != 499,
      !traits.contains(.wellKnown)
    {
      sets.insert(pathHash, into: &row.pointee.failedPaths)
    }
    if row.pointee.userAgent != agentHash { addAgent(agentHash, to: row) }
    row.pointee.began(at: time, agent: agentHash)
    let duration = event.duration
    if duration != .max {
      latency.add(UInt64(duration), weight: weight64)
      // What takes long because it is large is a download: 64 KiB/s are granted.
      let sending = UInt32(truncatingIfNeeded: min(bytes, 1 << 27)) &* 16
      if duration >= place.slowRequest, duration &- min(duration, sending) >= place.slowRequest {
        row.pointee.slow.count(weight)
      }
    } else if status == 408 || status == 499 {
      // Where the log does not tell, one that somebody gave up waiting for was slow.
      row.pointee.slow.count(weight)
    }
    // What most requests don't have.
    if event.hasExtra || event.asn != 0 || event.country != 0 || event.flags != 0 {
      // The event is counted already: an unreadable extra counts for nothing.
      try? addRare(event, row: number, weight: weight)
    }
    if verdict.score > 0 || verdict.ruleCount > 0 || failed || login.tried || method != .get && method != .head {
      addSuspicious(
        event, verdict: verdict, place: place, row: number, target: target, path: path, pathHash: pathHash,
        agent: agent, agentHash: agentHash, login: login, matched: matched, ruleHashes: ruleHashes)
    } else if wasRequests < 8, row.pointee.requests >= 8 {
      // An example of what a busy client does, where nothing about it stands out.
      let item = evidenceItem(event, verdict: verdict, place: place, agentHash: agentHash, rank: 0)
      row.pointee.evidence = keepEvidence(item, in: row.pointee.evidence, place: place, request: target)
    }
    let ordinal = place.firstOrdinal &+ UInt64(event.lineNumber)
    let rank = BottomK<TupleItem>.rank(hash: hash.hash(place.source, ordinal), weight: weight)
    if samples.admits(rank) {
      addSample(
        event, target: target, rank: rank, score: verdict.score, weight: weight, agentHash: agentHash,
        referrerHash: referrerHash)
    }
  }

  @inline(__always)
  mutating func countStatus(_ status: UInt16, _ weight: UInt64) {
    for i in 0..<statusRows.count where statusRows[i].code == status {
      statusRows[i].count = statusRows[i].count.saturatingAdd(weight)
      return
    }
    addStatus(status, weight)
  }

  @inline(never)
  mutating func addStatus(_ status: UInt16, _ weight: UInt64) {
    // There are at most 1,000 codes; what a log makes up beyond that counts as 999.
    let code = min(status, 999)
    for i in 0..<statusRows.count where statusRows[i].code == code {
      statusRows[i].count = statusRows[i].count.saturatingAdd(weight)
      return
    }
    statusRows.append(StatusRow(code: code, count: weight))
  }

  @inline(never)
  mutating func addQuery(_ query: RawSpan, to set: inout DistinctSet) { sets.insert(hash.hash(query), into: &set) }

  @inline(never)
  mutating func addAgent(_ agentHash: UInt64, to row: UnsafeMutablePointer<ClientRow>) {
    if row.pointee.userAgents.isEmpty { sets.insert(row.pointee.userAgent, into: &row.pointee.userAgents) }
    sets.insert(agentHash, into: &row.pointee.userAgents)
  }

  /// A row for a client that has none, after an eviction where there is no room.
  @inline(never)
  mutating func insertClient(_ address: IPAddress, hash: UInt64, time: Nanoseconds, agent: UInt64) -> Int {
    if rows.count >= 2 * limits.clients { evictClients() }
    if countsAllClients { allClients.insert(hash) }
    var row = ClientRow(address: address, firstTime: time, lastTime: time)
    row.userAgent = agent
    row.error = UInt32(min(clientFloor, UInt64(UInt32.max)))
    rows.append(row)
    return clientIndex.insert(hash)
  }

  @inline(never)
  mutating func addRare(_ event: borrowing HttpEvent, row number: Int, weight: UInt32) throws(WireError) {
    rows[number].asn = max(rows[number].asn, event.asn)
    rows[number].country = max(rows[number].country, event.country)
    let malformed: HttpFlags = [.emptyRequest, .malformedRequest, .binaryRequest]
    if !HttpFlags(rawValue: event.flags).isDisjoint(with: malformed) { rows[number].malformed.count(weight) }
    guard event.hasExtra else { return }
    let extra = try event.extra
    let user = try extra.remoteUser
    if user.byteCount > 0 {
      sets.insert(hash.hash(user), into: &rows[number].users)
    }
    let fingerprint = try extra.tlsFingerprint
    if fingerprint.byteCount > 0 {
      fingerprints.add(
        fingerprint, hash: hash.hash(fingerprint), weight: UInt64(weight), first: event.bytes,
        second: event.status >= 400 ? UInt64(weight) : 0)
    }
  }

  @inline(never)
  mutating func addSample(
    _ event: borrowing HttpEvent, target: RawSpan, rank: UInt64, score: UInt8, weight: UInt32, agentHash: UInt64,
    referrerHash: UInt64
  ) {
    var item = TupleItem(
      time: event.time, client: IPAddress(high: event.clientHigh, low: event.clientLow), weight: weight,
      asn: event.asn, bytes: UInt32(clamping: event.bytes), status: event.status, methodWire: event.method.wire,
      protocolWire: event.protocol.wire, country: event.country, score: score, target: TextRange(),
      userAgent: agentHash, referrer: referrerHash,
      fingerprint: 0)
    if event.hasExtra { item.fingerprint = (try? fingerprintHash(event)) ?? 0 }
    item.target = keepText(target.extracting(0..<min(target.byteCount, 256)))
    samples.insert(item, rank: rank)
  }

  func fingerprintHash(_ event: borrowing HttpEvent) throws(WireError) -> UInt64 {
    let fingerprint = try event.extra.tlsFingerprint
    return fingerprint.byteCount > 0 ? hash.hash(fingerprint) : 0
  }

  mutating func keepText(_ bytes: RawSpan) -> TextRange {
    let range = TextRange(offset: texts.count, count: bytes.byteCount)
    texts.append(bytes)
    return range
  }
}
