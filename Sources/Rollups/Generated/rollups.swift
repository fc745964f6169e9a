// Generated from rollups.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto
import Events

// What the aggregator writes and the analyzer's zone stage reads. For one input partition, window and
// zone exactly one on-time partial; late partials follow, marked. Sums are integers and add; sketches
// and samples merge as Sketches says. All hashes are made with hashSeed.

public struct Rollup: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  @inlinable @inline(__always)
  public var schemaVersion: UInt16 { reader.scalar(0) }

  @inlinable @inline(__always)
  public var inputPartition: UInt16 { reader.scalar(2) }

  /// ns; the window is [windowStart, windowStart + windowLength).
  @inlinable @inline(__always)
  public var windowStart: Int64 { reader.scalar(8) }

  @inlinable @inline(__always)
  public var windowLength: Int64 { reader.scalar(16) }

  /// Of the input partition when this was written.
  @inlinable @inline(__always)
  public var watermark: Int64 { reader.scalar(24) }

  @inlinable @inline(__always)
  public var late: Bool { reader.bit(32) }

  @inlinable @inline(__always)
  public var hashSeed: UInt64 { reader.scalar(32) }

  /// Hash of the rule set that made `rules` and the scores.
  @inlinable @inline(__always)
  public var ruleSet: UInt64 { reader.scalar(40) }

  /// Host, lower case, without port; "" for the shared zone of unconfirmed hosts.
  @inlinable @inline(__always)
  public var zone: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `zone` was set.
  @inlinable
  public var hasZone: Bool { reader.hasPointer(0) }

  @inlinable
  public var counts: Counts {
    @_lifetime(copy self)
    get throws(WireError) { Counts(try reader.structure(1)) }
  }
  /// Whether `counts` was set.
  @inlinable
  public var hasCounts: Bool { reader.hasPointer(1) }

  /// HyperLogLog.
  @inlinable @inline(__always)
  public var distinctClients: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `distinctClients` was set.
  @inlinable
  public var hasDistinctClients: Bool { reader.hasPointer(2) }

  /// Quantile sketch of duration, us; empty when no event had one.
  @inlinable @inline(__always)
  public var latency: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(3) }
  }
  /// Whether `latency` was set.
  @inlinable
  public var hasLatency: Bool { reader.hasPointer(3) }

  @inlinable
  public var heavyHitters: HeavyHittersList {
    @_lifetime(copy self)
    get throws(WireError) { HeavyHittersList(try reader.list(4, of: HeavyHittersList.elementSize)) }
  }
  /// Whether `heavyHitters` was set.
  @inlinable
  public var hasHeavyHitters: Bool { reader.hasPointer(4) }

  /// Bottom-k of whole field tuples.
  @inlinable
  public var samples: TupleSampleList {
    @_lifetime(copy self)
    get throws(WireError) { TupleSampleList(try reader.list(5, of: TupleSampleList.elementSize)) }
  }
  /// Whether `samples` was set.
  @inlinable
  public var hasSamples: Bool { reader.hasPointer(5) }

  @inlinable
  public var rules: RuleActivityList {
    @_lifetime(copy self)
    get throws(WireError) { RuleActivityList(try reader.list(6, of: RuleActivityList.elementSize)) }
  }
  /// Whether `rules` was set.
  @inlinable
  public var hasRules: Bool { reader.hasPointer(6) }

  @inlinable
  public var clients: ClientActivityList {
    @_lifetime(copy self)
    get throws(WireError) { ClientActivityList(try reader.list(7, of: ClientActivityList.elementSize)) }
  }
  /// Whether `clients` was set.
  @inlinable
  public var hasClients: Bool { reader.hasPointer(7) }

  /// What the bounded client table evicted.
  @inlinable
  public var otherClients: Counts {
    @_lifetime(copy self)
    get throws(WireError) { Counts(try reader.structure(8)) }
  }
  /// Whether `otherClients` was set.
  @inlinable
  public var hasOtherClients: Bool { reader.hasPointer(8) }

  @inlinable
  public var signatures: SignatureActivityList {
    @_lifetime(copy self)
    get throws(WireError) { SignatureActivityList(try reader.list(9, of: SignatureActivityList.elementSize)) }
  }
  /// Whether `signatures` was set.
  @inlinable
  public var hasSignatures: Bool { reader.hasPointer(9) }

  @inlinable
  public var correlations: CorrelationActivityList {
    @_lifetime(copy self)
    get throws(WireError) { CorrelationActivityList(try reader.list(10, of: CorrelationActivityList.elementSize)) }
  }
  /// Whether `correlations` was set.
  @inlinable
  public var hasCorrelations: Bool { reader.hasPointer(10) }

  @inlinable @inline(__always)
  public var firstTime: Int64 { reader.scalar(48) }

  @inlinable @inline(__always)
  public var lastTime: Int64 { reader.scalar(56) }
}
public typealias RollupList = StructList<Rollup>

