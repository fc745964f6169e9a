// From the aggregator's tables to what the tests look at.

import Bytes
import Events
import Rollups
import Sketches

extension WindowActivity {
  /// Reads a merged window. O(clients). Allocates one row a client; texts stay where they are.
  public init(_ window: borrowing ZoneWindow) {
    self.init(start: 0, length: 0, zone: [])
    read(window)
  }

  /// Reads another window in place of what was there; keeps the memory.
  mutating func read(_ window: borrowing ZoneWindow) {
    (start, length, zone) = (window.start, window.length, [UInt8](copying: window.zone))
    clients.removeAll(keepingCapacity: true)
    isLate = window.isLate
    counts = ActivityCounts(window.counts)
    distinctClients = window.distinctClients
    var registers = ByteBuffer(capacity: 256)
    clients.reserveCapacity(window.clientCount)
    for place in 0..<window.clientCount {
      if place &+ 4 < window.clientCount { window.prefetchClient(place &+ 4) }
      let row = window.client(place)
      var client = ClientObservation(address: row.address, firstTime: row.firstTime, lastTime: row.lastTime)
      client.counts = ActivityCounts(row)
      client.classes = row.classes
      client.maxScore = row.maxScore
      client.scoreSum = UInt64(row.scoreSum)
      client.paths = DistinctBitmap(row.paths, of: window, scratch: &registers)
      client.failedPaths = DistinctBitmap(row.failedPaths, of: window, scratch: &registers)
      client.queries = DistinctBitmap(row.queries, of: window, scratch: &registers)
      client.users = DistinctBitmap(row.users, of: window, scratch: &registers)
      client.userAgent = row.userAgent
      client.loginPath = row.loginPath
      client.robots = row.robots
      client.referrers = UInt64(row.referrers)
      client.topPath = row.topPath
      client.topPathCount = UInt64(row.topPathCount)
      // What few paths it asked for, and with what, tells it apart; many paths never come together again.
      if row.matched > 0 || row.logins > 0 || row.status4xx > 0, client.paths.occupied <= 16 {
        client.signature = window.hash.hash(window.identity(of: row.paths), row.userAgent) | 1
      }
      if row.matched > 0 {
        window.forEachRule(of: row) { client.rules.append(RuleTally(rule: $0.rule, count: $0.count)) }
      }
      // What matched, failed or was posted is looked at by the tests; the other texts are read where a candidate is made of the row.
      let isLookedAt = row.matched > 0 || row.status4xx > 0 || row.post > 0 && row.assets == 0
      window.forEachEvidence(of: row) {
        client.evidence.append(isLookedAt ? EvidenceRecord($0, of: window) : EvidenceRecord(withoutTexts: $0))
      }
      clients.append(client)
    }
  }
}

extension ActivityCounts {
  init(_ row: ClientRow) {
    self.init()
    requests = UInt64(row.requests)
    bytes = row.bytes
    status2xx = UInt64(row.status2xx)
    status3xx = UInt64(row.status3xx)
    status4xx = UInt64(row.status4xx)
    status5xx = UInt64(row.status5xx)
    unauthorized = UInt64(row.unauthorized)
    notFound = UInt64(row.notFound)
    get = UInt64(row.get)
    head = UInt64(row.head)
    post = UInt64(row.post)
    cacheHits = UInt64(row.cacheHits)
    cacheMisses = UInt64(row.cacheMisses)
    matched = UInt64(row.matched)
    logins = UInt64(row.logins)
    loginFailures = UInt64(row.loginFailures)
    slow = UInt64(row.slow)
    assets = UInt64(row.assets)
  }

  init(_ counts: RequestCounts) {
    self.init()
    requests = counts.requests
    bytes = counts.bytes
    status2xx = counts.status2xx
    status3xx = counts.status3xx
    status4xx = counts.status4xx
    status5xx = counts.status5xx
    unauthorized = counts.unauthorized
    notFound = counts.notFound
    get = counts.get
    head = counts.head
    post = counts.post
    cacheHits = counts.cacheHits
    cacheMisses = counts.cacheMisses
    matched = counts.matched
    logins = counts.logins
    loginFailures = counts.loginFailures
    slow = counts.slow
    assets = counts.assets
  }
}

