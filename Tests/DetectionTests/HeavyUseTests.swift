// Much traffic that is meant, and the floods that look like it: phones that all wake at once, robots and monitors in a
// hurry, jobs and pages that poll.

import Bytes
import Testing

@testable import Detection

@Suite struct HeavyUseTests {
  /// Visitors, and where `app` is given the phones of an app that call its interface now and then.
  func site(perMinute: Double, hours: Double, app: String? = nil) -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: hours * 3_600, perMinute: perMinute)
    guard let app else { return script }
    var dice = Dice(31)
    var time = 0.0
    while time < hours * 3_600 {
      time += 60 * dice.unit()
      let client = address(88, UInt32(dice.roll(5_000)))
      for i in 0..<(1 + dice.roll(3)) {
        script.add(
          ScriptedRequest(time: time + Double(i), client: client, path: "/api/inbox", bytes: 900, agent: app))
      }
    }
    return script
  }

  static let apps = [
    "okhttp/4.12.0", "Example/3.2 CFNetwork/1490 Darwin/23", "Dalvik/2.1.0 (Linux; U; Android 14)",
    "Example/3.2 (iPhone; iOS 17)",
  ]

  /// What all phones of an app do when a message reaches them: `phones` addresses within `seconds`.
  func push(
    _ script: inout ZoneScript, at begin: Double, phones: Int, seconds: Double = 100, most: Int = 3, agent: String,
    method: String = "GET", _ change: (inout ScriptedRequest, inout Dice) -> Void = { _, _ in }
  ) {
    var dice = Dice(41)
    for phone in 0..<phones {
      // Half of them in the first quarter of the time.
      let share = dice.unit()
      var time = begin + seconds * share * share
      let client = address(UInt32(90 + phone % 40), UInt32(phone) &* 7_919 & 0xff_ffff)
      for _ in 0..<(1 + dice.roll(most)) {
        var request = ScriptedRequest(
          time: time, client: client, method: method, path: "/api/inbox", bytes: 900, agent: agent)
        change(&request, &dice)
        script.add(request)
        time += 0.5 + 4 * dice.unit()
      }
    }
  }

  func expectClean(_ script: ZoneScript, at location: SourceLocation = #_sourceLocation) {
    for attack in script.run().attacks.prefix(3) {
      Issue.record(
        "\(attack.kind) \(attack.explanation) \(attack.sources.count) \(attack.sources.prefix(2))",
        sourceLocation: location)
    }
  }

  // MARK: Messages to all phones

  @Test(arguments: apps, [1.0, 60]) func aMessageToAllPhonesOfAKnownAppIsNoFlood(agent: String, perMinute: Double) {
    for method in ["GET", "POST"] {
      var script = site(perMinute: perMinute, hours: 2, app: agent)
      push(&script, at: 5_400, phones: 4_000, most: 5, agent: agent, method: method)
      expectClean(script)
    }
  }

  @Test(arguments: apps, [1.0, 60]) func norIsOneInAZonesFirstHours(agent: String, perMinute: Double) {
    for begin in [200.0, 1_800] {
      var script = site(perMinute: perMinute, hours: 1)
      push(&script, at: begin, phones: 3_000, most: 2, agent: agent, method: "POST")
      expectClean(script)
    }
  }

  @Test func anAppThatAllOpenAtOnceMayBeBusyForLong() {
    var script = site(perMinute: 20, hours: 3, app: Self.apps[1])
    push(&script, at: 5_400, phones: 30_000, seconds: 1_500, most: 4, agent: Self.apps[1])
    expectClean(script)
  }

  @Test(arguments: [1.0, 60]) func anAppsNameDoesNotExcuseAFloodOfAFew(perMinute: Double) {
    // Where there is nobody but the app, many that call a little faster than its phones are not told from them.
    for clients in perMinute > 1 ? [2, 20, 200] : [2, 20] {
      var script = site(perMinute: perMinute, hours: 1, app: Self.apps[0])
      for i in 0..<12_000 {
        script.add(
          ScriptedRequest(
            time: 2_400 + Double(i) / 50, client: address(140, UInt32(i % clients) * 7_919), path: "/api/inbox",
            agent: Self.apps[0]))
      }
      let outcome = script.run()
      #expect(outcome.attacks.contains { [.flood, .distributedFlood].contains($0.kind) }, "\(clients)")
      let members = outcome.addresses.filter { $0.low >> 24 & 0xff == 140 }
      #expect(Double(members.count) >= 0.9 * Double(clients), "\(members.count) of \(clients)")
    }
  }

  @Test func norOneOfManyThatGoOn() {
    var script = site(perMinute: 20, hours: 2, app: Self.apps[0])
    // Two thousand addresses, each every twenty seconds.
    for i in 0..<120_000 {
      script.add(
        ScriptedRequest(
          time: 3_000 + Double(i) / 100, client: address(140, UInt32(i % 2_000) * 7_919), path: "/api/inbox",
          agent: Self.apps[0]))
    }
    let outcome = script.run()
    #expect(outcome.attacks(.distributedFlood).count == 1)
    #expect(outcome.addresses.count > 1_800)
  }

  @Test func norEverNewAddressesOfAnAppThatNobodyKnows() {
    var script = site(perMinute: 20, hours: 2)
    push(&script, at: 3_000, phones: 60_000, seconds: 1_800, most: 2, agent: Self.apps[3])
    #expect(script.run().attacks(.distributedFlood).count == 1)
  }

  @Test(arguments: [503, 429] as [UInt16]) func norOneThatDoesHarm(status: UInt16) {
    var script = site(perMinute: 20, hours: 2, app: Self.apps[0])
    push(&script, at: 5_400, phones: 4_000, most: 3, agent: Self.apps[0]) { request, dice in
      if dice.roll(4) == 0 { request.status = status }
    }
    #expect(script.run().attacks(.distributedFlood).count == 1)
  }

  @Test func thePhonesOfAnAppAreNoPartOfAFloodThatComesMeanwhile() {
    var script = site(perMinute: 20, hours: 2, app: Self.apps[3])
    push(&script, at: 5_400, phones: 400, most: 3, agent: Self.apps[3])
    for i in 0..<12_000 {
      script.add(
        ScriptedRequest(time: 5_400 + Double(i) / 100, client: address(140, UInt32(i % 300) * 7_919), path: "/"))
    }
    let outcome = script.run()
    #expect(outcome.attacks(.distributedFlood).count == 1)
    let wronged = outcome.addresses.filter { $0.low >> 24 & 0xff != 140 }
    #expect(wronged.count <= 6, "\(wronged.count)")
    #expect(outcome.addresses.count >= 295)
  }

  // MARK: Robots and monitors

  static let crawler = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

  func crawl(
    _ script: inout ZoneScript, rate: Double, clients: Int = 1, seconds: Double = 1_800, robots: Bool = true,
    missing: Int = 20
  ) {
    var dice = Dice(51)
    if robots {
      for i in 0..<clients {
        script.add(
          ScriptedRequest(
            time: 2_399 - Double(i), client: address(66, UInt32(i) << 8 | 7), path: "/robots.txt", agent: Self.crawler))
      }
    }
    for i in 0..<Int(rate * seconds) {
      script.add(
        ScriptedRequest(
          time: 2_400 + Double(i) / rate, client: address(66, UInt32(i % clients) << 8 | 7), path: "/articles/\(i)",
          status: dice.roll(missing) == 0 ? 404 : 200, agent: Self.crawler))
    }
  }

  @Test(arguments: [1, 3, 25]) func aCrawlerInAHurryIsNoAttackOnAQuietSite(clients: Int) {
    for rate in [5.0, 10, 20] {
      var script = site(perMinute: 4, hours: 2)
      crawl(&script, rate: rate, clients: clients)
      expectClean(script)
    }
  }

  @Test(arguments: [1, 4]) func aCrawlersNameDoesNotExcuseAFlood(clients: Int) {
    for rate in [40.0, 150] {
      var script = site(perMinute: 4, hours: 1)
      crawl(&script, rate: rate, clients: clients, seconds: 300, robots: false)
      let outcome = script.run()
      #expect(!outcome.attacks.isEmpty, "\(rate)")
      #expect(outcome.addresses.count == clients)
    }
  }

  @Test(arguments: [12, 40]) func monitorsFromManyPlacesAreNoFlood(places: Int) {
    for (agent, method) in [
      ("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "HEAD"),
      ("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "GET"), ("Blackbox Exporter/0.25.0", "GET"),
    ] {
      var script = site(perMinute: 4, hours: 2)
      for i in 0..<(8 * 3_000) {
        script.add(
          ScriptedRequest(
            time: 2_400 + Double(i) / 8, client: address(67, UInt32(i % places) << 8 | 9), method: method,
            path: i / places % 3 == 0 ? "/status" : "/", bytes: 700, agent: agent))
      }
      expectClean(script)
    }
  }

  @Test func monitorsByTheirOwnWordThatBringASiteDownAreAFlood() {
    var script = site(perMinute: 4, hours: 1)
    for i in 0..<(60 * 300) {
      script.add(
        ScriptedRequest(
          time: 2_400 + Double(i) / 60, client: address(67, UInt32(i % 40) << 8 | 9), path: "/",
          status: i % 4 == 0 ? 503 : 200, agent: "Mozilla/5.0+(compatible; UptimeRobot/2.0)"))
    }
    let outcome = script.run()
    #expect(outcome.attacks.contains { [.flood, .distributedFlood].contains($0.kind) })
    #expect(outcome.addresses.count >= 38)
  }

  // MARK: Jobs and pages that poll

  @Test func aJobThatFetchesOneFileAllDayIsNoAttack() {
    for agent in ["curl/8.5.0", "Wget/1.21.3", "python-requests/2.32.3", "stock-sync/1.4"] {
      var script = site(perMinute: 4, hours: 3)
      for i in 0..<(5 * 7_200) {
        script.add(
          ScriptedRequest(
            time: 2_400 + Double(i) / 5, client: address("198.51.100.44"), path: "/export/stock.json",
            status: i % 3 == 0 ? 200 : 304, agent: agent))
      }
      expectClean(script)
    }
  }

  @Test func aPageThatPollsIsNoAttackAndOneThatNobodyHasOpenIs() {
    for referrer in [true, false] {
      var script = site(perMinute: 4, hours: 2)
      for i in 0..<(5 * 3_600) {
        script.add(
          ScriptedRequest(
            time: 2_400 + Double(i) / 5, client: address("198.51.100.45"), path: "/api/status", bytes: 300,
            referrer: referrer))
      }
      #expect(script.run().attacks.map(\.kind) == (referrer ? [] : [.flood]))
    }
  }
}