/// Builder of `Rollup`.
public struct RollupBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 8, pointers: 11) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var schemaVersion: UInt16 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var inputPartition: UInt16 {
    get { builder.get(2) }
    nonmutating set { builder.set(newValue, at: 2) }
  }

  /// ns; the window is [windowStart, windowStart + windowLength).
  @inlinable @inline(__always)
  public var windowStart: Int64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var windowLength: Int64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Of the input partition when this was written.
  @inlinable @inline(__always)
  public var watermark: Int64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var late: Bool {
    get { builder.getBit(32) }
    nonmutating set { builder.setBit(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var hashSeed: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  /// Hash of the rule set that made `rules` and the scores.
  @inlinable @inline(__always)
  public var ruleSet: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  /// Host, lower case, without port; "" for the shared zone of unconfirmed hosts.
  @inlinable @inline(__always)
  public func setZone(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable
  @_lifetime(copy self)
  public func initCounts() -> CountsBuilder {
    return CountsBuilder(builder.pointer(1).makeStruct(CountsBuilder.size))
  }
  /// What `initCounts` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeCounts() -> CountsBuilder { CountsBuilder(builder.pointer(1).resumeStruct(CountsBuilder.size)) }
  @inlinable
  public func setCounts(_ value: Counts) throws(WireError) {
    try builder.pointer(1).copy(value.reader)
  }

  /// HyperLogLog.
  @inlinable @inline(__always)
  public func setDistinctClients(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  /// Quantile sketch of duration, us; empty when no event had one.
  @inlinable @inline(__always)
  public func setLatency(_ bytes: RawSpan) {
    builder.pointer(3).setData(bytes)
  }

  @inlinable
  @_lifetime(copy self)
  public func initHeavyHitters(count: Int) -> HeavyHittersListBuilder {
    return HeavyHittersListBuilder(makeAt: builder.pointer(4), count: count)
  }
  @inlinable
  public func placeHeavyHitters(_ list: borrowing GrowingStructList<HeavyHittersBuilder>) {
    list.place(at: builder.pointer(4))
  }

  /// Bottom-k of whole field tuples.
  @inlinable
  @_lifetime(copy self)
  public func initSamples(count: Int) -> TupleSampleListBuilder {
    return TupleSampleListBuilder(makeAt: builder.pointer(5), count: count)
  }
  @inlinable
  public func placeSamples(_ list: borrowing GrowingStructList<TupleSampleBuilder>) {
    list.place(at: builder.pointer(5))
  }

  @inlinable
  @_lifetime(copy self)
  public func initRules(count: Int) -> RuleActivityListBuilder {
    return RuleActivityListBuilder(makeAt: builder.pointer(6), count: count)
  }
  @inlinable
  public func placeRules(_ list: borrowing GrowingStructList<RuleActivityBuilder>) {
    list.place(at: builder.pointer(6))
  }

  @inlinable
  @_lifetime(copy self)
  public func initClients(count: Int) -> ClientActivityListBuilder {
    return ClientActivityListBuilder(makeAt: builder.pointer(7), count: count)
  }
  @inlinable
  public func placeClients(_ list: borrowing GrowingStructList<ClientActivityBuilder>) {
    list.place(at: builder.pointer(7))
  }

  /// What the bounded client table evicted.
  @inlinable
  @_lifetime(copy self)
  public func initOtherClients() -> CountsBuilder {
    return CountsBuilder(builder.pointer(8).makeStruct(CountsBuilder.size))
  }
  /// What `initOtherClients` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeOtherClients() -> CountsBuilder { CountsBuilder(builder.pointer(8).resumeStruct(CountsBuilder.size)) }
  @inlinable
  public func setOtherClients(_ value: Counts) throws(WireError) {
    try builder.pointer(8).copy(value.reader)
  }

  @inlinable
  @_lifetime(copy self)
  public func initSignatures(count: Int) -> SignatureActivityListBuilder {
    return SignatureActivityListBuilder(makeAt: builder.pointer(9), count: count)
  }
  @inlinable
  public func placeSignatures(_ list: borrowing GrowingStructList<SignatureActivityBuilder>) {
    list.place(at: builder.pointer(9))
  }

  @inlinable
  @_lifetime(copy self)
  public func initCorrelations(count: Int) -> CorrelationActivityListBuilder {
    return CorrelationActivityListBuilder(makeAt: builder.pointer(10), count: count)
  }
  @inlinable
  public func placeCorrelations(_ list: borrowing GrowingStructList<CorrelationActivityBuilder>) {
    list.place(at: builder.pointer(10))
  }

  @inlinable @inline(__always)
  public var firstTime: Int64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  @inlinable @inline(__always)
  public var lastTime: Int64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }
}
public typealias RollupListBuilder = StructListBuilder<RollupBuilder>

public struct Counts: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// Weighted, as all of these.
  @inlinable @inline(__always)
  public var requests: UInt64 { reader.scalar(0) }

  @inlinable @inline(__always)
  public var bytes: UInt64 { reader.scalar(8) }

  @inlinable @inline(__always)
  public var status1xx: UInt64 { reader.scalar(16) }

  @inlinable @inline(__always)
  public var status2xx: UInt64 { reader.scalar(24) }

  @inlinable @inline(__always)
  public var status3xx: UInt64 { reader.scalar(32) }

  @inlinable @inline(__always)
  public var status4xx: UInt64 { reader.scalar(40) }

  @inlinable @inline(__always)
  public var status5xx: UInt64 { reader.scalar(48) }

  /// 401 and 403.
  @inlinable @inline(__always)
  public var unauthorized: UInt64 { reader.scalar(56) }

  /// 404 and 410.
  @inlinable @inline(__always)
  public var notFound: UInt64 { reader.scalar(64) }

  /// 429.
  @inlinable @inline(__always)
  public var tooMany: UInt64 { reader.scalar(72) }

  @inlinable @inline(__always)
  public var get: UInt64 { reader.scalar(80) }

  @inlinable @inline(__always)
  public var head: UInt64 { reader.scalar(88) }

  @inlinable @inline(__always)
  public var post: UInt64 { reader.scalar(96) }

  @inlinable @inline(__always)
  public var otherMethods: UInt64 { reader.scalar(104) }

  @inlinable @inline(__always)
  public var cacheHits: UInt64 { reader.scalar(112) }

  @inlinable @inline(__always)
  public var cacheMisses: UInt64 { reader.scalar(120) }

  @inlinable @inline(__always)
  public var malformed: UInt64 { reader.scalar(128) }

  /// Requests whose score reached the threshold.
  @inlinable @inline(__always)
  public var matched: UInt64 { reader.scalar(136) }

  /// Attempts to log in.
  @inlinable @inline(__always)
  public var logins: UInt64 { reader.scalar(144) }

  @inlinable @inline(__always)
  public var loginFailures: UInt64 { reader.scalar(152) }

  /// Duration at or over the pipeline's slow_request.
  @inlinable @inline(__always)
  public var slow: UInt64 { reader.scalar(160) }

  /// In otherClients: evictions.
  @inlinable @inline(__always)
  public var clients: UInt64 { reader.scalar(168) }

  /// Style sheets, scripts, images, fonts.
  @inlinable @inline(__always)
  public var assets: UInt64 { reader.scalar(176) }
}
public typealias CountsList = StructList<Counts>

/// Builder of `Counts`.
public struct CountsBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 23, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Weighted, as all of these.
  @inlinable @inline(__always)
  public var requests: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var bytes: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var status1xx: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var status2xx: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var status3xx: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var status4xx: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var status5xx: UInt64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// 401 and 403.
  @inlinable @inline(__always)
  public var unauthorized: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  /// 404 and 410.
  @inlinable @inline(__always)
  public var notFound: UInt64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// 429.
  @inlinable @inline(__always)
  public var tooMany: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  @inlinable @inline(__always)
  public var get: UInt64 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  @inlinable @inline(__always)
  public var head: UInt64 {
    get { builder.get(88) }
    nonmutating set { builder.set(newValue, at: 88) }
  }

  @inlinable @inline(__always)
  public var post: UInt64 {
    get { builder.get(96) }
    nonmutating set { builder.set(newValue, at: 96) }
  }

  @inlinable @inline(__always)
  public var otherMethods: UInt64 {
    get { builder.get(104) }
    nonmutating set { builder.set(newValue, at: 104) }
  }

  @inlinable @inline(__always)
  public var cacheHits: UInt64 {
    get { builder.get(112) }
    nonmutating set { builder.set(newValue, at: 112) }
  }

  @inlinable @inline(__always)
  public var cacheMisses: UInt64 {
    get { builder.get(120) }
    nonmutating set { builder.set(newValue, at: 120) }
  }

  @inlinable @inline(__always)
  public var malformed: UInt64 {
    get { builder.get(128) }
    nonmutating set { builder.set(newValue, at: 128) }
  }

  /// Requests whose score reached the threshold.
  @inlinable @inline(__always)
  public var matched: UInt64 {
    get { builder.get(136) }
    nonmutating set { builder.set(newValue, at: 136) }
  }

  /// Attempts to log in.
  @inlinable @inline(__always)
  public var logins: UInt64 {
    get { builder.get(144) }
    nonmutating set { builder.set(newValue, at: 144) }
  }

  @inlinable @inline(__always)
  public var loginFailures: UInt64 {
    get { builder.get(152) }
    nonmutating set { builder.set(newValue, at: 152) }
  }

  /// Duration at or over the pipeline's slow_request.
  @inlinable @inline(__always)
  public var slow: UInt64 {
    get { builder.get(160) }
    nonmutating set { builder.set(newValue, at: 160) }
  }

  /// In otherClients: evictions.
  @inlinable @inline(__always)
  public var clients: UInt64 {
    get { builder.get(168) }
    nonmutating set { builder.set(newValue, at: 168) }
  }

  /// Style sheets, scripts, images, fonts.
  @inlinable @inline(__always)
  public var assets: UInt64 {
    get { builder.get(176) }
    nonmutating set { builder.set(newValue, at: 176) }
  }
}
public typealias CountsListBuilder = StructListBuilder<CountsBuilder>

public enum Dimension: UInt16, WireEnum, CaseIterable {
  case client
  case network
  case path
  case userAgent
  case referrer
  case fingerprint
  case query
  case country
  case asn

  /// The enumerant of this number; `client` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) {
    switch wire {
    case 1: self = .network
    case 2: self = .path
    case 3: self = .userAgent
    case 4: self = .referrer
    case 5: self = .fingerprint
    case 6: self = .query
    case 7: self = .country
    case 8: self = .asn
    default: self = .client
    }
  }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 {
    switch self {
    case .client: 0
    case .network: 1
    case .path: 2
    case .userAgent: 3
    case .referrer: 4
    case .fingerprint: 5
    case .query: 6
    case .country: 7
    case .asn: 8
    }
  }
}

