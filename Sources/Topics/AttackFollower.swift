// The topic `attacks` from its beginning: which addresses the line itself has seen attacking.

import Bytes
import Configuration
import Detection
import Kafka
import Reputation

/// One thread uses it.
public final class AttackFollower: RecordTaker {
  private let topic: WholeTopic
  private let decoder = AttackDecoder()
  /// A record from the future would make all others old.
  private let now: () -> Nanoseconds
  public private(set) var memory: AttackMemory
  /// Records that could not be read; they are passed over.
  public private(set) var damaged: UInt64 = 0

  /// - Parameter clock: ns since the epoch.
  public init(_ settings: Settings, program: String, clock: @escaping () -> Nanoseconds) throws(KafkaError) {
    topic = try WholeTopic(settings, .attacks, program: program)
    now = clock
    // What the topic still holds, and no more: so a restart changes nothing.
    let retention = settings.duration("topics.attacks.retention")
    memory = AttackMemory(span: retention == 0 ? .max : retention)
  }

  /// As `WholeTopic.readToEnd`.
  public func readToEnd(seconds: Int = 60, isStopping: () -> Bool) throws -> TopicEnd {
    try topic.readToEnd(into: self, seconds: seconds, isStopping: isStopping)
  }

  /// What was told of before is told again, and counts once.
  public func beginAgain() {}

  public func take(_ record: borrowing KafkaRecord) {
    if record.isTombstone { return }
    let (written, overflow) = record.timestamp.multipliedReportingOverflow(by: 1_000_000)
    do throws(RecordError) {
      if case .attack(let attack) = try decoder.read(record.value).told {
        memory.take(attack, told: overflow ? 0 : min(written, now()))
      }
    } catch { damaged &+= 1 }
  }
}
