import Bytes
import Detection
import Foundation
import Geolocation
import Testing

@testable import Reputation

private func address(_ text: String) -> IPAddress { IPAddress(text) ?? .unknown }
private func networks(_ texts: String...) -> [Network] { texts.compactMap { Network($0) } }

private func attack(from sources: [String], of count: UInt64? = nil) -> Attack {
  var attack = Attack(id: "0000000000000001", kind: .scanning, zone: Array("a.example".utf8), start: 1, end: 1_000)
  attack.sources = sources.map { Attack.Source(address: address($0), requests: 3, lower: 3, upper: 3) }
  attack.sourceCount = count ?? UInt64(sources.count)
  attack.explanation = "It was seen."
  return attack
}

private let lists: [KnownAddresses.List] = [
  .init(name: "exits", kind: .tor, networks: networks("192.0.2.1", "2001:db8::1")),
  .init(name: "bad", kind: .abuse, networks: networks("192.0.2.0/24", "198.51.100.7")),
  .init(name: "worse", kind: .abuse, networks: networks("192.0.2.0/30")),
]

@Suite struct KnownAddressesTests {
  @Test func anAddressIsOnAllListsThatHoldIt() {
    let known = KnownAddresses(lists: lists)
    #expect(known.note(of: address("192.0.2.1"), at: 0).lists.map(\.list) == ["exits", "bad", "worse"])
    #expect(known.note(of: address("192.0.2.200"), at: 0).lists.map(\.list) == ["bad"])
    #expect(known.note(of: address("::ffff:192.0.2.1"), at: 0).text == "Tor exit, known for abuse, 3 lists")
    #expect(known.note(of: address("203.0.113.1"), at: 0).isEmpty)
    #expect(known.note(of: .unknown, at: 0).isEmpty)
  }

  @Test func aListThatHasExpiredSaysNothing() {
    let list = KnownAddresses.List(name: "old", kind: .tor, networks: networks("192.0.2.1"), expires: 500)
    let known = KnownAddresses(lists: [list])
    #expect(known.note(of: address("192.0.2.1"), at: 499).lists.count == 1)
    #expect(known.note(of: address("192.0.2.1"), at: 500).isEmpty)
  }

  @Test func theExplanationSaysWhatIsKnownOfTheSources() {
    let known = KnownAddresses(lists: lists)
    var one = attack(from: ["192.0.2.1"])
    known.describe(&one)
    #expect(one.explanation == "It was seen. Its address: Tor exit, known for abuse, 3 lists (exits, bad, worse).")
    #expect(one.sources[0].note?.lists.count == 3)
    var many = attack(from: ["192.0.2.1", "198.51.100.7", "203.0.113.1"], of: 70)
    known.describe(&many)
    #expect(
      many.explanation
        == "It was seen. Of the 3 most active sources: 1 Tor exit (exits), 2 known for abuse (bad, worse).")
    #expect(many.sources[2].note == nil)
  }

  @Test func whereNothingIsKnownAnAttackStaysAsItWas() {
    let plain = attack(from: ["203.0.113.1"])
    #expect(KnownAddresses(lists: lists).described([plain]) == [plain])
    #expect(KnownAddresses().described([attack(from: ["192.0.2.1"])]) == [attack(from: ["192.0.2.1"])])
  }

  @Test func moreListsThanCanBeToldApartAreLeftOut() {
    let many = (0..<70).map { KnownAddresses.List(name: "\($0)", kind: .other, networks: networks("192.0.2.1")) }
    #expect(KnownAddresses(lists: many).note(of: address("192.0.2.1"), at: 0).lists.count == 64)
  }
}

@Suite struct RegistryDatabaseTests {
  private func written(_ bytes: [UInt8]) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/registry-\(UUID().uuidString).mmdb"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  private var countries: DatabaseWriter {
    var writer = DatabaseWriter(type: "Test-Country")
    writer.add("192.0.2.0/24", .map([("country", .map([("iso_code", .text("DE"))]))]))
    writer.add("2001:db8::/32", .map([("registered_country", .map([("iso_code", .text("nl"))]))]))
    writer.add("198.51.100.0/24", .map([("country", .map([("iso_code", .text("not a code"))]))]))
    return writer
  }

  @Test func countryAndSystemOfAnAddressAreFound() throws {
    var systems = DatabaseWriter(type: "Test-ASN")
    systems.add(
      "192.0.2.0/25",
      .map([("autonomous_system_number", .word(64_500)), ("autonomous_system_organization", .text("Example Net"))]))
    let paths = (try written(countries.bytes), try written(systems.bytes))
    defer { for path in [paths.0, paths.1] { try? FileManager.default.removeItem(atPath: path) } }
    let registries = try #require(try Registries(country: paths.0, asn: paths.1))
    let place = registries.place(of: address("192.0.2.9"))
    #expect(place.country == "DE" && place.asn == 64_500 && place.organisation == "Example Net")
    #expect(registries.place(of: address("192.0.2.200")).asn == 0)
    #expect(registries.place(of: address("2001:db8::9")).country == "NL")
    #expect(registries.place(of: address("198.51.100.1")).country == "")
    #expect(registries.place(of: address("203.0.113.1")) == AddressPlace())

    let known = KnownAddresses(lists: lists, places: registries)
    var one = attack(from: ["192.0.2.1"])
    known.describe(&one)
    #expect(one.explanation.hasSuffix("Tor exit, known for abuse, 3 lists, DE, AS64500 (exits, bad, worse)."))
  }

  @Test func noDatabaseIsNeeded() throws { #expect(try Registries(country: "", asn: "") == nil) }

  @Test func aFileThatIsNoDatabaseIsAnErrorWithItsName() throws {
    let path = try written(Array("no database".utf8))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: RegistryDatabaseError.self) { try RegistryDatabase(path: path) }
    #expect(error.map { "\($0)".hasPrefix(path) } == true)
    #expect(throws: RegistryDatabaseError.self) { try RegistryDatabase(path: path + ".missing") }
  }

  @Test func aDamagedDatabaseSaysNothingAndStopsNobody() throws {
    let whole = countries.bytes
    var state: UInt64 = 42
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0..<8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
      }
      let path = try written(bytes)
      defer { try? FileManager.default.removeItem(atPath: path) }
      guard let database = try? RegistryDatabase(path: path) else { continue }
      for text in ["192.0.2.9", "198.51.100.1", "2001:db8::9", "::1"] {
        #expect(database.country(of: address(text)).utf8.count <= 2)
        _ = database.system(of: address(text))
      }
    }
  }
}
