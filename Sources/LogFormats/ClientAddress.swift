// Who asked: one address, or the one to believe out of a list that proxies wrote.

import Bytes
import Events

enum ClientAddress {
  /// An address with whatever servers put around it: a port, brackets, a zone id, quotes. nil if there is none.
  static func parse(_ bytes: RawSpan, _ start: Int, _ end: Int) -> IPAddress? {
    var start = start
    var end = end
    while start < end, bytes.unchecked(start) == 0x20 || bytes.unchecked(start) == 0x22 { start += 1 }
    while end > start, bytes.unchecked(end - 1) == 0x20 || bytes.unchecked(end - 1) == 0x22 { end -= 1 }
    guard end - start >= 2 else { return nil }
    if bytes.unchecked(start) == 0x5b {
      // [v6], [v6]:port
      var close = start + 1
      while close < end, bytes.unchecked(close) != 0x5d { close += 1 }
      guard close < end else { return nil }
      return withoutZone(bytes, start + 1, close)
    }
    var colons = 0
    var colon = start
    for p in start..<min(end, start + 64) where bytes.unchecked(p) == 0x3a {
      colons += 1
      colon = p
    }
    // One colon is a port behind an IPv4 address.
    return withoutZone(bytes, start, colons == 1 ? colon : end)
  }

  private static func withoutZone(_ bytes: RawSpan, _ start: Int, _ end: Int) -> IPAddress? {
    guard end - start <= 128 else { return nil }
    var stop = end
    for p in start..<end where bytes.unchecked(p) == 0x25 {
      stop = p
      break
    }
    return IPAddress(bytes.extracting(start..<stop))
  }

  /// What a server may write for a client instead of an address: a host's name, `unix:`, `-`.
  static func isName(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
    guard end > start, end - start <= 255 else { return false }
    for p in start..<end {
      let byte = bytes.unchecked(p)
      if !(byte.isASCIILetter || byte.isASCIIDigit || byte == 0x2d || byte == 0x2e || byte == 0x5f || byte == 0x3a) {
        return false
      }
    }
    return true
  }

  /// The nearest address of a comma-separated list, read from the right, that is not one of `trusted`; if `skipPrivate`,
  /// addresses of private networks are passed over too. When all are, the leftmost.
  static func resolve(
    _ bytes: RawSpan, _ start: Int, _ end: Int, trusted: [Network], skipPrivate: Bool
  ) -> IPAddress? {
    var found: IPAddress?
    var right = end
    while right > start {
      var left = right
      while left > start, bytes.unchecked(left - 1) != 0x2c { left -= 1 }
      if let address = parse(bytes, left, right) {
        found = address
        if !isTrusted(address, trusted), !(skipPrivate && isPrivate(address)) { return address }
      } else if found != nil {
        // Something that is no address: nothing left of it can be believed.
        return found
      }
      right = left - 1
    }
    return found
  }

  /// The same for `Forwarded: for=...;proto=..., for=...` (RFC 7239).
  static func resolveForwarded(_ bytes: RawSpan, _ start: Int, _ end: Int, trusted: [Network]) -> IPAddress? {
    var found: IPAddress?
    var right = end
    while right > start {
      var left = right
      while left > start, bytes.unchecked(left - 1) != 0x2c { left -= 1 }
      var value: IPAddress?
      var p = left
      while p + 4 <= right {
        if bytes.extracting(p..<p + 4).equalsIgnoringCase("for=") {
          var stop = p + 4
          while stop < right, bytes.unchecked(stop) != 0x3b { stop += 1 }
          value = parse(bytes, p + 4, stop)
          break
        }
        p += 1
      }
      if let value {
        found = value
        if !isTrusted(value, trusted) { return value }
      } else if found != nil {
        return found
      }
      right = left - 1
    }
    return found
  }

  static func isTrusted(_ address: IPAddress, _ trusted: [Network]) -> Bool {
    for i in 0..<trusted.count where trusted[i].contains(address) { return true }
    return false
  }

  /// Loopback, link-local and private networks of either family.
  static func isPrivate(_ address: IPAddress) -> Bool {
    if address.isIPv4 {
      let a = address.low >> 24 & 255
      let b = address.low >> 16 & 255
      return a == 10 || a == 127 || (a == 172 && b & 0xf0 == 16) || (a == 192 && b == 168) || (a == 169 && b == 254)
        || (a == 100 && b & 0xc0 == 64)
    }
    return address.high >> 57 == 0x7e || address.high >> 54 == 0x3fa || (address.high == 0 && address.low == 1)
  }
}
