// The line as the options ask for it: rules, detectors, lists.

import Bytes
import Configuration
import Detection
import LogFiles
import LogFormats
import Pipelines
import Rollups

extension Line {
  convenience init(_ options: ReplayOptions, formats: [LogFormat], publisher: Publisher? = nil) throws {
    let settings = options.line
    let seed = settings.aggregator.hashSeed
    let rules = try options.pipeline.ruleSet(directories: options.ruleDirectories)
    let allow = options.pipeline.allowList
    let scorer = RequestScorer(rules: rules, allow: allow, hashKey: seed)
    let analysis = Analysis(
      partitions: settings.partitions, windowLength: settings.windowLength, limits: settings.aggregator.limits,
      hashSeed: seed, behaviour: try options.behaviour(), campaigns: CampaignSettings(options.pipeline.settings),
      rules: rules, known: try options.pipeline.knownAddresses(options.lists),
      sources: options.sources == nil ? nil : SourceLedger())
    self.init(
      settings: settings, formats: formats, options: options.parse, analysis: analysis, publisher: publisher,
      comparison: try options.comparison(with: rules)
    ) {
      RequestScorer(rules: rules, allow: allow, hashKey: seed)
    }
    ruleCount = scorer.ruleNames.count
    costlyRules = publisher == nil && !options.isQuiet ? rules.costlyRules() : []
    if let path = options.deadLetters { deadLetters = try DeadLetters(path: path) }
    if let path = options.verdicts {
      verdicts = try VerdictList(path: path, threshold: settings.threshold, ruleNames: scorer.ruleNames)
    }
  }
}

extension ReplayOptions {
  /// What `--diff-rules` asks for; nil where it is not there.
  func comparison(with rules: RuleSet) throws(SetupError) -> RuleComparison? {
    guard !otherRules.isEmpty else { return nil }
    let base = pipeline.settings.flag("rules.built_in") ? ["the shipped rules"] : []
    let own = pipeline.settings.texts("rules.directories")
    return RuleComparison(
      rules, try pipeline.ruleSet(directories: otherRules),
      sources: (base + own + ruleDirectories, base + own + otherRules), allow: pipeline.allowList,
      threshold: line.threshold, examples: examples, hashKey: line.aggregator.hashSeed)
  }

  /// What the zone stage is told; `--threshold` goes before the pipeline's.
  func behaviour() throws(SetupError) -> BehaviourSettings {
    var behaviour = try pipeline.behaviour(crawlers: crawlers, lists: lists)
    behaviour.loneMatchScore = line.threshold
    return behaviour
  }
}
