import Kafka
import KafkaTestSupport
import Testing

@Suite(.serialized, .enabled(if: TestKafka.canKillBrokers))
struct BrokerLossTests {
  /// Writes numbers in transactions of ten, with how many there are beside them in another topic. Whatever ends a
  /// transaction, it goes on as a program would: abort and again, or a new producer that reads how far the last one came.
  private struct Writer {
    let kafka: TestKafka
    let (numbers, count): (String, String)
    let settings: KafkaSettings
    var producer: KafkaProducer
    var written = 0
    var (aborted, replaced) = (0, 0)

    init(_ kafka: TestKafka) throws {
      self.kafka = kafka
      numbers = try kafka.topic("numbers", partitions: 3)
      count = try kafka.topic("count")
      var settings = kafka.settings()
      settings.transactionalID = kafka.name("writer")
      self.settings = settings
      producer = try KafkaProducer(settings)
      let producer = producer
      try patiently { try producer.initTransactions() }
    }

    mutating func write(to end: Int) throws {
      let deadline = ContinuousClock.now + .seconds(240)
      while written < end {
        guard ContinuousClock.now < deadline else { throw Unsettled(text: "\(written) of \(end)") }
        do {
          try producer.begin()
          for i in written..<written + 10 {
            try producer.produce(numbers, partition: Int32(i % 3), key: nil, value: Array("\(i)".utf8), wait: 60_000)
          }
          try producer.produce(count, partition: 0, key: "written", value: Array("\(written + 10)".utf8), wait: 60_000)
          try commit()
          written += 10
        } catch let error as KafkaError where error.isFatal {
          try replace()
        } catch let error as KafkaError where error.kind != .config {
          aborted += 1
          let producer = producer
          do {
            try patiently { try producer.abort() }
          } catch let error as KafkaError where error.isFatal {
            try replace()
          }
        }
      }
    }

    private mutating func replace() throws {
      replaced += 1
      producer = try KafkaProducer(settings)
      let (producer, kafka, count) = (producer, kafka, count)
      try patiently { try producer.initTransactions() }
      written = try patiently { try kafka.read(count) }.last.flatMap { Int($0.text) } ?? 0
    }

    /// Only calling again tells what became of a commit whose answer did not come.
    private func commit() throws {
      while true {
        do { return try producer.commit(milliseconds: 5_000) } catch  where error.isRetriable {}
      }
    }
  }

  @Test func aBrokerKilledInTheMiddleLosesNothingAndDoublesNothing() throws {
    let kafka = try TestKafka.three()
    var writer = try Writer(kafka)
    try writer.write(to: 100)
    try kafka.kill(broker: 2)
    try writer.write(to: 300)
    try kafka.restart(broker: 2)
    try writer.write(to: 400)
    let read = try kafka.read(writer.numbers)
    #expect(read.compactMap { Int($0.text) }.sorted() == Array(0..<400))
    for partition in 0..<3 {
      let own = read.filter { $0.partition == partition }.compactMap { Int($0.text) }
      #expect(own == own.sorted())
    }
    #expect(try kafka.read(writer.count).last?.text == "400")
  }
}
