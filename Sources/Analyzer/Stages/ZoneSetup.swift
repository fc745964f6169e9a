// What the zone stage of one partition of `rollups` has to know.

import Bytes
import Detection
import Rollups

public struct ZoneSetup: Sendable {
  /// Partitions of `events`.
  public var inputs: Int
  /// As the aggregators have them.
  public var limits: TableLimits
  public var hashSeed: UInt64
  public var behaviour: BehaviourSettings
  public var correlations: [Correlation]
  /// Hash of the rule set, for the records.
  public var ruleSet: UInt64

  public init(
    inputs: Int, limits: TableLimits, hashSeed: UInt64, behaviour: BehaviourSettings,
    correlations: [Correlation] = [], ruleSet: UInt64 = 0
  ) {
    (self.inputs, self.limits, self.hashSeed) = (max(1, inputs), limits, hashSeed)
    (self.behaviour, self.correlations, self.ruleSet) = (behaviour, correlations, ruleSet)
  }
}
