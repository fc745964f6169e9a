import Bytes
import Detection
import Foundation
import Kafka
import KafkaTestSupport
import Rollups
import Testing
import Topics

@testable import Terminal

@Suite struct SequenceSetTests {
  @Test(arguments: [UInt64](1...12))
  func gapsAreWhatWasNeverInserted(seed: UInt64) {
    var state = seed
    func roll(_ below: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % below
    }
    let top = roll(20_000) + 2
    var missing = Set((0..<roll(30)).map { _ in roll(top) })
    missing.remove(top - 1)
    var numbers = (0..<top).filter { !missing.contains($0) }
    for i in numbers.indices.dropFirst() { numbers.swapAt(i, Int(roll(UInt64(i)))) }
    var set = SequenceSet()
    let new = numbers.count { set.insert($0) }
    let again = numbers.prefix(50).count { set.insert($0) }
    #expect(new == numbers.count && again == 0)
    var found: Set<UInt64> = []
    for gap in set.gaps(limit: 1000) { found.formUnion(gap) }
    #expect(found == missing, "seed \(seed)")
    #expect(set.count == UInt64(numbers.count) && set.largest == top - 1)
  }

  @Test func hostileNumbersCostNothing() {
    var set = SequenceSet()
    let new = [UInt64.max, 0, UInt64.max / 2, 1 << 63].count { set.insert($0) }
    #expect(new == 4)
    #expect(set.gaps(limit: 10).first == 1...(UInt64.max / 2 - 1))
    for number in 0..<200_000 as Range<UInt64> { _ = set.insert(number << 20) }
    #expect(set.dropped > 0)
  }
}

@Suite struct AuditLedgerTests {
  private func batch(_ sequence: UInt64, source: UInt64 = 7, lines: UInt64 = 10) -> AuditedBatch {
    var batch = AuditedBatch(source: source, name: Array("access.log".utf8), sequence: sequence)
    batch.firstOrdinal = sequence * lines
    batch.ledger.lines = lines
    batch.ledger.parsed = lines - 1
    batch.ledger.unparsed = 1
    batch.ledger.events = lines - 1
    return batch
  }

  private func state(position: Int64, batches: UInt64, inWindows: UInt64, closed: Bool = true) -> AggregatorSnapshot {
    var state = AggregatorSnapshot()
    state.position = position
    state.isClosed = closed
    state.ledger.batches = batches
    state.ledger.lines = batches * 10
    state.ledger.parsed = batches * 9
    state.ledger.unparsed = batches
    state.ledger.events = batches * 9
    state.ledger.onTime = batches * 9
    state.ledger.inWindows = inWindows
    return state
  }

  /// 20 batches round two partitions, all counted and written.
  private func whole() -> Audit {
    var audit = Audit(partitions: 2)
    for partition in 0..<2 {
      audit.partitions[partition].state = state(position: 10, batches: 10, inWindows: 90)
      audit.partitions[partition].laterInWindows = 90
    }
    for sequence in 0..<20 as Range<UInt64> {
      audit.take(batch(sequence), partition: Int(sequence % 2), offset: Int64(sequence / 2))
    }
    for partition in 0..<2 { audit.takeRollup(inputPartition: partition, events: 90) }
    return audit
  }

  @Test func allThatIsThereOnceAgrees() {
    let audit = whole()
    #expect(audit.discrepancies == [])
    #expect(audit.text().contains("All agrees"))
  }

  @Test func aSampledPieceIsABatchForEachWeight() {
    var audit = Audit(partitions: 2)
    // 30 lines each, of which 20 are left out, 4 are of weight 1 and 6 of another.
    for piece in 0..<5 as Range<UInt64> {
      var first = batch(piece * 2, lines: 24)
      first.firstOrdinal = piece * 30
      first.ledger.parsed = 4
      first.ledger.events = 4
      first.ledger.unparsed = 0
      first.ledger.sampledOut = 20
      var second = batch(piece * 2 + 1, lines: 6)
      second.firstOrdinal = piece * 30
      second.ledger.parsed = 6
      second.ledger.events = 6
      second.ledger.unparsed = 0
      // Whichever comes first.
      for (partition, batch) in piece % 2 == 0 ? [(0, first), (1, second)] : [(1, second), (0, first)] {
        audit.take(batch, partition: partition, offset: Int64(piece))
      }
    }
    #expect(audit.discrepancies == [])
    var extra = batch(10, lines: 10)
    extra.firstOrdinal = 151
    audit.take(extra, partition: 0, offset: 5)
    #expect(audit.discrepancies.count == 1)
  }

  @Test func aMissingBatchIsNamedWithItsSource() {
    var audit = Audit(partitions: 1)
    for sequence in [0, 1, 4, 5, 9] as [UInt64] { audit.take(batch(sequence), partition: 0, offset: 0) }
    #expect(audit.discrepancies == ["source 0000000000000007 (access.log): sequence 2 to 3, 6 to 8 missing"])
  }