public struct HeavyHitters: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  @inlinable @inline(__always)
  public var dimension: Dimension { Dimension(wire: reader.scalar(0)) }

  @inlinable @inline(__always)
  public var total: UInt64 { reader.scalar(8) }

  /// Count descending, then key.
  @inlinable
  public var entries: HeavyHitterList {
    @_lifetime(copy self)
    get throws(WireError) { HeavyHitterList(try reader.list(0, of: HeavyHitterList.elementSize)) }
  }
  /// Whether `entries` was set.
  @inlinable
  public var hasEntries: Bool { reader.hasPointer(0) }
}
public typealias HeavyHittersList = StructList<HeavyHitters>

/// Builder of `HeavyHitters`.
public struct HeavyHittersBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var dimension: Dimension {
    get { Dimension(wire: builder.get(0)) }
    nonmutating set { builder.set(newValue.wire, at: 0) }
  }

  @inlinable @inline(__always)
  public var total: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// Count descending, then key.
  @inlinable
  @_lifetime(copy self)
  public func initEntries(count: Int) -> HeavyHitterListBuilder {
    return HeavyHitterListBuilder(makeAt: builder.pointer(0), count: count)
  }
  @inlinable
  public func placeEntries(_ list: borrowing GrowingStructList<HeavyHitterBuilder>) {
    list.place(at: builder.pointer(0))
  }
}
public typealias HeavyHittersListBuilder = StructListBuilder<HeavyHittersBuilder>

