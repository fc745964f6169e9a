// The zone stage: windows of zones in, candidates out.

import Bytes
import Rollups

/// Judges every zone's windows. Pure: the same windows in the same order give the same candidates.
///
/// Windows of one zone must come in order of time; zones may interleave. Memory is bounded by the settings: each zone's
/// registry, the number of zones, of which the longest unseen is forgotten first, and the clients of all zones together.
public struct ZoneStage: Sendable {
  public let settings: BehaviourSettings
  var zones: [[UInt8]: ZoneState] = [:]
  let hash: KeyedHash
  /// The zones by when they were last seen.
  var queue = ZoneQueue()
  /// Clients and networks remembered in all zones.
  var held = 0
  /// Zones that have the larger sample of what is normal.
  var wideSamples = 0
  /// Zones judged or forgotten since the last snapshot; nil where nobody takes any.
  var unsaved: Set<[UInt8]>?
  /// Parts of zones that were forgotten since then.
  var gone: [StatePart] = []
  /// The last window's, for its memory.
  var activity = WindowActivity(start: 0, length: 0, zone: [])

  public init(settings: BehaviourSettings = BehaviourSettings(), seed: UInt64 = 0x6d69_6c6c_7261_6365) {
    self.settings = settings
    hash = KeyedHash(key: seed)
  }

  /// Takes in one window of one zone and appends what it finds to `candidates`, in their defined order. `text` gives the
  /// bytes behind the window's hashes.
  public mutating func consume(_ window: WindowActivity, text: TextLookup, into candidates: inout [Candidate]) {
    if zones[window.zone] == nil, zones.count >= settings.zones { forgetOldest() }
    let firstFound = candidates.count
    // Taken out and put back, so that the state is changed in place rather than copied.
    var state = zones.removeValue(forKey: window.zone) ?? ZoneState(zone: window.zone, settings: settings, hash: hash)
    unsaved?.insert(window.zone)
    let (isNew, before) = (state.lastSeen == .min, state.held)
    state.absorb(window, settings: settings, text: text, into: &candidates)
    held += state.held - before
    if held > settings.clientsInAll {
      // The others keep theirs: only who has more than a share gives way, and no more of it than must be.
      let share = settings.clientsInAll / (zones.count + 1)
      held -= state.trim(by: held - settings.clientsInAll, keeping: share)
    }
    if isNew { queue.insert(window.zone, seen: state.lastSeen) }
    zones[window.zone] = state
    for finding in window.correlations {
      candidates.append(candidate(of: finding, zone: window.zone, from: window.start, to: window.end))
    }
    candidates.putInOrder(from: firstFound)
  }

  /// Zones and clients remembered: for metrics and tests.
  public var memory: (zones: Int, clients: Int) { (zones.count, zones.values.reduce(0) { $0 + $1.clients.count }) }

  func candidate(
    of finding: CorrelationFinding, zone: [UInt8], from start: Nanoseconds, to end: Nanoseconds
  ) -> Candidate {
    var candidate = Candidate(
      zone: zone, kind: .correlation, windowStart: start, windowEnd: end,
      address: finding.client ?? .unknown, first: finding.firstTime, last: finding.lastTime, requests: finding.count,
      confidence: 0.8)
    candidate.loud = true
    candidate.correlation = finding.correlation
    candidate.rule = finding.correlation
    candidate.rules = [RuleTally(rule: finding.correlation, count: finding.count)]
    candidate.evidence = finding.evidence
    candidate.facts.requests = finding.isDistinct ? finding.count : max(finding.reached, finding.count)
    if finding.isDistinct { candidate.facts.users = finding.reached }
    return candidate
  }

  private mutating func forgetOldest() {
    let oldest = queue.removeFirst { zones[$0]?.lastSeen }
    if let oldest { forget(oldest) }
  }
}