  @Test func aBatchThatIsThereTwiceIsNamed() {
    var audit = whole()
    audit.take(batch(5), partition: 1, offset: 10)
    #expect(audit.discrepancies == ["source 0000000000000007 (access.log): sequence 5 more than once (1 batch)"])
  }

  @Test func heartbeatsAreNumberedOrNot() {
    var audit = whole()
    var beat = AuditedBatch(source: 7, sequence: 0)
    for partition in 0..<2 { audit.take(beat, partition: partition, offset: 10) }
    #expect(audit.discrepancies == [])
    beat.sequence = 20
    audit.take(beat, partition: 0, offset: 11)
    audit.take(batch(21), partition: 1, offset: 11)
    // Lines 200 to 209 are of no batch.
    #expect(audit.discrepancies.count == 1 && audit.discrepancies[0].contains("its last line is number 220"))
  }

  @Test func whatRetentionRemovedIsSaidAndIsNoLoss() {
    var audit = Audit(partitions: 2)
    audit.partitions[0].first = 5
    for sequence in [3, 5, 7, 9, 10, 11, 13] as [UInt64] {
      audit.take(batch(sequence), partition: sequence % 2 == 0 ? 0 : 1, offset: 6)
    }
    // 12 came after what partition 0 still has.
    #expect(audit.discrepancies == ["source 0000000000000007 (access.log): sequence 12 missing"])
    #expect(audit.text().contains("removed by retention"))
  }

  @Test func sumsThatDifferAreNamed() {
    var audit = whole()
    audit.partitions[1].state?.ledger.lines += 1
    #expect(audit.discrepancies == ["partition 1: lines in events against lines counted: 100 against 101"])
    audit = whole()
    audit.takeRollup(inputPartition: 0, events: 3)
    #expect(
      audit.discrepancies == ["partition 0: events in rollups against events in written windows: 93 against 90"])
    audit = whole()
    audit.partitions[0].state?.ledger.inWindows -= 9
    #expect(audit.discrepancies.count == 1)
  }

  @Test func whatIsWrittenWhileTheAuditReadsIsNoDifference() {
    var audit = whole()
    for i in 0..<2 {
      audit.partitions[i].state = state(position: 8, batches: 8, inWindows: 60, closed: false)
      audit.partitions[i].laterInWindows = 95
    }
    audit = replay(audit)
    #expect(audit.discrepancies == [])
    #expect(audit.inOpenWindows == 24)
  }

  /// The same batches again, with the states as they now are.
  private func replay(_ audit: Audit) -> Audit {
    var again = Audit(partitions: 2)
    for i in 0..<2 {
      again.partitions[i].state = audit.partitions[i].state
      again.partitions[i].laterInWindows = audit.partitions[i].laterInWindows
      again.takeRollup(inputPartition: i, events: 72)
    }
    for sequence in 0..<20 as Range<UInt64> {
      again.take(batch(sequence), partition: Int(sequence % 2), offset: Int64(sequence / 2))
    }
    return again
  }

  @Test func aDeadLetterIsAGapUntilItIsPublishedAgain() {
    var audit = Audit(partitions: 1)
    audit.deadLettered = [0: [1]]
    for sequence in 0..<3 as Range<UInt64> { audit.take(batch(sequence), partition: 0, offset: Int64(sequence)) }
    #expect(audit.discrepancies == ["source 0000000000000007 (access.log): sequence 1 missing"])
    audit.take(batch(1), partition: 0, offset: 3)
    #expect(audit.discrepancies == [])
  }
}

