// The state of one input partition as its records in the compacted topic are read, in their order.

import Bytes
import CapnProto
import Rollups

/// The last value of each key.
public struct StoredState: Sendable {
  public private(set) var snapshot: AggregatorSnapshot?
  private var groups: [Int: [ConfirmedName]] = [:]

  public init() {}

  /// Key of the snapshot of an input partition, and of a group of its confirmed names.
  public static func key(_ partition: Int) -> String { "\(partition)" }
  public static func key(_ partition: Int, names group: Int) -> String { "\(partition).zones.\(group)" }

  /// Takes a record in; keys of no known sort are a newer program's and ignored.
  public mutating func take(
    key: String, value: RawSpan, partition: Int, limiter: borrowing ReadLimiter
  ) throws(RollupError) {
    let parts = key.split(separator: ".")
    guard parts.first.flatMap({ Int($0) }) == partition else { return }
    if parts.count == 1 {
      snapshot = value.byteCount == 0 ? nil : try AggregatorSnapshot(value, limiter: limiter)
    } else if parts.count == 3, parts[1] == "zones", let group = Int(parts[2]), group >= 0 {
      groups[group] = value.byteCount == 0 ? nil : try ConfirmedName.read(value, limiter: limiter).names
    }
  }

  /// The names that the snapshot counts.
  public func names() throws(RollupError) -> [ConfirmedName] {
    guard let snapshot, snapshot.zones > 0 else { return [] }
    var names: [ConfirmedName] = []
    for group in 0...(snapshot.zones - 1) / ConfirmedName.groupSize {
      guard let more = groups[group] else { throw .invalid("a state without its names") }
      names += more
    }
    guard names.count >= snapshot.zones else { throw .invalid("a state with too few names") }
    return Array(names.prefix(snapshot.zones))
  }
}
