// What went wrong with Kafka, and what can be done about it.

import CRdKafka

/// An error of librdkafka or of a broker: its code, and the one question that a program has, `kind`.
public struct KafkaError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What to do about it.
  public enum Kind: String, Sendable {
    /// The same call may be made again.
    case retriable
    /// The transaction must be aborted; then the producer may go on with a new one.
    case abortable
    /// This client is of no more use: close it, and start anew.
    case fatal
    /// Fatal, because another client with the same transactional or instance id took over. What it did stands.
    case fenced
    /// A setting that librdkafka does not take.
    case config
    /// Not an error: the end of a partition.
    case endOfPartition
    /// The producer holds as much as it may: poll, then produce again.
    case queueFull
    /// Who connects is not believed, or may not do this.
    case denied
    /// The topic, partition or group does not exist.
    case unknown
    /// The record is larger than the client or the broker takes.
    case tooLarge
    /// The offset to read from is not there: deleted by retention, or past the end.
    case outOfRange
    /// Anything else. The call did nothing and would do nothing again.
    case other
  }

  /// librdkafka's code: negative from the client, positive from a broker.
  public let code: Int32
  /// Its name, as in `_TIMED_OUT` or `UNKNOWN_TOPIC_OR_PART`.
  public let name: String
  /// What happened, in a sentence. For people and logs.
  public let text: String
  public let kind: Kind

  public init(code: Int32, name: String, text: String, kind: Kind) {
    self.code = code
    self.name = name
    self.text = text
    self.kind = kind
  }

  public var isRetriable: Bool { kind == .retriable }
  public var isAbortable: Bool { kind == .abortable }
  /// Whether the client must be closed. True for `.fenced` as well.
  public var isFatal: Bool { kind == .fatal || kind == .fenced }

  public var description: String { "\(text) (\(name))" }
}

extension KafkaError {
  /// From a bare code: the kind is told by the code alone.
  init(_ code: rd_kafka_resp_err_t, _ text: String? = nil, isFatal: Bool = false) {
    self.init(
      code: code.rawValue, name: String(cString: rd_kafka_err2name(code)),
      text: text ?? String(cString: rd_kafka_err2str(code)),
      kind: Self.kind(of: code, isFatal: isFatal))
  }

  /// From an error object, which is destroyed.
  init(consuming error: OpaquePointer) {
    defer { rd_kafka_error_destroy(error) }
    self.init(copying: error)
  }

  init(copying error: OpaquePointer) {
    let code = rd_kafka_error_code(error)
    // What librdkafka says of this error stands above what its code alone would mean.
    let kind: Kind =
      if rd_kafka_error_is_fatal(error) != 0 {
        Self.kind(of: code, isFatal: true)
      } else if rd_kafka_error_txn_requires_abort(error) != 0 {
        .abortable
      } else if rd_kafka_error_is_retriable(error) != 0 {
        .retriable
      } else {
        Self.kind(of: code, isFatal: false)
      }
    self.init(
      code: code.rawValue, name: String(cString: rd_kafka_err2name(code)),
      text: String(cString: rd_kafka_error_string(error)), kind: kind)
  }

  static func config(_ text: String) -> KafkaError {
    KafkaError(code: RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue, name: "_INVALID_ARG", text: text, kind: .config)
  }

  static func state(_ text: String) -> KafkaError {
    KafkaError(code: RD_KAFKA_RESP_ERR__STATE.rawValue, name: "_STATE", text: text, kind: .other)
  }

  /// Throws what `code` says, unless it says that all is well.
  static func check(_ code: rd_kafka_resp_err_t) throws(KafkaError) {
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code) }
  }

  /// Throws `error`, unless there is none.
  static func check(_ error: OpaquePointer?) throws(KafkaError) {
    if let error { throw KafkaError(consuming: error) }
  }

  private static func kind(of code: rd_kafka_resp_err_t, isFatal: Bool) -> Kind {
    switch code {
    case RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
      RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
      return .fenced
    case _ where isFatal: return .fatal
    case RD_KAFKA_RESP_ERR__FATAL: return .fatal
    case RD_KAFKA_RESP_ERR__PARTITION_EOF: return .endOfPartition
    case RD_KAFKA_RESP_ERR__QUEUE_FULL: return .queueFull
    case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, RD_KAFKA_RESP_ERR__SSL,
      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
      return .denied
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR__UNKNOWN_GROUP,
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND:
      return .unknown
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
      RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
      return .tooLarge
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: return .outOfRange
    case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
      RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
      RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__WAIT_CACHE, RD_KAFKA_RESP_ERR__RETRY,
      RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS, RD_KAFKA_RESP_ERR__INTR,
      RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
      RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
      RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
      RD_KAFKA_RESP_ERR_NOT_CONTROLLER, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
      RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
      RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED:
      return .retriable
    default: return .other
    }
  }
}
