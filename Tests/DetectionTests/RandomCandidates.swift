// Candidates of every kind and shape, from a seed.

import Bytes
import Rollups

@testable import Detection

extension Dice {
  mutating func word() -> UInt64 { splitMix(&state) }
  mutating func bytes(_ most: Int) -> [UInt8] { (0..<roll(most + 1)).map { _ in UInt8(roll(256)) } }

  mutating func evidence() -> EvidenceRecord {
    var line = EvidenceRecord()
    (line.source, line.ordinal, line.line) = (word(), word(), word())
    line.file = [Array("a.log".utf8), Array("b.log".utf8), []][roll(3)]
    line.time = scriptStart + Nanoseconds(roll(1 << 40))
    line.client = address(UInt32(roll(4)), UInt32(roll(50)))
    (line.status, line.score) = (UInt16(roll(600)), UInt8(roll(101)))
    line.request = bytes(40)
    line.marks = marks()
    (line.tlsText, line.tells) = (bytes(8), roll(4) == 0)
    return line
  }

  mutating func marks() -> RequestMarks {
    RequestMarks(
      asn: UInt32(roll(3)), tlsFingerprint: UInt32(roll(3)), bytes: UInt32(roll(3) * roll(2_000)),
      country: UInt16(roll(1 << 16)), protocol: .init(wire: UInt16(roll(6))), hasReferrer: roll(2) == 0)
  }

  /// Anything that the campaign stage may be given for the window that ends at `end`.
  mutating func candidate(end: Nanoseconds, length: Nanoseconds = 10 * nanosecondsPerSecond) -> Candidate {
    let kind = AttackKind.allCases[roll(AttackKind.allCases.count)]
    let start = end - length
    let first = start - Nanoseconds(roll(3)) * Nanoseconds(roll(600)) * nanosecondsPerSecond
    var candidate = Candidate(
      zone: Array("zone\(roll(roll(2) == 0 ? 3 : 9))".utf8), kind: kind, windowStart: start, windowEnd: end,
      address: roll(12) == 0 ? .unknown : address(UInt32(roll(3)), UInt32(roll(60))), first: first,
      last: start + Nanoseconds(roll(Int(length))), requests: UInt64(roll(400)),
      confidence: roll(3) == 0 ? 0.45 : unit())
    candidate.classes = AttackClasses(rawValue: 1 << UInt32(roll(22)))
    candidate.loud = roll(3) == 0
    candidate.signature = UInt64(roll(6))
    candidate.userAgent = UInt64(roll(3))
    candidate.loginPath = UInt64(roll(2))
    candidate.rule = word()
    candidate.correlation = kind == .correlation ? UInt64(1 + roll(3)) : 0
    (candidate.succeeded, candidate.refused) = (roll(4) == 0, roll(4) == 0)
    candidate.target = bytes(12)
    candidate.targetRequests = UInt64(roll(40))
    candidate.rules = (0..<roll(4)).map { _ in RuleTally(rule: UInt64(roll(9)), count: UInt64(roll(100))) }
    candidate.evidence = (0..<roll(4)).map { _ in evidence() }
    candidate.agent = bytes(12)
    if roll(6) == 0 {
      candidate.normal = (0..<roll(NormalTraffic.wideLimit)).map { _ in
        RequestFields(
          client: address(UInt32(roll(4)), UInt32(roll(50))), userAgent: UInt32(roll(3)), path: UInt32(roll(9)),
          pathShape: UInt32(roll(5)), queryNames: UInt32(roll(4)), method: UInt32(roll(3)),
          status: UInt16(roll(5) * 100), marks: marks())
      }
    }
    candidate.facts.requests = UInt64(roll(1_000))
    candidate.facts.loginFailures = UInt64(roll(120))
    candidate.facts.maxScore = UInt8(roll(101))
    candidate.facts.crowd = UInt64(roll(20))
    (candidate.facts.rate, candidate.facts.baselineRate, candidate.facts.threshold) = (unit() * 900, unit(), unit())
    candidate.facts.learned = Nanoseconds(roll(1 << 40))
    return candidate
  }

  /// Candidates of a run of windows, a few of each. Windows that follow each other closely, or hours apart.
  mutating func steps(_ count: Int, most: Int = 6) -> [(candidates: [Candidate], end: Nanoseconds)] {
    let length = 10 * nanosecondsPerSecond
    var end = scriptStart / length * length
    return (0..<count).map { _ in
      end += length * Nanoseconds(roll(20) == 0 ? 1 + roll(20_000) : 1 + roll(3))
      return ((0..<roll(most)).map { _ in candidate(end: end) }, end)
    }
  }
}
