// Topics: made, described, and held against what a pipeline wants.

import CRdKafka

/// A topic as a pipeline wants it.
public struct TopicSpecification: Sendable, Equatable {
  public var name: String
  public var partitions: Int
  /// Copies of each partition; -1: as the broker says.
  public var replication: Int
  /// Topic configuration by name: `cleanup.policy`, `retention.ms`, `max.message.bytes`, ...
  public var configuration: [String: String]

  public init(_ name: String, partitions: Int, replication: Int = -1, configuration: [String: String] = [:]) {
    self.name = name
    self.partitions = partitions
    self.replication = replication
    self.configuration = configuration
  }
}

/// A topic as it is.
public struct TopicDescription: Sendable, Equatable {
  public var name: String
  public var partitions: Int
  /// Copies of partition 0.
  public var replication: Int
  /// Every configuration entry, defaults included.
  public var configuration: [String: String]
}

/// What `ensure` found or did, one for each topic.
public struct TopicOutcome: Sendable, Equatable {
  public enum Change: Sendable, Equatable {
    case none
    case created
    /// Partitions were added: how many there were, how many there are.
    case grown(from: Int, to: Int)
  }
  public var name: String
  public var change: Change
  /// What is not as wanted and was left so, in a sentence each: 'cleanup.policy is delete, not compact'.
  public var differences: [String]
}

/// Administration of a cluster. Each call waits for its answer.
public final class KafkaAdmin {
  private let handle: KafkaHandle
  private let queue: OpaquePointer
  private let settings: KafkaSettings
  /// Readers by the name of the group whose offsets they ask for.
  private var readers: [String: KafkaConsumer] = [:]
  public var milliseconds: Int

  private var rk: OpaquePointer { handle.rk }

  /// `milliseconds`: how long each call waits at most.
  public init(_ settings: KafkaSettings, milliseconds: Int = 30_000) throws(KafkaError) {
    handle = try KafkaHandle(.admin, settings)
    queue = rd_kafka_queue_new(handle.rk)
    self.milliseconds = milliseconds
    self.settings = settings
  }

  deinit {
    for reader in readers.values { reader.close() }
    withExtendedLifetime(handle) { rd_kafka_queue_destroy(queue) }
  }

  // MARK: Offsets and groups

  /// Returns once any broker has answered.
  public func ping(milliseconds: Int = 1_000) throws(KafkaError) {
    var metadata: UnsafePointer<rd_kafka_metadata>?
    // Of the topics that this client uses, which are none: the brokers alone.
    try KafkaError.check(rd_kafka_metadata(rk, 0, nil, &metadata, Int32(clamping: milliseconds)))
    rd_kafka_metadata_destroy(metadata)
  }

  /// Every topic of the cluster with the number of its partitions.
  public func topics() throws(KafkaError) -> [String: Int] { try partitionCounts(rk, milliseconds) }

  /// The partitions of a topic, in order; none where it does not exist.
  public func partitions(of topic: String) throws(KafkaError) -> [TopicPartition] {
    try (0..<(topics()[topic] ?? 0)).map { TopicPartition(topic, Int32($0)) }
  }

  /// The offset after the last record of each partition, as a reader of uncommitted records sees it: what draining reads
  /// up to.
  public func endOffsets(_ partitions: [TopicPartition]) throws(KafkaError) -> [TopicPartition: Int64] {
    try offsetsForTimes(rk, partitions, -1, milliseconds)
  }

  /// The offset of the first record that is still there, by partition.
  public func beginningOffsets(_ partitions: [TopicPartition]) throws(KafkaError) -> [TopicPartition: Int64] {
    try offsetsForTimes(rk, partitions, -2, milliseconds)
  }

  /// The offsets that a group has committed, of those of the partitions that have one. `.retriable` while a transaction with
  /// offsets is open.
  ///
  /// Asked by a reader of the group's name that joins nothing: librdkafka 2.0 crashes in its administration's own question
  /// where the group's coordinator answers with an error, as while it is loading.
  public func committed(
    group: String, of partitions: [TopicPartition]
  ) throws(KafkaError) -> [TopicPartition: TopicOffset] {
    if partitions.isEmpty { return [:] }
    if readers[group] == nil {
      var settings = settings
      settings.groupID = group
      readers[group] = try KafkaConsumer(settings)
    }
    return try readers[group]?.committed(partitions, milliseconds: milliseconds) ?? [:]
  }

  // MARK: Topics

