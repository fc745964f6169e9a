// librdkafka's own mock of a cluster answers with the errors that a test pushes.

import CRdKafka
import Testing

@testable import Kafka

/// Numbers of requests in Kafka's protocol.
private enum Request: Int16 {
  case produce = 0
  case initProducerID = 22
  case addPartitions = 24
  case endTransaction = 26
}

struct InjectedErrorTests {
  private func producer(_ properties: [(String, String)] = []) throws -> KafkaProducer {
    var settings = KafkaSettings(bootstrap: "")
    settings.transactionalID = "id"
    settings.properties = [("test.mock.num.brokers", "3"), ("retry.backoff.ms", "10")] + properties
    return try KafkaProducer(settings)
  }

  private func push(_ producer: KafkaProducer, _ request: Request, _ errors: rd_kafka_resp_err_t...) {
    rd_kafka_mock_push_request_errors_array(
      rd_kafka_handle_mock_cluster(producer.handle.rk), request.rawValue, errors.count, errors)
  }

  private func transaction(_ producer: KafkaProducer) throws {
    try producer.begin()
    try producer.produce("topic", partition: 0, key: nil, value: [1])
    try producer.commit()
  }

  @Test func whatPassesByItselfIsNotSeen() throws {
    let producer = try producer()
    push(producer, .initProducerID, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR)
    try producer.initTransactions()
    push(producer, .produce, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS)
    push(producer, .addPartitions, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS)
    push(producer, .endTransaction, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE)
    try transaction(producer)
    #expect(producer.deliveries.delivered == 1)
    #expect(producer.deliveries.failed == 0)
  }

  @Test func whatEndsATransactionIsAbortableAndTheNextOneCommits() throws {
    let producer = try producer()
    try producer.initTransactions()
    push(producer, .addPartitions, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
    let error = #expect(throws: KafkaError.self) { try transaction(producer) }
    #expect(error?.kind == .abortable)
    #expect(producer.fatalError == nil)
    try producer.abort()
    try transaction(producer)
  }

  @Test(arguments: [
    (RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, KafkaError.Kind.fenced),
    (RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, .fatal),
    (RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, .fatal),
  ])
  func whatEndsAProducerStaysItsError(code: rd_kafka_resp_err_t, kind: KafkaError.Kind) throws {
    let producer = try producer()
    try producer.initTransactions()
    try producer.begin()
    try producer.produce("topic", partition: 0, key: nil, value: [1])
    try producer.flush(milliseconds: 60_000)
    push(producer, .endTransaction, code)
    let error = #expect(throws: KafkaError.self) { try producer.commit() }
    #expect(error?.kind == kind)
    #expect(error?.isFatal == true)
    let again = #expect(throws: KafkaError.self) { try producer.begin() }
    #expect(again?.isFatal == true)
    #expect(producer.fatalError?.kind == kind)
  }

  @Test func aCoordinatorThatIsAwayIsRetriableUntilTheTimeIsUp() throws {
    let producer = try producer()
    let cluster = rd_kafka_handle_mock_cluster(producer.handle.rk)
    rd_kafka_mock_coordinator_set(cluster, "transaction", "id", 1)
    try producer.initTransactions()
    try producer.begin()
    try producer.produce("topic", partition: 0, key: nil, value: [1])
    try producer.flush(milliseconds: 60_000)
    rd_kafka_mock_broker_set_down(cluster, 1)
    let error = #expect(throws: KafkaError.self) { try producer.commit(milliseconds: 500) }
    #expect(error?.kind == .retriable)
    rd_kafka_mock_broker_set_up(cluster, 1)
    try producer.commit()
  }

  @Test func aFullQueueIsToldOrWaitedFor() throws {
    let limit: [(String, String)] = [
      ("queue.buffering.max.kbytes", "1024"), ("message.max.bytes", "700000"), ("batch.size", "700000"),
    ]
    let producer = try producer(limit)
    try producer.initTransactions()
    try producer.begin()
    let cluster = rd_kafka_handle_mock_cluster(producer.handle.rk)
    // Nothing leaves the queue while they are away, however long this takes.
    for broker in 1...3 { rd_kafka_mock_broker_set_down(cluster, Int32(broker)) }
    let large = [UInt8](repeating: 7, count: 600_000)
    try producer.produce("topic", partition: 0, key: nil, value: large)
    let error = #expect(throws: KafkaError.self) {
      try producer.produce("topic", partition: 0, key: nil, value: large)
    }
    #expect(error?.kind == .queueFull)
    for broker in 1...3 { rd_kafka_mock_broker_set_up(cluster, Int32(broker)) }
    try producer.produce("topic", partition: 0, key: nil, value: large, wait: 60_000)
    try producer.commit()
    #expect(producer.deliveries.delivered == 2)
    #expect(producer.deliveries.deliveredBytes == 1_200_000)
    #expect(producer.pending == 0)
  }

  @Test func whatIsPurgedIsGoneAndCounted() throws {
    var settings = KafkaSettings(bootstrap: "127.0.0.1:1")
    settings.properties = [("enable.idempotence", "false")]
    let producer = try KafkaProducer(settings)
    for _ in 0..<3 { try producer.produce("topic", partition: 0, key: nil, value: [1]) }
    #expect(producer.pending == 3)
    let error = #expect(throws: KafkaError.self) { try producer.flush(milliseconds: 50) }
    #expect(error?.isRetriable == true)
    try producer.purge()
    #expect(producer.pending == 0)
    #expect(producer.deliveries.failed == 3)
    #expect(producer.takeDeliveryError() == nil)
  }
}
