// One scorer for all partitions of a worker: its caches and scratch space are larger than what a partition holds.

import Bytes
import Detection
import Events
import Rollups

/// A scorer. One thread uses it.
public final class Judge {
  fileprivate var scorer: RequestScorer
  public var ruleSetHash: UInt64 { scorer.ruleSetHash }
  public var ruleHashes: [UInt64] { scorer.ruleHashes }

  public init(_ scorer: consuming RequestScorer) { self.scorer = scorer }
}

/// What an aggregator asks.
struct SharedScorer: ~Copyable, RequestClassifier {
  let judge: Judge
  var ruleSetHash: UInt64 { judge.ruleSetHash }
  var ruleHashes: [UInt64] { judge.ruleHashes }

  mutating func classify(_ events: borrowing HttpEventList, into verdicts: inout [RequestVerdict]) {
    judge.scorer.classify(events, into: &verdicts)
  }

  mutating func correlate(
    _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict], into hits: inout [Rollups.CorrelationHit],
    texts: inout ByteBuffer
  ) {
    judge.scorer.correlate(events, verdicts, into: &hits, texts: &texts)
  }
}
