// Generated from events.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto

// What the forwarder writes and the aggregator reads: one record is one EventBatch.
// Evolved only by appending. Bytes that come from a client are Data: they need not be UTF-8.

@inlinable
public var schemaVersion: UInt16 { 1 }

public struct EventBatch: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var schemaVersion: UInt16 { reader.scalar(0, of: 80) }

  @inlinable
  public var source: Source {
    @_lifetime(copy self)
    get throws(WireError) { Source(try reader.structure(0)) }
  }
  /// Whether `source` was set.
  @inlinable
  public var hasSource: Bool { reader.hasPointer(0) }

  /// Number of this batch in its source, from 0, without gaps.
  @inlinable @inline(__always)
  public var sequence: UInt64 { reader.scalar(8, of: 80) }

  /// Number in the source of the first line this batch accounts for, from 0.
  @inlinable @inline(__always)
  public var firstOrdinal: UInt64 { reader.scalar(16, of: 80) }

  /// Line number in the file of byteBegin, from 1; 0 where there is no file.
  @inlinable @inline(__always)
  public var firstLine: UInt64 { reader.scalar(24, of: 80) }

  /// The bytes of the (decompressed) file this batch accounts for.
  @inlinable @inline(__always)
  public var byteBegin: UInt64 { reader.scalar(32, of: 80) }

  @inlinable @inline(__always)
  public var byteEnd: UInt64 { reader.scalar(40, of: 80) }

  /// ns since the epoch: no on-time event of the source after this batch is older.
  @inlinable @inline(__always)
  public var lowWatermark: Int64 { reader.scalar(48, of: 80) }

  /// Smallest and largest event time in the batch, ns.
  @inlinable @inline(__always)
  public var firstTime: Int64 { reader.scalar(56, of: 80) }

  @inlinable @inline(__always)
  public var lastTime: Int64 { reader.scalar(64, of: 80) }

  /// Events in the list.
  @inlinable @inline(__always)
  public var count: UInt32 { reader.scalar(4, of: 80) }

  /// Each event stands for this many (sampling).
  @inlinable @inline(__always)
  public var weight: UInt32 { reader.scalar(72, of: 80) ^ 0x1 }

  @inlinable
  public var ledger: Ledger {
    @_lifetime(copy self)
    get throws(WireError) { Ledger(try reader.structure(1)) }
  }
  /// Whether `ledger` was set.
  @inlinable
  public var hasLedger: Bool { reader.hasPointer(1) }

  /// The source says nothing more.
  @inlinable @inline(__always)
  public var final: Bool { reader.bit(16) }

  @inlinable
  public var events: Events {
    @_lifetime(copy self)
    get { Events(reader) }
  }

  /// Written by the partition's owner: `source` holds nobody back until it speaks again.
  @inlinable @inline(__always)
  public var idle: Bool { reader.bit(17) }

  public struct Events: ~Escapable, BitwiseCopyable, StructView {
    @usableFromInline let reader: StructReader

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    public init(_ reader: StructReader) { self.reader = reader }

    /// The members of the union.
    public enum Which: Sendable, CaseIterable {
      case none
      case http
      case dns
      case auth
      case unparsed
      /// One that a newer schema added.
      case unrecognized
    }

    /// The member that is set.
    @inlinable
    public var which: Which {
      switch reader.scalar(76, as: UInt16.self) {
      case 0: .none
      case 1: .http
      case 2: .dns
      case 3: .auth
      case 4: .unparsed
      default: .unrecognized
      }
    }

    // none holds nothing: A heartbeat, or an end.

    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var http: HttpEventList {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(76, as: UInt16.self) == 1 else { throw .unionMember }
        return HttpEventList(try reader.list(2, of: HttpEventList.elementSize))
      }
    }
    /// Whether `http` was set.
    @inlinable
    public var hasHttp: Bool { reader.scalar(76, as: UInt16.self) == 1 && reader.hasPointer(2) }

    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var dns: DnsEventList {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(76, as: UInt16.self) == 2 else { throw .unionMember }
        return DnsEventList(try reader.list(2, of: DnsEventList.elementSize))
      }
    }
    /// Whether `dns` was set.
    @inlinable
    public var hasDns: Bool { reader.scalar(76, as: UInt16.self) == 2 && reader.hasPointer(2) }

    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var auth: AuthEventList {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(76, as: UInt16.self) == 3 else { throw .unionMember }
        return AuthEventList(try reader.list(2, of: AuthEventList.elementSize))
      }
    }
    /// Whether `auth` was set.
    @inlinable
    public var hasAuth: Bool { reader.scalar(76, as: UInt16.self) == 3 && reader.hasPointer(2) }

    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var unparsed: UnparsedLineList {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(76, as: UInt16.self) == 4 else { throw .unionMember }
        return UnparsedLineList(try reader.list(2, of: UnparsedLineList.elementSize))
      }
    }
    /// Whether `unparsed` was set.
    @inlinable
    public var hasUnparsed: Bool { reader.scalar(76, as: UInt16.self) == 4 && reader.hasPointer(2) }
  }

  /// Builder of `Events`.
  public struct EventsBuilder: ~Escapable, BitwiseCopyable {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    /// Makes `none` the member of the union that is set.
    @inlinable
    public func setNone() { builder.set(0 as UInt16, at: 76) }

    @inlinable
    @_lifetime(copy self)
    public func initHttp(count: Int) -> HttpEventListBuilder {
      builder.set(1 as UInt16, at: 76)
      return HttpEventListBuilder(makeAt: builder.pointer(2), count: count)
    }
    @inlinable
    public func placeHttp(_ list: borrowing GrowingStructList<HttpEventBuilder>) {
      builder.set(1 as UInt16, at: 76)
      list.place(at: builder.pointer(2))
    }

    @inlinable
    @_lifetime(copy self)
    public func initDns(count: Int) -> DnsEventListBuilder {
      builder.set(2 as UInt16, at: 76)
      return DnsEventListBuilder(makeAt: builder.pointer(2), count: count)
    }
    @inlinable
    public func placeDns(_ list: borrowing GrowingStructList<DnsEventBuilder>) {
      builder.set(2 as UInt16, at: 76)
      list.place(at: builder.pointer(2))
    }

    @inlinable
    @_lifetime(copy self)
    public func initAuth(count: Int) -> AuthEventListBuilder {
      builder.set(3 as UInt16, at: 76)
      return AuthEventListBuilder(makeAt: builder.pointer(2), count: count)
    }
    @inlinable
    public func placeAuth(_ list: borrowing GrowingStructList<AuthEventBuilder>) {
      builder.set(3 as UInt16, at: 76)
      list.place(at: builder.pointer(2))
    }

    @inlinable
    @_lifetime(copy self)
    public func initUnparsed(count: Int) -> UnparsedLineListBuilder {
      builder.set(4 as UInt16, at: 76)
      return UnparsedLineListBuilder(makeAt: builder.pointer(2), count: count)
    }
    @inlinable
    public func placeUnparsed(_ list: borrowing GrowingStructList<UnparsedLineBuilder>) {
      builder.set(4 as UInt16, at: 76)
      list.place(at: builder.pointer(2))
    }
  }
}
public typealias EventBatchList = StructList<EventBatch>

