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

  /// Marks of a request of a visitor, or of one of an attack that differs from visitors in one field.
  func marks(_ dice: inout Dice, odd field: FingerprintField? = nil) -> RequestMarks {
    RequestMarks(
      asn: field == .asn ? 64_500 : UInt32(64_000 + dice.roll(12)), tlsFingerprint: field == .tlsFingerprint ? 99 : 7,
      bytes: 0, country: field == .country ? 0x5858 : [0x4445, 0x4652, 0x4742][dice.roll(3)],
      protocol: field == .protocolVersion ? .http10 : .http2,
      hasReferrer: field == .noReferrer ? false : dice.roll(9) > 0)
  }

  @Test(arguments: [
    (FingerprintField.protocolVersion, "HTTP/1.0"), (.tlsFingerprint, "771,4865"), (.country, "XX"), (.asn, "AS64500"),
    (.status, "503"),
  ])
  func oneFieldThatDiffersTells(field: FingerprintField, value: String) throws {
    var dice = Dice(11)
    var normal = normal(&dice)
    for i in normal.indices { (normal[i].marks, normal[i].status) = (marks(&dice), 200) }
    var sample = AttackRequests()
    for _ in 0..<60 {
      sample.add(
        AttackRequest(
          id: dice.word(), weight: 1, client: address(UInt32(20 + dice.roll(60)), UInt32(dice.roll(1 << 20))),
          userAgent: UInt64(1 + dice.roll(5)), agent: Array("Browser".utf8),
          texts: texts("GET /page/\(dice.roll(40))?id=\(dice.roll(9))"), status: field == .status ? 503 : 200,
          marks: marks(&dice, odd: field), tlsText: Array("771,4865".utf8)))
    }
    let found = try #require(FingerprintSearch.find(sample, normal: normal))
    #expect(found.parts == [Fingerprint.Part(field: field, value: Array(value.utf8))])
    #expect(found.covers == 1 && found.normalHits == 0)
  }

  @Test func whatAnAnswerSaysIsTakenWhereNothingElseTells() throws {
    var dice = Dice(12)
    var normal = normal(&dice)
    for i in normal.indices { normal[i].status = 200 }
    var sample = AttackRequests()
    for i in 0..<24 {
      sample.add(
        AttackRequest(
          id: dice.word(), weight: 1, client: address(200, UInt32(i)), userAgent: i % 4 == 0 ? 1 : 77,
          agent: Array((i % 4 == 0 ? "Browser" : "tool").utf8), texts: texts("GET /page/1?id=1"), status: 404))
    }
    // The status covers all of it, but nobody can be turned away by that.
    let found = try #require(FingerprintSearch.find(sample, normal: normal))
    #expect(found.parts.map(\.field) == [.network])
  }

  @Test func hitsOfSomePartsAreThoseOfASearchWithout() throws {
    var dice = Dice(13)
    let attack = requests(60, &dice) { _, dice in ("GET /search?q=\(dice.roll(1 << 30))", 3, "Browser") }
    let extra = (0..<40).map { i in
      i % 2 == 0 ? ("GET /search?q=\(i)", UInt64(9)) : ("GET /page/\(i)?id=\(i)", UInt64(3))
    }
    let normal = normal(&dice, extra: extra)
    let found = try #require(FingerprintSearch.find(attack, normal: normal))
    #expect(found.normalHits(ofParts: 3) == found.normalHits)
    #expect(found.normalHits(ofParts: 1) == normal.filter { $0.userAgent == 3 }.count)
    #expect(found.normalHits(ofParts: 2) ?? 0 >= 20)
  }

  @Test func whatWasToldStaysUntilAnotherIsBetterByAMargin() throws {
    var dice = Dice(14)
    let normal = normal(&dice)
    /// Of 20 requests `agents` come with the tool's name and `paths` ask for its path.
    func sample(agents: Int, paths: Int) -> AttackRequests {
      var sample = AttackRequests()
      for i in 0..<20 {
        sample.add(
          AttackRequest(
            id: UInt64(i + 1), weight: 1, client: address(UInt32(100 + i), UInt32(i)),
            userAgent: i < agents ? 77 : UInt64(100 + i), agent: Array((i < agents ? "tool" : "other \(i)").utf8),
            texts: texts(i >= 20 - paths ? "GET /target" : "GET /elsewhere/\(UnicodeScalar(UInt8(97 + i)))")))
      }
      return sample
    }
    func fields(_ found: Fingerprint?) -> [FingerprintField]? { found?.parts.map(\.field) }
    let first = try #require(FingerprintSearch.find(sample(agents: 18, paths: 17), normal: normal))
    #expect(fields(first) == [.userAgent])
    // The path is a little better, window by window, and then it isn't.
    var told = first
    for (agents, paths) in [(17, 18), (18, 17), (17, 18), (16, 17)] {
      #expect(
        fields(FingerprintSearch.find(sample(agents: agents, paths: paths), normal: normal))
          == (agents < paths ? [.path] : [.userAgent]))
      told = try #require(FingerprintSearch.find(sample(agents: agents, paths: paths), normal: normal, told: told))
      #expect(fields(told) == [.userAgent])
    }
    let better = try #require(FingerprintSearch.find(sample(agents: 13, paths: 19), normal: normal, told: told))
    #expect(fields(better) == [.path])
    #expect(fields(FingerprintSearch.find(sample(agents: 18, paths: 19), normal: normal, told: better)) == [.path])
  }

  @Test func clientsWhoseLogSaysNothingAreLookedUp() throws {
    struct Everywhere: AddressRegistry {
      func registration(of address: IPAddress) -> (country: UInt16, asn: UInt32) {
        (0x4445, address.low >> 24 & 0xff >= 100 ? 64_500 : UInt32(address.low >> 24 & 0xff))
      }
    }
    var dice = Dice(15)
    var stage = CampaignStage()
    stage.registry = Everywhere()
    var sink = NoSourceSink()
    var told: [Attack] = []
    for i in 0..<30 {
      let start = scriptStart + Nanoseconds(i) * 10 * nanosecondsPerSecond
      var candidate = Candidate(
        zone: Array("a".utf8), kind: .scraping, windowStart: start, windowEnd: start + 10 * nanosecondsPerSecond,
        address: address(UInt32(100 + i), 1), first: start, last: start + 1, requests: 10, confidence: 0.95)
      candidate.loud = true
      candidate.signature = 5
      candidate.userAgent = UInt64(1 + i % 5)
      var line = EvidenceRecord()
      (line.ordinal, line.client) = (UInt64(i), candidate.address)
      line.request = Array("GET /page/\(dice.roll(40))?id=\(dice.roll(9))".utf8)
      // One of them is known to the log.
      if i == 7 { line.marks.country = 0x4652 }
      candidate.evidence = [line]
      if i == 0 { candidate.normal = normal(&dice) }
      told += stage.consume([candidate], watermark: candidate.windowEnd, sources: &sink)
    }
    let attack = try #require(stage.finish(sources: &sink).first)
    #expect(attack.sourceCount == 30)
    #expect(attack.fingerprint?.parts == [Fingerprint.Part(field: .asn, value: Array("AS64500".utf8))])
  }

  @Test func aBusyZoneHasALargerSample() throws {
    var normal = NormalTraffic()
    var dice = Dice(16)
    func add(_ i: Int) {
      let time = scriptStart + Nanoseconds(i) * nanosecondsPerSecond
      normal.count(1, at: time)
      normal.add(time: time, client: address(1, UInt32(i)), userAgent: 1, hash: dice.word()) { texts("GET /\(i)") }
    }
    for i in 0..<300 { add(i) }
    #expect(normal.entries.count == NormalTraffic.limit && !normal.isWorthMore)
    for i in 300..<600 { add(i) }
    #expect(normal.isWorthMore)
    normal.widen()
    #expect(!normal.isWorthMore)
    for i in 600..<1_500 { add(i) }
    #expect(normal.entries.count == NormalTraffic.wideLimit)
    var writer = StateWriter()
    normal.write(to: &writer)
    normal.writeMarks(to: &writer)
    var reader = StateReader(writer.take())
    var read = try NormalTraffic(from: &reader)
    try read.readMarks(&reader)
    try reader.finish()
    #expect(read.entries == normal.entries && read.isWide)
  }
}
