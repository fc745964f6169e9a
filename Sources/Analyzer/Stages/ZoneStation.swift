// The zone stage of one partition of `rollups`: records in, records out, snapshots. Everything but Kafka.

import Bytes
import CapnProto
import Detection
import Rollups

/// Merges and judges the windows of one partition's zones.
///
/// What it writes depends on its records and their order alone. One that is restored reads again from `resume`: records
/// before `position` only fill the windows that were open, and of those up to `written` nothing is written again, because
/// that was committed. Input partitions that the saved stage did not know of are waited for past `written` only: what was
/// judged without them is judged so again.
public struct ZoneStation: ~Copyable {
  public let partition: Int
  private let setup: ZoneSetup
  private var buffer: WindowBuffer
  private var correlations: CorrelationStage
  private var zones: ZoneStage
  private var marks: InputMarks
  private var encoder = CandidatesEncoder()
  private let limiter = ReadLimiter()
  /// Where records that came after their window had been given out went instead, by offset.
  private var moved: [Int64: Nanoseconds] = [:]

  /// Offset of the next record to take.
  public private(set) var position: Int64 = 0
  /// Records below it have been answered in committed transactions.
  private var written: Int64
  /// What `candidates` was told last: windows that end by it have been judged.
  public private(set) var told: Nanoseconds = .min
  public private(set) var windows: UInt64 = 0
  public private(set) var found: UInt64 = 0
  public private(set) var poisoned: UInt64 = 0

  /// What the partition's records do not tell has changed: whoever goes on from here must find it in a snapshot before
  /// anything more is committed.
  public private(set) var mustSave = true

  static var stateVersion: UInt64 { 1 }

  /// A stage that has seen nothing.
  public init(partition: Int, setup: ZoneSetup, written: Int64 = 0) {
    self.partition = partition
    self.setup = setup
    self.written = written
    buffer = WindowBuffer(partitions: setup.inputs, limits: setup.limits, hashSeed: setup.hashSeed)
    buffer.acceptedPartitions = InputMarks.most
    correlations = CorrelationStage(setup.correlations)
    zones = ZoneStage(settings: setup.behaviour, seed: setup.hashSeed)
    zones.trackChanges()
    marks = InputMarks(inputs: setup.inputs)
  }

  /// Everything is judged and said.
  public var isClosed: Bool { told == .max }
  public var memory: (zones: Int, clients: Int) { zones.memory }
  public var bufferedBytes: Int { buffer.bufferedBytes }
  /// The smallest watermark of the input, where there is one.
  public var watermark: Nanoseconds? { marks.watermark }
  /// Input partitions of which no aggregator has said that they are at their end.
  public var openInputs: [Int] { marks.open }
  public var damaged: UInt64 { buffer.damagedRecords }

  // MARK: Records

  /// Takes in a record of `rollups`. `offset` rises from call to call.
  public mutating func consume(_ record: RawSpan, at offset: Int64, output: some StageOutput) {
    guard offset >= position else {
      // It was read before: what was wrong with it has been said.
      try? buffer.add(again: record, at: offset, movedTo: moved[offset])
      return
    }
    if offset >= written, marks.expect(setup.inputs) { mustSave = true }
    do throws(RollupError) {
      position = offset &+ 1
      if let progress = try PartitionProgress(record, limiter: limiter) {
        guard marks.advance(Int(progress.inputPartition), to: progress.watermark, isIdle: progress.isIdle) else {
          throw .invalid("input partition \(progress.inputPartition)")
        }
        judge(writes: offset >= written, output)
      } else {
        marks.hear(Int(try buffer.add(record, at: offset)))
      }
    } catch {
      poisoned &+= 1
      if offset >= written { output.deadLetter(record, reason: "\(error)", offset: offset) }
    }
  }

