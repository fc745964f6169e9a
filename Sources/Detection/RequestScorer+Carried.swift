// Verdicts that travel with their events, because what they were made from must not leave its host.

import CapnProto
import Events
import Rollups

extension RequestScorer {
  /// Appends what matched event number `index` of the batch that was classified last: what `carried` makes a verdict of
  /// again, in the verdict's order, then the rules that are only counted by correlations.
  ///
  /// - Parameter verdict: That of the event.
  public mutating func appendMatches(
    _ index: Int, _ event: borrowing HttpEvent, _ verdict: RequestVerdict, to list: inout [CarriedMatch]
  ) throws(WireError) {
    let count = Int(min(verdict.ruleCount, 8))
    for position in 0..<count {
      let rule = Int(verdict.rules[position])
      guard rule < ruleHashes.count else { continue }
      list.append(CarriedMatch(rule: ruleHashes[rule], score: verdict.score))
    }
    guard isScanned else { return }
    let view = try FieldView(event)
    for rule in matcher.allMatches(index, view) {
      var isThere = false
      for position in 0..<count where verdict.rules[position] == rule { isThere = true }
      guard !isThere, list.count < Self.mostCarried else { continue }
      list.append(CarriedMatch(rule: ruleHashes[Int(rule)], score: 0))
    }
  }

  /// Matches that travel with an event at most.
  private static var mostCarried: Int { 32 }

  /// The verdict of who saw the event before it was redacted. A rule that is not loaded here is left out.
  func carried(by event: borrowing HttpEvent) throws(WireError) -> RequestVerdict {
    var verdict = RequestVerdict()
    guard event.hasExtra else { return verdict }
    let matches = try event.extra.matches
    for i in 0..<min(matches.count, Self.mostCarried) {
      let match = matches[i]
      guard match.score > 0, let index = indices[match.rule], verdict.ruleCount < 8 else { continue }
      verdict.score = max(verdict.score, min(match.score, 100))
      verdict.rules[Int(verdict.ruleCount)] = UInt16(truncatingIfNeeded: index)
      verdict.ruleCount &+= 1
      verdict.classes.formUnion(
        index < builtInBase ? rules[index].classes : builtInClasses[index &- builtInBase])
    }
    return verdict
  }

  /// The loaded rules that matched it then, by index.
  func carriedRules(of event: borrowing HttpEvent) throws(WireError) -> [Int] {
    guard event.hasExtra else { return [] }
    let matches = try event.extra.matches
    var rules: [Int] = []
    for i in 0..<min(matches.count, Self.mostCarried) {
      if let index = indices[matches[i].rule], index < builtInBase { rules.append(index) }
    }
    return rules
  }
}
