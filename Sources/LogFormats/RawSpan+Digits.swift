// Loading words and reading short numbers. Callers have checked the bounds unless said otherwise.

import Bytes

extension RawSpan {
  @inline(__always) func word(_ offset: Int) -> UInt64 {
    unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
  }
  @inline(__always) func quarter(_ offset: Int) -> UInt32 {
    unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self)
  }
  @inline(__always) func half(_ offset: Int) -> UInt16 {
    unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self)
  }

  /// Two digits.
  @inline(__always) func digits2(_ offset: Int) -> Int? {
    let tens = unchecked(offset) &- 0x30
    let ones = unchecked(offset &+ 1) &- 0x30
    return tens < 10 && ones < 10 ? Int(tens) &* 10 &+ Int(ones) : nil
  }

  @inline(__always) func digits4(_ offset: Int) -> Int? {
    guard let high = digits2(offset), let low = digits2(offset &+ 2) else { return nil }
    return high &* 100 &+ low
  }

  /// Month of its English three-letter name, from 1.
  func monthName(_ offset: Int) -> Int? {
    let name =
      UInt32(unchecked(offset) | 0x20) << 16 | UInt32(unchecked(offset + 1) | 0x20) << 8
      | UInt32(unchecked(offset + 2) | 0x20)
    switch name {
    case 0x6a616e: return 1
    case 0x666562: return 2
    case 0x6d6172: return 3
    case 0x617072: return 4
    case 0x6d6179: return 5
    case 0x6a756e: return 6
    case 0x6a756c: return 7
    case 0x617567: return 8
    case 0x736570: return 9
    case 0x6f6374: return 10
    case 0x6e6f76: return 11
    case 0x646563: return 12
    default: return nil
    }
  }

  /// Digits after a decimal point from `start`, as ns; those past the ninth are dropped. Returns the index behind.
  func fraction(_ start: Int, _ end: Int, _ nanoseconds: inout Int) -> Int {
    var p = start
    var value = 0
    var scale = 100_000_000
    while p < end, unchecked(p).isASCIIDigit {
      value += Int(unchecked(p) &- 0x30) * scale
      scale /= 10
      p += 1
    }
    nanoseconds = value
    return p
  }

  /// `+hh:mm`, `-hhmm` or `+hh` at `start`, in seconds. Returns the index behind, nil if there is none.
  func offset(_ start: Int, _ end: Int, _ seconds: inout Int) -> Int? {
    guard end - start >= 3 else { return nil }
    let sign = unchecked(start)
    guard sign == 0x2b || sign == 0x2d, let hours = digits2(start + 1), hours <= 18 else { return nil }
    var p = start + 3
    var minutes = 0
    if p < end, unchecked(p) == 0x3a { p += 1 }
    if p + 2 <= end, let read = digits2(p), read < 60 {
      minutes = read
      p += 2
    } else if p > start + 3 {
      return nil
    }
    seconds = (hours * 60 + minutes) * (sign == 0x2d ? -60 : 60)
    return p
  }

  /// Unsigned decimal of all of `start..<end`, saturating. nil if any byte is no digit or there is none.
  @inline(__always) func decimal(_ start: Int, _ end: Int) -> UInt64? {
    guard end > start else { return nil }
    var value: UInt64 = 0
    var p = start
    while p < end {
      let digit = unchecked(p) &- 0x30
      guard digit < 10 else { return nil }
      if p &- start >= 18 {
        let (shifted, o1) = value.multipliedReportingOverflow(by: 10)
        let (sum, o2) = shifted.addingReportingOverflow(UInt64(digit))
        value = o1 || o2 ? .max : sum
      } else {
        value = value &* 10 &+ UInt64(digit)
      }
      p &+= 1
    }
    return value
  }

  /// Decimal with an optional fraction, scaled by `scale` (a power of ten up to 10^9), saturating; nil if it is none.
  func scaledDecimal(_ start: Int, _ end: Int, scale: UInt64) -> UInt64? {
    var p = start
    if p < end, unchecked(p) == 0x2b { p += 1 }
    let firstDigit = p
    var value: UInt64 = 0
    while p < end, unchecked(p).isASCIIDigit {
      let (shifted, o1) = value.multipliedReportingOverflow(by: 10)
      let (sum, o2) = shifted.addingReportingOverflow(UInt64(unchecked(p) &- 0x30))
      value = o1 || o2 ? .max : sum
      p += 1
    }
    guard p > firstDigit else { return nil }
    var nanoseconds = 0
    if p < end, unchecked(p) == 0x2e || unchecked(p) == 0x2c { p = fraction(p + 1, end, &nanoseconds) }
    if p < end, unchecked(p) | 0x20 == 0x65 {
      // Exponents: only what floats of short durations look like, 5e-05.
      guard p + 1 < end, unchecked(p + 1) == 0x2d, let power = decimal(p + 2, end) else { return nil }
      var small = value.multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ UInt64(nanoseconds)
      if value > 9 { return nil }
      for _ in 0..<Swift.min(power, 20) { small /= 10 }
      return small / (1_000_000_000 / scale)
    }
    guard p == end else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: scale)
    let (sum, overflow2) = product.addingReportingOverflow(UInt64(nanoseconds) / (1_000_000_000 / scale))
    return overflow || overflow2 ? .max : sum
  }
}
