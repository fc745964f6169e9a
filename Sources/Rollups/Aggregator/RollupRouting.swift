// Which partition of the topic `rollups` a window goes to: all of a zone's to one, so that one zone stage sees them all.

import Bytes
import CapnProto

public struct RollupRouting: Sendable {
  public let partitions: Int
  private let hash: KeyedHash

  /// - Parameter partitions: Of the topic `rollups`, at least 1.
  public init(partitions: Int, hashSeed: UInt64) {
    self.partitions = max(1, partitions)
    hash = KeyedHash(key: hashSeed)
  }

  public func partition(zone: RawSpan, scope: ZoneWindow.Scope) -> Int {
    // All correlations go together: their groups span zones.
    let value = scope == .global ? hash.hash(0x676c_6f62_616c, 0) : hash.hash(zone)
    return Int(value % UInt64(partitions))
  }

  /// Of a window's record.
  public func partition(of record: RawSpan, limiter: borrowing ReadLimiter) throws(RollupError) -> Int {
    do throws(WireError) {
      let rollup = Rollup(try Message(framed: record, limiter: limiter).rootStruct)
      return partition(zone: try rollup.zone, scope: rollup.scope == .global ? .global : .zone)
    } catch { throw .wire(error) }
  }
}
