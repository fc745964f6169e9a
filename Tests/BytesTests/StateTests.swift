// What StateWriter writes, StateReader reads; and whatever the bytes are, it throws or returns.

import Bytes
import Testing

@Suite struct StateTests {
  @Test func everyValueComesBack() throws {
    var writer = StateWriter(capacity: 16)
    let numbers: [UInt64] = [0, 1, 127, 128, 16_383, 16_384, 1 << 32, .max - 1, .max]
    for number in numbers { writer.number(number) }
    let doubles = [0, -0.0, 1.5, .infinity, -.leastNonzeroMagnitude, 0.1 + 0.2]
    for double in doubles { writer.number(double) }
    for time in [Int64.min, -1, 0, .max] { writer.signed(time) }
    writer.flag(true)
    writer.byte(200)
    writer.half(65_535)
    writer.number(UInt32.max)
    writer.bytes([1, 2, 3])
    writer.text("zone.example")
    writer.address(IPAddress(high: 1, low: 2))
    writer.count(0)
    var reader = StateReader(writer.take())
    for number in numbers { #expect(try reader.number() == number) }
    for double in doubles { #expect(try reader.double().bitPattern == double.bitPattern) }
    for time in [Int64.min, -1, 0, .max] { #expect(try reader.signed() == time) }
    #expect(try reader.flag())
    #expect(try reader.byte() == 200)
    #expect(try reader.half() == 65_535)
    #expect(try reader.small() == .max)
    #expect(try reader.bytes() == [1, 2, 3])
    #expect(try reader.text() == "zone.example")
    #expect(try reader.address() == IPAddress(high: 1, low: 2))
    #expect(try reader.count() == 0)
    try reader.finish()
    #expect(writer.count == 0)
  }

  @Test func whatNoWriterWritesIsRefused() {
    func refuses(_ bytes: [UInt8], _ read: (inout StateReader) throws -> Void) -> Bool {
      var reader = StateReader(bytes)
      do {
        try read(&reader)
        return false
      } catch { return error is StateError }
    }
    #expect(refuses([]) { _ = try $0.byte() })
    #expect(refuses([2]) { _ = try $0.flag() })
    #expect(refuses([1, 2, 3]) { _ = try $0.word() })
    #expect(refuses([0x80]) { _ = try $0.number() })
    #expect(refuses([UInt8](repeating: 0x80, count: 9) + [2]) { _ = try $0.number() })
    #expect(refuses([UInt8](repeating: 0x80, count: 11)) { _ = try $0.number() })
    #expect(refuses([0xff, 0xff, 0xff, 0xff, 0x7f]) { _ = try $0.small() })
    // A count of more than can follow.
    #expect(refuses([200, 1, 0, 0]) { _ = try $0.count() })
    #expect(refuses([3, 0, 0, 0]) { _ = try $0.count(ofAtLeast: 2) })
    #expect(refuses([4, 1, 2, 3]) { _ = try $0.bytes() })
    #expect(refuses([1]) { try $0.finish() })
    var nan = StateWriter()
    nan.number(Double.nan)
    #expect(refuses(nan.take()) { _ = try $0.double() })
  }

  @Test func changesAreLaidOverWhatWasSaved() throws {
    var saved = SavedState()
    saved.apply([
      StatePart(name: "a/2", bytes: [2]), StatePart(name: "a/1", bytes: [1]), StatePart(name: "b", bytes: []),
    ])
    saved.apply([StatePart(name: "a/1", bytes: [9]), StatePart(name: "b", bytes: nil)])
    #expect(saved.names(after: "a/").map(\.bytes) == [[9], [2]])
    #expect(saved["b"] == nil)
    #expect(throws: StateError.missing("its part 'b'")) { _ = try saved.reader(of: "b") }
  }
}
