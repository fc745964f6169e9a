// Gives every request its score: built-in detectors on its decoded values and the loaded rules on its fields.

import Bytes
import CapnProto
import Events
import Rollups

/// Judges requests. One a thread; nothing is allocated per event after warm-up.
///
/// Each field is judged by itself and the answer remembered by a keyed hash of its bytes, so that a value seen before
/// costs a few nanoseconds. The verdict depends on the request alone: the caches only save work.
public struct RequestScorer: ~Copyable, RequestClassifier {
  public let ruleSetHash: UInt64
  public let ruleHashes: [UInt64]

  /// The id of each rule, by index.
  public let ruleNames: [String]

  /// What is known of each loaded rule; their indices come before those of the built-in detectors.
  public let rules: [RuleInfo]

  private let builtInBase: Int
  private var matcher: RuleMatcher?
  /// Whether the last batch was searched for the patterns of the rules.
  private var isScanned = false
  private let hasCorrelations: Bool
  private let ruleScores: [UInt8]
  private let hash: KeyedHash
  private var inspector = RequestInspector()
  private let targets = EvidenceCache(capacity: 1 << 15)
  private let agents = EvidenceCache(capacity: 1 << 12)
  private let referrers = EvidenceCache(capacity: 1 << 13)
  private let builtInClasses: [AttackClasses] = BuiltInRule.allCases.map(\.classes)

  /// - Parameters:
  ///   - rules: The loaded rules; nil leaves the built-in detectors alone.
  ///   - hashKey: Keys the caches; it does not change verdicts.
  public init(rules set: RuleSet? = nil, hashKey: UInt64 = 0x6d69_6c6c_7261_6365) {
    hash = KeyedHash(key: hashKey)
    let identity = KeyedHash(key: 0x6d69_6c6c_7261_6365)
    rules = set?.rules ?? []
    builtInBase = rules.count
    ruleNames = rules.map(\.id) + BuiltInRule.allCases.map(\.id)
    ruleHashes = rules.map(\.hash) + BuiltInRule.allCases.map { identity.hash($0.id) }
    ruleSetHash = identity.hash(identity.hash(Self.version), set?.hash ?? 0)
    ruleScores = rules.map { $0.isReported ? Self.score(of: $0) : 0 }
    hasCorrelations = !(set?.correlations.isEmpty ?? true)
    if let set, !set.rules.isEmpty { matcher = RuleMatcher(set, seed: hashKey) } else { matcher = nil }
  }

  /// How sure a match of a rule is by itself: a `medium` rule is as likely an attack as not.
  static func score(of rule: RuleInfo) -> UInt8 {
    switch rule.level {
    case .informational: 0
    case .low: 25
    case .medium: 50
    case .high: 75
    case .critical: 90
    }
  }

  /// Changes with every change of what the built-in detectors say.
  public static let version = "built-in 2"

  public mutating func classify(_ events: borrowing HttpEventList, into verdicts: inout [RequestVerdict]) {
    verdicts.removeAll(keepingCapacity: true)
    verdicts.reserveCapacity(events.count)
    let matches = matcher != nil && scan(events)
    isScanned = matches
    for i in 0..<events.count {
      let event = events[i]
      verdicts.append((try? judge(event, i, matches)) ?? .clean)
    }
  }

