// Attacks that only show when many clients are looked at together, and what merely looks like them.

import Bytes
import Rollups
import Testing

@testable import Detection

@Suite struct CrowdTests {
  private func attacks(_ script: ZoneScript) -> [Attack] { script.run().attacks }

  private func site() -> ZoneScript {
    var script = ZoneScript()
    script.addVisitors(from: 0, to: 3600, perMinute: 20)
    return script
  }

  @Test func cacheBustingByManyWhoEachDoLittleIsFoundWithAllOfThem() {
    var script = site()
    for bot in 0..<20 {
      for i in 0..<30 {
        script.add(
          ScriptedRequest(
            time: 1_800 + Double(i) * 4 + Double(bot) / 10, client: address(120, UInt32(bot) << 8 | 9), path: "/",
            query: "?_=\(bot)-\(i)"))
      }
    }
    let found = attacks(script).filter { $0.kind == .cacheBusting }
    #expect(found.count == 1)
    #expect(found.first?.sourceCount == 20)
  }

  @Test func formsSentByManyWhoLoadNothingAreSpam() {
    var script = site()
    for i in 0..<120 {
      script.add(
        ScriptedRequest(
          time: 900 + Double(i) * 12, client: address(121, UInt32(i % 20) << 8 | 5), method: "POST",
          path: "/contact/send", status: 302, agent: "agent \(i % 20)"))
    }
    let found = attacks(script)
    #expect(found.map(\.kind) == [.formSpam])
    #expect(found.first?.sourceCount == 20)
  }

  @Test func aFormSentByVisitorsOfTheSiteIsNoSpam() {
    var script = site()
    for i in 0..<60 {
      let visitor = address(122, UInt32(i) << 8 | 5)
      for (offset, path) in ["/contact", "/style.css", "/logo.png"].enumerated() {
        script.add(ScriptedRequest(time: 900 + Double(i) * 20 + Double(offset), client: visitor, path: path))
      }
      for j in 0..<2 {
        script.add(
          ScriptedRequest(
            time: 910 + Double(i) * 20 + Double(j), client: visitor, method: "POST", path: "/contact/send",
            status: 302, referrer: true))
      }
    }
    #expect(attacks(script).isEmpty)
  }

  @Test func linksMisreadFromPagesAreNoProbes() {
    func record(_ request: String) -> EvidenceRecord {
      var record = EvidenceRecord()
      record.request = Array(request.utf8)
      return record
    }
    #expect(BrokenLinks.explain([record("GET /https:/example.org/page")]))
    #expect(BrokenLinks.explain([record("GET /2015/%22%20class=%22url%22%3Eexample.org%3C/a%3E")]))
    #expect(!BrokenLinks.explain([record("GET /%22%20class=x%20onerror=alert(1)%3E%3C/a%3E")]))
    #expect(!BrokenLinks.explain([record("GET /wp-login.php")]))
    #expect(!BrokenLinks.explain([]))
  }
}
