// Byte order marks and UTF-16 at the head of files that grow, and positions that nobody needs any more.

import Bytes
import Foundation
import Testing

@testable import Forwarder

struct EncodingTests {
  private func wide(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { unit in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
      return bigEndian ? [high, low] : [low, high]
    }
  }

  @Test func aByteOrderMarkIsNoPartOfTheFirstLine() throws {
    let world = try World()
    try world.append([0xef])
    try world.pass(seconds: 1)
    try world.append([0xbb, 0xbf])
    try world.append(world.lines(100))
    try world.pass(seconds: 2)
    try world.crash()
    try world.append(world.lines(100))
    try world.pass(seconds: 2)
    #expect(try world.sink.numbers() == Array(0..<200))
    #expect(world.sink.letters.isEmpty)
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func utf16ThatGrowsByAnyNumberOfBytesArrivesOnce(seed: UInt64) throws {
    var state = seed
    var settings = EngineSettings()
    settings.batchText = 3000
    let world = try World(settings: settings)
    var bytes: [UInt8] = seed % 2 == 0 ? [0xff, 0xfe] : [0xfe, 0xff]
    for number in 0..<1500 {
      // A user agent outside of the first plane: pairs of units.
      let line = World.line(number).replacingOccurrences(of: "\"test\"", with: "\"t\u{1f600}st \u{e4}\"")
      bytes += wide(line, bigEndian: seed % 2 == 1)
    }
    var at = 0
    while at < bytes.count {
      let n = min(1 + Int(splitMix(&state) % 9000), bytes.count - at)
      try world.append(Array(bytes[at..<at + n]))
      at += n
      for _ in 0..<Int(splitMix(&state) % 4) { try world.turn() }
      if splitMix(&state) % 20 == 0 { try world.crash() }
      if splitMix(&state) % 40 == 0 {
        try world.move("access.log", "access.log.1")
        try world.pass(seconds: 1)
        try world.move("access.log.1", "access.log")
      }
    }
    try world.pass(seconds: 6)
    #expect(try world.sink.numbers() == Array(0..<1500), "seed \(seed): \(world.said)")
    #expect(world.sink.letters.isEmpty)
  }

  @Test func aTruncatedFileOfUtf16IsReadFromItsNewBeginning() throws {
    let world = try World()
    try world.append([0xff, 0xfe] + wide(world.lines(300), bigEndian: false))
    try world.pass(seconds: 2)
    #expect(truncate(world.path("access.log"), 0) == 0)
    try world.append([0xff, 0xfe] + wide(world.lines(20), bigEndian: false))
    try world.pass(seconds: 5)
    #expect(try world.sink.numbers() == Array(0..<320))
  }

  @Test func thePositionOfAFileThatIsLongGoneIsForgottenAndOthersAreNot() throws {
    var settings = EngineSettings()
    settings.forgetAfter = 200_000_000_000
    let world = try World(settings: settings)
    try world.append(world.lines(10))
    try world.append(world.lines(10), to: "access.log.1")
    try world.pass(seconds: 5)
    #expect(world.sink.saved.count == 2)
    world.delete("access.log.1")
    try world.pass(seconds: 180)
    #expect(world.sink.saved.count == 2)
    // A transaction that is lost forgets nothing.
    world.sink.beforeCommit = { () throws(SinkError) in throw .aborted("as asked") }
    try world.pass(seconds: 90)
    world.sink.beforeCommit = { () throws(SinkError) in }
    #expect(world.sink.saved.count == 2)
    try world.pass(seconds: 120)
    #expect(world.sink.saved.count == 1)
    #expect(world.files.lanes.count == 1)
    try world.append(world.lines(10))
    try world.pass(seconds: 2)
    #expect(try world.sink.numbers().sorted() == Array(0..<30))
  }
}
