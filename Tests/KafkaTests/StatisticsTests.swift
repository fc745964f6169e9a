import Kafka
import KafkaTestSupport
import Testing

struct StatisticsTests {
  private func parse(_ json: String) -> KafkaStatistics? { KafkaStatistics(json: Array(json.utf8).span.bytes) }

  @Test func theNumbersAreFoundWhereLibrdkafkaPutsThem() throws {
    let read = try #require(
      parse(
        #"""
        {"name":"m#1","msg_cnt":3,"msg_size":300,"msg_size_max":65536,"tx_bytes":10,"rx_bytes":20,"txmsgs":1,"txmsg_bytes":2,
         "rxmsgs":5,"rxmsg_bytes":6,"brokers":{"h:1/1":{"state":"UP","txerrs":1,"rxerrs":2,"req_timeouts":4,
         "rtt":{"min":1,"avg":1500,"p99":9000},"toppars":{"t-0":{"topic":"t","partition":0}}},"h:2/2":{"state":"DOWN"}},
         "topics":{"t":{"topic":"t","age":1,"partitions":{"0":{"partition":0,"consumer_lag":-1,"app_offset":83,"eof_offset":-1001,"fetchq_cnt":8,"fetchq_size":9,
         "hi_offset":100,"ls_offset":90,"msgq_cnt":1,"xmit_msgq_cnt":2},"-1":{"app_offset":-1001}}}},"cgrp":{"state":"up"}}
        """#))
    #expect(read.queuedRecords == 3)
    #expect(read.queuedBytes == 300)
    #expect(read.queueLimitBytes == 65536)
    #expect([read.sentBytes, read.receivedBytes] == [10, 20])
    #expect([read.producedRecords, read.producedBytes, read.consumedRecords, read.consumedBytes] == [1, 2, 5, 6])
    #expect(read.brokers.map(\.name) == ["h:1/1", "h:2/2"])
    #expect(read.brokers.map(\.isUp) == [true, false])
    #expect(read.brokers[0].roundTrip == 1500)
    #expect(read.brokers[0].roundTrip99 == 9000)
    #expect([read.brokers[0].sendErrors, read.brokers[0].receiveErrors, read.brokers[0].timeouts] == [1, 2, 4])
    #expect(read.partitions.map(\.at) == [TopicPartition("t", 0)])
    #expect(read.partitions[0].lag == 7)
    #expect([read.partitions[0].fetchedRecords, read.partitions[0].fetchedBytes] == [8, 9])
    #expect(read.partitions[0].queuedRecords == 3)
    #expect([read.partitions[0].highOffset, read.partitions[0].stableOffset] == [100, 90])
  }

  @Test(arguments: [
    "", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "[1,2", "{\"a\":\"x", "{\"a\":\"x\\", "{a:1}", "nonsense",
    "{\"a\" 1}",
    "99999999999999999999999x", String(repeating: "[", count: 100), "{\"a\":{\"b\":}}",
  ])
  func textThatIsNoDocumentIsRefused(text: String) { #expect(parse(text) == nil) }

  @Test func numbersBeyondTheirRangeAreRefusedNotTrapped() {
    #expect(parse("{\"msg_cnt\":99999999999999999999999}") == nil)
    #expect(parse("{\"msg_cnt\":1.5}")?.queuedRecords == 1)
    #expect(parse("{\"msg_cnt\":1e400}") == nil)
    #expect(parse("{\"topics\":{\"t\":{\"partitions\":{\"99999999999\":{\"consumer_lag\":1}}}}}")?.partitions == [])
  }

  @Test(.enabled(if: TestKafka.isWanted))
  func aReaderOfARealBrokerSeesItsLag() throws {
    let kafka = try TestKafka.one()
    let topic = try kafka.topic("lag")
    let at = TopicPartition(topic, 0)
    let producer = try KafkaProducer(kafka.settings())
    for _ in 0..<5 { try producer.produce(topic, partition: 0, key: nil, value: [1]) }
    try producer.flush(milliseconds: 60_000)
    var settings = kafka.settings()
    settings.statisticsMilliseconds = 100
    let consumer = try KafkaConsumer(settings)
    try consumer.assign([(at, .beginning)])
    var lags: Set<Int> = []
    let isRead = try poll(
      until: {
        if let partition = consumer.statistics?.partitions.first(where: { $0.at == at }) { lags.insert(partition.lag) }
        return consumer.progress([at])[at] == 5 && lags.contains(0)
      }, consumer)
    #expect(isRead)
    #expect(consumer.statistics?.consumedRecords == 5)
    #expect(consumer.statistics?.brokers.contains { $0.isUp && $0.roundTrip > 0 } == true)
  }
}
