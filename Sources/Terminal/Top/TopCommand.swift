// `millrace-attacks top`: how the line does, once or as long as somebody looks.

import Configuration
import Kafka
import Reports
import Stations

#if canImport(Glibc)
  import Glibc
#endif

extension AttacksCommand {
  static var top: Tool {
    Tool(
      table: OptionTable(
        program: "millrace-attacks top", version: version,
        summary: "Shows how the line does: lag, speed, delay and drops by station and partition.",
        description: [
          "Forwarders read files: their rows tell what they write. Lag is what a station has not taken yet of the topic it reads. Delay is how far the time of a partition's "
            + "events is behind the clock. Dropped are lines that could not be read, or that were stamped ahead of their "
            + "source's time, and records that became dead letters."
        ],
        options: PipelineOptions.options + [
          OptionSpec("once", group: "Output", help: "Print one table and end; speeds are those of one interval."),
          OptionSpec("lines", group: "Output", help: "Tables one after another instead of a screen."),
          OptionSpec(
            "interval", value: .number("SECONDS", 0.2...3600), group: "Output", help: "Time between two tables (2)."),
          OptionSpec(
            "partitions", value: .choice(["all", "behind", "none"]), group: "Output",
            help: "Which partitions have a row of their own: all (the default), those with a lag, none."),
        ],
        exitCodes: Tool.exitCodes),
      run: { parsed, settings in try Top(parsed, settings).run() })
  }
}

private struct Top {
  private let reader: TopReader
  private let interval: Int64
  private let isOnce: Bool
  private let asLines: Bool
  private let partitions: String

  init(_ parsed: ParsedOptions, _ settings: Settings) throws {
    isOnce = parsed.has("once")
    reader = try TopReader(settings, isHasty: !isOnce)
    interval = Int64((parsed.number("interval") ?? 2) * 1e9)
    asLines = parsed.has("lines")
    partitions = parsed.value("partitions") ?? "all"
  }

  private func rows(_ now: LineSample, _ before: LineSample?) -> [TopRow] {
    TopModel.rows(now, before: before).filter { row in
      row.partition == nil || partitions == "all" || partitions == "behind" && (row.lag ?? 0) > 0
    }
  }

  func run() throws -> Tool.Status {
    if !isOnce, !asLines, isatty(0) == 1, isatty(1) == 1, let curses = Curses(color: true) {
      defer { curses.close() }
      try runScreen(curses)
      return .done
    }
    var before = try reader.sample()
    var output = StandardOutput()
    repeat {
      try wait(until: before.time &+ interval)
      let now = try reader.sample()
      let width = terminalSize(1)?.columns ?? 200
      output.write(trimmed(TopModel.head(width: width)))
      for row in rows(now, before) { output.write(trimmed(TopModel.line(row, width: width))) }
      output.write("dead letters: \(Self.deadLetters(now.deadLetters))\n")
      if !isOnce { output.write("\n") }
      try output.flush()
      before = now
    } while !isOnce
    return .done
  }

  /// Told by offsets, of which marks of transactions have some.
  private static func deadLetters(_ offsets: Int64) -> String { offsets == 0 ? "none" : "up to \(offsets)" }

  private func trimmed(_ line: StyledLine) -> String {
    var text = line.text
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }

  private func wait(until time: Int64) throws {
    while StationClock.monotonic < time {
      try StandardOutput.checkReader()
      usleep(50_000)
    }
  }

  // MARK: On a screen

  private func runScreen(_ curses: Curses) throws {
    Interrupts.install()
    var before: LineSample?
    var shownRows: [TopRow] = []
    var letters: Int64 = 0
    var problem = ""
    var first = 0
    var next: Int64 = 0
    while !Interrupts.hasCome {
      if StationClock.monotonic >= next {
        do {
          let now = try reader.sample()
          shownRows = rows(now, before)
          letters = now.deadLetters
          before = now
          problem = ""
        } catch let error as KafkaError where error.isRetriable {
          problem = error.text
        }
        next = StationClock.monotonic &+ interval
      }
      let size = curses.size
      let room = max(1, size.rows - 2)
      first = min(max(0, first), max(0, shownRows.count - room))
      var lines = [TopModel.head(width: size.columns)]
      lines += shownRows.dropFirst(first).prefix(room).map { TopModel.line($0, width: size.columns) }
      while lines.count < size.rows - 1 { lines.append(StyledLine(width: size.columns)) }
      var foot = StyledLine(width: size.columns)
      foot.put(" dead letters: \(Self.deadLetters(letters))  ↑↓ scroll  q quit", .dim)
      if !problem.isEmpty { foot.put("  \(shown(problem))", .medium) }
      curses.paint(lines + [foot])
      while true {
        if let event = curses.read() {
          if event == .key(.character("q")) || event == .key(.interrupt) || event == .key(.escape) { return }
          if event == .key(.down) || event == .key(.character("j")) { first += 1 }
          if event == .key(.up) || event == .key(.character("k")) { first -= 1 }
          break
        }
        if curses.takeResize() || Interrupts.hasCome || StationClock.monotonic >= next { break }
        usleep(40_000)
      }
    }
  }
}
