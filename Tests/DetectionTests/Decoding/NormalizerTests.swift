import AllocationCounter
import Bytes
import Testing

@testable import Detection

@Suite("Fields are decoded to a fixed depth before rules see them")
struct NormalizerTests {
  func normalized(_ text: String, _ kind: FieldKind = .target) -> (text: String, findings: NormalizationFindings) {
    normalized(Array(text.utf8), kind)
  }

  func normalized(_ bytes: [UInt8], _ kind: FieldKind) -> (text: String, findings: NormalizationFindings) {
    var normalizer = Normalizer()
    var output = ByteBuffer()
    let findings = normalizer.normalize(bytes.span.bytes, kind: kind, into: &output)
    return (output.bytes.decodedString(), findings)
  }

  @Test func plainFieldsComeBackAsTheyAre() {
    for text in ["", "/", "/index.html", "/a/b-c_d.css?v=1.2.3", "Mozilla/5.0 (X11; Linux x86_64)"] {
      let (output, findings) = normalized(text, .header)
      #expect(output == text)
      #expect(findings.isEmpty)
    }
  }

  @Test(
    arguments: [
      ("/a%20b", "/a b", NormalizationFindings.percent),
      ("/%2e%2e/etc", "/../etc", [.percent, .needlessPercent]),
      ("/%252e%252e/etc", "/../etc", [.percent, .doublePercent, .needlessPercent]),
      ("/%25252e", "/.", [.percent, .doublePercent, .triplePercent, .needlessPercent]),
      ("/a+b?c+d", "/a+b?c d", [.plus, .percent]),
      ("/%u0041%uff1c", "/A<", [.unicodePercent, .percent]),
      ("/100%", "/100%", .brokenPercent),
      ("/a%00b", "/ab", [.percent, .null]),
      ("/&lt;b&#62;&#x3c", "/<b><", .entities),
      ("/\\x3cb\\u003e\\u{41}", "/<b>A", .backslashEscapes),
      ("/%c0%ae%c0%af", "/./", [.percent, .overlong]),
      ("/%e0%80%af", "//", [.percent, .overlong]),
      ("/un/**/ion", "/un ion", .comments),
      ("/un/*ion", "/un/*ion", []),
      ("/+ADw-b", "/<b", .utf7),
      ("/%ef%bc%9cb", "/<b", [.percent, .fullWidth]),
    ] as [(String, String, NormalizationFindings)])
  func eachEncodingIsUndoneAndNamed(input: String, output: String, findings: NormalizationFindings) {
    let result = normalized(input)
    #expect(result.text == output)
    #expect(result.findings == findings)
  }

  @Test func otherAlphabetsSurvive() {
    for text in ["/поиск?q=молоко", "/検索?q=（東京）", "/jalapeño", "/ελληνικά", "/עברית"] {
      #expect(normalized(text).text == text)
      let encoded = text.utf8.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "%" + String($0, radix: 16) }.joined()
      #expect(normalized(encoded).text == text)
    }
  }

  @Test func randomBytesNeitherTrapNorGrow() {
    var seed: UInt64 = 20_260_101
    var normalizer = Normalizer()
    var output = ByteBuffer()
    let alphabet = Array("%%%%u2+&;\\x/*#<>0aAcCfF\0é".utf8) + [0xc0, 0xe0, 0xf0, 0xfc, 0x80, 0xbc]
    for _ in 0..<20_000 {
      let bytes = (0..<Int(splitMix(&seed) % 40)).map { _ in alphabet[Int(splitMix(&seed) % UInt64(alphabet.count))] }
      for kind in [FieldKind.target, .path, .query, .header, .cookie, .body] {
        output.removeAll()
        _ = normalizer.normalize(bytes.span.bytes, kind: kind, into: &output)
        #expect(output.count <= bytes.count, "seed 20260101")
      }
    }
  }

  @Test func nothingIsAllocatedAfterWarmUp() {
    let bytes = Array("/a/%252e%252e/%c0%af?q=un/**/ion+select&x=&lt;script>".utf8)
    var normalizer = Normalizer()
    var output = ByteBuffer()
    _ = normalizer.normalize(bytes.span.bytes, kind: .target, into: &output)
    let before = allocation_count()
    for _ in 0..<100 {
      output.removeAll()
      _ = normalizer.normalize(bytes.span.bytes, kind: .target, into: &output)
    }
    #expect(allocation_count() == before)
  }
}