/// Builder of `EventBatch`.
public struct EventBatchBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 10, pointers: 3) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var schemaVersion: UInt16 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initSource() -> SourceBuilder {
    return SourceBuilder(builder.pointer(0).makeStruct(SourceBuilder.size))
  }
  /// What `initSource` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeSource() -> SourceBuilder { SourceBuilder(builder.pointer(0).resumeStruct(SourceBuilder.size)) }
  @inlinable
  public func setSource(_ value: Source) throws(WireError) {
    try builder.pointer(0).copy(value.reader)
  }

  /// Number of this batch in its source, from 0, without gaps.
  @inlinable @inline(__always)
  public var sequence: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// Number in the source of the first line this batch accounts for, from 0.
  @inlinable @inline(__always)
  public var firstOrdinal: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Line number in the file of byteBegin, from 1; 0 where there is no file.
  @inlinable @inline(__always)
  public var firstLine: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  /// The bytes of the (decompressed) file this batch accounts for.
  @inlinable @inline(__always)
  public var byteBegin: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var byteEnd: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  /// ns since the epoch: no on-time event of the source after this batch is older.
  @inlinable @inline(__always)
  public var lowWatermark: Int64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// Smallest and largest event time in the batch, ns.
  @inlinable @inline(__always)
  public var firstTime: Int64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  @inlinable @inline(__always)
  public var lastTime: Int64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// Events in the list.
  @inlinable @inline(__always)
  public var count: UInt32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  /// Each event stands for this many (sampling).
  @inlinable @inline(__always)
  public var weight: UInt32 {
    get { builder.get(72) ^ 0x1 }
    nonmutating set { builder.set(newValue ^ 0x1, at: 72) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initLedger() -> LedgerBuilder {
    return LedgerBuilder(builder.pointer(1).makeStruct(LedgerBuilder.size))
  }
  /// What `initLedger` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeLedger() -> LedgerBuilder { LedgerBuilder(builder.pointer(1).resumeStruct(LedgerBuilder.size)) }
  @inlinable
  public func setLedger(_ value: Ledger) throws(WireError) {
    try builder.pointer(1).copy(value.reader)
  }

  /// The source says nothing more.
  @inlinable @inline(__always)
  public var final: Bool {
    get { builder.getBit(16) }
    nonmutating set { builder.setBit(newValue, at: 16) }
  }

  @inlinable
  public var events: EventBatch.EventsBuilder {
    @_lifetime(copy self)
    get { EventBatch.EventsBuilder(builder) }
  }

  /// Written by the partition's owner: `source` holds nobody back until it speaks again.
  @inlinable @inline(__always)
  public var idle: Bool {
    get { builder.getBit(17) }
    nonmutating set { builder.setBit(newValue, at: 17) }
  }
}
public typealias EventBatchListBuilder = StructListBuilder<EventBatchBuilder>

public struct Source: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  /// Stable across restarts; from content, never from a path alone.
  @inlinable @inline(__always)
  public var id: UInt64 { reader.scalar(0, of: 8) }

  /// Host that read it.
  @inlinable @inline(__always)
  public var host: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `host` was set.
  @inlinable
  public var hasHost: Bool { reader.hasPointer(0) }

  /// File or listener.
  @inlinable @inline(__always)
  public var path: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `path` was set.
  @inlinable
  public var hasPath: Bool { reader.hasPointer(1) }
}
public typealias SourceList = StructList<Source>

