// What must not leave the host does not, and the rules have seen it all the same.

import Bytes
import CapnProto
import Detection
import Events
import Foundation
import Kafka
import KafkaTestSupport
import LogFormats
import Rollups
import Testing

@testable import Forwarder

/// A log format with everything in it that can hold a secret.
let everything =
  #"nginx:$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "#
  + #""$http_user_agent" "$http_cookie" "$request_body""#

struct BlankerTests {
  private func blank(_ text: String, _ redaction: Redaction) -> String { blank(text, .url, redaction) }

  private func blank(_ text: String, _ kind: Blanker.Kind, _ redaction: Redaction) -> String {
    var blanker = Blanker(redaction)
    var output = ByteBuffer()
    blanker.append(Array(text.utf8).span.bytes, kind, to: &output)
    return output.bytes.decodedString()
  }

  @Test func valuesOfNamedParametersAreBlankedHoweverTheyAreWritten() {
    let named = Redaction(parameters: ["pet"])
    for (text, expected) in [
      ("/a?x=1&Pet=abc&p%65t=d=e&pet=&y", "/a?x=1&Pet=redacted&p%65t=redacted&pet=&y"),
      ("/a?pet[]=a&pet%5Bb%5D=c&petx=d&pet=x;y?z", "/a?pet[]=redacted&pet%5Bb%5D=redacted&petx=d&pet=redacted"),
      ("/pet=1", "/pet=1"),
      ("/a;pet=1/b;c=2?pet=3", "/a;pet=redacted/b;c=2?pet=redacted"),
      ("/go?to=%2Fb%3Fpet%3Dabc%26d%3De", "/go?to=%2Fb%3Fpet%3Dredacted%26d%3De"),
      ("/go?to=%252Fb%253Fpet%253Dabc", "/go?to=%252Fb%253Fpet%253Dredacted"),
      ("http://h/#pet=1", "http://h/#pet=redacted"),
    ] {
      #expect(blank(text, named) == expected)
    }
    #expect(blank("/a?x=1&y=2", Redaction(parameters: ["*"])) == "/a?x=redacted&y=redacted")
    #expect(blank("a=b; SESSION=12,3; c=d", .cookie, Redaction(cookies: ["session"])) == "a=b; SESSION=redacted; c=d")
    #expect(blank("a=b; c=d=e", .cookie, Redaction(cookies: ["*"])) == "a=redacted; c=redacted")
  }

  @Test func addressesAreBlankedAlsoWithTheirSignEncoded() {
    let emails = Redaction(emails: true)
    for (text, expected) in [
      ("/u/ann.b+c@mail.example.org/x?m=bob%40example.org&a=@b", "/u/redacted/x?m=redacted&a=@b"),
      ("mail: o%2Bx%2540example.org.", "mail: redacted"),
      ("a@b c@d.e f@1.2", "a@b redacted f@1.2"),
      ("jörg@bücher.example", "redacted"),
    ] {
      #expect(blank(text, .text, emails) == expected)
    }
  }

  @Test func whatLooksLikeATokenIsBlankedAndWordsAreNot() {
    let tokens = Redaction(tokens: true)
    for (text, expected) in [
      ("/r/0123456789abcdef0123456789abcdef/x", "/r/redacted/x"),
      ("/r/6ba7b810-9dad-11d1-80b4-00c04fd430c8", "/r/redacted"),
      ("k=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln&z", "k=redacted&z"),
      ("a=Bearer%20abc.d&b", "a=Bearer%20redacted&b"),
      ("/x?q=AKIAIOSFODNN7EXAMPLE", "/x?q=AKIAIOSFODNN7EXAMPLE"),
      ("/x?q=aB3xQ9zR7tK2mN5vL8wP1&y", "/x?q=redacted&y"),
      ("http://ann:pw@example.org/", "http://redacted@example.org/"),
      (
        "/x?access_token=a&userPassword=b&sid=c&page=2",
        "/x?access_token=redacted&userPassword=redacted&sid=redacted&page=2"
      ),
      ("/a-long-name-of-a-page-about-nothing-at-all", "/a-long-name-of-a-page-about-nothing-at-all"),
      (
        "/2016/02/20/My-Article-About-Swift-2026-News-From-Here",
        "/2016/02/20/My-Article-About-Swift-2026-News-From-Here"
      ),
    ] {
      #expect(blank(text, tokens) == expected)
    }
  }

  @Test func nothingOfAnyBytesTrapsAndBlanksAreStable() {
    let redaction = Redaction(parameters: ["*"], cookies: ["*"], emails: true, tokens: true)
    var blanker = Blanker(redaction)
    var state: UInt64 = 7
    let alphabet = Array("a0%4@.=&;?/:eyJ bearer253D[]\u{0}\u{ff}".utf8)
    var output = ByteBuffer()
    for _ in 0..<40_000 {
      let bytes = (0..<Int(splitMix(&state) % 60)).map { _ in alphabet[Int(splitMix(&state) % UInt64(alphabet.count))] }
      for kind in [Blanker.Kind.url, .cookie, .text] {
        output.removeAll()
        blanker.append(bytes.span.bytes, kind, to: &output)
        #expect(output.count <= bytes.count * 8)
      }
    }
  }
}

