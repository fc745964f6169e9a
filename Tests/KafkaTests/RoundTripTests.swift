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
    try producer.flush(milliseconds: 10_000)
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
      try producer.produce(topic, partition: 0, value: bytes, wait: 10_000)
    }
    try producer.flush(milliseconds: 20_000)
    #expect(try kafka.read(topic).map { $0.value?.count } == sizes)
    let error = #expect(throws: KafkaError.self) {
      try producer.produce(topic, partition: 0, value: [UInt8](repeating: 1, count: 9 << 20))
    }
    #expect(error?.kind == .tooLarge)
  }
}
