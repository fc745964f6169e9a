// What many people do at once, or each a little oddly, for a reason that is theirs or the server's.

import Bytes
import Testing

@testable import Detection

@Suite struct ManyAtOnceTests {
  private func site(hours: Double, perMinute: Double = 4) -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: hours * 3600, perMinute: perMinute)
    return script
  }

  private func expectClean(_ script: ZoneScript, at location: SourceLocation = #_sourceLocation) {
    for attack in script.run().attacks.prefix(2) {
      Issue.record("\(attack.kind) \(attack.explanation) \(attack.sources.prefix(3))", sourceLocation: location)
    }
  }

  private func addPage(_ path: String, _ client: IPAddress, _ time: Double, to script: inout ZoneScript) {
    script.add(ScriptedRequest(time: time, client: client, path: path))
    for name in ["/s/site.css", "/s/app.js", "/i/logo.png"] {
      script.add(ScriptedRequest(time: time + 0.2, client: client, path: name, referrer: true))
    }
  }

  // MARK: Logins

  @Test(arguments: [UInt16(503), 502, 500]) func aServerThatFailsEverybodyMakesNobodyAGuesser(status: UInt16) {
    var script = site(hours: 4)
    var dice = Dice(1)
    for _ in 0..<300 {
      let client = address(120, UInt32(dice.roll(1 << 20)))
      var time = 9_000 + dice.unit() * 1_200
      for _ in 0..<(2 + dice.roll(10)) {
        script.add(
          ScriptedRequest(
            time: time, client: client, method: "POST", path: dice.roll(4) == 0 ? "/api/session" : "/api/items",
            status: status, referrer: true))
        time += 1 + dice.unit() * 20
      }
    }
    for i in 0..<1_200 {
      script.add(
        ScriptedRequest(
          time: 9_000 + Double(i), client: address(121, UInt32(i)), path: "/articles/\(i % 40)", status: status,
          referrer: true))
    }
    expectClean(script)
  }

  @Test func peopleWhoMistypeAPasswordAndThenGetInAreNoAttack() {
    var script = site(hours: 5)
    var dice = Dice(2)
    for i in 0..<140 {
      let client = address(122, UInt32(i % 5) << 8 | UInt32(i))
      var time = 9_000 + dice.unit() * 5_000
      for attempt in (0...[0, 1, 1, 2, 3, 5, 7][dice.roll(7)]).reversed() {
        script.add(
          ScriptedRequest(
            time: time, client: client, method: "POST", path: "/login", status: attempt == 0 ? 302 : 401,
            referrer: true))
        time += 4 + dice.unit() * 20
      }
      addPage("/articles/1", client, time, to: &script)
    }
    expectClean(script)
  }

  @Test func whoGuessesAmongThoseWhoMistypeIsToldOf() {
    var script = site(hours: 5)
    for i in 0..<60 {
      script.add(
        ScriptedRequest(
          time: 9_000 + Double(i) * 7, client: address("198.51.100.9"), method: "POST", path: "/login", status: 401))
    }
    #expect(script.run().attacks.map(\.kind) == [.bruteForce])
  }

  // MARK: Rates

  @Test func feedReadersThatComeAtTheFullHourAreNoFlood() {
    var script = site(hours: 13, perMinute: 1)
    var dice = Dice(3)
    for i in 0..<300 {
      let agent = i % 2 == 0 ? "Mozilla/5.0 (X11; Linux x86_64) Reader/1.15" : "reader-\(i % 7)/3.0"
      for hour in [0] + stride(from: 4, through: 12, by: 1 + i % 2) {
        script.add(
          ScriptedRequest(
            time: hour == 0 ? 10 + Double(i) * 12 : Double(hour) * 3_600 + dice.unit() * 9,
            client: address(123, UInt32(i)), path: "/feed/",
            status: 304, bytes: 0, agent: agent))
      }
    }
    expectClean(script)
  }

  @Test func aPageThatManyReloadIsNoFlood() {
    var script = site(hours: 5, perMinute: 3)
    var dice = Dice(4)
    for i in 0..<1_200 {
      let client = address(124, UInt32(i))
      var time = 14_400 + dice.unit() * 1_800
      addPage("/results", client, time, to: &script)
      for _ in 0..<(3 + dice.roll(15)) {
        time += 2 + dice.unit() * 20
        script.add(ScriptedRequest(time: time, client: client, path: "/results", status: 304, bytes: 0))
      }
    }
    expectClean(script)
  }

  @Test func serversThatEachLookAtALinkAreNoFlood() {
    var script = site(hours: 5, perMinute: 3)
    var dice = Dice(5)
    for i in 0..<900 {
      for look in 0..<(1 + dice.roll(3)) {
        script.add(
          ScriptedRequest(
            time: 14_400 + dice.unit() * 100 + Double(look), client: address(125, UInt32(i)), path: "/articles/3",
            agent: "Example/4.\(i % 3) (+https://s\(i).example/) Bot"))
      }
    }
    expectClean(script)
  }

  @Test func theSameUnderOneNameIsAFlood() {
    var script = site(hours: 5, perMinute: 3)
    var dice = Dice(6)
    for i in 0..<3_000 {
      for look in 0..<3 {
        script.add(
          ScriptedRequest(
            time: 14_400 + dice.unit() * 100 + Double(look), client: address(126, UInt32(i)), path: "/articles/3",
            agent: "Example/4.1 (+https://example.com/) Bot"))
      }
    }
    #expect(script.run().attacks.map(\.kind) == [.distributedFlood])
  }

  @Test func puttingThingsThereIsNoScraping() {
    var script = site(hours: 4)
    for i in 0..<6_000 {
      script.add(
        ScriptedRequest(
          time: 3_600 + Double(i) * 0.9, client: address("192.0.2.44"), method: "PUT", path: "/files/backup/\(i)",
          status: 201, bytes: 0, agent: "rclone/1.68"))
    }
    expectClean(script)
  }

  // MARK: Neighbours

  @Test func neighboursOfOneWhoSearchesAreNotNamed() {
    var script = site(hours: 4)
    for i in 0..<400 {
      script.add(
        ScriptedRequest(
          time: 7_200 + Double(i) * 8, client: address(127, 1), path: "/payslips/\(4_000 + i).pdf",
          status: i % 8 == 0 ? 200 : 404))
    }
    for i in 2..<30 {
      script.add(
        ScriptedRequest(time: 7_000 + Double(i) * 100, client: address(127, UInt32(i)), path: "/portal/", status: 401))
      addPage("/articles/5", address(127, UInt32(i)), 7_001 + Double(i) * 100, to: &script)
    }
    #expect(script.run().attacks.map { $0.sources.map(\.address) } == [[address(127, 1)]])
  }

  @Test func aSearchEngineThatComesBackForOldProgramsIsNoScanner() {
    var script = site(hours: 30)
    var dice = Dice(7)
    for i in 0..<600 {
      script.add(
        ScriptedRequest(
          time: Double(i) * 170, client: address(128, UInt32(i % 6)), path: "/cgi-bin/old-\(dice.roll(400)).cgi",
          status: 404, agent: "Mozilla/5.0 (compatible; Examplebot/2.1; +http://example.org/bot)"))
    }
    expectClean(script)
  }

  // MARK: Odd values

  @Test func aForumWherePeopleLookForCodeIsNotUnderAttack() {
    var script = site(hours: 30)
    var dice = Dice(8)
    for i in 0..<400 {
      let client = address(129, UInt32(i))
      var time = Double(i) * 250
      addPage("/index", client, time, to: &script)
      for page in 0..<(2 + dice.roll(3)) {
        time += 10 + dice.unit() * 40
        var request = ScriptedRequest(
          time: time, client: client, path: page == 0 ? "/search" : "/topic", query: "?q=\(dice.roll(9))",
          referrer: true)
        (request.score, request.classes, request.rule) = (94, [.sqlInjection], UInt64(1 + dice.roll(6)))
        script.add(request)
        for name in ["/s/site.css", "/i/hero.jpg"] {
          script.add(ScriptedRequest(time: time + 0.2, client: client, path: name, status: 304, referrer: true))
        }
      }
    }
    expectClean(script)
  }

  @Test func aToolInItsSearchIsToldOfAllTheSame() {
    var script = site(hours: 4)
    for i in 0..<60 {
      var request = ScriptedRequest(
        time: 7_200 + Double(i), client: address("198.51.100.23"), path: "/search", query: "?q=\(i)",
        status: i % 5 == 0 ? 500 : 200)
      (request.score, request.classes, request.rule) = (94, [.sqlInjection], 1)
      script.add(request)
    }
    #expect(script.run().attacks.map(\.kind) == [.injection])
  }
}
