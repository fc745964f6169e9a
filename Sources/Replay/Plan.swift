// Which files there are, what they hold, and where in time they begin: looked at before anything is read.

import Bytes
import Events
import LogFiles
import LogFormats

/// A file that waits to be read.
final class PlannedFile: @unchecked Sendable {
  let path: String
  /// Where the command line named it.
  let position: Int
  /// Bytes on disk; nil for pipes.
  let size: UInt64?
  let compression: Compression
  let encoding: TextEncoding
  /// Pipes can be opened only once: theirs is kept.
  var reader: LogReader?
  /// Which of the replay's formats; nil where none was recognised.
  var formatIndex: Int?
  /// A time at which its first lines may be believed to stand.
  var firstTime: Nanoseconds?
  /// What a chunk of full size spans, by the file's first lines.
  var chunkSpan: Nanoseconds = 0
  /// Hash of its first line: with a count of others like it, the identity of the source that it starts.
  let headHash: UInt64
  let isEmpty: Bool

  // What became of its lines; counted by the ordering stage.
  private(set) var tally = LineTotals()

  func count(_ tally: LineTally, bytes: UInt64) { self.tally.add(tally, bytes: bytes) }

  /// Opens the file, looks at its head and hands that to `look`.
  init(path: String, position: Int, look: (RawSpan) -> Void) throws(LogFileError) {
    self.path = path
    self.position = position
    let reader = try LogReader(path: path)
    size = reader.size
    compression = reader.compression
    encoding = reader.encoding
    var hash: UInt64 = 0
    var empty = true
    reader.peek(Self.headLength) { head in
      empty = head.byteCount == 0
      let end = head.firstIndex(of: 0x0a) ?? head.byteCount
      hash = KeyedHash(key: 0x6865_6164).hash(head.extracting(0..<min(end, 4096)))
      look(head)
    }
    headHash = hash
    isEmpty = empty
    // Standard input may be a file, but its first bytes are gone from it all the same.
    if size == nil || path == "-" { self.reader = reader }
  }

  /// A file that is followed: nothing of it has been looked at yet.
  init(followed path: String, position: Int, headHash: UInt64) {
    (self.path, self.position, self.headHash) = (path, position, headHash)
    (size, compression, encoding, isEmpty) = (nil, .none, .bytes, false)
  }

  static let headLength = 128 << 10

  /// The time at which the first lines stand, as a clock would believe it, and what a chunk of full size spans if those
  /// after them come as fast.
  static func firstTime(_ head: RawSpan, _ format: LogFormat, _ options: ParseOptions, _ limits: ClockLimits)
    -> (time: Nanoseconds?, chunkSpan: Nanoseconds)
  {
    var parser = LineParser(format: format, options: options)
    var fields = HttpFields()
    var stamps: [Nanoseconds] = []
    var start = 0
    while stamps.count <= limits.horizon, start < head.byteCount {
      let end = head.firstIndex(of: 0x0a, from: start) ?? head.byteCount
      if parser.parse(head.extracting(start..<end), into: &fields) == .event { stamps.append(fields.time) }
      start = end + 1
    }
    var clock = SourceClock(limits: limits)
    var judgements: [SourceClock.Judgement] = []
    let none: [Nanoseconds] = []
    clock.judge(stamps.span, following: none.span, into: &judgements)
    let time = judgements.firstIndex { $0 != .ahead }.map { stamps[$0] }
    guard let time, let last = clock.time, start > 0 else { return (time, 0) }
    let span = Double(last.minusSaturating(time)) / Double(start) * Double(LineChunker.defaultChunkSize)
    return (time, Nanoseconds(min(max(span, 0), 1e18)))
  }
}
