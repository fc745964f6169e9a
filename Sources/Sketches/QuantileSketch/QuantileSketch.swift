// Quantiles with a relative error: DDSketch (Masson, Rim, Lee 2019) with the logarithm interpolated
// linearly between powers of two, so that a bucket is found by shifts alone and is the same everywhere.

import Bytes

/// Quantiles of non-negative integers, such as durations in microseconds.
///
/// **Error.** A quantile is within `relativeError` (1/64, 1.6 %) of the value at that rank; 0...63 are exact. With more
/// than `bucketLimit` buckets between the smallest and the largest, the lowest are collapsed into one and low quantiles
/// lose the guarantee; the default holds 24 octaves (1 us to 16 s) without.
///
/// **Merging** adds counts, adds no error and doesn't depend on order.
public struct QuantileSketch: ~Copyable, Sendable {
  public static var relativeError: Double { 1.0 / 64 }
  /// Buckets an octave: 32.
  @usableFromInline static var bits: Int { 5 }

  public let bucketLimit: Int
  public var count: UInt64 { total }
  @usableFromInline var total: UInt64
  /// Counts of buckets `offset ..< offset + counts.count`.
  @usableFromInline var counts: FlatArray<UInt64>
  @usableFromInline var offset: Int

  public init(bucketLimit: Int = 768) {
    self.bucketLimit = max(bucketLimit, 32)
    total = 0
    counts = FlatArray()
    offset = 0
  }

  public var footprint: Int { counts.capacity * 8 }

  /// Bucket of a value: 0..<64 hold one value each, then 32 an octave.
  @inlinable @inline(__always)
  static func bucket(of value: UInt64) -> Int {
    if value < 64 { return Int(truncatingIfNeeded: value) }
    let exponent = 63 &- value.leadingZeroBitCount
    let mantissa = Int(truncatingIfNeeded: value >> UInt64(truncatingIfNeeded: exponent &- bits)) & 31
    return ((exponent &- bits &- 1) << bits) &+ 64 &+ mantissa
  }

  /// The middle of a bucket.
  static func value(of bucket: Int) -> UInt64 {
    if bucket < 64 { return UInt64(bucket) }
    let exponent = (bucket - 32) >> bits
    let mantissa = UInt64(bucket & 31)
    let low = (32 + mantissa) << UInt64(exponent)
    return low + (1 << UInt64(exponent)) / 2
  }

  static var bucketCount: Int { ((63 - bits - 1) << bits) + 64 }

  /// Takes in one value, `weight` times. O(1) amortised.
  @inlinable @inline(__always)
  public mutating func add(_ value: UInt64, weight: UInt64 = 1) {
    add(bucket: Self.bucket(of: value), weight: weight)
  }

  @usableFromInline @inline(__always)
  mutating func add(bucket: Int, weight: UInt64) {
    total = total.saturatingAdd(weight)
    let place = bucket &- offset
    if place >= 0 && place < counts.count {
      counts.base[place] = counts.base[place].saturatingAdd(weight)
    } else {
      addOutside(bucket, weight)
    }
  }

  @usableFromInline @inline(never)
  mutating func addOutside(_ bucket: Int, _ weight: UInt64) {
    if counts.isEmpty {
      offset = bucket
      counts.append(weight)
      return
    }
    if bucket < offset {
      // Downwards as far as the limit allows; what is lower still falls into the lowest bucket.
      let end = offset + counts.count
      let start = max(bucket, end - bucketLimit)
      let shift = offset - start
      if shift > 0 {
        let old = counts.count
        counts.resize(to: old + shift, filledWith: 0)
        for i in stride(from: old - 1, through: 0, by: -1) { counts[i + shift] = counts[i] }
        for i in 0..<shift { counts[i] = 0 }
        offset = start
      }
      counts[0] = counts[0].saturatingAdd(weight)
      return
    }
    let wanted = bucket - offset + 1
    if wanted > bucketLimit { collapse(by: wanted - bucketLimit) }
    counts.resize(to: max(counts.count, bucket - offset + 1), filledWith: 0)
    counts[bucket - offset] = counts[bucket - offset].saturatingAdd(weight)
  }

  /// Moves the lower end up by `n` buckets and adds what was there to the new lowest.
  mutating func collapse(by n: Int) {
    var sum: UInt64 = 0
    for i in 0..<min(n, counts.count) { sum = sum.saturatingAdd(counts[i]) }
    if n < counts.count {
      for i in n..<counts.count { counts[i - n] = counts[i] }
      counts.truncate(to: counts.count - n)
      counts[0] = counts[0].saturatingAdd(sum)
    } else {
      counts.truncate(to: 0)
      counts.append(sum)
    }
    offset += n
  }

  /// The value at quantile `q` (0...1), nil where nothing was taken in. O(buckets).
  public func quantile(_ q: Double) -> UInt64? {
    guard count > 0 else { return nil }
    let bounded = q.isNaN ? 0 : min(max(q, 0), 1)
    let rank = UInt64((bounded * Double(count - 1)).rounded(.down))
    var seen: UInt64 = 0
    for i in 0..<counts.count {
      seen = seen.saturatingAdd(counts[i])
      if seen > rank { return Self.value(of: offset + i) }
    }
    return Self.value(of: offset + counts.count - 1)
  }

  public mutating func merge(_ other: borrowing QuantileSketch) {
    for i in 0..<other.counts.count where other.counts[i] > 0 { add(bucket: other.offset + i, weight: other.counts[i]) }
  }

  public mutating func removeAll() {
    counts.removeAll()
    offset = 0
    total = 0
  }

  /// Appends version and the buckets that hold something, ascending; nothing where nothing was taken in.
  public func write(to buffer: inout ByteBuffer) {
    guard count > 0 else { return }
    buffer.append(1 as UInt8)
    for i in 0..<counts.count where counts[i] > 0 {
      buffer.append(littleEndian: UInt16(truncatingIfNeeded: offset + i))
      buffer.append(littleEndian: counts[i])
    }
  }

  /// Adds what `write` wrote; refuses anything else, then being unchanged.
  public mutating func merge(reading bytes: RawSpan) throws(SketchError) {
    if bytes.byteCount == 0 { return }
    for pass in 0..<2 {
      var reader = SketchReader(bytes)
      let version = try reader.integer(UInt8.self)
      guard version == 1 else { throw .unsupportedVersion(version) }
      var previous = -1
      while !reader.atEnd {
        let at = reader.offset
        let bucket = Int(try reader.integer(UInt16.self))
        let weight = try reader.integer(UInt64.self)
        guard bucket > previous, bucket < Self.bucketCount, weight > 0 else { throw .invalid(at: at) }
        previous = bucket
        if pass == 1 { add(bucket: bucket, weight: weight) }
      }
    }
  }
}
