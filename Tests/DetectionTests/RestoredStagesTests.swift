// Both stages over days of traffic that fills everything they remember, killed and restored anywhere.

import Bytes
import Rollups
import Testing

@testable import Detection

/// Days of a few sites in windows of a minute, from a seed: visitors by day and night, and what each memory is for.
private struct Days {
  var dice: Dice
  var scripts: [ZoneScript] = []
  /// Of the requests, in seconds.
  let length = 6.0 * 86_400

  init(_ seed: UInt64) {
    dice = Dice(seed)
    for zone in 0..<8 {
      var script = ZoneScript()
      script.zone = zone == 0 ? "www.example.org" : "shop\(zone).example.org"
      script.windowLength = 60 * nanosecondsPerSecond
      scripts.append(script)
      if zone < 2 { addVisitors(to: zone) } else { addFewVisitors(to: zone) }
    }
    for zone in 0..<2 { addCrowds(to: zone) }
    addCrossings()
    addFloods()
    for zone in 0..<2 { addGuesses(to: zone) }
  }

  private func at(_ day: Double, _ seconds: Double) -> Double { day * 86_400 + seconds }

  private mutating func add(_ zone: Int, _ time: Double, _ client: IPAddress, _ body: (inout ScriptedRequest) -> Void) {
    var request = ScriptedRequest(time: time, client: client)
    body(&request)
    if request.time < length { scripts[zone].add(request) }
  }

  /// Enough for what is usual at an hour to be kept, busier by day.
  private mutating func addVisitors(to zone: Int) {
    var time = 0.0
    while time < length {
      let hour = Int(time / 3_600) % 24
      time += (hour < 8 ? 100 : 40) * (0.5 + dice.unit())
      let client = address(UInt32(60 + zone), UInt32(dice.roll(400)))
      let phone = dice.roll(6) == 0
      for i in 0..<(3 + dice.roll(12)) {
        let path = i % 3 == 0 ? "/page/\(dice.roll(60))" : "/style\(dice.roll(4)).css"
        let query = dice.roll(5) == 0 ? "?q=\(dice.roll(40))" : ""
        add(zone, time + Double(i), client) {
          ($0.path, $0.query, $0.referrer) = (phone ? "/api/news" : path, query, i > 0 && !phone)
          if phone { $0.agent = "Acme/7.1 CFNetwork/1490 Darwin/23.0.0" }
        }
      }
      if dice.roll(12) == 0 {
        add(zone, time + 20, client) {
          ($0.path, $0.method, $0.status, $0.referrer) = ("/wp-login.php", "POST", 302, true)
        }
      }
      if dice.roll(12) == 0 {
        add(zone, time + 25, client) { ($0.path, $0.method, $0.referrer) = ("/comment", "POST", true) }
      }
      if dice.roll(8) == 0 {
        add(zone, time + 30, client) { ($0.path, $0.status, $0.referrer) = ("/gone/\(i(time))", 404, true) }
      }
      func i(_ time: Double) -> Int { Int(time) % 5 }
    }
  }

  private mutating func addFewVisitors(to zone: Int) {
    for visit in 0..<60 {
      let client = address(UInt32(60 + zone), UInt32(visit))
      let time = dice.unit() * length
      for i in 0..<6 {
        add(zone, time + Double(i), client) {
          ($0.path, $0.referrer) = (i == 0 ? "/page/\(visit % 7)" : "/style\(i).css", i > 0)
        }
      }
    }
  }

  /// Many who each do little, of every sort.
  private mutating func addCrowds(to zone: Int) {
    for member in 0..<90 {
      for sort in 0..<8 {
        let client = address(UInt32(100 + sort), UInt32(zone * 1_000 + member))
        let time = at(0.5 + Double(sort) * 0.6, Double(member) * 240 + dice.unit() * 100)
        switch sort {
        case 0:
          for path in ["/old.php", "/adm.php", "/x\(dice.roll(9)).php"] {
            add(zone, time, client) { ($0.path, $0.status) = (path, 404) }
          }
        case 1: add(zone, time, client) { ($0.path, $0.status) = ("/secret/panel", 404) }
        case 2:
          let first = dice.roll(900)
          for i in 0..<6 { add(zone, time + Double(i), client) { ($0.path, $0.status) = ("/user/\(first + i)", 404) } }
        case 3:
          for i in 0..<4 { add(zone, time + Double(i), client) { $0.path = "/page/\(i)" } }
        case 4:
          let first = dice.roll(50)
          for i in 0..<3 {
            add(zone, time + Double(i), client) {
              ($0.path, $0.agent) = ("/page/\(first + i)", browserAgent + " walker")
            }
          }
        case 5:
          add(zone, time, client) {
            ($0.path, $0.score, $0.classes, $0.rule) = ("/page/1", 55, .vulnerabilityProbe, 17)
            $0.status = 404
          }
        case 6: add(zone, time, client) { ($0.path, $0.method) = ("/comment", "POST") }
        default:
          for i in 0..<2 {
            add(zone, time + Double(i), client) { ($0.path, $0.method, $0.status) = ("/wp-login.php", "POST", 401) }
          }
        }
      }
    }
    for strays in 0..<60 {
      let (time, client) = (dice.unit() * length, address(120, UInt32(strays)))
      let bytes = UInt64(dice.roll(4_000))
      add(zone, time, client) {
        ($0.path, $0.query, $0.score, $0.rule) = ("/s\(strays % 20)", "?q=1'--", UInt8(75 + strays % 20), 5)
        ($0.status, $0.bytes, $0.classes) = (strays % 3 == 0 ? 200 : 404, bytes, .sqlInjection)
      }
    }
  }

