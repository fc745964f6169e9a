// One zone in one window: the tables that the aggregator fills, that travel as a Rollup, and that, merged
// over the input partitions, the detectors read. Used over and over: emptying it keeps its memory.

import Bytes
import Sketches

/// What one zone did in one window.
///
/// The aggregator's are of one input partition; `RollupMerger`'s of all. All tables are bounded by `TableLimits`; where
/// one overflowed, its counts carry bounds and what was evicted is counted.
public struct ZoneWindow: ~Copyable, Sendable {
  public enum Scope: UInt8, Sendable {
    /// A host, or the shared zone of unconfirmed hosts.
    case zone = 0
    /// All hosts together: only correlations, whose groups span zones.
    case global
  }

  /// ns; the window is `start ..< start + length`.
  public internal(set) var start: Nanoseconds = 0
  public internal(set) var length: Nanoseconds = 0
  public internal(set) var scope = Scope.zone
  /// Events that came after their window had been written. They are none of the on-time window's.
  public internal(set) var isLate = false
  /// End of the window that it is given out with: its own, or for a late one the window which the watermark of its
  /// partition had reached.
  public internal(set) var due: Nanoseconds = .max
  /// Times of the first and last event.
  public internal(set) var firstTime: Nanoseconds = .max
  public internal(set) var lastTime: Nanoseconds = .min
  /// Events counted, each once whatever its weight: for the ledger.
  public internal(set) var events: UInt64 = 0
  /// Hash of the rule set that made the scores.
  public internal(set) var ruleSet: UInt64 = 0
  public internal(set) var limits: TableLimits
  public let hash: KeyedHash

  var zoneBytes: ByteBuffer
  var clientIndex: HashIndex
  var rows: FlatArray<ClientRow>
  /// Numbers of the rows by address, once the window is complete.
  var order: FlatArray<UInt32>
  var addressOrder = AddressOrder()
  var sets: DistinctPool
  /// What the client table evicted.
  public internal(set) var otherClients = RequestCounts()
  public internal(set) var evictions: UInt64 = 0
  /// Requests of a client that has no row are at most this many.
  public internal(set) var clientFloor: UInt64 = 0
  /// All clients, once rows have been evicted.
  var allClients: HyperLogLog
  var countsAllClients = false
  /// Networks (/24, /48) of the evicted rows.
  public internal(set) var evictedNetworks: SpaceSaving
  public internal(set) var paths: SpaceSaving
  public internal(set) var userAgents: SpaceSaving
  public internal(set) var referrers: SpaceSaving
  public internal(set) var fingerprints: SpaceSaving
  /// Microseconds.
  public internal(set) var latency: QuantileSketch
  var statusRows: FlatArray<StatusRow>
  var samples: BottomK<TupleItem>
  var ruleIndex: HashIndex
  var ruleRows: FlatArray<RuleRow>
  var ruleLinks: FlatArray<RuleLink>
  var signatureIndex: HashIndex
  var signatureRows: FlatArray<SignatureRow>
  var signatureFloor: UInt64 = 0
  var correlationIndex: HashIndex
  var correlationRows: FlatArray<CorrelationRow>
  public internal(set) var droppedCorrelations: UInt64 = 0
  var evidence: FlatArray<EvidenceItem>
  var freeEvidence: Int32 = -1
  var texts: ByteBuffer
  var movedTexts: ByteBuffer
  var sources: FlatArray<SourceRow>
  var scratch: FlatArray<UInt64>
  var totals = RequestCounts()
  /// Merged from all its partials, and in order.
  var isComplete = false

  struct SourceRow: BitwiseCopyable, Sendable {
    var id: UInt64
    var path: TextRange
  }

