import Testing

@testable import Bytes

@Suite struct AddressTableTests {
  @Test func everyListThatHoldsAnAddressIsFoundAsByLookingAtEachNetwork() {
    var random = SystemRandomNumberGenerator()
    let seed = random.next()
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    // Few bits differ, so that networks nest and touch.
    func address() -> IPAddress {
      next(2) == 0
        ? IPAddress(v4: 0xc000_0200 | UInt32(next(64)))
        : IPAddress(high: 0x2001_0db8_0000_0000, low: next(3) == 0 ? .max - UInt64(next(8)) : UInt64(next(64)))
    }
    for _ in 0..<200 {
      let entries = (0..<next(40)).map { _ in
        (network: Network(address(), prefix: 118 + next(11)), list: next(70))
      }
      let table = AddressTable(entries)
      #expect(table.stretches <= entries.count * 2)
      for _ in 0..<60 {
        let asked = address()
        var expected: UInt64 = 0
        for entry in entries where entry.list < 64 && entry.network.contains(asked) {
          expected |= 1 << UInt64(entry.list)
        }
        #expect(table.lists(of: asked) == expected, "seed \(seed)")
      }
    }
  }

  @Test func theLastAddressOfAllEndsATable() {
    let table = AddressTable([Network(IPAddress(high: .max, low: .max), prefix: 128)])
    #expect(table.contains(IPAddress(high: .max, low: .max)))
    #expect(!table.contains(IPAddress(high: .max, low: .max - 1)))
    let all = AddressTable([Network(IPAddress(high: 0, low: 0), prefix: 0)])
    #expect(all.contains(IPAddress(high: 5, low: 7)) && !all.contains(.unknown))
  }

  @Test(arguments: [
    ("0.0.0.0/0", true), ("10.0.0.0/8", false), ("10.0.0.0/7", true), ("::/0", true), ("2001:db8::/32", false),
    ("2000::/15", true), ("2000::/16", false), ("::/16", true), ("::/64", true), ("::/95", true), ("::1", false),
    ("::", true), ("64:ff9b::/96", false), ("192.0.2.1", false),
  ])
  func networksThatHoldTooMuchAreTold(text: String, isTooWide: Bool) throws {
    #expect(try #require(Network(text)).isTooWide == isTooWide)
  }
}
