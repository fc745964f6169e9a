// The hosts that a successful answer made zones of their own, with the record that did: whoever reads that record again
// must not know the name before it. They are kept in groups, of which only the last still changes.

import Bytes
import CapnProto
import Events

/// A confirmed name of a zone.
public struct ConfirmedName: Sendable, Equatable {
  public var name: [UInt8]
  /// Offset of the record that confirmed it.
  public var offset: Int64

  public init(name: [UInt8], offset: Int64) { (self.name, self.offset) = (name, offset) }

  /// Names in one record of the state: 64 KiB at most.
  public static var groupSize: Int { 256 }

  /// Reads a ConfirmedZones record: its names and the number of the first.
  public static func read(
    _ record: RawSpan, limiter: borrowing ReadLimiter
  ) throws(RollupError) -> (first: Int, names: [ConfirmedName]) {
    var version: UInt16 = 0
    var names: [ConfirmedName] = []
    var first = 0
    do throws(WireError) {
      let group = ConfirmedZones(try Message(framed: record, limiter: limiter).rootStruct)
      version = group.schemaVersion
      first = Int(group.first)
      let list = try group.names
      for i in 0..<min(list.count, groupSize) {
        names.append(ConfirmedName(name: try list[i].name.copied(), offset: list[i].offset))
      }
    } catch { throw .wire(error) }
    guard version == AggregatorSnapshot.schemaVersion else { throw .unsupportedVersion(version) }
    return (first, names)
  }
}

extension PartitionAggregator where Classifier: ~Copyable {
  /// Names confirmed so far.
  public var confirmedNames: Int { state.core.names.names.count - state.core.names.given }

  /// Writes the group of confirmed names with this number, as far as `count` names go, into `builder`.
  public func writeNames(group: Int, count: Int, to builder: inout MessageBuilder) {
    let first = group * ConfirmedName.groupSize
    let count = max(0, min(count, confirmedNames, first + ConfirmedName.groupSize) - first)
    let zones = builder.start(ConfirmedZonesBuilder.self)
    zones.schemaVersion = AggregatorSnapshot.schemaVersion
    zones.inputPartition = state.core.settings.inputPartition
    zones.first = UInt32(clamping: first)
    let list = zones.initNames(count: count)
    for i in 0..<count {
      let zone = state.core.names.given + first + i
      let entry = list[i]
      entry.setName(state.core.names.name(Int32(truncatingIfNeeded: zone)))
      entry.offset = state.core.names.confirmedAt[zone]
    }
  }
}
