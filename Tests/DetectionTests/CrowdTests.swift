// Attacks that only show when many clients are looked at together, and what merely looks like them.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct CrowdTests {
  private func attacks(_ script: ZoneScript) -> [Attack] { script.run().attacks }

  private func site() -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 3600, perMinute: 20)
    return script
  }

  @Test func cacheBustingByManyWhoEachDoLittleIsFoundWithAllOfThem() {
    var script = site()
    for bot in 0..<20 {
      for i in 0..<30 {
        script.add(
          ScriptedRequest(
            time: 1_800 + Double(i) * 4 + Double(bot) / 10, client: address(120, UInt32(bot) << 8 | 9), path: "/",
            query: "?_=\(bot)-\(i)"))
      }
    }
    let found = attacks(script).filter { $0.kind == .cacheBusting }
    #expect(found.count == 1)
    #expect(found.first?.sourceCount == 20)
  }

  @Test func formsSentByManyWhoLoadNothingAreSpam() {
    var script = site()
    for i in 0..<120 {
      script.add(
        ScriptedRequest(
          time: 900 + Double(i) * 12, client: address(121, UInt32(i % 20) << 8 | 5), method: "POST",
          path: "/contact/send", status: 302, agent: "Mozilla/5.0 (rv:\(i % 20))"))
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.formSpam])
    #expect(found.first?.sourceCount == 20)
  }

  @Test func aFormSentByVisitorsOfTheSiteIsNoSpam() {
    var script = site()
    for i in 0..<60 {
      let visitor = address(122, UInt32(i) << 8 | 5)
      for (offset, path) in ["/contact", "/style.css", "/logo.png"].enumerated() {
        script.add(ScriptedRequest(time: 900 + Double(i) * 20 + Double(offset), client: visitor, path: path))
      }
      for j in 0..<2 {
        script.add(
          ScriptedRequest(
            time: 910 + Double(i) * 20 + Double(j), client: visitor, method: "POST", path: "/contact/send",
            status: 302, referrer: true))
      }
    }
    #expect(attacks(script).isEmpty)
  }

  @Test func commentsLeftHoursApartByBrowsersThatLoadNoPagesAreOneCampaign() {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 20 * 3600, perMinute: 4)
    for i in 0..<30 {
      let client = address(123, UInt32(i) << 8 | 5)
      let agent = "Mozilla/5.0 (Windows NT 6.1; rv:\(i)) Firefox"
      let time = 3_600 + Double(i) * 1_800
      script.add(ScriptedRequest(time: time, client: client, path: "/articles/3", agent: agent, referrer: true))
      script.add(
        ScriptedRequest(
          time: time + 2, client: client, method: "POST", path: "/comments", status: 302, agent: agent, referrer: true))
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.formSpam])
    #expect(found.first?.sourceCount == 30)
  }

  @Test func programsAndAppsThatPostAreNoSpam() {
    var script = site()
    let agents = [
      "ExampleHooks/2", "okhttp/4.9", "Mozilla/5.0 (Linux; Android 14; Pixel; wv) AppleWebKit/537.36 Chrome/120 Mobile",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    ]
    for i in 0..<200 {
      script.add(
        ScriptedRequest(
          time: 300 + Double(i) * 15, client: address(124, UInt32(i % 60) << 8 | 5), method: "POST", path: "/hook",
          status: 200, agent: agents[i % 4]))
    }
    #expect(attacks(script).isEmpty)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func aSearchSpreadOverManyAddressesIsOneCampaign(seed: UInt64) {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 20 * 3600, perMinute: 4, seed: seed)
    var dice = Dice(seed)
    for i in 0..<60 {
      let client = address(UInt32(125 + i % 40), UInt32(dice.roll(1 << 20)))
      let time = 1_800 + Double(i) * 1_000 + dice.unit() * 600
      // Each with an agent of its own, and in an order of its own.
      for (k, path) in ["/plugin/up", "/old/admin", "/backup/site"].enumerated() {
        script.add(
          ScriptedRequest(
            time: time + Double((k + i) % 3) * 4, client: client, path: path, status: 404,
            agent: "Mozilla/5.0 (seed \(seed), \(i))"))
      }
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.scanning])
    #expect(found.first?.sourceCount == 60)
  }

  @Test(arguments: [4, 5] as [UInt64]) func aWalkRepeatedFromManyAddressesIsOneCampaign(seed: UInt64) {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 12 * 3600, perMinute: 6, seed: seed)
    var dice = Dice(seed)
    for i in 0..<50 {
      let client = address(UInt32(128 + i % 30), UInt32(dice.roll(1 << 20)))
      let time = 3_600 + Double(i) * 600 + dice.unit() * 300
      for (k, page) in [3, 17, 28, 31].enumerated() {
        script.add(
          ScriptedRequest(
            time: time + Double(k) * 3, client: client, path: "/articles/\(page)",
            agent: browserAgent + " v\(dice.roll(12))"))
      }
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.scraping])
    #expect(found.first?.sourceCount == 50)
  }

  @Test func readersWhoTakeTheirOwnWayAreNoCampaign() {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 12 * 3600, perMinute: 6)
    var dice = Dice(31)
    // All that belongs to the pages is at hand from an earlier visit, and nothing tells where they came from.
    for i in 0..<400 {
      let client = address(129, UInt32(dice.roll(1 << 20)))
      for k in 0..<(3 + dice.roll(4)) {
        script.add(
          ScriptedRequest(
            time: Double(i) * 100 + Double(k) * 20, client: client,
            path: "/articles/\(min(dice.roll(40), dice.roll(40)))", agent: browserAgent + " v\(i % 12)"))
      }
    }
    #expect(attacks(script).isEmpty)
  }

  @Test func whatManyMissWithoutSearchingIsNoCampaign() {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 10 * 3600, perMinute: 6)
    var dice = Dice(5)
    for i in 0..<400 {
      let client = address(126, UInt32(dice.roll(1 << 20)))
      let time = Double(i) * 80
      switch i % 4 {
      case 0:
        // A phone that looks for its icons.
        for icon in ["/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"] {
          script.add(ScriptedRequest(time: time, client: client, path: icon, status: 404))
        }
      case 1:
        // An old version of the app, whose interface is gone.
        for path in ["/api/v1/me", "/api/v1/feed", "/api/v1/items"] {
          script.add(
            ScriptedRequest(
              time: time, client: client, path: path, status: 404, agent: "Example/1.2 CFNetwork/1490 Darwin/23"))
        }
      case 2:
        // A bookmark that leads nowhere.
        script.add(ScriptedRequest(time: time, client: client, path: "/gone/\(dice.roll(8))", status: 404))
      default:
        // A page of the site that lacks two of its parts.
        for path in ["/parts/menu", "/parts/news"] {
          script.add(ScriptedRequest(time: time, client: client, path: path, status: 404, referrer: true))
        }
      }
    }
    #expect(attacks(script).isEmpty)
  }

  @Test func linksMisreadFromPagesAreNoProbes() {
    func record(_ request: String) -> EvidenceRecord {
      var record = EvidenceRecord()
      record.request = Array(request.utf8)
      return record
    }
    #expect(BrokenLinks.explain([record("GET /https:/example.org/page")]))
    #expect(BrokenLinks.explain([record("GET /2015/%22%20class=%22url%22%3Eexample.org%3C/a%3E")]))
    #expect(!BrokenLinks.explain([record("GET /%22%20class=x%20onerror=alert(1)%3E%3C/a%3E")]))
    #expect(!BrokenLinks.explain([record("GET /wp-login.php")]))
    #expect(!BrokenLinks.explain([]))
  }
}
