// Where batches go: Kafka, or what stands in for it in tests.

import Bytes
import Topics

/// What went wrong, by what is to be done.
enum SinkError: Error, CustomStringConvertible {
  /// Try the same again: nobody answers.
  case away(String)
  /// Nothing of the transaction was taken: go back to what was committed before it, and begin anew.
  case aborted(String)
  /// As `aborted`, because a record was too large for those that take it.
  case tooLarge(String)
  /// The sink is of no more use: make it anew, and see what was committed. Maybe another program goes on with what is ours.
  case broken(String)
  /// No use going on.
  case failed(String)

  var description: String {
    switch self {
    case .away(let text), .aborted(let text), .tooLarge(let text), .broken(let text), .failed(let text): text
    }
  }
}

/// Takes records in transactions: all of one, or nothing. One thread.
protocol EventSink: AnyObject {
  /// Partitions of `events`.
  var partitions: Int { get }
  func begin() throws(SinkError)
  func send(_ batch: RawSpan, partition: Int) throws(SinkError)
  func bury(_ letter: DeadLetter, head: RawSpan) throws(SinkError)
  /// Saves a source's record; nil forgets it.
  func save(_ source: UInt64, _ record: RawSpan?) throws(SinkError)
  /// Waits a while. `.away`: it is not known yet, and this is to be called again.
  func commit() throws(SinkError)
  /// Drops the open transaction. `.away` as for `commit`.
  func abort() throws(SinkError)
}
