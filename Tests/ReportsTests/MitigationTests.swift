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
}
