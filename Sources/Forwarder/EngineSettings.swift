// What the engine is told: sizes and times, with every default filled in.

import Bytes
import Events
import LogFormats

/// How the lines of one of the pipeline's sources are read.
struct LineSettings {
  /// nil: told from the lines.
  var format: LogFormat?
  var options = ParseOptions()
  /// Host that lines without one were sent to.
  var zone: [UInt8] = []
}

struct EngineSettings {
  /// Name of this host in what is sent.
  var host: [UInt8] = []
  /// One for each of the pipeline's sources, by number.
  var sources: [LineSettings] = []
  var clock = ClockLimits()
  var maxLine = 1 << 20
  var windowLength: Nanoseconds = 10 * nanosecondsPerSecond
  /// Text of a batch: the record is about 1.6 times as large.
  var batchText = 160 << 10
  /// How long a line waits for others to fill its batch, ns.
  var batchAge: Int64 = 500_000_000
  /// Bytes of records in one transaction.
  var transactionBytes = 32 << 20
  var spread = 4
  /// How often a source without lines says that it lives, ns.
  var heartbeat: Int64 = 1_000_000_000
  /// A source without a line for so long says that it says nothing more, until it does, ns.
  var silentAfter: Int64 = 300_000_000_000
  /// Sources whose files were not in sight for so long are forgotten, ns. Programs that are started again more often never
  /// see that: then a position that is four times as old goes after an hour without its file.
  var forgetAfter: Int64 = 7 * 86_400_000_000_000
  var forgetOldAfter: Int64 = 3_600_000_000_000
}
