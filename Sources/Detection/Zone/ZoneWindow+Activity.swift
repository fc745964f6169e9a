// From the aggregator's tables to what the tests look at.

import Bytes
import Events
import Rollups
import Sketches

extension WindowActivity {
  /// Reads a merged window. O(clients). Allocates one row a client; texts stay where they are.
  public init(_ window: borrowing ZoneWindow) {
    self.init(start: window.start, length: window.length, zone: [UInt8](copying: window.zone))
    isLate = window.isLate
    counts = ActivityCounts(window.counts)
    distinctClients = window.distinctClients
    var registers = ByteBuffer(capacity: 256)
    clients.reserveCapacity(window.clientCount)
    for place in 0..<window.clientCount {
      let row = window.client(place)
      var client = ClientObservation(address: row.address, firstTime: row.firstTime, lastTime: row.lastTime)
      client.counts = ActivityCounts(row.counts)
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
      window.forEachEvidence(of: row) { client.evidence.append(EvidenceRecord($0, of: window)) }
      clients.append(client)
    }
  }
}

extension ActivityCounts {
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
    self.init()
    (source, ordinal, line, time) = (item.source, item.ordinal, item.line, item.time)
    (client, status, score) = (item.client, item.status, item.score)
    file = [UInt8](copying: window.sourcePath(item.source))
    request = Array("\(item.method.text) ".utf8) + [UInt8](copying: window.text(item.request))
  }
}

extension Method {
  /// As it stands in a request line; `-` where it is none that is known.
  var text: String { self == .unknown ? "-" : "\(self)".uppercased() }
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
    var activity = WindowActivity(window)
    activity.correlations = correlations
    consume(
      activity,
      text: { kind, hash in
        switch kind {
        case .path: [UInt8](copying: window.path(hash))
        case .userAgent: [UInt8](copying: window.userAgent(hash))
        }
      }, into: &candidates)
  }
}