/// Builder of `Source`.
public struct SourceBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 1, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Stable across restarts; from content, never from a path alone.
  @inlinable @inline(__always)
  public var id: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// Host that read it.
  @inlinable @inline(__always)
  public func setHost(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// File or listener.
  @inlinable @inline(__always)
  public func setPath(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }
}
public typealias SourceListBuilder = StructListBuilder<SourceBuilder>

/// Where every line of this batch went. lines = parsed + unparsed + ahead + sampledOut.
public struct Ledger: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var lines: UInt32 { reader.scalar(0, of: 24) }

  @inlinable @inline(__always)
  public var parsed: UInt32 { reader.scalar(4, of: 24) }

  /// No format read it, or over-long.
  @inlinable @inline(__always)
  public var unparsed: UInt32 { reader.scalar(8, of: 24) }

  /// Stamp too far past the source's time.
  @inlinable @inline(__always)
  public var ahead: UInt32 { reader.scalar(12, of: 24) }

  @inlinable @inline(__always)
  public var sampledOut: UInt32 { reader.scalar(16, of: 24) }

  /// Of parsed: older than the source's watermark when read.
  @inlinable @inline(__always)
  public var late: UInt32 { reader.scalar(20, of: 24) }
}
public typealias LedgerList = StructList<Ledger>