/// The programs, on real topics.
@Suite(.enabled(if: TestKafka.isWanted)) struct AuditProgramTests {
  @Test func aRealLineFindsWhatReplayFindsAndItsLedgerAgrees() throws {
    let line = try TestLine("audit")
    var environment = line.environment
    environment["MILLRACE_PARTITIONS"] = "4"
    environment["MILLRACE_TOPICS__ROLLUPS__PARTITIONS"] = "2"
    environment["MILLRACE_AGGREGATOR__COMMIT_INTERVAL"] = "100ms"
    let run = Program(
      """
      set -e
      $BIN/millrace-simulate --lines 20000 --seed 7 --format combined --duration 1h --attacks default --output log
      echo 'no log line at all' >>log
      $BIN/millrace-replay --publish log
      $BIN/millrace-aggregator --drain
      $BIN/millrace-analyzer --drain
      $BIN/millrace-attacks --json --final >final.json
      $BIN/millrace-replay log --report json --quiet >report.json
      $BIN/millrace-attacks audit
      $BIN/millrace-attacks audit --json >audit.json
      $BIN/millrace-attacks top --once --interval 0.2 >top
      """, environment: environment)
    #expect(run.end() == 0, "\(run.errors)\n\(run.output)")
    #expect(run.output.contains("All agrees"))
    let audit = try JSONSerialization.jsonObject(with: Data(run.text("audit.json").utf8)) as? [String: Any]
    #expect(audit?["agrees"] as? Bool == true)
    #expect((audit?["partitions"] as? [Any])?.count == 4)
    // What the line found is what replay finds.
    let final = try JSONSerialization.jsonObject(with: Data(run.text("final.json").utf8)) as? NSArray
    let report = try JSONSerialization.jsonObject(with: Data(run.text("report.json").utf8)) as? [String: Any]
    #expect(final != nil && final == report?["attacks"] as? NSArray && final != [])
    let top = run.text("top")
    #expect(top.contains("aggregator") && top.contains("closed"))

    // A batch that somebody else sends once more.
    let records = try line.kafka.read("\(line.prefix).events")
    let producer = try KafkaProducer(line.kafka.settings())
    guard let copy = records.first(where: { ($0.value?.count ?? 0) > 2000 }) else { throw TestFailure() }
    try producer.produce("\(line.prefix).events", partition: copy.partition, value: copy.value)
    try producer.flush(milliseconds: 60_000)
    let again = Program("$BIN/millrace-attacks audit", environment: environment)
    #expect(again.end() == 1)
    #expect(again.output.contains("more than once (1 batch)"))
  }

  /// Files that are renamed while they are read, and forwarders that are killed at any moment.
  @Test func theLedgerOfKilledForwardersAndRotatedFilesAgrees() throws {
    let line = try TestLine("forwarded")
    var environment = line.environment
    environment["MILLRACE_PARTITIONS"] = "4"
    environment["MILLRACE_TOPICS__ROLLUPS__PARTITIONS"] = "2"
    environment["MILLRACE_FORWARDER__BATCH_BYTES"] = "64KiB"
    let run = Program(
      """
      set -e
      $BIN/millrace-simulate --lines 20000 --seed 7 --format combined --duration 1h --attacks default --output all
      echo 'no log line at all' >>all
      split -n l/4 all part-
      mkdir logs
      export MILLRACE_FORWARDER__SOURCES="[{files: ['$PWD/logs/access.log*']}]"
      number=0
      for part in part-*; do
        number=$((number + 1))
        $BIN/millrace-forwarder &
        forwarder=$!
        head -c 400000 $part >>logs/access.log
        sleep 0.$((RANDOM % 9))
        kill -KILL $forwarder
        wait $forwarder || true
        tail -c +400001 $part >>logs/access.log
        mv logs/access.log logs/access.log.$number
      done
      $BIN/millrace-forwarder --drain
      $BIN/millrace-aggregator --drain
      $BIN/millrace-attacks audit
      $BIN/millrace-attacks top --once --interval 0.2 >top
      """, environment: environment)
    #expect(run.end() == 0, "\(run.errors)\n\(run.output)")
    #expect(run.output.contains("All agrees"))
    let figures = run.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(figures.contains { $0.prefix(2) == ["lines", "counted"] && $0.last == "20,001" }, "\(run.output)")
    #expect(figures.contains { $0.starts(with: ["events", "in", "them", "20,000"]) }, "\(run.output)")
    let top = run.text("top").split(separator: "\n").map { $0.split(separator: " ") }
    #expect(top.contains { $0.first == "forwarder" && $0.count > 3 && $0[3] == "-" }, "\(run.text("top"))")
    #expect(top.contains { $0.first == "aggregator" && $0.count > 3 && $0[3] == "0" }, "\(run.text("top"))")
  }

  @Test func nothingIsPublishedAgainIntoADrainedPartition() throws {
    let line = try TestLine("drained")
    var environment = line.environment
    environment["MILLRACE_PARTITIONS"] = "2"
    environment["MILLRACE_TOPICS__ROLLUPS__PARTITIONS"] = "1"
    let run = Program(
      """
      set -e
      $BIN/millrace-simulate --lines 500 --seed 7 --format combined --duration 1h --output log
      $BIN/millrace-replay --publish log
      $BIN/millrace-aggregator --drain
      """, environment: environment)
    #expect(run.end() == 0, "\(run.errors)")
    let producer = try KafkaProducer(line.kafka.settings())
    let record: [UInt8] = [1, 2, 3]
    for topic in ["events", "rollups", "attacks"] {
      let letter = DeadLetter(
        station: "aggregator", reason: "tried", topic: "\(line.prefix).\(topic)", partition: 0, offset: 0,
        record: record.span.bytes)
      try producer.produce(
        "\(line.prefix).dead-letters", partition: 0, value: record.span.bytes, headers: letter.headers)
    }
    try producer.flush(milliseconds: 60_000)
    let again = Program(
      "$BIN/millrace-attacks dead-letters publish 0:0; $BIN/millrace-attacks dead-letters publish 0:1",
      environment: environment)
    #expect(again.end() == 1)
    #expect(again.errors.contains("0:0 is not published: \(line.prefix).events[0] was drained"))
    #expect(again.errors.contains("0:1 is not published: \(line.prefix).rollups[0] was drained"))
  }

  private struct TestFailure: Error {}
}
