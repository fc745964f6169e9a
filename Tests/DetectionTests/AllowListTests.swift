// What is allowed, and above all what is not: every way of writing a request that looks allowed and is not.

import Bytes
import Events
import Rollups
import Testing

@testable import Detection

private let client = IPAddress("198.51.100.20") ?? .unknown

private func list(_ change: (inout Permission) -> Void) -> AllowList {
  var permission = Permission()
  change(&permission)
  return AllowList([permission])
}

extension AllowList {
  fileprivate func allows(_ target: String, agent: String = "", from client: IPAddress = client) -> Bool {
    allows(target: Array(target.utf8), agent: agent, from: client)
  }
  fileprivate func allows(target: [UInt8], agent: String = "", from client: IPAddress = client) -> Bool {
    let agent = Array(agent.utf8)
    return allows(client: client, target: target.span.bytes, userAgent: agent.span.bytes)
  }
}

@Suite struct AllowListTests {
  let health = list { $0.path = Array("/health".utf8) }
  let assets = list { $0.pathPrefix = Array("/static".utf8) }

  @Test(arguments: ["/health", "/health?full=1", "/%68ealth", "/hea%6Cth?x=/../admin", "/health?"])
  func thePathItselfIsAllowedHoweverItsLettersAreEscaped(target: String) { #expect(health.allows(target)) }

  @Test(arguments: ["/static", "/static/app.js", "/static/a/b-c", "/static/", "/%73tatic/x"])
  func whatIsUnderAPrefixIsAllowed(target: String) { #expect(assets.allows(target)) }

  @Test(arguments: [
    "/healthy", "/Health", "/health/", "/", "", "health", "*", "//health", "/health//", "/./health", "/x/../health",
    "/health/../admin", "/health/%2e%2e/admin", "/health%2f..%2fadmin", "/health/..%2fadmin",
    "/health%252f..%252fadmin",
    "/%2568ealth", "/health%00", "/health%00.php", "/health\u{0}", "/health;/../admin", "/health;x=1", "/health%3bx",
    "/health%3f", "/health%23", "/health#", "/health#?", "/health\\..\\admin", "/health%5c..%5cadmin", "/health%",
    "/health%2", "/health%u002f", "/health%zz", "/health ", "/health\t", "/health%20", "/health%0d%0aX: 1", "/health+",
    "http://a.example/health", "https://evil.example/health", "/admin?/health", "/admin#/health", "/admin/health",
    "/health\u{2044}x", "/health%c0%af..%c0%afadmin", "/hea\u{ff4c}th",
  ])
  func noOtherWayOfWritingIsTakenForThePath(target: String) { #expect(!health.allows(target), "\(target)") }

  @Test(arguments: [
    "/statics", "/static.php", "/staticx/", "/Static/x", "/static/../admin", "/static/..", "/static/.", "/static/...",
    "/static/a/../../admin", "/static//x", "//static/x", "/static/%2e%2e/admin", "/static/%2E./admin",
    "/static/.%2e/admin",
    "/static/%252e%252e/admin", "/static/..%2fadmin", "/static%2f..%2fadmin", "/static/..%5cadmin", "/static/..\\admin",
    "/static/..;/admin", "/static;/../admin", "/static/%c0%ae%c0%ae/admin", "/static/%e0%80%ae./admin",
    "/static/%uff0e%uff0e/admin", "/static/\u{ff0e}\u{ff0e}/admin", "/static/%ef%bc%8e%ef%bc%8e/admin",
    "/static/x%00.php",
    "/static/x#/../admin", "/x/../static/a", "/./static/a", "/static/a%0ab", "static/a", "/%5cstatic/a", "/static%",
  ])
  func noWayOutOfAPrefixIsAllowed(target: String) { #expect(!assets.allows(target), "\(target)") }

  @Test func noBytesAtAllWidenAPath() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    let parts = [
      "/static", "/health", "/", "..", ".", "%2e", "%2f", "%5c", "\\", ";", "%25", "%", "?", "#", "a", "%00", "\u{e9}",
    ]
    for _ in 0..<100_000 {
      var target: [UInt8] = []
      for _ in 0..<next(7) {
        if next(12) == 0 { target.append(UInt8(next(256))) } else { target += Array(parts[next(parts.count)].utf8) }
      }
      let path = target.prefix { $0 != 0x3f }
      if health.allows(target: target) {
        #expect(Self.isPlain(path) && Self.decoded(path) == Array("/health".utf8), "seed \(seed)")
      }
      if assets.allows(target: target) {
        let decoded = Self.decoded(path)
        let parts = decoded.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        #expect(Self.isPlain(path) && parts.prefix(2).map(Array.init) == [[], Array("static".utf8)], "seed \(seed)")
        #expect(!parts.contains(ArraySlice("..".utf8)), "seed \(seed)")
      }
    }
  }

  /// Nothing in it that a server could read in another way. By bytes: as characters, a mark that combines with what stands
  /// before it hides that.
  private static func isPlain(_ path: ArraySlice<UInt8>) -> Bool {
    let text = path.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    return !["%2e", "%2f", "%5c", "%25", "%00", "\\", ";", "#", "//"].contains { text.contains(Array($0.utf8)) }
  }

  private static func decoded(_ path: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(path)[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  @Test func aWholeUserAgentIsAskedForAsAWhole() {
    let exact = list { $0.userAgent = Array("Monitor/1.0".utf8) }
    #expect(exact.allows("/x", agent: "Monitor/1.0"))
    for agent in [
      "", "Monitor/1.0 ", " Monitor/1.0", "Monitor/1.01", "sqlmap Monitor/1.0", "monitor/1.0", "Monitor/1.0\u{0}",
    ] {
      #expect(!exact.allows("/x", agent: agent), "\(agent)")
    }
    let part = list { $0.userAgentPart = Array("Monitor/1".utf8) }
    #expect(part.allows("/x", agent: "x Monitor/1.0") && part.allows("/x", agent: "MMonitor/1"))
    #expect(!part.allows("/x", agent: "Monitor/2") && !part.allows("/x", agent: "Monitor/") && !part.allows("/x"))
  }

  @Test func aNetworkHoldsItsOwnAddressesAndNoneThatOnlyResembleThem() throws {
    let office = list { $0.networks = ["192.0.2.0/24", "2001:db8::/32"].compactMap { Network($0) } }
    for inside in ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.7", "2001:db8::1"] {
      #expect(office.allows("/x", from: try #require(IPAddress(inside))), "\(inside)")
    }
    for outside in [
      "192.0.3.0", "192.0.1.255", "::192.0.2.7", "64:ff9b::192.0.2.7", "::ffff:0:192.0.2.7", "2002:c000:0207::1",
      "2001:db9::1", "::",
    ] {
      #expect(!office.allows("/x", from: try #require(IPAddress(outside))), "\(outside)")
    }
  }

  @Test func allThatAnEntryNamesMustHold() {
    let both = list {
      $0.networks = [Network(client, prefix: 128)]
      $0.path = Array("/health".utf8)
      $0.userAgentPart = Array("Monitor".utf8)
    }
    #expect(both.allows("/health", agent: "Monitor"))
    #expect(!both.allows("/health", agent: "Other") && !both.allows("/x", agent: "Monitor"))
    #expect(!both.allows("/health", agent: "Monitor", from: IPAddress(v4: 1)))
  }

  @Test func anEntryThatAsksForNothingAllowsNothing() {
    let none = AllowList([Permission()])
    #expect(none.isEmpty && !none.allows("/") && !none.allows(""))
    #expect(!AllowList().allows("/"))
  }

  @Test func theRuleSetsHashTellsWhatIsAllowed() {
    let plain = RequestScorer()
    let same = RequestScorer(allow: AllowList())
    let health = RequestScorer(allow: health)
    let assets = RequestScorer(allow: assets)
    #expect(plain.ruleSetHash == same.ruleSetHash)
    #expect(plain.ruleSetHash != health.ruleSetHash && health.ruleSetHash != assets.ruleSetHash)
  }
}
