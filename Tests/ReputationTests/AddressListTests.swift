import Bytes
import Testing

@testable import Reputation

private func read(
  _ text: String, _ format: AddressListFormat = .automatic, column: Int = 1, least: Int = 1, limit: Int = 1000
) -> AddressList {
  AddressListReader(format, column: column, least: least, limit: limit).read(Array(text.utf8))
}

private func names(_ list: AddressList) -> [String] { list.networks.map(\.description) }

@Suite struct AddressListTests {
  @Test func aPlainListHoldsAddressesAndNetworksAmongComments() {
    let list = read(
      "# head\n192.0.2.1\n\n198.51.100.0/24 ; office\r\n  2001:db8::/32\n; end\n203.0.113.9 # one", .plain)
    #expect(names(list) == ["192.0.2.1/32", "198.51.100.0/24", "2001:db8::/32", "203.0.113.9/32"])
    #expect(list.faultCount == 0)
  }

  @Test func aBadLineIsToldWithItsNumberAndTheRestIsRead() {
    let list = read("192.0.2.1\n192.0.2.999\nexample.org\n192.0.2.2 192.0.2.3\n192.0.2.4\n", .netset)
    #expect(names(list) == ["192.0.2.1/32", "192.0.2.4/32"])
    #expect(list.faultCount == 3)
    #expect(list.faults.map(\.line) == [2, 3, 4])
    #expect("\(list.faults[0])" == "line 2: '192.0.2.999' is neither an address nor a network")
  }

  @Test func ofManyBadLinesTheFirstAreKeptAndAllAreCounted() {
    let list = read(String(repeating: "no\n", count: 50_000))
    #expect(list.faults.count == 5 && list.faultCount == 50_000 && list.networks.isEmpty)
  }

  @Test(arguments: ["0.0.0.0/0", "::/0", "128.0.0.0/1", "224.0.0.0/3", "::/64", "::ffff:0:0/96", "2000::/3", "::"])
  func aNetworkThatHoldsTooMuchIsLeftOut(network: String) {
    let list = read("192.0.2.1\n\(network)\n")
    #expect(names(list) == ["192.0.2.1/32"])
    #expect(list.faultCount == 1)
  }

  @Test func aColumnOfACSVIsPickedAndItsHeadingPassedOver() {
    let text = "first,address,note\n1,192.0.2.1,\"a, b\"\n2,\"198.51.100.0/24\",x\n3\n4,bad,\n"
    let list = read(text, .csv, column: 2)
    #expect(names(list) == ["192.0.2.1/32", "198.51.100.0/24"])
    #expect(list.faults.map(\.line) == [4, 5])
    #expect(names(read("\"x, y\",192.0.2.7\n", .csv, column: 2)) == ["192.0.2.7/32"])
  }

  @Test func torsOwnFormAndPlainExitsAreRead() {
    let text = """
      ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E
      Published 2026-01-01 10:00:00
      LastStatus 2026-01-01 11:00:00
      ExitAddress 192.0.2.5 2026-01-01 11:02:03
      ExitAddress 2001:db8::5 2026-01-01 11:02:03
      """
    for format in [AddressListFormat.tor, .automatic] {
      let list = read(text, format)
      #expect(names(list) == ["192.0.2.5/32", "2001:db8::5/128"])
      #expect(list.faultCount == 0)
    }
    #expect(names(read("192.0.2.5\n192.0.2.6\n", .tor)) == ["192.0.2.5/32", "192.0.2.6/32"])
  }

  @Test func ofIpsumThoseOnTooFewListsAreLeftOut() {
    let list = read("# x\n192.0.2.1\t9\n192.0.2.2\t3\n192.0.2.3\t2\n192.0.2.4\n", .ipsum, least: 3)
    #expect(names(list) == ["192.0.2.1/32", "192.0.2.2/32"])
    #expect(list.faults.map(\.line) == [5])
  }

  @Test func publishedRangesAreReadFromJSON() {
    let text = """
      { "creationTime": "2026-01-01", "n": -1.5e3, "prefixes": [
        {"ipv6Prefix": "2001:db8:1::/48"}, {"ipv4Prefix": "192.0.2.0\\/27", "scope": {"a": [true, null]}},
        {"ipv4Prefix": "bad"} ] }
      """
    let list = read(text)
    #expect(names(list) == ["2001:db8:1::/48", "192.0.2.0/27"])
    #expect(list.faults.map(\.line) == [3])
    #expect(names(read("[\"192.0.2.1\", \"192.0.2.2\"]")) == ["192.0.2.1/32", "192.0.2.2/32"])
  }

  @Test(arguments: [
    "{", "{\"a\"", "[\"192.0.2.1\"", "[1,,2]", "{\"a\":}", "[] []", "[", "{\"prefixes\": [{\"ipv4Prefix\": \"192.0.2",
    "{,}", "[1 2]", "{\"a\":1,}", String(repeating: "[", count: 100_000), "{\"a\" 1}", "]",
  ])
  func whatIsNoJSONIsOneFault(text: String) {
    let list = read(text, .json)
    #expect(list.faultCount == 1)
    #expect(list.faults.first?.reason.hasPrefix("no JSON") == true)
  }

  @Test func moreNetworksThanTheLimitAreCountedAndLeftOut() {
    let list = read("192.0.2.1\n192.0.2.2\n192.0.2.3\n", limit: 2)
    #expect(list.networks.count == 2 && list.dropped == 1)
  }

  @Test func noBytesOfAnyKindStopTheReader() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var state = seed
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let words = Array("0123456789abcdef.:/\"'{}[],\\\n\r\t #;ExitAddressipv4Prefix".utf8)
    for _ in 0..<3_000 {
      let bytes = (0..<Int(next() % 200)).map { _ in
        next() % 8 == 0 ? UInt8(truncatingIfNeeded: next()) : words[Int(next()) % words.count]
      }
      for format in AddressListFormat.allCases {
        let list = AddressListReader(format, column: 2).read(bytes)
        #expect(list.networks.allSatisfy { !$0.isTooWide }, "seed \(seed)")
      }
    }
  }

  @Test func aListThatIsEmptyOrFellByMoreThanTheShareIsRefused() {
    #expect(AddressListChange.refusal(count: 0, before: nil, leastShare: 0.5) == "it holds no address")
    #expect(
      AddressListChange.refusal(count: 49, before: 100, leastShare: 0.5) == "it holds 49 networks where there were 100")
    #expect(AddressListChange.refusal(count: 50, before: 100, leastShare: 0.5) == nil)
    #expect(AddressListChange.refusal(count: 1, before: nil, leastShare: 0.5) == nil)
    #expect(AddressListChange.refusal(count: 1, before: 100, leastShare: 0) == nil)
  }
}
