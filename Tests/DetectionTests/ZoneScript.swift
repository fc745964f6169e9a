// Traffic for the tests of zones and campaigns: single requests, gathered into windows as the aggregator
// would, and the stages run over them.

import Bytes
import Rollups

@testable import Detection

/// One request of a test.
struct ScriptedRequest {
  /// Seconds from the start of the script.
  var time: Double
  var client: IPAddress
  var method = "GET"
  var path = "/"
  var query = ""
  var status: UInt16 = 200
  var bytes: UInt64 = 8_000
  var agent = browserAgent
  var referrer = false
  var score: UInt8 = 0
  var classes: AttackClasses = []
  var rule: UInt64 = 0
  var slow = false
  var line: UInt64 = 0
}

let browserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
let scriptStart: Nanoseconds = 1_700_000_000 * nanosecondsPerSecond

func address(_ text: String) -> IPAddress { IPAddress(text) ?? .unknown }
func address(_ network: UInt32, _ host: UInt32) -> IPAddress { IPAddress(v4: network << 24 | host) }

/// A reproducible source of numbers.
struct Dice {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func roll(_ n: Int) -> Int { Int(splitMix(&state) % UInt64(max(n, 1))) }
  mutating func unit() -> Double { Double(splitMix(&state) >> 11) / 9_007_199_254_740_992 }
}

/// Requests of one zone, and what the stages make of them.
struct ZoneScript {
  var zone = "www.example.org"
  var requests: [ScriptedRequest] = []
  var windowLength: Nanoseconds = 10 * nanosecondsPerSecond
  var settings = BehaviourSettings()
  var campaigns = CampaignSettings()
  var start = scriptStart
  /// Clients' rows in the reverse order, for tests of independence from it.
  var reversed = false

  mutating func add(_ request: ScriptedRequest) { requests.append(request) }

  /// The windows in order of time, and the texts behind their hashes.
  func windows() -> (windows: [WindowActivity], texts: [UInt64: [UInt8]]) {
    let hash = KeyedHash(key: 7)
    var texts: [UInt64: [UInt8]] = [:]
    var windows: [WindowActivity] = []
    let sorted = requests.enumerated().sorted {
      $0.element.time != $1.element.time ? $0.element.time < $1.element.time : $0.offset < $1.offset
    }.map(\.element)
    var i = 0
    while i < sorted.count {
      let first = start + Nanoseconds(sorted[i].time * 1e9)
      let begin = CivilTime.floorDivide(first, windowLength) * windowLength
      var window = WindowActivity(start: begin, length: windowLength, zone: Array(zone.utf8))
      var rows: [IPAddress: ClientObservation] = [:]
      var votes: [IPAddress: [UInt64: Int]] = [:]
      while i < sorted.count, start + Nanoseconds(sorted[i].time * 1e9) < begin + windowLength {
        let request = sorted[i]
        let time = start + Nanoseconds(request.time * 1e9)
        var row = rows[request.client] ?? ClientObservation(address: request.client, firstTime: time, lastTime: time)
        add(request, at: time, ordinal: UInt64(i), hash: hash, texts: &texts, to: &row)
        votes[request.client, default: [:]][hash.hash(request.path), default: 0] += 1
        rows[request.client] = row
        window.counts += counts(request)
        i += 1
      }
      for (client, seen) in votes {
        let top = seen.max { $0.value != $1.value ? $0.value < $1.value : $0.key < $1.key }
        if let top, var row = rows[client] {
          row.topPath = top.key
          row.topPathCount = UInt64(max(1, 2 * top.value - seen.values.reduce(0, +)))
          row.signature =
            row.paths.occupied <= 4 ? hash.hash(row.paths.bits[0] ^ row.paths.bits[1] &* 3, row.userAgent) : 0
          rows[client] = row
        }
      }
      window.clients = rows.values.sorted { reversed ? $0.address > $1.address : $0.address < $1.address }
      window.distinctClients = UInt64(rows.count)
      windows.append(window)
    }
    return (windows, texts)
  }