  /// Creates topics; throws the first error, as where one exists already (TOPIC_ALREADY_EXISTS).
  public func create(_ topics: [TopicSpecification]) throws(KafkaError) {
    if topics.isEmpty { return }
    var requests: [OpaquePointer?] = []
    defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
    for topic in topics {
      let (request, text) = withText {
        rd_kafka_NewTopic_new(
          topic.name, Int32(clamping: topic.partitions), Int32(clamping: topic.replication), $0, $1)
      }
      guard let request else { throw .config("topic '\(topic.name)': \(text)") }
      requests.append(request)
      for (name, value) in topic.configuration.sorted(by: { $0.key < $1.key }) {
        try KafkaError.check(rd_kafka_NewTopic_set_config(request, name, value))
      }
    }
    let event = try ask(RD_KAFKA_ADMIN_OP_CREATETOPICS) {
      rd_kafka_CreateTopics(self.rk, &requests, requests.count, $0, self.queue)
    }
    defer { rd_kafka_event_destroy(event) }
    var count = 0
    try checkTopics(rd_kafka_CreateTopics_result_topics(event, &count), count)
  }

  /// Deletes topics with all they hold.
  public func delete(_ topics: [String]) throws(KafkaError) {
    if topics.isEmpty { return }
    var requests: [OpaquePointer?] = topics.map { rd_kafka_DeleteTopic_new($0) }
    defer { for request in requests { rd_kafka_DeleteTopic_destroy(request) } }
    let event = try ask(RD_KAFKA_ADMIN_OP_DELETETOPICS) {
      rd_kafka_DeleteTopics(self.rk, &requests, requests.count, $0, self.queue)
    }
    defer { rd_kafka_event_destroy(event) }
    var count = 0
    try checkTopics(rd_kafka_DeleteTopics_result_topics(event, &count), count)
  }

  /// Adds partitions to a topic until it has `total`.
  public func createPartitions(_ topic: String, total: Int) throws(KafkaError) {
    let (made, text) = withText { rd_kafka_NewPartitions_new(topic, max(total, 0), $0, $1) }
    guard let made else { throw .config("topic '\(topic)': \(text)") }
    var request: OpaquePointer? = made
    defer { rd_kafka_NewPartitions_destroy(made) }
    let event = try ask(RD_KAFKA_ADMIN_OP_CREATEPARTITIONS) {
      rd_kafka_CreatePartitions(self.rk, &request, 1, $0, self.queue)
    }
    defer { rd_kafka_event_destroy(event) }
    var count = 0
    try checkTopics(rd_kafka_CreatePartitions_result_topics(event, &count), count)
  }

