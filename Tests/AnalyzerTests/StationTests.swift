// Zone stages and a campaign stage without Kafka: whatever the split and wherever they are killed, what they write is what
// one process reports.

import Bytes
import CapnProto
import Detection
import Rollups
import Testing

@testable import Analyzer

/// A topic's partition, a transaction at a time.
final class Transaction: StageOutput {
  private(set) var candidates: [[UInt8]] = []
  private(set) var attacks: [(key: String, record: [UInt8])] = []
  private(set) var dead: [String] = []
  func candidates(_ record: RawSpan) { candidates.append(record.copied()) }
  func attack(_ key: String, _ record: RawSpan) { attacks.append((key, record.copied())) }
  func deadLetter(_ record: RawSpan, reason: String, offset: Int64) { dead.append(reason) }
}

/// A seeded stream of choices.
struct Dice {
  var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func roll(_ n: Int) -> Int { Int(splitMix(&state) % UInt64(max(n, 1))) }
}

/// The last state of each attack of a topic, in the order of a report.
func lastAttacks(_ records: [(key: String, record: [UInt8])]) throws -> (attacks: [Attack], closed: Int) {
  let decoder = AttackDecoder()
  var last: [String: Attack] = [:]
  var closed = 0
  for (key, record) in records {
    switch try decoder.read(record.span.bytes).told {
    case .attack(let attack):
      #expect(key == attack.id && closed == 0)
      last[attack.id] = attack
    case .closed: closed += 1
    }
  }
  return (last.values.filter { $0.requests > 0 }.sorted(by: Attack.precedes), closed)
}

@Suite struct StationTests {
  static let titles = RuleTitle.all(of: nil)

  /// What survives a crash: the state, and the offset that was committed with it.
  struct Durable {
    var saved = SavedState()
    var offset: Int64 = 0
  }

  /// Runs one stage over its input with kills at any record, and returns what its committed transactions wrote.
  static func run(
    _ input: [[UInt8]], dice: inout Dice, kills: Int,
    fresh: (_ written: Int64) -> any KillableStage, restored: (SavedState, _ written: Int64) throws -> any KillableStage
  ) throws -> (output: [Transaction], durable: Durable) {
    var durable = Durable()
    var committed: [Transaction] = []
    var stage = fresh(0)
    var open = Transaction()
    var next: Int64 = 0
    var killed = 0
    while next < Int64(input.count) {
      let record = input[Int(next)]
      stage.take(record.span.bytes, at: next, open)
      next += 1
      if dice.roll(6) == 0 {
        // A transaction: outputs, the offset, and now and then the state.
        committed.append(open)
        open = Transaction()
        durable.offset = max(durable.offset, stage.taken)
        if stage.mustSave || dice.roll(3) == 0 { durable.saved.apply(stage.changes()) }
      }
      if killed < kills, dice.roll(max(3, input.count / (kills + 1))) == 0 {
        killed += 1
        open = Transaction()
        stage = durable.saved.isEmpty ? fresh(durable.offset) : try restored(durable.saved, durable.offset)
        next = stage.startsAt
      }
    }
    committed.append(open)
    durable.offset = max(durable.offset, stage.taken)
    durable.saved.apply(stage.changes())
    return (committed, durable)
  }

  @Test(arguments: [(UInt64(1), 1), (2, 2), (3, 4), (4, 3)])
  func killedAnywhereTheStagesTellWhatOneProcessReports(seed logSeed: UInt64, partitions: Int) throws {
    let line = try SimulatedLine(lines: 12_000, seed: logSeed, partitions: partitions)
    #expect(line.expected.count > 3)
    for round in 0..<4 {
      var dice = Dice(logSeed &* 100 &+ UInt64(round))
      let kills = round == 0 ? 0 : 12
      var lanes: [[[UInt8]]] = []
      for partition in 0..<partitions {
        let setup = line.setup
        let (transactions, _) = try Self.run(line.rollups[partition], dice: &dice, kills: kills) {
          Killable(ZoneStation(partition: partition, setup: setup, written: $0))
        } restored: {
          Killable(try ZoneStation(partition: partition, setup: setup, written: $1, restoring: $0))
        }
        let dead = transactions.flatMap(\.dead)
        #expect(dead.isEmpty)
        lanes.append(transactions.flatMap(\.candidates))
      }
      // The partitions' records as a broker may mix them.
      var candidates: [[UInt8]] = []
      while lanes.contains(where: { !$0.isEmpty }) {
        let lane = dice.roll(partitions)
        if !lanes[lane].isEmpty { candidates.append(lanes[lane].removeFirst()) }
      }
      let (transactions, durable) = try Self.run(candidates, dice: &dice, kills: kills) {
        Killable(
          CampaignStation(partitions: partitions, settings: CampaignSettings(), rules: Self.titles, written: $0))
      } restored: {
        Killable(
          try CampaignStation(
            partitions: partitions, settings: CampaignSettings(), rules: Self.titles, written: $1, restoring: $0))
      }
      let (attacks, closed) = try lastAttacks(transactions.flatMap(\.attacks))
      #expect(attacks == line.expected, "seed \(logSeed), round \(round)")
      #expect(closed == 1)
      let manifest = try #require(durable.saved["manifest"])
      let isClosed = try CampaignStation.isClosed(manifest: manifest)
      #expect(isClosed)
    }
  }