/// Builder of `Ledger`.
public struct LedgerBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 3, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var lines: UInt32 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var parsed: UInt32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  /// No format read it, or over-long.
  @inlinable @inline(__always)
  public var unparsed: UInt32 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// Stamp too far past the source's time.
  @inlinable @inline(__always)
  public var ahead: UInt32 {
    get { builder.get(12) }
    nonmutating set { builder.set(newValue, at: 12) }
  }

  @inlinable @inline(__always)
  public var sampledOut: UInt32 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Of parsed: older than the source's watermark when read.
  @inlinable @inline(__always)
  public var late: UInt32 {
    get { builder.get(20) }
    nonmutating set { builder.set(newValue, at: 20) }
  }
}
public typealias LedgerListBuilder = StructListBuilder<LedgerBuilder>

public enum Method: UInt16, WireEnum, CaseIterable {
  /// methodText holds it where there was one.
  case unknown
  case get
  case head
  case post
  case put
  case delete
  case options
  case patch
  case connect
  case trace
  case propfind

  /// The enumerant of this number; `unknown` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 11) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}

public enum `Protocol`: UInt16, WireEnum, CaseIterable {
  case unknown
  case http09
  case http10
  case http11
  case http2
  case http3

  /// The enumerant of this number; `unknown` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 6) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}

public enum CacheStatus: UInt16, WireEnum, CaseIterable {
  case unknown
  case hit
  case miss
  case expired
  case bypass
  case stale
  case revalidated
  case dynamic
  case error

  /// The enumerant of this number; `unknown` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 9) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}

public struct HttpEvent: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  /// ns since the epoch, UTC.
  @inlinable @inline(__always)
  public var time: Int64 { reader.scalar(0, of: 64) }

  /// Client address, 16 bytes in network order as two big-endian words; IPv4 mapped.
  @inlinable @inline(__always)
  public var clientHigh: UInt64 { reader.scalar(8, of: 64) }

  @inlinable @inline(__always)
  public var clientLow: UInt64 { reader.scalar(16, of: 64) }

  /// Sent to the client.
  @inlinable @inline(__always)
  public var bytes: UInt64 { reader.scalar(24, of: 64) }

  /// us; 0xffffffff unknown.
  @inlinable @inline(__always)
  public var duration: UInt32 { reader.scalar(32, of: 64) }

  /// Start of the line after byteBegin, bytes.
  @inlinable @inline(__always)
  public var lineOffset: UInt32 { reader.scalar(36, of: 64) }

  /// After firstLine.
  @inlinable @inline(__always)
  public var lineNumber: UInt32 { reader.scalar(40, of: 64) }

  @inlinable @inline(__always)
  public var asn: UInt32 { reader.scalar(44, of: 64) }

  @inlinable @inline(__always)
  public var status: UInt16 { reader.scalar(48, of: 64) }

  /// Two letters, first in the high byte; 0 unknown.
  @inlinable @inline(__always)
  public var country: UInt16 { reader.scalar(50, of: 64) }

  @inlinable @inline(__always)
  public var method: Method { Method(wire: reader.scalar(52, of: 64)) }

  @inlinable @inline(__always)
  public var `protocol`: `Protocol` { `Protocol`(wire: reader.scalar(54, of: 64)) }

  @inlinable @inline(__always)
  public var cacheStatus: CacheStatus { CacheStatus(wire: reader.scalar(56, of: 64)) }

  /// HttpFlags of Events: malformed request, truncated field, ...
  @inlinable @inline(__always)
  public var flags: UInt16 { reader.scalar(58, of: 64) }

  @inlinable @inline(__always)
  public var host: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `host` was set.
  @inlinable
  public var hasHost: Bool { reader.hasPointer(0) }

  /// Request target as raw bytes.
  @inlinable @inline(__always)
  public var target: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `target` was set.
  @inlinable
  public var hasTarget: Bool { reader.hasPointer(1) }

