// A worker from its arguments to its exit status.

import Configuration
import Kafka
import Stations

/// What runs until its station should stop, or it has nothing more to do.
public protocol Worker: AnyObject {
  func run() throws
}

extension StationProgram {
  /// With `--instance` and `--drain` beside the options of every station.
  ///
  /// - Parameters:
  ///   - drain: Help for `--drain`.
  ///   - make: The worker, once its brokers have answered.
  public static func worker(
    _ program: String, version: String, summary: String, description: [String], drain: String,
    check: @escaping (ParsedOptions, Settings) throws -> [String],
    make:
      @escaping (_ station: Station, _ options: ParsedOptions, _ instance: String?, _ drains: Bool) throws -> any Worker
  ) -> StationProgram {
    let table = OptionTable(
      program: program, version: version, summary: summary, description: description,
      options: PipelineOptions.options + [
        OptionSpec(
          "instance", value: .text("NAME"), group: "Running",
          help: "A name that this worker keeps over restarts, such as that of its pod: a restart within the session's "
            + "timeout then moves no partition. No two that run may share one."),
        OptionSpec("drain", group: "Running", help: drain),
      ],
      exitCodes: exitCodes)
    return StationProgram(table: table, check: check) { station, parsed in
      let worker: any Worker
      do {
        worker = try make(station, parsed, parsed.value("instance"), parsed.has("drain"))
      } catch let error as KafkaError where error.isRetriable && station.shouldStop {
        // Asked to end while it waited for its brokers: it had taken nothing.
        return
      }
      try worker.run()
    }
  }
}
