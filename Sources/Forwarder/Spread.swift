// Which partitions a source's batches go round, and what each of them is told of its time.

import Bytes

struct Spread: Sendable {
  /// Of the topic.
  let partitions: Int
  /// Partitions that one source goes round.
  let width: Int

  init(partitions: Int, width: Int) {
    self.partitions = max(1, partitions)
    self.width = min(max(1, width), max(1, partitions))
  }

  /// The partition in the given slot, 0 ..< width, of a source.
  func partition(of source: UInt64, slot: Int) -> Int {
    Int((source &+ UInt64(slot)) % UInt64(partitions))
  }

  /// The slot that a batch goes to: one after another.
  func slot(of sequence: UInt64) -> Int { Int(sequence % UInt64(width)) }
}
