import Testing

@testable import Configuration

#if canImport(Glibc)
  import Glibc
#endif

func fileText(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let n = fread(&buffer, 1, buffer.count, file)
    if n <= 0 { break }
    bytes += buffer[..<n]
  }
  return String(decoding: bytes, as: UTF8.self)
}

func repositoryRoot(_ path: String = #filePath) -> String {
  path.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
}

@Suite struct PipelineFileTests {
  @Test func theShippedPipelineIsTheTableWrittenOut() throws {
    let path = repositoryRoot() + "/pipelines/web.yaml"
    if getenv("MILLRACE_REGENERATE") != nil {
      let file = try #require(fopen(path, "w"))
      fputs(PipelineFile.web, file)
      fclose(file)
    }
    #expect(fileText(path) == PipelineFile.web, "run the tests with MILLRACE_REGENERATE=1 to write it anew")
  }

  @Test func theReferenceInTheDocumentationIsTheTable() throws {
    let path = repositoryRoot() + "/docs/operation.md"
    let text = try #require(fileText(path))
    let (begin, end) = ("<!-- keys: written by .ci/generate -->\n", "<!-- end of keys -->\n")
    let parts = text.components(around: begin)
    let rest = (parts.last ?? "").components(around: end)
    try #require(parts.count == 2 && rest.count == 2)
    if getenv("MILLRACE_REGENERATE") != nil {
      let file = try #require(fopen(path, "w"))
      fputs(parts[0] + begin + PipelineFile.reference + end + rest[1], file)
      fclose(file)
    } else {
      #expect(rest[0] == PipelineFile.reference, "run the tests with MILLRACE_REGENERATE=1 to write it anew")
    }
  }

  @Test func everyShippedPipelineLoads() throws {
    let folder = repositoryRoot() + "/pipelines"
    let directory = try #require(opendir(folder))
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { continue }
      count += 1
      #expect(throws: Never.self, "\(name)") { try PipelineOptions.load(path: "\(folder)/\(name)", environment: []) }
    }
    #expect(count > 0)
  }

  @Test func everyKeyHasAVariableOfItsOwn() {
    for setting in PipelineFile.table {
      #expect(Settings.key(ofVariable: Settings.variable(for: setting.key)) == setting.key)
    }
    #expect(Settings.variable(for: "topics.aggregator_state.name") == "MILLRACE_TOPICS__AGGREGATOR_STATE__NAME")
    #expect(Set(PipelineFile.table.map { Settings.variable(for: $0.key) }).count == PipelineFile.table.count)
  }

  @Test func theShippedPipelineLoadsToTheDefaults() throws {
    let settings = try PipelineFile.load(Array(PipelineFile.web.utf8), file: "web.yaml")
    let standard = Settings(table: PipelineFile.table)
    for setting in PipelineFile.table where !setting.isSecret {
      #expect(settings.shown(setting.key) == standard.shown(setting.key))
    }
  }
}

extension String {
  /// What stands before and after the first `middle`.
  fileprivate func components(around middle: String) -> [String] {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(middle) {
        return [String(self[..<index]), String(self[self.index(index, offsetBy: middle.count)...])]
      }
      index = self.index(after: index)
    }
    return [self]
  }
}

extension Settings {
  fileprivate func shown(_ key: String) -> String {
    let lines = yaml().split(separator: "\n").map { $0.prefix { $0 != "#" } }
    return lines.first { $0.contains(key.split(separator: ".").last.map { $0 + ":" } ?? "") }.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    } ?? ""
  }
}
