import Kafka
import KafkaTestSupport
import Testing

@Suite(.enabled(if: TestKafka.isWanted))
struct AdminTests {
  @Test func ensuringTwiceMakesTopicsOnceAndFindsNothingElseToDo() throws {
    let kafka = try TestKafka.one()
    let admin = try KafkaAdmin(kafka.settings())
    let (events, state) = (kafka.name("events"), kafka.name("state"))
    let wanted = [
      TopicSpecification(
        events, partitions: 3, configuration: ["max.message.bytes": "4194304", "retention.ms": "60000"]),
      TopicSpecification(state, partitions: 1, replication: 1, configuration: ["cleanup.policy": "compact"]),
    ]
    let first = try admin.ensure(wanted)
    #expect(first.map(\.change) == [.created, .created])
    #expect(first.map(\.differences) == [[], []])
    let second = try admin.ensure(wanted)
    #expect(second.map(\.change) == [.none, .none])
    #expect(second.map(\.differences) == [[], []])
    let described = try admin.describe([events, state, "no such topic"])
    #expect(described.keys.sorted() == [events, state].sorted())
    #expect(described[events]?.partitions == 3)
    #expect(described[events]?.configuration["max.message.bytes"] == "4194304")
    #expect(described[state]?.configuration["cleanup.policy"] == "compact")
    try admin.delete([events, state])
  }

  @Test func whatDiffersIsSaidAndLeftAsItIs() throws {
    let kafka = try TestKafka.one()
    let admin = try KafkaAdmin(kafka.settings())
    let name = try kafka.topic("differs", partitions: 2, configuration: ["cleanup.policy": "delete"])
    let wanted = TopicSpecification(name, partitions: 4, configuration: ["cleanup.policy": "compact"])
    let kept = try admin.ensure([wanted])
    #expect(kept.map(\.change) == [.none])
    #expect(kept[0].differences == ["it has 2 partitions, not 4", "cleanup.policy is delete, not compact"])
    let grown = try admin.ensure([wanted], mayGrow: { $0 == name })
    #expect(grown.map(\.change) == [.grown(from: 2, to: 4)])
    #expect(grown[0].differences == ["cleanup.policy is delete, not compact"])
    #expect(try admin.partitions(of: name).count == 4)
    let fewer = try admin.ensure([TopicSpecification(name, partitions: 1)], mayGrow: { _ in true })
    #expect(fewer[0].differences == ["it has 4 partitions, not 1"])
  }

  @Test func aTopicThatCannotBeIsRefusedByItsName() throws {
    let kafka = try TestKafka.one()
    let admin = try KafkaAdmin(kafka.settings())
    let name = kafka.name("bad")
    let error = #expect(throws: KafkaError.self) {
      try admin.create([TopicSpecification(name, partitions: 1, configuration: ["cleanup.policy": "sometimes"])])
    }
    #expect(error?.name == "INVALID_CONFIG")
    #expect(error?.text.contains(name) == true)
    let again = try kafka.topic("again")
    let exists = #expect(throws: KafkaError.self) { try admin.create([TopicSpecification(again, partitions: 1)]) }
    #expect(exists?.name == "TOPIC_ALREADY_EXISTS")
  }

  @Test func anUnknownTopicHasNoPartitionsAndAnUnknownGroupNoOffsets() throws {
    let kafka = try TestKafka.one()
    let admin = try KafkaAdmin(kafka.settings())
    #expect(try admin.partitions(of: kafka.name("nowhere")).isEmpty)
    #expect(try admin.committed(group: kafka.name("nobody"), of: [TopicPartition(kafka.topic("known"), 0)]).isEmpty)
    #expect(try admin.endOffsets([]).isEmpty)
    let error = #expect(throws: KafkaError.self) { try admin.endOffsets([TopicPartition("nowhere", 0)]) }
    #expect(error?.kind == .unknown)
  }
}
