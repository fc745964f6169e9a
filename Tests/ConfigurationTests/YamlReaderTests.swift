import Testing

@testable import Configuration

@Suite struct YamlReaderTests {
  func failure(_ text: String, limits: YamlLimits = YamlLimits()) -> String {
    do throws(ConfigurationError) {
      _ = try YamlReader.documents(Array(text.utf8), file: "f.yml", limits: limits)
      return "read"
    } catch {
      return error.description
    }
  }

  @Test func everyValueKnowsItsPlace() throws {
    let document = try #require(
      try YamlReader.documents("a: 1\nlist:\n  - x\n  - deep:\n      key: 'v'\n", file: "f").first)
    #expect(document["a"]?.place == Place(line: 1, column: 4))
    #expect(document["list"]?.list?[0].place == Place(line: 3, column: 5))
    #expect(document["list"]?.list?[1]["deep"]?["key"]?.place == Place(line: 5, column: 12))
    #expect(document.map?[1].keyPlace == Place(line: 2, column: 1))
  }

  @Test func columnsCountCharactersNotBytes() throws {
    let document = try #require(try YamlReader.documents("é: ü", file: "f").first)
    #expect(document["é"]?.place == Place(line: 1, column: 4))
  }

  @Test func quotedTextIsTextAndPlainTextIsTyped() throws {
    let list = try #require(
      try YamlReader.documents("[1, '1', ~, '', true, 'true', 0x10, 1.5, -3, 1e3, abc, no]", file: "f").first?.list)
    let scalars = list.compactMap(\.scalar)
    #expect(scalars.map(\.integer) == [1, nil, nil, nil, nil, nil, 16, nil, -3, nil, nil, nil])
    #expect(scalars.map(\.number) == [1, nil, nil, nil, nil, nil, 16, 1.5, -3, 1000, nil, nil])
    #expect(
      scalars.map(\.isNull) == [false, false, true, false, false, false, false, false, false, false, false, false])
    #expect(scalars[4].bool == true && scalars[5].bool == nil)
    #expect(scalars[11].bool == nil, "YAML 1.2: no is text")
  }

  @Test func aFileMayHoldSeveralDocumentsOrNone() throws {
    #expect(try YamlReader.documents("a: 1\n---\nb: 2\n---\n", file: "f").count == 3)
    #expect(try YamlReader.documents("", file: "f").isEmpty)
    #expect(try YamlReader.documents("# nothing\n", file: "f").isEmpty)
  }

  @Test func aKeyMayStandOnlyOnceInAMap() {
    #expect(failure("a: 1\nb: 2\na: 3\n") == "f.yml:3:1: key 'a' stands twice in this map, first at 1:1")
    #expect(failure("a: {x: 1}\nb: {x: 1}\n") == "read")
  }

  @Test func anchorsAliasesAndTagsAreRefused() {
    #expect(failure("a: &x [1]\nb: *x\n").hasPrefix("f.yml:1:4: anchors"))
    #expect(failure("a: *x\n").hasPrefix("f.yml:1:4: aliases"))
    #expect(failure("a: !!python/object x\n").hasPrefix("f.yml:1:4: tags"))
    let bomb = "a: &a [x,x]\n" + (0..<40).map { "b\($0): &b\($0) [*a,*a]\n" }.joined()
    #expect(failure(bomb).hasPrefix("f.yml:1:4: anchors"))
  }

  @Test func nestingAndSizeAreBounded() {
    #expect(failure(String(repeating: "[", count: 100_000)).contains("nested deeper than 40 levels"))
    #expect(failure(String(repeating: "{a: ", count: 10_000)).contains("nested deeper than 40 levels"))
    #expect(failure(String(repeating: "- ", count: 10_000)).contains("nested deeper than 40 levels"))
    var limits = YamlLimits()
    limits.nodes = 100
    #expect(failure(String(repeating: "- a\n", count: 1000), limits: limits).contains("more than 100 values"))
    limits.bytes = 10
    #expect(failure("a: bbbbbbbbbbbbb", limits: limits) == "f.yml: 16 bytes: larger than the limit of 10")
  }

  @Test func aHugeScalarIsReadWhole() throws {
    let huge = String(repeating: "x", count: 1 << 20)
    #expect(try YamlReader.documents("a: '\(huge)'", file: "f").first?["a"]?.text == huge)
  }

  @Test func syntaxErrorsNameTheirPlace() {
    #expect(failure("a: 1\n\tb: 2\n").hasPrefix("f.yml:2:1: not YAML:"))
    #expect(failure("a: [1, 2\n").hasPrefix("f.yml:2:1: not YAML:"))
    #expect(failure("? [a]\n: 1\n").hasPrefix("f.yml:1:3: a key must be a single value"))
  }

  @Test func bytesThatAreNotTextAreRefusedWithTheirPlace() {
    let error = #expect(throws: ConfigurationError.self) {
      try YamlReader.documents([0x61, 0x3a, 0x20, 0x62, 0x0a, 0x63, 0xff, 0x3a], file: "f.yml")
    }
    #expect(error?.description.hasPrefix("f.yml:2:2: not readable as text") == true, "\(String(describing: error))")
    #expect(throws: ConfigurationError.self) { try YamlReader.documents([0x61, 0x00, 0x62], file: "f") }
  }

  @Test func randomBytesNeverCrashTheReader() {
    var state: UInt64 = 0x5eed
    print("seed \(state)")
    let alphabet = Array("ab:-[]{},\n\n  '\"|>#?&*!%@`\t~\\\u{e9}".utf8) + [0xff, 0x00]
    for _ in 0..<5000 {
      var text: [UInt8] = []
      state = state &* 6_364_136_223_846_793_005 &+ 1
      for _ in 0..<Int(state >> 58) {
        state = state &* 6_364_136_223_846_793_005 &+ 1
        text.append(alphabet[Int(state >> 40) % alphabet.count])
      }
      _ = try? YamlReader.documents(text, file: "f")
    }
  }
}
