// How large the tables of one zone and window may become. Past a limit the lightest rows are evicted
// and counted: limits hold for each input partition, never for a worker, so that results don't depend
// on how many workers there are.

/// Limits of the tables of one zone in one window. Tables hold at most twice the number given, and keep that many when
/// they evict.
public struct TableLimits: Sendable, Equatable {
  public var clients = 4096
  public var networks = 1024
  public var paths = 1024
  public var userAgents = 512
  public var referrers = 256
  public var fingerprints = 256
  public var signatures = 512
  public var rules = 4096
  public var correlations = 4096
  public var samples = 16
  /// Longest text of a heavy hitter.
  public var key = 256
  /// Longest request kept as evidence.
  public var request = 512
  /// Texts held beside the tables, in bytes, before they are compacted at an eviction.
  public var texts = 1 << 20

  public init() {}

  /// The same for the merge of `partitions` partials.
  public func merged(from partitions: Int) -> TableLimits {
    var merged = self
    let n = min(max(partitions, 1), 16)
    merged.clients *= n
    merged.networks *= n
    merged.paths *= n
    merged.userAgents *= n
    merged.referrers *= n
    merged.fingerprints *= n
    merged.signatures *= n
    merged.correlations *= n
    return merged
  }
}
