// Gives every request its score: built-in detectors on its decoded values and the loaded rules on its fields.

import Bytes
import CapnProto
import Events
import Rollups

/// Judges requests. One a thread; nothing is allocated per event after warm-up.
///
/// Each field is judged by itself and the answer, the detectors' and the rules', remembered by a keyed hash of its
/// bytes, so that a value seen before costs a few nanoseconds. The verdict depends on the request alone: the caches only save work.
public struct RequestScorer: ~Copyable, RequestClassifier {
  public let ruleSetHash: UInt64
  public let ruleHashes: [UInt64]

  /// The id of each rule, by index.
  public let ruleNames: [String]

  /// What is known of each loaded rule; their indices come before those of the built-in detectors.
  public let rules: [RuleInfo]

  let builtInBase: Int
  /// Index of a rule by its hash.
  let indices: [UInt64: Int]
  var matcher: RuleMatcher
  /// Whether the last batch was searched for the patterns of the rules.
  var isScanned = false
  let hasCorrelations: Bool
  private let allow: AllowList
  private let ruleScores: [UInt8]
  let hash: KeyedHash
  private var inspector = RequestInspector()
  private var looks: [Look] = []
  /// Events of the batch at which there is more to be looked at than their values' evidence being none.
  private var noted: [(event: Int32, evidence: ValueEvidence)] = []
  /// A bit for each.
  private let disabledDetectors: UInt32
  let builtInClasses: [AttackClasses] = BuiltInRule.allCases.map(\.classes)

  /// - Parameters:
  ///   - rules: The loaded rules; nil leaves the built-in detectors alone.
  ///   - allow: Requests that are not judged.
  ///   - hashKey: Keys the caches; it does not change verdicts.
  public init(
    rules set: RuleSet? = nil, allow: AllowList = AllowList(), hashKey: UInt64 = 0x6d69_6c6c_7261_6365
  ) {
    self.allow = allow
    hash = KeyedHash(key: hashKey)
    let identity = KeyedHash(key: 0x6d69_6c6c_7261_6365)
    rules = set?.rules ?? []
    builtInBase = rules.count
    ruleNames = rules.map(\.id) + BuiltInRule.allCases.map(\.id)
    ruleHashes = rules.map(\.hash) + BuiltInRule.allCases.map { identity.hash($0.id) }
    indices = Dictionary(zip(ruleHashes, ruleHashes.indices), uniquingKeysWith: { first, _ in first })
    let rulesAlone = identity.hash(identity.hash(Self.version), set?.hash ?? 0)
    ruleSetHash = allow.isEmpty ? rulesAlone : identity.hash(rulesAlone, allow.hash)
    ruleScores = rules.map { $0.isReported ? Self.score(of: $0) : 0 }
    disabledDetectors = set?.disabledDetectors.reduce(0) { $0 | 1 << UInt32($1.rawValue) } ?? 0
    hasCorrelations = !(set?.correlations.isEmpty ?? true)
    matcher = RuleMatcher(set ?? .empty, seed: hashKey)
    noted.reserveCapacity(1024)
    looks.reserveCapacity(1024)
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
  public static let version = "built-in 3"

  public mutating func classify(_ events: borrowing HttpEventList, into verdicts: inout [RequestVerdict]) {
    verdicts.removeAll(keepingCapacity: true)
    verdicts.reserveCapacity(events.count)
    noted.removeAll(keepingCapacity: true)
    looks.removeAll(keepingCapacity: true)
    for i in 0..<events.count { looks.append(Self.firstLook(at: events[i], matcher)) }
    matcher.begin()
    for i in 0..<events.count {
      // What cannot be read is clean.
      verdicts.append(.clean)
      let look = looks[i]
      if !allow.isEmpty, allow.allows(events[i]) {
        matcher.addNothing()
        verdicts[i] = .allowed
        continue
      }
      if look.isJudged {
        matcher.addNothing()
        if let verdict = try? carried(by: events[i]) { verdicts[i] = verdict }
        continue
      }
      var evidence = look.isWhole ? nil : matcher.addKnown(look.keys)
      if evidence == nil { evidence = Self.secondLook(at: events[i], &matcher, &inspector) }
      if let evidence, look.isOdd || !evidence.isEmpty || matcher.mayMatch(i) {
        noted.append((Int32(truncatingIfNeeded: i), evidence))
      }
    }
    matcher.scan()
    isScanned = true
    for position in noted.indices {
      let note = noted[position]
      let i = Int(note.event)
      if let verdict = try? judge(events[i], i, note.evidence) { verdicts[i] = verdict }
    }
  }

  /// What an event is looked up by, and what can be seen of it without.
  private struct Look {
    var keys = ValueKeys()
    /// Whether it must be looked at as a whole.
    var isWhole = false
    /// Whether there is more to it than its values.
    var isOdd = false
    /// Whether it carries its verdict.
    var isJudged = false
  }

  @inline(__always)
  private static func firstLook(at event: borrowing HttpEvent, _ matcher: borrowing RuleMatcher) -> Look {
    var look = Look()
    if event.flags & HttpFlags.judged.rawValue != 0 {
      look.isJudged = true
      return look
    }
    guard let view = try? FieldView(event) else {
      look.isWhole = true
      return look
    }
    if let keys = matcher.keys(of: view, RequestInspector.self) { look.keys = keys } else { look.isWhole = true }
    look.isOdd =
      event.hasExtra || hasShape(view.method, HttpFlags(rawValue: event.flags)) || matcher.asks(of: view.method)
    return look
  }

  /// Adds an event with a value that is not known. The parts are parameters so that the compiler sees that they are
  /// apart.
  /// - Returns: nil where it cannot be read.
  @inline(never)
  private static func secondLook(
    at event: borrowing HttpEvent, _ matcher: inout RuleMatcher, _ inspector: inout RequestInspector
  ) -> ValueEvidence? {
    guard let view = try? FieldView(event) else {
      matcher.addNothing()
      return nil
    }
    return matcher.add(view, &inspector)
  }

  /// The correlations that count an event of the batch which was classified last.
  public mutating func correlate(
    _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict], into hits: inout [Rollups.CorrelationHit],
    texts: inout ByteBuffer
  ) {
    guard hasCorrelations, isScanned else { return }
    let hash = hash
    for i in 0..<events.count where !(i < verdicts.count && verdicts[i].isAllowed) {
      guard let view = try? FieldView(events[i]) else { continue }
      func take(_ correlation: UInt64, _ value: UInt64, _ group: RawSpan) {
        hits.append(
          CorrelationHit(
            event: i, correlation: correlation, groupHash: hash.hash(group), valueHash: value,
            groupOffset: texts.count, groupCount: group.byteCount))
        texts.append(group)
      }
      if events[i].flags & HttpFlags.judged.rawValue == 0 {
        matcher.correlate(i, view, take)
      } else if let rules = try? carriedRules(of: events[i]), !rules.isEmpty {
        matcher.correlate(given: rules, view, take)
      }
    }
  }

