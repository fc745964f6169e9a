// Whether a zone is flooded, and by whom.

import Bytes
import Rollups

/// The state of the flood test of one zone: when the excess began and how much has come since.
struct FloodTest {
  var isOn = false
  var excess = 0.0
  var began: Nanoseconds = .min
  var calmSince: Nanoseconds = .min
  var few = true
  /// The last window was high only for the phones of an app. Of no meaning beyond it.
  private(set) var isExcused = false

  /// A flood must have brought this many seconds' worth of `floodRate` before it is raised.
  static let patience = 5.0
  /// The windows of a swell are not learned as normal for this long, in case they turn out to be a flood.
  static let doubt: Nanoseconds = 600 * nanosecondsPerSecond
  static let calm: Nanoseconds = 60 * nanosecondsPerSecond

  /// What one window says.
  struct Verdict {
    var kind: AttackKind
    var confidence: Double
    /// Rows of the window that take part, with the probability of each.
    var members: [(row: Int, probability: Double)]
    var departure: RateBaseline.Departure
    var began: Nanoseconds
    /// What the window held, where the flood is from many and was not on before: the measure of those who took part
    /// before it was known.
    var observed: TrafficShape.Excess?
    /// Phones of an app that the zone knows are bystanders.
    var sparesPhones = false
  }

  /// What a client does on its visit, as far as it may excuse it.
  struct Visit {
    var tally: ClientTally
    /// It used the site in peace before.
    var isKnown: Bool
    /// It, or another robot of its name, asked for robots.txt.
    var readsRobots: Bool
  }

  /// Judges one window. `calmRate`: requests a second that one client usually makes. `elsewhere`: rows of clients who
  /// are busy with an attack of another kind, looked at where the flood would be a small one. `visit`: what the client
  /// of a row did on its visit, asked only where there may be a flood from many.
  mutating func judge(
    _ window: WindowActivity, cells: [TrafficShape.Cells], rates: [Double], trusted: [Bool],
    departure: RateBaseline.Departure, shape: TrafficShape, context: ZoneContext, calmRate: Double,
    elsewhere: [Int] = [], settings: BehaviourSettings, text: TextLookup, visit: (Int) -> Visit?
  ) -> Verdict? {
    isExcused = false
    let seconds = max(Double(window.length) / 1e9, 1e-3)
    var loudClients = loudClients(
      window, rates: rates, trusted: trusted, calmRate: calmRate, settings: settings, text: text)
    // Once a flood is on it stays on down to half the threshold, and until a minute of calm.
    let isHigh =
      departure.isExcess || departure.isSwell || (isOn && departure.rate > departure.threshold / 2)
    let coldFlood = departure.isLearning && loudClients.contains { rates[$0] >= settings.floodRate * 3 }
    guard isHigh || coldFlood else {
      if isOn, calmSince == .min { calmSince = window.start }
      if isOn, window.end &- calmSince >= Self.calm { isOn = false }
      excess = max(0, excess - settings.floodRate * seconds)
      if !isOn { began = .min }
      return nil
    }
    calmSince = .min
    if began == .min { began = window.start }
    if let since = departure.since { began = min(began, since) }
    excess += max(0, departure.rate - departure.expected) * seconds
    let isSmall = !isOn && !departure.isExcess && !coldFlood
    guard excess >= settings.floodRate * Self.patience * (isSmall ? 1.25 : 2) else { return nil }

    let added = max(1, (departure.rate - departure.expected) * seconds)
    // Robots in a hurry are heavy users. Without them, would it be a flood?
    let robots = politeRobots(window, rates: rates, departure: departure, settings: settings, text: text, visit: visit)
    let fromRobots = robots.reduce(0.0) { $0 + Double(window.clients[$1].counts.requests) }
    var trusted = trusted
    if !robots.isEmpty {
      for i in robots { trusted[i] = true }
      loudClients.removeAll { trusted[$0] }
      if departure.rate - fromRobots / seconds <= departure.threshold * (isOn ? 0.5 : 1) {
        isExcused = true
        return nil
      }
    }
    // What guesses, errors or ever new queries explain is told as that.
    if isSmall, elsewhere.reduce(0.0, { $0 + Double(window.clients[$1].counts.requests) }) >= 0.5 * added { return nil }
    let fromLoud = loudClients.reduce(0.0) { $0 + Double(window.clients[$1].counts.requests) }
    let hammering =
      departure.isSwell || isOn && few
      ? hammeringClients(window, rates: rates, trusted: trusted, calmRate: calmRate, text: text) : []
    let fromHammering = hammering.reduce(0.0) { $0 + Double(window.clients[$1].counts.requests) }
    var members: [(row: Int, probability: Double)] = []
    var fromMany: TrafficShape.Excess?
    var sparesPhones = false
    if isSmall || fromLoud < 0.5 * added, fromHammering >= 0.5 * added {
      if !isOn { few = hammering.count < 10 }
      members = hammering.map { ($0, 0.9) }
    } else if !isSmall, fromLoud >= 0.5 * added {
      if !isOn { few = loudClients.count < 10 }
      members = loudClients.map { ($0, 0.95) }
    } else if departure.isLearning || (isOn && few) {
      // What ebbs away after a flood from a few is not a flood from many.
      return nil
    } else {
      guard isHostile(window, departure: departure, context: context, calmRate: calmRate, text: text) else {
        return nil
      }
      // Those who came back, and those who load what belongs to pages, may all come at once.
      let peaceful = peacefulClients(window, visit: visit)
      let fromPeaceful = peaceful.reduce(0.0) { $0 + Double(window.clients[$1].counts.requests) }
      if departure.rate - (fromPeaceful + fromRobots) / seconds <= departure.threshold * (isOn ? 0.5 : 1) {
        isExcused = true
        return nil
      }
      for i in peaceful { trusted[i] = true }
      let surge = AppSurge(window, shape: shape, text: text, visit: visit)
      if surge.excuses(departure, isOn: isOn, seconds: seconds, lasting: window.end &- began) {
        isExcused = true
        return nil
      }
      sparesPhones = surge.spares(added: added)
      var observed = TrafficShape.Excess()
      for i in window.clients.indices { observed.add(cells[i], requests: window.clients[i].counts.requests) }
      for i in window.clients.indices where !trusted[i] && !(sparesPhones && surge.known[i]) {
        var p = observed.posterior(cells[i], expected: departure.expected * seconds, shape: shape)
        // Somebody who loads pictures or comes from a page is a visitor, whatever else arrives.
        let signs = (window.clients[i].counts.assets > 0 ? 1 : 0) + (window.clients[i].referrers > 0 ? 1 : 0)
        if signs > 0 { p *= signs == 2 ? 0.3 : 0.5 }
        if p >= 0.5, !Self.isDownload(window.clients[i], text) { members.append((i, p)) }
      }
      // Few that are a little odd are no flood from many.
      if isSmall, members.count < settings.swellAddresses || addedShare(of: members, window, added) < 0.5 { return nil }
      if !isOn {
        few = members.count < 10
        fromMany = observed
      }
    }
    guard !members.isEmpty else { return nil }
    isOn = true
    let ratio = departure.rate / max(departure.threshold, 0.001)
    var confidence = ClientTests.growing(max(ratio, 1), over: 1, from: 0.65)
    if departure.learned < RateBaseline.settled { confidence = min(confidence, 0.75) }
    return Verdict(
      kind: few ? .flood : .distributedFlood, confidence: confidence, members: members, departure: departure,
      began: began, observed: fromMany, sparesPhones: sparesPhones)
  }

