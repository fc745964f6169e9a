// millrace-analyzer from its arguments to its exit status.

import Configuration
import Detection
import Kafka
import Pipelines
import Stations
import Topics

public enum AnalyzerCommand {
  public static let version = "0.1.0"

  public static let table = OptionTable(
    program: "millrace-analyzer", version: version,
    summary: "Judges the windows of a line and says what is an attack, exactly once.",
    description: [
      "millrace-analyzer reads partial aggregates from the topic rollups, merges and judges each zone's windows, and "
        + "joins what it finds into attacks, which it writes to the topic attacks. Start as many as there is work for: "
        + "they share the partitions of rollups, and one of them joins for all.",
      "What it writes, how far it has come, and what it remembers are committed in one transaction. Ended at any time, "
        + "by any means, it or another goes on where the last transaction stands.",
    ],
    options: PipelineOptions.options + [
      OptionSpec(
        "instance", value: .text("NAME"), group: "Running",
        help: "A name that this worker keeps over restarts, such as that of its pod: a restart within the session's "
          + "timeout then moves no partition. No two that run may share one."),
      OptionSpec(
        "drain", group: "Running",
        help:
          "Judge until aggregators that drain have closed every partition of events, end every attack as replay does "
          + "at the end of its input, and end when all is told, whoever of several workers told it."),
    ],
    exitCodes: StationProgram.exitCodes)

  /// Runs the program; the result is its exit status.
  public static func run(_ arguments: [String]) -> Int32 {
    StationProgram(
      table: table,
      check: { parsed, settings in
        let pipeline = Pipeline(settings: settings, file: parsed.value("pipeline") ?? "built-in")
        try KafkaSettings(settings, program: "analyzer").check(.consumer)
        _ = try pipeline.behaviour()
        return try pipeline.ruleSet().notes.map { "\($0)" }
      },
      run: { station, parsed in
        let pipeline = Pipeline(settings: station.settings, file: parsed.value("pipeline") ?? "built-in")
        let worker: AnalyzerWorker
        do {
          worker = try AnalyzerWorker(
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
