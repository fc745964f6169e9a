// How many distinct things a client did, in 32 bytes: what every profile can afford.

#if canImport(Glibc)
  import Glibc
#endif

/// A set of hashes as a bitmap of 256 bits, counted by linear counting (Whang, Vander-Zanden, Taylor 1990).
///
/// The bit of a hash is its first eight bits: which registers a HyperLogLog of precision 8 has touched.
/// Merging is a bitwise or, so the order does not matter. The standard error is under 5 % up to 100 distinct values
/// and 12 % at 600; from about 1,000 on the answer saturates at `DistinctBitmap.most`.
public struct DistinctBitmap: Sendable, Equatable {
  public var bits: SIMD4<UInt64> = .zero

  @inlinable public init() {}

  /// The largest answer of `count`.
  public static let most = 1420

  @inlinable @inline(__always)
  public mutating func insert(_ hash: UInt64) {
    let bit = Int(truncatingIfNeeded: hash >> 56)
    bits[bit >> 6] |= 1 << UInt64(bit & 63)
  }

  @inlinable @inline(__always)
  public mutating func formUnion(_ other: DistinctBitmap) { bits |= other.bits }

  @inlinable @inline(__always)
  public mutating func removeAll() { bits = .zero }

  @inlinable public var isEmpty: Bool { bits == .zero }

  /// Bits set: a lower bound of `count`, and cheap.
  @inlinable @inline(__always)
  public var occupied: Int {
    bits[0].nonzeroBitCount &+ bits[1].nonzeroBitCount &+ bits[2].nonzeroBitCount &+ bits[3].nonzeroBitCount
  }

  /// Estimated number of distinct values. O(1).
  public var count: Int {
    let used = occupied
    if used >= 256 { return Self.most }
    return Int((-256 * log(Double(256 - used) / 256)).rounded())
  }
}
