// millrace-analyzer from its arguments to its exit status.

import Configuration
import Detection
import Kafka
import Pipelines
import Stations
import Topics
import Workers

public enum AnalyzerCommand {
  public static let version = "0.1.0"

  private static var program: StationProgram {
    .worker(
      "millrace-analyzer", version: version,
      summary: "Judges the windows of a line and says what is an attack, exactly once.",
      description: [
        "millrace-analyzer reads partial aggregates from the topic rollups, merges and judges each zone's windows, and "
          + "joins what it finds into attacks, which it writes to the topic attacks. Start as many as there is work for: "
          + "they share the partitions of rollups, and one of them joins for all.",
        "What it writes, how far it has come, and what it remembers are committed in one transaction. Ended at any time, "
          + "by any means, it or another goes on where the last transaction stands.",
      ],
      drain:
        "Judge until aggregators that drain have closed every partition of events, end every attack as replay does "
        + "at the end of its input, and end when all is told, whoever of several workers told it.",
      check: { parsed, settings in
        let pipeline = Pipeline(settings: settings, file: parsed.value("pipeline") ?? "built-in")
        try KafkaSettings(settings, program: "analyzer").check(.consumer)
        let lists = try pipeline.addressLists()
        _ = try pipeline.behaviour(lists: lists)
        _ = try pipeline.places()
        return try pipeline.ruleSet().notes.map { "\($0)" } + lists.flatMap(\.complaints)
      },
      make: { station, parsed, instance, drains in
        let pipeline = Pipeline(settings: station.settings, file: parsed.value("pipeline") ?? "built-in")
        return try AnalyzerWorker(station, pipeline: pipeline, instance: instance, drains: drains)
      })
  }

  /// Runs the program; the result is its exit status.
  public static func run(_ arguments: [String]) -> Int32 { program(arguments) }
}
