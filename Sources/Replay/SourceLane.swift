// One source: a file, and the files that go on where it ended. Files are sources by what is in them and
// never by their names: rotation renames them.

import Bytes
import Events
import LogFiles
import LogFormats

final class SourceLane {
  /// Hash of the first line of its first file, told apart from equal ones by a count.
  let id: UInt64
  /// Order of creation; breaks ties in time.
  let index: Int
  var clock: SourceClock

  // Reading: by one thread at a time.
  var file: PlannedFile
  var reader: LogReader?
  var chunker: LineChunker
  var isReading = false
  /// Position of the last file of which it was said that it was cut short.
  var toldOfShrinking = -1
  /// The current file has been read to its end; the decision who goes on waits for its last piece.
  var fileEnded = false

  /// Pieces in their order, read and not yet ordered.
  var pieces: [Parcel] = []
  /// The first of them cannot be believed before the next is there.
  var wantsFollowing = false
  /// Pieces out of the pool: read, parsed, waiting or in a partition.
  var inFlight = 0

  /// Where lines depend on those before them: what the next piece begins with. Touched by who reads.
  var carry: FormatCarry?
  /// The last file has been read; the next piece is what its lines leave unfinished.
  var isFlushing = false

  // Places, kept by the ordering stage.
  var nextOrdinal: UInt64 = 0
  var nextLine: UInt64 = 1
  var sequence: UInt64 = 0
  /// The low watermark at the last chunk's begin.
  var settled: Nanoseconds = .min
  var lastNumber: UInt64 = .max
  /// Where its chunks begin to go round the partitions.
  let spread: UInt64

  /// What the last reading gave: a piece, or nothing more; and the bytes it took.
  var hasPiece = false
  var newBytes: UInt64 = 0
  var consumed: UInt64 = 0

  init(id: UInt64, index: Int, file: PlannedFile, chunker: consuming LineChunker, limits: ClockLimits) {
    self.id = id
    self.index = index
    self.file = file
    self.chunker = chunker
    spread = id
    clock = SourceClock(limits: limits)
  }

  /// - Parameters:
  ///   - headHash: Of the first line of its first file.
  ///   - count: Sources before it that begin with the same line.
  static func id(headHash: UInt64, count: UInt64) -> UInt64 {
    KeyedHash(key: 0x736f_7572_6365).hash(headHash, count)
  }

  /// Begins the next file of the same source.
  func goOn(with next: PlannedFile) {
    file = next
    reader = nil
    fileEnded = false
    nextLine = 1
  }

  /// Where the source stands: the smallest goes first.
  var time: Nanoseconds { clock.time ?? file.firstTime ?? .min }
}
