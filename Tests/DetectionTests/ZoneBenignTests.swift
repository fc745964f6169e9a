// What tempts and must stay clean.

import Bytes
import Testing

@testable import Detection

@Suite struct ZoneBenignTests {
  /// An hour of visitors, into which a test puts what tempts.
  func site(perMinute: Double = 20, hours: Double = 1) -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: hours * 3600, perMinute: perMinute)
    return script
  }

  func expectClean(_ script: ZoneScript, _ comment: Comment? = nil, at location: SourceLocation = #_sourceLocation) {
    let outcome = script.run()
    #expect(outcome.attacks.isEmpty, comment, sourceLocation: location)
    for attack in outcome.attacks.prefix(2) {
      Issue.record("\(attack.kind) \(attack.explanation) \(attack.sources.prefix(3))", sourceLocation: location)
    }
  }

  @Test func ordinaryVisitorsAreNoAttack() { expectClean(site(perMinute: 60, hours: 3)) }

  @Test func aDayCurveIsNoFlood() {
    var script = ZoneScript()
    script.windowLength = 60 * nanosecondsPerSecond
    for hour in 0..<30 {
      let load = [2, 1, 1, 1, 1, 2, 4, 10, 20, 30, 40, 40, 40, 36, 36, 36, 30, 30, 24, 20, 20, 14, 8, 4][hour % 24]
      script.addVisitors(
        from: Double(hour) * 3600, to: Double(hour + 1) * 3600, perMinute: Double(load), seed: UInt64(hour))
    }
    expectClean(script)
  }

  @Test func aCrowdThatFollowsALinkIsNoFlood() {
    var script = site(perMinute: 20, hours: 1)
    script.addVisitors(from: 2400, to: 3600, perMinute: 900, seed: 9, network: 90)
    expectClean(script)
  }

  @Test func aPopularDownloadIsNoFlood() {
    var script = site()
    var dice = Dice(3)
    for i in 0..<40_000 {
      script.add(
        ScriptedRequest(
          time: 2400 + Double(i) * 0.02, client: address(91, UInt32(dice.roll(4_000))), path: "/files/tool-2.1.zip",
          status: 206, bytes: 1_000_000, agent: "Wget/1.21"))
    }
    expectClean(script)
  }

  @Test func aDownloadManagersRangeRequestsAreNoFlood() {
    var script = site()
    for i in 0..<30_000 {
      script.add(
        ScriptedRequest(
          time: 2400 + Double(i) * 0.02, client: address("198.51.100.7"), path: "/files/image.iso", status: 206,
          bytes: 262_144, agent: "aria2/1.36"))
    }
    expectClean(script)
  }

  @Test func aPoliteCrawlerThatFindsDeadLinksIsNoScanner() {
    var script = site()
    var dice = Dice(4)
    let agent = "Mozilla/5.0 (compatible; Examplebot/2.0; +http://www.example.com/bot.html)"
    script.add(ScriptedRequest(time: 1, client: address("192.0.2.5"), path: "/robots.txt", agent: agent))
    for i in 0..<600 {
      script.add(
        ScriptedRequest(
          time: 10 + Double(i) * 5, client: address("192.0.2.5"), path: "/old/\(i)",
          status: dice.roll(10) < 5 ? 404 : 200,
          agent: agent))
    }
    expectClean(script)
  }

  @Test func aBelievedCrawlerMayDoWhatItLikes() {
    var script = site()
    if let network = Network("192.0.2.0/24") {
      script.settings.crawlers = [TrustedRange(name: "search", network: network)]
    }
    for i in 0..<3_000 {
      script.add(
        ScriptedRequest(
          time: 10 + Double(i) * 0.1, client: address("192.0.2.5"), path: "/old/\(i)", status: i % 2 == 0 ? 404 : 200))
    }
    expectClean(script)
  }

  @Test func feedReadersAndMonitorsAreNoAttack() {
    var script = site(hours: 3)
    for reader in 0..<20 {
      for i in 0..<30 {
        script.add(
          ScriptedRequest(
            time: Double(i) * 360 + Double(reader), client: address(70, UInt32(reader)), path: "/feed.xml",
            status: i % 2 == 0 ? 200 : 304, agent: "Feedly/1.0 (+http://www.feedly.com/fetcher.html)"))
      }
    }
    for i in 0..<1_080 {
      script.add(
        ScriptedRequest(
          time: Double(i) * 10, client: address("203.0.113.77"), method: "HEAD", path: "/", agent: "jetmon/1.0"))
      script.add(
        ScriptedRequest(
          time: Double(i) * 10 + 3, client: address("203.0.113.78"), path: "/health", query: "?_=\(i)", status: 404,
          agent: "check_http/2.3"))
    }
    expectClean(script)
  }

  @Test func aPhoneAppsInterfaceIsNoAttack() {
    var script = ZoneScript()
    var dice = Dice(6)
    for i in 0..<30_000 {
      // One path takes nearly all; tokens run out now and then.
      script.add(
        ScriptedRequest(
          time: Double(i) * 0.12, client: address(72, UInt32(dice.roll(800))),
          method: dice.roll(2) == 0 ? "POST" : "GET",
          path: dice.roll(10) == 0 ? "/api/items/\(dice.roll(5_000))" : "/api/sync", query: "?t=\(i)",
          status: dice.roll(40) == 0 ? 401 : 200, agent: "ExampleApp/4.2 CFNetwork/1490 Darwin/23"))
    }
    // A burst from one phone that was offline for long.
    for i in 0..<400 {
      script.add(
        ScriptedRequest(
          time: 2000 + Double(i) * 0.05, client: address(72, 17), method: "POST", path: "/api/sync", query: "?n=\(i)",
          agent: "ExampleApp/4.2 CFNetwork/1490 Darwin/23"))
    }
    expectClean(script)
  }

  @Test func staffAtWorkIsNoAttack() {
    var script = site(hours: 2)
    var dice = Dice(8)
    let client = address("198.51.100.30")
    script.add(
      ScriptedRequest(time: 5, client: client, method: "POST", path: "/admin/login", status: 401, referrer: true))
    script.add(
      ScriptedRequest(time: 25, client: client, method: "POST", path: "/admin/login", status: 302, referrer: true))
    for i in 0..<1_500 {
      let post = dice.roll(3) == 0
      script.add(
        ScriptedRequest(
          time: 30 + Double(i) * 4, client: client, method: post ? "POST" : "GET",
          path: post ? "/admin/ajax" : "/admin/edit/\(i)", query: "?nonce=\(i)",
          status: dice.roll(30) == 0 ? 403 : 200, referrer: true))
      if i % 3 == 0 {
        script.add(ScriptedRequest(time: 30 + Double(i) * 4, client: client, path: "/admin/ui.js", referrer: true))
      }
    }
    expectClean(script)
  }

  @Test func aSiteWhoseOldPagesAreGoneForEveryoneHasNoScanners() {
    var script = ZoneScript()
    var dice = Dice(10)
    for i in 0..<6_000 {
      let client = address(73, UInt32(dice.roll(500)))
      script.add(
        ScriptedRequest(
          time: Double(i) * 0.6, client: client, path: "/2009/\(dice.roll(900))", status: dice.roll(10) < 7 ? 404 : 200)
      )
    }
    expectClean(script)
  }

  @Test func pollingDashboardsAndNightlyJobsAreNoAttack() {
    var script = site(hours: 2)
    for dashboard in 0..<8 {
      for i in 0..<3_600 {
        script.add(
          ScriptedRequest(
            time: Double(i) * 2, client: address(74, UInt32(dashboard)), path: "/api/metrics", query: "?since=\(i)",
            referrer: true))
      }
    }
    for i in 0..<2_000 {
      script.add(
        ScriptedRequest(
          time: 3000 + Double(i) * 0.1, client: address("198.51.100.99"), path: "/export/orders.csv",
          agent: "curl/8.0"))
    }
    expectClean(script)
  }

  @Test func oneLostFileIsNoScan() {
    var script = site()
    for i in 0..<500 {
      script.add(
        ScriptedRequest(
          time: Double(i) * 5, client: address("198.51.100.12"), path: "/apple-touch-icon.png", status: 404))
    }
    expectClean(script)
  }

  @Test func aStormOfQuestionsBeforeCallsIsNoFlood() {
    var script = site(hours: 2)
    var dice = Dice(21)
    for i in 0..<20_000 {
      // A page on another site asks before each of its calls whether it may call.
      script.add(
        ScriptedRequest(
          time: 3600 + Double(i) * 0.06, client: address(76, UInt32(dice.roll(300))),
          method: i % 2 == 0 ? "OPTIONS" : "GET", path: "/api/rates", query: "?t=\(i / 2)",
          status: i % 2 == 0 ? 204 : 200, referrer: true))
    }
    for i in 0..<3_000 {
      script.add(
        ScriptedRequest(
          time: 1000 + Double(i) * 0.3, client: address("198.51.100.61"), method: "OPTIONS", path: "/api/rates",
          status: 405, referrer: true))
    }
    expectClean(script)
  }

  @Test func aDevelopersMachineIsNoAttack() {
    var script = site(hours: 2)
    var dice = Dice(22)
    let client = address("198.51.100.62")
    for i in 0..<3_000 {
      let kind = dice.roll(10)
      let time = 600 + Double(i) * 1.5
      switch kind {
      case 0..<4: script.add(ScriptedRequest(time: time, client: client, path: "/draft/\(i % 9)", referrer: true))
      case 4..<7:
        script.add(ScriptedRequest(time: time, client: client, path: "/build/app-\(i).js", referrer: true))
      case 7:
        script.add(
          ScriptedRequest(time: time, client: client, path: "/build/app-\(i).js.map", status: 404, referrer: true))
      case 8:
        script.add(ScriptedRequest(time: time, client: client, path: "/draft/\(i % 9)", status: 500, referrer: true))
      default:
        script.add(ScriptedRequest(time: time, client: client, path: "/api/try", query: "?n=\(i)", agent: "curl/8.5"))
      }
    }
    expectClean(script)
  }

  @Test func anOfficeBehindOneAddressIsNoAttack() {
    var script = site(hours: 2)
    var dice = Dice(23)
    let proxy = address("198.51.100.63")
    for person in 0..<600 {
      var time = 600 + dice.unit() * 5_400
      let agent = browserAgent + " p\(person % 70)"
      for page in 0..<(2 + dice.roll(8)) {
        script.add(
          ScriptedRequest(
            time: time, client: proxy, path: "/articles/\(dice.roll(60))", agent: agent, referrer: page > 0))
        for asset in ["/s/site.css", "/i/logo.png"] where dice.roll(2) == 0 {
          script.add(ScriptedRequest(time: time, client: proxy, path: asset, agent: agent, referrer: true))
        }
        if dice.roll(12) == 0 {
          script.add(
            ScriptedRequest(
              time: time + 9, client: proxy, method: "POST", path: "/login", status: dice.roll(8) == 0 ? 401 : 302,
              agent: agent, referrer: true))
        }
        if dice.roll(30) == 0 {
          script.add(
            ScriptedRequest(time: time, client: proxy, path: "/gone/\(dice.roll(40))", status: 404, referrer: true))
        }
        time += 4 + dice.unit() * 40
      }
    }
    expectClean(script)
  }

  @Test func monitorsFromManyPlacesThatAskForTheSamePagesAreNoCampaign() {
    var script = site(hours: 3)
    for place in 0..<40 {
      for i in 0..<30 {
        for (k, path) in ["/", "/login", "/shop", "/search"].enumerated() {
          script.add(
            ScriptedRequest(
              time: Double(i) * 300 + Double(place) * 7 + Double(k), client: address(77, UInt32(place) << 8 | 9),
              path: path, agent: "Mozilla/5.0 (compatible; ExampleMonitor/1.0; uptime)"))
        }
      }
    }
    expectClean(script)
  }

  @Test func manyTinySitesStayQuiet() {
    // Absolute rates so small that any ratio means nothing.
    var script = ZoneScript()
    for i in 0..<40 {
      script.add(ScriptedRequest(time: Double(i) * 900, client: address(75, UInt32(i % 7)), path: "/\(i % 5)"))
    }
    for i in 0..<60 {
      script.add(ScriptedRequest(time: 30_000 + Double(i) * 0.5, client: address(75, 3), path: "/\(i % 12)"))
    }
    expectClean(script)
  }
}
