// Measures against an attack: what they say, and that no client can write into them.

import Bytes
import Detection
import Testing

@testable import Reports

@Suite struct MitigationTests {
  func attack(_ value: String = "scanner/1.0", field: FingerprintField = .userAgent) -> Attack {
    var attack = Attack(id: "00ab00ab00ab00ab", kind: .scanning, zone: Array("www.example.org".utf8), start: 0, end: 1)
    attack.sources = ["203.0.113.9", "2001:db8::7"].map {
      Attack.Source(address: IPAddress($0) ?? .unknown, requests: 5, lower: 5, upper: 5)
    }
    attack.sourceCount = 2
    attack.normalSampled = 64
    attack.fingerprint = Fingerprint(
      parts: [
        Fingerprint.Part(field: field, value: Array(value.utf8)), .init(field: .method, value: Array("GET".utf8)),
      ],
      covers: 0.97, normalHits: 1)
    return attack
  }

  @Test func everyMeasureHasAnExpiryAnUndoAndItsHarm() {
    let measures = attack().mitigations
    #expect(
      measures.map(\.kind) == [
        "nftables", "nginx", "haproxy", "kubernetes", "crowdsec", "flowspec", "nginx", "haproxy",
      ])
    for measure in measures {
      #expect(measure.expires == 4 * 3_600)
      #expect(!measure.undo.isEmpty)
      #expect(measure.normalHits == (measure.basis == .fingerprint ? 1 : 0))
    }
    #expect(measures[0].text.contains("203.0.113.9 timeout 4h"))
    #expect(measures[0].text.contains("ip6 saddr @sources6 drop"))
    #expect(measures[2].text.contains("src 203.0.113.9/32 2001:db8::7/128"))
  }

  @Test func theFingerprintComesFirstWhereNotAllSourcesAreListed() {
    var attack = attack()
    attack.sourceCount = 5_000
    #expect(attack.mitigations.first?.basis == .fingerprint)
    #expect(attack.mitigations.last?.note.contains("2 most active of 5,000") ?? false)
  }

  @Test(arguments: [
    "\"; return 200; #", "a'b", "a\\", "a`id`", "a\nb", "a\u{0}b", "é", "",
  ])
  func noConfigurationIsMadeOfWhatCouldEndAQuote(value: String) {
    for field in FingerprintField.allCases where field != .network {
      #expect(attack(value, field: field).mitigations.allSatisfy { $0.basis == .addresses }, "\(value) as \(field)")
    }
  }

  @Test func valuesAreMatchedAsTheyStand() {
    #expect(pattern("/a.php", .path) == "/a[.]php")
    #expect(pattern("/u/#/x[1]", .pathShape) == "/u/[0-9A-Fa-f]+/x[[]1[]]")
    #expect(pattern("id&q", .queryNames) == "id(=[^&]*)?&q(=[^&]*)?")
    #expect(pattern("a^b$", .path) == "a.b[$]")
  }

  private func pattern(_ value: String, _ field: FingerprintField) -> String {
    MitigationWriter.pattern(value, of: field)
  }

  @Test func aShareThatWasNotSeenIsNotTakenForNone() {
    #expect(Attack.upperShare(0, of: 64) > 0.04)
    #expect(Attack.upperShare(0, of: 64) < 0.07)
    #expect(Attack.upperShare(64, of: 64) == 1)
    #expect(Attack.upperShare(0, of: 0) == 1)
    #expect(
      attack().fingerprintText
        == "user_agent \"scanner/1.0\" and method \"GET\": covers 97 % of it, hits 1 of 64 sampled normal requests (at most 9 %)"
    )
  }

  /// An attack with a fingerprint of two fields, and what each of them alone hits of 100 normal requests.
  private func told(
    _ fields: (FingerprintField, String), _ others: (FingerprintField, String), alone: (Int, Int) = (1, 2)
  ) -> [Mitigation] {
    var attack = attack()
    attack.normalSampled = 100
    attack.fingerprint = Fingerprint(
      parts: [fields, others].map { Fingerprint.Part(field: $0.0, value: Array($0.1.utf8)) }, covers: 0.9,
      normalHits: 0,
      hitsOfParts: [0, alone.0, alone.1, 0])
    return attack.mitigations.filter { $0.basis == .fingerprint }
  }

  @Test func protocolsAndMissingReferrersAreMatched() throws {
    let measures = told((.protocolVersion, "HTTP/1.0"), (.noReferrer, "-"))
    #expect(measures.map(\.kind) == ["nginx", "haproxy"])
    #expect(
      measures[0].text.contains("map $server_protocol $millrace_00ab00ab00ab00ab_0 { default 0; \"HTTP/1.0\" 1; }"))
    #expect(measures[0].text.contains("map $http_referer $millrace_00ab00ab00ab00ab_1 { default 0; \"\" 1; }"))
    #expect(measures[1].text.contains("req.ver '1.0'"))
    #expect(measures[1].text.contains("req.fhdr_cnt(referer) eq 0"))
    #expect(measures.allSatisfy { $0.normalHits == 0 })
  }

  @Test func whatIsOfTheAnswerOrOfTheHandshakeIsLeftOut() {
    for field in [(FingerprintField.status, "503"), (.tlsFingerprint, "771,4865-4866")] {
      let measures = told((.path, "/login"), field, alone: (3, 1))
      #expect(measures.map(\.kind) == ["nginx", "haproxy"])
      for measure in measures {
        #expect(measure.normalHits == 3)
        #expect(!measure.text.contains(field.1))
        #expect(measure.note.hasPrefix("Without \(field.0.name), which \(measure.kind) cannot match by itself."))
      }
      // What is left would hit too many, or is nothing.
      #expect(told((.path, "/login"), field, alone: (6, 1)).isEmpty)
      #expect(told((.status, "503"), field).isEmpty)
    }
  }

  @Test func countriesAndNetworksAreMatchedWhereTheServerKnowsThem() {
    let measures = told((.country, "DE"), (.asn, "AS64500"))
    #expect(measures.map(\.kind) == ["nginx"])
    #expect(
      measures[0].text.contains("map $geoip2_data_country_code $millrace_00ab00ab00ab00ab_0 { default 0; \"DE\" 1; }"))
    #expect(measures[0].text.contains("default 0; \"64500\" 1;"))
    #expect(measures[0].note.contains("ngx_http_geoip2_module"))
    let withPath = told((.path, "/login"), (.country, "DE"), alone: (4, 9))
    #expect(withPath.map(\.kind) == ["nginx", "haproxy"])
    #expect(withPath.map(\.normalHits) == [0, 4])
  }

  @Test func anOldRecordWithoutTheHitsOfPartsIsNotGuessedAt() {
    var attack = attack("503", field: .status)
    attack.fingerprint?.hitsOfParts = []
    #expect(attack.mitigations.allSatisfy { $0.basis == .addresses })
  }
}
