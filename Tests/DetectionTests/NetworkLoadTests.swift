// A burst from many addresses of one network, and the many networks that are busy for good reasons.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct NetworkLoadTests {
  /// Five hours of visitors, some 7 requests/s.
  func site() -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 5 * 3_600, perMinute: 70)
    return script
  }

  static let begin = 4.0 * 3_600

  /// `rate` requests a second for `seconds` from `clients` addresses of one network.
  func burst(
    _ script: inout ZoneScript, rate: Double, seconds: Double = 60, clients: Int = 200, seed: UInt64 = 5,
    network: UInt32 = 203 << 16 | 0x00_71, _ change: (inout ScriptedRequest, inout Dice) -> Void = { _, _ in }
  ) {
    var dice = Dice(seed)
    var time = Self.begin
    while time < Self.begin + seconds {
      time += 2 * dice.unit() / rate
      let client = IPAddress(v4: network << 8 | UInt32(dice.roll(clients)))
      var request = ScriptedRequest(time: time, client: client, path: "/articles/\(dice.roll(30))")
      request.agent = browserAgent + " v\(dice.roll(12))"
      change(&request, &dice)
      script.add(request)
    }
  }

  @Test(arguments: [7.5, 12]) func aBurstFromOneNetworkIsFoundWithItsNetwork(rate: Double) {
    var script = site()
    burst(&script, rate: rate)
    let outcome = script.run()
    let floods = outcome.attacks(.distributedFlood)
    #expect(outcome.attacks.count == 1 && floods.count == 1)
    #expect(floods.first?.explanation.contains("of the network 203.0.113.0/24") == true)
    #expect(floods.first?.explanation.contains("that network sent up to") == true)
    let named = outcome.addresses
    #expect(named.count > 150)
    #expect(named.allSatisfy { $0.network == IPAddress(v4: (203 << 16 | 0x00_71) << 8).network })
  }

  @Test func readersBehindACarriersAddressesAreNoFlood() {
    var script = site()
    burst(&script, rate: 15) { request, dice in
      request.referrer = true
      if dice.roll(4) > 0 { request.path = ["/s/site.css", "/i/logo.png"][dice.roll(2)] }
    }
    #expect(script.run().attacks.isEmpty)
  }

  @Test func anOfficeBehindOneAddressIsNoNetworkFlood() {
    var script = site()
    burst(&script, rate: 9, clients: 1) { request, dice in request.referrer = true }
    #expect(script.run().attacks(.distributedFlood).isEmpty)
  }

  @Test func aCloudsMonitorsAndACrawlersAddressesAreNoFlood() {
    var script = site()
    burst(&script, rate: 9, clients: 30) { request, _ in
      (request.path, request.agent) = ("/health", "uptime-probe/1.0 monitor")
    }
    burst(&script, rate: 9, clients: 30, network: 66 << 16 | 7) { request, dice in
      request.agent = "Mozilla/5.0 (compatible; Examplebot/2.1; +http://example.org/bot)"
    }
    #expect(script.run().attacks.isEmpty)
  }

  @Test func aCrawlerThatIsBelievedIsNoFlood() {
    var script = site()
    script.settings.crawlers = [
      TrustedRange(name: "search", network: Network(IPAddress(v4: (203 << 16 | 0x00_71) << 8), prefix: 120))
    ]
    burst(&script, rate: 12)
    #expect(script.run().attacks.isEmpty)
  }

  @Test func anAppsPhonesBehindACarrierAreNoFlood() {
    var script = site()
    burst(&script, rate: 12) { request, _ in (request.path, request.agent) = ("/api/items", "okhttp/4.9.3") }
    #expect(script.run().attacks.isEmpty)
  }

  @Test func whatANetworkDoesEveryHourIsUsualForIt() {
    var loads = NetworkLoads()
    var departure = RateBaseline.Departure(
      rate: 20, expected: 20, threshold: 90, learned: .max, spread: 2, isExcess: false, isSwell: false,
      isLearning: false)
    departure.basis = .recent
    func window(_ number: Int, rate: UInt64) -> WindowActivity {
      let length = 10 * nanosecondsPerSecond
      var window = WindowActivity(start: scriptStart + Nanoseconds(number) * length, length: length, zone: [])
      window.clients = (0..<20).map { i in
        var row = ClientObservation(
          address: IPAddress(v4: 0x0a00_0000 | UInt32(i)), firstTime: window.start, lastTime: window.start)
        row.counts.requests = rate / 2
        return row
      }
      window.counts.requests = rate * 10
      return window
    }
    func bursts(_ window: WindowActivity, calm: Bool) -> Int {
      loads.judge(window, calm: calm, departure: departure, settings: BehaviourSettings()) { _ in true }.count
    }
    var found = 0
    // Eight requests a second for three hours, before which nothing is judged; then the same, then three times that.
    for i in 0..<1_080 {
      found += bursts(window(i, rate: 8), calm: false)
    }
    for i in 1_080..<1_440 {
      found += bursts(window(i, rate: 16), calm: true)
    }
    #expect(found == 0)
    for i in 1_440..<1_450 {
      found += bursts(window(i, rate: 60), calm: true)
    }
    #expect(found >= 7)
  }

  @Test func whatAllNetworksDoAtOnceIsNoBurstOfOne() {
    var script = site()
    burst(&script, rate: 8)
    // The rest of the zone is as busy.
    script.addVisitors(from: Self.begin - 5, to: Self.begin + 120, perMinute: 700, seed: 9, network: 90)
    #expect(script.run().attacks.isEmpty)
  }

  @Test func networksAreBounded() {
    var loads = NetworkLoads()
    let departure = RateBaseline.Departure(
      rate: 20, expected: 20, threshold: 90, learned: .max, spread: 2, isExcess: false, isSwell: false,
      isLearning: false)
    var window = WindowActivity(start: scriptStart, length: nanosecondsPerSecond, zone: [])
    for i in 0..<2_000 {
      var row = ClientObservation(
        address: IPAddress(v4: UInt32(i) << 8), firstTime: window.start, lastTime: window.start)
      row.counts.requests = .max
      window.clients.append(row)
    }
    window.counts.requests = .max
    _ = loads.judge(window, calm: true, departure: departure, settings: BehaviourSettings()) { _ in true }
    #expect(loads.loads.count == NetworkLoads.limit)
  }
}
