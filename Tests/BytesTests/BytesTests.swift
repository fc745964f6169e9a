import Bytes
import Testing

@Test(arguments: [
  ("1.2.3.4", "1.2.3.4"), ("255.255.255.255", "255.255.255.255"), ("::", "::"), ("::1", "::1"),
  ("2001:db8::1", "2001:db8::1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:10.0.0.1", "10.0.0.1"),
  ("fe80::1:2:3:4", "fe80::1:2:3:4"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1::", "1::"), ("::2:0:0", "::2:0:0"),
  ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("a:b:0:0:c:0:0:0", "a:b:0:0:c::"),
])
func anAddressIsReadAndWrittenAsRFC5952(text: String, expected: String) {
  #expect(IPAddress(text)?.description == expected)
}

@Test(arguments: [
  "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "1..2.3", ":1", ":::", "1:2:3:4:5:6:7:8:9", "1::2::3",
  "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "1:2:3:4:5:6:7::8", "1.2.3.4/8", "1:", "0001.2.3.4",
])
func whatIsNoAddressIsRefused(text: String) {
  #expect(IPAddress(text) == nil)
}

@Test func aNetworkHoldsItsAddressesAndNoOthers() {
  let network = Network("10.1.0.0/16")!
  #expect(network.contains(IPAddress("10.1.255.9")!))
  #expect(!network.contains(IPAddress("10.2.0.0")!))
  #expect(network.description == "10.1.0.0/16")
  #expect(Network("2001:db8::/32")!.contains(IPAddress("2001:db8:ffff::1")!))
  #expect(Network("10.1.0.0/33") == nil)
  #expect(Network("0.0.0.0/0")!.contains(IPAddress("9.9.9.9")!))
  #expect(!Network("0.0.0.0/0")!.contains(IPAddress("2001::")!))
}

@Test func everyDayFrom1600To2400GoesThereAndBack() {
  for day in -135_140...157_054 {
    let (year, month, dayOfMonth) = CivilTime.date(days: day)
    #expect(CivilTime.days(year: year, month: month, day: dayOfMonth) == day)
    #expect(dayOfMonth >= 1 && dayOfMonth <= CivilTime.daysInMonth(year: year, month: month))
  }
}

@Test func timeIsWrittenAsRFC3339() {
  #expect(CivilTime.rfc3339(0) == "1970-01-01T00:00:00Z")
  #expect(CivilTime.rfc3339(-1, fractionDigits: 9) == "1969-12-31T23:59:59.999999999Z")
  #expect(CivilTime.rfc3339(1_456_000_000_123_456_789, fractionDigits: 3) == "2016-02-20T20:26:40.123Z")
}

@Test func theHashDependsOnEveryByteTheLengthAndTheKey() {
  let hash = KeyedHash(key: 1)
  var seen = Set<UInt64>()
  for length in 0...200 {
    var bytes = [UInt8](repeating: 0, count: length)
    #expect(seen.insert(hash.hash(bytes.span.bytes)).inserted)
    for i in bytes.indices {
      bytes[i] = 1
      #expect(seen.insert(hash.hash(bytes.span.bytes)).inserted, "length \(length), byte \(i)")
      bytes[i] = 0
    }
  }
  #expect(KeyedHash(key: 1).hash("abc") == hash.hash("abc"))
  #expect(KeyedHash(key: 2).hash("abc") != hash.hash("abc"))
}

@Test func aBufferKeepsItsMemoryAndItsBytes() {
  var buffer = ByteBuffer(capacity: 16)
  for i in 0..<1000 { buffer.append(UInt8(truncatingIfNeeded: i)) }
  #expect(buffer.count == 1000)
  #expect(buffer.bytes[999] == UInt8(truncatingIfNeeded: 999))
  buffer.truncate(to: 3)
  buffer.append("abc")
  #expect(buffer.bytes.copied() == [0, 1, 2, 0x61, 0x62, 0x63])
  #expect(buffer.bytes.firstIndex(of: 0x62) == 4)
  #expect(buffer.bytes.firstIndex(of: 0x62, from: 5) == nil)
  #expect(buffer.bytes.firstRange(of: "bc") == 4)
  buffer.removeAll()
  #expect(buffer.bytes.byteCount == 0)
}