public struct HeavyHitter: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// Bytes of the value; 16 bytes for addresses.
  @inlinable @inline(__always)
  public var key: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `key` was set.
  @inlinable
  public var hasKey: Bool { reader.hasPointer(0) }

  /// Upper bound; count - error is the lower one.
  @inlinable @inline(__always)
  public var count: UInt64 { reader.scalar(0) }

  @inlinable @inline(__always)
  public var error: UInt64 { reader.scalar(8) }

  @inlinable @inline(__always)
  public var bytes: UInt64 { reader.scalar(16) }

  /// Requests answered 4xx or 5xx.
  @inlinable @inline(__always)
  public var errors: UInt64 { reader.scalar(24) }
}
public typealias HeavyHitterList = StructList<HeavyHitter>

/// Builder of `HeavyHitter`.
public struct HeavyHitterBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 4, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Bytes of the value; 16 bytes for addresses.
  @inlinable @inline(__always)
  public func setKey(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Upper bound; count - error is the lower one.
  @inlinable @inline(__always)
  public var count: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var error: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var bytes: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Requests answered 4xx or 5xx.
  @inlinable @inline(__always)
  public var errors: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }
}
public typealias HeavyHitterListBuilder = StructListBuilder<HeavyHitterBuilder>

public struct TupleSample: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// Keyed hash of (source, ordinal); the smallest are kept.
  @inlinable @inline(__always)
  public var priority: UInt64 { reader.scalar(0) }

  @inlinable @inline(__always)
  public var weight: UInt32 { reader.scalar(8) }

  @inlinable @inline(__always)
  public var time: Int64 { reader.scalar(16) }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 { reader.scalar(24) }

  @inlinable @inline(__always)
  public var clientLow: UInt64 { reader.scalar(32) }

  @inlinable @inline(__always)
  public var status: UInt16 { reader.scalar(12) }

  @inlinable @inline(__always)
  public var method: Method { Method(wire: reader.scalar(14)) }

  @inlinable @inline(__always)
  public var `protocol`: `Protocol` { `Protocol`(wire: reader.scalar(40)) }

  @inlinable @inline(__always)
  public var score: UInt8 { reader.scalar(42) }

  @inlinable @inline(__always)
  public var country: UInt16 { reader.scalar(44) }

  @inlinable @inline(__always)
  public var asn: UInt32 { reader.scalar(48) }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public var target: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `target` was set.
  @inlinable
  public var hasTarget: Bool { reader.hasPointer(0) }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public var userAgent: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `userAgent` was set.
  @inlinable
  public var hasUserAgent: Bool { reader.hasPointer(1) }

  @inlinable @inline(__always)
  public var referrer: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `referrer` was set.
  @inlinable
  public var hasReferrer: Bool { reader.hasPointer(2) }

  @inlinable @inline(__always)
  public var tlsFingerprint: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(3) }
  }
  /// Whether `tlsFingerprint` was set.
  @inlinable
  public var hasTlsFingerprint: Bool { reader.hasPointer(3) }
}
public typealias TupleSampleList = StructList<TupleSample>

