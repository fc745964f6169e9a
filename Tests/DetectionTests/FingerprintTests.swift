// What singles an attack out, and whom a block of it would hit.

import Bytes
import Testing

@testable import Detection

@Suite struct FingerprintTests {
  func texts(_ request: String) -> RequestTexts { RequestTexts(request: Array(request.utf8)) }

  /// Visitors of many networks with a few browsers, at many pages.
  func normal(_ dice: inout Dice, extra: [(String, UInt64)] = []) -> [RequestFields] {
    (0..<NormalTraffic.limit).map { i in
      let (request, agent) =
        i < extra.count ? extra[i] : ("GET /page/\(dice.roll(40))?id=\(dice.roll(9))", UInt64(1 + dice.roll(5)))
      return RequestFields(
        client: address(UInt32(20 + dice.roll(60)), UInt32(dice.roll(1 << 20))), userAgent: agent, texts(request))
    }
  }

  func requests(
    _ count: Int, _ dice: inout Dice, _ make: (Int, inout Dice) -> (request: String, agent: UInt64, name: String)
  ) -> AttackRequests {
    var sample = AttackRequests()
    for i in 0..<count {
      let (request, agent, name) = make(i, &dice)
      sample.add(
        AttackRequest(
          id: dice.word(), weight: UInt64(1 + dice.roll(20)),
          client: address(UInt32(100 + dice.roll(90)), UInt32(dice.roll(1 << 20))), userAgent: agent,
          agent: Array(name.utf8), texts: texts(request)))
    }
    return sample
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func aToolIsToldByItsNameAlone(seed: UInt64) throws {
    var dice = Dice(seed)
    let attack = requests(60, &dice) { i, _ in ("GET /probe/\(i)", 77, "scanner/1.0") }
    let found = try #require(FingerprintSearch.find(attack, normal: normal(&dice)))
    #expect(found.parts == [Fingerprint.Part(field: .userAgent, value: Array("scanner/1.0".utf8))], "seed \(seed)")
    #expect(found.covers == 1)
    #expect(found.normalHits == 0)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func twoFieldsAreTakenWhereNeitherAloneSparesTheRest(seed: UInt64)
    throws
  {
    var dice = Dice(seed)
    // A browser that a third of all visitors use, at a page that a third of them read, but hardly ever both.
    let attack = requests(60, &dice) { _, dice in ("GET /search?q=\(dice.roll(1 << 30))", 3, "Browser") }
    let extra = (0..<40).map { i in
      i % 2 == 0 ? ("GET /search?q=\(i)", UInt64(9)) : ("GET /page/\(i)?id=\(i)", UInt64(3))
    }
    let found = try #require(FingerprintSearch.find(attack, normal: normal(&dice, extra: extra)))
    #expect(found.parts.count == 2, "seed \(seed)")
    #expect(Set(found.parts.map(\.field)) == [.userAgent, .path], "seed \(seed)")
    #expect(found.covers == 1)
    #expect(found.normalHits <= 1)
  }

  @Test func whatLooksLikeEverythingElseHasNone() {
    var dice = Dice(3)
    let attack = requests(60, &dice) { _, dice in
      ("GET /page/\(dice.roll(40))?id=\(dice.roll(9))", UInt64(1 + dice.roll(5)), "Browser")
    }
    #expect(FingerprintSearch.find(attack, normal: normal(&dice)) == nil)
  }

  @Test func aMethodAloneIsNoFingerprint() {
    var dice = Dice(4)
    let attack = requests(24, &dice) { i, dice in
      ("POST /page/\(i % 20)?id=\(dice.roll(9))", UInt64(1 + dice.roll(5)), "Browser")
    }
    #expect(FingerprintSearch.find(attack, normal: normal(&dice))?.parts.map(\.field) != [.method])
  }

  @Test func littleNormalTrafficSaysNothing() {
    var dice = Dice(5)
    let attack = requests(60, &dice) { i, _ in ("GET /probe/\(i)", 77, "scanner/1.0") }
    let few = Array(normal(&dice).prefix(FingerprintSearch.leastNormal - 1))
    #expect(FingerprintSearch.find(attack, normal: few) == nil)
  }

  @Test func theOrderInWhichRequestsComeDoesNotMatter() {
    var dice = Dice(6)
    let all = requests(24, &dice) { i, dice in ("GET /a/\(i % 3)?x=\(dice.roll(4))", UInt64(i % 4), "tool \(i % 4)") }
      .items
    var reversed = AttackRequests()
    for item in all.reversed() { reversed.add(item) }
    var forward = AttackRequests()
    for item in all { forward.add(item) }
    let normal = normal(&dice)
    #expect(
      FingerprintSearch.find(forward, normal: normal)?.parts == FingerprintSearch.find(reversed, normal: normal)?.parts)
  }

  @Test func shapesOfPathsLeaveOutNumbers() {
    #expect(String(decoding: texts("GET /user/123/img-45.png?a=1&b").pathShape, as: UTF8.self) == "/user/#/img-#.png")
    #expect(String(decoding: texts("GET /x/deadbeef01").pathShape, as: UTF8.self) == "/x/#")
    #expect(String(decoding: texts("GET /x/faceface").pathShape, as: UTF8.self) == "/x/faceface")
    #expect(String(decoding: texts("GET /x?a=1&b&c=%3d=2").queryNames, as: UTF8.self) == "a&b&c")
    #expect(texts("").path.isEmpty)
    #expect(texts("-").queryNames.isEmpty)
  }

  @Test func normalTrafficForgetsWhatIsOldAndKeepsItsBound() {
    var normal = NormalTraffic()
    var dice = Dice(8)
    for i in 0..<5_000 {
      let time = scriptStart + Nanoseconds(i) * 60 * nanosecondsPerSecond
      normal.add(time: time, client: address(1, UInt32(i)), userAgent: 1, hash: dice.word()) { texts("GET /\(i)") }
    }
    #expect(normal.entries.count == NormalTraffic.limit)
    // 5,000 minutes are 14 half-lives: nearly all it keeps is of the last day.
    let recent = normal.entries.filter { ($0.fields.client.low & 0xffffff) >= 5_000 - 1_440 }.count
    #expect(recent >= NormalTraffic.limit * 8 / 10)
  }

  @Test func normalTrafficIsToldFromTimeToTime() {
    var normal = NormalTraffic()
    #expect(normal.told(at: scriptStart).isEmpty)
    normal.add(time: scriptStart, client: address(1, 1), userAgent: 1, hash: 5) { texts("GET /") }
    #expect(normal.told(at: scriptStart).count == 1)
    #expect(normal.told(at: scriptStart + NormalTraffic.interval - 1).isEmpty)
    #expect(normal.told(at: scriptStart + NormalTraffic.interval).count == 1)
  }
}
