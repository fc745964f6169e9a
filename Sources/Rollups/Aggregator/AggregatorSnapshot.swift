// What the aggregator of one input partition keeps where a restart finds it: all that reading the open windows' records
// again would not tell.

import Bytes
import CapnProto
import Sketches

/// The state of a partition's aggregator after the record before `position`, at a point where no late event waits to be
/// written. A plain value; as bytes, the schema's `PartitionState`.
public struct AggregatorSnapshot: Sendable, Equatable {
  public struct Source: Sendable, Equatable {
    public var id: UInt64
    public var lowWatermark: Nanoseconds
    public var isLive: Bool
  }

  public static var schemaVersion: UInt16 { 1 }

  public var inputPartition: UInt16 = 0
  public var isClosed = false
  public var windowLength: Nanoseconds = 0
  public var hashSeed: UInt64 = 0
  public var ruleSet: UInt64 = 0
  /// Offset of the first record that is not counted in here.
  public var position: Int64 = 0
  /// Offset from which records are to be read again. At most `position`.
  public var resume: Int64 = 0
  public var closedUpTo: Nanoseconds = .min
  public var watermark: Nanoseconds = .min
  public var front: Nanoseconds = .min
  /// By id.
  public var sources: [Source] = []
  /// Names of zones confirmed so far.
  public var zones = 0
  public var ledger = ConservationLedger()

  public init() {}

  /// Reads a PartitionState record.
  public init(_ record: RawSpan, limiter: borrowing ReadLimiter) throws(RollupError) {
    var version: UInt16 = 0
    do throws(WireError) {
      version = try read(PartitionState(Message(framed: record, limiter: limiter).rootStruct))
    } catch { throw .wire(error) }
    guard version == Self.schemaVersion else { throw .unsupportedVersion(version) }
    guard position >= 0, resume >= 0, resume <= position else {
      throw .invalid("a state that resumes at \(resume) for position \(position)")
    }
  }

  private mutating func read(_ state: borrowing PartitionState) throws(WireError) -> UInt16 {
    guard state.schemaVersion == Self.schemaVersion else { return state.schemaVersion }
    inputPartition = state.inputPartition
    isClosed = state.closed
    windowLength = state.windowLength
    hashSeed = state.hashSeed
    ruleSet = state.ruleSet
    position = state.position
    resume = state.resume
    closedUpTo = state.closedUpTo
    watermark = state.watermark
    front = state.front
    zones = Int(state.zones)
    let list = try state.sources
    for i in 0..<list.count {
      sources.append(Source(id: list[i].id, lowWatermark: list[i].lowWatermark, isLive: list[i].live))
    }
    ledger = try ConservationLedger(state.ledger)
    return state.schemaVersion
  }

  /// Writes it into `builder`, over what was there.
  public func write(to builder: inout MessageBuilder) {
    let state = builder.start(PartitionStateBuilder.self)
    state.schemaVersion = Self.schemaVersion
    state.inputPartition = inputPartition
    state.closed = isClosed
    state.windowLength = windowLength
    state.hashSeed = hashSeed
    state.ruleSet = ruleSet
    state.position = position
    state.resume = resume
    state.closedUpTo = closedUpTo
    state.watermark = watermark
    state.front = front
    state.zones = UInt32(clamping: zones)
    let list = state.initSources(count: sources.count)
    for (i, source) in sources.enumerated() {
      let entry = list[i]
      entry.id = source.id
      entry.lowWatermark = source.lowWatermark
      entry.live = source.isLive
    }
    ledger.write(to: state.initLedger())
  }
}

extension ConservationLedger {
  init(_ ledger: borrowing AggregatorLedger) throws(WireError) {
    self.init()
    (batches, lines, parsed, unparsed) = (ledger.batches, ledger.lines, ledger.parsed, ledger.unparsed)
    (ahead, sampledOut, late, events) = (ledger.ahead, ledger.sampledOut, ledger.late, ledger.events)
    (damaged, onTime, afterClose) = (ledger.damaged, ledger.onTime, ledger.afterClose)
    (inWindows, windows, latePartials) = (ledger.inWindows, ledger.windows, ledger.latePartials)
    poisoned = ledger.poisoned
    allowed = ledger.allowed
    let list = try ledger.reasons
    for i in 0..<min(list.count, reasons.count) { reasons[i] = list[i] }
  }

  func write(to ledger: AggregatorLedgerBuilder) {
    ledger.batches = batches
    ledger.lines = lines
    ledger.parsed = parsed
    ledger.unparsed = unparsed
    ledger.ahead = ahead
    ledger.sampledOut = sampledOut
    ledger.late = late
    ledger.events = events
    ledger.damaged = damaged
    ledger.onTime = onTime
    ledger.afterClose = afterClose
    ledger.inWindows = inWindows
    ledger.windows = windows
    ledger.latePartials = latePartials
    ledger.poisoned = poisoned
    ledger.allowed = allowed
    let list = ledger.initReasons(count: reasons.count)
    for i in reasons.indices { list[i] = reasons[i] }
  }
}