  public init(limits: TableLimits, hash: KeyedHash) {
    self.limits = limits
    self.hash = hash
    zoneBytes = ByteBuffer(capacity: 16)
    clientIndex = HashIndex()
    rows = FlatArray()
    order = FlatArray()
    sets = DistinctPool()
    allClients = HyperLogLog(precision: 12)
    evictedNetworks = SpaceSaving(capacity: limits.networks, keyLimit: 16)
    paths = SpaceSaving(capacity: limits.paths, keyLimit: limits.key)
    userAgents = SpaceSaving(capacity: limits.userAgents, keyLimit: limits.key)
    referrers = SpaceSaving(capacity: limits.referrers, keyLimit: limits.key)
    fingerprints = SpaceSaving(capacity: limits.fingerprints, keyLimit: limits.key)
    latency = QuantileSketch()
    statusRows = FlatArray()
    samples = BottomK(capacity: limits.samples)
    ruleIndex = HashIndex()
    ruleRows = FlatArray()
    ruleLinks = FlatArray()
    signatureIndex = HashIndex()
    signatureRows = FlatArray()
    correlationIndex = HashIndex()
    correlationRows = FlatArray()
    evidence = FlatArray()
    texts = ByteBuffer(capacity: 16)
    movedTexts = ByteBuffer(capacity: 16)
    sources = FlatArray()
    scratch = FlatArray()
  }

  /// Sets how large the tables may become; none of them shrinks before it is added to.
  mutating func setLimits(_ limits: TableLimits) {
    if limits == self.limits { return }
    self.limits = limits
    evictedNetworks.setCapacity(limits.networks)
    paths.setCapacity(limits.paths)
    userAgents.setCapacity(limits.userAgents)
    referrers.setCapacity(limits.referrers)
    fingerprints.setCapacity(limits.fingerprints)
  }

  /// Forgets in the client rows what a record doesn't say, which names texts by their place: hashes of texts that were
  /// evicted, and a path that has no vote more than the others.
  mutating func forgetUntold() {
    let hasAllTexts = paths.isExact && userAgents.isExact
    for i in 0..<rows.count {
      let row = rows.unsafeAddress(of: i)
      if row.pointee.topPathCount == 0 { row.pointee.topPath = 0 }
      if hasAllTexts { continue }
      if userAgents.find(row.pointee.userAgent) < 0 { row.pointee.userAgent = 0 }
      if paths.find(row.pointee.topPath) < 0 { row.pointee.topPath = 0 }
      if row.pointee.loginPath != 0, paths.find(row.pointee.loginPath) < 0 { row.pointee.loginPath = 0 }
    }
  }

  /// Empties the window and gives it its place. Takes time in proportion to what was in it; keeps the memory.
  public mutating func begin(
    zone: RawSpan, start: Nanoseconds, length: Nanoseconds, scope: Scope = .zone, isLate: Bool = false
  ) {
    (self.start, self.length, self.scope, self.isLate) = (start, length, scope, isLate)
    zoneBytes.removeAll()
    zoneBytes.append(zone)
    firstTime = .max
    lastTime = .min
    ruleSet = 0
    events = 0
    clientIndex.removeAll()
    rows.removeAll()
    order.removeAll()
    sets.removeAll()
    otherClients = RequestCounts()
    totals = RequestCounts()
    evictions = 0
    clientFloor = 0
    if countsAllClients { allClients.removeAll() }
    countsAllClients = false
    evictedNetworks.removeAll()
    paths.removeAll()
    userAgents.removeAll()
    referrers.removeAll()
    fingerprints.removeAll()
    latency.removeAll()
    statusRows.removeAll()
    samples.removeAll()
    ruleIndex.removeAll()
    ruleRows.removeAll()
    ruleLinks.removeAll()
    signatureIndex.removeAll()
    signatureRows.removeAll()
    signatureFloor = 0
    correlationIndex.removeAll()
    correlationRows.removeAll()
    droppedCorrelations = 0
    evidence.removeAll()
    freeEvidence = -1
    texts.removeAll()
    sources.removeAll()
    isComplete = false
  }

  /// Bytes of memory held, nearly.
  public var footprint: Int {
    MemoryLayout<Self>.size + clientIndex.footprint + rows.capacity * MemoryLayout<ClientRow>.stride + order.capacity
      * 4 + sets.footprint
      + evictedNetworks.footprint + paths.footprint + userAgents.footprint + referrers.footprint
      + fingerprints.footprint + latency.footprint + samples.footprint + ruleIndex.footprint
      + ruleRows.capacity * MemoryLayout<RuleRow>.stride + ruleLinks.capacity * MemoryLayout<RuleLink>.stride
      + signatureIndex.footprint + signatureRows.capacity * MemoryLayout<SignatureRow>.stride
      + correlationIndex.footprint + correlationRows.capacity * MemoryLayout<CorrelationRow>.stride
      + evidence.capacity * MemoryLayout<EvidenceItem>.stride + texts.count + movedTexts.count
  }
}
