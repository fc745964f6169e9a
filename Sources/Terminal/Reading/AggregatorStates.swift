// What aggregators have saved of the partitions they count.

import Aggregator
import CapnProto
import Configuration
import Rollups
import Topics

extension TopicScan {
  /// By input partition; those that nobody has counted yet are not in it.
  func aggregatorStates(_ settings: Settings) throws -> [Int: AggregatorSnapshot] {
    let topic = settings.topic(.aggregatorState).name
    guard let extent = try extent(topic) else { return [:] }
    let limiter = ReadLimiter()
    var states: [Int: StoredState] = [:]
    try read(topic, extent) { record in
      let partition = Int(record.partition)
      do throws(RollupError) {
        try states[partition, default: StoredState()].take(
          key: record.keyText, value: record.value, partition: partition, limiter: limiter)
      } catch {
        throw UnreadableState(topic: topic, partition: partition, offset: record.offset, reason: "\(error)")
      }
    }
    return states.compactMapValues(\.snapshot)
  }
}

/// An aggregator's state that this program does not understand.
struct UnreadableState: Error, CustomStringConvertible {
  var topic: String
  var partition: Int
  var offset: Int64
  var reason: String
  var description: String { "\(topic)[\(partition)] at \(offset) can't be read: \(reason)" }
}
