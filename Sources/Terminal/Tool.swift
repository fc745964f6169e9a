// A command that reads the line from outside: it holds nothing, so it may end at any time. What holds offsets or
// serves others is a station.

import Configuration
import Stations

#if canImport(Glibc)
  import Glibc
#endif

/// What one command of `millrace-attacks` is.
struct Tool {
  /// 0: done. 1: an error, or what was asked for does not hold. 2: a wrong command line or configuration.
  enum Status: Int32 { case done = 0, failed = 1, usage = 2 }

  static let exitCodes: [(code: Int, meaning: String)] = [
    (0, "It did what it was asked to."),
    (1, "An error, said on standard error."),
    (2, "A wrong command line or configuration."),
  ]

  /// With `PipelineOptions.options` among its options.
  var table: OptionTable
  /// Whether arguments are allowed, and what is wrong with the options together.
  var check: (ParsedOptions) throws -> Void = { _ in }
  var run: (ParsedOptions, Settings) throws -> Status

  /// Runs it; the result is the exit status.
  func callAsFunction(_ arguments: [String]) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    do {
      return try perform(arguments).rawValue
    } catch is ClosedPipe {
      // `millrace-attacks | head` has seen enough.
      return Status.done.rawValue
    } catch let error as UsageError {
      say("\(error)\nTry --help.")
      return Status.usage.rawValue
    } catch {
      say("\(error)")
      return (error is any SetupFailure ? Status.usage : .failed).rawValue
    }
  }

  private func perform(_ arguments: [String]) throws -> Status {
    var output = StandardOutput()
    switch try table.outcome(of: arguments, width: terminalSize(1)?.columns ?? 100) {
    case .print(let text):
      output.write(text)
      try output.flush()
      return .done
    case .run(let parsed):
      let settings = try PipelineOptions.load(parsed)
      for note in settings.notes { say(note) }
      if parsed.has("print-effective") || parsed.has("check") {
        output.write(settings.yaml())
        try output.flush()
        return .done
      }
      try check(parsed)
      return try run(parsed, settings)
    }
  }

  private func say(_ text: String) { complain(table.program, text) }
}

/// Writes a line to standard error, harmless whatever is in it.
func complain(_ program: String, _ text: String) {
  writeAll(Array(Escaping.lines("\(program): \(text)\n").utf8), to: 2)
}

/// Rows and columns of a terminal; nil where the descriptor is none.
func terminalSize(_ descriptor: Int32) -> (rows: Int, columns: Int)? {
  var size = winsize()
  guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return (Int(size.ws_row), Int(size.ws_col))
}
