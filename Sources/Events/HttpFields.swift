// What a log format hands to the batch writer: one request as numbers and ranges, no copies.

import Bytes

/// A run of bytes in the line, or in the parser's scratch space where escapes had to be undone.
///
/// An absent field and an empty one are the same: `count` is 0.
public struct FieldRange: Equatable, Sendable {
  @usableFromInline var packedOffset: UInt32
  public var count: UInt32

  @inlinable @inline(__always)
  public init(offset: Int, count: Int, inScratch: Bool = false) {
    packedOffset = UInt32(truncatingIfNeeded: offset) | (inScratch ? 0x8000_0000 : 0)
    self.count = UInt32(truncatingIfNeeded: count)
  }

  public static let absent = FieldRange(offset: 0, count: 0)

  @inlinable public var inScratch: Bool { packedOffset & 0x8000_0000 != 0 }
  @inlinable public var offset: Int { Int(packedOffset & 0x7fff_ffff) }
  @inlinable public var isEmpty: Bool { count == 0 }

  /// The bytes meant, out of `line` or `scratch`.
  @inlinable @inline(__always)
  @_lifetime(copy line, copy scratch)
  public func bytes(line: RawSpan, scratch: RawSpan) -> RawSpan {
    inScratch
      ? scratch.extracting(offset..<offset &+ Int(count)) : line.extracting(offset..<offset &+ Int(count))
  }
}

/// What is odd about a request; stored in `HttpEvent.flags`.
public struct HttpFlags: OptionSet, Sendable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The request line was empty or `-`.
  public static let emptyRequest = HttpFlags(rawValue: 1 << 0)
  /// The request line held no method, target and protocol; the whole of it is the target.
  public static let malformedRequest = HttpFlags(rawValue: 1 << 1)
  /// The request line began like a TLS handshake (0x16 0x03), or another binary protocol, on a plain port.
  public static let binaryRequest = HttpFlags(rawValue: 1 << 2)
  /// A field was longer than its limit and was cut.
  public static let truncated = HttpFlags(rawValue: 1 << 3)
  /// The client address was taken from X-Forwarded-For of a trusted proxy.
  public static let forwarded = HttpFlags(rawValue: 1 << 4)
  /// The client was named by something that is not an address; the address is unknown.
  public static let unresolvedClient = HttpFlags(rawValue: 1 << 5)
  /// The event was behind its source's low watermark when read.
  public static let late = HttpFlags(rawValue: 1 << 6)
  /// The rules have seen the event as it was; then it was redacted. `matches` is what they found.
  public static let judged = HttpFlags(rawValue: 1 << 7)
}

/// One request as read from a line. A plain value, reused from line to line: the parser calls `reset()`.
public struct HttpFields: Sendable {
  /// ns since the epoch, UTC.
  public var time: Nanoseconds = 0
  public var client: IPAddress = .unknown
  /// Bytes sent to the client.
  public var bytes: UInt64 = 0
  /// Microseconds; `.max` when unknown.
  public var duration: UInt32 = .max
  public var asn: UInt32 = 0
  public var requestBytes: UInt64 = 0
  public var status: UInt16 = 0
  /// Two letters, first in the high byte; 0 when unknown.
  public var country: UInt16 = 0
  public var serverPort: UInt16 = 0
  public var method: Method = .unknown
  public var protocolVersion: `Protocol` = .unknown
  public var cacheStatus: CacheStatus = .unknown
  public var flags: HttpFlags = []

  public var host: FieldRange = .absent
  public var target: FieldRange = .absent
  public var userAgent: FieldRange = .absent
  public var referrer: FieldRange = .absent
  public var remoteUser: FieldRange = .absent
  /// Only where `method` is `.unknown` and there was one.
  public var methodText: FieldRange = .absent
  public var contentType: FieldRange = .absent
  public var cookie: FieldRange = .absent
  public var body: FieldRange = .absent
  public var tlsFingerprint: FieldRange = .absent
  public var upstream: FieldRange = .absent

  public init() {}

  @inlinable @inline(__always)
  public mutating func reset() { self = HttpFields() }
}
