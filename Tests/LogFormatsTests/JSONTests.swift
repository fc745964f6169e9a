// JSON lines: what is an event, what is not, and what hostile JSON can do (nothing).

import Bytes
import Events
import LogFormats
import Testing

@Suite struct JSONLines {
  @Test func anyKeyOfTheFlatFormMayBeMissing() throws {
    let members = [
      #""time":"2026-03-04T05:06:07Z""#, #""client":"198.51.100.23""#, #""method":"PUT""#, #""host":"shop.example""#,
      #""path":"/a?b=c""#, #""protocol":"HTTP/2.0""#, #""status":201"#, #""bytes":17"#,
      #""referer":"https://r.example/""#,
      #""user_agent":"curl/8""#, #""cookie":"k=v""#, #""content_type":"text/css""#, #""body":"x=1""#,
    ]
    var reader = try Reader("json")
    for mask in 1..<(1 << members.count) where mask % 7 == 1 || mask.nonzeroBitCount > 10 || mask.nonzeroBitCount < 3 {
      let kept = members.indices.filter { mask >> $0 & 1 == 1 }
      let parsed = reader.read("{" + kept.map { members[$0] }.joined(separator: ", ") + "}")
      guard kept != [0] else {
        // A time alone is some other log.
        #expect(parsed.outcome == .unparsed(.noFormat))
        continue
      }
      #expect(parsed.outcome == .event, "\(mask)")
      #expect(parsed.method == (kept.contains(2) ? "PUT" : "GET"))
      #expect(parsed.target == (kept.contains(4) ? "/a?b=c" : ""))
      #expect(parsed.status == (kept.contains(6) ? 201 : 0))
      #expect(parsed.fields.client.isUnknown == !kept.contains(1))
      #expect(parsed.fields.body.count == (kept.contains(12) ? 3 : 0))
    }
  }

  @Test func aLineWithoutATimeHasThatOfTheLineBefore() throws {
    var reader = try Reader("json")
    #expect(reader.read(#"{"path":"/a"}"#).time == "1970-01-01T00:00:00Z")
    #expect(reader.read(#"{"path":"/a","time":1772600767}"#).time == "2026-03-04T05:06:07Z")
    #expect(reader.read(#"{"path":"/b"}"#).time == "2026-03-04T05:06:07Z")
    #expect(reader.read(#"{"path":"/b","time":null}"#).time == "2026-03-04T05:06:07Z")
    #expect(reader.read(#"{"path":"/b","time":"31/Feb/2026:05:06:07 +0000"}"#).outcome == .unparsed(.badTime))
  }

  @Test func stringsAreUnescapedAndNumbersMayBeStrings() throws {
    var reader = try Reader("json")
    let parsed = reader.read(
      #" { "path" : "/\u00e9\ud83d\ude00\/\"\\\n\ud800x" , "status" : "404" , "bytes" : 1e0 , "client": "198.51.100.23" } "#
    )
    #expect(parsed.outcome == .event && parsed.target == "/é😀/\"\\\n\u{fffd}x" && parsed.status == 404)
  }

  @Test func ofSeveralKeysForAFieldTheFirstListedWins() throws {
    var reader = try Reader("json:client=a,client=b,path=p")
    #expect(reader.read(#"{"b":"192.0.2.2","a":"192.0.2.1","p":"/"}"#).client == "192.0.2.1")
    #expect(reader.read(#"{"a":"192.0.2.1","b":"192.0.2.2","p":"/"}"#).client == "192.0.2.1")
    #expect(reader.read(#"{"a":null,"b":"192.0.2.2","p":"/"}"#).client == "192.0.2.2")
    #expect(reader.read(#"{"a":"","b":["192.0.2.2","192.0.2.3"],"p":"/"}"#).client == "192.0.2.2")
  }

  @Test(arguments: [
    "{", "{}", "{\"", "{\"path", "{\"path\"", "{\"path\":", "{\"path\":\"/", "{\"path\":\"/\"", "{\"path\":\"/\",}",
    "{\"path\":\"/\"}x", "{\"path\":\"/\" \"a\":1}", "{\"path\":tru}", "[1]", "{\"level\":\"info\",\"msg\":\"hello\"}",
    "{\"x\":{\"path\":\"/\"}}", "{\"path\":\"\\", "{\"a\":[1,2}", "{\"path\"::1}", "{'path':'/'}", "null", "\"path\"",
  ]) func whatIsNoEventIsUnparsed(_ line: String) throws {
    var reader = try Reader("json")
    #expect(reader.read(line).outcome == .unparsed(.noFormat))
  }

  @Test func deepNestingEndsTheLineAndNotTheProgram() throws {
    var reader = try Reader("caddy")
    for (open, close) in [("[", "]"), ("{\"request\":", "}"), ("{\"a\":", "}")] {
      let deep = String(repeating: open, count: 200_000) + "1" + String(repeating: close, count: 200_000)
      #expect(reader.read(#"{"status":200,"request":"# + deep + "}").outcome == .unparsed(.noFormat))
      #expect(reader.read(#"{"status":200,"other":"# + deep + "}").outcome == .unparsed(.noFormat))
    }
    let shallow = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    #expect(reader.read(#"{"status":200,"other":"# + shallow + "}").outcome == .event)
  }
}
