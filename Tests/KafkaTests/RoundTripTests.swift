import Foundation
import Kafka
import KafkaTestSupport
import Testing

@Suite(.enabled(if: TestKafka.isWanted))
struct RoundTripTests {
  @Test func keysValuesAndHeadersComeBackAsTheyWent() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("round", partitions: 2)
    let producer = try KafkaProducer(kafka.settings())
    let binary: [UInt8] = [0, 255, 13, 10]
    try producer.produce(topic, partition: 0, key: "k", value: binary, headers: [("a", Array("1".utf8)), ("b", [])])
    try producer.produce(topic, partition: 1, key: "", value: [])
    try producer.produce(topic, partition: 1, key: "gone", value: nil)
    try producer.produce(topic, partition: 1, key: nil, value: binary)
    try producer.flush(milliseconds: 60_000)
    #expect(producer.deliveries.delivered == 4)
    let records = try kafka.read(topic)
    let first = records.filter { $0.partition == 0 }
    let second = records.filter { $0.partition == 1 }
    #expect(first.map(\.value) == [binary])
    #expect(first.map(\.key) == ["k"])
    #expect(first[0].headers == ["a": "1", "b": ""])
    #expect(second.map(\.key) == ["", "gone", nil])
    #expect(second.map(\.value) == [[], nil, binary])
    #expect(second.map(\.offset) == [0, 1, 2])
  }

  @Test func recordsOf256KiBToAlmost8MiBComeBackWhole() throws {
    let kafka = try TestKafka.one()
    guard kafka.isReal else { return TestKafka.leftOut("large records", "the stand-in takes none") }
    let topic = try kafka.topic("large")
    let producer = try KafkaProducer(kafka.settings())
    let sizes = [1, 256 << 10, 1 << 20, (8 << 20) - 4096]
    for (i, size) in sizes.enumerated() {
      // Not compressible, so that what the broker takes is what was sent.
      var random = UInt64(i + 1)
      let bytes = (0..<size).map { _ in
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: random >> 56)
      }
      try producer.produce(topic, partition: 0, value: bytes, wait: 60_000)
    }
    try producer.flush(milliseconds: 60_000)
    #expect(try kafka.read(topic).map { $0.value?.count } == sizes)
    let error = #expect(throws: KafkaError.self) {
      try producer.produce(topic, partition: 0, value: [UInt8](repeating: 1, count: 9 << 20))
    }
    #expect(error?.kind == .tooLarge)
  }

  /// Whoever reads a partition again has not read it to its end, though the end came with the last records.
  @Test func anEndThatWasNotToldYetIsForgottenByASeek() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("again")
    let producer = try KafkaProducer(kafka.settings())
    for text in ["a", "b", "c"] { try producer.produce(topic, partition: 0, key: nil, value: Array(text.utf8)) }
    try producer.flush(milliseconds: 60_000)
    let at = TopicPartition(topic, 0)
    let consumer = try KafkaConsumer(kafka.settings())
    try consumer.assign([(at, .beginning)])
    for _ in 0..<4 {
      // Until the end waits behind the records: nothing tells that without taking them.
      usleep(700_000)
      var seen: [String] = []
      while seen.count < 3 {
        switch consumer.poll(milliseconds: 1_000) {
        case .records(let batch): batch.forEach { seen.append(TestRecord($0).text) }
        case .endOfPartition(let end):
          Issue.record("the end at \(end.offset) after \(seen)")
          return
        case .failed(let error): if !error.isRetriable { throw error }
        default: break
        }
      }
      #expect(seen == ["a", "b", "c"])
      try consumer.seek([(at, .beginning)])
    }
  }
}
