// Bytes that nobody would call a log: a counted line each, never a crash.

import Bytes
import Events
import LogFormats
import Testing

@Suite struct BadInput {
  /// Reads a line in every format and looks at every range it gives.
  static func readInAllFormats(_ line: [UInt8], _ parsers: inout [Reader2]) {
    for index in parsers.indices { parsers[index].read(line) }
  }

  /// A parser in an array.
  final class Reader2 {
    var parser: LineParser
    init(_ format: LogFormat) {
      parser = LineParser(
        format: format, options: ParseOptions(trustedProxies: [Network(IPAddress(v4: 0x0a00_0000), prefix: 104)]))
    }
    func read(_ line: [UInt8]) {
      var fields = HttpFields()
      guard parser.parse(line.span.bytes, into: &fields) == .event else { return }
      for range in [
        fields.host, fields.target, fields.userAgent, fields.referrer, fields.remoteUser, fields.methodText,
        fields.contentType, fields.cookie, fields.body, fields.tlsFingerprint, fields.upstream,
      ] {
        #expect(range.bytes(line: line.span.bytes, scratch: parser.scratch).byteCount == Int(range.count))
      }
    }
  }

  private static func all() throws -> [Reader2] {
    try LogFormat.all.flatMap { format in
      try ["", "syslog+", "docker+", "cri+"].map { Reader2(try LogFormat(specification: $0 + format.name)) }
    }
  }

  @Test func changedLinesOfEveryFormatAreReadOrRefused() throws {
    var parsers = try Self.all()
    var seed: UInt64 = 0xbad
    let odd: [UInt8] = [0, 0x0a, 0x0d, 0x1b, 0x20, 0x22, 0x2d, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x80, 0xc3, 0xff]
    for sample in Sample.all {
      for wrapper in ["", "syslog", "docker", "cri"] {
        let line = Array(wrap(sample.line, wrapper).utf8)
        for _ in 0..<12 {
          var changed = line
          for _ in 0...(splitMix(&seed) % 4) {
            let at = Int(splitMix(&seed) % UInt64(max(changed.count, 1)))
            switch splitMix(&seed) % 5 {
            case 0: changed = Array(changed[..<at])
            case 1: changed = Array(changed[at...])
            case 2: if at < changed.count { changed.remove(at: at) }
            case 3: changed.insert(odd[Int(splitMix(&seed) % 16)], at: min(at, changed.count))
            default: if at < changed.count { changed[at] = odd[Int(splitMix(&seed) % 16)] }
            }
          }
          Self.readInAllFormats(changed, &parsers)
        }
      }
    }
  }

  @Test func randomBytesAreCountedAsBinary() throws {
    var reader = try Reader("combined")
    var seed: UInt64 = 1
    for length in [1, 2, 19, 20, 26, 100, 5000] {
      let line = (0..<length).map { _ in UInt8(truncatingIfNeeded: splitMix(&seed)) }
      let outcome = reader.read(line).outcome
      #expect(outcome == .unparsed(.binary) || outcome == .unparsed(.noFormat) || outcome == .skip)
    }
    #expect(reader.read([0, 0, 0, 0]).outcome == .unparsed(.binary))
    #expect(reader.read("what is this").outcome == .unparsed(.noFormat))
  }

  @Test func nulBytesAndLatin1StayInTheirFields() throws {
    var reader = try Reader("combined")
    var line = Array(#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /aXb HTTP/1.1" 200 5 "-" "agYnt""#.utf8)
    line[line.firstIndex(of: UInt8(ascii: "X"))!] = 0
    line[line.firstIndex(of: UInt8(ascii: "Y"))!] = 0xe9
    let parsed = reader.read(line)
    #expect(parsed.outcome == .event && parsed.target == "/a\0b" && parsed.fields.userAgent.count == 5)
  }

  @Test func blankLinesAndCommentsAreNoLines() throws {
    var reader = try Reader("combined")
    for line in ["", "\r", "   ", "\t\r", "# a comment"] { #expect(reader.read(line).outcome == .skip) }
  }

  @Test func aHugeLineTakesTimeInProportionToItsLength() throws {
    var parsers = try Self.all()
    for pattern in ["\"", "\\\"", "\\", "{", "[", "a", "a\" ", "\" ", "%22", "{\"a\":"] {
      var line = Array(repeating: pattern, count: 30_000 / pattern.utf8.count).joined()
      line = #"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 5 "-" ""# + line
      Self.readInAllFormats(Array(line.utf8), &parsers)
    }
  }
}