/// Builder of `TupleSample`.
public struct TupleSampleBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 7, pointers: 4) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Keyed hash of (source, ordinal); the smallest are kept.
  @inlinable @inline(__always)
  public var priority: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var weight: UInt32 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var time: Int64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var clientLow: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var status: UInt16 {
    get { builder.get(12) }
    nonmutating set { builder.set(newValue, at: 12) }
  }

  @inlinable @inline(__always)
  public var method: Method {
    get { Method(wire: builder.get(14)) }
    nonmutating set { builder.set(newValue.wire, at: 14) }
  }

  @inlinable @inline(__always)
  public var `protocol`: `Protocol` {
    get { `Protocol`(wire: builder.get(40)) }
    nonmutating set { builder.set(newValue.wire, at: 40) }
  }

  @inlinable @inline(__always)
  public var score: UInt8 {
    get { builder.get(42) }
    nonmutating set { builder.set(newValue, at: 42) }
  }

  @inlinable @inline(__always)
  public var country: UInt16 {
    get { builder.get(44) }
    nonmutating set { builder.set(newValue, at: 44) }
  }

  @inlinable @inline(__always)
  public var asn: UInt32 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public func setTarget(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public func setUserAgent(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setReferrer(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  @inlinable @inline(__always)
  public func setTlsFingerprint(_ bytes: RawSpan) {
    builder.pointer(3).setData(bytes)
  }
}
public typealias TupleSampleListBuilder = StructListBuilder<TupleSampleBuilder>

public struct Evidence: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  @inlinable @inline(__always)
  public var source: UInt64 { reader.scalar(0) }

  /// File or listener.
  @inlinable @inline(__always)
  public var path: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `path` was set.
  @inlinable
  public var hasPath: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var line: UInt64 { reader.scalar(8) }

  @inlinable @inline(__always)
  public var offset: UInt64 { reader.scalar(16) }

  @inlinable @inline(__always)
  public var time: Int64 { reader.scalar(24) }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 { reader.scalar(32) }

  @inlinable @inline(__always)
  public var clientLow: UInt64 { reader.scalar(40) }

  @inlinable @inline(__always)
  public var status: UInt16 { reader.scalar(48) }

  @inlinable @inline(__always)
  public var score: UInt8 { reader.scalar(50) }

  @inlinable @inline(__always)
  public var method: Method { Method(wire: reader.scalar(52)) }

  /// Method and target, cut to 512 bytes.
  @inlinable @inline(__always)
  public var request: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `request` was set.
  @inlinable
  public var hasRequest: Bool { reader.hasPointer(1) }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public var userAgent: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `userAgent` was set.
  @inlinable
  public var hasUserAgent: Bool { reader.hasPointer(2) }

  /// Line's number in its source: breaks ties.
  @inlinable @inline(__always)
  public var ordinal: UInt64 { reader.scalar(56) }
}
public typealias EvidenceList = StructList<Evidence>

/// Builder of `Evidence`.
public struct EvidenceBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 8, pointers: 3) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var source: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// File or listener.
  @inlinable @inline(__always)
  public func setPath(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable @inline(__always)
  public var line: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var offset: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var time: Int64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var clientLow: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var status: UInt16 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  @inlinable @inline(__always)
  public var score: UInt8 {
    get { builder.get(50) }
    nonmutating set { builder.set(newValue, at: 50) }
  }

  @inlinable @inline(__always)
  public var method: Method {
    get { Method(wire: builder.get(52)) }
    nonmutating set { builder.set(newValue.wire, at: 52) }
  }

  /// Method and target, cut to 512 bytes.
  @inlinable @inline(__always)
  public func setRequest(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public func setUserAgent(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  /// Line's number in its source: breaks ties.
  @inlinable @inline(__always)
  public var ordinal: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }
}
public typealias EvidenceListBuilder = StructListBuilder<EvidenceBuilder>

public struct RuleActivity: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// Hash of the rule's id.
  @inlinable @inline(__always)
  public var rule: UInt64 { reader.scalar(0) }

  @inlinable @inline(__always)
  public var matches: UInt64 { reader.scalar(8) }

  @inlinable @inline(__always)
  public var distinctClients: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `distinctClients` was set.
  @inlinable
  public var hasDistinctClients: Bool { reader.hasPointer(0) }

  /// The first few by (time, source, ordinal).
  @inlinable
  public var evidence: EvidenceList {
    @_lifetime(copy self)
    get throws(WireError) { EvidenceList(try reader.list(1, of: EvidenceList.elementSize)) }
  }
  /// Whether `evidence` was set.
  @inlinable
  public var hasEvidence: Bool { reader.hasPointer(1) }
}
public typealias RuleActivityList = StructList<RuleActivity>

