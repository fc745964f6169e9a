// What is ready to paste is read by the programs that it is for, whatever the attacker sent.

import Bytes
import Detection
import Testing

@testable import Reports

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct MitigationProductsTests {
  /// Values with everything that has a meaning in some configuration or pattern, and from a seed.
  static let values: [[UInt8]] = {
    let some = [
      "-f", "-i", "--", "-m", "#", "# x", "{", "}", "${HOME}", "$uri", "$1", "%[src]", "%{+Q}o", ";", "; }", "~", "~*",
      "!",
      "!=", "default", "include", "volatile", "hostnames", "*", "**", "(", ")", "((", "[", "]", "[^", "[]", "a[b", "|",
      "||",
      "^", "$", "^$", "?", "+", "a{2}", "a{", "(?i)", "(?:", "..", "a b", " a ", "a  b", "or", "if", "unless", "&",
      "&&a&b",
      "=", "a=b", "\"", "'", "\\", "\\\\", "`id`", "a\nb", "\t", "\r\n", "\u{0}", "\u{1b}[31m", "é", "日本", "", "/a.php",
      "/u/#/x[1]", "<script>", "../../etc/passwd", "@", ",", "a,b", "1.2.3.4 1; } server { listen 9; }", "AS1",
      "HTTP/1.1",
    ].map { Array($0.utf8) }
    var state: UInt64 = 77
    let random = (0..<120).map { i -> [UInt8] in
      (0..<(1 + i % 140)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return i % 4 == 0 ? UInt8(state >> 56) : 0x20 + UInt8((state >> 33) % 95)
      }
    }
    return some + random + [
      [0xff, 0xfe], Array(repeating: 0x41, count: 128), Array("/\(String(repeating: "#", count: 127))".utf8),
    ]
  }()

  /// Attacks with every value in every field, and one from very many addresses.
  static let attacks: [Attack] = {
    var attacks: [Attack] = []
    for field in FingerprintField.allCases where field != .country && field != .asn {
      for value in values {
        var attack = Attack(
          id: Attack.text(ofId: UInt64(attacks.count + 1)), kind: .scanning, zone: Attack.manyZones, start: 0, end: 1)
        attack.normalSampled = 64
        attack.fingerprint = Fingerprint(
          parts: [.init(field: field, value: value), .init(field: .method, value: Array("GET".utf8))], covers: 0.9,
          normalHits: 0, hitsOfParts: [0, 0, 1, 0])
        attacks.append(attack)
      }
    }
    var many = Attack(id: "00ab00ab00ab00ab", kind: .distributedFlood, zone: Array("a".utf8), start: 0, end: 1)
    many.sources = (0..<10_000).map {
      let address =
        $0 % 2 == 0 ? IPAddress(v4: 0x0a00_0000 | UInt32($0)) : IPAddress(high: 0x2001_0db8 << 32, low: UInt64($0))
      return Attack.Source(address: address, requests: 1, lower: 1, upper: 1)
    }
    many.sourceCount = 10_000
    return attacks + [many]
  }()

  private func texts(_ kind: String) -> [String] {
    Self.attacks.flatMap { $0.mitigations.filter { $0.kind == kind }.map(\.text) }
  }

  private static func has(_ program: String) -> Bool {
    Programs.run("PATH=$PATH:/usr/sbin command -v \(program) >/dev/null 2>&1") == 0
  }

  /// Status of a command to which `$FILE` is a file that holds the text.
  private func status(_ text: String, of command: String) -> Int32 {
    Programs.withTemporaryFolder { folder in
      let path = folder + "/text"
      guard let file = fopen(path, "w") else { return -1 }
      fputs(text, file)
      fclose(file)
      let status = Programs.run(
        "PATH=$PATH:/usr/sbin FILE='\(path)' FOLDER='\(folder)'; \(command) >'\(folder)/said' 2>&1")
      if status != 0 { _ = Programs.run("grep -v 'no such ACL' '\(folder)/said' | head -c 2000") }
      return status
    }
  }

  @Test(.enabled(if: has("nginx"))) func nginxReadsThem() {
    let texts = texts("nginx")
    #expect(texts.count > 500)
    var (http, server) = ("", "")
    for text in texts {
      for line in text.split(separator: "\n") {
        if line.hasPrefix("if ") { server += line + "\n" } else { http += line + "\n" }
      }
    }
    let file = """
      pid pid; error_log stderr; events {}
      http { access_log off; variables_hash_max_size 16384; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c;
      uwsgi_temp_path d; scgi_temp_path e; \(http)
      server { listen 127.0.0.1:1; \(server) } }

      """
    #expect(status(file, of: "nginx -t -q -p \"$FOLDER\" -c \"$FILE\"") == 0)
  }

  @Test(.enabled(if: has("haproxy"))) func haproxyReadsThem() {
    let texts = texts("haproxy")
    #expect(texts.count > 500)
    let file = """
      defaults
        mode http
        timeout client 1s
        timeout connect 1s
        timeout server 1s
      frontend f
        bind 127.0.0.1:1
      \(texts.joined())

      """
    #expect(status(file, of: "haproxy -c -f \"$FILE\"") == 0)
  }

  @Test(.enabled(if: has("nft"))) func nftablesReadsThem() {
    #expect(status(texts("nftables").joined(), of: "nft -c -f \"$FILE\"") == 0)
  }

  @Test func shellsReadCommandsAsOneEach() {
    for kind in ["crowdsec", "kubernetes"] {
      #expect(status(texts(kind).joined(), of: "bash -n \"$FILE\"") == 0)
    }
  }

  /// A record of an attack may be anybody's who can write to the topic.
  @Test func whatIsNoNetworkCountryOrProtocolIsPutNowhere() {
    for field in [FingerprintField.network, .country, .asn, .protocolVersion] {
      for value in [
        "1.2.3.4 1; } server { listen 9; }", "~(", "x", "10.0.0.0/8 1; include /etc/passwd", "AS1 2", "DEU",
      ] {
        var attack = Attack(id: "00ab00ab00ab00ab", kind: .scanning, zone: Array("a".utf8), start: 0, end: 1)
        attack.normalSampled = 64
        attack.fingerprint = Fingerprint(
          parts: [.init(field: field, value: Array(value.utf8))], covers: 1, normalHits: 0)
        #expect(attack.mitigations.isEmpty, "\(value) as \(field)")
      }
    }
  }

  @Test func aValueIsNeverTakenForAFlag() throws {
    var attack = Attack(id: "00ab00ab00ab00ab", kind: .scanning, zone: Array("a".utf8), start: 0, end: 1)
    attack.normalSampled = 64
    attack.fingerprint = Fingerprint(
      parts: [.init(field: .userAgent, value: Array("-f".utf8))], covers: 1, normalHits: 0)
    let haproxy = try #require(attack.mitigations.first { $0.kind == "haproxy" })
    #expect(haproxy.text.contains("-m str -- '-f'"))
  }

  @Test func whatDoesNotEndByItselfSaysSo() {
    var attack = Attack(id: "00ab00ab00ab00ab", kind: .scanning, zone: Array("a".utf8), start: 0, end: 1)
    attack.sources = [Attack.Source(address: IPAddress(v4: 0x0a00_0001), requests: 1, lower: 1, upper: 1)]
    attack.sourceCount = 1
    for measure in attack.mitigations {
      let ends = measure.kind == "nftables" || measure.kind == "crowdsec"
      #expect(measure.note.contains("It stands until it is removed.") != ends, "\(measure.kind)")
    }
  }
}
