// The buffer over a topic: what was waiting is read again, and what comes too late goes on.

import Bytes
import Rollups
import Testing

@Suite struct WindowBufferTopicTests {
  static func windows(_ buffer: inout WindowBuffer, to watermark: Nanoseconds) -> [String] {
    var lines: [String] = []
    buffer.drain(to: watermark) { window in
      lines.append("\(window.start) \(window.due) \(window.isLate) \(window.events)")
    }
    return lines
  }

  static func records() throws -> [[UInt8]] {
    let events = traffic(600, seconds: 60, seed: 5, hosts: 1)
    return try aggregate(batches(events, cut: [50]), partitions: 1).rollups[0]
  }

  @Test func aRestartedBufferReadsAgainWhatWaited() throws {
    let records = try Self.records()
    let seed = AggregatorSettings().hashSeed
    let start = 1_700_000_000 * second
    for cut in 1..<records.count {
      for drained in stride(from: start, to: start + 70 * second, by: Int(10 * second)) {
        var whole = WindowBuffer(partitions: 1, hashSeed: seed)
        for (i, record) in records[..<cut].enumerated() { _ = try whole.add(record.span.bytes, at: Int64(i)) }
        _ = Self.windows(&whole, to: drained)
        let first = whole.firstOffset
        var again = WindowBuffer(partitions: 1, hashSeed: seed)
        again.restore(drainedTo: drained)
        let moved = Dictionary(whole.moved.map { ($0.offset, $0.target) }) { $1 }
        for i in Int(first ?? Int64(cut))..<cut {
          let record = records[i]
          try again.add(again: record.span.bytes, at: Int64(i), movedTo: moved[Int64(i)])
        }
        let found = again.firstOffset
        #expect(found == first)
        for (i, record) in records[cut...].enumerated() {
          _ = try whole.add(record.span.bytes, at: Int64(cut + i))
          _ = try again.add(record.span.bytes, at: Int64(cut + i))
        }
        let (one, other) = (whole.moved.map(\.offset), again.moved.map(\.offset))
        #expect(one == other)
        let expected = Self.windows(&whole, to: .max)
        let restored = Self.windows(&again, to: .max)
        #expect(restored == expected, "cut \(cut), drained \(drained)")
      }
    }
  }

  @Test func aPartialThatComesTooLateGoesWithTheWindowReached() throws {
    let records = try Self.records()
    let seed = AggregatorSettings().hashSeed
    var buffer = WindowBuffer(partitions: 1, hashSeed: seed)
    let reached = 1_700_000_000 * second + 35 * second
    let before = Self.windows(&buffer, to: reached)
    #expect(before.isEmpty)
    for (i, record) in records.enumerated() { _ = try buffer.add(record.span.bytes, at: Int64(i)) }
    let late = buffer.moved.count
    #expect(late >= 3)
    let lines = Self.windows(&buffer, to: .max)
    #expect(lines.filter { $0.contains(" true ") }.count >= late)
    #expect(lines.allSatisfy { Int64($0.split(separator: " ")[1])! > reached })
    let again = records[0]
    var isRefused = false
    do { _ = try buffer.add(again.span.bytes, at: 99) } catch { isRefused = true }
    #expect(isRefused)
  }
}