/// Builder of `RuleActivity`.
public struct RuleActivityBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Hash of the rule's id.
  @inlinable @inline(__always)
  public var rule: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var matches: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public func setDistinctClients(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// The first few by (time, source, ordinal).
  @inlinable
  @_lifetime(copy self)
  public func initEvidence(count: Int) -> EvidenceListBuilder {
    return EvidenceListBuilder(makeAt: builder.pointer(1), count: count)
  }
  @inlinable
  public func placeEvidence(_ list: borrowing GrowingStructList<EvidenceBuilder>) {
    list.place(at: builder.pointer(1))
  }
}
public typealias RuleActivityListBuilder = StructListBuilder<RuleActivityBuilder>

/// One client in one window and zone.
public struct ClientActivity: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  @inlinable @inline(__always)
  public var high: UInt64 { reader.scalar(0) }

  @inlinable @inline(__always)
  public var low: UInt64 { reader.scalar(8) }

  @inlinable @inline(__always)
  public var firstTime: Int64 { reader.scalar(16) }

  @inlinable @inline(__always)
  public var lastTime: Int64 { reader.scalar(24) }

  @inlinable
  public var counts: Counts {
    @_lifetime(copy self)
    get throws(WireError) { Counts(try reader.structure(0)) }
  }
  /// Whether `counts` was set.
  @inlinable
  public var hasCounts: Bool { reader.hasPointer(0) }

  /// Union of the attack classes of its matched requests.
  @inlinable @inline(__always)
  public var classes: UInt32 { reader.scalar(32) }

  @inlinable @inline(__always)
  public var maxScore: UInt8 { reader.scalar(36) }

  @inlinable @inline(__always)
  public var scoreSum: UInt64 { reader.scalar(40) }

  /// Distinct paths, a small HyperLogLog or a list of hashes.
  @inlinable @inline(__always)
  public var paths: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `paths` was set.
  @inlinable
  public var hasPaths: Bool { reader.hasPointer(1) }

  /// Distinct paths answered 4xx.
  @inlinable @inline(__always)
  public var failedPaths: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `failedPaths` was set.
  @inlinable
  public var hasFailedPaths: Bool { reader.hasPointer(2) }

  /// Of its first request in the window, cut to 128 bytes.
  @inlinable @inline(__always)
  public var userAgent: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(3) }
  }
  /// Whether `userAgent` was set.
  @inlinable
  public var hasUserAgent: Bool { reader.hasPointer(3) }

  /// Distinct, estimated.
  @inlinable @inline(__always)
  public var userAgents: UInt32 { reader.scalar(48) }

  /// The path it tried to log in at, cut to 128 bytes.
  @inlinable @inline(__always)
  public var loginPath: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(4) }
  }
  /// Whether `loginPath` was set.
  @inlinable
  public var hasLoginPath: Bool { reader.hasPointer(4) }

  /// Asked for robots.txt.
  @inlinable @inline(__always)
  public var robots: Bool { reader.bit(296) }

  /// Requests with a referrer.
  @inlinable @inline(__always)
  public var referrers: UInt64 { reader.scalar(56) }

  /// Of its set of paths and user agent.
  @inlinable @inline(__always)
  public var signature: UInt64 { reader.scalar(64) }

  /// Highest score first, then earliest; at most 3.
  @inlinable
  public var evidence: EvidenceList {
    @_lifetime(copy self)
    get throws(WireError) { EvidenceList(try reader.list(5, of: EvidenceList.elementSize)) }
  }
  /// Whether `evidence` was set.
  @inlinable
  public var hasEvidence: Bool { reader.hasPointer(5) }

  @inlinable
  public var rules: RuleCountList {
    @_lifetime(copy self)
    get throws(WireError) { RuleCountList(try reader.list(6, of: RuleCountList.elementSize)) }
  }
  /// Whether `rules` was set.
  @inlinable
  public var hasRules: Bool { reader.hasPointer(6) }

  /// Distinct query strings.
  @inlinable @inline(__always)
  public var queries: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(7) }
  }
  /// Whether `queries` was set.
  @inlinable
  public var hasQueries: Bool { reader.hasPointer(7) }

  /// Distinct remote users of its login attempts.
  @inlinable @inline(__always)
  public var users: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(8) }
  }
  /// Whether `users` was set.
  @inlinable
  public var hasUsers: Bool { reader.hasPointer(8) }

  /// Its most asked path, cut to 128 bytes.
  @inlinable @inline(__always)
  public var topPath: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(9) }
  }
  /// Whether `topPath` was set.
  @inlinable
  public var hasTopPath: Bool { reader.hasPointer(9) }

  @inlinable @inline(__always)
  public var topPathCount: UInt64 { reader.scalar(72) }
}
public typealias ClientActivityList = StructList<ClientActivity>

