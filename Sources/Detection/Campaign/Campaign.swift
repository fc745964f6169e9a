// One campaign while it is open: who takes part, what they do, how sure it is.

import Bytes
import Rollups

#if canImport(Glibc)
  import Glibc
#endif

/// A campaign in the making or going on. Grows with its members; everything else in it is bounded.
struct Campaign: Sendable {
  struct Member: Sendable {
    var requests: UInt64 = 0
    var first: Nanoseconds
    var last: Nanoseconds
    var confidence: Double
    var signature: UInt64
    var isLoud: Bool
  }

  let serial: UInt64
  let group: CampaignGroup
  let zone: [UInt8]
  var kind: AttackKind
  /// Joined by class alone: the background noise that every address on the internet receives.
  var isNoise: Bool
  /// Empty until raised.
  var id = ""
  var start: Nanoseconds
  var end: Nanoseconds
  var requests: UInt64 = 0
  var members: [IPAddress: Member] = [:]
  /// Members given to the sink already, and a bitmap to count them by.
  var spilled: [UInt64] = []
  var largestSpilled: UInt64 = 0
  /// Natural logarithm of the doubt that is left.
  var logDoubt = 0.0
  var sureMembers = 0
  var bestConfidence = 0.0
  var facts = CandidateFacts()
  /// Something of which no answer is kept succeeded: a login.
  var gotIn = false
  /// Answers that may show that a request succeeded, distinct, the first `answersKept` that were not explained at the time.
  var answers: [Answer] = []
  /// As of the last look at them: what of the answers is unlike what everybody gets, where there is any.
  var success: Success?
  /// Some answer of success was looked at, and was what everybody gets.
  var sawCommonAnswer = false
  var refused = false
  var classRequests: [UInt32: UInt64] = [:]
  var rules: [UInt64: UInt64] = [:]
  var targets = TargetCounts()
  var evidence: [EvidenceRecord] = []
  /// For the search of its fingerprint.
  var sample = AttackRequests()
  /// As of the last look: a fingerprint stays from look to look unless there is a better one. It is looked for again where
  /// the sample has changed, or what is normal.
  var harm = Harm()
  var hasNewSample = false
  /// When what is normal was told that the last look was at.
  var normalTime: Nanoseconds = .min
  var signatureMembers: [UInt64: Int] = [:]
  /// Signs of life at different times: for its rhythm.
  var beats: Int64 = 0
  var lastTold: Nanoseconds = .min
  var changed = false
  /// Told as ended, and remembered in case its actors come back.
  var isDormant = false
  var peakRate = 0.0
  var rateWindow: Nanoseconds = .min
  var rateRequests: UInt64 = 0
  /// Index keys that lead here.
  var keys: [UInt64] = []
  let correlation: UInt64

  /// What an answer that is unlike others says.
  struct Success: Sendable, Equatable {
    /// Of the answer, and of the page that others get; 0 where it is not known.
    var bytes: UInt32
    var errorPage: UInt32
  }

  static let memoryOfRules = 64
  static let answersKept = 16
  static let spilledWords = 8_192
  static let signatureLimit = 4_096

  init(serial: UInt64, group: CampaignGroup, first: Candidate, isNoise: Bool) {
    self.serial = serial
    self.group = group
    self.isNoise = isNoise
    (zone, kind, start, end) = (first.zone, first.kind, first.first, first.last)
    correlation = first.correlation
  }

  var isRaised: Bool { !id.isEmpty }
  var succeeded: Bool { gotIn || success != nil }

  /// 0 to 0.99.
  var confidence: Double { min(max(1 - exp(logDoubt), bestConfidence), 0.99) }

  /// What is known of the members counts fully for the first and by half for the others: they are not independent.
  private static func weight(of confidence: Double) -> Double { log(1 - min(confidence, 0.995)) * 0.5 }

