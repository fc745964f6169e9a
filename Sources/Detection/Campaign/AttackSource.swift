// Every address that took part in an attack, for those who must list them whole.

import Bytes

/// One address's part in one attack. The same pair may be told several times: counts add, times widen, the larger
/// confidence holds.
public struct AttackSource: Sendable, Equatable {
  public var attack: String
  public var kind: AttackKind
  public var address: IPAddress
  public var requests: UInt64
  public var first: Nanoseconds
  public var last: Nanoseconds
  /// 0 to 1.
  public var confidence: Double

  public init(
    attack: String, kind: AttackKind, address: IPAddress, requests: UInt64, first: Nanoseconds, last: Nanoseconds,
    confidence: Double
  ) {
    (self.attack, self.kind, self.address) = (attack, kind, address)
    (self.requests, self.first, self.last, self.confidence) = (requests, first, last, confidence)
  }
}

/// Takes the sources of attacks, all of them: when an attack ends, and earlier where memory must be freed.
public protocol AttackSourceSink {
  mutating func record(_ source: AttackSource)
}

/// Where nobody lists sources.
public struct NoSourceSink: AttackSourceSink {
  public init() {}
  public mutating func record(_ source: AttackSource) {}
}

/// Keeps all sources in memory, merged. For tests and small runs.
public struct SourceList: AttackSourceSink {
  private struct Key: Hashable {
    var attack: String
    var address: IPAddress
  }
  private var merged: [Key: AttackSource] = [:]

  public init() {}

  public mutating func record(_ source: AttackSource) {
    let key = Key(attack: source.attack, address: source.address)
    guard var known = merged[key] else {
      merged[key] = source
      return
    }
    let (sum, overflow) = known.requests.addingReportingOverflow(source.requests)
    known.requests = overflow ? .max : sum
    known.first = min(known.first, source.first)
    known.last = max(known.last, source.last)
    known.confidence = max(known.confidence, source.confidence)
    merged[key] = known
  }

  /// By address, then attack.
  public var sources: [AttackSource] {
    merged.values.sorted { $0.address != $1.address ? $0.address < $1.address : $0.attack < $1.attack }
  }
}
