import Bytes
import Events
import Rollups
import Testing

@Test(arguments: 1...3 as ClosedRange<UInt64>)
func anyCutIntoBatchesAndAnyNumberOfPartitionsGivesTheSameWindows(seed: UInt64) throws {
  let events = traffic(4000, seconds: 120, seed: seed)
  // When a host becomes a zone depends on what its partition has seen, so hosts are named.
  var settings = AggregatorSettings()
  settings.namedZones = (0..<3).map { Array("host\($0).example".utf8) }
  func aggregated(_ cut: [Int], _ partitions: Int) throws -> (rollups: [[[UInt8]]], ledger: ConservationLedger) {
    try aggregate(batches(events, cut: cut), partitions: partitions, settings: settings, correlates: true)
  }
  let (whole, _) = try aggregated([100], 1)
  let expected = try merged(whole)
  #expect(expected.count > 40)
  for (cut, partitions) in [([37], 1), ([1, 200, 3], 1), ([50], 2), ([10, 30], 4)] {
    let (rollups, ledger) = try aggregated(cut, partitions)
    let found = try merged(rollups)
    #expect(ledger.afterClose == 0)
    #expect(ledger.discrepancies == [])
    if found != expected {
      let place = zip(found, expected).first { $0 != $1 }
      Issue.record(
        """
        seed \(seed), cut \(cut), \(partitions) partitions: \(found.count) windows for \(expected.count)
        \(difference(place?.0 ?? "", place?.1 ?? ""))
        """)
    }
  }
}

@Test(arguments: 1...3 as ClosedRange<UInt64>)
func windowsThatAreHandedOverSayWhatTheirRecordsWouldHaveSaid(seed: UInt64) throws {
  let events = traffic(6000, seconds: 90, seed: seed, clients: 900)
  var tight = AggregatorSettings()
  (tight.limits.clients, tight.limits.paths, tight.limits.userAgents) = (20, 12, 4)
  (tight.limits.signatures, tight.limits.networks, tight.limits.samples) = (8, 4, 3)
  for (name, settings) in [("roomy", AggregatorSettings()), ("tight", tight)] {
    for partitions in [1, 3] {
      // The last ones come late.
      let records = batches(Array(events[500...]) + events[..<500], cut: [60, 150])
      let (rollups, _) = try aggregate(records, partitions: partitions, settings: settings, correlates: true)
      let expected = try merged(rollups, limits: settings.limits)
      let found = try mergedWithoutRecords(records, partitions: partitions, settings: settings, correlates: true)
      if found != expected {
        let place = zip(found, expected).first { $0 != $1 }
        Issue.record(
          """
          seed \(seed), \(name), \(partitions) partitions: \(found.count) windows for \(expected.count)
          \(difference(place?.0 ?? "", place?.1 ?? ""))
          """)
      }
    }
  }
}

@Test func theSameBatchesGiveTheSameBytes() throws {
  let records = batches(traffic(2000, seconds: 60, seed: 9), cut: [70])
  let first = try aggregate(records, partitions: 2).rollups
  let second = try aggregate(records, partitions: 2).rollups
  #expect(first == second)
}

/// The lines in which two texts differ.
private func difference(_ a: String, _ b: String) -> String {
  let (x, y) = (a.split(separator: "\n"), b.split(separator: "\n"))
  for i in 0..<min(x.count, y.count) where x[i] != y[i] { return "line \(i):\n\(x[i])\n\(y[i])" }
  return "\(x.count) lines for \(y.count)"
}