  mutating func join(_ candidate: Candidate, shownEvidence: Int) {
    start = min(start, candidate.first)
    if candidate.last > end {
      if candidate.last &- end > 60 * nanosecondsPerSecond { beats &+= 1 }
      end = candidate.last
    }
    requests = saturating(requests, candidate.requests)
    changed = true
    let known = members[candidate.address]
    var member =
      known
      ?? Member(
        first: candidate.first, last: candidate.last, confidence: 0, signature: candidate.signature,
        isLoud: candidate.loud)
    if known == nil { countSignature(candidate.signature, by: 1) }
    member.requests = saturating(member.requests, candidate.requests)
    member.first = min(member.first, candidate.first)
    member.last = max(member.last, candidate.last)
    member.isLoud = member.isLoud || candidate.loud
    if candidate.confidence > member.confidence {
      logDoubt += Self.weight(of: candidate.confidence) - Self.weight(of: member.confidence)
      if member.confidence < 0.5, candidate.confidence >= 0.5 { sureMembers += 1 }
      member.confidence = candidate.confidence
      bestConfidence = max(bestConfidence, candidate.confidence)
    }
    members[candidate.address] = member
    facts.formMaximum(candidate.facts)
    if candidate.succeeded, !candidate.evidence.contains(where: \.tells) { gotIn = true }
    refused = refused || candidate.refused
    var bit: UInt32 = 1
    while bit != 0 {
      if candidate.classes.rawValue & bit != 0 {
        classRequests[bit] = saturating(classRequests[bit] ?? 0, max(candidate.requests, 1))
      }
      bit = bit &<< 1
    }
    for match in candidate.rules where rules[match.rule] != nil || rules.count < Self.memoryOfRules {
      rules[match.rule] = saturating(rules[match.rule] ?? 0, match.count)
    }
    if candidate.target.isEmpty, let example = candidate.evidence.first {
      // No path stands out: one of those asked for stands for them.
      targets.add(example.path, requests: 1)
    } else {
      targets.add(candidate.target, requests: candidate.targetRequests)
    }
    for line in candidate.evidence {
      let id = KeyedHash(key: 0x5a3b).hash(line.source, line.ordinal)
      let weight = candidate.requests / UInt64(candidate.evidence.count)
      guard sample.admits(id: id, weight: weight) else { continue }
      sample.add(
        AttackRequest(
          id: id, weight: weight, client: line.client, userAgent: candidate.userAgent, agent: candidate.agent,
          texts: RequestTexts(request: line.request), status: line.status, marks: line.marks, tlsText: line.tlsText))
      hasNewSample = true
    }
    for line in candidate.evidence { keep(line, atMost: shownEvidence) }
    countRate(candidate)
  }

  /// Keeps the best lines by score, time and place; which ones does not depend on the order they come in.
  private mutating func keep(_ line: EvidenceRecord, atMost limit: Int) {
    if evidence.count >= limit, let last = evidence.last, !EvidenceRecord.isBetter(line, last) { return }
    if evidence.contains(where: { $0.source == line.source && $0.ordinal == line.ordinal && $0.time == line.time }) {
      return
    }
    let place = evidence.firstIndex { EvidenceRecord.isBetter(line, $0) } ?? evidence.count
    evidence.insert(line, at: place)
    if evidence.count > limit { evidence.removeLast() }
  }

  /// Requests of all members in one window make the peak rate.
  private mutating func countRate(_ candidate: Candidate) {
    if candidate.windowStart != rateWindow { (rateWindow, rateRequests) = (candidate.windowStart, 0) }
    let window = Double(max(candidate.windowEnd &- candidate.windowStart, 1)) / 1e9
    let seconds = max(window, Double(candidate.last &- candidate.first) / 1e9)
    peakRate = max(peakRate, Double(candidate.requests) / seconds, candidate.facts.rate)
    // The first candidate of a client tells of its whole visit, which is no one window's.
    guard candidate.first >= candidate.windowStart else { return }
    rateRequests = saturating(rateRequests, candidate.requests)
    peakRate = max(peakRate, Double(rateRequests) / window)
  }

  private mutating func countSignature(_ signature: UInt64, by amount: Int) {
    guard isNoise, signature != 0 else { return }
    if signatureMembers[signature] == nil, signatureMembers.count >= Self.signatureLimit { return }
    signatureMembers[signature, default: 0] += amount
  }