/// Builder of `ClientActivity`.
public struct ClientActivityBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 10, pointers: 10) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var high: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var low: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var firstTime: Int64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var lastTime: Int64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initCounts() -> CountsBuilder {
    return CountsBuilder(builder.pointer(0).makeStruct(CountsBuilder.size))
  }
  /// What `initCounts` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeCounts() -> CountsBuilder { CountsBuilder(builder.pointer(0).resumeStruct(CountsBuilder.size)) }
  @inlinable
  public func setCounts(_ value: Counts) throws(WireError) {
    try builder.pointer(0).copy(value.reader)
  }

  /// Union of the attack classes of its matched requests.
  @inlinable @inline(__always)
  public var classes: UInt32 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var maxScore: UInt8 {
    get { builder.get(36) }
    nonmutating set { builder.set(newValue, at: 36) }
  }

  @inlinable @inline(__always)
  public var scoreSum: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  /// Distinct paths, a small HyperLogLog or a list of hashes.
  @inlinable @inline(__always)
  public func setPaths(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  /// Distinct paths answered 4xx.
  @inlinable @inline(__always)
  public func setFailedPaths(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  /// Of its first request in the window, cut to 128 bytes.
  @inlinable @inline(__always)
  public func setUserAgent(_ bytes: RawSpan) {
    builder.pointer(3).setData(bytes)
  }

  /// Distinct, estimated.
  @inlinable @inline(__always)
  public var userAgents: UInt32 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// The path it tried to log in at, cut to 128 bytes.
  @inlinable @inline(__always)
  public func setLoginPath(_ bytes: RawSpan) {
    builder.pointer(4).setData(bytes)
  }

  /// Asked for robots.txt.
  @inlinable @inline(__always)
  public var robots: Bool {
    get { builder.getBit(296) }
    nonmutating set { builder.setBit(newValue, at: 296) }
  }

  /// Requests with a referrer.
  @inlinable @inline(__always)
  public var referrers: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  /// Of its set of paths and user agent.
  @inlinable @inline(__always)
  public var signature: UInt64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// Highest score first, then earliest; at most 3.
  @inlinable
  @_lifetime(copy self)
  public func initEvidence(count: Int) -> EvidenceListBuilder {
    return EvidenceListBuilder(makeAt: builder.pointer(5), count: count)
  }
  @inlinable
  public func placeEvidence(_ list: borrowing GrowingStructList<EvidenceBuilder>) {
    list.place(at: builder.pointer(5))
  }

  @inlinable
  @_lifetime(copy self)
  public func initRules(count: Int) -> RuleCountListBuilder {
    return RuleCountListBuilder(makeAt: builder.pointer(6), count: count)
  }
  @inlinable
  public func placeRules(_ list: borrowing GrowingStructList<RuleCountBuilder>) {
    list.place(at: builder.pointer(6))
  }

  /// Distinct query strings.
  @inlinable @inline(__always)
  public func setQueries(_ bytes: RawSpan) {
    builder.pointer(7).setData(bytes)
  }

  /// Distinct remote users of its login attempts.
  @inlinable @inline(__always)
  public func setUsers(_ bytes: RawSpan) {
    builder.pointer(8).setData(bytes)
  }

  /// Its most asked path, cut to 128 bytes.
  @inlinable @inline(__always)
  public func setTopPath(_ bytes: RawSpan) {
    builder.pointer(9).setData(bytes)
  }

  @inlinable @inline(__always)
  public var topPathCount: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }
}
public typealias ClientActivityListBuilder = StructListBuilder<ClientActivityBuilder>

public struct RuleCount: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  @inlinable @inline(__always)
  public var rule: UInt64 { reader.scalar(0) }

  @inlinable @inline(__always)
  public var count: UInt64 { reader.scalar(8) }
}
public typealias RuleCountList = StructList<RuleCount>

/// Builder of `RuleCount`.
public struct RuleCountBuilder: ~Escapable, StructBuilderView {
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
  public var count: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }
}
public typealias RuleCountListBuilder = StructListBuilder<RuleCountBuilder>

