// millrace-reputation from its arguments to its exit status.

import Configuration
import Kafka
import Stations
import Topics

struct NothingToKeep: SetupFailure, CustomStringConvertible {
  var description: String { "reputation.lists names no list: there is nothing to keep" }
}

public enum ReputationCommand {
  public static let version = "0.1.0"

  public static let table = OptionTable(
    program: "millrace-reputation", version: version,
    summary: "Keeps the lists of known addresses of a line.",
    description: [
      "millrace-reputation reads the lists of reputation.lists, from files and over HTTP, when it starts, every "
        + "reputation.refresh and at once on SIGUSR1, and writes to the compacted topic reputation what changes of them. "
        + "Analyzers follow that topic, and say of the sources of attacks on which lists they are. Of each Tor exit it "
        + "writes as well in how many attacks of the line it was, and a score for that.",
      "A list that comes back empty, or with less than reputation.least_share of what it had, is refused and told, and "
        + "the one before stays until it expires. One is enough; two that run write the same.",
    ],
    options: PipelineOptions.options + [
      OptionSpec(
        "once", group: "Running",
        help: "Read every list once, write what changes, and end: 1 where a list was not taken. For cron and tests.")
    ],
    exitCodes: StationProgram.exitCodes)

  /// Runs the program; the result is its exit status.
  public static func run(_ arguments: [String]) -> Int32 {
    StationProgram(
      table: table,
      check: { _, settings in
        try KafkaSettings(settings, program: "reputation").check(.consumer)
        if settings.addressLists.isEmpty { throw NothingToKeep() }
        return []
      },
      run: { station, parsed in
        let keeper: Keeper
        do {
          keeper = try Keeper(station, version: version)
        } catch let error as KafkaError where error.isRetriable && station.shouldStop {
          return
        }
        try keeper.run(once: parsed.has("once"))
      })(arguments)
  }
}
