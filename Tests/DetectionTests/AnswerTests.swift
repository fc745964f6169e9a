// Whether an answer of success is one, or what everybody gets.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct AnswerTests {
  /// A line of evidence of an attack.
  func line(_ request: String, status: UInt16 = 200, bytes: UInt32, ordinal: UInt64, score: UInt8 = 90)
    -> EvidenceRecord
  {
    var line = EvidenceRecord()
    (line.ordinal, line.time, line.client) = (ordinal, scriptStart + Nanoseconds(ordinal), address(1, 1))
    (line.status, line.score, line.request) = (status, score, Array(request.utf8))
    line.marks.bytes = bytes
    line.tells = line.tells(ofProbes: true)
    return line
  }

  func candidate(_ evidence: [EvidenceRecord], window: Int = 0, normal: [RequestFields] = []) -> Candidate {
    let start = scriptStart + Nanoseconds(window) * 10 * nanosecondsPerSecond
    var candidate = Candidate(
      zone: Array("a".utf8), kind: .injection, windowStart: start, windowEnd: start + 10 * nanosecondsPerSecond,
      address: address(1, 1), first: start, last: start + 1, requests: 10, confidence: 0.95)
    (candidate.loud, candidate.classes, candidate.evidence) = (true, .commandInjection, evidence)
    candidate.succeeded = evidence.contains(where: \.tells)
    candidate.refused = evidence.contains { $0.status >= 400 }
    candidate.normal = normal
    return candidate
  }

  func attack(_ candidates: [Candidate]) throws -> Attack {
    var stage = CampaignStage()
    var sink = NoSourceSink()
    for candidate in candidates { _ = stage.consume([candidate], watermark: candidate.windowEnd, sources: &sink) }
    return try #require(stage.finish(sources: &sink).first)
  }

  func normal(_ path: String, bytes: UInt32, status: UInt16 = 200) -> RequestFields {
    var marks = RequestMarks()
    marks.bytes = bytes
    return RequestFields(
      client: address(9, UInt32(bytes)), userAgent: 1, status: status, marks: marks,
      RequestTexts(request: Array("GET \(path)".utf8)))
  }

  @Test func whatIsUnlikeThePageForErrorsSucceeded() throws {
    let found = try attack([
      candidate([
        line("GET /a?x=;id", status: 404, bytes: 1_735, ordinal: 1),
        line("GET /b?x=;id", status: 404, bytes: 1_736, ordinal: 2), line("GET /c?x=;id", bytes: 93, ordinal: 3),
      ])
    ])
    #expect(found.severity == .critical)
    #expect(
      found.explanation.contains("answered with success, with 93 bytes where the zone's page for errors has 1,735"))
  }

  @Test func onePageForEverythingIsNoSuccess() throws {
    let found = try attack([
      candidate([
        line("GET /a?x=;id", bytes: 5_120, ordinal: 1), line("GET /bb?x=;id", bytes: 5_121, ordinal: 2),
        line("GET /ccc?x=;id", bytes: 5_120, ordinal: 3),
      ])
    ])
    #expect(found.severity < .critical)
    #expect(found.explanation.hasSuffix("What was answered with success is a page that others get as well."))
  }

  @Test func aPageThatShowsWhatWasAskedForIsOnePage() throws {
    let paths = ["/a", "/some/longer/path/to/a/file.php", "/wp-content/plugins/x/y/z/readme-and-more-of-it.txt"]
    let evidence = paths.enumerated().map { i, path in
      line("GET \(path)?x=;id", bytes: UInt32(300 + 2 * path.utf8.count + 2 * 6), ordinal: UInt64(i + 1))
    }
    #expect(try attack([candidate(evidence)]).explanation.contains("that others get as well"))
  }

  @Test func aFiltersOwnPageIsNoSuccess() throws {
    let windows = (0..<3).map { i in
      candidate(
        (0..<3).map { k in line("GET /search?q=;id\(i * 3 + k)", bytes: 1_234, ordinal: UInt64(i * 3 + k + 1)) },
        window: i)
    }
    #expect(try attack(windows).explanation.contains("that others get as well"))
    // A page at one path for one request is nothing of the kind.
    #expect(try attack([windows[0]]).explanation.contains("1,234 bytes that nobody else was seen to get"))
  }

  @Test func whatVisitorsGetIsNoSuccess() throws {
    let evidence = [line("GET /shop?x=;id", bytes: 9_000, ordinal: 1)]
    func explanation(_ normal: [RequestFields]) throws -> String {
      try attack([candidate(evidence, normal: normal)]).explanation
    }
    #expect(try explanation([normal("/other", bytes: 9_000)]).contains("that nobody else was seen to get"))
    // The way in.
    #expect(try explanation([normal("/", bytes: 9_040)]).contains("that others get as well"))
    // The same path, of about this size or of sizes on either side.
    #expect(try explanation([normal("/shop", bytes: 9_100)]).contains("that others get as well"))
    #expect(
      try explanation([normal("/shop", bytes: 4_000), normal("/shop", bytes: 30_000)]).contains(
        "that others get as well"))
    #expect(try explanation([normal("/shop", bytes: 4_000)]).contains("that nobody else was seen to get"))
    // An application that is one page.
    #expect(
      try explanation(["/x", "/y", "/z"].map { normal($0, bytes: 9_000) }).contains("that others get as well"))
    // What was not there is no page of the site.
    #expect(
      try explanation(["/x", "/y", "/z"].map { normal($0, bytes: 9_000, status: 404) })
        .contains("that nobody else was seen to get"))
  }

  @Test func aClaimIsTakenBackWhenOthersTurnOutToGetTheSame() throws {
    var stage = CampaignStage()
    var sink = NoSourceSink()
    let first = candidate([line("GET /a?x=;id", bytes: 5_120, ordinal: 1)])
    let started = stage.consume([first], watermark: first.windowEnd, sources: &sink)
    #expect(started.first?.explanation.contains("answered with success, with 5,120 bytes") ?? false)
    let second = candidate(
      [line("GET /b?x=;id", bytes: 5_120, ordinal: 2), line("GET /c?x=;id", bytes: 5_120, ordinal: 3)], window: 30)
    let later = stage.consume([second], watermark: second.windowEnd, sources: &sink)
    #expect(later.first?.explanation.contains("that others get as well") ?? false)
  }

  @Test func withoutSizesTheStatusDecides() throws {
    let evidence = (0..<3).map { line("GET /\($0)?x=;id", bytes: 0, ordinal: UInt64($0)) }
    #expect(try attack([candidate(evidence)]).explanation.hasSuffix("answered with success."))
  }

  @Test func whatIsSmallIsComparedExactly() {
    func answer(_ bytes: UInt32) -> Answer { Answer(bytes: bytes, path: 1, target: 1, length: 9) }
    #expect(!answer(153).isLike(answer(160)))
    #expect(answer(153).isLike(answer(154)))
    #expect(answer(5_120).isLike(answer(5_200)))
    #expect(!answer(5_120).isLike(answer(5_300)))
    #expect(answer(80_000).isLike(answer(81_000)))
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func whatIsLearntIsBoundedAndComesBack(seed: UInt64) throws {
    var dice = Dice(seed)
    var sizes = AnswerSizes()
    for i in 0..<3_000 {
      // A page that everybody gets, among answers of every size.
      let answer = Answer(
        bytes: i % 3 == 0 ? 7_777 : UInt32(1 + dice.roll(1 << 20)), path: UInt32(dice.roll(1 << 30)),
        target: UInt32(dice.roll(1 << 30)), length: 10)
      _ = sizes.learn(answer, isError: false)
    }
    #expect(sizes.pages.count == AnswerSizes.limit)
    #expect(sizes.isCommon(Answer(bytes: 7_777, path: 5, target: 5, length: 10)), "seed \(seed)")
    var writer = StateWriter()
    sizes.write(to: &writer)
    var reader = StateReader(writer.take())
    #expect(try AnswerSizes(from: &reader) == sizes)
  }
}
