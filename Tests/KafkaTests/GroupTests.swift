import Kafka
import KafkaTestSupport
import Testing

@Suite(.enabled(if: TestKafka.isWanted))
struct GroupTests {
  @Test(arguments: ["cooperative-sticky", "range"])
  func aSecondMemberTakesHalfAndEachRecordIsReadOnce(strategy: String) throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("group", partitions: 4)
    var settings = kafka.settings([("consumer.partition.assignment.strategy", strategy)])
    settings.groupID = kafka.name("group")
    let first = Member(try KafkaConsumer(settings))
    try first.consumer.subscribe([topic])
    try first.run { first.owned.count == 4 }
    let producer = try KafkaProducer(kafka.settings())
    for i in 0..<40 { try producer.produce(topic, partition: Int32(i % 4), key: nil, value: Array("\(i)".utf8)) }
    try producer.flush(milliseconds: 60_000)
    try first.run { first.seen.count == 40 }
    let second = Member(try KafkaConsumer(settings))
    try second.consumer.subscribe([topic])
    try Member.run([first, second]) { first.owned.count == 2 && second.owned.count == 2 }
    #expect(first.owned.isDisjoint(with: second.owned))
    if strategy == "cooperative-sticky" {
      // Only what moves is taken away.
      #expect(first.events.filter { $0 != "assigned 0" } == ["assigned 4", "revoked 2"])
      #expect(second.events.last == "assigned 2")
    } else {
      #expect(first.events == ["assigned 4", "revoked 4", "assigned 2"])
    }
    for i in 40..<80 { try producer.produce(topic, partition: Int32(i % 4), key: nil, value: Array("\(i)".utf8)) }
    try producer.flush(milliseconds: 60_000)
    try Member.run([first, second]) { first.seen.count + second.seen.count == 80 }
    #expect((first.seen + second.seen).sorted() == (0..<80).map { $0 })
    #expect(!second.seen.isEmpty)
    // Who leaves gives back.
    second.consumer.close()
    try first.run { first.owned.count == 4 }
  }

  @Test func readingGoesOnWhereTheAnswerSays() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("start")
    let producer = try KafkaProducer(kafka.settings())
    for i in 0..<10 { try producer.produce(topic, partition: 0, key: nil, value: Array("\(i)".utf8)) }
    try producer.flush(milliseconds: 60_000)
    var settings = kafka.settings()
    settings.groupID = kafka.name("group")
    let member = Member(try KafkaConsumer(settings))
    member.start = .at(7)
    try member.consumer.subscribe([topic])
    try member.run { member.seen.count == 3 }
    #expect(member.seen == [7, 8, 9])
  }

  @Test func aPausedPartitionBringsNothingAndGoesOnWhereItWas() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("pause", partitions: 2)
    let (zero, one) = (TopicPartition(topic, 0), TopicPartition(topic, 1))
    let producer = try KafkaProducer(kafka.settings())
    for i in 0..<10 { try producer.produce(topic, partition: Int32(i % 2), key: nil, value: Array("\(i)".utf8)) }
    try producer.flush(milliseconds: 60_000)
    let consumer = try KafkaConsumer(kafka.settings())
    try consumer.assign([(zero, .beginning), (one, .beginning)])
    try consumer.pause([zero])
    var seen: [TestRecord] = []
    #expect(try poll(until: { consumer.progress([one])[one] == 5 }, consumer) { seen += $0 })
    #expect(seen.map(\.text) == ["1", "3", "5", "7", "9"])
    try consumer.resume([zero])
    #expect(try poll(until: { seen.count == 10 }, consumer) { seen += $0 })
    #expect(seen.suffix(5).map(\.text) == ["0", "2", "4", "6", "8"])
    try consumer.seek([(zero, .at(3))])
    #expect(try poll(until: { seen.count == 12 }, consumer) { seen += $0 })
    #expect(seen.suffix(2).map(\.text) == ["6", "8"])
    #expect(consumer.position([zero, one]) == [zero: 5, one: 5])
  }

  @Test func aBatchOutlivesTheConsumerThatReadIt() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("outlive")
    let producer = try KafkaProducer(kafka.settings())
    try producer.produce(topic, partition: 0, key: "k", value: Array("still here".utf8))
    try producer.flush(milliseconds: 60_000)
    func batch() throws -> RecordBatch {
      let consumer = try KafkaConsumer(kafka.settings())
      try consumer.assign([(TopicPartition(topic, 0), .beginning)])
      while true {
        if case .records(let batch) = consumer.poll(milliseconds: 100) { return batch }
      }
    }
    let held = try batch()
    #expect(held.count == 1)
    #expect(held.byteCount == 11)
    #expect(TestRecord(held[0]).text == "still here")
  }

  @Test func anOffsetThatIsNotThereIsToldAndNotReadPast() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("range")
    let at = TopicPartition(topic, 0)
    let producer = try KafkaProducer(kafka.settings())
    try producer.produce(topic, partition: 0, key: nil, value: [1])
    try producer.flush(milliseconds: 60_000)
    let consumer = try KafkaConsumer(kafka.settings())
    try consumer.assign([(at, .at(1_000))])
    var told: KafkaError?
    while told == nil {
      if case .failed(let error) = consumer.poll(milliseconds: 100) { told = error }
    }
    #expect(told?.kind == .outOfRange)
    #expect(told?.text.contains(topic) == true)
    try consumer.seek([(at, .beginning)])
    var seen: [TestRecord] = []
    #expect(try poll(until: { seen.count == 1 }, consumer) { seen += $0 })
  }

  @Test func offsetsAreFoundByTime() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("times")
    let at = TopicPartition(topic, 0)
    let producer = try KafkaProducer(kafka.settings())
    for i in 1...3 {
      try producer.produce(topic, partition: 0, key: nil, value: [0], timestamp: 1_700_000_000_000 + Int64(i) * 1000)
    }
    try producer.flush(milliseconds: 60_000)
    let consumer = try KafkaConsumer(kafka.settings())
    #expect(try consumer.offsets(at: 1_700_000_001_500, [at]) == [at: 1])
    #expect(try consumer.offsets(at: 1_700_000_009_000, [at]) == [at: 3])
    #expect(try consumer.watermarks(at) == (0, 3))
    #expect(try consumer.partitions(of: [topic, "no such topic"]) == [topic: 1])
  }
}

