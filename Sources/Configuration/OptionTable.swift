// One table of options per program: it parses the command line (over glibc's getopt_long) and gives `--help`, the man
// page and the shells' completions, so that they cannot disagree.

/// What an option's value is: shown in help and used by completions. Checked where it can be.
public enum OptionValue: Sendable, Hashable {
  case text(String)
  case file(String)
  case directory(String)
  case choice([String])
  /// A whole number in a range.
  case integer(String, ClosedRange<Int>)
  /// A decimal number in a range.
  case number(String, ClosedRange<Double>)

  /// The word that stands for the value in help.
  public var placeholder: String {
    switch self {
    case .text(let name), .file(let name), .directory(let name), .integer(let name, _), .number(let name, _): name
    case .choice(let names): names.joined(separator: "|")
    }
  }
}

/// One option: `--name` or `-s`, with or without a value.
public struct OptionSpec: Sendable {
  public var name: String
  public var short: Character?
  /// nil for a switch.
  public var value: OptionValue?
  /// A sentence or two; wrapped to the terminal.
  public var help: String
  /// May be given more than once.
  public var repeats: Bool
  /// Heading it stands under in help.
  public var group: String

  public init(
    _ name: String, short: Character? = nil, value: OptionValue? = nil, repeats: Bool = false,
    group: String = "Options", help: String
  ) {
    (self.name, self.short, self.value, self.help) = (name, short, value, help)
    (self.repeats, self.group) = (repeats, group)
  }
}

/// A wrong command line: exit status 2.
public struct UsageError: SetupFailure, Hashable, Sendable, CustomStringConvertible {
  public var message: String
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}

/// What the command line asks for.
public enum CommandLineOutcome: Sendable {
  /// `--help`, `--version`, `--man`, `--completions SHELL`: print this and end with 0.
  case print(String)
  case run(ParsedOptions)
}

/// A program's command line.
public struct OptionTable: Sendable {
  public var program: String
  public var version: String
  /// One line.
  public var summary: String
  /// Paragraphs for the man page.
  public var description: [String]
  /// Placeholder of the positional arguments, such as `FILE...`; nil when there are none.
  public var arguments: String?
  public var argumentsHelp: String
  public var options: [OptionSpec]
  public var exitCodes: [(code: Int, meaning: String)]
  public var examples: [(command: String, meaning: String)]

  public init(
    program: String, version: String, summary: String, description: [String] = [], arguments: String? = nil,
    argumentsHelp: String = "", options: [OptionSpec], exitCodes: [(code: Int, meaning: String)] = [],
    examples: [(command: String, meaning: String)] = []
  ) {
    (self.program, self.version, self.summary, self.description) = (program, version, summary, description)
    (self.arguments, self.argumentsHelp) = (arguments, argumentsHelp)
    (self.exitCodes, self.examples) = (exitCodes, examples)
    self.options =
      options + [
        OptionSpec("help", short: "h", group: "About", help: "Show this help and end."),
        OptionSpec("version", group: "About", help: "Show the version and end."),
        OptionSpec("man", group: "About", help: "Print the manual page (roff) and end."),
        OptionSpec(
          "completions", value: .choice(["bash", "zsh", "fish"]), group: "About",
          help: "Print completions for a shell and end."),
      ]
  }

  /// Headings in the order they first appear.
  var groups: [String] {
    options.reduce(into: []) { groups, option in if !groups.contains(option.group) { groups.append(option.group) } }
  }

  /// Reads a command line.
  /// - Parameter arguments: Without the program's own name.
  public func outcome(of arguments: [String], width: Int = 100) throws(UsageError) -> CommandLineOutcome {
    let parsed = try parse(arguments)
    if parsed.has("help") { return .print(help(width: width)) }
    if parsed.has("version") { return .print("\(program) \(version)\n") }
    if parsed.has("man") { return .print(manualPage()) }
    if let shell = parsed.value("completions") { return .print(completions(for: shell)) }
    return .run(parsed)
  }
}