  @Test func poisonedRecordsAreSetAsideOnceAndTheRestGoesOn() throws {
    let line = try SimulatedLine(lines: 3_000, seed: 9, partitions: 1)
    var dice = Dice(5)
    var input: [[UInt8]] = []
    var poisoned = 0
    for record in line.rollups[0] {
      if dice.roll(4) == 0 {
        poisoned += 1
        switch dice.roll(3) {
        case 0: input.append(Array(record.prefix(20)))
        case 1: input.append([])
        default: input.append((0..<64).map { _ in UInt8(dice.roll(256)) } + [0xff])
        }
      }
      input.append(record)
    }
    let setup = line.setup
    let (transactions, _) = try Self.run(input, dice: &dice, kills: 10) {
      Killable(ZoneStation(partition: 0, setup: setup, written: $0))
    } restored: {
      Killable(try ZoneStation(partition: 0, setup: setup, written: $1, restoring: $0))
    }
    let dead = transactions.flatMap(\.dead).count
    #expect(dead == poisoned)
    let output = Transaction()
    var campaigns = CampaignStation(partitions: 1, settings: CampaignSettings(), rules: Self.titles)
    for (i, record) in transactions.flatMap(\.candidates).enumerated() {
      campaigns.consume(record.span.bytes, at: Int64(i), output: output)
    }
    let attacks = try lastAttacks(output.attacks).attacks
    #expect(attacks == line.expected)
  }

  @Test func anInputWithoutWordIsNotWaitedForOnceItIsIdle() {
    let setup = ZoneSetup(inputs: 2, limits: TableLimits(), hashSeed: seed, behaviour: BehaviourSettings())
    var station = ZoneStation(partition: 0, setup: setup)
    let output = Transaction()
    var builder = MessageBuilder()
    var offset: Int64 = 0
    func tell(_ input: UInt16, _ watermark: Nanoseconds, idle: Bool = false) {
      PartitionProgress(inputPartition: input, watermark: watermark, isIdle: idle).write(to: &builder, hashSeed: seed)
      station.consume(builder.framed, at: offset, output: output)
      offset += 1
    }
    func expect(told: Nanoseconds) {
      let now = station.told
      #expect(now == told)
    }
    tell(0, 100)
    expect(told: .min)
    tell(1, .min, idle: true)
    expect(told: 100)
    tell(0, 200)
    expect(told: 200)
    tell(1, 150)
    tell(0, 300)
    expect(told: 200)
    // A partition that events has gained.
    tell(7, 350)
    tell(1, 400)
    tell(0, 400)
    expect(told: 350)
    tell(1, .max)
    tell(0, .max)
    expect(told: 350)
    tell(7, .max)
    // Those between are there too, and may speak before they are closed, idle or not.
    for input in 2...5 { tell(UInt16(input), .max) }
    tell(6, 360, idle: true)
    expect(told: 350)
    tell(6, .max)
    expect(told: .max)
    #expect(output.dead.isEmpty)
  }
}

