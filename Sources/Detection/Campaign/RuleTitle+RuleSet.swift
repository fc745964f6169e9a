// What attacks call the rules of a rule set and the detectors of the program.

extension RuleTitle {
  /// All rules, correlations and built-in detectors, by the hash of their ids.
  public static func all(of set: RuleSet?) -> [UInt64: RuleTitle] {
    var titles: [UInt64: RuleTitle] = [:]
    for rule in BuiltInRule.allCases {
      titles[RuleInfo.hash(ofId: rule.id)] = RuleTitle(id: rule.id, title: rule.title, classes: rule.classes)
    }
    for rule in set?.rules ?? [] { titles[rule.hash] = RuleTitle(rule) }
    for correlation in set?.correlations ?? [] { titles[correlation.info.hash] = RuleTitle(correlation.info) }
    return titles
  }

  init(_ info: RuleInfo) {
    let severity: Severity =
      switch info.level {
      case .informational, .low: .low
      case .medium: .medium
      case .high: .high
      case .critical: .critical
      }
    self.init(id: info.id, title: info.title, severity: severity, classes: info.classes)
  }
}