  @inlinable @inline(__always)
  public var userAgent: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `userAgent` was set.
  @inlinable
  public var hasUserAgent: Bool { reader.hasPointer(2) }

  @inlinable @inline(__always)
  public var referrer: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(3) }
  }
  /// Whether `referrer` was set.
  @inlinable
  public var hasReferrer: Bool { reader.hasPointer(3) }

  /// What most lines do not have.
  @inlinable
  public var extra: HttpExtra {
    @_lifetime(copy self)
    get throws(WireError) { HttpExtra(try reader.structure(4)) }
  }
  /// Whether `extra` was set.
  @inlinable
  public var hasExtra: Bool { reader.hasPointer(4) }
}
public typealias HttpEventList = StructList<HttpEvent>

/// Builder of `HttpEvent`.
public struct HttpEventBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 8, pointers: 5) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// ns since the epoch, UTC.
  @inlinable @inline(__always)
  public var time: Int64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// Client address, 16 bytes in network order as two big-endian words; IPv4 mapped.
  @inlinable @inline(__always)
  public var clientHigh: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var clientLow: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Sent to the client.
  @inlinable @inline(__always)
  public var bytes: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  /// us; 0xffffffff unknown.
  @inlinable @inline(__always)
  public var duration: UInt32 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  /// Start of the line after byteBegin, bytes.
  @inlinable @inline(__always)
  public var lineOffset: UInt32 {
    get { builder.get(36) }
    nonmutating set { builder.set(newValue, at: 36) }
  }

  /// After firstLine.
  @inlinable @inline(__always)
  public var lineNumber: UInt32 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var asn: UInt32 {
    get { builder.get(44) }
    nonmutating set { builder.set(newValue, at: 44) }
  }

  @inlinable @inline(__always)
  public var status: UInt16 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// Two letters, first in the high byte; 0 unknown.
  @inlinable @inline(__always)
  public var country: UInt16 {
    get { builder.get(50) }
    nonmutating set { builder.set(newValue, at: 50) }
  }

  @inlinable @inline(__always)
  public var method: Method {
    get { Method(wire: builder.get(52)) }
    nonmutating set { builder.set(newValue.wire, at: 52) }
  }

  @inlinable @inline(__always)
  public var `protocol`: `Protocol` {
    get { `Protocol`(wire: builder.get(54)) }
    nonmutating set { builder.set(newValue.wire, at: 54) }
  }

  @inlinable @inline(__always)
  public var cacheStatus: CacheStatus {
    get { CacheStatus(wire: builder.get(56)) }
    nonmutating set { builder.set(newValue.wire, at: 56) }
  }

  /// HttpFlags of Events: malformed request, truncated field, ...
  @inlinable @inline(__always)
  public var flags: UInt16 {
    get { builder.get(58) }
    nonmutating set { builder.set(newValue, at: 58) }
  }

  @inlinable @inline(__always)
  public func setHost(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Request target as raw bytes.
  @inlinable @inline(__always)
  public func setTarget(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setUserAgent(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setReferrer(_ bytes: RawSpan) {
    builder.pointer(3).setData(bytes)
  }

  /// What most lines do not have.
  @inlinable
  @_lifetime(copy self)
  public func initExtra() -> HttpExtraBuilder {
    return HttpExtraBuilder(builder.pointer(4).makeStruct(HttpExtraBuilder.size))
  }
  /// What `initExtra` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeExtra() -> HttpExtraBuilder { HttpExtraBuilder(builder.pointer(4).resumeStruct(HttpExtraBuilder.size)) }
  @inlinable
  public func setExtra(_ value: HttpExtra) throws(WireError) {
    try builder.pointer(4).copy(value.reader)
  }
}
public typealias HttpEventListBuilder = StructListBuilder<HttpEventBuilder>

public struct HttpExtra: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var remoteUser: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `remoteUser` was set.
  @inlinable
  public var hasRemoteUser: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var methodText: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `methodText` was set.
  @inlinable
  public var hasMethodText: Bool { reader.hasPointer(1) }

  @inlinable @inline(__always)
  public var contentType: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `contentType` was set.
  @inlinable
  public var hasContentType: Bool { reader.hasPointer(2) }

  @inlinable @inline(__always)
  public var cookie: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(3) }
  }
  /// Whether `cookie` was set.
  @inlinable
  public var hasCookie: Bool { reader.hasPointer(3) }

  /// First bytes of the request's body.
  @inlinable @inline(__always)
  public var body: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(4) }
  }
  /// Whether `body` was set.
  @inlinable
  public var hasBody: Bool { reader.hasPointer(4) }

  @inlinable @inline(__always)
  public var tlsFingerprint: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(5) }
  }
  /// Whether `tlsFingerprint` was set.
  @inlinable
  public var hasTlsFingerprint: Bool { reader.hasPointer(5) }

  @inlinable @inline(__always)
  public var upstream: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(6) }
  }
  /// Whether `upstream` was set.
  @inlinable
  public var hasUpstream: Bool { reader.hasPointer(6) }

  /// Rules already matched where a forwarder redacts.
  @inlinable
  public var matches: RuleMatchList {
    @_lifetime(copy self)
    get throws(WireError) { RuleMatchList(try reader.list(7, of: RuleMatchList.elementSize)) }
  }
  /// Whether `matches` was set.
  @inlinable
  public var hasMatches: Bool { reader.hasPointer(7) }

  @inlinable @inline(__always)
  public var requestBytes: UInt64 { reader.scalar(0, of: 16) }

  @inlinable @inline(__always)
  public var serverPort: UInt16 { reader.scalar(8, of: 16) }
}
public typealias HttpExtraList = StructList<HttpExtra>

