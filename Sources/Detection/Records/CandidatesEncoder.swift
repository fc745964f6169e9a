// Candidates on their way from the zone stage to the campaign stage, as records of the topic `candidates`.

import Bytes
import CapnProto
import Events

/// Writes records; keep it, for its memory is used again.
public struct CandidatesEncoder: ~Copyable {
  public static var schemaVersion: UInt16 { 1 }
  /// A record grows to about this many bytes, unless one candidate alone is larger.
  public let recordBytes: Int
  private var builder = MessageBuilder(capacity: 1 << 16)

  public init(recordBytes: Int = 512 << 10) { self.recordBytes = max(recordBytes, 1_024) }

  /// Writes what one window gave as one or more records, in order.
  /// - Parameter end: As `CandidateSequence.add` takes it.
  public mutating func write(
    _ candidates: [Candidate], end: Nanoseconds, isLate: Bool, partition: UInt16, ruleSet: UInt64,
    _ emit: (RawSpan) -> Void
  ) {
    var first = 0
    repeat {
      var last = first
      var bytes = 0
      while last < candidates.count {
        bytes += Self.size(candidates[last])
        if last > first, bytes > recordBytes { break }
        last += 1
      }
      write(candidates[first..<last], end: end, isLate: isLate, partition: partition, ruleSet: ruleSet)
      emit(builder.framed)
      first = last
    } while first < candidates.count
  }

  /// Writes that nothing more comes for windows that end by `end`.
  public mutating func writeProgress(
    to end: Nanoseconds, partition: UInt16, ruleSet: UInt64, _ emit: (RawSpan) -> Void
  ) {
    Self.fillProgress(&builder, end, partition, ruleSet)
    emit(builder.framed)
  }

  private static func fillProgress(
    _ builder: inout MessageBuilder, _ end: Nanoseconds, _ partition: UInt16, _ ruleSet: UInt64
  ) {
    let record = builder.start(CandidatesRecordBuilder.self)
    record.schemaVersion = schemaVersion
    record.partition = partition
    record.end = end
    record.ruleSet = ruleSet
    record.said.setProgress()
  }

  /// Bytes that a candidate takes, without names of files.
  private static func size(_ candidate: Candidate) -> Int {
    var size = 384 + candidate.zone.count + candidate.target.count + candidate.rules.count * 16
    size += candidate.agent.count + candidate.normal.count * 72
    for line in candidate.evidence { size += 128 + line.request.count + line.tlsText.count + line.file.count }
    return size
  }

  private mutating func write(
    _ candidates: ArraySlice<Candidate>, end: Nanoseconds, isLate: Bool, partition: UInt16, ruleSet: UInt64
  ) {
    var files = FileNames()
    let record = builder.start(CandidatesRecordBuilder.self)
    record.schemaVersion = Self.schemaVersion
    record.partition = partition
    record.end = end
    record.ruleSet = ruleSet
    record.late = isLate
    let list = record.said.initCandidates(count: candidates.count)
    for (i, candidate) in candidates.enumerated() { Self.write(candidate, list[i], &files) }
    if !files.names.isEmpty { files.write(to: record.initFiles(count: files.names.count)) }
  }

  private static func write(_ candidate: Candidate, _ entry: CandidateContentBuilder, _ files: inout FileNames) {
    entry.setZone(candidate.zone.span.bytes)
    entry.kind = candidate.kind.code
    entry.loud = candidate.loud
    entry.succeeded = candidate.succeeded
    entry.refused = candidate.refused
    entry.classes = candidate.classes.rawValue
    entry.windowStart = candidate.windowStart
    entry.windowEnd = candidate.windowEnd
    entry.clientHigh = candidate.address.high
    entry.clientLow = candidate.address.low
    entry.first = candidate.first
    entry.last = candidate.last
    entry.requests = candidate.requests
    entry.confidence = candidate.confidence
    entry.signature = candidate.signature
    entry.userAgent = candidate.userAgent
    entry.loginPath = candidate.loginPath
    entry.rule = candidate.rule
    entry.correlation = candidate.correlation
    if !candidate.target.isEmpty { entry.setTarget(candidate.target.span.bytes) }
    entry.targetRequests = candidate.targetRequests
    if !candidate.rules.isEmpty {
      let rules = entry.initRules(count: candidate.rules.count)
      for (i, tally) in candidate.rules.enumerated() {
        rules[i].rule = tally.rule
        rules[i].count = tally.count
      }
    }
    if !candidate.evidence.isEmpty {
      let evidence = entry.initEvidence(count: candidate.evidence.count)
      for (i, line) in candidate.evidence.enumerated() {
        let item = evidence[i]
        item.source = line.source
        item.ordinal = line.ordinal
        item.line = line.line
        item.time = line.time
        item.clientHigh = line.client.high
        item.clientLow = line.client.low
        item.file = files.place(of: line.file)
        item.status = line.status
        item.score = line.score
        item.setRequest(line.request.span.bytes)
        item.tlsFingerprint = line.marks.tlsFingerprint
        if !line.tlsText.isEmpty { item.setTlsText(line.tlsText.span.bytes) }
        item.asn = line.marks.asn
        item.bytes = line.marks.bytes
        item.country = line.marks.country
        item.protocol = `Protocol`(wire: UInt16(line.marks.protocolNumber))
        item.referrer = line.marks.hasReferrer
        item.tells = line.tells
      }
    }
    write(candidate.facts, entry.initFacts())
    if !candidate.agent.isEmpty { entry.setAgent(candidate.agent.span.bytes) }
    if !candidate.normal.isEmpty {
      let normal = entry.initNormal(count: candidate.normal.count)
      for (i, request) in candidate.normal.enumerated() {
        let item = normal[i]
        item.clientHigh = request.client.high
        item.clientLow = request.client.low
        item.userAgent = request.userAgent
        item.path = request.path
        item.pathShape = request.pathShape
        item.queryNames = request.queryNames
        item.method = request.method
        item.tlsFingerprint = request.marks.tlsFingerprint
        item.asn = request.marks.asn
        item.bytes = request.marks.bytes
        item.status = request.status
        item.country = request.marks.country
        item.protocol = `Protocol`(wire: UInt16(request.marks.protocolNumber))
        item.referrer = request.marks.hasReferrer
      }
    }
  }

  private static func write(_ facts: CandidateFacts, _ entry: CandidateFactsContentBuilder) {
    entry.requests = facts.requests
    entry.failed = facts.failed
    entry.serverErrors = facts.serverErrors
    entry.slow = facts.slow
    entry.matched = facts.matched
    entry.logins = facts.logins
    entry.loginFailures = facts.loginFailures
    entry.distinctPaths = facts.distinctPaths
    entry.missingPaths = facts.missingPaths
    entry.distinctQueries = facts.distinctQueries
    entry.users = facts.users
    entry.maxScore = facts.maxScore
    entry.addresses = facts.addresses
    entry.crowd = facts.crowd
    entry.rate = facts.rate
    entry.baselineRate = facts.baselineRate
    entry.threshold = facts.threshold
    entry.learned = facts.learned
    entry.basis = facts.basis.rawValue
  }
}
