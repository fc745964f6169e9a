// One client of librdkafka: made from settings, destroyed when the last who holds it lets go. All callbacks arrive here.
//
// librdkafka calls back on the thread that polls, except for the log, which comes from its own threads. So everything
// in `Inbox` belongs to the polling thread, but `log`, which is constant and Sendable.

import CRdKafka

/// What callbacks leave for the thread that polls.
final class Inbox {
  enum Rebalance {
    case assigned([TopicOffset])
    case revoked([TopicPartition], isLost: Bool)
  }

  let log: KafkaLogHandler?
  var rebalances: [Rebalance] = []
  /// Partitions are given back at once, for nobody polls any more.
  var isClosing = false
  /// The last few errors that concern no record: brokers away, a name refused.
  var errors: [KafkaError] = []
  var fatal: KafkaError?
  var statistics: KafkaStatistics?
  var deliveries = KafkaProducer.Deliveries()

  init(log: KafkaLogHandler?) { self.log = log }

  static func of(_ opaque: UnsafeMutableRawPointer?) -> Inbox? {
    opaque.map { Unmanaged<Inbox>.fromOpaque($0).takeUnretainedValue() }
  }

  func took(_ error: KafkaError) {
    if error.isFatal { fatal = error }
    if errors.count == 16 { errors.removeFirst() }
    errors.append(error)
  }
}

/// Owner of a `rd_kafka_t`. Record batches hold it too, so that no record outlives its client.
final class KafkaHandle {
  let rk: OpaquePointer
  let inbox: Inbox
  /// It is joining a group and was given no partitions yet, not even none: librdkafka 2.0 fails an assertion where such a
  /// client is destroyed (docs/workarounds.md).
  var isJoining = false

  init(_ role: KafkaSettings.Role, _ settings: KafkaSettings) throws(KafkaError) {
    inbox = Inbox(log: settings.log)
    let configuration = try settings.configuration(role)
    rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(inbox).toOpaque())
    rd_kafka_conf_set_log_cb(configuration, takeLog)
    rd_kafka_conf_set_error_cb(configuration, takeError)
    rd_kafka_conf_set_stats_cb(configuration, takeStatistics)
    switch role {
    case .producer: rd_kafka_conf_set_dr_msg_cb(configuration, takeDelivery)
    case .consumer: rd_kafka_conf_set_rebalance_cb(configuration, takeRebalance)
    case .admin: break
    }
    let type = role == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
    let (made, text) = withText { rd_kafka_new(type, configuration, $0, $1) }
    guard let made else {
      // Taken over only where it succeeds.
      rd_kafka_conf_destroy(configuration)
      throw .config(text)
    }
    rk = made
  }

  deinit {
    inbox.isClosing = true
    if isJoining {
      _ = Unmanaged.passRetained(inbox)
      return
    }
    // Callbacks reach the inbox until this returns.
    withExtendedLifetime(inbox) { rd_kafka_destroy(rk) }
  }

  /// The error that ended this client, if one has.
  var fatalError: KafkaError? {
    var code = RD_KAFKA_RESP_ERR_NO_ERROR
    let (_, text) = withText { code = rd_kafka_fatal_error(rk, $0, $1) }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code, text, isFatal: true)
  }
}

extension KafkaSettings {
  /// Whether librdkafka takes these settings for a client of this sort: names, values, files of keys. No broker is asked.
  public func check(_ role: Role) throws(KafkaError) { _ = try KafkaHandle(role, self) }

  /// A configuration that the caller owns.
  func configuration(_ role: Role) throws(KafkaError) -> OpaquePointer {
    guard let configuration = rd_kafka_conf_new() else { throw .config("out of memory") }
    for (name, value) in effective(role) {
      let (result, text) = withText { rd_kafka_conf_set(configuration, name, value, $0, $1) }
      guard result == RD_KAFKA_CONF_OK else {
        rd_kafka_conf_destroy(configuration)
        throw .config(Self.isSecret(name) ? "'\(name)' is not taken" : text)
      }
    }
    return configuration
  }
}