/// Builder of `HttpExtra`.
public struct HttpExtraBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 8) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public func setRemoteUser(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setMethodText(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setContentType(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setCookie(_ bytes: RawSpan) {
    builder.pointer(3).setData(bytes)
  }

  /// First bytes of the request's body.
  @inlinable @inline(__always)
  public func setBody(_ bytes: RawSpan) {
    builder.pointer(4).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setTlsFingerprint(_ bytes: RawSpan) {
    builder.pointer(5).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setUpstream(_ bytes: RawSpan) {
    builder.pointer(6).setData(bytes)
  }

  /// Rules already matched where a forwarder redacts.
  @inlinable
  @_lifetime(copy self)
  public func initMatches(count: Int) -> RuleMatchListBuilder {
    return RuleMatchListBuilder(makeAt: builder.pointer(7), count: count)
  }
  @inlinable
  public func placeMatches(_ list: borrowing GrowingStructList<RuleMatchBuilder>) {
    list.place(at: builder.pointer(7))
  }

  @inlinable @inline(__always)
  public var requestBytes: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var serverPort: UInt16 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }
}
public typealias HttpExtraListBuilder = StructListBuilder<HttpExtraBuilder>

public struct RuleMatch: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var rule: UInt64 { reader.scalar(0, of: 16) }

  @inlinable @inline(__always)
  public var score: UInt8 { reader.scalar(8, of: 16) }
}
public typealias RuleMatchList = StructList<RuleMatch>

/// Builder of `RuleMatch`.
public struct RuleMatchBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var rule: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var score: UInt8 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }
}
public typealias RuleMatchListBuilder = StructListBuilder<RuleMatchBuilder>

