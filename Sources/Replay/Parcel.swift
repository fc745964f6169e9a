// A piece of a source on its way through the stages, with all the memory they need for it. Parcels go
// round: their number bounds what a replay holds in memory, whatever the size of its input.

import Bytes
import Events
import LogFiles
import LogFormats
import Rollups

/// A line that became no event.
struct RejectedLine {
  var reason: UnparsedLine.Reason
  /// After the first line of the piece, from 0.
  var number: UInt32
  /// Start of the line in the piece, bytes, and its length there.
  var offset: Int
  var length: Int
}

/// Touched by one thread at a time: the scheduler hands it from stage to stage.
final class Parcel: @unchecked Sendable {
  let chunk = TextChunk()
  private(set) var source: SourceLane
  private(set) var file: PlannedFile
  var isParsed = false
  /// Holds no lines but what those of its source left unfinished.
  var endsSource = false

  // What parsing makes of it.
  var batch = EventBatchWriter()
  /// Stamps of all lines that a format read, whether or not a filter let them through.
  var stamps: [Nanoseconds] = []
  var run: StampSummary
  /// Smallest and largest stamp of the events in the batch.
  var firstTime: Nanoseconds = 0
  var lastTime: Nanoseconds = 0
  var judgement = Judgement()
  /// Where rules are compared: what the other set makes of it.
  var comparison = BatchComparison()
  /// Line of each event in the batch, after the first of the piece.
  var eventLines: [UInt32] = []
  var rejected: [RejectedLine] = []
  var tally = LineTally()

  /// What the piece's first line may depend on, where the format is such; set before it is parsed.
  var stateBefore: FormatState?

  // Where it stands in its source; known once all before it has been ordered.
  var firstLine: UInt64 = 0
  var watermarkBefore: Nanoseconds = .min

  init(source: SourceLane, maxDisorder: Nanoseconds) {
    self.source = source
    file = source.file
    run = StampSummary(maxDisorder: maxDisorder)
  }

  /// Takes it from the pool for the next piece of a source.
  func begin(_ source: SourceLane) {
    self.source = source
    file = source.file
    isParsed = false
    endsSource = false
    stateBefore = nil
  }

  /// Forgets what parsing made; keeps the memory.
  func beginParsing() {
    stamps.removeAll(keepingCapacity: true)
    judgement.verdicts.removeAll(keepingCapacity: true)
    comparison.begin(rules: 0)
    eventLines.removeAll(keepingCapacity: true)
    rejected.removeAll(keepingCapacity: true)
    run = StampSummary(maxDisorder: run.maxDisorder)
    tally = LineTally()
    firstTime = .max
    lastTime = .min
  }
}

/// Where lines went.
struct LineTally: Equatable {
  /// All of them.
  var lines: UInt32 = 0
  /// Events in the batch.
  var parsed: UInt32 = 0
  /// Read, but outside of `--since`, `--until` or `--zone`.
  var filtered: UInt32 = 0
  /// Blank lines, comments, directives and parts of lines.
  var skipped: UInt32 = 0
  /// Made of parts that were skipped as such, when their source ended.
  var joined: UInt32 = 0
  var unparsed: UInt32 = 0
  var ahead: UInt32 = 0
  var late: UInt32 = 0
}
