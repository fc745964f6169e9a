// Many addresses that guess values at one endpoint, and what fails for other reasons.

import Bytes
import Testing

@testable import Detection

@Suite struct GuessTests {
  private let hash = KeyedHash(key: 11)

  private func site(hours: Double) -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: hours * 3_600, perMinute: 4)
    return script
  }

  private func agent(_ number: Int) -> String { browserAgent + " v\(number % 12)" }

  private func text(_ length: Int, of letters: String, _ dice: inout Dice) -> String {
    let letters = Array(letters)
    return String((0..<length).map { _ in letters[dice.roll(letters.count)] })
  }

  /// Three requests by each of 70 addresses, hours apart.
  private func add(to script: inout ZoneScript, _ body: (Int, inout ScriptedRequest) -> Void) {
    for i in 0..<70 {
      for k in 0..<3 {
        var request = ScriptedRequest(
          time: 3_000 + Double(i) * 250 + Double(k) * 9_000, client: address(150, UInt32(i) << 8 | 7), status: 404,
          agent: agent(i))
        body(i, &request)
        script.add(request)
      }
    }
  }

  // MARK: Told

  @Test func codesGuessedInAQueryByManyAreOneCampaign() {
    var script = site(hours: 14)
    var dice = Dice(1)
    add(to: &script) {
      let code = text(12, of: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", &dice)
      ($1.path, $1.query, $1.referrer) = ("/giftcard/balance", "?code=\(code)&utm_source=\($0)", true)
    }
    let outcome = script.run()
    #expect(outcome.attacks.map(\.kind) == [.scanning])
    #expect(outcome.attacks.first?.sourceCount == 70)
    // With those of earlier visits.
    #expect((outcome.attacks.first?.requests ?? 0) >= 200)
    #expect(outcome.addresses.allSatisfy { $0 >= address(150, 0) })
  }

  @Test(arguments: ["numbers", "tokens"])
  func valuesGuessedInAPathByManyAreOneCampaign(values: String) {
    var script = site(hours: 14)
    var dice = Dice(2)
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    add(to: &script) {
      let value =
        values == "numbers" ? "/invoice/INV-\(dice.roll(900_000)).pdf" : "/s/\(text(15, of: letters, &dice))"
      ($1.path, $1.status) = (value, $0 % 2 == 0 ? 403 : 404)
    }
    let found = script.run().attacks
    #expect(found.map(\.kind) == [.scanning])
    #expect((found.first?.sourceCount ?? 0) >= 65)
  }

  // MARK: Not told

  @Test func gonePagesAskedForAgainAndAgainAreNotGuessed() {
    var script = site(hours: 14)
    var dice = Dice(3)
    add(to: &script) { $1.path = "/articles/2009/\(1_000 + min(dice.roll(60), dice.roll(60)))" }
    #expect(script.run().attacks.isEmpty)
  }

  @Test func whatFailsForVisitorsAsWellIsBrokenAndNotGuessed() {
    var script = site(hours: 14)
    var dice = Dice(4)
    add(to: &script) { $1.path = "/order/\($0)0\(dice.roll(900_000))/state" }
    for i in 0..<40 {
      let client = address(151, UInt32(i) << 8 | 3)
      for (k, path) in ["/articles/1", "/s/site.css", "/order/\(i)7\(dice.roll(9_000))/state"].enumerated() {
        script.add(
          ScriptedRequest(
            time: 2_500 + Double(i) * 60 + Double(k), client: client, path: path, status: k == 2 ? 404 : 200,
            agent: agent(i), referrer: k > 0))
      }
    }
    #expect(script.run().attacks.isEmpty)
  }

  @Test(arguments: ["again", "app", "visitor", "robot", "words", "package"])
  func whatIsMissedForAReasonIsNotGuessed(reason: String) {
    var script = site(hours: 14)
    var dice = Dice(5)
    add(to: &script) { i, request in
      request.path = "/item/\(dice.roll(900_000))"
      switch reason {
      // A device that wants its own thing.
      case "again": request.path = "/device/\(10_000 + 7 * i)/config"
      // What an index of packages names has gone.
      case "package": request.path = "/pool/main/l/lib\(dice.roll(900_000)).deb"
      // Where nobody was seen to find something, an app may have a fault.
      case "app": request.agent = "Example/1.2 CFNetwork/1490 Darwin/23"
      case "visitor": break
      case "robot": request.agent = "Mozilla/5.0 (compatible; Examplebot/2.1; +http://example.org/bot)"
      default: request.path = "/" + ["sale", "shoes", "coats", "hats"][dice.roll(4)]
      }
    }
    if reason == "visitor" {
      add(to: &script) { ($1.path, $1.status, $1.time) = ("/s/site.css", 200, $1.time + 1) }
    }
    #expect(script.run().attacks.isEmpty)
  }

  // MARK: Endpoints

  private func guess(_ target: String) -> GuessedValue? { GuessedValue(target: Array(target.utf8)[...], hash: hash) }

  @Test func anEndpointIsToldByItsShapeAndTheNamesInItsQuery() throws {
    let code = try #require(guess("/balance?code=V58Y"))
    #expect(guess("/balance?code=42VG")?.endpoint == code.endpoint)
    #expect(guess("/balance?code=42VG")?.value != code.value)
    #expect(guess("/balance?code=V58Y&utm_source=mail&_=17") == code)
    #expect(guess("/sale?fbclid=17") == nil)
    #expect(guess("/balance?pin=V58Y")?.endpoint != code.endpoint)
    for (a, b) in [
      ("/api/v2/users/38057", "/api/v2/users/7"), ("/s/NhoVI78H3OBDOYo", "/s/hDrbT3A6oPX34pp"),
      ("/f/0b54be12-7c2f-4e0d-9d3a-5a1f4e2b9c10", "/f/9e107d9d-372b-4826-bd81-3542a419d6e0"),
      ("/card/V58Y-3DN8-27TD.pdf", "/card/42VG-8SBS-N8S6.pdf"),
    ] {
      let (first, second) = try (#require(guess(a)), #require(guess(b)))
      #expect(first.endpoint == second.endpoint && first.value != second.value, "\(a)")
    }
    #expect(guess("/p/101049-rural-bottle")?.endpoint != guess("/p/101050-rural-spoon")?.endpoint)
    #expect(guess("/wiki/MyLittlePage") == nil && guess("/a/b?c") == nil && guess("") == nil && guess("?") == nil)
  }

  private func note(
    _ test: inout GuessTest, _ client: UInt32, _ target: String, isProgram: Bool = true, at time: Nanoseconds = 0
  ) -> GuessTest.Found? {
    test.note(
      [guess(target)].compactMap { $0 }, of: address(7, client), failed: 1, failedEver: 1, isProgram: isProgram,
      visitorsLoad: false, at: time, hash: hash)
  }

  @Test func programsGuessWhereOthersAreServed() {
    var test = GuessTest()
    for client in 0..<UInt32(60) {
      for k in 0..<UInt32(4) { #expect(note(&test, client, "/users/\(client * 91 + k * 7)") == nil) }
    }
    #expect(test.isWatching)
    for client in 100..<UInt32(106) {
      if let found = guess("/users/\(client)") { test.learn(found, by: address(7, client), at: 9, hash: hash) }
    }
    let found = note(&test, 3, "/users/77777", at: 10)
    #expect(!test.isWatching)
    #expect(found?.crowd.fresh.count == 59 && found?.isMember == true)
    #expect(note(&test, 3, "/users/77778")?.crowd.fresh.isEmpty == true)
    // One try of a program may be a mistake.
    #expect(note(&test, 200, "/users/99999")?.isMember == false)
    #expect(note(&test, 201, "/users/99998", isProgram: false)?.isMember == true)
  }

  @Test func whatHasStoppedWorkingForAllIsNotGuessed() {
    var test = GuessTest()
    for client in 0..<UInt32(5) { _ = note(&test, client, "/users/\(client)", at: 1) }
    for client in 100..<UInt32(106) {
      if let found = guess("/users/\(client)") { test.learn(found, by: address(7, client), at: 9, hash: hash) }
    }
    for client in 0..<UInt32(200) {
      for k in 0..<UInt32(3) { #expect(note(&test, client, "/users/\(client * 91 + k * 7)", at: 10) == nil) }
    }
  }

  @Test func whatIsKeptOfGuessesIsBounded() {
    var test = GuessTest()
    var dice = Dice(6)
    for i in 0..<30_000 {
      let place = i % 3 == 0 ? "x" : String(repeating: "y", count: dice.roll(200))
      _ = note(&test, UInt32(dice.roll(2_000)), "/\(place)/\(dice.roll(1 << 30))", at: Nanoseconds(i) << 34)
    }
    #expect(test.endpoints.count <= GuessTest.limit)
    for endpoint in test.endpoints.values {
      #expect(endpoint.members.count <= GuessTest.memberLimit && endpoint.values.count <= GuessTest.valueLimit)
      #expect(endpoint.repeated <= endpoint.noted)
    }
  }
}
