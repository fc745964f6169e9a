// Random writers, rotations, truncations, crashes and aborted transactions: every line arrives once, in its order.

import Foundation
import Testing

@testable import Forwarder

struct ExactlyOnceTests {
  @Test(arguments: 0..<60)
  func everyLineArrivesOnceWhateverHappensToItsFile(seed: UInt64) throws {
    var state = seed
    func random(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(n))
    }
    var settings = EngineSettings()
    settings.batchText = 400 + random(4000)
    let world = try World([random(2) == 0 ? "access.log*" : "*"], settings: settings)
    var rotated = 0
    var held = ""
    var story: [String] = []
    func complete() throws {
      if !held.isEmpty { try world.append(held) }
      held = ""
    }
    for _ in 0..<60 {
      switch random(12) {
      case 0...3:
        try complete()
        try world.append(world.lines(1 + random(60)))
        story.append("write")
      case 4:
        try complete()
        let line = world.lines(1)
        let cut = 1 + random(line.utf8.count - 1)
        try world.append(String(line.prefix(cut)))
        held = String(line.dropFirst(cut))
        story.append("part")
      case 5:
        guard world.exists("access.log") else { continue }
        try complete()
        // The oldest name first, as logrotate does it.
        for n in stride(from: rotated, to: 0, by: -1) {
          for suffix in ["", ".gz"] where world.exists("access.log.\(n)\(suffix)") {
            try world.move("access.log.\(n)\(suffix)", "access.log.\(n + 1)\(suffix)")
          }
        }
        rotated += 1
        if random(2) == 0 {
          try world.move("access.log", "access.log.1")
          story.append("rename")
        } else {
          // Looked at before, or a line that came after the last look and whose file is short could not be proved.
          try world.copyAndTruncate("access.log", to: "access.log.1")
          story.append("truncate")
        }
      case 6:
        guard rotated > 0, world.exists("access.log.\(rotated)") else { continue }
        try world.compress("access.log.\(rotated)")
        story.append("compress")
      case 7:
        try world.crash()
        story.append("crash")
      case 8:
        world.sink.beforeCommit = { () throws(SinkError) in throw .aborted("as asked") }
        for _ in 0..<2 { try world.turn() }
        world.sink.beforeCommit = { () throws(SinkError) in }
        story.append("abort")
      default:
        for _ in 0..<random(12) { try world.turn() }
        story.append("turns")
      }
    }
    try complete()
    try world.pass(seconds: 25)
    let numbers = try world.sink.numbers()
    let missing = Set(0..<world.made).subtracting(numbers)
    #expect(
      missing.isEmpty && numbers.count == world.made,
      "seed \(seed): \(missing.count) of \(world.made) missing \(missing.sorted().prefix(5)), \(numbers.count) arrived: \(story.joined(separator: " "))"
    )
    var last: [UInt64: Int] = [:]
    var sequences: [UInt64: UInt64] = [:]
    for batch in try world.sink.batches() where !batch.isHeartbeat {
      #expect(batch.sequence == sequences[batch.source, default: 0])
      sequences[batch.source] = batch.sequence + 1
      for target in batch.targets {
        let number = Int(target.dropFirst()) ?? -1
        #expect(number > last[batch.source] ?? -1)
        last[batch.source] = number
      }
    }
  }
}
