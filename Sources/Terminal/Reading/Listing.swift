// `millrace-attacks`: the table, lines as they come, or the last word on each attack.

import Bytes
import Configuration
import Detection
import Kafka
import Pipelines
import Reports
import Stations

#if canImport(Glibc)
  import Glibc
#endif

struct Listing {
  private let settings: Settings
  private let asJSON: Bool
  private let isFinal: Bool
  private let explains: String?
  private let asLines: Bool
  private let color: Bool
  private let since: Nanoseconds?

  init(_ parsed: ParsedOptions, _ settings: Settings) throws {
    self.settings = settings
    asJSON = parsed.has("json")
    isFinal = parsed.has("final")
    explains = parsed.value("explain")
    asLines = parsed.has("lines")
    color = Self.wantsColor(parsed.value("color"))
    since = try parsed.value("since").map { try Self.time($0) }
  }

  private static func wantsColor(_ choice: String?) -> Bool {
    switch choice {
    case "always": true
    case "never": false
    default: isatty(1) == 1 && !environmentVariables().contains { $0.name == "NO_COLOR" && !$0.value.isEmpty }
    }
  }

  static func time(_ text: String) throws -> Nanoseconds {
    if text == "all" { return .min }
    guard let time = TimeArgument.parse(text, now: StationClock.wall) else {
      throw UsageError(
        "--since: '\(text)' is no time; write 2016-02-20T08:00:00Z, 2016-02-20, @1456000000, an age such as 2h, or all")
    }
    return time
  }

  func run() throws -> Tool.Status {
    if let explains { return try explain(explains) }
    if isFinal { return try printFinal() }
    if !asJSON, !asLines, isatty(0) == 1, isatty(1) == 1 { return try showTable() }
    return try printLines(from: since == nil ? .end : .beginning)
  }

  private func isWanted(_ attack: Attack) -> Bool { attack.end >= since ?? .min }

  // MARK: The last word

  /// What the topic says of each attack now.
  private func readAll() throws -> [Attack] {
    let reader = try AttackReader(settings, from: .beginning)
    var book = AttackBook()
    let patience = Patience(seconds: 60)
    while !reader.hasReachedEnd {
      try reader.poll(milliseconds: 250) { news in
        if case .damaged(let what) = news { complain("millrace-attacks", what) }
        book.take(news)
        patience.renew()
      }
      try patience.check("the end of '\(reader.topic)'", reader.takeErrors())
    }
    return book.attacks
  }

  private func explain(_ id: String) throws -> Tool.Status {
    let attack = try Attack.only(id, of: try readAll())
    var output = StandardOutput()
    if asJSON {
      JSONReport.line(attack, into: &output.buffer)
      output.write("\n")
    } else {
      TextReport.explain(attack, width: terminalSize(1)?.columns ?? 100, color: color, into: &output.buffer)
    }
    try output.flush()
    return .done
  }

  private func printFinal() throws -> Tool.Status {
    let attacks = try readAll().filter(isWanted)
    var output = StandardOutput()
    if asJSON {
      JSONReport.attacks(attacks, into: &output.buffer)
    } else {
      for attack in ReplayReport.sorted(attacks) {
        LiveReport.line(attack, width: terminalSize(1)?.columns ?? 0, color: color, into: &output.buffer)
      }
    }
    try output.flush()
    return .done
  }

  // MARK: The table

  private func showTable() throws -> Tool.Status {
    let reader = try waitForTopic(from: .beginning)
    guard let curses = Curses(color: color) else {
      complain("millrace-attacks", "this terminal (TERM) is not known: lines instead of the table")
      return try printLines(from: since == nil ? .end : .beginning)
    }
    defer { curses.close() }
    Interrupts.install()
    var screen = TableScreen(reader, curses, title: settings.text("name"), since: since)
    try screen.run()
    return .done
  }

  // MARK: As they come

  private func printLines(from start: StartOffset) throws -> Tool.Status {
    let reader = try waitForTopic(from: start)
    var output = StandardOutput()
    while true {
      try reader.poll(milliseconds: 250) { news in
        switch news {
        case .attack(let attack, _): if isWanted(attack) { write(attack, &output) }
        case .damaged(let what): complain("millrace-attacks", what)
        case .closed: break
        }
      }
      try output.flush()
      try StandardOutput.checkReader()
    }
  }

  private func write(_ attack: Attack, _ output: inout StandardOutput) {
    if asJSON {
      JSONReport.line(attack, into: &output.buffer)
      output.write("\n")
    } else if !attack.isWithdrawn {
      LiveReport.line(attack, width: terminalSize(1)?.columns ?? 0, color: color, into: &output.buffer)
    }
  }

  /// A line that has not begun yet is waited for, and so are its brokers.
  private func waitForTopic(from start: StartOffset) throws -> AttackReader {
    var told = ""
    while true {
      do {
        return try AttackReader(settings, from: start)
      } catch let error as TopicMissing {
        try wait("\(error)", &told)
      } catch let error as KafkaError where error.isRetriable {
        try wait("\(error)", &told)
      }
    }
  }

  private func wait(_ reason: String, _ told: inout String) throws {
    if reason != told { complain("millrace-attacks", "waiting: \(reason)") }
    told = reason
    try StandardOutput.checkReader()
    usleep(500_000)
  }
}
