// Format strings as users have them, and what is said about bad ones.

import Bytes
import LogFormats
import Testing

@Suite struct FormatStrings {
  @Test func apacheModifiersAndTimesAreRead() throws {
    var reader = try Reader(
      #"apache:%{c}a %a %!200,304{User-Agent}i|%<s %>s %{us}T [%{%Y-%m-%d %H:%M:%S}t.%{msec_frac}t %{%z}t] \"%m %U%q %H\" %V %p %O %I %%"#
    )
    let parsed = reader.read(
      #"10.0.0.1 198.51.100.23 curl/8|404 404 1250 [2026-03-04 06:06:07.250 +0100] "GET /a?b=c HTTP/2.0" Example.org 8443 12 34 %"#
    )
    #expect(parsed.outcome == .event)
    #expect(parsed.client == "198.51.100.23" && parsed.userAgent == "curl/8" && parsed.status == 404)
    #expect(parsed.duration == 1250 && parsed.target == "/a?b=c" && parsed.host == "example.org")
    #expect(parsed.fields.serverPort == 8443 && parsed.bytes == 12 && parsed.fields.requestBytes == 34)
    #expect(parsed.time == "2026-03-04T05:06:07.250000000Z")
  }

  @Test func nginxVariablesAreRead() throws {
    var reader = try Reader(
      #"nginx:$msec|${remote_addr}|$request_method $uri?$args $server_protocol|$status|$request_time|$upstream_cache_status|$http_cookie|$sent_http_content_type|$unknown_variable|$ssl_ja3_hash|$geoip2_data_country_code"#
    )
    let parsed = reader.read(
      "1772600767.125|2001:db8::7|PUT /x?y=1 HTTP/1.1|201|0.010|HIT|k=v; l=w|text/css|whatever|abcd|NZ")
    #expect(parsed.outcome == .event && parsed.client == "2001:db8::7" && parsed.method == "PUT")
    #expect(parsed.time == "2026-03-04T05:06:07.125000000Z" && parsed.target == "/x?y=1" && parsed.status == 201)
    #expect(parsed.duration == 10_000 && parsed.fields.cacheStatus == .hit)
    #expect(parsed.fields.cookie.count == 8 && parsed.fields.tlsFingerprint.count == 4)
    #expect(parsed.fields.country == UInt16(UInt8(ascii: "N")) << 8 | UInt16(UInt8(ascii: "Z")))
  }

  @Test func anObjectSpelledOutInNginxBecomesAFieldMap() throws {
    var reader = try Reader(
      #"nginx:{"t":"$time_iso8601","who":{"ip":"$remote_addr"},"line":"$request","code":$status,"ua":"$http_user_agent"}"#
    )
    let parsed = reader.read(
      #"{"t":"2026-03-04T06:06:07+01:00","who":{"ip":"198.51.100.23"},"line":"GET /\"q\" HTTP/1.1","code":200,"ua":"a\u00e9b"}"#
    )
    #expect(parsed.outcome == .event && parsed.client == "198.51.100.23" && parsed.target == #"/"q""#)
    #expect(parsed.time == "2026-03-04T05:06:07Z" && parsed.userAgent == "aéb")
  }

  @Test func haproxyAndEnvoyStringsAreRead() throws {
    var haproxy = try Reader(
      #"haproxy:%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r"#
    )
    let one = haproxy.read(
      #"[2001:db8::7]:4711 [04/Mar/2026:05:06:07.125] www~ app/a1 0/0/0/9/+9 200 +12 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1""#
    )
    #expect(one.outcome == .event && one.client == "2001:db8::7" && one.duration == 9000 && one.bytes == 12)
    #expect(one.time == "2026-03-04T05:06:07.125000000Z")
    var envoy = try Reader(
      #"envoy:[%START_TIME(%Y/%m/%d %H:%M:%S.%3f)%] %REQ(:METHOD)% %REQ(:PATH):80% %RESPONSE_CODE% %DOWNSTREAM_REMOTE_ADDRESS%\n"#
    )
    let two = envoy.read("[2026/03/04 05:06:07.250] GET /a 200 [2001:db8::7]:99")
    #expect(two.outcome == .event && two.client == "2001:db8::7" && two.target == "/a")
    #expect(two.time == "2026-03-04T05:06:07.250000000Z")
  }

  @Test(arguments: [
    ("apache:%h %Ñ", 4), ("apache:%h %{Referer", 4), ("apache:%h%u", 3), ("apache:hello", 1), ("apache:%h %", 4),
    ("apache:%h %{%Q}t", 4), ("nginx:$remote_addr $", 14), ("nginx:${remote_addr", 1), ("fields:<client> <wat>", 10),
    ("fields:<client", 1), ("json:client", 1), ("json:time=a,wat=b", 8), ("haproxy:%ci %{+Q", 5),
    ("envoy:%START_TIME", 1),
    ("nosuchformat", 1), ("syslog+nosuchformat", 8), ("w3c:nothing here", 1),
  ])
  func aBadStringIsRefusedWithItsPlace(_ text: String, _ column: Int) {
    #expect { try LogFormat(specification: text) } throws: { error in
      (error as? FormatError)?.column == column && !((error as? FormatError)?.reason.isEmpty ?? true)
    }
  }

  @Test func linesPastedFromAConfigurationAreUnderstood() throws {
    var nginx = try Reader(
      """
      log_format main escape=default '$remote_addr [$time_local] '
        '"$request" $status';
      """)
    #expect(nginx.read(#"192.0.2.1 [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.0" 200"#).outcome == .event)
    var apache = try Reader(#"LogFormat "%h %t \"%r\" %>s" short"#)
    #expect(apache.read(#"192.0.2.1 [04/Mar/2026:05:06:07 +0000] "GET / HTTP/1.0" 200"#).outcome == .event)
    var bare = try Reader("syslog+$remote_addr $status")
    #expect(bare.read("Mar  4 05:06:07 web nginx: 192.0.2.1 200").status == 200)
  }

  @Test func aFieldMapOfTheUsersOwnFollowsPaths() throws {
    var reader = try Reader("json:time=ts,client=remote.ip,path=req.0,status=res.code,duration_ms=ms")
    let parsed = reader.read(
      #"{"ts":1772600767123,"remote":{"ip":"[2001:db8::1]:80"},"req.0":"/x","res.code":"404","ms":1.5}"#)
    #expect(parsed.outcome == .event && parsed.client == "2001:db8::1" && parsed.target == "/x" && parsed.status == 404)
    #expect(parsed.duration == 1500 && parsed.method == "GET" && parsed.time == "2026-03-04T05:06:07.123000000Z")
  }
}