  /// The topics of these names that exist.
  public func describe(_ names: [String]) throws(KafkaError) -> [String: TopicDescription] {
    var all: [String: TopicDescription] = [:]
    for topic in try layouts() where names.contains(topic.name) { all[topic.name] = topic }
    if all.isEmpty { return all }
    var requests: [OpaquePointer?] = all.keys.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
    defer { for request in requests { rd_kafka_ConfigResource_destroy(request) } }
    let event = try ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS) {
      rd_kafka_DescribeConfigs(self.rk, &requests, requests.count, $0, self.queue)
    }
    defer { rd_kafka_event_destroy(event) }
    var count = 0
    let resources = rd_kafka_DescribeConfigs_result_resources(event, &count)
    for i in 0..<count {
      guard let resource = resources?[i], let name = rd_kafka_ConfigResource_name(resource) else { continue }
      let error = rd_kafka_ConfigResource_error(resource)
      // Another broker answers than that which told of the topic, and has not heard of it yet.
      if error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART {
        all[String(cString: name)] = nil
        continue
      }
      guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
        throw KafkaError(error, rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) })
      }
      var entries = 0
      let configs = rd_kafka_ConfigResource_configs(resource, &entries)
      for j in 0..<entries {
        guard let entry = configs?[j], let key = rd_kafka_ConfigEntry_name(entry) else { continue }
        all[String(cString: name)]?.configuration[String(cString: key)] =
          rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) } ?? ""
      }
    }
    return all
  }

  /// Makes what is missing and says what differs. Safe to call by many at once, and again.
  ///
  /// A topic with fewer partitions than wanted gets them only where `mayGrow` says so; nothing else of a topic that
  /// exists is ever changed.
  public func ensure(
    _ wanted: [TopicSpecification], mayGrow: (String) -> Bool = { _ in false }
  ) throws(KafkaError) -> [TopicOutcome] {
    var there = try describe(wanted.map(\.name))
    var created: Set<String> = []
    for topic in wanted where there[topic.name] == nil {
      do throws(KafkaError) {
        try create([topic])
        created.insert(topic.name)
      } catch  where error.code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS.rawValue {
        // Another was faster: what it made is looked at below.
      }
    }
    try awaitTopics(wanted.map { ($0.name, 1) })
    there = try describe(wanted.map(\.name))
    // Another broker may answer than before, and know less.
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while wanted.contains(where: { there[$0.name] == nil }), ContinuousClock.now < deadline {
      rd_kafka_poll(rk, 50)
      there = try describe(wanted.map(\.name))
    }
    var outcomes: [TopicOutcome] = []
    for topic in wanted {
      var outcome = TopicOutcome(
        name: topic.name, change: created.contains(topic.name) ? .created : .none, differences: [])
      guard let found = there[topic.name] else {
        // Of those that pass: brokers that are slow tell each other of it later.
        throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "topic '\(topic.name)' was made and is not there")
      }
      var partitions = found.partitions
      if partitions < topic.partitions, mayGrow(topic.name) {
        try createPartitions(topic.name, total: topic.partitions)
        try awaitTopics([(topic.name, topic.partitions)])
        outcome.change = .grown(from: partitions, to: topic.partitions)
        partitions = topic.partitions
      }
      if partitions != topic.partitions {
        outcome.differences.append("it has \(partitions) partitions, not \(topic.partitions)")
      }
      if topic.replication > 0, found.replication != topic.replication {
        outcome.differences.append("its replication is \(found.replication), not \(topic.replication)")
      }
      for (name, value) in topic.configuration.sorted(by: { $0.key < $1.key }) {
        let is_ = found.configuration[name]
        if is_ != value { outcome.differences.append("\(name) is \(is_ ?? "not known"), not \(value)") }
      }
      outcomes.append(outcome)
    }
    return outcomes
  }

  /// Waits until the metadata shows these topics with at least so many partitions, each with a leader: a new one takes a
  /// moment.
  public func awaitTopics(_ topics: [(name: String, partitions: Int)]) throws(KafkaError) {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while true {
      let there = try layouts(withLeaders: true)
      let missing = topics.first { topic in
        !there.contains { $0.name == topic.name && $0.partitions >= topic.partitions }
      }
      guard let missing else { return }
      guard ContinuousClock.now < deadline else {
        throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "topic '\(missing.name)' is not there yet with its leaders")
      }
      rd_kafka_poll(rk, 20)
    }
  }

  // MARK: Asking

  private func layouts(withLeaders: Bool = false) throws(KafkaError) -> [TopicDescription] {
    var metadata: UnsafePointer<rd_kafka_metadata>?
    try KafkaError.check(rd_kafka_metadata(rk, 1, nil, &metadata, Int32(clamping: milliseconds)))
    guard let metadata else { return [] }
    defer { rd_kafka_metadata_destroy(metadata) }
    return (0..<Int(metadata.pointee.topic_cnt)).compactMap { i in
      let topic = metadata.pointee.topics[i]
      guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, topic.partition_cnt > 0, let name = topic.topic else { return nil }
      if withLeaders, (0..<Int(topic.partition_cnt)).contains(where: { topic.partitions[$0].leader < 0 }) { return nil }
      return TopicDescription(
        name: String(cString: name), partitions: Int(topic.partition_cnt),
        replication: Int(topic.partitions[0].replica_cnt), configuration: [:])
    }
  }

  /// Sends a request and waits for its result, which the caller destroys.
  private func ask(
    _ operation: rd_kafka_admin_op_t, _ send: (OpaquePointer?) -> Void
  ) throws(KafkaError) -> OpaquePointer {
    let options = rd_kafka_AdminOptions_new(rk, operation)
    defer { rd_kafka_AdminOptions_destroy(options) }
    let (result, text) = withText {
      rd_kafka_AdminOptions_set_request_timeout(options, Int32(clamping: milliseconds), $0, $1)
    }
    guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(result, text) }
    send(options)
    guard let event = rd_kafka_queue_poll(queue, Int32(clamping: milliseconds &+ 1000)) else {
      throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT)
    }
    let error = rd_kafka_event_error(event)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
      let text = rd_kafka_event_error_string(event).map { String(cString: $0) }
      rd_kafka_event_destroy(event)
      throw KafkaError(error, text)
    }
    return event
  }

  private func checkTopics(_ results: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int) throws(KafkaError) {
    for i in 0..<count {
      guard let result = results?[i] else { continue }
      let error = rd_kafka_topic_result_error(result)
      guard error != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
      let name = rd_kafka_topic_result_name(result).map { String(cString: $0) } ?? ""
      let text = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
      throw KafkaError(error, "topic '\(name)': \(text ?? String(cString: rd_kafka_err2str(error)))")
    }
  }
}