  /// Rows of clients that used the site in peace before, or load on this visit what belongs to pages.
  private func peacefulClients(_ window: WindowActivity, visit: (Int) -> Visit?) -> [Int] {
    window.clients.indices.filter { i in
      guard let visit = visit(i), visit.tally.matched == 0 else { return false }
      return visit.isKnown || visit.tally.assets >= 2
    }
  }

  /// Rows of crawlers, monitors and feed readers, by their own word, that find what they ask for while the server bears
  /// it, none of them at a rate that is a flood by itself. A claim is not enough of a crawler, nor of any in a real excess:
  /// it must have asked for robots.txt, and all of them together stay below a few times `floodRate`. The servers of a
  /// network that look at a link which their users were sent are many, each under a name of its own, and ask for it once
  /// or twice.
  private func politeRobots(
    _ window: WindowActivity, rates: [Double], departure: RateBaseline.Departure, settings: BehaviourSettings,
    text: TextLookup, visit: (Int) -> Visit?
  ) -> [Int] {
    guard Double(window.counts.status5xx) <= AppSurge.mostErrors * Double(window.counts.requests) else { return [] }
    var kinds: [UInt64: UserAgentKind] = [:]
    var found: [Int] = []
    var lookers: [Int] = []
    var names: Set<UInt64> = []
    var sum = 0.0
    for i in window.clients.indices where rates[i] < settings.floodRate {
      let row = window.clients[i]
      let kind = kinds[row.userAgent] ?? UserAgentKind(text(.userAgent, row.userAgent))
      kinds[row.userAgent] = kind
      guard kind.isRobot || kind == .other, row.counts.matched == 0, let visit = visit(i) else { continue }
      let tally = visit.tally
      guard tally.share(tally.failed) + tally.share(tally.serverErrors) <= 0.3, tally.matched == 0 else { continue }
      if kind.isRobot, visit.readsRobots || kind != .crawler && !departure.isExcess {
        found.append(i)
        sum += Double(row.counts.requests)
      } else if tally.requests <= 4, tally.post == 0 {
        lookers.append(i)
        names.insert(row.userAgent)
      }
    }
    let seconds = max(Double(window.length) / 1e9, 1e-3)
    if sum / seconds > settings.floodRate * (departure.isExcess ? 4 : 1) { found = [] }
    return names.count * 4 >= lookers.count * 3 ? found + lookers : found
  }

