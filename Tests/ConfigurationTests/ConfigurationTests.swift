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

  @Test func theShippedPipelineLoadsToTheDefaults() throws {
    let settings = try PipelineFile.load(Array(PipelineFile.web.utf8), file: "web.yaml")
    let standard = Settings(table: PipelineFile.table)
    for setting in PipelineFile.table where !setting.isSecret {
      #expect(settings.shown(setting.key) == standard.shown(setting.key))
    }
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
