// Requests that the user vouches for. They are counted as allowed and looked at no further.
//
// What is asked of a request must be what its server understands, or an attacker writes something that is allowed here
// and something else there. So a path only holds where there is one way to read it: decoded once, without dots,
// double slashes, encoded slashes, backslashes, parameters or a second level of escapes. Anything else is judged.

import Bytes
import Events

/// One permission: all that it names must hold.
public struct Permission: Sendable, Equatable {
  /// Empty: from anywhere.
  public var networks: [Network] = []
  /// Decoded; empty where nothing is asked of it.
  public var path: [UInt8] = []
  /// The path or what it is under.
  public var pathPrefix: [UInt8] = []
  public var userAgent: [UInt8] = []
  public var userAgentPart: [UInt8] = []
  public init() {}
}

/// What is allowed. Pure, and without allocation when asked.
public struct AllowList: Sendable {
  private struct Entry: Sendable {
    var permission: Permission
    var table: AddressTable
  }
  private let entries: [Entry]
  /// Of all it says.
  public let hash: UInt64

  public init(_ permissions: [Permission] = []) {
    // One that asks for nothing would allow everything.
    entries = permissions.filter { $0 != Permission() }.map { Entry(permission: $0, table: AddressTable($0.networks)) }
    let key = KeyedHash(key: 0x6d69_6c6c_7261_6365)
    var hash: UInt64 = 0
    for entry in entries {
      for network in entry.permission.networks { hash = key.hash(key.hash(hash, 1), key.hash(network.description)) }
      let texts = [
        entry.permission.path, entry.permission.pathPrefix, entry.permission.userAgent, entry.permission.userAgentPart,
      ]
      for text in texts { hash = key.hash(key.hash(hash, 2), key.hash(text.span.bytes)) }
    }
    self.hash = hash
  }

  public var isEmpty: Bool { entries.isEmpty }

  /// Whether one of the permissions holds. O(permissions).
  func allows(_ event: borrowing HttpEvent) -> Bool {
    guard let target = try? event.target, let agent = try? event.userAgent else { return false }
    let isOdd = !HttpFlags(rawValue: event.flags).isDisjoint(with: [.binaryRequest, .malformedRequest])
    return allows(
      client: IPAddress(high: event.clientHigh, low: event.clientLow), target: target, userAgent: agent, isOdd: isOdd)
  }

  /// - Parameters:
  ///   - target: Of the request, as it was sent.
  ///   - isOdd: The request line was none: it has no path.
  public func allows(client: IPAddress, target: RawSpan, userAgent: RawSpan, isOdd: Bool = false) -> Bool {
    for entry in entries {
      let asked = entry.permission
      if !asked.networks.isEmpty, !entry.table.contains(client) { continue }
      if !asked.path.isEmpty, isOdd || !PlainPath.matches(target, asked.path, isPrefix: false) { continue }
      if !asked.pathPrefix.isEmpty, isOdd || !PlainPath.matches(target, asked.pathPrefix, isPrefix: true) { continue }
      if !asked.userAgent.isEmpty, !Self.equal(userAgent, asked.userAgent) { continue }
      if !asked.userAgentPart.isEmpty, !Self.contains(userAgent, asked.userAgentPart) { continue }
      return true
    }
    return false
  }

  private static func equal(_ text: RawSpan, _ wanted: [UInt8]) -> Bool {
    guard text.byteCount == wanted.count else { return false }
    for i in 0..<wanted.count where text.unchecked(i) != wanted[i] { return false }
    return true
  }

  private static func contains(_ text: RawSpan, _ wanted: [UInt8]) -> Bool {
    guard text.byteCount >= wanted.count else { return false }
    var start = 0
    while start <= text.byteCount &- wanted.count {
      guard let hit = text.firstIndex(of: wanted[0], from: start), hit <= text.byteCount &- wanted.count else {
        return false
      }
      var i = 1
      while i < wanted.count, text.unchecked(hit &+ i) == wanted[i] { i &+= 1 }
      if i == wanted.count { return true }
      start = hit &+ 1
    }
    return false
  }
}

/// Paths that every server reads alike.
enum PlainPath {
  /// Whether the path of a target, decoded, is `wanted`, or is under it. False for every target whose path could be read
  /// in more than one way. One pass, O(bytes).
  static func matches(_ target: RawSpan, _ wanted: [UInt8], isPrefix: Bool) -> Bool {
    var i = 0
    /// Bytes of the decoded path so far.
    var count = 0
    var segment = 0
    var isAllDots = true
    while i < target.byteCount {
      var byte = target.unchecked(i)
      if byte == 0x3f { break }
      let isEscaped = byte == 0x25
      if isEscaped {
        guard i &+ 2 < target.byteCount, let high = target.unchecked(i &+ 1).hexValue,
          let low = target.unchecked(i &+ 2).hexValue
        else { return false }
        byte = UInt8(truncatingIfNeeded: high) << 4 | UInt8(truncatingIfNeeded: low)
        i &+= 2
      }
      i &+= 1
      switch byte {
      case 0...0x20, 0x7f, 0x5c, 0x23, 0x25, 0x3b: return false
      // Encoded, these are delimiters to some servers and text to others.
      case 0x2f, 0x2e, 0x3f, 0x3a, 0x40: if isEscaped { return false }
      // An overlong slash or dot, or one of the wide forms that some take for it.
      case 0x80...: if count >= wanted.count { return false }
      default: break
      }
      if byte == 0x2f {
        if count > 0, segment == 0 || isAllDots { return false }
        segment = 0
        isAllDots = true
      } else {
        if count == 0 { return false }
        segment &+= 1
        if byte != 0x2e { isAllDots = false }
      }
      if count < wanted.count {
        if byte != wanted[count] { return false }
      } else if !isPrefix {
        return false
      } else if count == wanted.count, wanted[count &- 1] != 0x2f, byte != 0x2f {
        return false
      }
      count &+= 1
    }
    return count >= wanted.count && (segment == 0 || !isAllDots)
  }
}
