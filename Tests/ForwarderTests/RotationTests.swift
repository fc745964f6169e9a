// Files as logrotate, cron jobs and people treat them.

import Foundation
import Testing

@testable import Forwarder

struct RotationTests {
  @Test func linesOfAGrowingFileArriveOnceAndInOrder() throws {
    let world = try World()
    for _ in 0..<5 {
      try world.append(world.lines(300))
      try world.pass(seconds: 1)
    }
    #expect(try world.sink.numbers() == Array(0..<1500))
    #expect(Set(try world.sink.batches().map(\.source)).count == 1)
  }

  @Test func batchesAccountForEveryByteLineAndNumberWithoutGaps() throws {
    let world = try World()
    for _ in 0..<4 {
      try world.append(world.lines(2000))
      try world.pass(seconds: 1)
    }
    var (sequence, line, ordinal, byte): (UInt64, UInt64, UInt64, UInt64) = (0, 1, 0, 0)
    for batch in try world.sink.batches() where !batch.isHeartbeat {
      #expect(batch.sequence == sequence && batch.firstLine == line && batch.firstOrdinal == ordinal)
      #expect(batch.begin == byte && batch.end > byte)
      #expect(batch.ledger.lines == batch.ledger.parsed)
      sequence += 1
      line += UInt64(batch.ledger.lines)
      ordinal += UInt64(batch.ledger.lines)
      byte = batch.end
    }
    #expect(byte == UInt64(world.contents("access.log").count))
    #expect(ordinal == 8000)
  }

  @Test func aRotatedFileIsReadToItsEndBeforeTheNewOne() throws {
    let world = try World()
    try world.append(world.lines(10))
    try world.pass(seconds: 1)
    try world.append(world.lines(3000))
    try world.move("access.log", "access.log.1")
    try world.append(world.lines(3000))
    try world.pass(seconds: 8)
    #expect(try world.sink.numbers() == Array(0..<6010))
    // The old one says that it has ended.
    let batches = try world.sink.batches()
    let old = try #require(batches.first).source
    #expect(batches.contains { $0.source == old && $0.isFinal })
    #expect(!batches.contains { $0.source != old && $0.isFinal })
  }

  @Test func aFileThatARotationPutsOutOfThePatternIsReadToItsEnd() throws {
    let world = try World(["access.log"])
    try world.append(world.lines(10))
    try world.pass(seconds: 1)
    try world.append(world.lines(500))
    try world.move("access.log", "old-access")
    try world.append(world.lines(500))
    try world.pass(seconds: 8)
    #expect(try world.sink.numbers() == Array(0..<1010))
  }

  @Test func aFileThatIsRenamedWhileNobodyLooksIsFoundByWhatIsInIt() throws {
    for pattern in ["access.log*", "access.log"] {
      let world = try World([pattern])
      try world.append(world.lines(100))
      try world.pass(seconds: 1)
      try world.append(world.lines(100))
      try world.crash()
      try world.move("access.log", "access.log.1")
      try world.append(world.lines(100))
      try world.pass(seconds: 8)
      #expect(try world.sink.numbers() == Array(0..<300))
    }
  }

  @Test func whatACopyTookBeforeTheTruncationIsReadFromTheCopy() throws {
    for pattern in ["access.log*", "access.log"] {
      let world = try World([pattern])
      try world.append(world.lines(100))
      try world.pass(seconds: 1)
      try world.append(world.lines(100))
      try world.copyAndTruncate("access.log", to: "access.log.1")
      try world.append(world.lines(50))
      try world.pass(seconds: 8)
      #expect(try world.sink.numbers() == Array(0..<250))
    }
  }

  @Test func aFileThatIsTruncatedAndGrowsPastItsOldSizeIsNoticed() throws {
    let world = try World()
    try world.append(world.lines(10))
    try world.pass(seconds: 1)
    #expect(truncate(world.path("access.log"), 0) == 0)
    try world.append(world.lines(100))
    try world.pass(seconds: 5)
    #expect(try world.sink.numbers() == Array(0..<110))
  }

  @Test func aCopyCountsNothingTwice() throws {
    let world = try World(["*.log"])
    try world.append(world.lines(200))
    try world.pass(seconds: 1)
    try Data(world.contents("access.log")).write(to: URL(fileURLWithPath: world.path("a-backup.log")))
    try world.pass(seconds: 12)
    try world.append(world.lines(200))
    try world.pass(seconds: 12)
    try world.crash()
    try world.pass(seconds: 12)
    #expect(try world.sink.numbers() == Array(0..<400))
  }

  @Test func aCopyOnAnotherFileSystemAfterARebootIsTheSameFile() throws {
    let world = try World(["*.log"])
    try world.append(world.lines(200))
    try world.pass(seconds: 1)
    // Another inode, all else the same.
    let bytes = world.contents("access.log")
    world.delete("access.log")
    try world.append("something else, to take the inode\n", to: "other")
    try Data(bytes).write(to: URL(fileURLWithPath: world.path("access.log")))
    try world.append(world.lines(100))
    try world.crash()
    try world.pass(seconds: 5)
    #expect(try world.sink.numbers() == Array(0..<300))
  }

  @Test func filesThatBeginAlikeAreToldApart() throws {
    let world = try World(["*.log"])
    let head = String(repeating: "x", count: 1500) + "\n"
    try world.append(head, to: "a.log")
    try world.append(head, to: "b.log")
    try world.pass(seconds: 1)
    try world.append(world.lines(10), to: "a.log")
    try world.pass(seconds: 1)
    try world.append(world.lines(10), to: "b.log")
    try world.pass(seconds: 15)
    try world.append(world.lines(10), to: "a.log")
    try world.pass(seconds: 15)
    #expect(try world.sink.numbers() == Array(0..<30))
    try world.crash()
    try world.append(world.lines(10), to: "b.log")
    try world.pass(seconds: 15)
    #expect(try world.sink.numbers() == Array(0..<40))
  }

