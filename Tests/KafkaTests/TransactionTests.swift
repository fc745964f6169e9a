import Kafka
import KafkaTestSupport
import Testing

@Suite(.enabled(if: TestKafka.isWanted))
struct TransactionTests {
  private func producer(_ kafka: TestKafka, _ id: String) throws -> KafkaProducer {
    // No broker shall end one of its own accord while a test is slow.
    var settings = kafka.settings([("producer.transaction.timeout.ms", "300000")])
    settings.transactionalID = id
    let producer = try KafkaProducer(settings)
    try producer.initTransactions()
    return producer
  }

  @Test func readersOfCommittedRecordsSeeACommittedTransactionAndNotAnAbortedOne() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("transactions", partitions: 2)
    let producer = try producer(kafka, kafka.name("id"))
    try producer.begin()
    try producer.produce(topic, partition: 0, key: nil, value: Array("kept".utf8))
    try producer.produce(topic, partition: 1, key: nil, value: Array("kept too".utf8))
    try producer.commit()
    try producer.begin()
    try producer.produce(topic, partition: 0, key: nil, value: Array("dropped".utf8))
    try producer.flush(milliseconds: 60_000)
    try producer.abort()
    try producer.begin()
    try producer.produce(topic, partition: 0, key: nil, value: Array("last".utf8))
    try producer.commit()
    let seen = try kafka.read(topic)
    #expect(seen.filter { $0.partition == 0 }.map(\.text) == ["kept", "last"])
    #expect(seen.filter { $0.partition == 1 }.map(\.text) == ["kept too"])
    let all = try kafka.read(topic, committed: false)
    #expect(all.filter { $0.partition == 0 }.map(\.text) == ["kept", "dropped", "last"])
  }

  @Test func aTransactionWithNothingInItCommits() throws {
    let kafka = try TestKafka.one()
    let producer = try producer(kafka, kafka.name("id"))
    try producer.begin()
    try producer.commit()
    try producer.begin()
    try producer.abort()
  }

  @Test func whoTakesOverATransactionalIDFencesWhoHadItAndEndsItsTransaction() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("fenced")
    let id = kafka.name("id")
    let first = try producer(kafka, id)
    try first.begin()
    try first.produce(topic, partition: 0, key: nil, value: Array("of the first".utf8))
    try first.flush(milliseconds: 60_000)
    let second = try producer(kafka, id)
    try second.begin()
    try second.produce(topic, partition: 0, key: nil, value: Array("of the second".utf8))
    try second.commit()
    let error = #expect(throws: KafkaError.self) {
      try first.produce(topic, partition: 0, key: nil, value: Array("too late".utf8))
      try first.commit()
    }
    #expect(error?.kind == .fenced)
    #expect(error?.isFatal == true)
    #expect(first.fatalError?.kind == .fenced)
    #expect(try kafka.read(topic).map(\.text) == ["of the second"])
  }

  @Test func offsetsAreCommittedWithTheRecordsOrNotAtAll() throws {
    let kafka = try TestKafka.one()
    let input = try kafka.topic("in")
    let output = try kafka.topic("out")
    let plain = try KafkaProducer(kafka.settings())
    for i in 0..<4 { try plain.produce(input, partition: 0, key: nil, value: Array("\(i)".utf8)) }
    try plain.flush(milliseconds: 60_000)
    var settings = kafka.settings()
    settings.groupID = kafka.name("group")
    let consumer = try KafkaConsumer(settings)
    try consumer.subscribe([input])
    let at = TopicPartition(input, 0)
    #expect(try settle(consumer) == [at])
    #expect(try consumer.committed([at]).isEmpty)
    let producer = try producer(kafka, kafka.name("id"))
    try producer.begin()
    try producer.produce(output, partition: 0, key: nil, value: Array("a".utf8))
    try producer.sendOffsets([TopicOffset(at, 3)], consumer: consumer)
    try producer.abort()
    #expect(try consumer.committed([at]).isEmpty)
    try producer.begin()
    try producer.produce(output, partition: 0, key: nil, value: Array("b".utf8))
    try producer.sendOffsets([TopicOffset(at, 2, metadata: "to here")], consumer: consumer)
    try producer.commit()
    #expect(try consumer.committed([at]) == [at: TopicOffset(at, 2, metadata: "to here")])
    #expect(
      try KafkaAdmin(settings).committed(group: settings.groupID!, of: [at, TopicPartition(output, 0)]) == [
        at: TopicOffset(at, 2, metadata: "to here")
      ])
    #expect(try kafka.read(output).map(\.text) == ["b"])
    // The next owner goes on from there.
    consumer.close()
    let next = try KafkaConsumer(settings)
    try next.subscribe([input])
    var texts: [String] = []
    let isRead = try poll(until: { texts.count >= 2 }, next) { texts += $0.map(\.text) }
    #expect(isRead)
    #expect(texts == ["2", "3"])
  }

  @Test func offsetsOfAMemberThatTheGroupLeftBehindAreRefused() throws {
    let kafka = try TestKafka.one()
    guard kafka.isReal else { return TestKafka.leftOut("stale members", "the stand-in believes them") }
    let input = try kafka.topic("in", partitions: 2)
    var settings = kafka.settings()
    settings.groupID = kafka.name("group")
    let first = try KafkaConsumer(settings)
    try first.subscribe([input])
    _ = try settle(first)
    guard let stale = first.groupMetadata() else { throw Unsettled() }
    first.close()
    let second = try KafkaConsumer(settings)
    try second.subscribe([input])
    _ = try settle(second)
    let producer = try producer(kafka, kafka.name("id"))
    try producer.begin()
    let error = #expect(throws: KafkaError.self) {
      try producer.sendOffsets([TopicOffset(input, 0, 1)], group: stale)
      try producer.commit()
    }
    #expect(error?.kind == .abortable)
    try producer.abort()
    try producer.begin()
    try producer.sendOffsets([TopicOffset(input, 0, 1)], consumer: second)
    try producer.commit()
  }

  @Test func anOpenTransactionHoldsBackReadersButNotTheEndThatDrainingReadsTo() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("open")
    let at = TopicPartition(topic, 0)
    let open = try producer(kafka, kafka.name("open"))
    let other = try producer(kafka, kafka.name("other"))
    try open.begin()
    try open.produce(topic, partition: 0, key: nil, value: Array("open".utf8))
    try open.flush(milliseconds: 60_000)
    try other.begin()
    try other.produce(topic, partition: 0, key: nil, value: Array("after it".utf8))
    try other.commit()
    let admin = try KafkaAdmin(kafka.settings())
    // Two records and a marker, which brokers write once they have answered.
    #expect(try poll(until: { try admin.endOffsets([at]) == [at: 3] }))
    let consumer = try KafkaConsumer(kafka.settings())
    try consumer.assign([(at, .beginning)])
    #expect(try consumer.watermarks(at).high == 0)
    var seen: [String] = []
    var end: Int64?
    while end == nil {
      switch consumer.poll(milliseconds: 100) {
      case .endOfPartition(let reached): end = reached.offset
      case .records(let batch): batch.forEach { seen.append(TestRecord($0).text) }
      case .failed(let error): if !error.isRetriable { throw error }
      default: break
      }
    }
    #expect(end == 0)
    #expect(seen.isEmpty)
    try open.abort()
    while consumer.progress([at])[at] != 4 {
      if case .records(let batch) = consumer.poll(milliseconds: 100) {
        batch.forEach { seen.append(TestRecord($0).text) }
      }
    }
    #expect(seen == ["after it"])
    #expect(try admin.endOffsets([at]) == [at: 4])
    #expect(consumer.cachedWatermarks(at)?.high == 4)
  }
}
