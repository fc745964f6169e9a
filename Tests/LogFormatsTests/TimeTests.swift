// Stamps in every layout, with every offset, and those that name no time.

import Bytes
import Events
import Foundation
import LogFormats
import Testing

@Suite struct Stamps {
  private func time(_ stamp: String, zone: TimeZoneRules = .utc) throws -> String {
    var reader = try Reader("fields:<client>|<time>", ParseOptions(timeZone: zone))
    let parsed = reader.read("192.0.2.1|" + stamp)
    return parsed.outcome == .event ? parsed.time : "\(parsed.outcome)"
  }

  @Test(arguments: [
    ("2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
    ("2026-03-04t05:06:07z", "2026-03-04T05:06:07Z"),
    ("2026-03-04 05:06:07", "2026-03-04T05:06:07Z"),
    ("2026-03-04T05:06:07.5+05:30", "2026-03-03T23:36:07.500000000Z"),
    ("2026-03-04T05:06:07,123456789-0800", "2026-03-04T13:06:07.123456789Z"),
    ("2026-03-04T05:06:07.1234567890123Z", "2026-03-04T05:06:07.123456789Z"),
    ("2026/03/04 05:06:07 +0100", "2026-03-04T04:06:07Z"),
    ("2026-03-04T05:06", "2026-03-04T05:06:00Z"),
    ("2026-03-04", "2026-03-04T00:00:00Z"),
    ("04/Mar/2026:05:06:07 -0500", "2026-03-04T10:06:07Z"),
    ("[04/Mar/2026:05:06:07 -0500]", "2026-03-04T10:06:07Z"),
    ("04/Mar/2026:05:06:07.250", "2026-03-04T05:06:07.250000000Z"),
    ("1772600767", "2026-03-04T05:06:07Z"),
    ("1772600767.25", "2026-03-04T05:06:07.250000000Z"),
    ("1772600767250", "2026-03-04T05:06:07.250000000Z"),
    ("1772600767250000", "2026-03-04T05:06:07.250000000Z"),
    ("1772600767250000001", "2026-03-04T05:06:07.250000001Z"),
    ("1.772600767e9", "2026-03-04T05:06:07Z"),
    ("1.77260076725E+09", "2026-03-04T05:06:07.250000000Z"),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
  ]) func aStampIsReadInItsLayout(_ stamp: String, _ expected: String) throws {
    #expect(try time(stamp) == expected)
  }

  @Test(arguments: [
    "2026-02-29T00:00:00Z", "2026-02-31 00:00:00", "2026-13-01T00:00:00Z", "2026-00-10T00:00:00Z",
    "2026-01-00T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
    "31/Feb/2026:00:00:00 +0000", "04/Mar/2026:24:00:00 +0000", "04/Foo/2026:05:06:07 +0000", "x",
    "2026-03-04T05:06:07Zx",
    "99999999999999999999", "1e99", "9999-12-31T00:00:00Z", "1500-01-01T00:00:00Z",
  ]) func aStampThatNamesNoTimeMakesTheLineUnparsed(_ stamp: String) throws {
    #expect(try time(stamp) == "\(ParseOutcome.unparsed(.badTime))")
  }

  @Test func aBadDateInACombinedLineIsCountedAsBadTime() throws {
    var reader = try Reader("combined")
    for stamp in ["31/Feb/2026:00:00:00 +0000", "01/Jan/2026:25:00:00 +0000", "01/Jan/2026:00:00:61 +0000"] {
      let parsed = reader.read(#"192.0.2.1 - - [\#(stamp)] "GET / HTTP/1.1" 200 1 "-" "-""#)
      #expect(parsed.outcome == .unparsed(.badTime))
    }
  }

  @Test func theCacheOfStampsNeverGivesAnotherLinesTime() throws {
    var reader = try Reader("combined")
    var seed: UInt64 = 0x5eed
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    var last = (1, 1, 2020, 0, 0, 0, 0)
    for _ in 0..<5000 {
      // One part changes from line to line, so that nearly all of the stamp is that of the line before.
      let value = Int(splitMix(&seed) % 28)
      switch splitMix(&seed) % 7 {
      case 0: last.0 = value + 1
      case 1: last.1 = value % 12 + 1
      case 2: last.2 = 1970 + value * 2
      case 3: last.3 = value % 24
      case 4: last.4 = value * 2
      case 5: last.5 = value * 2
      default: last.6 = value % 24 - 12
      }
      let day = CivilTime.days(year: last.2, month: last.1, day: last.0)
      let expected = CivilTime.rfc3339(
        Int64(day * 86_400 + last.3 * 3600 + last.4 * 60 + last.5 - last.6 * 3600) * 1_000_000_000)
      func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
      let stamp =
        "\(two(last.0))/\(months[last.1 - 1])/\(last.2):\(two(last.3)):\(two(last.4)):\(two(last.5)) "
        + (last.6 < 0 ? "-" : "+") + two(abs(last.6)) + "00"
      let parsed = reader.read(#"192.0.2.1 - - [\#(stamp)] "GET / HTTP/1.1" 200 1 "-" "-""#)
      #expect(parsed.time == expected, "\(stamp)")
    }
  }

  @Test func aStampWithoutOffsetTakesTheTimeZone() throws {
    #expect(try time("2026-03-04 05:06:07", zone: try #require(TimeZoneRules("+02:00"))) == "2026-03-04T03:06:07Z")
    #expect(try time("04/Mar/2026:05:06:07", zone: try #require(TimeZoneRules("-0330"))) == "2026-03-04T08:36:07Z")
    #expect(try time("04/Mar/2026:05:06:07 +0000", zone: try #require(TimeZoneRules("-9"))) == "2026-03-04T05:06:07Z")
    #expect(TimeZoneRules("Europe/Berlin") == nil && TimeZoneRules("+99:00") == nil && TimeZoneRules("") == nil)
  }

  @Test func onlyPlainNamesAreLookedUpAsZones() {
    #expect(TimeZoneRules.isZoneName("Europe/Berlin") && TimeZoneRules.isZoneName("Etc/GMT+5"))
    for name in ["", "/etc/passwd", "../passwd", "a b", "Europe/../../x"] { #expect(!TimeZoneRules.isZoneName(name)) }
  }

  static let zones = [
    "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Tehran",
    "Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo", "UTC", "Etc/GMT+5", "Europe/Dublin", "Antarctica/Troll",
  ].filter { FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/" + $0) }

  @Test(.enabled(if: !zones.isEmpty, "no zone files here"), arguments: zones)
  func offsetsOfAZoneAreThoseOfFoundation(_ name: String) throws {
    let rules = try #require(
      TimeZoneRules(tzif: Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/" + name)))))
    let zone = try #require(TimeZone(identifier: name))
    var seed: UInt64 = 0xca11
    for _ in 0..<2000 {
      // 1975 to 2037.
      let second = Int(splitMix(&seed) % 1_956_000_000) + 157_766_400
      let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
      #expect(rules.offset(atUTC: second) == offset, "\(name) at \(second)")
      // Back from local time: the same instant, or the other of the two that share a wall clock.
      let back = rules.utc(local: second + offset)
      #expect(back == second || rules.offset(atUTC: back) + back == second + offset, "\(name) at \(second)")
    }
  }

  @Test func aDamagedZoneFileIsRefused() throws {
    let path = "/usr/share/zoneinfo/Europe/Berlin"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let bytes = Array(data)
    for length in stride(from: 0, to: bytes.count, by: 7) { _ = TimeZoneRules(tzif: Array(bytes[..<length])) }
    var seed: UInt64 = 99
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<4 {
        damaged[Int(splitMix(&seed) % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: splitMix(&seed))
      }
      if let rules = TimeZoneRules(tzif: damaged) { _ = rules.utc(local: 1_772_600_767) }
    }
    #expect(TimeZoneRules(tzif: []) == nil)
  }
}
