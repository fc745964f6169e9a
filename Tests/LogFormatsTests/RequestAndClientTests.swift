// Request lines that are none, escapes, and who the client is.

import Bytes
import Events
import LogFormats
import Testing

@Suite struct Requests {
  private func read(_ request: String) throws -> Parsed {
    var reader = try Reader("combined")
    return reader.read(#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "\#(request)" 400 0 "-" "-""#)
  }

  @Test func aHandshakeOnAPlainPortIsAnEventThatSaysSo() throws {
    let parsed = try read(#"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"#)
    #expect(parsed.outcome == .event && parsed.fields.flags.isSuperset(of: [.malformedRequest, .binaryRequest]))
    #expect(parsed.fields.target.count == 11 && parsed.method == "")
  }

  @Test(arguments: ["", "-"]) func anEmptyRequestIsAnEventThatSaysSo(_ request: String) throws {
    let parsed = try read(request)
    #expect(
      parsed.outcome == .event && parsed.fields.flags == .emptyRequest && parsed.target == "" && parsed.status == 400)
  }

  @Test(arguments: ["batman", "HELP", "lv|'|'|VHJv|'|'|MARK|'|' x", "GET", "145.ll|' 1"])
  func whatIsNoRequestIsKeptWholeAsTheTarget(_ request: String) throws {
    let parsed = try read(request)
    #expect(parsed.outcome == .event && parsed.fields.flags == .malformedRequest && parsed.target == request)
  }

  @Test func spacesInTheTargetAndMissingProtocolsAreRead() throws {
    #expect(try read("GET /a b c HTTP/1.1").target == "/a b c")
    let old = try read("GET /index.html")
    #expect(old.target == "/index.html" && old.fields.protocolVersion == .http09 && old.fields.flags == [])
    #expect(try read("get /x HTTP/1.1").method == "get")
    #expect(try read("PROPFIND /dav HTTP/1.1").fields.method == .propfind)
    let mkcol = try read("MKCOL /dav HTTP/2")
    #expect(mkcol.method == "MKCOL" && mkcol.fields.method == .unknown && mkcol.fields.protocolVersion == .http2)
  }

  @Test func absoluteTargetsAreKeptAsSent() throws {
    let absolute = try read("GET http://other.example/x HTTP/1.1")
    #expect(absolute.target == "http://other.example/x" && absolute.host == "")
    let connect = try read("CONNECT other.example:443 HTTP/1.1")
    #expect(connect.fields.method == .connect && connect.target == "other.example:443")
  }

  @Test func overlongRequestsAreRead() throws {
    let long = String(repeating: "A", count: 500_000)
    #expect(try read("GET /\(long) HTTP/1.1").target.utf8.count == 500_001)
    #expect(try read(long).fields.flags == .malformedRequest)
  }

  @Test func escapesAreUndoneAsEachServerWritesThem() throws {
    #expect(try read(#"GET /\x22\x3Cscript\x3E HTTP/1.1"#).target == #"/"<script>"#)
    #expect(try read(#"GET /a\"b\\c\tn\n HTTP/1.1"#).target == "/a\"b\\c\tn\n")
    // What is no escape stays as it is.
    #expect(try read(#"GET /C:\Windows\x2 HTTP/1.1"#).target == #"/C:\Windows\x2"#)
    var reader = try Reader("combined")
    let agent = reader.read(
      #"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 1 "-" "a \"quoted\" \\" more"#)
    #expect(agent.userAgent == #"a "quoted" \"#)
  }

  @Test func quotesThatNobodyEscapedBelongToTheField() throws {
    var reader = try Reader("combined")
    let parsed = reader.read(#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /?q="x" HTTP/1.1" 200 1 "a"b" "c"d"e""#)
    #expect(parsed.target == #"/?q="x""# && parsed.referrer == #"a"b"# && parsed.userAgent == #"c"d"e"#)
  }

  @Test func aLineCutShortInItsLastFieldIsReadAndFlagged() throws {
    var reader = try Reader("combined")
    let parsed = reader.read(
      #"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 1 "-" "Mozilla/5.0 (cut"#)
    #expect(parsed.outcome == .event && parsed.userAgent == "Mozilla/5.0 (cut" && parsed.fields.flags == .truncated)
  }

  @Test func dashesAndHugeNumbersAreUnknownOrHeldAtTheirLimit() throws {
    var reader = try Reader("combined")
    let dash = reader.read(#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" - - "-" "-""#)
    #expect(dash.outcome == .event && dash.status == 0 && dash.bytes == 0)
    let huge = reader.read(
      #"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 200 99999999999999999999999 "-" "-""#)
    #expect(huge.bytes == .max)
    #expect(
      reader.read(#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.1" 99999 1 "-" "-""#).outcome != .event)
  }
}

@Suite struct Clients {
  private func client(_ text: String, _ options: ParseOptions = ParseOptions()) throws -> Parsed {
    var reader = try Reader("fields:<client> <status>", options)
    return reader.read(text + " 200")
  }

  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("192.0.2.1:8080", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"),
    ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:443", "2001:db8::1"), ("fe80::1%eth0", "fe80::1"),
    ("[fe80::1%25eth0]:1", "fe80::1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("[::ffff:192.0.2.1]:80", "192.0.2.1"),
    ("::1", "::1"),
  ]) func anAddressIsReadWithWhateverIsAroundIt(_ text: String, _ expected: String) throws {
    let parsed = try client(text)
    #expect(parsed.outcome == .event && parsed.client == expected && parsed.fields.flags == [])
  }

  @Test(arguments: ["crawler.example.org", "unix:", "-", "localhost", "my_host-1.example"])
  func aNameInsteadOfAnAddressIsFlagged(_ text: String) throws {
    let parsed = try client(text)
    #expect(parsed.outcome == .event && parsed.fields.client.isUnknown && parsed.fields.flags == .unresolvedClient)
  }

  @Test(arguments: ["(x)", "\"", "a/b"]) func whatIsNeitherIsNoLine(_ text: String) throws {
    #expect(try client(text).outcome == .unparsed(.noFormat))
  }

  private func forwarded(_ peer: String, _ list: String, trusted: [String]) throws -> Parsed {
    let networks = try trusted.map { try #require(Network($0)) }
    var reader = try Reader(
      #"apache:%h %>s "%{X-Forwarded-For}i" "%{Forwarded}i""#, ParseOptions(trustedProxies: networks))
    return reader.read(#"\#(peer) 200 "\#(list)" "-""#)
  }

  @Test func theListIsBelievedOnlyFromTrustedProxiesAndFromTheRight() throws {
    let trusted = ["10.0.0.0/8", "2001:db8:ffff::/48"]
    let simple = try forwarded("10.0.0.1", "203.0.113.5", trusted: trusted)
    #expect(simple.client == "203.0.113.5" && simple.fields.flags == .forwarded)
    #expect(try forwarded("198.51.100.9", "203.0.113.5", trusted: trusted).client == "198.51.100.9")
    #expect(try forwarded("10.0.0.1", "203.0.113.5", trusted: []).client == "10.0.0.1")
    #expect(try forwarded("10.0.0.1", "6.6.6.6, 203.0.113.5, 10.1.1.1", trusted: trusted).client == "203.0.113.5")
    #expect(
      try forwarded("10.0.0.1", "6.6.6.6, [2001:db8::5]:99, 2001:db8:ffff::1", trusted: trusted).client == "2001:db8::5"
    )
    #expect(try forwarded("10.0.0.1", "10.2.2.2, 10.1.1.1", trusted: trusted).client == "10.2.2.2")
    #expect(try forwarded("10.0.0.1", "6.6.6.6, unknown, 10.1.1.1", trusted: trusted).client == "10.1.1.1")
    #expect(try forwarded("10.0.0.1", "${jndi:ldap://x}", trusted: trusted).client == "10.0.0.1")
    #expect(try forwarded("10.0.0.1", "-", trusted: trusted).client == "10.0.0.1")
  }

  @Test func aPeerKnownByNameOnlyIsNotTrusted() throws {
    #expect(try forwarded("host.example", "203.0.113.5", trusted: ["10.0.0.0/8"]).fields.client.isUnknown)
    // A local proxy's socket is no peer.
    #expect(try forwarded("unix:", "203.0.113.5", trusted: []).client == "203.0.113.5")
    #expect(try forwarded("-", "203.0.113.5", trusted: []).client == "203.0.113.5")
  }

  @Test func anAbsentHeaderTakesNothingBack() throws {
    var reader = try Reader(#"nginx:$status "$http_x_forwarded_for" "$http_x_real_ip""#)
    #expect(reader.read(#"200 "203.0.113.5" "-""#).client == "203.0.113.5")
  }

  @Test func theForwardedHeaderIsReadToo() throws {
    var reader = try Reader(
      #"apache:%h %>s "%{Forwarded}i""#, ParseOptions(trustedProxies: [try #require(Network("10.0.0.0/8"))]))
    let parsed = reader.read(
      #"10.0.0.1 200 "for=6.6.6.6, For=\"[2001:db8::9]:47\";proto=https, for=10.3.3.3;by=10.0.0.1""#)
    #expect(parsed.client == "2001:db8::9" && parsed.fields.flags.contains(.forwarded))
  }

  @Test func withoutAPeerTheNearestPublicAddressOfTheListIsTheClient() throws {
    var reader = try Reader(#"apache:%>s "%{X-Forwarded-For}i""#)
    #expect(reader.read(#"200 "6.6.6.6, 203.0.113.5, 10.0.0.7""#).client == "203.0.113.5")
    #expect(reader.read(#"200 "192.168.1.100, 10.42.0.1""#).client == "192.168.1.100")
  }

  @Test func hostsLoseTheirPortAndTheirCapitals() throws {
    var reader = try Reader("nginx:$http_host $status")
    #expect(reader.read("WWW.Example.ORG:8080 200").host == "www.example.org")
    #expect(reader.read("www.example.org 200").host == "www.example.org")
    #expect(reader.read("[2001:DB8::1]:8080 200").host == "[2001:db8::1]")
    #expect(reader.read("example.org:x 200").host == "example.org:x")
    #expect(reader.read("WWW.Example.ORG:8080 200").fields.serverPort == 8080)
  }
}