struct RedactionTests {
  static let rules: RuleSet? = try? RuleSet.load(
    ShippedRules.files.map { ($0.name, Array($0.text.utf8)) }, disabled: [])
  static let all = Redaction(parameters: ["*"], cookies: ["*"], emails: true, tokens: true)

  /// The batch of these lines.
  static func record(of text: String, _ format: LogFormat?) -> [UInt8] {
    let bytes = Array(text.utf8)
    var parser = BatchParser(format: format, options: ParseOptions(), maxDisorder: 0)
    var writer = EventBatchWriter()
    writer.begin(BatchOrigin(source: 1))
    parser.parse(bytes.span.bytes, after: FormatState(), maxLine: 100_000, into: &writer)
    writer.finish()
    return writer.message.copied()
  }

  static func verdicts(_ record: [UInt8], _ scorer: inout RequestScorer) throws -> (
    verdicts: [RequestVerdict], hits: [CorrelationHit]
  ) {
    let limiter = ReadLimiter()
    let batch = EventBatch(try Message(framed: record.span.bytes, limiter: limiter).rootStruct)
    let events = try batch.events.http
    var verdicts: [RequestVerdict] = []
    var hits: [CorrelationHit] = []
    var texts = ByteBuffer()
    scorer.classify(events, into: &verdicts)
    scorer.correlate(events, verdicts, into: &hits, texts: &texts)
    return (verdicts, hits)
  }

  static func redacted(_ record: [UInt8], _ departure: Departure) throws -> [UInt8] {
    try departure.rewrite(record.span.bytes, origin: BatchOrigin(source: 1))
    let output = try #require(departure.outputs.first)
    #expect(departure.outputs.count == 1)
    output.box.writer.finish()
    return output.box.message.copied()
  }