extension DistinctBitmap {
  /// The registers that a set has touched. They are the first bits of its hashes, whether it still is a list of them
  /// or registers of a HyperLogLog.
  init(_ set: DistinctSet, of window: borrowing ZoneWindow, scratch: inout ByteBuffer) {
    self.init()
    if set.isEmpty { return }
    var bits = self
    if !window.forEachValue(of: set, { bits.insert(UInt64($0) << 32) }) {
      scratch.removeAll()
      window.write(set, to: &scratch)
      for i in 0..<min(scratch.count, 256) where scratch[i] != 0 { bits.insert(UInt64(i) << 56) }
    }
    self = bits
  }
}

extension EvidenceRecord {
  init(_ item: EvidenceItem, of window: borrowing ZoneWindow) {
    self.init(withoutTexts: item)
    takeTexts(from: window)
  }

  /// Few rows are told of: the texts of the others are never copied.
  init(withoutTexts item: EvidenceItem) {
    self.init()
    (source, ordinal, line, time) = (item.source, item.ordinal, item.line, item.time)
    (client, status, score) = (item.client, item.status, item.score)
    marks = RequestMarks(item)
    texts = Texts(method: item.method, target: item.request, fingerprint: item.fingerprint)
  }

  /// Reads the file's name and the request, where that is still to be done.
  mutating func takeTexts(from window: borrowing ZoneWindow) {
    guard let item = texts else { return }
    texts = nil
    file = [UInt8](copying: window.sourcePath(source))
    if item.fingerprint != 0 {
      let known = window.fingerprint(item.fingerprint)
      tlsText = [UInt8](copying: known.extracting(0..<min(known.byteCount, RequestTexts.most)))
    }
    let text = window.text(item.target)
    request.reserveCapacity(text.byteCount + 10)
    item.method.text.withUTF8Buffer { request.append(contentsOf: $0) }
    request.append(0x20)
    text.withUnsafeBytes { request.append(contentsOf: $0) }
  }
}

extension Method {
  var bytes: [UInt8] { text.withUTF8Buffer { [UInt8]($0) } }

  /// As it stands in a request line; `-` where it is none that is known.
  var text: StaticString {
    switch self {
    case .unknown: "-"
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .patch: "PATCH"
    case .connect: "CONNECT"
    case .trace: "TRACE"
    case .propfind: "PROPFIND"
    }
  }
}

extension [UInt8] {
  init(copying bytes: RawSpan) { self = bytes.withUnsafeBytes { [UInt8]($0) } }
}

extension ZoneStage {
  /// Takes in one merged window of one zone and appends what it finds to `candidates`, in their defined order.
  public mutating func consume(
    _ window: borrowing ZoneWindow, correlations: [CorrelationFinding] = [], into candidates: inout [Candidate]
  ) {
    // All hosts together: correlations, and no traffic of its own.
    guard window.scope == .zone else {
      for finding in correlations {
        candidates.append(candidate(of: finding, zone: [], from: window.start, to: window.end))
      }
      return
    }
    let firstFound = candidates.count
    // Taken out and put back, so that its memory is used again.
    var activity = WindowActivity(start: 0, length: 0, zone: [])
    swap(&activity, &self.activity)
    defer { swap(&activity, &self.activity) }
    activity.read(window)
    activity.correlations = correlations
    consume(
      activity,
      text: { kind, hash in
        switch kind {
        case .path: [UInt8](copying: window.path(hash))
        case .userAgent: [UInt8](copying: window.userAgent(hash))
        }
      }, into: &candidates)
    if !window.isLate { learnNormal(activity.zone, window) }
    for i in firstFound..<candidates.count {
      for k in candidates[i].evidence.indices { candidates[i].evidence[k].takeTexts(from: window) }
    }
  }
  private mutating func learnNormal(_ zone: [UInt8], _ window: borrowing ZoneWindow) {
    zones[zone]?.learnNormal(window)
    guard wideSamples < NormalTraffic.wideZones, zones[zone]?.normal.isWorthMore ?? false else { return }
    zones[zone]?.normal.widen()
    wideSamples += 1
  }
}
