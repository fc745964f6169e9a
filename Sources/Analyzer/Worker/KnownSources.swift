// What the campaign stage knows of addresses: lists of files, and the topic `reputation`, which it follows.

import Bytes
import Configuration
import Kafka
import Pipelines
import Reputation
import Stations
import Topics

/// One thread uses it.
final class KnownSources {
  private let station: Station
  private var follower: ReputationFollower?
  /// Version of the lists that the last table was made of; 0 before there was one.
  private var told: UInt64 = 0
  /// Whether the topic was read to its end once.
  private var isRead = false
  private var nextLook: Int64 = 0
  private var nextTable: Int64 = 0
  /// When the first of the lists in the table expires, ns since the epoch.
  private var expiry: Nanoseconds = .max
  private var table: KnownAddresses?

  init(_ station: Station) { self.station = station }

  /// Records of the topic that could not be read, and those for which there was no room.
  var damaged: UInt64 { follower?.damaged ?? 0 }
  var dropped: UInt64 { follower?.published.dropped ?? 0 }
  var networks: Int { follower?.published.count ?? 0 }

  /// The topic is read to its end before the first attack is told; where there is none, files alone count.
  func begin(_ pipeline: Pipeline, _ setup: AnalyzerSetup) -> KnownAddresses {
    read(pipeline, patiently: true)
    makeTable(pipeline, setup)
    return known(setup)
  }

  /// What is known now, where that may be something else than the last time; nil otherwise. Looks about once a second, and
  /// makes a table at most every ten.
  func news(_ pipeline: Pipeline, _ setup: AnalyzerSetup) -> KnownAddresses? {
    let now = StationClock.monotonic
    guard now >= nextLook else { return nil }
    // A topic that is not there yet is looked for now and then.
    nextLook = now &+ (isRead ? 1_000_000_000 : 30_000_000_000)
    let before = follower?.published.histories
    read(pipeline, patiently: false)
    guard let follower, isRead else { return nil }
    let isDue = follower.published.version != told || StationClock.wall >= expiry
    if isDue, now >= nextTable {
      nextTable = now &+ 10_000_000_000
      makeTable(pipeline, setup)
    } else if follower.published.histories == before {
      return nil
    }
    return known(setup)
  }

  private func read(_ pipeline: Pipeline, patiently: Bool) {
    do {
      let follower = try follower ?? ReputationFollower(pipeline.settings, program: "analyzer")
      self.follower = follower
      if isRead, !patiently { return try follower.follow() }
      let end = try follower.readToEnd(seconds: patiently ? 60 : 2) { station.shouldStop }
      if end == .reached { isRead = true }
    } catch {
      station.log.warning(
        "known addresses can't be read from the topic", ["error": LogValue(error)], key: "reputation")
    }
  }

  private func makeTable(_ pipeline: Pipeline, _ setup: AnalyzerSetup) {
    guard let published = follower?.published, told > 0 || !published.isEmpty else { return }
    let now = StationClock.wall
    // A list that has expired stands in nobody's way: its file, where there is one, counts again.
    let lists = published.known.filter { $0.expires > now }
    do {
      table = try pipeline.knownAddresses(setup.lists, published: lists)
      told = published.version
      station.log.info(
        "known addresses", ["lists": LogValue(lists.count), "networks": LogValue(published.count)])
      expiry = lists.map(\.expires).min() ?? .max
    } catch {
      station.log.warning("known addresses stay as they are", ["error": LogValue(error)], key: "reputation")
    }
  }

  private func known(_ setup: AnalyzerSetup) -> KnownAddresses {
    var known = table ?? setup.known
    known.replace(histories: follower?.published.histories ?? [:])
    return known
  }
}
