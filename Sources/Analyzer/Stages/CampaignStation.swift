// The campaign stage: the records of `candidates` in, those of `attacks` out, snapshots. Everything but Kafka.

import Bytes
import Detection
import Reputation

/// Joins the candidates of all partitions of `rollups`, in the steps in which replay does.
///
/// Restoring is as in `ZoneStation`.
public struct CampaignStation: ~Copyable {
  private var sequence: CandidateSequence
  private var stage: CampaignStage
  private var encoder = AttackEncoder()
  private let decoder = CandidatesDecoder()
  private let settings: CampaignSettings
  private let rules: [UInt64: RuleTitle]
  private let partitions: Int
  /// What the sources of attacks are held against as they are told. No part of the state.
  public var known = KnownAddresses() {
    didSet { stage.registry = known.registry }
  }

  /// Offset of the next record to take.
  public private(set) var position: Int64 = 0
  private var written: Int64
  /// Where a restored stage has to be read from.
  public private(set) var start: Int64 = 0
  /// All input has ended, and all attacks with it.
  public private(set) var isClosed = false
  public private(set) var steps: UInt64 = 0
  public private(set) var told: (started: UInt64, ongoing: UInt64, ended: UInt64) = (0, 0, 0)
  public private(set) var poisoned: UInt64 = 0

  static var stateVersion: UInt64 { 1 }

  /// - Parameter partitions: Of `rollups`.
  public init(partitions: Int, settings: CampaignSettings, rules: [UInt64: RuleTitle], written: Int64 = 0) {
    (self.partitions, self.settings, self.rules, self.written) = (partitions, settings, rules, written)
    sequence = CandidateSequence(partitions: partitions)
    stage = CampaignStage(settings: settings, rules: rules)
    stage.trackChanges()
  }

  public var memory: (campaigns: Int, members: Int) { stage.memory }
  /// End of the last step.
  public var watermark: Nanoseconds { sequence.taken }
  public var waiting: Int { sequence.waiting }

  // MARK: Records

  public mutating func consume(_ record: RawSpan, at offset: Int64, output: some StageOutput) {
    let isAgain = offset < position
    if !isAgain { position = offset &+ 1 }
    do throws(RecordError) {
      let said = try decoder.read(record)
      guard Int(said.partition) < partitions else {
        throw .invalid("partition \(said.partition) of \(partitions)")
      }
      switch said.said {
      case .candidates(let candidates, let isLate):
        // What the steps up to here took is in the state.
        guard !isAgain || said.end > sequence.taken else { return }
        sequence.add(candidates, end: said.end, isLate: isLate, partition: Int(said.partition), offset: offset)
      case .progress:
        if isAgain { return }
        sequence.advance(partition: Int(said.partition), to: said.end)
        take(writes: offset >= written, output)
      }
    } catch {
      // It was read before: what was wrong with it has been said.
      if isAgain { return }
      poisoned &+= 1
      if offset >= written { output.deadLetter(record, reason: "\(error)", offset: offset) }
    }
  }

  private mutating func take(writes: Bool, _ output: some StageOutput) {
    guard !isClosed else { return }
    var steps: [(candidates: [Candidate], watermark: Nanoseconds)] = []
    sequence.drain { steps.append(($0, $1)) }
    let isEnd = sequence.isClosed
    if isEnd { sequence.finish { steps.append(($0, $1)) } }
    var sink = NoSourceSink()
    for step in steps {
      tell(
        stage.consume(step.candidates, watermark: step.watermark, sources: &sink), step.watermark, writes: writes,
        output)
    }
    self.steps &+= UInt64(steps.count)
    guard isEnd else { return }
    tell(stage.close(sources: &sink), sequence.taken, writes: writes, output)
    if writes { encoder.writeClosed(watermark: sequence.taken) { output.attack(AttackEncoder.closedKey, $0) } }
    isClosed = true
  }

  private mutating func tell(
    _ attacks: [Attack], _ watermark: Nanoseconds, writes: Bool, _ output: some StageOutput
  ) {
    for attack in writes ? known.described(attacks) : attacks {
      switch attack.state {
      case .started: told.started &+= 1
      case .ongoing: told.ongoing &+= 1
      case .ended: told.ended &+= 1
      }
      if writes { encoder.write(attack, watermark: watermark) { output.attack(attack.id, $0) } }
    }
  }

  // MARK: State

  public var resume: Int64 { min(sequence.firstOffset ?? position, position) }

  /// The parts of the state that changed since the last snapshot, last of all the one that names the rest.
  public mutating func takeChanges() -> [StatePart] {
    var parts = stage.takeChanges()
    var writer = StateWriter()
    writer.number(Self.stateVersion)
    writer.signed(position)
    writer.signed(resume)
    writer.flag(isClosed)
    writer.number(steps)
    writer.number(told.started)
    writer.number(told.ongoing)
    writer.number(told.ended)
    writer.number(poisoned)
    writer.signed(sequence.taken)
    writer.count(partitions)
    for partition in 0..<partitions { writer.signed(sequence.watermark(of: partition)) }
    parts.append(StatePart(name: "manifest", bytes: writer.take()))
    return parts
  }

  /// Whether a saved stage had closed, by its part "manifest".
  public static func isClosed(manifest: [UInt8]) throws(StateError) -> Bool {
    var reader = StateReader(manifest)
    let version = try reader.number()
    guard version == stateVersion else { throw .version(found: version, known: stateVersion) }
    _ = try reader.signed()
    _ = try reader.signed()
    return try reader.flag()
  }

  public init(
    partitions: Int, settings: CampaignSettings, rules: [UInt64: RuleTitle], written: Int64,
    restoring saved: SavedState
  ) throws(StateError) {
    self.init(partitions: partitions, settings: settings, rules: rules)
    var manifest = try saved.reader(of: "manifest")
    let version = try manifest.number()
    guard version == Self.stateVersion else { throw .version(found: version, known: Self.stateVersion) }
    let position = try manifest.signed()
    let resume = try manifest.signed()
    guard position >= 0, resume >= 0, resume <= position else {
      throw .invalid("a position of \(position) and \(resume)", at: manifest.position)
    }
    self.written = max(written, position)
    isClosed = try manifest.flag()
    steps = try manifest.number()
    told = (try manifest.number(), try manifest.number(), try manifest.number())
    poisoned = try manifest.number()
    let taken = try manifest.signed()
    let count = try manifest.count(ofAtLeast: 8)
    guard count == partitions else {
      throw .invalid("\(count) partitions of rollups where there are \(partitions)", at: manifest.position)
    }
    sequence = CandidateSequence(partitions: partitions, taken: taken)
    for partition in 0..<count { sequence.advance(partition: partition, to: try manifest.signed()) }
    try manifest.finish()
    stage = try CampaignStage(settings: settings, rules: rules, restoring: saved)
    self.position = position
    start = resume
  }
}
