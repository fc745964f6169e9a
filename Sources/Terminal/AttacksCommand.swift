// millrace-attacks from its arguments to its exit status: which command, then that.

import Configuration
import Stations

public enum AttacksCommand {
  public static let version = "0.1.0"

  /// Runs the program; the result is its exit status.
  public static func run(_ arguments: [String]) -> Int32 {
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case "audit": return audit(rest)
    case "top": return top(rest)
    case "notify": return notify(rest)
    case "dead-letters": return deadLetters(rest)
    default: return listing(arguments)
    }
  }

  /// `millrace-attacks` without a command.
  static var listing: Tool {
    Tool(
      table: OptionTable(
        program: "millrace-attacks", version: version,
        summary: "Shows the attacks that a line finds.",
        description: [
          "millrace-attacks reads the topic attacks. On a terminal it is a live table; in a pipe, or with --lines, it "
            + "prints a line each time an attack starts, goes on or ends, from now on; with --json, the attack as it then "
            + "is, an object a line.",
          "It belongs to no consumer group and changes nothing: start as many as there are eyes.",
        ],
        arguments: "[audit | top | notify | dead-letters]",
        argumentsHelp:
          "A command, with options of its own: millrace-attacks audit --help. audit proves that nothing was "
          + "lost or counted twice; top shows how the line does; notify tells webhooks; dead-letters lists, shows and "
          + "publishes again what could not be read.",
        options: PipelineOptions.options + [
          OptionSpec("json", group: "Output", help: "Attacks as JSON: an object a line, or one array with --final."),
          OptionSpec(
            "final", group: "Output",
            help: "Read what is there now, print the last state of each attack in the order of a report, and end. With "
              + "--json, the array is that of millrace-replay --report json."),
          OptionSpec(
            "explain", value: .text("ID"), group: "Output",
            help: "All that is known now of one attack, then the end: why it was raised, with numbers and lines of "
              + "evidence, and what to do. The first digits of its id are enough."),
          OptionSpec("lines", group: "Output", help: "Lines instead of the table, on a terminal as well."),
          OptionSpec(
            "since", value: .text("TIME"), group: "Output",
            help:
              "Attacks that went on at this time or later: 2016-02-20T08:00:00Z, a date, @SECONDS, an age such as 90m, "
              + "2h, 3d, or all. The table and --final show all by default, lines begin now."),
          OptionSpec(
            "color", value: .choice(["auto", "always", "never"]), group: "Output",
            help: "Colour: auto (the default) means on a terminal, unless NO_COLOR is set."),
        ],
        exitCodes: Tool.exitCodes,
        examples: [
          ("millrace-attacks --pipeline shop.yaml", "The live table."),
          (
            "millrace-attacks --json --since 1d | jq .id",
            "For a program: what was told since yesterday, and what comes."
          ),
          ("millrace-attacks --json --final", "All attacks as one array, then the end."),
        ]),
      check: { parsed in
        if let word = parsed.arguments.first {
          throw UsageError("'\(word)' is no command; there are audit, top, notify and dead-letters, before all options")
        }
        if parsed.has("explain"), parsed.has("final") || parsed.has("lines") || parsed.has("since") {
          throw UsageError("--explain tells of one attack: it goes with --json alone")
        }
        if parsed.has("final"), parsed.has("lines") { throw UsageError("--final and --lines: which?") }
      },
      run: { parsed, settings in try Listing(parsed, settings).run() })
  }
}
