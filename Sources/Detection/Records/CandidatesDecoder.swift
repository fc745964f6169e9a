// What a record of the topic `candidates` says.

import Bytes
import CapnProto
import Rollups

/// One record of the zone stage.
public struct ZoneStageRecord: Sendable, Equatable {
  public enum Said: Sendable, Equatable {
    /// Of one window, or a part of it.
    case candidates([Candidate], isLate: Bool)
    /// Nothing more comes for windows that end by `end`.
    case progress
  }
  /// Of `rollups`.
  public var partition: UInt16
  public var end: Nanoseconds
  public var ruleSet: UInt64
  public var said: Said

  public init(partition: UInt16, end: Nanoseconds, ruleSet: UInt64, said: Said) {
    (self.partition, self.end, self.ruleSet, self.said) = (partition, end, ruleSet, said)
  }
}

/// Reads records. What a record says is checked: bounds, sizes, versions; it throws, and never traps.
public struct CandidatesDecoder: ~Copyable {
  // A record is read once, from end to end.
  private let limiter = ReadLimiter(words: 4 << 20)

  public init() {}

  public func read(_ record: RawSpan) throws(RecordError) -> ZoneStageRecord {
    do {
      let content = CandidatesRecord(try Message(framed: record, limiter: limiter).rootStruct)
      return try Self.read(content, size: record.byteCount)
    } catch let error as RecordError {
      throw error
    } catch let error as WireError {
      throw .wire(error)
    } catch {
      throw .invalid("\(error)")
    }
  }

  private static func read(_ record: borrowing CandidatesRecord, size: Int) throws -> ZoneStageRecord {
    guard record.schemaVersion == CandidatesEncoder.schemaVersion else {
      throw RecordError.unsupportedVersion(record.schemaVersion)
    }
    var read = ZoneStageRecord(
      partition: record.partition, end: record.end, ruleSet: record.ruleSet, said: .progress)
    switch record.said.which {
    case .progress: return read
    case .unrecognized: throw RecordError.invalid("something newer than candidates and progress")
    case .candidates: break
    }
    let files = try FileNames(record.files, in: size)
    let list = try record.said.candidates
    try checkCount(list.count, in: size, "candidates")
    var candidates: [Candidate] = []
    candidates.reserveCapacity(list.count)
    for i in 0..<list.count { candidates.append(try candidate(list[i], files, size: size)) }
    read.said = .candidates(candidates, isLate: record.late)
    return read
  }

  private static func candidate(
    _ entry: borrowing CandidateContent, _ files: FileNames, size: Int
  ) throws -> Candidate {
    var candidate = Candidate(
      zone: try entry.zone.copied(), kind: AttackKind(entry.kind), windowStart: entry.windowStart,
      windowEnd: entry.windowEnd, address: IPAddress(high: entry.clientHigh, low: entry.clientLow),
      first: entry.first, last: entry.last, requests: entry.requests, confidence: entry.confidence)
    guard candidate.confidence >= 0, candidate.confidence <= 1 else {
      throw RecordError.invalid("a confidence of \(candidate.confidence)")
    }
    candidate.loud = entry.loud
    candidate.succeeded = entry.succeeded
    candidate.refused = entry.refused
    candidate.classes = AttackClasses(rawValue: entry.classes)
    candidate.signature = entry.signature
    candidate.userAgent = entry.userAgent
    candidate.loginPath = entry.loginPath
    candidate.rule = entry.rule
    candidate.correlation = entry.correlation
    candidate.target = try entry.target.copied()
    candidate.targetRequests = entry.targetRequests
    let rules = try entry.rules
    try checkCount(rules.count, in: size, "rules")
    for i in 0..<rules.count { candidate.rules.append(RuleTally(rule: rules[i].rule, count: rules[i].count)) }
    let evidence = try entry.evidence
    try checkCount(evidence.count, in: size, "lines of evidence")
    for i in 0..<evidence.count {
      let item = evidence[i]
      var line = EvidenceRecord()
      line.source = item.source
      line.ordinal = item.ordinal
      line.line = item.line
      line.time = item.time
      line.client = IPAddress(high: item.clientHigh, low: item.clientLow)
      line.file = try files.name(at: item.file)
      line.status = item.status
      line.score = item.score
      line.request = try item.request.copied()
      line.marks = RequestMarks(
        asn: item.asn, tlsFingerprint: item.tlsFingerprint, bytes: item.bytes, country: item.country,
        protocol: item.protocol, hasReferrer: item.referrer)
      line.tlsText = try item.tlsText.copied()
      line.tells = item.tells
      candidate.evidence.append(line)
    }
    candidate.facts = try facts(entry.facts)
    candidate.agent = try entry.agent.copied()
    let normal = try entry.normal
    guard normal.count <= NormalTraffic.wideLimit else { throw RecordError.invalid("\(normal.count) normal requests") }
    for i in 0..<normal.count {
      let item = normal[i]
      candidate.normal.append(
        RequestFields(
          client: IPAddress(high: item.clientHigh, low: item.clientLow), userAgent: item.userAgent, path: item.path,
          pathShape: item.pathShape, queryNames: item.queryNames, method: item.method,
          status: item.status,
          marks: RequestMarks(
            asn: item.asn, tlsFingerprint: item.tlsFingerprint, bytes: item.bytes, country: item.country,
            protocol: item.protocol, hasReferrer: item.referrer)))
    }
    return candidate
  }

  private static func facts(_ entry: borrowing CandidateFactsContent) throws -> CandidateFacts {
    var facts = CandidateFacts()
    facts.requests = entry.requests
    facts.failed = entry.failed
    facts.serverErrors = entry.serverErrors
    facts.slow = entry.slow
    facts.matched = entry.matched
    facts.logins = entry.logins
    facts.loginFailures = entry.loginFailures
    facts.distinctPaths = entry.distinctPaths
    facts.missingPaths = entry.missingPaths
    facts.distinctQueries = entry.distinctQueries
    facts.users = entry.users
    facts.maxScore = entry.maxScore
    facts.addresses = entry.addresses
    facts.crowd = entry.crowd
    facts.rate = entry.rate
    facts.baselineRate = entry.baselineRate
    facts.threshold = entry.threshold
    facts.learned = entry.learned
    facts.basis = BaselineBasis(rawValue: entry.basis)
    guard facts.rate.isFinite, facts.baselineRate.isFinite, facts.threshold.isFinite else {
      throw RecordError.invalid("a rate that is no number")
    }
    return facts
  }
}
