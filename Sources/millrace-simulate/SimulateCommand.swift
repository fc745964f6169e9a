// The command line of millrace-simulate, and writing to files.

import Bytes
import Configuration
import Simulation

#if canImport(Glibc)
  import Glibc
#endif

enum SimulateCommand {
  static let table = OptionTable(
    program: "millrace-simulate", version: "0.1.0",
    summary: "Writes the log of a made-up web shop, with attacks and the truth about them.",
    description: [
      """
      People with browsers, crawlers, monitors, feed readers, a download, a phone app and the staff visit a shop with a \
      magazine and a forum, by a day and week curve. Attacks are mixed in by name. The same options give the same bytes.
      """,
      "Attacks: " + SimulatedAttackKind.allCases.map(\.rawValue).joined(separator: ", ") + ".",
    ],
    options: [
      OptionSpec(
        "lines", value: .integer("N", 0...100_000_000_000), help: "Lines to write, attacks included (100000)."),
      OptionSpec("seed", value: .text("S"), help: "Another seed, another log (1)."),
      OptionSpec(
        "format", value: .choice(SimulatedFormat.allCases.map(\.rawValue)), help: "How lines are written (combined)."),
      OptionSpec("start", value: .text("T"), help: "Time of the first line, RFC 3339 in UTC (2025-06-02T00:00:00Z)."),
      OptionSpec("duration", value: .text("D"), help: "How long the lines take, about: 90s, 15m, 24h, 7d (24h)."),
      OptionSpec("rate", value: .number("R", 0.001...10_000_000), help: "Lines a second, in place of --duration."),
      OptionSpec(
        "attacks", value: .text("LIST"),
        help: "none, default, all, or names with :COUNT and @INTENSITY, as in sqli:3,scan,bruteforce@0.2 (none)."),
      OptionSpec(
        "hosts", value: .text("LIST"), help: "Sites, comma-separated, the busiest first (www.pine-shop.example)."),
      OptionSpec(
        "truth", value: .file("FILE.tsv"),
        help: "Write a row for each line of an attack here, and a row an attack to FILE.attacks.tsv."),
      OptionSpec("output", value: .file("FILE"), help: "Write here in place of standard output."),
    ],
    exitCodes: [
      (0, "all was written, or the reader had enough"), (1, "a file could not be written"), (2, "wrong usage"),
    ],
    examples: [
      (
        "millrace-simulate --lines 1000000 --attacks default --truth truth.tsv > access.log",
        "A million lines, and what is in them."
      )
    ])

  static func run(_ arguments: [String]) -> Int32 {
    do {
      switch try table.outcome(of: arguments) {
      case .print(let text):
        print(text, terminator: "")
        return 0
      case .run(let options):
        return try write(try configuration(options), output: options.value("output"), truth: options.value("truth"))
      }
    } catch let error as UsageError {
      complain("\(error.message)\nTry millrace-simulate --help")
      return 2
    } catch {
      complain("\(error)")
      return 1
    }
  }

  static func complain(_ text: String) {
    let line = "millrace-simulate: \(text)\n"
    _ = line.withCString { Glibc.write(2, $0, strlen($0)) }
  }

  static func configuration(_ options: ParsedOptions) throws(UsageError) -> SimulationConfiguration {
    var configuration = SimulationConfiguration()
    if let lines = options.integer("lines") { configuration.lines = lines }
    if let text = options.value("seed") {
      guard let seed = UInt64(text) else { throw UsageError("--seed: '\(text)' is not a whole number from 0") }
      configuration.seed = seed
    }
    if let format = options.value("format").flatMap(SimulatedFormat.init(rawValue:)) { configuration.format = format }
    if let text = options.value("start") {
      guard let start = time(text) else { throw UsageError("--start: '\(text)' is no time like 2025-06-02T00:00:00Z") }
      configuration.start = start
    }
    if let text = options.value("duration") {
      guard let duration = duration(text) else { throw UsageError("--duration: '\(text)' is no duration like 15m") }
      configuration.duration = duration
    }
    if let rate = options.number("rate") {
      if options.has("duration") { throw UsageError("--rate and --duration say the same; give one") }
      configuration.duration = Int64(min(9e17, max(1e9, Double(configuration.lines) / rate * 1e9)))
    }
    if let text = options.value("attacks") {
      do { configuration.attacks = try AttackOrder.list(text) } catch { throw UsageError("--\(error.description)") }
    }
    if let text = options.value("hosts") {
      configuration.hosts = text.split(separator: ",").map(String.init)
      if configuration.hosts.isEmpty { throw UsageError("--hosts: names no host") }
    }
    return configuration
  }

