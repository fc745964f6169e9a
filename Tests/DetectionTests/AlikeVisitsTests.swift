// Many addresses that each do one small thing alike: told as one campaign where nothing else explains it.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct AlikeVisitsTests {
  private func attacks(_ script: ZoneScript) -> [Attack] { script.run().attacks }

  private func site(hours: Double, perMinute: Double = 4) -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: hours * 3600, perMinute: perMinute)
    return script
  }

  private func agent(_ number: Int) -> String { browserAgent + " v\(number % 12)" }

  // MARK: One user agent

  @Test func pagesTakenByManyUnderANameThatNobodyElseHasAreOneCampaign() {
    var script = site(hours: 12)
    var dice = Dice(3)
    for i in 0..<120 {
      let client = address(130, UInt32(dice.roll(1 << 20)))
      for k in 0..<3 {
        script.add(
          ScriptedRequest(
            time: 3_600 + Double(i) * 200 + Double(k) * 30, client: client, path: "/articles/\(dice.roll(40))",
            agent: "Mozilla/5.0 (Windows NT 6.1) Chrome/41"))
      }
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.scraping])
    #expect((found.first?.sourceCount ?? 0) >= 110)
  }

  @Test func pagesTakenWithoutTheirPartsByACommonBrowserAreNoCampaign() {
    var script = site(hours: 12)
    var dice = Dice(4)
    for i in 0..<120 {
      let client = address(131, UInt32(dice.roll(1 << 20)))
      for k in 0..<3 {
        script.add(
          ScriptedRequest(
            time: 3_600 + Double(i) * 200 + Double(k) * 30, client: client, path: "/articles/\(dice.roll(40))",
            agent: agent(3)))
      }
    }
    #expect(attacks(script).isEmpty)
  }

  @Test func thoseWhoFloodASiteAreNotToldOfAsWalkersToo() {
    var script = site(hours: 6)
    var dice = Dice(8)
    // A few who read without the pages' parts, and then a flood under the same name.
    for i in 0..<12 {
      let client = address(144, UInt32(dice.roll(1 << 20)))
      for k in 0..<3 {
        script.add(
          ScriptedRequest(
            time: 600 + Double(i) * 600 + Double(k) * 9, client: client, path: "/articles/\(dice.roll(40))",
            agent: "Mozilla/5.0 (Windows NT 6.1) Chrome/41"))
      }
    }
    for i in 0..<12_000 {
      script.add(
        ScriptedRequest(
          time: 15_000 + Double(i) / 100, client: address(145, UInt32(dice.roll(300)) << 8 | 4),
          path: "/articles/\(dice.roll(40))", agent: "Mozilla/5.0 (Windows NT 6.1) Chrome/41"))
    }
    #expect(attacks(script).map(\.kind) == [.distributedFlood])
  }

  // MARK: One missing path

  @Test func onePathThatNeverWasAskedForOnceByManyIsOneCampaign() {
    var script = site(hours: 30)
    for i in 0..<80 {
      script.add(
        ScriptedRequest(
          time: 1_000 + Double(i) * 1_200, client: address(132, UInt32(i) << 8 | 7), path: "/modules/cart/version",
          status: 404, agent: agent(i)))
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.scanning])
    #expect(found.first?.sourceCount == 80)
  }

  @Test(arguments: ["linked", "crawled", "app", "convention", "again"])
  func whatIsMissedByManyForAReasonIsNoCampaign(reason: String) {
    var script = site(hours: 30)
    for i in 0..<80 {
      let client = address(133, UInt32(i) << 8 | 7)
      let time = 1_000 + Double(i) * 1_200
      var request = ScriptedRequest(
        time: time + 4_000, client: client, path: "/2009/an-old-page", status: 404, agent: agent(i))
      switch reason {
      case "linked":
        // One in five comes by a search engine's link.
        request.referrer = i % 5 == 0
      case "crawled":
        if i % 5 == 0 { request.agent = "Mozilla/5.0 (compatible; Examplebot/2.1; +http://example.org/bot)" }
      case "app": request.agent = "Example/1.2 CFNetwork/1490 Darwin/23"
      case "convention": request.path = "/.well-known/traffic-advice"
      default:
        // A program that comes back for it.
        var earlier = request
        earlier.time -= 4_000
        script.add(earlier)
        request.time += 4_000
        script.add(request)
      }
      script.add(request)
    }
    #expect(attacks(script).isEmpty)
  }

  @Test func aGonePageThatIsLinkedNowAndThenIsNoCampaign() {
    var script = site(hours: 6 * 24, perMinute: 1)
    for i in 0..<60 {
      var request = ScriptedRequest(
        time: 1_000 + Double(i) * 8_600, client: address(142, UInt32(i) << 8 | 7), path: "/forum/topic", status: 404,
        agent: agent(i))
      script.add(request)
      if i % 8 == 3 {
        (request.time, request.client, request.referrer) = (request.time + 900, address(143, UInt32(i) << 8), true)
        script.add(request)
      }
    }
    #expect(attacks(script).isEmpty)
  }

  // MARK: Numbers

  @Test func numbersCountedUpFromManyAddressesAreOneCampaign() {
    var script = site(hours: 6)
    for i in 0..<40 {
      for k in 0..<12 {
        script.add(
          ScriptedRequest(
            time: 3_000 + Double(i) * 300 + Double(k) * 15, client: address(134, UInt32(i) << 8 | 9),
            path: "/api/users/\(i * 12 + k)", status: k % 3 == 0 ? 200 : 404, agent: "python-requests/2.31"))
      }
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.scanning])
    #expect(found.first?.sourceCount == 40)
  }

  @Test func clientsOfARepositoryThatMissPackagesAreNoCampaign() {
    var script = site(hours: 6)
    let names = ["core", "io", "net", "lang", "text", "math", "util", "json"]
    for i in 0..<60 {
      for (k, name) in names.enumerated() {
        script.add(
          ScriptedRequest(
            time: 3_000 + Double(i) * 200 + Double(k), client: address(135, UInt32(i) << 8 | 9),
            path: "/maven/org/example/\(name)/\(name)-\(i % 3).\(k).pom", status: (i + k) % 5 < 2 ? 404 : 200,
            agent: "Apache-Maven/3.8.6 (Java 17)"))
      }
    }
    #expect(attacks(script).isEmpty)
  }

  // MARK: One rule

  private func odd(_ i: Int, path: String, network: UInt32) -> ScriptedRequest {
    ScriptedRequest(
      time: 1_000 + Double(i) * 2_000, client: address(network, UInt32(i) << 8 | 3), path: path, status: 404,
      agent: agent(i), score: 50, classes: .vulnerabilityProbe, rule: 77)
  }

  @Test func oddRequestsOfOneSortFromManyAreOneCampaign() {
    var script = site(hours: 24)
    for i in 0..<40 { script.add(odd(i, path: "/plugins/p\(i)/readme", network: 136)) }
    let found = attacks(script).filter { $0.kind == .scanning }
    #expect(found.count == 1)
    #expect(found.first?.sourceCount == 40)
  }

  @Test func oddRequestsThatVisitorsSendAsWellAreNoCampaign() {
    var script = site(hours: 24)
    for i in 0..<40 {
      script.add(odd(i, path: "/plugins/p\(i)/readme", network: 137))
      // Visitors with all that belongs to pages ask for the same.
      let visitor = address(138, UInt32(i) << 8 | 3)
      let time = 900 + Double(i) * 2_000
      for path in ["/articles/1", "/s/site.css", "/s/app.js", "/i/logo.png", "/articles/2", "/articles/3"] {
        script.add(
          ScriptedRequest(time: time, client: visitor, path: path, agent: agent(i), referrer: true))
      }
      var request = odd(i, path: "/plugins/p\(i)/readme", network: 138)
      (request.time, request.status, request.referrer) = (time + 20, 200, true)
      script.add(request)
    }
    #expect(attacks(script).isEmpty)
  }

  // MARK: One address

  @Test func aShortListOfWeakSpotsGoneThroughByOneAddressIsAScan() {
    var script = site(hours: 2)
    for (i, path) in ["/console", "/actuator/env", "/.svn/entries", "/server-status", "/solr/", "/info"].enumerated() {
      script.add(
        ScriptedRequest(
          time: 3_000 + Double(i) * 5, client: address("203.0.113.9"), path: path, status: 404, score: i == 5 ? 0 : 60,
          classes: i == 5 ? [] : .vulnerabilityProbe, rule: i == 5 ? 0 : 70 + UInt64(i)))
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.scanning])
    #expect(found.first?.sourceCount == 1)
  }

  @Test func aDeveloperWhoseOwnPagesLookOddIsNoScanner() {
    var script = site(hours: 8)
    for i in 0..<400 {
      script.add(
        ScriptedRequest(
          time: 3_000 + Double(i) * 20, client: address("203.0.113.10"), path: i % 3 == 0 ? "/test" : "/api/items/\(i)",
          status: i % 7 == 0 ? 500 : 200, referrer: true, score: i % 3 == 0 ? 50 : 0,
          classes: i % 3 == 0 ? .vulnerabilityProbe : [], rule: i % 3 == 0 ? 78 : 0))
    }
    #expect(attacks(script).isEmpty)
  }

  @Test func aFolderKeptTheSameOverTheNetworkIsNoScan() {
    var script = site(hours: 8)
    for i in 0..<900 {
      script.add(
        ScriptedRequest(
          time: 3_000 + Double(i) * 10, client: address("203.0.113.11"), method: "PROPFIND", path: "/dav/file\(i)",
          status: i % 5 < 3 ? 404 : 207, agent: "Microsoft-WebDAV-MiniRedir/10.0"))
    }
    #expect(attacks(script).isEmpty)
  }

  @Test func aRobotThatAsksNowAndThenForPagesLongGoneIsNoScanner() {
    var script = site(hours: 24)
    for i in 0..<200 {
      script.add(
        ScriptedRequest(
          time: 500 + Double(i) * 400, client: address(139, UInt32(i % 30)), path: "/spam/page-\(i)/", status: 404,
          agent: "Mozilla/5.0 (compatible; Examplebot/5.0; +http://example.org/robot/)"))
    }
    #expect(attacks(script).isEmpty)
  }

  // MARK: Over days

  @Test func formSpamOfADozenADayIsOneCampaignOfAll() {
    var script = site(hours: 6 * 24, perMinute: 1)
    for i in 0..<66 {
      let client = address(140, UInt32(i) << 8 | 5)
      let time = 3_000 + Double(i) * 7_700
      script.add(ScriptedRequest(time: time, client: client, path: "/articles/3", agent: agent(i)))
      script.add(
        ScriptedRequest(
          time: time + 12, client: client, method: "POST", path: "/comments", status: 302, agent: agent(i),
          referrer: true))
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.formSpam])
    #expect(found.first?.sourceCount == 66)
    #expect(found.first?.targets.first?.path == Array("/comments".utf8))
  }

  @Test func guessesOfEarlierVisitsAreCountedWhenTheyTurnOutToBeGuesses() {
    var script = site(hours: 6 * 24, perMinute: 1)
    // Twenty addresses that try one password each a few hours apart.
    for i in 0..<200 {
      script.add(
        ScriptedRequest(
          time: 2_000 + Double(i) * 2_500, client: address(141, UInt32(i % 20) << 8 | 5), method: "POST",
          path: "/admin/login", status: 403, agent: "Mozilla/5.0 (X\(i % 20))"))
    }
    let found = attacks(script)
    #expect(found.count == 1)
    #expect(found.first?.sourceCount == 20)
    #expect((found.first?.requests ?? 0) >= 190)
  }
}
