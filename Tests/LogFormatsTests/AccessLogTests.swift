// Real access logs, where they are at hand: nearly every line must be read.

import Bytes
import Events
import Foundation
import LogFormats
import Testing

@Suite(.enabled(if: SharedData.has("access"), "the shared data is not here"))
struct RealAccessLogs {
  @Test(arguments: ["blog_2016.log.gz", "elastic_apache.log.gz", "elastic_nginx.log.gz"])
  func atLeast999LinesInAThousandAreRead(_ file: String) throws {
    let coverage = try read(SharedData.lines("access/" + file), expecting: "combined")
    #expect(coverage.share >= 0.999, "\(file): \(shapes(coverage))")
  }

  @Test(.enabled(if: SharedData.has(program: "tar") && SharedData.has(program: "xz")))
  func theFormatsOfApacheAreReadWhole() throws {
    let archive = SharedData.root.appendingPathComponent("access/willthefarmer_apache.tar.xz").path
    for (folder, format) in [
      ("common", "common"), ("combined", "combined"), ("vhost", "vhost-combined"), ("csv", "csv2mysql"),
    ] {
      let data = try SharedData.run("tar", ["-xJOf", archive, "--wildcards", "*/apache_\(folder)/*access*"])
      let lines = SharedData.split(data).filter { !$0.isEmpty }
      #expect(lines.count > 100)
      let coverage = try read(lines, expecting: format)
      #expect(coverage.share >= 0.999, "\(folder): \(shapes(coverage))")
    }
  }

  /// Reads all lines in the format that detection decides on.
  private func read(_ lines: [[UInt8]], expecting name: String) throws -> ParseCoverage {
    var detector = FormatDetector()
    for line in lines { detector.feed(line.span.bytes) }
    let decision = detector.decide()
    let format = try #require(decision.format)
    #expect(format.name == name, "\(decision.explanation)")
    var parser = LineParser(format: format, options: ParseOptions())
    var fields = HttpFields()
    var coverage = ParseCoverage()
    for (index, line) in lines.enumerated() {
      switch parser.parse(line.span.bytes, into: &fields) {
      case .event: coverage.countParsed()
      case .skip, .continuation: coverage.countSkipped()
      case .unparsed(let reason):
        coverage.countUnparsed(reason, line: line.span.bytes, number: UInt64(index + 1))
      }
    }
    print("\(name): \(coverage.parsed) of \(coverage.lines) lines read")
    return coverage
  }

  private func shapes(_ coverage: ParseCoverage) -> String {
    coverage.frequentShapes.prefix(5).map { "\($0.count)x \(String(decoding: $0.example, as: UTF8.self))" }
      .joined(separator: "\n")
  }
}
