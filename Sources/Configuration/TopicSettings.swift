// The topics of a line: their names, sizes and properties.

/// What a topic is for; the raw value is its key under `topics`.
public enum LineTopic: String, CaseIterable, Sendable, Hashable {
  case events, rollups, candidates, attacks, checkpoints, reputation
  case aggregatorState = "aggregator_state"
  case zoneState = "zone_state"
  case campaignState = "campaign_state"
  case deadLetters = "dead_letters"

  /// State: only the last record of each key is kept.
  public var isCompacted: Bool {
    switch self {
    case .checkpoints, .reputation, .aggregatorState, .zoneState, .campaignState: true
    case .events, .rollups, .candidates, .attacks, .deadLetters: false
    }
  }

  /// The topic whose partitions this one's state is of: it has as many.
  public var followed: LineTopic? {
    switch self {
    case .aggregatorState: .events
    case .zoneState: .rollups
    case .campaignState: .candidates
    default: nil
    }
  }

  /// Part of the topic's name after the prefix: `aggregator-state`.
  public var suffix: String { String(rawValue.map { $0 == "_" ? "-" : $0 }) }
}

/// One topic, as a pipeline names it.
public struct TopicSettings: Sendable {
  public var topic: LineTopic
  /// Whole name, with the prefix.
  public var name: String
  /// At least 1.
  public var partitions: Int
  /// nil: the brokers' own default.
  public var replication: Int?
  /// Properties to make the topic with, Kafka's names; the pipeline's own come last and win.
  public var properties: [SettingProperty]
}

extension Settings {
  public func topic(_ topic: LineTopic) -> TopicSettings {
    let key = "topics.\(topic.rawValue)"
    let named = text("\(key).name")
    let prefix = text("kafka.topic_prefix")
    var partitions = integer("\(key).partitions")
    if partitions == 0 {
      partitions = topic.followed.map { self.topic($0).partitions } ?? (topic == .events ? integer("partitions") : 1)
    }
    let replication = integer("\(key).replication")
    let retention = duration("\(key).retention")
    var properties: [SettingProperty] = []
    if topic.isCompacted {
      properties.append(SettingProperty("cleanup.policy", retention == 0 ? "compact" : "compact,delete"))
      // The newest segment is never compacted: small ones keep what a restart reads again short.
      properties.append(SettingProperty("segment.ms", "600000"))
    } else {
      properties.append(SettingProperty("cleanup.policy", "delete"))
    }
    properties.append(SettingProperty("retention.ms", retention == 0 ? "-1" : String(retention / 1_000_000)))
    // A record batch has a header of its own.
    properties.append(SettingProperty("max.message.bytes", String(bytes("kafka.max_record") + (64 << 10))))
    for property in self.properties("\(key).properties") {
      properties.removeAll { $0.name == property.name }
      properties.append(property)
    }
    return TopicSettings(
      topic: topic, name: named.isEmpty ? (prefix.isEmpty ? topic.suffix : "\(prefix).\(topic.suffix)") : named,
      partitions: partitions, replication: replication == 0 ? nil : replication, properties: properties)
  }

  /// All topics of the line.
  public var topics: [TopicSettings] { LineTopic.allCases.map(topic) }
}