/// A member of a group that answers at once and notes what it was told.
private final class Member {
  let consumer: KafkaConsumer
  var start: StartOffset?
  var owned: Set<TopicPartition> = []
  var events: [String] = []
  var seen: [Int] = []

  init(_ consumer: KafkaConsumer) { self.consumer = consumer }

  func step() throws {
    switch consumer.poll(milliseconds: 50) {
    case .records(let batch):
      batch.forEach { seen.append(Int(TestRecord($0).text) ?? -1) }
      try consumer.commit(consumer.position(Array(owned)).map { TopicOffset($0.key, $0.value) })
    case .assigned(let partitions):
      events.append("assigned \(partitions.count)")
      owned.formUnion(partitions)
      var from: [TopicPartition: StartOffset] = [:]
      if let start { for at in partitions { from[at] = start } }
      try consumer.completeAssign(partitions, from: from)
    case .revoked(let partitions, _):
      events.append("revoked \(partitions.count)")
      owned.subtract(partitions)
      try consumer.completeRevoke(partitions)
    case .failed(let error): if !error.isRetriable { throw error }
    default: break
    }
  }

  func run(until condition: () -> Bool) throws { try Self.run([self], until: condition) }

  static func run(_ members: [Member], until condition: () -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(180)
    while !condition() {
      guard ContinuousClock.now < deadline else {
        throw Unsettled(
          text: members.map { "\($0.owned.sorted()) \($0.events) \($0.seen.count)" }.joined(separator: "; "))
      }
      for member in members { try member.step() }
    }
  }
}