extension StationTests {
  /// A worker that was killed had judged on after its last snapshot, and knew of fewer partitions than who comes after it.
  @Test func whoKnowsOfMorePartitionsJudgesWhatWasCommittedAsItWasJudged() throws {
    let line = try SimulatedLine(lines: 12_000, seed: 17, inputs: 3, partitions: 1)
    let records = line.rollups[0]
    var (before, after) = (line.setup, line.setup)
    before.inputs = 1
    after.inputs = 3
    let (early, late) = (records.count / 10, records.count / 4)
    var station = ZoneStation(partition: 0, setup: before)
    let first = Transaction()
    var states: [SavedState] = []
    var saved = SavedState()
    for (i, record) in records[..<late].enumerated() {
      station.consume(record.span.bytes, at: Int64(i), output: first)
      if i + 1 == early || i + 1 == late {
        saved.apply(station.takeChanges())
        states.append(saved)
      }
    }
    #expect(first.candidates.count > 10)
    var written: [[[UInt8]]] = []
    for state in states {
      var next = try ZoneStation(partition: 0, setup: after, written: Int64(late), restoring: state)
      let output = Transaction()
      for i in Int(next.start)..<records.count {
        let record = records[i]
        next.consume(record.span.bytes, at: Int64(i), output: output)
        // From its first own record on it waits for the others, and no one may go on from before that.
        let mustSave = next.mustSave
        #expect(mustSave == (i == late))
        if mustSave { _ = next.takeChanges() }
      }
      let isClosed = next.isClosed
      #expect(isClosed && output.dead.isEmpty)
      written.append(output.candidates)
    }
    #expect(written[0] == written[1] && written[0].count > 10)
  }

  /// A watermark that a liar wrote: windows are given out for it, and nothing traps or is taken for the end of all.
  @Test(arguments: [.max - 1, .max - 10_000_000_000, .min, .min + 1] as [Nanoseconds])
  func aWatermarkAtAnEndOfTimeTrapsNothing(watermark: Nanoseconds) throws {
    let line = try SimulatedLine(lines: 4_000, seed: 31, inputs: 1, partitions: 1)
    var zone = ZoneStation(partition: 0, setup: line.setup)
    let output = Transaction()
    var builder = MessageBuilder()
    let records = line.rollups[0]
    var offset: Int64 = 0
    func take(_ record: RawSpan) {
      zone.consume(record, at: offset, output: output)
      offset += 1
    }
    for record in records[..<(records.count / 2)] { take(record.span.bytes) }
    PartitionProgress(inputPartition: 0, watermark: watermark).write(to: &builder, hashSeed: seed)
    take(builder.framed)
    var isClosed = zone.isClosed
    #expect(!isClosed)
    _ = zone.takeChanges()
    for record in records[(records.count / 2)...] { take(record.span.bytes) }
    isClosed = zone.isClosed
    #expect(isClosed)
    var campaigns = CampaignStation(
      partitions: 1, settings: CampaignSettings(), rules: Self.titles)
    let told = Transaction()
    for (i, record) in output.candidates.enumerated() {
      campaigns.consume(record.span.bytes, at: Int64(i), output: told)
      if i % 50 == 0 { _ = campaigns.takeChanges() }
    }
    isClosed = campaigns.isClosed
    #expect(isClosed && told.dead.isEmpty)
  }
}

/// Either stage, as a test kills it.
protocol KillableStage: AnyObject {
  func take(_ record: RawSpan, at offset: Int64, _ output: Transaction)
  func changes() -> [StatePart]
  var taken: Int64 { get }
  var startsAt: Int64 { get }
  var mustSave: Bool { get }
}

final class Killable<Stage: ~Copyable>: KillableStage {
  private var stage: Stage
  private let consume: (inout Stage, RawSpan, Int64, Transaction) -> Void
  private let takeChanges: (inout Stage) -> [StatePart]
  private let position: (borrowing Stage) -> Int64
  private let saves: (borrowing Stage) -> Bool
  let startsAt: Int64

  init(_ stage: consuming ZoneStation) where Stage == ZoneStation {
    startsAt = stage.start
    self.stage = stage
    consume = { $0.consume($1, at: $2, output: $3) }
    takeChanges = { $0.takeChanges() }
    position = { $0.position }
    saves = { $0.mustSave }
  }

  init(_ stage: consuming CampaignStation) where Stage == CampaignStation {
    startsAt = stage.start
    self.stage = stage
    consume = { $0.consume($1, at: $2, output: $3) }
    takeChanges = { $0.takeChanges() }
    position = { $0.position }
    saves = { _ in false }
  }

  func take(_ record: RawSpan, at offset: Int64, _ output: Transaction) { consume(&stage, record, offset, output) }
  func changes() -> [StatePart] { takeChanges(&stage) }
  var taken: Int64 { position(stage) }
  var mustSave: Bool { saves(stage) }
}
