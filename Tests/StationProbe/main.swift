// A station that does nothing but what every station does; StationsTests starts it and sends it signals.

import Configuration
import Stations

#if canImport(Glibc)
  import Glibc
#endif

let table = OptionTable(
  program: "millrace-probe", version: "0.0.1", summary: "Waits to be told to end.",
  options: PipelineOptions.options + [
    OptionSpec("stuck", help: "Do not end when asked to."),
    OptionSpec("lingers", help: "Say that the work is done when asked to end, and do not end."),
    OptionSpec("fail", help: "End with an error."),
  ], exitCodes: StationProgram.exitCodes)

exit(
  StationProgram(table: table, run: probe)(Array(CommandLine.arguments.dropFirst())))