public struct UnparsedLine: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var reason: UnparsedLine.Reason { UnparsedLine.Reason(wire: reader.scalar(0, of: 32)) }

  @inlinable @inline(__always)
  public var lineOffset: UInt32 { reader.scalar(4, of: 32) }

  @inlinable @inline(__always)
  public var lineNumber: UInt32 { reader.scalar(8, of: 32) }

  /// Bytes of the whole line.
  @inlinable @inline(__always)
  public var length: UInt64 { reader.scalar(16, of: 32) }

  /// Of the whole line.
  @inlinable @inline(__always)
  public var hash: UInt64 { reader.scalar(24, of: 32) }

  /// Its first bytes.
  @inlinable @inline(__always)
  public var head: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `head` was set.
  @inlinable
  public var hasHead: Bool { reader.hasPointer(0) }

  public enum Reason: UInt16, WireEnum, CaseIterable {
    case noFormat
    case tooLong
    case timeAhead
    case badTime
    case badAddress
    case binary

    /// The enumerant of this number; `noFormat` where this schema has none such.
    @inlinable @inline(__always)
    public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 6) }

    /// The number on the wire.
    @inlinable @inline(__always)
    public var wire: UInt16 { WireEnumTag.number(self) }
  }
}
public typealias UnparsedLineList = StructList<UnparsedLine>

/// Builder of `UnparsedLine`.
public struct UnparsedLineBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 4, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var reason: UnparsedLine.Reason {
    get { UnparsedLine.Reason(wire: builder.get(0)) }
    nonmutating set { builder.set(newValue.wire, at: 0) }
  }

  @inlinable @inline(__always)
  public var lineOffset: UInt32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  @inlinable @inline(__always)
  public var lineNumber: UInt32 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// Bytes of the whole line.
  @inlinable @inline(__always)
  public var length: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Of the whole line.
  @inlinable @inline(__always)
  public var hash: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  /// Its first bytes.
  @inlinable @inline(__always)
  public func setHead(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }
}
public typealias UnparsedLineListBuilder = StructListBuilder<UnparsedLineBuilder>

public struct DnsEvent: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var time: Int64 { reader.scalar(0, of: 32) }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 { reader.scalar(8, of: 32) }

  @inlinable @inline(__always)
  public var clientLow: UInt64 { reader.scalar(16, of: 32) }

  @inlinable @inline(__always)
  public var type: UInt16 { reader.scalar(24, of: 32) }

  @inlinable @inline(__always)
  public var responseCode: UInt16 { reader.scalar(26, of: 32) }

  @inlinable @inline(__always)
  public var name: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `name` was set.
  @inlinable
  public var hasName: Bool { reader.hasPointer(0) }
}
public typealias DnsEventList = StructList<DnsEvent>

/// Builder of `DnsEvent`.
public struct DnsEventBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 4, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var time: Int64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var clientLow: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var type: UInt16 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var responseCode: UInt16 {
    get { builder.get(26) }
    nonmutating set { builder.set(newValue, at: 26) }
  }

  @inlinable @inline(__always)
  public func setName(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }
}
public typealias DnsEventListBuilder = StructListBuilder<DnsEventBuilder>

public struct AuthEvent: ~Escapable, BitwiseCopyable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// The struct itself, to copy it whole or to look at it without its schema.
  @inlinable
  public var content: StructReader {
    @_lifetime(copy self)
    get { reader }
  }

  @inlinable @inline(__always)
  public var time: Int64 { reader.scalar(0, of: 32) }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 { reader.scalar(8, of: 32) }

  @inlinable @inline(__always)
  public var clientLow: UInt64 { reader.scalar(16, of: 32) }

  @inlinable @inline(__always)
  public var succeeded: Bool { reader.bit(192) }

  @inlinable @inline(__always)
  public var service: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `service` was set.
  @inlinable
  public var hasService: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var user: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `user` was set.
  @inlinable
  public var hasUser: Bool { reader.hasPointer(1) }
}
public typealias AuthEventList = StructList<AuthEvent>

/// Builder of `AuthEvent`.
public struct AuthEventBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 4, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var time: Int64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var clientLow: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var succeeded: Bool {
    get { builder.getBit(192) }
    nonmutating set { builder.setBit(newValue, at: 192) }
  }

  @inlinable @inline(__always)
  public func setService(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setUser(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }
}
public typealias AuthEventListBuilder = StructListBuilder<AuthEventBuilder>
