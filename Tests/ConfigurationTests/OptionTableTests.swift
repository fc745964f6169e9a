import Testing

@testable import Configuration

@Suite struct OptionTableTests {
  let table = OptionTable(
    program: "demo", version: "1.2", summary: "Shows how options read.", description: ["It does nothing else."],
    arguments: "FILE...", argumentsHelp: "Files to read, or - for standard input.",
    options: [
      OptionSpec("report", short: "r", value: .choice(["text", "json"]), group: "Output", help: "Form of the report."),
      OptionSpec(
        "output", short: "o", value: .file("PATH"), group: "Output",
        help: "Where it goes, instead of to standard output."),
      OptionSpec("rules", value: .directory("DIR"), repeats: true, help: "More rules."),
      OptionSpec("threads", value: .integer("N", 1...64), help: "Threads to use."),
      OptionSpec("min-coverage", value: .number("X", 0...1), help: "Fail below it."),
      OptionSpec("quiet", short: "q", help: "Say less."),
    ],
    exitCodes: [(0, "Nothing found."), (2, "Wrong use.")], examples: [("demo -q a.log", "Reads a.log.")])

  func failure(_ arguments: String...) -> String {
    do throws(UsageError) {
      _ = try table.parse(arguments)
      return "read"
    } catch {
      return error.message
    }
  }

  @Test func optionsAndArgumentsMayMix() throws {
    let parsed = try table.parse([
      "a.log", "-qr", "json", "--rules=x", "b.log", "--rules", "y", "--thr", "4", "--min-coverage=.5", "--", "-z",
    ])
    #expect(parsed.arguments == ["a.log", "b.log", "-z"])
    #expect(parsed.has("quiet") && !parsed.has("output"))
    #expect(parsed.value("report") == "json" && parsed.values("rules") == ["x", "y"])
    #expect(parsed.integer("threads") == 4 && parsed.number("min-coverage") == 0.5)
  }

  @Test func aLoneDashIsAnArgument() throws {
    #expect(try table.parse(["-", "-q"]).arguments == ["-"])
  }

  @Test func wrongUseIsSaidPlainly() {
    #expect(failure("--reprot", "x") == "unknown option --reprot; did you mean --report?")
    #expect(failure("--wild") == "unknown option --wild")
    #expect(failure("-x") == "unknown option -x")
    #expect(failure("--report") == "--report needs a value: text|json")
    #expect(failure("-r") == "-r needs a value: text|json")
    #expect(failure("--quiet=1") == "--quiet takes no value")
    #expect(failure("--report=jsn") == "--report: 'jsn' is none of text, json (did you mean 'json'?)")
    #expect(failure("--threads=0") == "--threads: '0' is not a whole number from 1 to 64")
    #expect(failure("--threads=99999999999999999999").hasPrefix("--threads: "))
    #expect(failure("--min-coverage=nan").hasPrefix("--min-coverage: "))
    #expect(failure("-q", "-q") == "--quiet is given twice")
    #expect(failure("--r=x") == "--r could mean --report, --rules")
  }

  @Test func argumentsAreRefusedWhereThereAreNone() {
    var bare = table
    bare.arguments = nil
    #expect(throws: UsageError("unexpected argument 'a'")) { try bare.parse(["a"]) }
  }

  @Test func helpIsAsPrintedHere() throws {
    guard case .print(let help) = try table.outcome(of: ["-h"], width: 72) else { throw UsageError("no help") }
    #expect(
      help == """
        Shows how options read.

        Usage: demo [OPTIONS] FILE...

          Files to read, or - for standard input.

        Output:
          -r, --report text|json    Form of the report.
          -o, --output PATH         Where it goes, instead of to standard
                                    output.

        Options:
          --rules DIR               More rules.
          --threads N               Threads to use.
          --min-coverage X          Fail below it.
          -q, --quiet               Say less.

        About:
          -h, --help                Show this help and end.
          --version                 Show the version and end.
          --man                     Print the manual page (roff) and end.
          --completions bash|zsh|fish
                                    Print completions for a shell and end.

        Exit status:
          0   Nothing found.
          2   Wrong use.

        Examples:
          demo -q a.log
              Reads a.log.

        """)
  }

  @Test func theManualAndTheCompletionsNameEveryOption() throws {
    let manual = table.manualPage()
    for option in table.options {
      #expect(manual.contains("\\-\\-" + option.name.split(separator: "-").joined(separator: "\\-")))
      for shell in ["bash", "zsh", "fish"] { #expect(table.completions(for: shell).contains(option.name)) }
    }
    #expect(manual.hasPrefix(".TH DEMO 1"))
  }

  @Test func versionEndsTheProgram() throws {
    guard case .print("demo 1.2\n") = try table.outcome(of: ["--version"]) else { throw UsageError("no version") }
  }
}
