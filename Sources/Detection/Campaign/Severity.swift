// How bad a campaign is, and what it chiefly is.

import Rollups

extension AttackClasses {
  /// The gravest class of a set, or none: what a campaign of mixed requests is named after.
  static func chief(_ classes: AttackClasses) -> AttackClasses {
    for candidate in gravest where classes.contains(candidate) { return candidate }
    return []
  }

  /// The class that tells what a client is after, where its requests are of several: payloads for one database hold
  /// commands and files as well.
  static func family(_ classes: AttackClasses) -> AttackClasses {
    for candidate in [sqlInjection, noSQLInjection, expressionInjection, templateInjection, crossSiteScripting]
      as [AttackClasses] where classes.contains(candidate)
    {
      return candidate
    }
    if !classes.isDisjoint(with: [.pathTraversal, .fileInclusion, .secretExposure]) { return .fileInclusion }
    return chief(classes)
  }

  /// What says with what something was sent rather than what for: a tool's name is in each of its requests.
  static let ofTools: AttackClasses = [.scanner, .badClient, .protocolAbuse, .other]

  static let gravest: [AttackClasses] = [
    .commandInjection, .webShell, .deserialization, .expressionInjection, .templateInjection, .fileUpload,
    .sqlInjection,
    .noSQLInjection, .xmlExternalEntity, .ldapInjection, .fileInclusion, .pathTraversal, .serverSideRequestForgery,
    .crossSiteScripting, .secretExposure, .headerInjection, .openRedirect, .vulnerabilityProbe, .scanner, .badClient,
    .protocolAbuse, .other,
  ]

  /// Classes that run the attacker's code where they succeed.
  static let executing: AttackClasses = [
    .commandInjection, .webShell, .deserialization, .expressionInjection, .templateInjection, .fileUpload,
  ]
}

extension Candidate {
  /// The family of its classes, unless another has more than twice the matches of its rules, where those are known: a tool
  /// whose requests match something else here and there is still after what most of them are of.
  func family(_ titles: [UInt64: RuleTitle]) -> AttackClasses {
    let usual = AttackClasses.family(classes)
    var matches: [AttackClasses: UInt64] = [:]
    for tally in rules {
      let told = titles[tally.rule]?.classes.intersection(classes).subtracting(.ofTools) ?? []
      guard !told.isEmpty else { continue }
      let family = AttackClasses.family(told)
      matches[family] = saturating(matches[family] ?? 0, tally.count)
    }
    let most = matches.values.max() ?? 0
    guard most > saturating(matches[usual] ?? 0, matches[usual] ?? 0) else { return usual }
    // Of equals the one that would be the usual one.
    return AttackClasses.family(matches.reduce(into: []) { if $1.value == most { $0.formUnion($1.key) } })
  }
}

extension Campaign {
  /// The class of most matches of its rules, where those are known, else of most of its requests; the gravest of equals.
  func chiefClass(_ titles: [UInt64: RuleTitle]) -> AttackClasses {
    var matches: [UInt32: UInt64] = [:]
    for (rule, count) in rules {
      guard let classes = titles[rule]?.classes else { continue }
      for one in AttackClasses.gravest where classes.contains(one) && classRequests[one.rawValue] != nil {
        matches[one.rawValue] = saturating(matches[one.rawValue] ?? 0, count)
      }
    }
    let counted = matches.isEmpty ? classRequests : matches
    guard let most = counted.values.max(), most > 0 else { return [] }
    return AttackClasses.gravest.first { counted[$0.rawValue] == most } ?? []
  }

  /// The kind, seen from all that has come in so far: guesses from many addresses are stuffing, a flood from many is
  /// distributed.
  var kindNow: AttackKind {
    switch kind {
    case .bruteForce where sourceCount >= 15 && requests <= 20 * sourceCount: .credentialStuffing
    case .flood where sourceCount >= 10: .distributedFlood
    default: kind
    }
  }

  /// Requests that put a program there, and requests that ran one, by the same few.
  var usesWhatItUploaded: Bool {
    succeeded && !isNoise && sourceCount <= 5 && classRequests[AttackClasses.fileUpload.rawValue] != nil
      && classRequests[AttackClasses.webShell.rawValue] != nil
  }

  /// Requests of few for programs that only who put them there would know, answered again and again.
  private var usesAShell: Bool {
    succeeded && !isNoise && sourceCount <= 5 && requests >= 3
      && classRequests[AttackClasses.webShell.rawValue] ?? 0 >= 3
  }

  var severity: Severity {
    if group == .payloads, usesWhatItUploaded { return .critical }
    switch kind {
    case .injection:
      let executes = classRequests.keys.contains { AttackClasses.executing.rawValue & $0 != 0 }
      // Some requests went through where others did not: an answer that differs.
      if succeeded, refused, executes, !isNoise, requests >= 3, confidence >= 0.9 { return .critical }
      if usesAShell { return .high }
      if isNoise || requests < 3 { return executes && succeeded ? .medium : .low }
      return requests >= 10 ? .high : .medium
    case .scanning:
      if succeeded, requests >= 3, !isNoise, classRequests[AttackClasses.webShell.rawValue] != nil { return .high }
      if isNoise { return .low }
      return succeeded || requests >= 1_000 ? .medium : requests >= 50 ? .medium : .low
    case .bruteForce, .credentialStuffing:
      if succeeded { return sourceCount >= 15 || requests >= 1_000 ? .critical : .high }
      return requests >= 1_000 || sourceCount >= 15 ? .high : requests >= 20 ? .medium : .low
    case .flood, .distributedFlood:
      // What is much for one network may be little for the zone.
      return peakRate >= 20 * max(facts.baselineRate, 1) && facts.basis != .network ? .critical : .high
    case .errorStorm, .slowRequests, .cacheBusting: return .high
    case .scraping: return requests >= 10_000 ? .medium : .low
    case .formSpam: return requests >= 1_000 ? .medium : .low
    case .correlation: return .medium
    }
  }
}