  /// Judges the windows that all input partitions have passed.
  private mutating func judge(writes: Bool, _ output: some StageOutput) {
    guard let watermark = marks.watermark, watermark > told else { return }
    var step: (end: Nanoseconds, isLate: Bool)?
    var candidates: [Candidate] = []
    // Apart from the buffer, which gives the windows out.
    var zones = ZoneStage(settings: setup.behaviour, seed: setup.hashSeed)
    swap(&zones, &self.zones)
    var correlations = CorrelationStage([])
    swap(&correlations, &self.correlations)
    var encoder = CandidatesEncoder()
    swap(&encoder, &self.encoder)
    var (windows, found) = (self.windows, self.found)
    let (number, ruleSet) = (UInt16(clamping: partition), setup.ruleSet)
    func flush() {
      guard let done = step else { return }
      found &+= UInt64(candidates.count)
      // Late windows that found nothing make no step; those in time do.
      if writes, !candidates.isEmpty || !done.isLate {
        encoder.write(candidates, end: done.end, isLate: done.isLate, partition: number, ruleSet: ruleSet) {
          output.candidates($0)
        }
      }
      candidates.removeAll(keepingCapacity: true)
    }
    buffer.drain(to: watermark) { window in
      if step.map({ $0.end != window.due || $0.isLate != window.isLate }) ?? true {
        flush()
        step = (window.due, window.isLate)
      }
      windows &+= 1
      zones.consume(window, correlations: correlations.consume(window), into: &candidates)
    }
    flush()
    if writes {
      encoder.writeProgress(to: watermark, partition: number, ruleSet: ruleSet) { output.candidates($0) }
    }
    swap(&zones, &self.zones)
    swap(&correlations, &self.correlations)
    swap(&encoder, &self.encoder)
    (self.windows, self.found) = (windows, found)
    told = watermark
  }

  // MARK: State

  /// From where records would have to be read again.
  public var resume: Int64 { min(buffer.firstOffset ?? position, position) }

  /// The parts of the state that changed since the last snapshot, last of all the one that names the rest.
  public mutating func takeChanges() -> [StatePart] {
    var parts = zones.takeChanges() + correlations.takeChanges()
    var writer = StateWriter()
    writer.number(Self.stateVersion)
    writer.signed(position)
    writer.signed(resume)
    writer.signed(told)
    writer.word(setup.hashSeed)
    writer.number(windows)
    writer.number(found)
    writer.number(poisoned)
    marks.write(to: &writer)
    let moved = buffer.moved
    writer.count(moved.count)
    for (offset, target) in moved {
      writer.signed(offset)
      writer.signed(target)
    }
    parts.append(StatePart(name: "manifest", bytes: writer.take()))
    mustSave = false
    return parts
  }

  /// A stage that goes on where the saved one stood.
  /// - Parameter written: The committed offset of the partition; what records below it brought about was written.
  public init(partition: Int, setup: ZoneSetup, written: Int64, restoring saved: SavedState) throws(StateError) {
    self.init(partition: partition, setup: setup)
    var manifest = try saved.reader(of: "manifest")
    let version = try manifest.number()
    guard version == Self.stateVersion else { throw .version(found: version, known: Self.stateVersion) }
    let position = try manifest.signed()
    let resume = try manifest.signed()
    guard position >= 0, resume >= 0, resume <= position else {
      throw .invalid("a position of \(position) and \(resume)", at: manifest.position)
    }
    self.written = max(written, position)
    let told = try manifest.signed()
    let seed = try manifest.word()
    guard seed == setup.hashSeed else {
      throw .invalid("another detection.hash_seed than the pipeline's", at: manifest.position)
    }
    windows = try manifest.number()
    found = try manifest.number()
    poisoned = try manifest.number()
    marks = try InputMarks(from: &manifest)
    mustSave = false
    for _ in 0..<(try manifest.count(ofAtLeast: 16)) {
      let offset = try manifest.signed()
      moved[offset] = try manifest.signed()
    }
    try manifest.finish()
    buffer.restore(drainedTo: told)
    correlations = try CorrelationStage(setup.correlations, restoring: saved)
    zones = try ZoneStage(settings: setup.behaviour, seed: setup.hashSeed, restoring: saved)
    (self.position, self.told) = (position, told)
    start = resume
  }

  /// Where a restored stage has to be read from.
  public private(set) var start: Int64 = 0
}