  /// Takes a member out, as when it turns out to be an attack of its own.
  mutating func leave(_ address: IPAddress) -> Member? {
    guard let member = members.removeValue(forKey: address) else { return nil }
    requests = requests >= member.requests ? requests - member.requests : 0
    targets.doubt(member.requests)
    logDoubt = min(logDoubt - Self.weight(of: member.confidence), 0)
    if member.confidence >= 0.5 { sureMembers -= 1 }
    countSignature(member.signature, by: -1)
    return member
  }

  /// Quiet time after which it has ended: longer for one that moves slowly.
  func quiet(_ settings: CampaignSettings) -> Nanoseconds {
    let least = isRaised ? settings.quiet(group, isNoise: isNoise) : settings.longestQuiet
    // A flood or a scan at full speed does not get more time by pausing; slow doings do.
    guard beats > 0, group == .logins || group == .payloads || group == .harvesting || group == .posting else {
      return least
    }
    let gap = max(end &- start, 0) / (beats &+ 1)
    return max(least, min(4 * min(gap, settings.longestQuiet), settings.longestQuiet))
  }

  /// How long after its last sign of life those who come back still belong to it: actors who look, pause, and return for
  /// days or months are one campaign. Load has no such memory: two floods are two floods.
  func memory(_ settings: CampaignSettings) -> Nanoseconds {
    switch group {
    case .payloads, .logins, .harvesting, .posting: max(quiet(settings), settings.longestQuiet)
    default: quiet(settings)
    }
  }

  // MARK: Members

  var sourceCount: UInt64 {
    let named = members[.unknown] == nil ? members.count : members.count - 1
    if spilled.isEmpty { return UInt64(max(named, 0)) }
    var bitmap = spilled
    for address in members.keys { Self.mark(address, in: &bitmap) }
    let free = bitmap.count * 64 - bitmap.reduce(0) { $0 + $1.nonzeroBitCount }
    let bits = Double(bitmap.count * 64)
    return UInt64(max(0, (-bits * log(max(Double(free), 1) / bits)).rounded()))
  }

  private static func mark(_ address: IPAddress, in bitmap: inout [UInt64]) {
    let h = KeyedHash(key: 0xb1a5).hash(address.high, address.low)
    let bit = Int(h & UInt64(bitmap.count * 64 - 1))
    bitmap[bit >> 6] |= 1 << UInt64(bit & 63)
  }

  /// Members in order of address.
  var sortedMembers: [(address: IPAddress, member: Member)] {
    members.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// The most active, then by address.
  func topMembers(_ limit: Int) -> [(address: IPAddress, member: Member)] {
    members.filter { !$0.key.isUnknown }.map { ($0.key, $0.value) }.sorted {
      $0.1.requests != $1.1.requests ? $0.1.requests > $1.1.requests : $0.0 < $1.0
    }.prefix(limit).map { $0 }
  }

  var uncertainty: UInt64 { largestSpilled }

  /// Gives all members but the most active to the sink, forgets them, and returns who they were.
  mutating func spill(keeping kept: Int, to sink: inout some AttackSourceSink) -> [IPAddress] {
    if spilled.isEmpty { spilled = [UInt64](repeating: 0, count: Self.spilledWords) }
    let stay = Set(topMembers(kept).map(\.address))
    var gone: [IPAddress] = []
    for (address, member) in sortedMembers where !stay.contains(address) {
      gone.append(address)
      Self.mark(address, in: &spilled)
      largestSpilled = max(largestSpilled, member.requests)
      sink.record(source(address, member))
      members[address] = nil
    }
    return gone
  }

  func source(_ address: IPAddress, _ member: Member) -> AttackSource {
    AttackSource(
      attack: id, kind: kind, address: address, requests: member.requests, first: member.first, last: member.last,
      confidence: member.confidence)
  }
}

/// Adds without overflow.
@inline(__always)
func saturating(_ a: UInt64, _ b: UInt64) -> UInt64 {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}
