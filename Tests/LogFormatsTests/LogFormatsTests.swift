import Bytes
import Events
import LogFormats
import Testing

@Suite struct CombinedFormat {
  @Test func aCombinedLineGivesAllItsFields() throws {
    var parser = LineParser(format: try #require(LogFormat(named: "combined")), options: ParseOptions())
    var fields = HttpFields()
    let line = Array(
      #"203.0.113.7 - alice [20/Feb/2016:00:00:45 -0500] "GET /a/b?c=d HTTP/1.1" 404 1234 "https://example.org/" "Mozilla/5.0 (X11)""#
        .utf8)
    #expect(parser.parse(line.span.bytes, into: &fields) == .event)
    let bytes = line.span.bytes
    #expect(fields.client.description == "203.0.113.7")
    #expect(CivilTime.rfc3339(fields.time) == "2016-02-20T05:00:45Z")
    #expect(fields.status == 404 && fields.bytes == 1234 && fields.method == .get && fields.protocolVersion == .http11)
    #expect(fields.target.bytes(line: bytes, scratch: parser.scratch).decodedString() == "/a/b?c=d")
    #expect(fields.remoteUser.bytes(line: bytes, scratch: parser.scratch).decodedString() == "alice")
    #expect(fields.referrer.bytes(line: bytes, scratch: parser.scratch).decodedString() == "https://example.org/")
    #expect(fields.userAgent.bytes(line: bytes, scratch: parser.scratch).decodedString() == "Mozilla/5.0 (X11)")
  }
}