/// What several clients share in one window.
public struct SignatureActivity: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  @inlinable @inline(__always)
  public var signature: UInt64 { reader.scalar(0) }

  @inlinable @inline(__always)
  public var kind: SignatureActivity.Kind { SignatureActivity.Kind(wire: reader.scalar(8)) }

  /// What it is, as far as it can be shown; cut to 256 bytes.
  @inlinable @inline(__always)
  public var value: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `value` was set.
  @inlinable
  public var hasValue: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var requests: UInt64 { reader.scalar(16) }

  @inlinable @inline(__always)
  public var errors: UInt64 { reader.scalar(24) }

  @inlinable @inline(__always)
  public var matched: UInt64 { reader.scalar(32) }

  @inlinable @inline(__always)
  public var distinctClients: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `distinctClients` was set.
  @inlinable
  public var hasDistinctClients: Bool { reader.hasPointer(1) }

  @inlinable
  public var evidence: EvidenceList {
    @_lifetime(copy self)
    get throws(WireError) { EvidenceList(try reader.list(2, of: EvidenceList.elementSize)) }
  }
  /// Whether `evidence` was set.
  @inlinable
  public var hasEvidence: Bool { reader.hasPointer(2) }

  public enum Kind: UInt16, WireEnum, CaseIterable {
    case path
    case payloadShape
    case userAgent
    case pathSet
    case loginPath

    /// The enumerant of this number; `path` where this schema has none such.
    @inlinable @inline(__always)
    public init(wire: UInt16) {
      switch wire {
      case 1: self = .payloadShape
      case 2: self = .userAgent
      case 3: self = .pathSet
      case 4: self = .loginPath
      default: self = .path
      }
    }

    /// The number on the wire.
    @inlinable @inline(__always)
    public var wire: UInt16 {
      switch self {
      case .path: 0
      case .payloadShape: 1
      case .userAgent: 2
      case .pathSet: 3
      case .loginPath: 4
      }
    }
  }
}
public typealias SignatureActivityList = StructList<SignatureActivity>

/// Builder of `SignatureActivity`.
public struct SignatureActivityBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 5, pointers: 3) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var signature: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var kind: SignatureActivity.Kind {
    get { SignatureActivity.Kind(wire: builder.get(8)) }
    nonmutating set { builder.set(newValue.wire, at: 8) }
  }

  /// What it is, as far as it can be shown; cut to 256 bytes.
  @inlinable @inline(__always)
  public func setValue(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable @inline(__always)
  public var requests: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var errors: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var matched: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public func setDistinctClients(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  @inlinable
  @_lifetime(copy self)
  public func initEvidence(count: Int) -> EvidenceListBuilder {
    return EvidenceListBuilder(makeAt: builder.pointer(2), count: count)
  }
  @inlinable
  public func placeEvidence(_ list: borrowing GrowingStructList<EvidenceBuilder>) {
    list.place(at: builder.pointer(2))
  }
}
public typealias SignatureActivityListBuilder = StructListBuilder<SignatureActivityBuilder>

/// A Sigma correlation's counts for one group of values.
public struct CorrelationActivity: ~Escapable, StructView {
  @usableFromInline let reader: StructReader

  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: StructReader) { self.reader = reader }

  /// Hash of its id.
  @inlinable @inline(__always)
  public var correlation: UInt64 { reader.scalar(0) }

  /// The group-by values, each length-prefixed.
  @inlinable @inline(__always)
  public var group: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `group` was set.
  @inlinable
  public var hasGroup: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var count: UInt64 { reader.scalar(8) }

  /// HyperLogLog of the field that value_count counts.
  @inlinable @inline(__always)
  public var values: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `values` was set.
  @inlinable
  public var hasValues: Bool { reader.hasPointer(1) }

  @inlinable
  public var evidence: EvidenceList {
    @_lifetime(copy self)
    get throws(WireError) { EvidenceList(try reader.list(2, of: EvidenceList.elementSize)) }
  }
  /// Whether `evidence` was set.
  @inlinable
  public var hasEvidence: Bool { reader.hasPointer(2) }

  @inlinable @inline(__always)
  public var firstTime: Int64 { reader.scalar(16) }

  @inlinable @inline(__always)
  public var lastTime: Int64 { reader.scalar(24) }
}
public typealias CorrelationActivityList = StructList<CorrelationActivity>

/// Builder of `CorrelationActivity`.
public struct CorrelationActivityBuilder: ~Escapable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 4, pointers: 3) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Hash of its id.
  @inlinable @inline(__always)
  public var correlation: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// The group-by values, each length-prefixed.
  @inlinable @inline(__always)
  public func setGroup(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable @inline(__always)
  public var count: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// HyperLogLog of the field that value_count counts.
  @inlinable @inline(__always)
  public func setValues(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  @inlinable
  @_lifetime(copy self)
  public func initEvidence(count: Int) -> EvidenceListBuilder {
    return EvidenceListBuilder(makeAt: builder.pointer(2), count: count)
  }
  @inlinable
  public func placeEvidence(_ list: borrowing GrowingStructList<EvidenceBuilder>) {
    list.place(at: builder.pointer(2))
  }

  @inlinable @inline(__always)
  public var firstTime: Int64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var lastTime: Int64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }
}
public typealias CorrelationActivityListBuilder = StructListBuilder<CorrelationActivityBuilder>
