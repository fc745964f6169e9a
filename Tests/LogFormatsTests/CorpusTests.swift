// The inputs that fuzzers start from, or once stumbled over, and the documentation: both must keep up with the table.

import Bytes
import Events
import Foundation
import LogFormats
import Testing

@Suite struct CorpusAndDocumentation {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func everyInputOfTheFuzzersCorpusIsReadOrRefused() throws {
    let folder = Self.root.appendingPathComponent("Tests/Fuzz/corpus/formats")
    var formats: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let lines = SharedData.split(try Data(contentsOf: folder.appendingPathComponent(name)))
      let specification = String(decoding: lines.first ?? [], as: UTF8.self)
      guard let format = try? LogFormat(specification: specification) else { continue }
      formats.insert(format.name)
      var parser = LineParser(format: format, options: ParseOptions())
      var fields = HttpFields()
      for line in lines.dropFirst() { _ = parser.parse(line.span.bytes, into: &fields) }
    }
    let missing = Set(LogFormat.all.map(\.name)).subtracting(formats)
    #expect(missing.isEmpty, "no seed for \(missing.sorted())")
  }

  @Test func everyFormatIsInTheDocumentation() throws {
    let text = String(
      decoding: try Data(contentsOf: Self.root.appendingPathComponent("docs/formats.md")), as: UTF8.self)
    for format in LogFormat.all { #expect(text.contains("`\(format.name)`"), "\(format.name)") }
    for dialect in FormatDialect.allCases { #expect(text.contains("`\(dialect.rawValue):`"), "\(dialect)") }
    for wrapper in Wrapper.allCases { #expect(text.contains("`\(wrapper.name)+`"), "\(wrapper)") }
  }
}
