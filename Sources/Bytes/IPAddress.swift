// Addresses of clients: 16 bytes, IPv4 mapped into IPv6 (RFC 4291, section 2.5.5.2).

/// An IPv4 or IPv6 address as two big-endian words. `::` is the unknown address.
public struct IPAddress: Hashable, Sendable, BitwiseCopyable, Comparable, CustomStringConvertible {
  public var high: UInt64
  public var low: UInt64

  @inlinable @inline(__always)
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  @inlinable @inline(__always)
  public init(v4: UInt32) { self.init(high: 0, low: 0xffff_0000_0000 | UInt64(v4)) }

  public static let unknown = IPAddress(high: 0, low: 0)

  @inlinable public var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }
  @inlinable public var isUnknown: Bool { high == 0 && low == 0 }

  @inlinable
  public static func < (a: Self, b: Self) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }

  /// The address with all but the first `prefix` bits (of 128) cleared.
  @inlinable
  public func masked(to prefix: Int) -> IPAddress {
    if prefix >= 128 { return self }
    if prefix <= 0 { return IPAddress(high: 0, low: 0) }
    if prefix > 64 { return IPAddress(high: high, low: low & ~(UInt64.max >> UInt64(prefix - 64))) }
    return IPAddress(high: prefix == 64 ? high : high & ~(UInt64.max >> UInt64(prefix)), low: 0)
  }

  /// The network an operator would block: /24 of IPv4, /48 of IPv6.
  @inlinable
  public var network: IPAddress { isIPv4 ? masked(to: 96 + 24) : masked(to: 48) }

  /// Parses IPv4 or IPv6 text exactly: no port, no brackets, no zone. O(length), no allocation.
  @inlinable
  public init?(_ text: RawSpan) {
    guard let address = IPAddress.parseV4(text) ?? IPAddress.parseV6(text) else { return nil }
    self = address
  }

  @inlinable
  static func parseV4(_ text: RawSpan) -> IPAddress? {
    let n = text.byteCount
    guard n >= 7, n <= 15 else { return nil }
    var value: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var dots = 0
    for i in 0..<n {
      let byte = text.unchecked(i)
      if byte.isASCIIDigit {
        octet = octet &* 10 &+ UInt32(byte &- 0x30)
        digits &+= 1
        if digits > 3 || octet > 255 { return nil }
      } else {
        guard byte == 0x2e, digits > 0, dots < 3 else { return nil }
        value = value << 8 | octet
        octet = 0
        digits = 0
        dots &+= 1
      }
    }
    guard dots == 3, digits > 0 else { return nil }
    return IPAddress(v4: value << 8 | octet)
  }

  @usableFromInline
  static func parseV6(_ text: RawSpan) -> IPAddress? {
    let n = text.byteCount
    guard n >= 2, n <= 45 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    // Groups before and after '::' are shifted in separately and joined at the end.
    var headHigh: UInt64 = 0
    var headLow: UInt64 = 0
    var headGroups = 0
    var groups = 0
    var compressed = false
    var i = 0
    @inline(__always) func push(_ group: UInt64) {
      high = high << 16 | low >> 48
      low = low << 16 | group
      groups += 1
    }
    if n >= 2, text.unchecked(0) == 0x3a {
      guard text.unchecked(1) == 0x3a else { return nil }
      compressed = true
      i = 2
    }
    while i < n {
      let start = i
      var group: UInt64 = 0
      while i < n, let digit = text.unchecked(i).hexValue {
        group = group << 4 | UInt64(digit)
        i += 1
        if i - start > 4 { return nil }
      }
      if i < n, text.unchecked(i) == 0x2e {
        // The last 32 bits may be dotted.
        guard groups <= 6, let v4 = parseV4(text.extracting(start..<n)) else { return nil }
        push(v4.low >> 16 & 0xffff)
        push(v4.low & 0xffff)
        i = n
        break
      }
      guard i > start else { return nil }
      guard groups < 8 else { return nil }
      push(group)
      if i == n { break }
      guard text.unchecked(i) == 0x3a else { return nil }
      i += 1
      if i < n, text.unchecked(i) == 0x3a {
        if compressed { return nil }
        compressed = true
        headHigh = high
        headLow = low
        headGroups = groups
        high = 0
        low = 0
        groups = 0
        i += 1
      } else if i == n {
        return nil
      }
    }
    if !compressed { return groups == 8 ? IPAddress(high: high, low: low) : nil }
    guard headGroups + groups < 8 else { return nil }
    // Move the head to the top.
    for _ in 0..<(8 - headGroups) {
      headHigh = headHigh << 16 | headLow >> 48
      headLow <<= 16
    }
    return IPAddress(high: headHigh | high, low: headLow | low)
  }

  public init?(_ text: String) {
    var text = text
    guard let address = text.withUTF8({ IPAddress($0.span.bytes) }) else { return nil }
    self = address
  }

  /// Text as RFC 5952 wants it; mapped IPv4 as dotted IPv4.
  public var description: String {
    if isIPv4 { return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)" }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - 16 * ($0 & 3))) }
    // The longest run of at least two zero groups, the first of equals, becomes '::'.
    var best = 0..<0
    var run = 0
    for i in 0...8 {
      if i < 8, groups[i] == 0 { continue }
      if i - run > best.count, i - run > 1 { best = run..<i }
      run = i + 1
    }
    let text: (Range<Int>) -> String = { $0.map { String(groups[$0], radix: 16) }.joined(separator: ":") }
    if best.isEmpty { return text(0..<8) }
    return text(0..<best.lowerBound) + "::" + text(best.upperBound..<8)
  }
}

/// A range of addresses in CIDR form.
public struct Network: Hashable, Sendable, CustomStringConvertible {
  public let base: IPAddress
  /// Length of the prefix in bits of the 128-bit form: 96 more than the IPv4 length.
  public let prefix: Int

  public init(_ address: IPAddress, prefix: Int) {
    base = address.masked(to: prefix)
    self.prefix = prefix
  }

  /// Parses `address` or `address/length`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
    let width = address.isIPv4 ? 32 : 128
    var length = width
    if parts.count == 2 {
      guard let n = Int(parts[1]), parts[1].allSatisfy(\.isNumber), n >= 0, n <= width else { return nil }
      length = n
    }
    self.init(address, prefix: address.isIPv4 ? 96 + length : length)
  }

  @inlinable
  public func contains(_ address: IPAddress) -> Bool { address.masked(to: prefix) == base }

  public var description: String {
    base.isIPv4 && prefix >= 96 ? "\(base)/\(prefix - 96)" : "\(base)/\(prefix)"
  }
}