  private mutating func judge(
    _ event: borrowing HttpEvent, _ index: Int, _ evidence: ValueEvidence
  ) throws(WireError) -> RequestVerdict {
    let view = try FieldView(event)
    var builder = VerdictBuilder()
    add(evidence, &builder)
    if event.hasExtra {
      inspectRare(
        host: view.host, cookie: view.cookie, body: view.body, contentType: view.contentType,
        methodText: view.methodText, &builder)
    }
    addShape(view.method, HttpFlags(rawValue: event.flags), &builder)
    add(matcher.match(index, view), &builder)
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
    var view = FieldView(
      target: target, userAgent: userAgent, referrer: referrer, host: host, cookie: cookie, body: body,
      contentType: contentType, remoteUser: target.extracting(first: 0), methodText: methodText)
    view.method = method
    view.status = status
    matcher.begin()
    var builder = VerdictBuilder()
    add(matcher.add(view, &inspector), &builder)
    matcher.scan()
    inspectRare(
      host: host, cookie: cookie, body: body, contentType: contentType, methodText: methodText, &builder)
    addShape(method, flags, &builder)
    add(matcher.match(0, view), &builder)
    return builder.finish()
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

  /// Whether `addShape` adds anything.
  @inline(__always)
  private static func hasShape(_ method: Method, _ flags: HttpFlags) -> Bool {
    if !flags.isDisjoint(with: [.binaryRequest, .malformedRequest]) { return true }
    return method == .trace || method == .connect || method == .propfind
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

  private func add(_ evidence: ValueEvidence, _ builder: inout VerdictBuilder) {
    add(PackedEvidence(word: evidence.target), &builder)
    add(PackedEvidence(word: evidence.userAgent), &builder)
    add(PackedEvidence(word: evidence.referrer), &builder)
  }

  private func add(_ evidence: PackedEvidence, _ builder: inout VerdictBuilder) {
    for slot in 0..<4 {
      let score = evidence.score(slot)
      if score == 0 { return }
      let detector = evidence.detector(slot)
      if disabledDetectors & 1 << UInt32(truncatingIfNeeded: detector) != 0 { continue }
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
