// What to do about a record that brokers refuse as too large, though this program thought it was not: their limit counts
// compressed bytes, can be changed at any time, and only trying tells.

/// The piece of a source that made such a record.
struct RefusedPiece: Equatable {
  /// Its first byte, and the first after it.
  var begin: UInt64
  var end: UInt64
  /// Text to take at most, until `end` is passed.
  var target: Int
  /// Bytes of the line at `begin` that are kept as a dead letter instead of an event; nil: it is an event.
  var buried: Int?

  /// - Parameters:
  ///   - bytes: Of the piece that was refused.
  ///   - lines: In it. A single one cannot be split.
  ///   - buried: As what it was sent.
  /// - Returns: nil where there is nothing left to try.
  init?(begin: UInt64, bytes: Int, lines: UInt32, buried: Int?, before: RefusedPiece?) {
    self.begin = begin
    end = max(begin &+ UInt64(clamping: bytes), before?.end ?? 0)
    target = max(1, bytes / 2)
    if lines > 1 { return }
    target = 1
    switch buried {
    case nil: self.buried = .max
    case 0: return nil
    case let length?: self.buried = length > 256 ? 256 : 0
    }
  }
}

/// How much text fits a record, as far as refusals have taught it: half as much after each, twice as much again when many
/// were taken, for it may have been a single odd line.
struct PieceSize: Equatable {
  /// What the pipeline asks for.
  let wanted: Int
  private(set) var now: Int
  /// Pieces of full size that were taken since a refusal, and how many it takes to try larger ones: more after each time
  /// that these were refused.
  private var taken = 0
  private var patience = 32

  init(_ wanted: Int) { (self.wanted, now) = (wanted, wanted) }

  mutating func refused(_ bytes: Int) {
    guard isFull(bytes) else { return }
    now = max(now / 2, 512)
    taken = 0
    patience = min(patience * 2, 1 << 16)
  }

  mutating func taken(_ bytes: Int) {
    guard now < wanted, isFull(bytes) else { return }
    taken += 1
    guard taken >= patience else { return }
    now = min(now * 2, wanted)
    taken = 0
  }

  private func isFull(_ bytes: Int) -> Bool { bytes > now / 4 * 3 }
}
