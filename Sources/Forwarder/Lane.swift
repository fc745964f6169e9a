// One source: where it stands, what it has told, and the text that it reads.

import Bytes
import Events
import LogFiles
import LogFormats

/// Belongs to the engine's thread.
final class Lane {
  enum Kind { case file, stream }

  let kind: Kind
  /// From content, never from a name: stable across restarts.
  let id: UInt64
  /// Which of the pipeline's sources it belongs to.
  var origin: Int
  /// File or listener, as it is called now.
  var path: String {
    didSet { pathBytes = Array(path.utf8) }
  }
  private(set) var pathBytes: [UInt8]
  var identity: FileIdentity

  // Where it stands.
  var position: Position
  /// As the last committed transaction has it.
  private(set) var committed: Position
  var clock: SourceClock
  var long: LongLine?

  /// nil where no file in sight is this source, or where it is closed to spare descriptors.
  var text: (any SourceText)?
  /// A file in sight is this source.
  var isAttached = false
  /// Bytes before the position that were saved by an earlier run, until the first piece is read.
  var savedTail: (length: Int, hash: UInt64)?
  /// Wall clock of that, ns.
  private(set) var savedAt: Int64 = 0

  // Reading.
  /// Monotonic time at which text was first seen that has not been read.
  var unreadSince: Int64?
  /// Monotonic time of the last line, or of its being opened.
  var lastLines: Int64
  /// Since when no pattern finds it under the name it was read by: renamed, deleted or rotated away.
  var movedSince: Int64?
  /// Since when no file in sight is it, as far as this run knows.
  var unseenSince: Int64?
  /// The file that stood under the same name before: read to its end first.
  var predecessor: Lane?
  /// Nothing was left when it was looked at last.
  var isAtEnd = false
  var parser: ParserBox?
  /// Lines before this one may have been lost by a truncation: told once.
  var toldOfLoss = false

  /// What of it the brokers did not take, until it is behind.
  var refused: RefusedPiece?

  // What its partitions know.
  var isAnnounced = false
  /// It was, in a transaction that may be lost: to be said again, even if no line comes.
  var wasAnnounced = false
  /// Low watermark that each partition of its spread was told last.
  var told: [Nanoseconds] = []
  var lastTold: Int64 = 0
  /// It said that it says nothing more; the next line announces it again.
  var isSilent = false
  /// Changed since the last commit.
  var isTouched = false
  /// Told more than its stamps say, because it was idle.
  var promised: Nanoseconds = .min

  init(
    kind: Kind, id: UInt64, origin: Int, path: String, identity: FileIdentity = FileIdentity(),
    position: Position = Position(), limits: ClockLimits, now: Int64
  ) {
    (self.kind, self.id, self.origin, self.path, self.identity) = (kind, id, origin, path, identity)
    (self.position, committed) = (position, position)
    pathBytes = Array(path.utf8)
    clock = SourceClock(limits: limits, time: position.time)
    lastLines = now
  }

  /// Takes over what an earlier run saved.
  convenience init(saved: SavedSource, origin: Int, limits: ClockLimits, now: Int64) {
    self.init(
      kind: saved.kind == .file ? .file : .stream, id: saved.id, origin: origin,
      path: String(decoding: saved.path, as: UTF8.self), identity: saved.identity, position: saved.position,
      limits: limits, now: now)
    savedTail = (saved.tailLength, saved.tailHash)
    savedAt = saved.written
  }

  /// What a restart needs.
  func saved(written: Int64) -> SavedSource {
    let tail = position.tail
    return SavedSource(
      kind: kind == .file ? .file : .stream, id: id, path: pathBytes, identity: identity, position: position,
      tailLength: tail.isEmpty ? savedTail?.length ?? 0 : tail.count,
      tailHash: tail.isEmpty ? savedTail?.hash ?? 0 : FileIdentity.hash(tail.span.bytes),
      written: written)
  }

  /// The bytes before the position, of which an earlier run saved the hash only.
  func adopt(tail: [UInt8]) {
    savedTail = nil
    position.tail = tail
    committed.tail = tail
  }

  /// What was sent is there for good. Returns the bytes of memory that this frees.
  func commit() -> Int {
    committed = position
    isTouched = false
    if !position.tail.isEmpty { savedTail = nil }
    guard let queue = text as? QueuedText else { return 0 }
    let before = queue.count
    queue.letGo(before: position.offset)
    return before - queue.count
  }

  /// Forgets what was not committed.
  func rewind() {
    position = committed
    clock = SourceClock(limits: clock.limits, time: position.time)
    long = nil
    isTouched = false
    // What it said of itself may be lost as well. Said twice, it does no harm.
    wasAnnounced = wasAnnounced || isAnnounced || isSilent && !position.isFinal
    isAnnounced = false
    isSilent = position.isFinal
    isAtEnd = false
    promised = .min
  }

  /// Whether what the last transaction would have made of it is what was saved.
  func isReached(by saved: SavedSource) -> Bool {
    saved.position.offset == position.offset && saved.position.sequence == position.sequence
      && saved.position.ordinal == position.ordinal && saved.position.isFinal == position.isFinal
  }

  /// Low watermark after what was read.
  var lowWatermark: Nanoseconds { max(clock.lowWatermark, promised) }
}

/// A parser that lanes of the same format share, and one to look ahead with.
final class ParserBox {
  let name: String
  let format: LogFormat?
  var parser: BatchParser
  private var second: BatchParser?
  private let make: () -> BatchParser

  init(_ format: LogFormat?, _ options: ParseOptions, maxDisorder: Nanoseconds) {
    name = format?.qualifiedName ?? ""
    self.format = format
    make = { BatchParser(format: format, options: options, maxDisorder: maxDisorder) }
    parser = make()
  }

  /// Stamps of the lines in `text`, which follow what `parser` read last.
  func stamps(of text: RawSpan, maxLine: Int, into batch: inout EventBatchWriter) -> [Nanoseconds] {
    var ahead = second.take() ?? make()
    batch.begin(BatchOrigin(source: 0))
    ahead.parse(text, after: parser.carried, maxLine: maxLine, into: &batch)
    let stamps = ahead.stamps
    second = consume ahead
    return stamps
  }
}
