// `--diff-rules`: what the batches differed in, summed in the order of the input, with the first examples of each kind.

import Bytes
import CapnProto
import Detection
import Events
import Reports
import Rollups

/// Touched in the stage that orders pieces, one thread at a time; so the examples are the same for any number of threads.
final class RuleComparison {
  let union: RuleUnion
  /// Rules that stand before the detectors of our own in a verdict.
  private let loaded: (a: Int, b: Int)
  private let makeScorer: () -> RequestScorer
  private let threshold: UInt8
  private let mostExamples: Int
  private var report = RuleDiffReport()
  /// Requests that stand as examples already, by kind: the same request again says nothing new.
  private var shown: Set<UInt64> = []

  /// - Parameter examples: Of each kind at most: attacks and matches of a rule, in A only and in B only.
  init(
    _ a: RuleSet, _ b: RuleSet, sources: (a: [String], b: [String]), allow: AllowList, threshold: UInt8, examples: Int,
    hashKey: UInt64
  ) {
    union = RuleUnion(a.rules, b.rules)
    makeScorer = { RequestScorer(rules: b, allow: allow, hashKey: hashKey) }
    loaded = (a.rules.count, b.rules.count)
    (self.threshold, mostExamples) = (threshold, examples)
    (report.sourceA, report.sourceB) = sources
    (report.ruleCountA, report.ruleCountB) = (a.rules.count, b.rules.count)
    report.threshold = threshold
    report.rules = union.entries.map {
      RuleDiffReport.Rule(id: $0.id, title: $0.title, isInA: $0.isInA, isInB: $0.isInB)
    }
    if !a.correlations.isEmpty || !b.correlations.isEmpty {
      report.remarks.append(
        "Correlations are not compared, only the rules that they count: a replay with each set shows what they find.")
    }
  }

  func makeComparer() -> RuleComparer { RuleComparer(makeScorer(), union, threshold: threshold) }

  /// Adds a piece whose place is known.
  func add(_ parcel: Parcel) {
    let comparison = parcel.comparison
    report.requests &+= comparison.requests
    report.attacksA &+= comparison.attacksA
    report.attacksB &+= comparison.attacksB
    for rule in comparison.matchesA.indices {
      report.rules[rule].matchesA &+= comparison.matchesA[rule]
      report.rules[rule].matchesB &+= comparison.matchesB[rule]
    }
    if comparison.differences.isEmpty { return }
    do throws(WireError) { try addDifferences(comparison, parcel.batch, parcel) } catch {
      // Our own batch: that it cannot be read is counted by who aggregates.
    }
  }

  private func addDifferences(
    _ comparison: BatchComparison, _ batch: borrowing EventBatchWriter, _ parcel: Parcel
  ) throws(WireError) {
    let limiter = ReadLimiter()
    let batch = EventBatch(try Message(framed: batch.message, limiter: limiter).rootStruct)
    addDifferences(comparison, try batch.events.http, parcel)
  }

  private func addDifferences(_ comparison: BatchComparison, _ events: borrowing HttpEventList, _ parcel: Parcel) {
    for difference in comparison.differences where difference.event < events.count {
      let event = events[difference.event]
      if difference.rulesA != difference.rulesB { report.changed &+= 1 }
      let isA = difference.a.score >= threshold
      if isA != (difference.b.score >= threshold) {
        add(difference, event, parcel, isA: isA, kind: -1)
      }
      for rule in difference.rulesA where !difference.rulesB.contains(rule) {
        add(difference, event, parcel, isA: true, kind: Int(rule))
      }
      for rule in difference.rulesB where !difference.rulesA.contains(rule) {
        add(difference, event, parcel, isA: false, kind: Int(rule))
      }
    }
  }

  /// - Parameter kind: A rule's number, or -1 for attacks.
  private func add(
    _ difference: BatchComparison.Difference, _ event: borrowing HttpEvent, _ parcel: Parcel, isA: Bool, kind: Int
  ) {
    var entry = kind < 0 ? report.attacks : report.rules[kind].difference
    let count = isA ? entry.examplesA.count : entry.examplesB.count
    if isA { entry.onlyA &+= 1 } else { entry.onlyB &+= 1 }
    if count < mostExamples, let example = example(of: difference, event, parcel) {
      let hash = KeyedHash(key: UInt64(bitPattern: Int64(kind)) &* 2 &+ (isA ? 1 : 0))
      let key = [example.request, example.host, example.userAgent, example.referrer].reduce(0) {
        hash.hash($0, hash.hash($1.span.bytes))
      }
      if shown.insert(key).inserted {
        if isA { entry.examplesA.append(example) } else { entry.examplesB.append(example) }
      }
    }
    if kind < 0 { report.attacks = entry } else { report.rules[kind].difference = entry }
  }

  /// Longest text of an example, bytes: what is kept must not grow with a log's lines.
  private static let longest = 2048

  private func example(
    of difference: BatchComparison.Difference, _ event: borrowing HttpEvent, _ parcel: Parcel
  ) -> RuleDiffReport.Example? {
    func kept(_ text: RawSpan) -> [UInt8] {
      text.extracting(0..<min(text.byteCount, Self.longest)).copied()
    }
    do throws(WireError) {
      let method = try event.methodName
      let line = difference.event < parcel.eventLines.count ? UInt64(parcel.eventLines[difference.event]) : 0
      return RuleDiffReport.Example(
        file: Array(parcel.file.path.utf8), line: parcel.firstLine + line,
        request: method + [0x20] + kept(try event.target), host: kept(try event.host),
        userAgent: kept(try event.userAgent), referrer: kept(try event.referrer),
        a: judgement(difference.a, difference.rulesA, after: loaded.a),
        b: judgement(difference.b, difference.rulesB, after: loaded.b))
    } catch {
      return nil
    }
  }

  private func judgement(
    _ verdict: RequestVerdict, _ rules: [Int32], after loaded: Int
  ) -> RuleDiffReport.Judgement {
    let detectors = BuiltInRule.allCases
    let own = (0..<min(Int(verdict.ruleCount), 8)).map { Int(verdict.rules[$0]) - loaded }
      .filter { detectors.indices.contains($0) }.map { detectors[$0].id }
    return RuleDiffReport.Judgement(score: verdict.score, rules: rules.map { union.entries[Int($0)].id } + own)
  }

  /// The comparison, with the rules that differ.
  func finish() -> RuleDiffReport {
    report.rules = report.rules.filter { $0.difference.total > 0 }.sorted {
      $0.difference.total != $1.difference.total ? $0.difference.total > $1.difference.total : $0.id < $1.id
    }
    return report
  }
}
