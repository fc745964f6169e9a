// A station from its arguments to its exit status.

import Configuration

#if canImport(Glibc)
  import Glibc
#endif

/// What a program gives to be run as a station.
public struct StationProgram {
  /// 0: it did what it was asked to. 1: an error. 2: a wrong command line or configuration.
  public enum Status: Int32 { case done = 0, failed = 1, usage = 2 }

  public static let exitCodes: [(code: Int, meaning: String)] = [
    (0, "It ended as it was asked to."),
    (1, "An error, said on standard error; or it did not drain in time."),
    (2, "A wrong command line or configuration."),
  ]

  /// With `PipelineOptions.options` among its options.
  public var table: OptionTable
  /// Checks what only this program knows: rules, files, formats. What it returns is said to the user; what it throws
  /// ends with status 2.
  public var check: (ParsedOptions, Settings) throws -> [String]
  /// The program. It returns when it has ended by itself or as `shouldStop` said; what it throws ends with status 1
  /// (a `SetupFailure` with 2).
  public var run: (Station, ParsedOptions) throws -> Void

  public init(
    table: OptionTable, check: @escaping (ParsedOptions, Settings) throws -> [String] = { _, _ in [] },
    run: @escaping (Station, ParsedOptions) throws -> Void
  ) {
    (self.table, self.check, self.run) = (table, check, run)
  }

  /// Runs it; the result is the exit status.
  /// - Parameter arguments: Without the program's own name.
  public func callAsFunction(_ arguments: [String]) -> Int32 { perform(arguments).rawValue }

  private func perform(_ arguments: [String]) -> Status {
    let parsed: ParsedOptions
    let settings: Settings
    do {
      switch try table.outcome(of: arguments) {
      case .print(let text): return Self.print(text)
      case .run(let options): parsed = options
      }
      settings = try PipelineOptions.load(parsed)
      for note in settings.notes { say(note) }
      if parsed.has("print-effective") { return Self.print(settings.yaml()) }
      for note in try check(parsed, settings) { say(note) }
      if parsed.has("check") { return Self.print(settings.yaml()) }
    } catch let error as UsageError {
      say("\(error)\nTry --help.")
      return .usage
    } catch {
      say("\(error)")
      return .usage
    }
    let path = parsed.value("pipeline")
    let name = table.program.hasPrefix("millrace-") ? String(table.program.dropFirst(9)) : table.program
    let station = Station(program: name, version: table.version, settings: settings) {
      () throws(ConfigurationErrors) in try PipelineOptions.load(path: path)
    }
    defer { station.finish() }
    do {
      try station.start()
      station.log.info(
        "started",
        ["version": .text(table.version), "pipeline": .text(path ?? "built-in"), "process": LogValue(getpid())]
      )
      try run(station, parsed)
      station.log.info("ended")
      return .done
    } catch {
      station.log.error("failed", ["error": LogValue(error)])
      return error is any SetupFailure ? .usage : .failed
    }
  }

  /// A closed pipe has seen enough.
  private static func print(_ text: String) -> Status {
    signal(SIGPIPE, SIG_IGN)
    return writeAll(Array(text.utf8), to: 1) || errno == EPIPE ? .done : .failed
  }

  private func say(_ text: String) { writeAll(Array(Escaping.lines("\(table.program): \(text)\n").utf8), to: 2) }
}
