// The last step before a batch leaves the host: judged by the rules, then thinned out and blanked.

import Bytes
import CapnProto
import Detection
import Events
import Rollups

/// Writes a batch anew as one or more, each with a weight of its own. One thread.
final class Departure {
  /// Events of one weight.
  struct Output {
    var weight: UInt32
    let box: BatchBox
  }

  let sampling: Sampling
  let isRedacting: Bool
  private var blanker: Blanker
  private var scorer: RequestScorer
  private var verdicts: [RequestVerdict] = []
  private var matches: [CarriedMatch] = []
  private var text = ByteBuffer(capacity: 16 << 10)
  private var boxes: [BatchBox] = []
  private let limiter = ReadLimiter()
  /// Of the last batch, by weight: at least one, which may be empty.
  private(set) var outputs: [Output] = []
  /// Events of the last batch that were left out.
  private(set) var sampledOut: UInt32 = 0

  init(_ redaction: Redaction, _ sampling: Sampling, scorer: consuming RequestScorer) {
    self.sampling = sampling
    isRedacting = !redaction.isEmpty
    blanker = Blanker(redaction)
    self.scorer = scorer
  }

  /// Fills `outputs` from `record`, a finished batch of ours. They have begun and are not finished.
  func rewrite(_ record: RawSpan, origin: BatchOrigin) throws(WireError) {
    outputs.removeAll(keepingCapacity: true)
    sampledOut = 0
    let batch = EventBatch(try Message(framed: record, limiter: limiter).rootStruct)
    if case .http = batch.events.which {
      let events = try batch.events.http
      scorer.classify(events, into: &verdicts)
      for i in 0..<events.count { try send(events[i], i, origin) }
    }
    if outputs.isEmpty { _ = output(1, origin) }
    outputs.sort { $0.weight < $1.weight }
  }

  private func send(_ event: borrowing HttpEvent, _ index: Int, _ origin: BatchOrigin) throws(WireError) {
    matches.removeAll(keepingCapacity: true)
    let verdict = index < verdicts.count ? verdicts[index] : .clean
    try scorer.appendMatches(index, event, verdict, to: &matches)
    var weight: UInt32 = 1
    // What a rule has seen is never left out.
    if matches.isEmpty, verdict.score == 0 {
      weight = sampling.rate(of: try event.host)
      let ordinal = origin.firstOrdinal &+ UInt64(event.lineNumber)
      guard sampling.keeps(source: origin.source, ordinal: ordinal, rate: weight) else {
        sampledOut &+= 1
        return
      }
    }
    let box = output(weight, origin)
    guard isRedacting else {
      try box.writer.append(copyOf: event)
      return
    }
    text.removeAll()
    let fields = try blank(event)
    try Self.append(event, text, fields, matches, to: box)
  }

  private func blank(_ event: borrowing HttpEvent) throws(WireError) -> ReplacedText {
    var fields = ReplacedText()
    if HttpFlags(rawValue: event.flags).isDisjoint(with: [.malformedRequest, .binaryRequest]) {
      fields.target = blank(try event.target, .url)
    } else {
      fields.target = shape(of: try event.target)
    }
    fields.referrer = blank(try event.referrer, .url)
    fields.userAgent = blank(try event.userAgent, .text)
    guard event.hasExtra else { return fields }
    let extra = try event.extra
    fields.remoteUser = blank(try extra.remoteUser, .text)
    fields.methodText = blank(try extra.methodText, .url)
    fields.contentType = blank(try extra.contentType, .text)
    fields.cookie = blank(try extra.cookie, .cookie)
    // It may be of any form, and the rules have seen it.
    fields.body = shape(of: try extra.body)
    return fields
  }

  private func shape(of field: RawSpan) -> Range<Int> {
    let start = text.count
    Blanker.appendShape(of: field, to: &text)
    return start..<text.count
  }

  private func blank(_ field: RawSpan, _ kind: Blanker.Kind) -> Range<Int> {
    let start = text.count
    blanker.append(field, kind, to: &text)
    return start..<text.count
  }

  private static func append(
    _ event: borrowing HttpEvent, _ text: borrowing ByteBuffer, _ fields: ReplacedText, _ matches: [CarriedMatch],
    to box: BatchBox
  ) throws(WireError) {
    try box.writer.append(copyOf: event, with: fields, in: text.bytes, matches: matches)
  }

  private func output(_ weight: UInt32, _ origin: BatchOrigin) -> BatchBox {
    if let there = outputs.first(where: { $0.weight == weight }) { return there.box }
    if boxes.count == outputs.count { boxes.append(BatchBox()) }
    let box = boxes[outputs.count]
    var origin = origin
    origin.weight = weight
    box.writer.begin(origin)
    outputs.append(Output(weight: weight, box: box))
    return box
  }
}
