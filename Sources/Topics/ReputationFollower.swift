// The topic `reputation`: what it says now. Whoever writes it reads it first, to write only what changes.

import Configuration
import Kafka
import Reputation

/// One thread uses it.
public final class ReputationFollower: RecordTaker {
  private let topic: WholeTopic
  private let limit: Int
  private let decoder = ReputationDecoder()
  public private(set) var published: PublishedAddresses
  /// Records that could not be read; they are passed over.
  public private(set) var damaged: UInt64 = 0

  /// - Parameter limit: Networks kept at most; `reputation.max_networks` where it is nil.
  public init(_ settings: Settings, program: String, limit: Int? = nil) throws(KafkaError) {
    topic = try WholeTopic(settings, .reputation, program: program)
    self.limit = limit ?? settings.integer("reputation.max_networks")
    published = PublishedAddresses(limit: self.limit)
  }

  /// As `WholeTopic.readToEnd`.
  public func readToEnd(seconds: Int = 60, isStopping: () -> Bool) throws -> TopicEnd {
    try topic.readToEnd(into: self, seconds: seconds, isStopping: isStopping)
  }

  /// Takes what has come.
  public func follow() throws { try topic.follow(into: self) }

  public func beginAgain() { published = PublishedAddresses(limit: limit, version: published.version &+ 1) }

  public func take(_ record: borrowing KafkaRecord) {
    let subject = record.key.byteCount <= 256 ? ReputationKey.subject(record.keyText) : nil
    if !record.isTombstone, let news = news(record), news.subject == subject {
      published.take(news)
      return
    }
    if subject == nil || !record.isTombstone { damaged &+= 1 }
    // A damaged record says nothing, and what its key said before is gone once the topic is compacted: so it is gone at
    // once, and whoever keeps the topic writes it anew.
    if let subject { published.forget(subject) }
  }

  private func news(_ record: borrowing KafkaRecord) -> ReputationNews? {
    // Longer than any that is written.
    guard record.value.byteCount <= 64 << 10 else { return nil }
    do throws(ReputationRecordError) { return try decoder.read(record.value) } catch { return nil }
  }
}