  /// Ever new codes, a few from each address.
  private mutating func addGuesses(to zone: Int) {
    for guess in 0..<200 {
      let (time, client) = (at(1.2, Double(guess) * 300), address(125, UInt32(zone * 1_000 + guess % 50)))
      let code = dice.roll(1 << 30)
      add(zone, time, client) { ($0.path, $0.query, $0.status) = ("/balance", "?code=\(code)", 404) }
      add(zone, time + 60, address(UInt32(60 + zone), 900)) { ($0.path, $0.query) = ("/balance", "?code=1") }
    }
  }

  /// One address that does a little in each zone, day after day.
  private mutating func addCrossings() {
    for day in 0..<4 {
      for actor in 0..<3 {
        for zone in scripts.indices where zone != actor {
          let client = address(130, UInt32(actor))
          let time = at(1.4 * Double(day), Double(zone * 1_900 + actor * 300))
          for path in ["/a.php", "/b.php"] { add(zone, time, client) { ($0.path, $0.status) = (path, 404) } }
        }
      }
    }
  }

  /// A network's, a small one, a real one, a ramp, and phones that wake.
  private mutating func addFloods() {
    for (day, pace, addresses) in [(2.4, 8, 12), (3.4, 10, 14), (4.6, 48, 40)] {
      for second in 0..<240 {
        for _ in 0..<pace {
          let client = IPAddress(v4: 140 << 24 | UInt32(dice.roll(addresses)))
          let path = "/page/\(dice.roll(30))"
          add(0, at(day, Double(second)), client) { $0.path = path }
        }
      }
    }
    for phone in 0..<1_500 {
      add(0, at(5.3, Double(phone) / 10), address(150, UInt32(phone))) {
        ($0.path, $0.agent) = ("/api/news", "Acme/7.1 CFNetwork/1490 Darwin/23.0.0")
      }
    }
    for second in 0..<300 {
      for _ in 0..<30 {
        let client = address(UInt32(160 + dice.roll(30)), UInt32(dice.roll(40)))
        let query = "?x=\(dice.roll(1 << 30))"
        add(1, at(5.7, Double(second)), client) { ($0.path, $0.query) = ("/", query) }
      }
    }
  }
}

@Suite struct RestoredStagesTests {
  private struct Step {
    var windows: [(activity: WindowActivity, texts: [UInt64: [UInt8]])]
    var end: Nanoseconds
  }

  private static func steps(_ seed: UInt64) -> [Step] {
    var byEnd: [Nanoseconds: Step] = [:]
    for script in Days(seed).scripts {
      let made = script.windows()
      for var window in made.windows {
        for i in window.clients.indices {
          for k in window.clients[i].evidence.indices {
            // Few sizes for what is not there, any for what is.
            let line = window.clients[i].evidence[k]
            let place = UInt32(truncatingIfNeeded: line.ordinal &* 7_919)
            window.clients[i].evidence[k].marks.bytes = line.status >= 400 ? 900 + place % 5 * 400 : place % 60_000
          }
        }
        byEnd[window.end, default: Step(windows: [], end: window.end)].windows.append((window, made.texts))
      }
    }
    return byEnd.keys.sorted().compactMap { byEnd[$0] }
  }

  private static let settings = BehaviourSettings()
  private static let rules = [UInt64(5): RuleTitle(id: "some-rule", title: "A rule", classes: .sqlInjection)]

  /// The zone stage's part of a step, with what it knows of normal requests, which only real windows bring.
  private static func judge(_ stage: inout ZoneStage, _ step: Step) -> [Candidate] {
    var found: [Candidate] = []
    for (window, texts) in step.windows {
      stage.consume(window, text: { texts[$1] ?? [] }, into: &found)
      let hash = KeyedHash(key: 99)
      for row in window.clients.prefix(3) {
        let target = (texts[row.topPath] ?? []) + Array("?code=1".utf8)
        if row.counts.status2xx > 0, let guess = GuessedValue(target: target[...], hash: hash) {
          stage.zones[window.zone]?.guesses.learn(guess, by: row.address, at: window.end, hash: hash)
        }
        var marks = RequestMarks()
        marks.bytes = UInt32(row.counts.bytes & 0xffff)
        stage.zones[window.zone]?.normal.count(200, at: window.end)
        stage.zones[window.zone]?.normal.add(
          time: row.firstTime, client: row.address, userAgent: row.userAgent,
          hash: hash.hash(row.address.low, UInt64(bitPattern: row.firstTime)), status: 200, marks: marks
        ) { RequestTexts(method: Array("GET".utf8), target: (texts[row.topPath] ?? [])[...]) }
      }
      if stage.zones[window.zone]?.normal.isWorthMore ?? false {
        stage.zones[window.zone]?.normal.widen()
        stage.wideSamples += 1
      }
    }
    return found
  }

