// What a pipeline sets of aggregation.

import Bytes

/// Settings of the aggregator of one input partition. Limits hold for the partition.
public struct AggregatorSettings: Sendable, Equatable {
  public var inputPartition: UInt16 = 0
  /// Length of a window, ns; windows start at multiples of it since the epoch. At least 1 ms.
  public var windowLength: Nanoseconds = 10 * nanosecondsPerSecond
  /// A source further than this behind the most advanced is late rather than holding the others back.
  public var maxLag: Nanoseconds = 3600 * nanosecondsPerSecond
  /// Key of all hashes.
  public var hashSeed: UInt64 = 0x6d69_6c6c_7261_6365
  /// Score from which a request counts as matched.
  public var matchThreshold: UInt8 = 50
  /// Duration, us, from which a request counts as slow.
  public var slowRequest: UInt32 = 5_000_000
  /// Zone of events without a host.
  public var defaultZone: [UInt8] = Array("default".utf8)
  /// Hosts, lower case, that the pipeline names: they need no successful answer to be zones of their own.
  public var namedZones: [[UInt8]] = []
  /// Zones that a partition knows at most; further hosts share one.
  public var zones = 100_000
  /// Tables (window and zone) open at once; events of further zones go to the shared one. One takes 10 KB at least.
  public var openTables = 2048
  /// Memory of tables kept for the next window, bytes.
  public var idleMemory = 16 << 20
  public var limits = TableLimits()

  public init() {}
}
