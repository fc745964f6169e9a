// Each kind of attack, at several intensities, among ordinary visitors.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct ZoneAttackTests {
  func site(perMinute: Double = 20, hours: Double = 1) -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: hours * 3600, perMinute: perMinute)
    return script
  }

  /// The attack found, with these addresses and no other.
  func expectAttack(
    _ script: ZoneScript, _ kind: AttackKind, by addresses: Set<IPAddress>, within delay: Double? = nil,
    from begin: Double = 0, at location: SourceLocation = #_sourceLocation
  ) -> ZoneScript.Outcome {
    let outcome = script.run()
    #expect(outcome.attacks(kind).count == 1, sourceLocation: location)
    let missed = addresses.subtracting(outcome.addresses)
    let wronged = outcome.addresses.subtracting(addresses)
    #expect(missed.isEmpty, "missed \(missed.prefix(5)) of \(addresses.count)", sourceLocation: location)
    #expect(wronged.isEmpty, "wrongly named \(wronged.prefix(5))", sourceLocation: location)
    #expect(
      outcome.attacks.count == 1, "\(outcome.attacks.map { ($0.kind, $0.explanation) })", sourceLocation: location)
    if let delay {
      let took = outcome.delay(kind, from: begin)
      #expect(took.map { $0 <= delay } ?? false, "took \(String(describing: took)) s", sourceLocation: location)
    }
    return outcome
  }

  @Test(arguments: [0.05, 1.0, 20.0]) func aScannerIsFound(interval: Double) {
    var script = site()
    let client = address("203.0.113.9")
    for i in 0..<120 {
      script.add(
        ScriptedRequest(
          time: 600 + Double(i) * interval, client: client, path: "/probe/\(i).php", status: i % 12 == 0 ? 200 : 404,
          agent: "Mozilla/5.0"))
    }
    _ = expectAttack(script, .scanning, by: [client], within: 30 * interval + 20, from: 600)
  }

  @Test func aScannerThatSaysItIsACrawlerIsFound() {
    var script = site()
    let client = address("203.0.113.9")
    for i in 0..<200 {
      script.add(
        ScriptedRequest(
          time: 600 + Double(i), client: client, path: "/probe/\(i).php", status: 404,
          agent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"))
    }
    _ = expectAttack(script, .scanning, by: [client])
  }

  @Test func aScanSpreadOverANetworkIsFound() {
    var script = site()
    var members: Set<IPAddress> = []
    for i in 0..<120 {
      let client = address("203.0.113.\(i % 20 + 1)")
      members.insert(client)
      script.add(
        ScriptedRequest(
          time: 600 + Double(i) * 3, client: client, path: "/probe/\(i).php", status: 404, agent: "Mozilla/5.0"))
    }
    _ = expectAttack(script, .scanning, by: members)
  }

  @Test func oneCertainMatchIsAnAttackAndOneDoubtfulIsNot() {
    var script = site()
    let client = address("203.0.113.9")
    script.add(
      ScriptedRequest(
        time: 600, client: client, path: "/a", query: "?id=1'--", score: 90, classes: .sqlInjection, rule: 1))
    let outcome = expectAttack(script, .injection, by: [client])
    #expect(outcome.attacks.first?.attackClass == "sqli")
    #expect(outcome.attacks.first?.evidence.count == 1)
    var quiet = site()
    quiet.settings.loneMatchScore = 60
    quiet.add(
      ScriptedRequest(
        time: 600, client: client, path: "/a", query: "?q=select", score: 52, classes: .sqlInjection, rule: 2))
    #expect(quiet.run().attacks.isEmpty)
  }

  @Test func aScannerOfManyClassesIsOneAttack() {
    var script = site()
    let client = address("203.0.113.9")
    let classes: [AttackClasses] = [.vulnerabilityProbe, .sqlInjection, .crossSiteScripting, .pathTraversal, .scanner]
    for i in 0..<100 {
      script.add(
        ScriptedRequest(
          time: 600 + Double(i) * 0.5, client: client, path: "/x/\(i)", status: 404, score: 80,
          classes: classes[i % 5], rule: UInt64(i % 5 + 1)))
    }
    let outcome = expectAttack(script, .scanning, by: [client])
    // Each failed and matched: it counts once, and so do its rule and its path.
    #expect(outcome.attacks.first?.requests == 100)
    #expect(outcome.attacks.first?.rules.reduce(0) { $0 + $1.matches } == 100)
    #expect(outcome.attacks.first?.targets.allSatisfy { $0.lower <= 1 } ?? false)
  }

  @Test(arguments: [(12, 1.0), (60, 5.0), (40, 600.0), (24, 14_400.0)]) func guessingPasswordsIsFound(
    guesses: Int, interval: Double
  ) {
    let hours = max(1, Double(guesses) * interval / 3600 + 0.5)
    var script = ZoneScript()
    script.windowLength = 60 * nanosecondsPerSecond
    script.addVisitors(from: 0, to: hours * 3600, perMinute: hours > 10 ? 1 : 20)
    let client = address("203.0.113.9")
    for i in 0..<guesses {
      script.add(
        ScriptedRequest(
          time: 600 + Double(i) * interval, client: client, method: "POST", path: "/login", status: 401,
          agent: "Mozilla/5.0"))
    }
    let outcome = expectAttack(script, .bruteForce, by: [client])
    #expect(outcome.attacks.first?.requests ?? 0 <= UInt64(guesses))
  }

  @Test func theEvidenceOfGuessingIsItsGuesses() throws {
    var script = site()
    let client = address("203.0.113.9")
    for i in 0..<60 {
      if i % 20 == 0 {
        script.add(
          ScriptedRequest(
            time: 600 + Double(i), client: client, path: "/", query: "?author=1", status: 301, agent: "Mozilla/5.0",
            score: 72, classes: .vulnerabilityProbe, rule: 8))
      }
      script.add(
        ScriptedRequest(
          time: 600.5 + Double(i), client: client, method: "POST", path: "/login", status: 401, agent: "Mozilla/5.0"))
    }
    let guessing = try #require(script.run().attacks(.bruteForce).first)
    #expect(!guessing.evidence.isEmpty)
    #expect(guessing.evidence.allSatisfy { $0.request == Array("POST /login".utf8) })
  }

  @Test func guessesThatTurnIntoStuffingAreCountedOnce() {
    var script = site()
    let client = address("203.0.113.9")
    for i in 0..<200 {
      script.add(
        ScriptedRequest(
          time: 600 + Double(i), client: client, method: "POST", path: "/login", query: i < 60 ? "" : "?user=\(i)",
          status: 401, agent: "Mozilla/5.0"))
    }
    #expect(script.run().attacks.map(\.requests) == [200])
  }

  @Test(arguments: [40, 400]) func stuffingFromManyAddressesIsFound(addresses: Int) {
    var script = site(hours: 2)
    var members: Set<IPAddress> = []
    for i in 0..<addresses {
      let client = address(UInt32(100 + i % 50), UInt32(i * 7_919))
      members.insert(client)
      for attempt in 0..<2 {
        script.add(
          ScriptedRequest(
            time: 1800 + Double(i) * 2 + Double(attempt) * 400, client: client, method: "POST", path: "/login",
            status: 401, agent: "Mozilla/5.0 (Windows NT 10.0) \(i % 9)"))
      }
    }
    let outcome = script.run()
    #expect(outcome.addresses.subtracting(members).count <= 1)
    #expect(members.subtracting(outcome.addresses).count <= members.count / 20)
    #expect(outcome.attacks.count == 1)
    #expect(outcome.attacks.first?.kind == .credentialStuffing)
  }

  @Test func guessingInSmallRunsForWeeksIsOneAttack() {
    var script = ZoneScript()
    script.windowLength = 60 * nanosecondsPerSecond
    script.addVisitors(from: 0, to: 21 * 86_400, perMinute: 0.2)
    var members: Set<IPAddress> = []
    for i in 0..<60 {
      let client = address(UInt32(100 + i % 50), UInt32(i * 7_919))
      members.insert(client)
      for attempt in 0..<4 {
        script.add(
          ScriptedRequest(
            time: 7_200 + Double(i) * 28_000 + Double(attempt) * 7, client: client, method: "POST",
            path: "/wp-login.php", status: 200, agent: "Mozilla/5.0 (Windows NT 6.1)"))
      }
    }
    let outcome = script.run()
    #expect(members.subtracting(outcome.addresses).isEmpty)
    #expect(outcome.addresses.subtracting(members).isEmpty)
    #expect(outcome.attacks.count == 1)
  }

  @Test(arguments: [0.2, 2.0]) func aScraperIsFound(interval: Double) {
    var script = site(hours: 2)
    let client = address("203.0.113.9")
    for i in 0..<1_200 {
      script.add(
        ScriptedRequest(
          time: 900 + Double(i) * interval, client: client, path: "/articles/\(i)", agent: "python-requests/2.31"))
    }
    _ = expectAttack(script, .scraping, by: [client])
  }

  @Test func aScraperThatSaysItIsACrawlerButHammersIsFound() {
    var script = site()
    let client = address("203.0.113.9")
    for i in 0..<2_000 {
      script.add(
        ScriptedRequest(
          time: 900 + Double(i) * 0.1, client: client, path: "/articles/\(i)",
          agent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"))
    }
    _ = expectAttack(script, .scraping, by: [client])
  }

  @Test func cacheBustingIsFound() {
    var script = site()
    let client = address("203.0.113.9")
    for i in 0..<1_500 {
      script.add(
        ScriptedRequest(
          time: 900 + Double(i) * 0.2, client: client, path: "/", query: "?\(i &* 2_654_435_761)", agent: "Mozilla/5.0")
      )
    }
    _ = expectAttack(script, .cacheBusting, by: [client])
  }

  @Test func slowRequestsAndErrorStormsAreFound() {
    var script = site()
    let client = address("203.0.113.9")
    for i in 0..<120 {
      script.add(ScriptedRequest(time: 900 + Double(i), client: client, path: "/search", query: "?q=%", slow: true))
    }
    _ = expectAttack(script, .slowRequests, by: [client])
    var storm = site()
    for i in 0..<120 {
      storm.add(ScriptedRequest(time: 900 + Double(i), client: client, method: "POST", path: "/api/x", status: 500))
    }
    _ = expectAttack(storm, .errorStorm, by: [client])
    // A server that is down for everyone is no attack of anyone.
    var down = site(perMinute: 60)
    for i in down.requests.indices where down.requests[i].time > 1800 && down.requests[i].time < 2400 {
      down.requests[i].status = 503
    }
    for i in 0..<120 {
      down.add(ScriptedRequest(time: 1850 + Double(i), client: client, path: "/api/x", status: 503, referrer: true))
    }
    #expect(down.run().attacks.isEmpty)
  }

  @Test(arguments: [60.0, 300.0]) func aFloodFromOneAddressIsFound(rate: Double) {
    var script = site(perMinute: 30)
    let client = address("203.0.113.9")
    for i in 0..<Int(rate * 120) {
      script.add(ScriptedRequest(time: 2400 + Double(i) / rate, client: client, path: "/", agent: "Mozilla/5.0 (X)"))
    }
    let outcome = expectAttack(script, .flood, by: [client], within: 30, from: 2400)
    #expect(outcome.attacks.first?.baselineRate ?? 0 > 0)
  }

  /// Requests that come faster than the zone is used to, and slower than what is a flood everywhere.
  private func swell(_ script: inout ZoneScript, from clients: Int, _ change: (inout ScriptedRequest) -> Void) {
    for i in 0..<2_700 {
      var request = ScriptedRequest(
        time: 2400 + Double(i) / 15, client: address(UInt32(100 + i % clients % 60), UInt32(i % clients) * 7_919),
        path: "/")
      change(&request)
      script.add(request)
    }
  }

  @Test func aSmallFloodFromManyIsFoundWithThoseWhoCameFirst() {
    var script = site(perMinute: 6)
    swell(&script, from: 300) { $0.agent = "Mozilla/5.0 (bot)" }
    let outcome = script.run()
    #expect(outcome.attacks.map(\.kind) == [.distributedFlood])
    #expect((297...309).contains(outcome.addresses.count))
  }

  @Test func aBrowserThatHammersOnePageIsAFloodAndAJobIsNot() {
    var hammered = site(perMinute: 6)
    swell(&hammered, from: 2) { $0.path = "/search" }
    let outcome = hammered.run()
    #expect(outcome.attacks.map(\.kind) == [.flood])
    #expect(outcome.addresses.count == 2)
    var job = site(perMinute: 6)
    swell(&job, from: 2) { ($0.path, $0.agent) = ("/export/stock", "curl/8.5.0") }
    #expect(job.run().attacks.isEmpty)
    var polling = site(perMinute: 6)
    swell(&polling, from: 2) { ($0.path, $0.referrer) = ("/api/status", true) }
    #expect(polling.run().attacks.isEmpty)
  }

  @Test func guessesMinutesApartFromManyAreOneAttack() {
    var script = site(perMinute: 10, hours: 12)
    var dice = Dice(17)
    for bot in 0..<20 {
      var time = 1800 + dice.unit() * 600
      while time < 40_000 {
        script.add(
          ScriptedRequest(
            time: time, client: address(UInt32(140 + bot), 77), method: "POST", path: "/login", status: 401,
            agent: "Mozilla/5.0 (guess \(bot))"))
        time += 200 + dice.unit() * 600
      }
    }
    let outcome = script.run()
    #expect(outcome.attacks.count == 1)
    #expect(outcome.addresses.count == 20)
  }

  @Test(arguments: [200, 1_500]) func aDistributedFloodIsFoundWithItsSources(bots: Int) {
    var script = site(perMinute: 30)
    var members: Set<IPAddress> = []
    var dice = Dice(11)
    for i in 0..<30_000 {
      let client = address(UInt32(100 + dice.roll(60)), UInt32(i % bots) * 7_919)
      let fixed = address(client.low.isMultiple(of: 2) ? 120 : 130, UInt32(i % bots) * 7_919)
      members.insert(fixed)
      script.add(
        ScriptedRequest(
          time: 2400 + Double(i) * 0.005, client: fixed, path: "/", agent: "Mozilla/5.0 (bot \(i % 5))"))
    }
    let outcome = script.run()
    #expect(outcome.attacks.count == 1)
    #expect(outcome.attacks.first?.kind == .distributedFlood)
    #expect(Double(outcome.addresses.intersection(members).count) >= 0.95 * Double(members.count))
    let wronged = outcome.addresses.subtracting(members)
    #expect(Double(wronged.count) <= 0.03 * Double(members.count), "\(wronged.count) of \(outcome.addresses.count)")
  }
}
