// The arithmetic of HyperLogLog over plain memory, shared by the sketch that stands alone and by the
// small ones that tables keep in pools.

import Bytes

/// Registers of one byte each, `1 << precision` of them, over 32-bit hashes.
public enum Registers {
  @inlinable @inline(__always)
  public static func insert(_ folded: UInt32, into registers: UnsafeMutableBufferPointer<UInt8>, precision: Int) {
    let index = Int(folded >> UInt32(32 - precision))
    // Position of the first 1 in the remaining bits, from 1; one more than their number where there is none.
    let rest = folded << UInt32(precision)
    let rank = UInt8(truncatingIfNeeded: min(rest.leadingZeroBitCount, 32 - precision) &+ 1)
    precondition(index < registers.count)
    if registers[index] < rank { registers[index] = rank }
  }

  /// Ertl's improved estimator (algorithm 6): no bias correction, no switch between ranges. O(registers).
  public static func estimate(_ registers: UnsafeBufferPointer<UInt8>, precision: Int) -> UInt64 {
    let q = 32 - precision
    let m = Double(1 << precision)
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 34) { histogram in
      histogram.initialize(repeating: 0)
      for register in registers { histogram[min(Int(register), q + 1)] += 1 }
      var z = m * tau(1 - Double(histogram[q + 1]) / m)
      for k in stride(from: q, through: 1, by: -1) { z = 0.5 * (z + Double(histogram[k])) }
      z += m * sigma(Double(histogram[0]) / m)
      // 1 / (2 ln 2)
      let estimate = 0.721_347_520_444_481_7 * m * m / z
      return estimate < 1e18 ? UInt64(estimate.rounded()) : 1_000_000_000_000_000_000
    }
  }

  /// Refuses bytes that neither are a list of distinct ascending values nor registers in range.
  public static func check(_ bytes: RawSpan, precision: Int) throws(SketchError) {
    let n = bytes.byteCount
    if n == 1 << precision {
      for i in 0..<n where Int(bytes.unchecked(i)) > 33 - precision { throw .invalid(at: i) }
      return
    }
    guard n % 4 == 0, n <= 4 * HyperLogLog.listLimit else { throw .wrongLength(expected: 1 << precision, found: n) }
    var previous: UInt32 = 15
    for i in stride(from: 0, to: n, by: 4) {
      let value = UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt32.self))
      guard value > previous else { throw .invalid(at: i) }
      previous = value
    }
  }

  static func sigma(_ start: Double) -> Double {
    if start == 1 { return .infinity }
    var x = start
    var y = 1.0
    var z = x
    while true {
      x *= x
      let before = z
      z += x * y
      y += y
      if z == before { return z }
    }
  }

  static func tau(_ start: Double) -> Double {
    if start == 0 || start == 1 { return 0 }
    var x = start
    var y = 1.0
    var z = 1 - x
    while true {
      x = x.squareRoot()
      let before = z
      y *= 0.5
      z -= (1 - x) * (1 - x) * y
      if z == before { return z / 3 }
    }
  }
}
