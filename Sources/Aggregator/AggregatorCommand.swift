// millrace-aggregator from its arguments to its exit status.

import Configuration
import Detection
import Kafka
import Pipelines
import Stations
import Topics
import Workers

public enum AggregatorCommand {
  public static let version = "0.1.0"

  private static var program: StationProgram {
    .worker(
      "millrace-aggregator", version: version,
      summary: "Counts the events of a line by window and zone, exactly once.",
      description: [
        "millrace-aggregator reads batches from the topic events, judges each request, and writes partial aggregates of "
          + "each window to the topic rollups. Start as many as there is work for: they share the partitions of events.",
        "What it writes, and how far it has come, is committed in one transaction. Ended at any time, by any means, it or "
          + "another goes on where the last transaction stands.",
      ],
      drain: "Count what is in events now, write every window as replay does at the end of its input, and end when all "
        + "partitions are written, whoever of several workers wrote them.",
      check: { parsed, settings in
        let pipeline = Pipeline(settings: settings, file: parsed.value("pipeline") ?? "built-in")
        try KafkaSettings(settings, program: "aggregator").check(.consumer)
        return try pipeline.ruleSet().notes.map { "\($0)" }
      },
      make: { station, parsed, instance, drains in
        let pipeline = Pipeline(settings: station.settings, file: parsed.value("pipeline") ?? "built-in")
        return try AggregatorWorker(station, pipeline: pipeline, instance: instance, drains: drains)
      })
  }

  /// Runs the program; the result is its exit status.
  public static func run(_ arguments: [String]) -> Int32 { program(arguments) }
}
