// What a stage of the analyzer writes, wherever it goes.

import Bytes
import Detection

/// Takes what is written. All of it belongs to the transaction that is open, or to none.
public protocol StageOutput: AnyObject {
  /// A record of the topic `candidates`.
  func candidates(_ record: RawSpan)
  /// A record of the topic `attacks`.
  func attack(_ key: String, _ record: RawSpan)
  /// A record of the input that cannot be read.
  func deadLetter(_ record: RawSpan, reason: String, offset: Int64)
}

/// Where a stage that is restored goes on reading.
public struct StagePosition: Sendable, Equatable {
  /// Offset of the first record that is not in the state.
  public var position: Int64
  /// Offset of the first record that still waits in a window or step that is not complete: from here records are read
  /// again.
  public var resume: Int64
}
