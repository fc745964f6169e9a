// The few numbers of librdkafka's statistics that metrics need.

import Bytes

/// A client's numbers at one moment. Counters count from the client's start.
public struct KafkaStatistics: Sendable, Equatable {
  /// Records and bytes that wait in the producer's queues, and how many there may be.
  public var queuedRecords = 0
  public var queuedBytes = 0
  public var queueLimitBytes = 0
  /// Bytes to and from brokers.
  public var sentBytes = 0
  public var receivedBytes = 0
  /// Records produced and consumed, and their bytes.
  public var producedRecords = 0
  public var producedBytes = 0
  public var consumedRecords = 0
  public var consumedBytes = 0
  public var brokers: [Broker] = []
  public var partitions: [Partition] = []

  public struct Broker: Sendable, Equatable {
    /// `host:port/id`.
    public var name = ""
    public var isUp = false
    /// Round trip in microseconds: mean and 99th percentile of the last interval.
    public var roundTrip = 0
    public var roundTrip99 = 0
    public var sendErrors = 0
    public var receiveErrors = 0
    public var timeouts = 0
  }

  public struct Partition: Sendable, Equatable {
    public var at = TopicPartition("", -1)
    /// Where the reader stands, markers of transactions included where it has seen the end; -1: not known.
    public var position = -1
    /// Records and bytes fetched ahead.
    public var fetchedRecords = 0
    public var fetchedBytes = 0
    /// Records that wait to be produced.
    public var queuedRecords = 0
    /// The end of all records, and the end of the committed ones; -1: not known.
    public var highOffset = -1
    public var stableOffset = -1

    /// Offsets between the reader and the end that it may see; -1: not known. librdkafka's own figure would count from
    /// the committed offset, which it does not know where offsets are committed by a producer.
    public var lag: Int {
      let end = stableOffset >= 0 ? stableOffset : highOffset
      return position < 0 || end < 0 ? -1 : max(end &- position, 0)
    }
  }

  /// Reads librdkafka's JSON. nil where it is none.
  public init?(json: RawSpan) {
    var reader = JSONNumbers()
    var read = KafkaStatistics()
    let isWhole = reader.walk(json) { path, value in read.take(path, value) }
    guard isWhole else { return nil }
    // Internal ones: the logical brokers of groups and bootstrapping, and 'unassigned'.
    read.partitions.removeAll { $0.at.partition < 0 }
    self = read
  }

  init() {}

  private mutating func take(_ path: [String], _ value: JSONNumbers.Value) {
    let number = value.number
    switch (path.count, path.first) {
    case (1, "msg_cnt"): queuedRecords = number
    case (1, "msg_size"): queuedBytes = number
    case (1, "msg_size_max"): queueLimitBytes = number
    case (1, "tx_bytes"): sentBytes = number
    case (1, "rx_bytes"): receivedBytes = number
    case (1, "txmsgs"): producedRecords = number
    case (1, "txmsg_bytes"): producedBytes = number
    case (1, "rxmsgs"): consumedRecords = number
    case (1, "rxmsg_bytes"): consumedBytes = number
    case (3..., "brokers"): takeBroker(path, value)
    case (5, "topics") where path[2] == "partitions": takePartition(path, number)
    default: break
    }
  }

  private mutating func takeBroker(_ path: [String], _ value: JSONNumbers.Value) {
    if brokers.last?.name != path[1] { brokers.append(Broker(name: path[1])) }
    let last = brokers.count - 1
    switch (path[2], path.count > 3 ? path[3] : "") {
    case ("state", _): brokers[last].isUp = value.text == "UP"
    case ("rtt", "avg"): brokers[last].roundTrip = value.number
    case ("rtt", "p99"): brokers[last].roundTrip99 = value.number
    case ("txerrs", _): brokers[last].sendErrors = value.number
    case ("rxerrs", _): brokers[last].receiveErrors = value.number
    case ("req_timeouts", _): brokers[last].timeouts = value.number
    default: break
    }
  }

  private mutating func takePartition(_ path: [String], _ number: Int) {
    let at = TopicPartition(path[1], Int32(path[3]) ?? -1)
    if partitions.last?.at != at { partitions.append(Partition(at: at)) }
    let last = partitions.count - 1
    switch path[4] {
    case "app_offset", "eof_offset": partitions[last].position = max(partitions[last].position, number)
    case "fetchq_cnt": partitions[last].fetchedRecords = number
    case "fetchq_size": partitions[last].fetchedBytes = number
    case "msgq_cnt", "xmit_msgq_cnt": partitions[last].queuedRecords &+= number
    case "hi_offset": partitions[last].highOffset = max(number, -1)
    case "ls_offset": partitions[last].stableOffset = max(number, -1)
    default: break
    }
  }
}
