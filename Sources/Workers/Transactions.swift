// What a worker writes and how far it has come, in one transaction at a time.

import Bytes
import Kafka
import Stations
import Topics

/// The transactions of a worker. One begins with its first record. After the first error it takes nothing more: it is
/// lost, and the worker finds that out when it commits.
///
/// One thread uses it.
public final class Transactions {
  private let settings: KafkaSettings
  private let station: Station
  private let presence: BrokerPresence
  private var producer: KafkaProducer
  /// New producers since a transaction was committed.
  private var renewals = 0
  private static let mostRenewals = 5

  public private(set) var isOpen = false
  /// Bytes of records since the transaction began.
  public private(set) var bytes = 0
  private var failure: KafkaError?

  /// Waits as long as brokers are away.
  /// - Parameter settings: With a transactional id.
  init(_ settings: KafkaSettings, _ station: Station, _ presence: BrokerPresence) throws(KafkaError) {
    (self.settings, self.station, self.presence) = (settings, station, presence)
    producer = try Self.producer(settings, presence)
  }

  private static func producer(
    _ settings: KafkaSettings, _ presence: BrokerPresence
  ) throws(KafkaError) -> KafkaProducer {
    let producer = try KafkaProducer(settings)
    try presence.patiently(repeating: \.isRetriable) { () throws(KafkaError) in
      try producer.initTransactions(milliseconds: presence.slice)
    }
    return producer
  }

  // MARK: Records

  /// Begins a transaction without records, for offsets alone.
  public func open() {
    guard !isOpen, failure == nil else { return }
    do throws(KafkaError) {
      try producer.begin()
      isOpen = true
    } catch {
      failure = error
    }
  }

  /// - Parameters:
  ///   - partition: -1 for any.
  ///   - value: nil deletes the key.
  public func send(
    _ topic: String, _ partition: Int, key: [UInt8]? = nil, _ value: RawSpan?, headers: [(String, [UInt8])] = []
  ) {
    open()
    guard failure == nil else { return }
    let partition = Int32(clamping: partition)
    do throws(KafkaError) {
      // A full queue is drained by librdkafka; where it stays full, the brokers are away.
      if let key {
        try producer.produce(
          topic, partition: partition, key: key.span.bytes, value: value, headers: headers, wait: 60_000)
      } else {
        try producer.produce(topic, partition: partition, value: value, headers: headers, wait: 60_000)
      }
      bytes += value?.byteCount ?? 0
    } catch {
      failure = error
    }
  }

  /// A record of the input that can't be read. It goes to any partition: there is no order to keep.
  public func send(_ letter: DeadLetter, _ record: RawSpan, to topic: String) {
    send(topic, -1, record.extracting(0..<min(record.byteCount, DeadLetter.largest)), headers: letter.headers)
  }

  // MARK: Their ends

  /// Commits what was sent, and offsets with it: a worker that has lost a partition fails at them.
  ///
  /// - Returns: Whether it is committed. Otherwise it was given up, and all partitions begin again from what is committed.
  public func commit(_ offsets: [TopicOffset], of consumer: KafkaConsumer) throws -> Bool {
    do throws(KafkaError) {
      if let failure { throw failure }
      let producer = producer
      try patiently { (slice) throws(KafkaError) in
        try producer.sendOffsets(offsets, consumer: consumer, milliseconds: slice)
      }
      try patiently { (slice) throws(KafkaError) in try producer.commit(milliseconds: slice) }
      ended()
      renewals = 0
      return true
    } catch {
      try giveUp(because: error)
      return false
    }
  }

  /// Gives the open transaction up.
  public func giveUp(because error: KafkaError) throws {
    station.log.warning("transaction given up; going on from what is committed", ["error": LogValue(error)])
    if !error.isFatal {
      do throws(KafkaError) {
        let producer = producer
        if isOpen { try patiently { (slice) throws(KafkaError) in try producer.abort(milliseconds: slice) } }
        ended()
        return
      } catch {
        station.log.warning("not aborted", ["error": LogValue(error)])
      }
    }
    // A producer that is fenced, as one whose transaction the broker has ended is, is of no more use.
    while true {
      renewals += 1
      guard renewals <= Self.mostRenewals, station.timeLeft > 0 else { throw error }
      do throws(KafkaError) {
        producer = try Self.producer(settings, presence)
        ended()
        return
      } catch {
        station.log.warning("no new producer yet", ["error": LogValue(error)])
        presence.rest()
      }
    }
  }

  private func ended() {
    isOpen = false
    bytes = 0
    failure = nil
  }

  /// Tries again what is not decided yet, as long as there is time.
  private func patiently(_ call: (_ milliseconds: Int) throws(KafkaError) -> Void) throws(KafkaError) {
    try presence.patiently(repeating: \.isRetriable) { () throws(KafkaError) in try call(presence.slice) }
  }
}

extension KafkaError {
  /// Not one of librdkafka's: another member may have these partitions, so a commit would fail.
  public static var lostPartitions: KafkaError {
    KafkaError(code: 0, name: "LOST", text: "the group has given the partitions to others", kind: .abortable)
  }
}