  private func addedShare(
    of members: [(row: Int, probability: Double)], _ window: WindowActivity, _ added: Double
  ) -> Double {
    members.reduce(0.0) { $0 + Double(window.clients[$1.row].counts.requests) } / added
  }

  /// Clients that say they are browsers, or say nothing, and ask for one page again and again, faster than anybody would,
  /// without what belongs to it and without having come from a page. A job or an app that does so says what it is; a page
  /// that polls says where it stands.
  private func hammeringClients(
    _ window: WindowActivity, rates: [Double], trusted: [Bool], calmRate: Double, text: TextLookup
  ) -> [Int] {
    let least = max(1.5, 4 * calmRate)
    return rates.indices.filter { i in
      guard !trusted[i], rates[i] >= least else { return false }
      let row = window.clients[i]
      let requests = row.counts.requests
      guard row.topPathCount &* 10 >= requests &* 8, row.counts.assets == 0, row.referrers &* 10 <= requests,
        row.counts.get &* 2 >= requests, !Self.isDownload(row, text)
      else { return false }
      switch UserAgentKind(text(.userAgent, row.userAgent)) {
      case .absent, .browser: return true
      default: return false
      }
    }
  }

  /// Clients that by themselves ask far more than clients here do.
  private func loudClients(
    _ window: WindowActivity, rates: [Double], trusted: [Bool], calmRate: Double, settings: BehaviourSettings,
    text: TextLookup
  ) -> [Int] {
    let least = max(settings.floodRate / 3, 10 * calmRate)
    var found: [Int] = []
    for i in rates.indices where !trusted[i] && rates[i] >= least {
      let row = window.clients[i]
      if Self.isDownload(row, text) || row.counts.assets &* 2 > row.counts.requests { continue }
      found.append(i)
    }
    return found
  }

  /// Whether what was added behaves unlike the visitors of this zone: a crowd that follows a link loads the page's
  /// assets and sends a few requests each; a flood does not.
  private func isHostile(
    _ window: WindowActivity, departure: RateBaseline.Departure, context: ZoneContext, calmRate: Double,
    text: TextLookup
  ) -> Bool {
    let seconds = max(Double(window.length) / 1e9, 1e-3)
    let added = (departure.rate - departure.expected) * seconds
    guard added > 0 else { return false }
    var requests: UInt64 = 0
    var assets: UInt64 = 0
    var downloads: UInt64 = 0
    for row in window.clients {
      requests &+= row.counts.requests
      assets &+= row.counts.assets
      if Self.isDownload(row, text) { downloads &+= row.counts.requests }
    }
    if Double(downloads) >= 0.5 * added { return false }
    let troubled = Double(window.counts.status5xx) >= 0.2 * Double(max(window.counts.requests, 1))
    if context.assetVisitors >= 0.3, context.assetShare >= 0.1 {
      let addedAssets = Double(assets) - context.assetShare * departure.expected * seconds
      if addedAssets >= 0.35 * context.assetShare * added { return false }
      return true
    }
    let perClient = Double(requests) / Double(max(window.clients.count, 1)) / seconds
    return troubled || perClient >= 5 * max(calmRate, 0.01)
  }

  /// A file fetched in pieces or over and over: heavy use, not an attack.
  static func isDownload(_ row: ClientObservation, _ text: TextLookup) -> Bool {
    guard row.topPathCount &* 2 >= row.counts.requests, row.counts.status4xx &* 5 <= row.counts.requests else {
      return false
    }
    if row.counts.bytes / max(row.counts.requests, 1) >= 65_536 { return true }
    return hasDownloadExtension(text(.path, row.topPath))
  }

  /// The same of a client's visit.
  static func isDownload(_ profile: ClientProfile, _ text: TextLookup) -> Bool {
    profile.topPathSurplus &* 2 >= profile.visit.requests && profile.visit.failed &* 5 <= profile.visit.requests
      && hasDownloadExtension(text(.path, profile.topPath))
  }

  static func hasDownloadExtension(_ path: [UInt8]) -> Bool {
    guard let dot = path.lastIndex(of: 0x2e), path.count - dot <= 6 else { return false }
    var value: UInt64 = 0
    for byte in path[(dot + 1)...] { value = value << 8 | UInt64(byte | 0x20) }
    return downloadExtensions.contains(value)
  }

  private static let downloadExtensions: Set<UInt64> = Set(
    [
      "zip", "gz", "xz", "bz2", "zst", "tgz", "rar", "7z", "iso", "img", "dmg", "exe", "msi", "deb", "rpm", "apk",
      "ipa",
      "pkg", "jar", "war", "mp4", "m4v", "mkv", "webm", "avi", "mov", "mp3", "m4a", "flac", "ogg", "wav", "ts", "m3u8",
      "mpd", "pdf", "epub", "bin", "tar", "whl", "crate", "nupkg", "pbf", "mbtiles", "parquet",
    ].map { $0.utf8.reduce(0) { $0 << 8 | UInt64($1 | 0x20) } })
}
