// Transactions: records and offsets, all or none.
//
// Every call may throw; `KafkaError.kind` says what then. Retriable: the call has been repeated here until its time was
// up, and may be made again. Abortable: `abort`, then begin anew. Fatal, fenced: close the producer.

import CRdKafka

extension KafkaProducer {
  /// Fences whoever had this transactional id, ends what they left open, and gets ready. Once, before all else.
  public func initTransactions(milliseconds: Int = 30_000) throws(KafkaError) {
    try retrying(milliseconds) { rd_kafka_init_transactions(self.rk, $0) }
  }

  /// Begins a transaction. No request: it costs nothing until something is produced.
  public func begin() throws(KafkaError) {
    handle.inbox.deliveries.firstError = nil
    try KafkaError.check(rd_kafka_begin_transaction(rk))
  }

  /// Adds offsets of the consumer's group to the transaction: those of the records to read next.
  public func sendOffsets(
    _ offsets: [TopicOffset], group: GroupMetadata, milliseconds: Int = 30_000
  ) throws(KafkaError) {
    if offsets.isEmpty { return }
    let list = PartitionList(offsets)
    try retrying(milliseconds) { left in
      withExtendedLifetime(group) {
        list.lend { rd_kafka_send_offsets_to_transaction(rk, $0, group.raw, left) }
      }
    }
  }

  public func sendOffsets(
    _ offsets: [TopicOffset], consumer: KafkaConsumer, milliseconds: Int = 30_000
  ) throws(KafkaError) {
    guard let group = consumer.groupMetadata() else { throw .state("the consumer has joined no group") }
    try sendOffsets(offsets, group: group, milliseconds: milliseconds)
  }

  /// Delivers what is queued and commits. When this returns, all of it is there for good.
  ///
  /// A throw of `.retriable` means that it is not known yet: only calling again tells.
  public func commit(milliseconds: Int = 30_000) throws(KafkaError) {
    try retrying(milliseconds) { rd_kafka_commit_transaction(self.rk, $0) }
  }

  /// Drops what is queued and aborts: no reader of committed records sees any of it.
  public func abort(milliseconds: Int = 30_000) throws(KafkaError) {
    try retrying(milliseconds) { rd_kafka_abort_transaction(self.rk, $0) }
    handle.inbox.deliveries.firstError = nil
  }

  private func retrying(_ milliseconds: Int, _ call: (Int32) -> OpaquePointer?) throws(KafkaError) {
    let deadline = ContinuousClock.now + .milliseconds(max(milliseconds, 0))
    while true {
      let left = (deadline - .now) / .milliseconds(1)
      guard let error = call(Int32(clamping: Int(max(left, 1)))) else { return }
      let read = KafkaError(consuming: error)
      guard read.isRetriable, ContinuousClock.now < deadline else { throw read }
      rd_kafka_poll(rk, 100)
    }
  }
}
