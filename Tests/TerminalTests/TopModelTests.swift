import Testing

@testable import Terminal

@Suite struct TopModelTests {
  private func sample(_ seconds: Int64, positions: [Int64?], events: UInt64 = 0) -> LineSample {
    let partitions = positions.enumerated().map { number, position in
      PartitionSample(
        partition: number, position: position, first: 2, end: 100, watermark: (seconds - 3) * 1_000_000_000,
        events: events, late: 1, dropped: 2, isClosed: false)
    }
    return LineSample(
      time: seconds * 1_000_000_000, wall: seconds * 1_000_000_000,
      stations: [StationSample(station: "aggregator", topic: "web.events", partitions: partitions)])
  }

  @Test func lagIsWhatIsStillThereAndNotTaken() {
    let rows = TopModel.rows(sample(10, positions: [90, nil, 1, 200]), before: nil)
    // What retention removed before it was taken is not waited for.
    #expect(rows.dropFirst().map(\.lag) == [10, 98, 98, 0])
    #expect(rows[0].lag == 206 && rows[0].partition == nil)
    #expect(rows[0].events == nil && rows[0].delay == 3_000_000_000)
  }

  @Test func marksOfTransactionsAreNoLag() {
    var now = sample(10, positions: [98, 98])
    now.stations[0].partitions[0].next = 100
    now.stations[0].partitions[1].next = 99
    #expect(TopModel.rows(now, before: nil).map(\.lag) == [1, 0, 1])
  }

  @Test func aForwarderHasNoLagAndTheLinesOfItsCheckpoints() {
    func forwarder(_ seconds: Int64, lines: UInt64, end: Int64) -> LineSample {
      var one = sample(seconds, positions: [nil])
      one.stations[0] = StationSample(
        station: "forwarder", topic: "web.events", partitions: [PartitionSample(partition: 0, end: end)],
        events: lines, time: (seconds - 2) * 1_000_000_000, isWriter: true)
      return one
    }
    let rows = TopModel.rows(forwarder(12, lines: 9_000, end: 30), before: forwarder(10, lines: 1_000, end: 10))
    #expect(rows.map(\.lag) == [nil, nil])
    #expect(rows[0].events == 4_000 && rows[0].records == 10 && rows[0].delay == 2_000_000_000)
    let text = TopModel.line(rows[0], width: 120).text.split(separator: " ")
    #expect(text.starts(with: ["forwarder", "web.events", "all", "-", "10"]))
  }

  @Test func speedsAreOfTheTimeBetweenTwoSamples() {
    let rows = TopModel.rows(
      sample(12, positions: [60, 30], events: 5000), before: sample(10, positions: [50, 40], events: 1000))
    #expect(rows[1].records == 5 && rows[1].events == 2000)
    #expect(rows[2].records == 0, "a position that went back is no speed")
    #expect(rows[0].events == 4000 && rows[0].dropped == 4)
  }

  @Test func rowsFitEveryWidth() {
    let rows = TopModel.rows(sample(10, positions: [90, nil]), before: nil)
    for width in [1, 20, 47, 80, 100, 200] {
      for line in [TopModel.head(width: width)] + rows.map({ TopModel.line($0, width: width) }) {
        #expect(line.columns <= width)
      }
    }
  }
}