  @Test(arguments: [UInt64](1...2))
  func whatIsRestoredIsWhatWasSavedAndGoesOnTheSame(seed: UInt64) throws {
    let steps = Self.steps(seed)
    var dice = Dice(seed &* 77)
    var sink = NoSourceSink()

    var zones = ZoneStage(settings: Self.settings)
    var campaigns = CampaignStage(rules: Self.rules)
    campaigns.settings.attacksKept = 0
    var candidates: [[Candidate]] = []
    var told: [[Attack]] = []
    for step in steps {
      candidates.append(Self.judge(&zones, step))
      told.append(campaigns.consume(candidates[candidates.count - 1], watermark: step.end, sources: &sink))
    }
    try check(candidates.flatMap { $0 }, zones, campaigns)

    var again = ZoneStage(settings: Self.settings)
    var joined = CampaignStage(rules: Self.rules)
    again.trackChanges()
    joined.trackChanges()
    var saved = (zones: SavedState(), campaigns: SavedState())
    var restarts = 0
    var next = 1 + dice.roll(200)
    for (i, step) in steps.enumerated() {
      let found = Self.judge(&again, step)
      #expect(found == candidates[i], "seed \(seed), step \(i)")
      let attacks = joined.consume(found, watermark: step.end, sources: &sink)
      #expect(attacks == told[i], "seed \(seed), step \(i)")
      if found != candidates[i] || attacks != told[i] { return }
      guard i >= next else { continue }
      saved.zones.apply(again.takeChanges())
      saved.campaigns.apply(joined.takeChanges())
      next = i + 1 + dice.roll(600)
      guard dice.roll(3) == 0 else { continue }
      restarts += 1
      let before = (again.wholeMemory, joined.wholeMemory)
      again = try ZoneStage(settings: Self.settings, seed: 0x6d69_6c6c_7261_6365, restoring: saved.zones)
      joined = try CampaignStage(settings: CampaignSettings(), rules: Self.rules, restoring: saved.campaigns)
      #expect(same(again.wholeMemory, before.0), "seed \(seed), zones after step \(i)")
      #expect(same(joined.wholeMemory, before.1), "seed \(seed), campaigns after step \(i)")
    }
    #expect(restarts > 3)
    #expect(same(again.wholeMemory, zones.wholeMemory))
    #expect(same(joined.wholeMemory, campaigns.wholeMemory))
    #expect(joined.close(sources: &sink) == campaigns.close(sources: &sink))
  }

  /// Prints where two texts part, which are too long to be read.
  private func same(_ a: String, _ b: String) -> Bool {
    if a == b { return true }
    let common = zip(a.utf8, b.utf8).prefix { $0 == $1 }.count
    let from = max(0, common - 300)
    print("restored: …\(String(decoding: a.utf8.dropFirst(from).prefix(400), as: UTF8.self))…")
    print("saved:    …\(String(decoding: b.utf8.dropFirst(from).prefix(400), as: UTF8.self))…")
    return false
  }

  /// That the traffic filled what it is meant to fill.
  private func check(_ candidates: [Candidate], _ zones: ZoneStage, _ campaigns: CampaignStage) throws {
    var site = try #require(zones.zones[Array("www.example.org".utf8)])
    let kinds = Set(candidates.map(\.kind))
    #expect(kinds.isSuperset(of: [.scanning, .injection, .scraping, .formSpam, .bruteForce, .distributedFlood]))
    let usual = site.baseline.season.usual(at: site.lastSeen)
    #expect(usual != nil)
    #expect(!site.networkLoads.loads.isEmpty)
    for visits in [site.probes, site.walks, site.loneMisses, site.agentWalks, site.numberings, site.oddities] {
      #expect(!visits.visits.isEmpty, "\(visits.likeness)")
    }
    let guessed = site.guesses.endpoints.values
    #expect(guessed.contains { $0.crowd != 0 && $0.members.contains(where: \.isTold) && !$0.values.isEmpty })
    #expect(!site.formSenders.counts.isEmpty && !site.linkedMisses.counts.isEmpty && !site.browsers.counts.isEmpty)
    #expect(!site.crowds.isEmpty && !site.loginForms.answers.isEmpty && site.normal.isWide)
    #expect(candidates.contains { $0.facts.basis == .network })
    #expect(candidates.contains { $0.facts.basis != .network && $0.facts.basis != .recent })
    #expect(candidates.contains { $0.confidence == Candidate.hint })
    #expect(candidates.contains { !$0.normal.isEmpty })
    #expect(campaigns.open.values.contains { $0.zone == Attack.manyZones })
    #expect(!campaigns.crossings.crossings.isEmpty)
    #expect(!(campaigns.answers[site.zone]?.value.pages.isEmpty ?? true))
  }
}
