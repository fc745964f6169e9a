// What the analyzer takes from its pipeline: what stages have to know, read again on SIGHUP.

import Bytes
import Configuration
import Detection
import Pipelines
import Reputation
import Rollups

struct AnalyzerSetup: Sendable {
  var zones: ZoneSetup
  var campaigns: CampaignSettings
  var titles: [UInt64: RuleTitle]
  /// For what a reload changes: rules by id, with what they are.
  var rules: [String: String]

  var lists: [Pipeline.LoadedList]
  /// What sources of attacks are held against.
  var known: KnownAddresses

  /// - Parameter before: What holds now, where there is anything.
  init(_ pipeline: Pipeline, before: AnalyzerSetup? = nil) throws {
    let rules = try pipeline.ruleSet()
    lists = try pipeline.addressLists(before: before?.lists ?? [])
    known = try pipeline.knownAddresses(lists)
    zones = ZoneSetup(
      inputs: pipeline.settings.topic(.events).partitions, limits: pipeline.aggregator.limits,
      hashSeed: pipeline.hashSeed, behaviour: try pipeline.behaviour(lists: lists), correlations: rules.correlations,
      ruleSet: rules.hash)
    campaigns = CampaignSettings(pipeline.settings)
    titles = RuleTitle.all(of: rules)
    self.rules = [:]
    for correlation in rules.correlations { self.rules[correlation.info.id] = "\(correlation)" }
    for rule in rules.rules { self.rules[rule.id] = "\(rule)" }
  }
}
