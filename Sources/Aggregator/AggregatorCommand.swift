// millrace-aggregator from its arguments to its exit status.

import Configuration
import Detection
import Kafka
import Pipelines
import Stations

public enum AggregatorCommand {
  public static let version = "0.1.0"

  public static let table = OptionTable(
    program: "millrace-aggregator", version: version,
    summary: "Counts the events of a line by window and zone, exactly once.",
    description: [
      "millrace-aggregator reads batches from the topic events, judges each request, and writes partial aggregates of "
        + "each window to the topic rollups. Start as many as there is work for: they share the partitions of events.",
      "What it writes, and how far it has come, is committed in one transaction. Ended at any time, by any means, it or "
        + "another goes on where the last transaction stands.",
    ],
    options: PipelineOptions.options + [
      OptionSpec(
        "instance", value: .text("NAME"), group: "Running",
        help: "A name that this worker keeps over restarts, such as that of its pod: a restart within the session's "
          + "timeout then moves no partition. No two that run may share one."),
      OptionSpec(
        "drain", group: "Running",
        help:
          "Count what is in events now, write every window as replay does at the end of its input, and end when all "
          + "partitions are written, whoever of several workers wrote them."),
    ],
    exitCodes: StationProgram.exitCodes)

  /// Runs the program; the result is its exit status.
  public static func run(_ arguments: [String]) -> Int32 {
    StationProgram(
      table: table,
      check: { parsed, settings in
        let pipeline = Pipeline(settings: settings, file: parsed.value("pipeline") ?? "built-in")
        try KafkaSettings(settings, program: "aggregator").check(.consumer)
        return try pipeline.ruleSet().notes.map { "\($0)" }
      },
      run: { station, parsed in
        let pipeline = Pipeline(settings: station.settings, file: parsed.value("pipeline") ?? "built-in")
        let worker: AggregatorWorker
        do {
          worker = try AggregatorWorker(
            station, pipeline: pipeline, instance: parsed.value("instance"), drains: parsed.has("drain"))
        } catch let error as KafkaError where error.isRetriable && station.shouldStop {
          // Asked to end while it waited for its brokers: it had taken nothing.
          return
        }
        try worker.run()
      })(arguments)
  }
}

/// Hands what librdkafka says to the program's log.
func kafkaLog(_ log: Logger) -> KafkaLogHandler {
  { line in
    let level: LogLevel = line.level <= 3 ? .error : line.level == 4 ? .warning : line.level <= 6 ? .info : .debug
    log.log(
      min(level, .warning), "librdkafka", ["facility": .text(line.facility), "text": .text(line.text)],
      key: line.facility)
  }
}