  /// Attacks of collections that people test with, if they are there, and some of our own.
  private static func payloads() -> [String] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../shared/data/attack").standardizedFileURL.path
    var lines = [
      "1' UNION SELECT password FROM users--", "<script>alert(1)</script>", "../../../../etc/passwd",
      "; cat /etc/shadow",
      "{{7*7}}", "${jndi:ldap://x/a}", "() { :;}; /bin/bash", "http://169.254.169.254/latest/meta-data", "plain",
    ]
    for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }).sorted() ?? [] {
      guard lines.count < 6000, let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
      lines += String(decoding: data.prefix(40_000), as: UTF8.self).split(separator: "\n").prefix(150).map(String.init)
    }
    return lines
  }

  @Test func aRedactedRequestGetsTheVerdictThatItHadBefore() throws {
    let rules = try #require(Self.rules)
    let departure = Departure(Self.all, Sampling(), scorer: RequestScorer(rules: rules))
    var scorer = RequestScorer(rules: rules)
    var fresh = RequestScorer(rules: rules)
    let format = try LogFormat(specification: everything)
    func escaped(_ text: String) -> String {
      text.utf8.map { byte in
        byte.isASCIILetter || byte.isASCIIDigit ? String(UnicodeScalar(byte)) : String(format: "%%%02X", byte)
      }.joined()
    }
    func quoted(_ text: String) -> String {
      text.utf8.map {
        $0 < 0x20 || $0 == 0x22 || $0 == 0x5c || $0 >= 0x7f ? String(format: "\\x%02X", $0) : String(UnicodeScalar($0))
      }
      .joined()
    }
    let payloads = Self.payloads()
    var attacks = 0
    for start in stride(from: 0, to: payloads.count, by: 200) {
      var text = ""
      for (number, payload) in payloads[start..<min(start + 200, payloads.count)].enumerated() {
        let (target, referrer, agent, cookie, body) =
          switch number % 5 {
          case 0, 1: ("/s?q=\(escaped(payload))", "-", "test", "-", "-")
          case 2: ("/\(escaped(payload))", "http://example.org/?a=\(escaped(payload))", "test", "-", "-")
          case 3: ("/", "-", quoted(payload), "a=\(quoted(payload))", "-")
          default: ("/login", "-", "test", "-", quoted("user=\(payload)&password=x"))
          }
        text +=
          "192.0.2.1 - - [20/Feb/2016:00:00:00 +0000] \"GET \(target) HTTP/1.1\" 200 17 \"\(referrer)\" \"\(agent)\" \"\(cookie)\" \"\(body)\"\n"
      }
      let record = Self.record(of: text, format)
      let before = try Self.verdicts(record, &scorer)
      let after = try Self.verdicts(try Self.redacted(record, departure), &fresh)
      attacks += before.verdicts.count { $0.score > 0 }
      #expect(before.verdicts.count == after.verdicts.count)
      for (number, pair) in zip(before.verdicts, after.verdicts).enumerated() {
        #expect(pair.0.score == pair.1.score && pair.0.rules == pair.1.rules && pair.0.ruleCount == pair.1.ruleCount)
        // A class can be that of a rule beyond the eight that a verdict names.
        #expect(pair.0.ruleCount == 8 || pair.0.classes == pair.1.classes, "\(payloads[start + number])")
      }
      #expect(
        before.hits.map { [UInt64($0.event), $0.correlation] } == after.hits.map { [UInt64($0.event), $0.correlation] })
    }
    #expect(attacks >= 6)
  }

  /// Lines with a secret in every place where one can be.
  static let secretLines: String = {
    func line(_ user: String, _ target: String, _ referrer: String, _ agent: String, _ cookie: String, _ body: String)
      -> String
    {
      "192.0.2.1 - \(user) [20/Feb/2016:00:00:00 +0000] \"\(target)\" 200 17 \"\(referrer)\" \"\(agent)\" \"\(cookie)\" \"\(body)\"\n"
    }
    return line("sekret.user@example.org", "GET /a?x=1&pet=SekretQuery HTTP/1.1", "-", "test", "-", "-")
      + line(
        "-", "GET /u/sekret%40example.org HTTP/1.1", "http://h.example/?pet=SEKRET2", "m sekret@example.org", "-", "-")
      + line("-", "POST /login HTTP/1.1", "-", "test", "a=b; session=sekretCookie", "user=x&password=sekretBody")
      + line(
        "-", "GET /r/sekretaB3xQ9zR7tK2mN5vL8wP HTTP/1.1", "-", "test", "jwt=eyJzekretabcdefgh.sekret.abcdefgh",
        "{\\x22p\\x22: \\x22sekret\\x22}")
      + line("-", "GET /s?pet=1%27+UNION+SELECT+sekret+FROM+users-- HTTP/1.1", "-", "test", "-", "-")
      + line("-", "sekret \\x16\\x03 pet=sekret", "-", "test", "-", "-")
      + "no line at all with Sekret in it\n" + String(repeating: "Sekret ", count: 5000) + "\n"
      + line("-", "GET /last HTTP/1.1", "-", "test", "-", "-")
  }()

  private func holdsSecret(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).lowercased().contains("sekret")
  }

  @Test func noRecordOfAnyTopicHoldsASecret() throws {
    let kafka = try TestKafka.one()
    let prefix = kafka.name("redact")
    let world = try World()
    try world.append(Self.secretLines)
    let pipeline = try Program.pipeline(
      world, kafka, prefix,
      "  redact: {query_parameters: [pet], cookies: [session], emails: true, tokens: true}\ninput: {max_line: 16KiB}",
      format: everything)
    let child = try Program.spawn(["--pipeline", pipeline, "--drain"], errors: world.path("errors"))
    #expect(Program.wait(child) == 0, "\(Program.said(world))")
    var records = 0
    for topic in ["events", "checkpoints", "dead-letters"] {
      for record in try kafka.read("\(prefix).\(topic)", committed: false) {
        records += 1
        #expect(!holdsSecret(record.value ?? []), "\(topic): \(record.text)")
        #expect(!holdsSecret(Array((record.key ?? "").utf8)))
        #expect(record.headers.allSatisfy { !holdsSecret(Array($0.value.utf8)) })
      }
    }
    #expect(records > 3)
    let letters = try kafka.read("\(prefix).dead-letters")
    #expect(letters.count == 2)
    #expect(letters.contains { $0.text == "xx xxxx xx xxx xxxx xxxxxx xx xx" })
    // The malformed one is an event as well.
    #expect(try kafka.read("\(prefix).events").contains { holdsText($0.value ?? [], "/last") })
  }

  private func holdsText(_ bytes: [UInt8], _ text: String) -> Bool {
    String(decoding: bytes, as: UTF8.self).contains(text)
  }

  @Test func aRuleStillMatchesWhatWasBlanked() throws {
    let world = try World(format: try LogFormat(specification: everything))
    world.engine.departure = Departure(
      Redaction(parameters: ["pet"]), Sampling(), scorer: RequestScorer(rules: Self.rules))
    try world.append(Self.secretLines)
    try world.pass(seconds: 2)
    let targets = try world.sink.batches().flatMap(\.targets)
    #expect(targets.contains("/s?pet=redacted"))
    let attack = try #require(
      world.sink.committed.first { holdsText($0.record, "/s?pet=redacted") })
    var scorer = RequestScorer(rules: Self.rules)
    let verdicts = try Self.verdicts(attack.record, &scorer).verdicts
    let index = try #require(targets.firstIndex(of: "/s?pet=redacted"))
    #expect(verdicts[index].score > 50)
    #expect(verdicts[0] == .clean)
  }
}
