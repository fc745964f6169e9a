// Which events of busy zones are left out: one in so many is sent, and stands for all of them.

import Bytes

/// Rates by zone. An event is kept or not by a keyed hash of its place in its source: the same whoever asks, however
/// batches are cut, and for nobody without the key to foresee.
struct Sampling: Sendable, Equatable {
  /// One event in so many, by the hash of its zone's name in lower case.
  private var rates: [UInt64: UInt32] = [:]
  /// Of zones that have no rate of their own.
  private var otherRate: UInt32 = 1
  /// Of events without a host.
  private var defaultRate: UInt32 = 1
  private let names: KeyedHash
  private let places: KeyedHash

  /// - Parameters:
  ///   - rates: By zone; `*` for all others. Below 2: all events.
  ///   - defaultZone: Zone of events without a host.
  ///   - seed: Not that of the aggregator's samples, which would then draw from a sample that is not random to them.
  init(_ rates: [(zone: String, rate: Int)] = [], defaultZone: [UInt8] = [], seed: UInt64 = 0) {
    names = KeyedHash(key: seed ^ 0x7a6f_6e65)
    places = KeyedHash(key: seed ^ 0x7361_6d70_6c65)
    for (zone, rate) in rates {
      let rate = UInt32(clamping: max(rate, 1))
      if zone == "*" {
        otherRate = rate
      } else {
        self.rates[names.hash(Array(zone.lowercased().utf8).span.bytes)] = rate
      }
    }
    defaultRate = self.rates[names.hash(defaultZone.span.bytes)] ?? otherRate
  }

  static func == (a: Self, b: Self) -> Bool { a.rates == b.rates && a.otherRate == b.otherRate }

  /// Whether every event is kept.
  var isEmpty: Bool { otherRate == 1 && rates.allSatisfy { $0.value == 1 } }

  /// One in how many of a zone's events is sent.
  func rate(of zone: RawSpan) -> UInt32 {
    if zone.byteCount == 0 { return defaultRate }
    if rates.isEmpty || zone.byteCount > 255 { return otherRate }
    let hash = withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { lowered in
      for i in 0..<zone.byteCount { lowered[i] = zone.unchecked(i).asciiLowercased }
      return names.hash(UnsafeRawBufferPointer(rebasing: lowered[0..<zone.byteCount]).bytes)
    }
    return rates[hash] ?? otherRate
  }

  /// Whether the event at `ordinal` of `source` is one of those that are sent.
  func keeps(source: UInt64, ordinal: UInt64, rate: UInt32) -> Bool {
    rate <= 1 || places.hash(source, ordinal) % UInt64(rate) == 0
  }
}
