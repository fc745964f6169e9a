// The stages after aggregation, one window after another: zones, campaigns, the summary of the traffic.

import Bytes
import Detection
import Events
import Reports
import Reputation
import Rollups

/// One thread at a time. What comes out depends on the windows and their order by partition alone.
final class Analysis {
  private var buffer: WindowBuffer
  private var correlations: CorrelationStage
  private var zones: ZoneStage
  private var campaigns: CampaignStage
  private let known: KnownAddresses
  let behaviour: BehaviourSettings
  private(set) var sources: SourceLedger?
  private(set) var summary: TrafficSummary
  private var sequence = CandidateSequence(partitions: 1)
  private(set) var damaged: [RollupError] = []
  private var taken: [ClosedWindow] = []
  /// Told as they start, go on and end.
  var told: (([Attack]) -> Void)?

  init(
    partitions: Int, windowLength: Nanoseconds, limits: TableLimits, hashSeed: UInt64, behaviour: BehaviourSettings,
    campaigns: CampaignSettings, rules: RuleSet?, known: KnownAddresses = KnownAddresses(),
    sources: SourceLedger?
  ) {
    buffer = WindowBuffer(partitions: partitions, limits: limits, hashSeed: hashSeed)
    summary = TrafficSummary(hashSeed: hashSeed, windowLength: windowLength)
    zones = ZoneStage(settings: behaviour, seed: hashSeed)
    correlations = CorrelationStage(rules?.correlations ?? [])
    self.campaigns = CampaignStage(settings: campaigns, rules: RuleTitle.all(of: rules))
    self.campaigns.registry = known.registry
    self.sources = sources
    self.known = known
    self.behaviour = behaviour
  }

  /// Takes what the partitions have closed and judges the windows that end by `watermark`, which all have passed.
  func advance(_ partitions: [PartitionLane], to watermark: Nanoseconds) {
    for (number, partition) in partitions.enumerated() {
      partition.windows.take(into: &taken)
      for window in taken {
        do throws(RollupError) { try buffer.add(window) } catch { damaged.append(error) }
      }
      taken.removeAll(keepingCapacity: true)
      buffer.advance(partition: number, to: watermark)
    }
    buffer.drain { window in judge(window) }
    sequence.advance(partition: 0, to: buffer.watermark)
    sequence.drain { join($0, $1) }
  }

  private func judge(_ window: borrowing ZoneWindow) {
    summary.add(window)
    var candidates: [Candidate] = []
    zones.consume(window, correlations: correlations.consume(window), into: &candidates)
    sequence.add(candidates, end: window.due, isLate: window.isLate, partition: 0)
  }

  private func join(_ candidates: [Candidate], _ watermark: Nanoseconds) {
    campaigns.isHeard = told != nil
    let attacks: [Attack]
    if sources != nil {
      attacks = campaigns.consume(candidates, watermark: watermark, sources: &sources!)
    } else {
      var none = NoSourceSink()
      attacks = campaigns.consume(candidates, watermark: watermark, sources: &none)
    }
    if !attacks.isEmpty, let told { told(known.described(attacks)) }
  }

  var traffic: TrafficReport { TrafficReport(summary) }

  func writeSources(to output: OutputFile) throws(OutputError) { try sources?.write(to: output) }

  /// Ends everything: all attacks.
  func finish() -> [Attack] {
    sequence.finish { join($0, $1) }
    if sources != nil { return known.described(campaigns.finish(sources: &sources!)) }
    var none = NoSourceSink()
    return known.described(campaigns.finish(sources: &none))
  }
}