/// Runs `body` with room for a message of librdkafka's, and returns what it wrote there.
func withText<R>(_ body: (UnsafeMutablePointer<CChar>, Int) -> R) -> (R, String) {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { room in
    room.initialize(repeating: 0)
    let result = body(room.baseAddress!, room.count)
    return (result, String(cString: room.baseAddress!))
  }
}

// MARK: Callbacks

private func takeLog(
  _ rk: OpaquePointer?, _ level: Int32, _ facility: UnsafePointer<CChar>?, _ text: UnsafePointer<CChar>?
) {
  guard let rk, let log = Inbox.of(rd_kafka_opaque(rk))?.log else { return }
  log(
    KafkaLog(
      level: Int(level), facility: facility.map { String(cString: $0) } ?? "",
      text: text.map { String(cString: $0) } ?? ""))
}

private func takeError(
  _ rk: OpaquePointer?, _ code: Int32, _ reason: UnsafePointer<CChar>?, _ opaque: UnsafeMutableRawPointer?
) {
  guard let rk, let inbox = Inbox.of(opaque) else { return }
  var error = rd_kafka_resp_err_t(rawValue: code)
  if error == RD_KAFKA_RESP_ERR__FATAL {
    let (_, text) = withText { error = rd_kafka_fatal_error(rk, $0, $1) }
    inbox.took(KafkaError(error, text, isFatal: true))
  } else {
    inbox.took(KafkaError(error, reason.map { String(cString: $0) }))
  }
}

private func takeStatistics(
  _ rk: OpaquePointer?, _ json: UnsafeMutablePointer<CChar>?, _ length: Int, _ opaque: UnsafeMutableRawPointer?
) -> Int32 {
  guard let json, let inbox = Inbox.of(opaque) else { return 0 }
  let bytes = UnsafeRawBufferPointer(start: json, count: length)
  if let read = KafkaStatistics(json: bytes.bytes) { inbox.statistics = read }
  return 0  // librdkafka frees the text
}

private func takeDelivery(
  _ rk: OpaquePointer?, _ message: UnsafePointer<rd_kafka_message_t>?, _ opaque: UnsafeMutableRawPointer?
) {
  guard let message, let inbox = Inbox.of(opaque) else { return }
  let size = message.pointee.len &+ message.pointee.key_len
  if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
    inbox.deliveries.delivered &+= 1
    inbox.deliveries.deliveredBytes &+= size
  } else {
    inbox.deliveries.failed &+= 1
    if inbox.deliveries.firstError == nil { inbox.deliveries.firstError = KafkaError(message.pointee.err) }
  }
}

private func takeRebalance(
  _ rk: OpaquePointer?, _ code: rd_kafka_resp_err_t, _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
  _ opaque: UnsafeMutableRawPointer?
) {
  guard let rk, let inbox = Inbox.of(opaque) else { return }
  let partitions = PartitionList.read(list)
  switch code {
  case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS where !inbox.isClosing:
    inbox.rebalances.append(.assigned(partitions))
  case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS where !inbox.isClosing:
    inbox.rebalances.append(.revoked(partitions.map(\.at), isLost: rd_kafka_assignment_lost(rk) != 0))
  case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
    if isCooperative(rk) {
      if let error = rd_kafka_incremental_unassign(rk, list) { rd_kafka_error_destroy(error) }
    } else {
      rd_kafka_assign(rk, nil)
    }
  default:
    rd_kafka_assign(rk, nil)
    return
  }
  // The poll ends here, so that records and rebalances are handed over in their order.
  rd_kafka_yield(rk)
}

/// Whether the group moves partitions one by one rather than all at once.
func isCooperative(_ rk: OpaquePointer) -> Bool {
  guard let name = rd_kafka_rebalance_protocol(rk) else { return false }
  return String(cString: name) == "COOPERATIVE"
}