  /// The correlations that count an event of the batch which was classified last.
  public mutating func correlate(
    _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict], into hits: inout [Rollups.CorrelationHit],
    texts: inout ByteBuffer
  ) {
    guard hasCorrelations, isScanned else { return }
    let hash = hash
    for i in 0..<events.count {
      guard let view = try? FieldView(events[i]) else { continue }
      matcher?.correlate(i, view) { correlation, value, group in
        hits.append(
          CorrelationHit(
            event: i, correlation: correlation, groupHash: hash.hash(group), valueHash: value,
            groupOffset: texts.count, groupCount: group.byteCount))
        texts.append(group)
      }
    }
  }

  /// Searches the batch for the patterns of the loaded rules. False where an event cannot be read.
  private mutating func scan(_ events: borrowing HttpEventList) -> Bool {
    matcher?.begin()
    for i in 0..<events.count {
      guard let view = try? FieldView(events[i]) else { return false }
      matcher?.add(view)
    }
    matcher?.scan()
    return true
  }

  private mutating func judge(
    _ event: borrowing HttpEvent, _ index: Int, _ matches: Bool
  ) throws(WireError) -> RequestVerdict {
    var builder = VerdictBuilder()
    addCached(try event.target, &builder)
    addAgent(try event.userAgent, &builder)
    addReferrer(try event.referrer, &builder)
    if event.hasExtra {
      let extra = try event.extra
      inspectRare(
        host: try event.host, cookie: try extra.cookie, body: try extra.body, contentType: try extra.contentType,
        methodText: try extra.methodText, &builder)
    }
    addShape(event.method, HttpFlags(rawValue: event.flags), &builder)
    if matches {
      let view = try FieldView(event)
      if let found = matcher?.match(index, view) { add(found, &builder) }
    }
    return builder.finish()
  }

  private func add(_ found: MatchedRules, _ builder: inout VerdictBuilder) {
    for position in 0..<found.count {
      let rule = found[position]
      builder.add(rule: rule, score: Int(ruleScores[rule]), classes: rules[rule].classes)
    }
  }

  /// Judges a request that is not part of a batch: for tests and evaluation. Same verdict as in a batch.
  public mutating func judge(
    method: Method, methodText: RawSpan, flags: HttpFlags, status: UInt16, host: RawSpan, target: RawSpan,
    userAgent: RawSpan, referrer: RawSpan, cookie: RawSpan, contentType: RawSpan, body: RawSpan
  ) -> RequestVerdict {
    var builder = VerdictBuilder()
    addCached(target, &builder)
    addAgent(userAgent, &builder)
    addReferrer(referrer, &builder)
    inspectRare(
      host: host, cookie: cookie, body: body, contentType: contentType, methodText: methodText, &builder)
    addShape(method, flags, &builder)
    var view = FieldView(
      target: target, userAgent: userAgent, referrer: referrer, host: host, cookie: cookie, body: body,
      contentType: contentType, remoteUser: target.extracting(first: 0), methodText: methodText)
    view.method = method
    view.status = status
    if let found = matcher?.match(view) { add(found, &builder) }
    return builder.finish()
  }

  @inline(__always)
  private mutating func addCached(_ target: RawSpan, _ builder: inout VerdictBuilder) {
    guard target.byteCount > 1 else { return }
    let key = hash.hash(target)
    if let known = targets[key] {
      if known.word != 0 { add(known, &builder) }
      return
    }
    var tally = EvidenceTally()
    inspector.inspectTarget(target, into: &tally)
    let evidence = PackedEvidence(tally)
    targets[key] = evidence
    add(evidence, &builder)
  }

  @inline(__always)
  private mutating func addAgent(_ agent: RawSpan, _ builder: inout VerdictBuilder) {
    guard agent.byteCount > 1 else { return }
    let key = hash.hash(agent)
    if let known = agents[key] {
      if known.word != 0 { add(known, &builder) }
      return
    }
    var tally = EvidenceTally()
    inspector.inspectUserAgent(agent, into: &tally)
    let evidence = PackedEvidence(tally)
    agents[key] = evidence
    add(evidence, &builder)
  }

  @inline(__always)
  private mutating func addReferrer(_ referrer: RawSpan, _ builder: inout VerdictBuilder) {
    guard referrer.byteCount > 1 else { return }
    let key = hash.hash(referrer)
    if let known = referrers[key] {
      if known.word != 0 { add(known, &builder) }
      return
    }
    var tally = EvidenceTally()
    inspector.inspectReferrer(referrer, into: &tally)
    let evidence = PackedEvidence(tally)
    referrers[key] = evidence
    add(evidence, &builder)
  }

  /// Fields that few logs have.
  private mutating func inspectRare(
    host: RawSpan, cookie: RawSpan, body: RawSpan, contentType: RawSpan, methodText: RawSpan,
    _ builder: inout VerdictBuilder
  ) {
    var tally = EvidenceTally()
    if host.byteCount > 0 { inspector.inspectHeader(host, into: &tally) }
    if cookie.byteCount > 0 { inspector.inspectCookies(cookie, into: &tally) }
    if contentType.byteCount > 0 { inspector.inspectHeader(contentType, into: &tally) }
    if body.byteCount > 0 { inspector.inspectBody(body, contentType: contentType, into: &tally) }
    if methodText.byteCount > 0 { tally.add(.forbiddenMethod, RequestShape.score(ofMethod: methodText)) }
    if tally.any { add(PackedEvidence(tally), &builder) }
  }

  private func addShape(_ method: Method, _ flags: HttpFlags, _ builder: inout VerdictBuilder) {
    var tally = EvidenceTally()
    if flags.contains(.binaryRequest) {
      tally.add(.binaryRequest, 60)
    } else if flags.contains(.malformedRequest) {
      tally.add(.malformedRequest, 40)
    }
    switch method {
    case .trace, .connect: tally.add(.forbiddenMethod, 55)
    case .propfind: tally.add(.forbiddenMethod, 25)
    default: break
    }
    if tally.any { add(PackedEvidence(tally), &builder) }
  }

  private func add(_ evidence: PackedEvidence, _ builder: inout VerdictBuilder) {
    for slot in 0..<4 {
      let score = evidence.score(slot)
      if score == 0 { return }
      let detector = evidence.detector(slot)
      builder.add(rule: builtInBase &+ detector, score: score, classes: builtInClasses[detector])
    }
  }
}

/// Requests that are odd before their contents are looked at.
enum RequestShape {
  /// The score of a method that is none of the common ones.
  static func score(ofMethod text: RawSpan) -> Int {
    for name in ["TRACK", "DEBUG", "CONNECT", "TRACE", "GETS"] as [StaticString] where text.equals(name) { return 58 }
    for i in 0..<text.byteCount where !text.unchecked(i).isASCIILetter && text.unchecked(i) != 0x2d { return 55 }
    for name in [
      "LOCK", "UNLOCK", "MKCOL", "COPY", "MOVE", "PROPPATCH", "REPORT", "SEARCH", "PURGE", "MERGE", "CHECKOUT",
      "MKACTIVITY",
      "REPORT", "VERSION-CONTROL", "BAN", "SUBSCRIBE", "NOTIFY", "QUERY", "LINK", "UNLINK",
    ] as [StaticString] where text.equals(name) { return 25 }
    return 40
  }
}
