// Verdicts are made where a batch is parsed, on any thread, and counted where its partition is
// aggregated: so a thread needs one scorer with one set of caches, and not one for each partition.

import Bytes
import Detection
import Events
import Rollups

/// What was judged of one batch.
struct Judgement: ~Copyable {
  var verdicts: [RequestVerdict] = []
  var hits: [Rollups.CorrelationHit] = []
  var texts = ByteBuffer(capacity: 64)
}

/// A scorer of a thread.
final class ScorerBox {
  var scorer: RequestScorer
  init(_ scorer: consuming RequestScorer) { self.scorer = scorer }

  func judge(_ events: borrowing HttpEventList, into judgement: inout Judgement) {
    scorer.classify(events, into: &judgement.verdicts)
    judgement.hits.removeAll(keepingCapacity: true)
    judgement.texts.removeAll()
    scorer.correlate(events, judgement.verdicts, into: &judgement.hits, texts: &judgement.texts)
  }
}

/// Tells a partition's aggregator what was judged already.
struct PrejudgedClassifier: ~Copyable, RequestClassifier {
  /// Holds the judgement of the batch that is about to be consumed.
  final class Slot {
    var parcel: Parcel?
  }
  let ruleSetHash: UInt64
  let ruleHashes: [UInt64]
  let slot: Slot

  mutating func classify(_ events: borrowing HttpEventList, into verdicts: inout [RequestVerdict]) {
    guard let parcel = slot.parcel else {
      verdicts.removeAll(keepingCapacity: true)
      return
    }
    swap(&verdicts, &parcel.judgement.verdicts)
  }

  mutating func correlate(
    _ events: borrowing HttpEventList, _ verdicts: [RequestVerdict], into hits: inout [Rollups.CorrelationHit],
    texts: inout ByteBuffer
  ) {
    guard let parcel = slot.parcel else { return }
    swap(&hits, &parcel.judgement.hits)
    swap(&texts, &parcel.judgement.texts)
  }
}
