import Configuration
import Testing

@testable import Detection

#if canImport(Glibc)
  import Glibc
#endif

/// The shipped rule files and what embeds them in the program.
@Suite struct SigmaShippedRulesTests {
  static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

  static func names(in directory: String) -> [String] {
    guard let handle = opendir(directory) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".yml") { names.append(name) }
    }
    return names.sorted()
  }

  static func text(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let n = fread(&buffer, 1, buffer.count, file), n > 0 { bytes += buffer[..<n] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The Swift source that holds the files.
  static func source(_ files: [(name: String, text: String)]) -> String {
    var source = """
      // Generated from pipelines/rules by the test theProgramHoldsTheShippedRules (MILLRACE_REGENERATE=1). Do not edit.
      // swift-format-ignore-file

      /// The shipped rules, in the program itself: it needs no files beside it.
      public enum ShippedRules {
        public static let files: [(name: String, text: String)] = [

      """
    for file in files {
      var fence = "#"
      while file.text.contains("\"\"\"" + fence) { fence += "#" }
      // A multi-line literal ends before its last newline.
      source += "    (\"rules/\(file.name)\", \(fence)\"\"\"\n\(file.text)\n\"\"\"\(fence)),\n"
    }
    return source + "  ]\n}\n"
  }

  @Test func theProgramHoldsTheShippedRules() throws {
    let directory = Self.root + "/pipelines/rules"
    let files = Self.names(in: directory).map { ($0, Self.text(directory + "/" + $0)) }
    let path = Self.root + "/Sources/Detection/Sigma/ShippedRules.swift"
    let wanted = Self.source(files)
    if getenv("MILLRACE_REGENERATE") != nil, Self.text(path) != wanted {
      let file = try #require(fopen(path, "w"))
      fputs(wanted, file)
      fclose(file)
    }
    #expect(
      Self.text(path) == wanted, "run this test with MILLRACE_REGENERATE=1 in the environment, then build again")
  }

  @Test func theShippedRulesLoadWithoutErrorOrNote() throws {
    let rules = try RuleSet.load(ShippedRules.files.map { ($0.name, Array($0.text.utf8)) })
    #expect(rules.notes.isEmpty)
    for rule in rules.rules {
      #expect(!rule.classes.contains(.other), "\(rule.id) names no class of attack")
      #expect(!rule.tags.isEmpty && !rule.id.isEmpty)
    }
  }
}