  private func counts(_ request: ScriptedRequest) -> ActivityCounts {
    var counts = ActivityCounts()
    counts.requests = 1
    counts.bytes = request.bytes
    switch request.status / 100 {
    case 2: counts.status2xx = 1
    case 3: counts.status3xx = 1
    case 4: counts.status4xx = 1
    case 5: counts.status5xx = 1
    default: break
    }
    counts.notFound = request.status == 404 ? 1 : 0
    counts.get = request.method == "GET" ? 1 : 0
    counts.post = request.method == "POST" ? 1 : 0
    counts.matched = request.score >= 50 ? 1 : 0
    let isLogin = request.method == "POST" && (request.path.contains("login") || request.path.contains("xmlrpc"))
    let isBasic = request.status == 401
    counts.logins = isLogin || isBasic ? 1 : 0
    counts.loginFailures = isBasic || (isLogin && (request.status == 200 || request.status >= 400)) ? 1 : 0
    counts.slow = request.slow ? 1 : 0
    let assets = [".css", ".js", ".png", ".jpg", ".ico", ".svg", ".gif", ".woff"]
    counts.assets = assets.contains { request.path.hasSuffix($0) } ? 1 : 0
    return counts
  }

  private func add(
    _ request: ScriptedRequest, at time: Nanoseconds, ordinal: UInt64, hash: KeyedHash,
    texts: inout [UInt64: [UInt8]], to row: inout ClientObservation
  ) {
    let counts = counts(request)
    row.counts += counts
    row.firstTime = min(row.firstTime, time)
    row.lastTime = max(row.lastTime, time)
    let path = hash.hash(request.path)
    texts[path] = Array(request.path.utf8)
    row.paths.insert(path)
    if request.status >= 400, request.status < 500 { row.failedPaths.insert(path) }
    if !request.query.isEmpty { row.queries.insert(hash.hash(request.query)) }
    let agent = request.agent.isEmpty ? 0 : hash.hash(request.agent)
    texts[agent] = Array(request.agent.utf8)
    if row.userAgent == 0 { row.userAgent = agent }
    if counts.logins > 0, row.loginPath == 0 { row.loginPath = path }
    row.robots = row.robots || request.path == "/robots.txt"
    row.referrers += request.referrer ? 1 : 0
    if request.score >= 50 {
      row.classes.formUnion(request.classes)
      row.maxScore = max(row.maxScore, request.score)
      row.scoreSum += UInt64(request.score)
      if let i = row.rules.firstIndex(where: { $0.rule == request.rule }) {
        row.rules[i].count += 1
      } else if request.rule != 0 {
        row.rules.append(RuleTally(rule: request.rule, count: 1))
      }
    }
    if request.score >= 50 || counts.logins > 0 || request.status >= 400 || request.method == "POST",
      row.evidence.count < 3
    {
      var line = EvidenceRecord()
      line.ordinal = ordinal
      line.line = request.line
      line.time = time
      line.client = request.client
      line.status = request.status
      line.score = request.score
      line.request = Array("\(request.method) \(request.path)\(request.query)".utf8)
      row.evidence.append(line)
    }
  }

  /// What came of it.
  struct Outcome {
    var attacks: [Attack]
    var events: [Attack]
    var sources: [AttackSource]
    var candidates: [Candidate]

    var addresses: Set<IPAddress> { Set(sources.map(\.address)) }
    func attacks(_ kind: AttackKind) -> [Attack] { attacks.filter { $0.kind == kind } }
    /// Seconds from the start of the script to the first sign of an attack of this kind.
    func delay(_ kind: AttackKind, from begin: Double) -> Double? {
      guard let first = candidates.filter({ $0.kind == kind && $0.confidence >= 0.5 }).map(\.windowEnd).min() else {
        return nil
      }
      return Double(first - scriptStart) / 1e9 - begin
    }
  }

  func run() -> Outcome {
    let (windows, texts) = windows()
    var zones = ZoneStage(settings: settings)
    var stage = CampaignStage(settings: campaigns)
    var sink = SourceList()
    var events: [Attack] = []
    var all: [Candidate] = []
    for window in windows {
      var candidates: [Candidate] = []
      zones.consume(window, text: { texts[$1] ?? [] }, into: &candidates)
      events += stage.consume(candidates, watermark: window.end, sources: &sink)
      all += candidates
    }
    let attacks = stage.finish(sources: &sink)
    return Outcome(attacks: attacks, events: events, sources: sink.sources, candidates: all)
  }
}
