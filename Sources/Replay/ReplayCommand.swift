// millrace-replay from its arguments to its exit status.

import Bytes
import CPlatform
import Configuration
import Events
import LogFiles
import LogFormats
import Pipelines

#if canImport(Glibc)
  import Glibc
#endif

public enum ReplayCommand {
  enum Status: Int32 {
    case done = 0
    case failed = 1
    case usage = 2
    case attacked = 3
  }

  /// Runs the program; the result is its exit status.
  public static func run(_ arguments: [String]) -> Int32 {
    Interruption.install()
    platform_keep_freed_memory()
    do {
      return try perform(arguments).rawValue
    } catch let error as UsageError {
      complain("\(error)\nTry --help.")
      return Status.usage.rawValue
    } catch let error as SetupError {
      complain("\(error)")
      return Status.usage.rawValue
    } catch let error as OutputError where error.isClosedPipe {
      // `millrace-replay ... | head` has seen enough.
      return Status.done.rawValue
    } catch {
      complain("\(error)")
      return Status.failed.rawValue
    }
  }

  private static func perform(_ arguments: [String]) throws -> Status {
    switch try ReplayCommandLine.table.outcome(of: arguments, width: terminalWidth(1) ?? 100) {
    case .print(let text):
      let output = try OutputFile(path: "-")
      output.write(text)
      try output.close()
      return .done
    case .run(let parsed):
      var options = try ReplayOptions(parsed, environment: environmentVariables(), now: wallClock())
      if parsed.has("print-effective") { return try show(options) }
      if options.publishing == nil {
        options.lists = try options.pipeline.addressLists()
        for complaint in options.lists.flatMap(\.complaints) { say("millrace-replay: \(complaint)") }
        for list in options.pipeline.settings.addressLists where list.path.isEmpty {
          say(
            "millrace-replay: the list '\(list.name)' has an address and no path: only millrace-reputation fetches it")
        }
      }
      if parsed.has("check") { return try check(options) }
      for note in options.pipeline.settings.notes { say("millrace-replay: \(note)") }
      guard !options.files.isEmpty else {
        throw UsageError("no input: name a log file, a pattern, or - for standard input")
      }
      try options.checkOutputs()
      return try options.follows ? Follow(options).run() : Replay(options).run()
    }
  }

  private static func check(_ options: ReplayOptions) throws -> Status {
    let rules = try options.pipeline.ruleSet(directories: options.ruleDirectories)
    for note in rules.notes { say(note) }
    if !options.otherRules.isEmpty {
      for note in try options.pipeline.ruleSet(directories: options.otherRules).notes { say(note) }
    }
    _ = try options.pipeline.places()
    return try show(options)
  }

  private static func show(_ options: ReplayOptions) throws -> Status {
    for note in options.pipeline.settings.notes { say(note) }
    let output = try OutputFile(path: "-")
    output.write(options.pipeline.settings.yaml())
    try output.close()
    return .done
  }

  /// Columns of a terminal; nil where the descriptor is none.
  static func terminalWidth(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// The only place where a replay asks what time it is: for ages on the command line.
  static func wallClock() -> Nanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Nanoseconds(time.tv_sec) * nanosecondsPerSecond + Nanoseconds(time.tv_nsec)
  }

  static func complain(_ text: String) { say("millrace-replay: \(text)") }

  /// Writes a line to standard error.
  static func say(_ text: String) {
    var line = printable(text, keepsLines: true) + "\n"
    line.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
  }
}
