import Stations
import Synchronization
import Testing

@Suite struct LoggerTests {
  final class Lines: Sendable {
    let all = Mutex<[String]>([])
    var text: [String] { all.withLock { $0 } }
    func take(_ bytes: [UInt8]) { all.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
  }

  let lines = Lines()
  let time = TestClock()

  func logger(_ format: LogFormat = .text, level: LogLevel = .info) -> Logger {
    Logger(
      program: "p", level: level, format: format, clock: { [time] in (1_700_000_000_123_456_789, time.now) },
      sink: { [lines] in lines.take($0) })
  }

  @Test func aLineSaysWhenHowBadWhoAndWhat() {
    logger().warning("broker is away", ["broker": "b:1", "tries": 3, "share": 0.5, "last": true, "why": "a b"])
    #expect(
      lines.text == [
        "2023-11-14T22:13:20.123Z warning p: broker is away broker=b:1 tries=3 share=0.5 last=true why=\"a b\"\n"
      ])
  }

  @Test func jsonLinesAreOneObjectEach() {
    logger(.json).error("x", ["n": -1, "t": "q\"\\\n", "level": "own", "bad": .number(.infinity)])
    #expect(
      lines.text == [
        #"{"time":"2023-11-14T22:13:20.123Z","level":"error","program":"p","message":"x","n":-1,"t":"q\"\\\n","level_":"own","bad":"inf"}"#
          + "\n"
      ])
  }

  @Test func whatATerminalObeysNeverReachesIt() {
    let hostile = "\u{1b}]0;x\u{7}\r\n\u{9b}31m\u{202e}\u{2028}\u{e000}\0"
    let bytes: [UInt8] = [0x1b, 0xff, 0x9b, 0x41]
    for format in [LogFormat.text, .json] {
      logger(format).error("\(format) \(hostile)", ["a \(hostile)": .text(hostile), "b": .bytes(bytes)])
    }
    for line in lines.text {
      #expect(line.hasSuffix("\n"))
      for scalar in line.unicodeScalars.dropLast() {
        #expect(scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format)
        #expect(scalar.value != 0x2028 && scalar.value != 0xe000 && scalar.value != 0xfffd)
      }
    }
    #expect(lines.text[0].contains("b=\"\\u{1b}\\xff\\x9bA\""))
    #expect(lines.text[1].contains("\"b\":\"\\u001b\\\\xff\\\\x9bA\""))
  }

  @Test func aFieldCannotForgeAnother() {
    logger().info("m", ["a": "x level=error b=\"y\""])
    #expect(lines.text[0].hasSuffix("m a=\"x level=error b=\\\"y\\\"\"\n"))
  }

  @Test func aRepeatingProblemIsToldOnceASecondWithHowManyWereLeftOut() {
    let log = logger()
    for _ in 0..<5 { log.warning("away", ["to": "a"]) }
    log.warning("other")
    time.now = 999_999_999
    log.warning("away")
    #expect(lines.text.count == 2)
    time.now = 1_000_000_000
    log.warning("away", ["to": "b"])
    #expect(lines.text.count == 3 && lines.text[2].hasSuffix("away to=b suppressed=5\n"))
  }

  @Test func whatWasLeftOutIsToldEvenIfItDoesNotComeAgain() {
    let log = logger()
    for _ in 0..<3 { log.error("away") }
    log.flush()
    #expect(lines.text.count == 1)
    time.now = 2_000_000_000
    log.flush()
    #expect(lines.text.count == 2 && lines.text[1].hasSuffix("away suppressed=2\n"))
    log.flush()
    log.flush(all: true)
    #expect(lines.text.count == 2)
    // The line of the flush counts as one: the next waits its second.
    log.error("away")
    log.flush(all: true)
    #expect(lines.text.count == 3)
  }

  @Test func manyDifferentProblemsDoNotGrowTheMemory() {
    let log = logger()
    for index in 0..<2000 {
      log.error("m", key: "k\(index)")
      log.error("m", key: "k\(index)")
    }
    log.flush(all: true)
    let told = lines.text.count { $0.contains("suppressed=1") }
    #expect(told == 2000 && lines.text.count == 4000)
  }

  @Test func levelsBelowTheSetOneAreSilentAndTheLevelCanChange() {
    let log = logger(level: .warning)
    log.info("a")
    log.level = .debug
    log.debug("b")
    log.debug("b")
    #expect(lines.text.count == 2 && log.writes(.debug))
    #expect(LogLevel(name: "warning") == .warning && LogLevel(name: "loud") == nil)
  }

  @Test func aLongValueIsCut() {
    logger().info(
      "m", ["v": .text(String(repeating: "a", count: 10_000)), "b": .bytes(Array(repeating: 0xff, count: 9_000))])
    #expect(lines.text[0].contains("(and 5904 bytes more)") && lines.text[0].contains("(and 4904 bytes more)"))
  }
}