  @Test func anArchiveOfWhatWasReadIsNotCountedAgain() throws {
    let world = try World()
    try world.append(world.lines(500))
    try world.pass(seconds: 1)
    try world.move("access.log", "access.log.1")
    try world.append(world.lines(100))
    try world.pass(seconds: 6)
    try world.compress("access.log.1")
    try world.pass(seconds: 15)
    try world.crash()
    try world.pass(seconds: 15)
    #expect(try world.sink.numbers() == Array(0..<600))
  }

  @Test func whatAnArchiveHasMoreThanWasReadIsReadFromIt() throws {
    let world = try World()
    try world.append(world.lines(500))
    try world.pass(seconds: 1)
    try world.append(world.lines(500))
    try world.crash()
    try world.move("access.log", "access.log.1")
    try world.compress("access.log.1")
    try world.append(world.lines(10))
    try world.pass(seconds: 15)
    #expect(try world.sink.numbers().sorted() == Array(0..<1010))
  }

  @Test func anArchiveThatWasNeverReadIsReadOnce() throws {
    let world = try World()
    let text = world.lines(3000)
    try Data(gzip(Array(text.utf8))).write(to: URL(fileURLWithPath: world.path("access.log.2.gz")))
    try world.pass(seconds: 5)
    try world.crash()
    try world.pass(seconds: 15)
    try world.move("access.log.2.gz", "access.log.3.gz")
    try world.pass(seconds: 15)
    #expect(try world.sink.numbers() == Array(0..<3000))
    #expect(try world.sink.sources().allSatisfy(\.position.isFinal))
  }

  @Test func aDeletedAndRecreatedFileIsANewOne() throws {
    let world = try World()
    try world.append(world.lines(50))
    try world.pass(seconds: 1)
    try world.append(world.lines(50))
    world.delete("access.log")
    try world.append(world.lines(50))
    try world.pass(seconds: 8)
    #expect(try world.sink.numbers() == Array(0..<150))
  }

  @Test func aPartialLineIsWaitedForAndTakenAtTheEnd() throws {
    let world = try World()
    let line = world.lines(1)
    try world.append(String(line.prefix(40)))
    try world.pass(seconds: 20)
    #expect(try world.sink.numbers().isEmpty)
    try world.append(String(line.dropFirst(40)) + String(world.lines(1).dropLast()))
    try world.pass(seconds: 20)
    #expect(try world.sink.numbers() == [0])
    try world.move("access.log", "access.log.1")
    try world.pass(seconds: 8)
    #expect(try world.sink.numbers() == [0, 1])
  }

  @Test func anOverlongLineIsCountedAndBuriedAndTheOthersGoOn() throws {
    var settings = EngineSettings()
    settings.maxLine = 1000
    let world = try World(settings: settings)
    try world.append(world.lines(3) + String(repeating: "y", count: 300_000) + "\n" + world.lines(3))
    try world.pass(seconds: 2)
    #expect(try world.sink.numbers() == Array(0..<6))
    #expect(world.sink.letters.map(\.letter.length) == [300_000])
    #expect(world.sink.letters.map(\.letter.reason) == ["too-long"])
    #expect(try world.sink.batches().reduce(0) { $0 + $1.ledger.lines } == 7)
  }

  @Test func linesThatNoFormatReadsAreBuriedWithTheirPlace() throws {
    let world = try World()
    try world.append(world.lines(2) + "what is this\n" + world.lines(1))
    try world.pass(seconds: 2)
    let letter = try #require(world.sink.letters.first)
    #expect(String(decoding: letter.head, as: UTF8.self) == "what is this")
    let offset = UInt64(World.line(0).utf8.count + World.line(1).utf8.count)
    #expect(letter.letter.place == .line(host: "test", file: world.path("access.log"), line: 3, offset: offset))
    #expect(world.engine.counts.unparsed == 1)
  }

  @Test func manyFilesAreFollowedWithFewDescriptors() throws {
    let world = try World(["*.log"], mostOpen: 8)
    for round in 0..<3 {
      for file in 0..<40 { try world.append(world.lines(2), to: "\(file).log") }
      try world.pass(seconds: 2)
      #expect(try world.sink.numbers().count == (round + 1) * 80)
      #expect(world.files.lanes.count { $0.text != nil } <= 16)
    }
    #expect(try world.sink.numbers().sorted() == Array(0..<240))
  }

  @Test func aHugeFileDoesNotKeepSmallOnesWaiting() throws {
    var settings = EngineSettings()
    settings.batchText = 4096
    let world = try World(["*.log"], settings: settings)
    try world.append(world.lines(20_000), to: "huge.log")
    for i in 0..<10 { try world.append(world.lines(1), to: "small\(i).log") }
    var turns = 0
    while try world.sink.numbers().count(where: { $0 >= 20_000 }) < 10, turns < 40 {
      try world.turn()
      turns += 1
    }
    #expect(turns < 40)
    #expect(try world.sink.numbers().count < 10_000)
    while try world.sink.numbers().count < 20_010, turns < 2000 {
      try world.turn()
      turns += 1
    }
    #expect(try world.sink.numbers().sorted() == Array(0..<20_010))
  }
}
