// How far an input partition has come, as it is told to every partition of the topic `rollups`.

import Bytes
import CapnProto

/// A Rollup record of scope `progress`.
public struct PartitionProgress: Sendable, Equatable {
  public var inputPartition: UInt16
  /// The partition has written all on-time windows that end by this, ns; `.max` once it is closed.
  public var watermark: Nanoseconds
  /// Nobody is to wait for the partition until it speaks again, by a window or by progress that isn't idle.
  public var isIdle: Bool
  public var isClosed: Bool { watermark == .max }

  public init(inputPartition: UInt16, watermark: Nanoseconds, isIdle: Bool = false) {
    (self.inputPartition, self.watermark, self.isIdle) = (inputPartition, watermark, isIdle)
  }

  /// Reads a record of the topic; nil where it is a window.
  public init?(_ record: RawSpan, limiter: borrowing ReadLimiter) throws(RollupError) {
    var version: UInt16 = 0
    var isProgress = false
    do throws(WireError) {
      let rollup = Rollup(try Message(framed: record, limiter: limiter).rootStruct)
      version = rollup.schemaVersion
      isProgress = rollup.scope == .progress
      self.init(inputPartition: rollup.inputPartition, watermark: rollup.watermark, isIdle: rollup.idle)
    } catch { throw .wire(error) }
    guard version == ZoneWindow.schemaVersion else { throw .unsupportedVersion(version) }
    if !isProgress { return nil }
  }

  /// Writes it into `builder`, over what was there.
  public func write(to builder: inout MessageBuilder, hashSeed: UInt64) {
    let rollup = builder.start(RollupBuilder.self)
    rollup.schemaVersion = ZoneWindow.schemaVersion
    rollup.scope = .progress
    rollup.inputPartition = inputPartition
    rollup.watermark = watermark
    rollup.hashSeed = hashSeed
    rollup.idle = isIdle
  }
}