  static func duration(_ text: String) -> Nanoseconds? {
    guard let unit = text.last, let value = Double(text.dropLast()), value > 0 else { return nil }
    let seconds: Double? = ["s": 1, "m": 60, "h": 3600, "d": 86_400][unit]
    guard let seconds, value * seconds >= 1, value * seconds < 9e8 else { return nil }
    return Int64(value * seconds * 1e9)
  }

  /// `2025-06-02T00:00:00Z`, or the date alone.
  static func time(_ text: String) -> Nanoseconds? {
    let fields = text.split(whereSeparator: { "-T:Z".contains($0) }).map { Int($0) }
    guard fields.count == 3 || fields.count == 6, !fields.contains(nil) else { return nil }
    let f = fields.compactMap { $0 } + [0, 0, 0]
    guard (1970...2200).contains(f[0]), (1...12).contains(f[1]), f[2] >= 1,
      f[2] <= CivilTime.daysInMonth(year: f[0], month: f[1])
    else { return nil }
    guard f[3] < 24, f[4] < 60, f[5] < 60, f[3] >= 0, f[4] >= 0, f[5] >= 0 else { return nil }
    let seconds = CivilTime.days(year: f[0], month: f[1], day: f[2]) * 86_400 + f[3] * 3600 + f[4] * 60 + f[5]
    return Int64(seconds) * nanosecondsPerSecond
  }

  static func write(_ configuration: SimulationConfiguration, output: String?, truth: String?) throws -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    var simulator = try TrafficSimulator(configuration)
    let lines = try OutputFile(path: output)
    let rows = try truth.map { try OutputFile(path: $0) }
    var lineBuffer = ByteBuffer(capacity: 1 << 20)
    var rowBuffer = ByteBuffer(capacity: 1 << 16)
    rowBuffer.append(TrafficSimulator.truthHeader)
    var more = true
    while more {
      more = simulator.write(upTo: 1 << 20 - 1 << 13, into: &lineBuffer, truth: &rowBuffer)
      // Whoever read has read enough.
      guard try lines.write(&lineBuffer) else { return 0 }
      if let rows { _ = try rows.write(&rowBuffer) } else { rowBuffer.removeAll() }
    }
    if let truth {
      let path = (truth.hasSuffix(".tsv") ? String(truth.dropLast(4)) : truth) + ".attacks.tsv"
      simulator.writeAttackTable(into: &rowBuffer)
      _ = try OutputFile(path: path).write(&rowBuffer)
    }
    return 0
  }
}

/// A file to write to, or standard output.
struct OutputFile {
  let path: String
  let descriptor: Int32

  init(path: String?) throws {
    self.path = path ?? "standard output"
    descriptor = path.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) } ?? 1
    if descriptor < 0 { throw SimulationError("\(self.path): \(String(cString: strerror(errno)))") }
  }

  /// Writes and empties `buffer`. Returns false where the reader has gone.
  func write(_ buffer: inout ByteBuffer) throws -> Bool {
    var done = 0
    while done < buffer.count {
      let written = buffer.bytes.extracting(done..<buffer.count).withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { return false }
        throw SimulationError("\(path): \(String(cString: strerror(errno)))")
      }
      done += written
    }
    buffer.removeAll()
    return true
  }
}
