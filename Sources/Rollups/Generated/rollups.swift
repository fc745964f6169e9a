// Generated from rollups.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto
import Events

// What the aggregator writes and the analyzer's zone stage reads. For one input partition, window and
// zone exactly one on-time partial; late partials follow, marked. Sums are integers and add; sketches
// and samples merge as Sketches says. All hashes are made with hashSeed.

public struct Rollup: ~Escapable, BitwiseCopyable, StructView {
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
  public var schemaVersion: UInt16 { reader.scalar(0, of: 104) }

  @inlinable @inline(__always)
  public var inputPartition: UInt16 { reader.scalar(2, of: 104) }

  @inlinable @inline(__always)
  public var scope: Rollup.Scope { Rollup.Scope(wire: reader.scalar(4, of: 104)) }

  @inlinable @inline(__always)
  public var late: Bool { reader.bit(48) }

  /// ns; the window is [windowStart, windowStart + windowLength).
  @inlinable @inline(__always)
  public var windowStart: Int64 { reader.scalar(8, of: 104) }

  @inlinable @inline(__always)
  public var windowLength: Int64 { reader.scalar(16, of: 104) }

  /// Of the input partition when this was written.
  @inlinable @inline(__always)
  public var watermark: Int64 { reader.scalar(24, of: 104) }

  @inlinable @inline(__always)
  public var hashSeed: UInt64 { reader.scalar(32, of: 104) }

  /// Hash of the rule set that made `rules` and the scores.
  @inlinable @inline(__always)
  public var ruleSet: UInt64 { reader.scalar(40, of: 104) }

  /// Host, lower case, without port; "" for the shared zone of unconfirmed hosts.
  /// Lists are in no defined order, but for samples; the same events in the same order give the same bytes.
  @inlinable @inline(__always)
  public var zone: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `zone` was set.
  @inlinable
  public var hasZone: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var firstTime: Int64 { reader.scalar(48, of: 104) }

  /// The zone's counts are the sum over `clients` and `otherClients`.
  @inlinable @inline(__always)
  public var lastTime: Int64 { reader.scalar(56, of: 104) }

  @inlinable
  public var clients: ClientActivityList {
    @_lifetime(copy self)
    get throws(WireError) { ClientActivityList(try reader.list(1, of: ClientActivityList.elementSize)) }
  }
  /// Whether `clients` was set.
  @inlinable
  public var hasClients: Bool { reader.hasPointer(1) }

  /// What the bounded client table evicted; absent where it evicted nothing.
  @inlinable
  public var otherClients: Counts {
    @_lifetime(copy self)
    get throws(WireError) { Counts(try reader.structure(2)) }
  }
  /// Whether `otherClients` was set.
  @inlinable
  public var hasOtherClients: Bool { reader.hasPointer(2) }

  /// Rows evicted.
  @inlinable @inline(__always)
  public var evictions: UInt64 { reader.scalar(64, of: 104) }

  /// Requests of a client that is not in `clients` are at most this many.
  @inlinable @inline(__always)
  public var clientFloor: UInt64 { reader.scalar(72, of: 104) }

  /// HyperLogLog of precision 12; empty where nothing was evicted: then count `clients`.
  @inlinable @inline(__always)
  public var distinctClients: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(3) }
  }
  /// Whether `distinctClients` was set.
  @inlinable
  public var hasDistinctClients: Bool { reader.hasPointer(3) }

  /// Networks of the evicted rows.
  @inlinable
  public var evictedNetworks: HeavyHitters {
    @_lifetime(copy self)
    get throws(WireError) { HeavyHitters(try reader.structure(4)) }
  }
  /// Whether `evictedNetworks` was set.
  @inlinable
  public var hasEvictedNetworks: Bool { reader.hasPointer(4) }

  /// Quantile sketch of duration, us; empty when no event had one.
  @inlinable @inline(__always)
  public var latency: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(5) }
  }
  /// Whether `latency` was set.
  @inlinable
  public var hasLatency: Bool { reader.hasPointer(5) }

  /// Rows refer to paths and user agents by their place in these lists.
  @inlinable
  public var paths: HeavyHitters {
    @_lifetime(copy self)
    get throws(WireError) { HeavyHitters(try reader.structure(6)) }
  }
  /// Whether `paths` was set.
  @inlinable
  public var hasPaths: Bool { reader.hasPointer(6) }

  @inlinable
  public var userAgents: HeavyHitters {
    @_lifetime(copy self)
    get throws(WireError) { HeavyHitters(try reader.structure(7)) }
  }
  /// Whether `userAgents` was set.
  @inlinable
  public var hasUserAgents: Bool { reader.hasPointer(7) }

  @inlinable
  public var referrers: HeavyHitters {
    @_lifetime(copy self)
    get throws(WireError) { HeavyHitters(try reader.structure(8)) }
  }
  /// Whether `referrers` was set.
  @inlinable
  public var hasReferrers: Bool { reader.hasPointer(8) }

  @inlinable
  public var fingerprints: HeavyHitters {
    @_lifetime(copy self)
    get throws(WireError) { HeavyHitters(try reader.structure(9)) }
  }
  /// Whether `fingerprints` was set.
  @inlinable
  public var hasFingerprints: Bool { reader.hasPointer(9) }

  @inlinable
  public var statuses: StatusCountList {
    @_lifetime(copy self)
    get throws(WireError) { StatusCountList(try reader.list(10, of: StatusCountList.elementSize)) }
  }
  /// Whether `statuses` was set.
  @inlinable
  public var hasStatuses: Bool { reader.hasPointer(10) }

  /// Bottom-k of whole field tuples, by priority.
  @inlinable
  public var samples: TupleSampleList {
    @_lifetime(copy self)
    get throws(WireError) { TupleSampleList(try reader.list(11, of: TupleSampleList.elementSize)) }
  }
  /// Whether `samples` was set.
  @inlinable
  public var hasSamples: Bool { reader.hasPointer(11) }

  @inlinable
  public var rules: RuleActivityList {
    @_lifetime(copy self)
    get throws(WireError) { RuleActivityList(try reader.list(12, of: RuleActivityList.elementSize)) }
  }
  /// Whether `rules` was set.
  @inlinable
  public var hasRules: Bool { reader.hasPointer(12) }

  @inlinable
  public var signatures: SignatureActivityList {
    @_lifetime(copy self)
    get throws(WireError) { SignatureActivityList(try reader.list(13, of: SignatureActivityList.elementSize)) }
  }
  /// Whether `signatures` was set.
  @inlinable
  public var hasSignatures: Bool { reader.hasPointer(13) }

  /// Only in scope global.
  @inlinable
  public var correlations: CorrelationActivityList {
    @_lifetime(copy self)
    get throws(WireError) { CorrelationActivityList(try reader.list(14, of: CorrelationActivityList.elementSize)) }
  }
  /// Whether `correlations` was set.
  @inlinable
  public var hasCorrelations: Bool { reader.hasPointer(14) }

  /// What evidence refers to, by id.
  @inlinable
  public var sources: SourceNameList {
    @_lifetime(copy self)
    get throws(WireError) { SourceNameList(try reader.list(15, of: SourceNameList.elementSize)) }
  }
  /// Whether `sources` was set.
  @inlinable
  public var hasSources: Bool { reader.hasPointer(15) }

  /// A signature that is not listed has at most this many requests.
  @inlinable @inline(__always)
  public var signatureFloor: UInt64 { reader.scalar(80, of: 104) }

  /// Hits of groups for which there was no room.
  @inlinable @inline(__always)
  public var droppedCorrelations: UInt64 { reader.scalar(88, of: 104) }

  /// Counted in this partial, each once whatever its weight: for the ledger.
  @inlinable @inline(__always)
  public var events: UInt64 { reader.scalar(96, of: 104) }

  /// Only in scope progress: the partition is not to be waited for until it speaks again.
  @inlinable @inline(__always)
  public var idle: Bool { reader.bit(49) }

  public enum Scope: UInt16, WireEnum, CaseIterable {
    case zone
    /// Correlations: their groups span zones.
    case global
    /// No window: `inputPartition` has written all that end by `watermark`;
    /// 2^63 - 1: it is closed. To every partition of the topic, after the windows.
    case progress

    /// The enumerant of this number; `zone` where this schema has none such.
    @inlinable @inline(__always)
    public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 3) }

    /// The number on the wire.
    @inlinable @inline(__always)
    public var wire: UInt16 { WireEnumTag.number(self) }
  }
}
public typealias RollupList = StructList<Rollup>

/// Builder of `Rollup`.
public struct RollupBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 13, pointers: 16) }

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

  @inlinable @inline(__always)
  public var scope: Rollup.Scope {
    get { Rollup.Scope(wire: builder.get(4)) }
    nonmutating set { builder.set(newValue.wire, at: 4) }
  }

  @inlinable @inline(__always)
  public var late: Bool {
    get { builder.getBit(48) }
    nonmutating set { builder.setBit(newValue, at: 48) }
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
  /// Lists are in no defined order, but for samples; the same events in the same order give the same bytes.
  @inlinable @inline(__always)
  public func setZone(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable @inline(__always)
  public var firstTime: Int64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// The zone's counts are the sum over `clients` and `otherClients`.
  @inlinable @inline(__always)
  public var lastTime: Int64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initClients(count: Int) -> ClientActivityListBuilder {
    return ClientActivityListBuilder(makeAt: builder.pointer(1), count: count)
  }
  @inlinable
  public func placeClients(_ list: borrowing GrowingStructList<ClientActivityBuilder>) {
    list.place(at: builder.pointer(1))
  }

  /// What the bounded client table evicted; absent where it evicted nothing.
  @inlinable
  @_lifetime(copy self)
  public func initOtherClients() -> CountsBuilder {
    return CountsBuilder(builder.pointer(2).makeStruct(CountsBuilder.size))
  }
  /// What `initOtherClients` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeOtherClients() -> CountsBuilder { CountsBuilder(builder.pointer(2).resumeStruct(CountsBuilder.size)) }
  @inlinable
  public func setOtherClients(_ value: Counts) throws(WireError) {
    try builder.pointer(2).copy(value.reader)
  }

  /// Rows evicted.
  @inlinable @inline(__always)
  public var evictions: UInt64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// Requests of a client that is not in `clients` are at most this many.
  @inlinable @inline(__always)
  public var clientFloor: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  /// HyperLogLog of precision 12; empty where nothing was evicted: then count `clients`.
  @inlinable @inline(__always)
  public func setDistinctClients(_ bytes: RawSpan) {
    builder.pointer(3).setData(bytes)
  }

  /// Networks of the evicted rows.
  @inlinable
  @_lifetime(copy self)
  public func initEvictedNetworks() -> HeavyHittersBuilder {
    return HeavyHittersBuilder(builder.pointer(4).makeStruct(HeavyHittersBuilder.size))
  }
  /// What `initEvictedNetworks` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeEvictedNetworks() -> HeavyHittersBuilder { HeavyHittersBuilder(builder.pointer(4).resumeStruct(HeavyHittersBuilder.size)) }
  @inlinable
  public func setEvictedNetworks(_ value: HeavyHitters) throws(WireError) {
    try builder.pointer(4).copy(value.reader)
  }

  /// Quantile sketch of duration, us; empty when no event had one.
  @inlinable @inline(__always)
  public func setLatency(_ bytes: RawSpan) {
    builder.pointer(5).setData(bytes)
  }

  /// Rows refer to paths and user agents by their place in these lists.
  @inlinable
  @_lifetime(copy self)
  public func initPaths() -> HeavyHittersBuilder {
    return HeavyHittersBuilder(builder.pointer(6).makeStruct(HeavyHittersBuilder.size))
  }
  /// What `initPaths` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumePaths() -> HeavyHittersBuilder { HeavyHittersBuilder(builder.pointer(6).resumeStruct(HeavyHittersBuilder.size)) }
  @inlinable
  public func setPaths(_ value: HeavyHitters) throws(WireError) {
    try builder.pointer(6).copy(value.reader)
  }

  @inlinable
  @_lifetime(copy self)
  public func initUserAgents() -> HeavyHittersBuilder {
    return HeavyHittersBuilder(builder.pointer(7).makeStruct(HeavyHittersBuilder.size))
  }
  /// What `initUserAgents` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeUserAgents() -> HeavyHittersBuilder { HeavyHittersBuilder(builder.pointer(7).resumeStruct(HeavyHittersBuilder.size)) }
  @inlinable
  public func setUserAgents(_ value: HeavyHitters) throws(WireError) {
    try builder.pointer(7).copy(value.reader)
  }

  @inlinable
  @_lifetime(copy self)
  public func initReferrers() -> HeavyHittersBuilder {
    return HeavyHittersBuilder(builder.pointer(8).makeStruct(HeavyHittersBuilder.size))
  }
  /// What `initReferrers` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeReferrers() -> HeavyHittersBuilder { HeavyHittersBuilder(builder.pointer(8).resumeStruct(HeavyHittersBuilder.size)) }
  @inlinable
  public func setReferrers(_ value: HeavyHitters) throws(WireError) {
    try builder.pointer(8).copy(value.reader)
  }

  @inlinable
  @_lifetime(copy self)
  public func initFingerprints() -> HeavyHittersBuilder {
    return HeavyHittersBuilder(builder.pointer(9).makeStruct(HeavyHittersBuilder.size))
  }
  /// What `initFingerprints` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeFingerprints() -> HeavyHittersBuilder { HeavyHittersBuilder(builder.pointer(9).resumeStruct(HeavyHittersBuilder.size)) }
  @inlinable
  public func setFingerprints(_ value: HeavyHitters) throws(WireError) {
    try builder.pointer(9).copy(value.reader)
  }

  @inlinable
  @_lifetime(copy self)
  public func initStatuses(count: Int) -> StatusCountListBuilder {
    return StatusCountListBuilder(makeAt: builder.pointer(10), count: count)
  }
  @inlinable
  public func placeStatuses(_ list: borrowing GrowingStructList<StatusCountBuilder>) {
    list.place(at: builder.pointer(10))
  }

  /// Bottom-k of whole field tuples, by priority.
  @inlinable
  @_lifetime(copy self)
  public func initSamples(count: Int) -> TupleSampleListBuilder {
    return TupleSampleListBuilder(makeAt: builder.pointer(11), count: count)
  }
  @inlinable
  public func placeSamples(_ list: borrowing GrowingStructList<TupleSampleBuilder>) {
    list.place(at: builder.pointer(11))
  }

  @inlinable
  @_lifetime(copy self)
  public func initRules(count: Int) -> RuleActivityListBuilder {
    return RuleActivityListBuilder(makeAt: builder.pointer(12), count: count)
  }
  @inlinable
  public func placeRules(_ list: borrowing GrowingStructList<RuleActivityBuilder>) {
    list.place(at: builder.pointer(12))
  }

  @inlinable
  @_lifetime(copy self)
  public func initSignatures(count: Int) -> SignatureActivityListBuilder {
    return SignatureActivityListBuilder(makeAt: builder.pointer(13), count: count)
  }
  @inlinable
  public func placeSignatures(_ list: borrowing GrowingStructList<SignatureActivityBuilder>) {
    list.place(at: builder.pointer(13))
  }

  /// Only in scope global.
  @inlinable
  @_lifetime(copy self)
  public func initCorrelations(count: Int) -> CorrelationActivityListBuilder {
    return CorrelationActivityListBuilder(makeAt: builder.pointer(14), count: count)
  }
  @inlinable
  public func placeCorrelations(_ list: borrowing GrowingStructList<CorrelationActivityBuilder>) {
    list.place(at: builder.pointer(14))
  }

  /// What evidence refers to, by id.
  @inlinable
  @_lifetime(copy self)
  public func initSources(count: Int) -> SourceNameListBuilder {
    return SourceNameListBuilder(makeAt: builder.pointer(15), count: count)
  }
  @inlinable
  public func placeSources(_ list: borrowing GrowingStructList<SourceNameBuilder>) {
    list.place(at: builder.pointer(15))
  }

  /// A signature that is not listed has at most this many requests.
  @inlinable @inline(__always)
  public var signatureFloor: UInt64 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  /// Hits of groups for which there was no room.
  @inlinable @inline(__always)
  public var droppedCorrelations: UInt64 {
    get { builder.get(88) }
    nonmutating set { builder.set(newValue, at: 88) }
  }

  /// Counted in this partial, each once whatever its weight: for the ledger.
  @inlinable @inline(__always)
  public var events: UInt64 {
    get { builder.get(96) }
    nonmutating set { builder.set(newValue, at: 96) }
  }

  /// Only in scope progress: the partition is not to be waited for until it speaks again.
  @inlinable @inline(__always)
  public var idle: Bool {
    get { builder.getBit(49) }
    nonmutating set { builder.setBit(newValue, at: 49) }
  }
}
public typealias RollupListBuilder = StructListBuilder<RollupBuilder>

public struct Counts: ~Escapable, BitwiseCopyable, StructView {
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

  /// Weighted, as all of these.
  @inlinable @inline(__always)
  public var requests: UInt64 { reader.scalar(0, of: 184) }

  @inlinable @inline(__always)
  public var bytes: UInt64 { reader.scalar(8, of: 184) }

  @inlinable @inline(__always)
  public var status1xx: UInt64 { reader.scalar(16, of: 184) }

  @inlinable @inline(__always)
  public var status2xx: UInt64 { reader.scalar(24, of: 184) }

  @inlinable @inline(__always)
  public var status3xx: UInt64 { reader.scalar(32, of: 184) }

  @inlinable @inline(__always)
  public var status4xx: UInt64 { reader.scalar(40, of: 184) }

  @inlinable @inline(__always)
  public var status5xx: UInt64 { reader.scalar(48, of: 184) }

  /// 401 and 403.
  @inlinable @inline(__always)
  public var unauthorized: UInt64 { reader.scalar(56, of: 184) }

  /// 404 and 410.
  @inlinable @inline(__always)
  public var notFound: UInt64 { reader.scalar(64, of: 184) }

  /// 429.
  @inlinable @inline(__always)
  public var tooMany: UInt64 { reader.scalar(72, of: 184) }

  @inlinable @inline(__always)
  public var get: UInt64 { reader.scalar(80, of: 184) }

  @inlinable @inline(__always)
  public var head: UInt64 { reader.scalar(88, of: 184) }

  @inlinable @inline(__always)
  public var post: UInt64 { reader.scalar(96, of: 184) }

  @inlinable @inline(__always)
  public var otherMethods: UInt64 { reader.scalar(104, of: 184) }

  @inlinable @inline(__always)
  public var cacheHits: UInt64 { reader.scalar(112, of: 184) }

  @inlinable @inline(__always)
  public var cacheMisses: UInt64 { reader.scalar(120, of: 184) }

  @inlinable @inline(__always)
  public var malformed: UInt64 { reader.scalar(128, of: 184) }

  /// Requests whose score reached the threshold.
  @inlinable @inline(__always)
  public var matched: UInt64 { reader.scalar(136, of: 184) }

  /// Attempts to log in.
  @inlinable @inline(__always)
  public var logins: UInt64 { reader.scalar(144, of: 184) }

  @inlinable @inline(__always)
  public var loginFailures: UInt64 { reader.scalar(152, of: 184) }

  /// Duration, less sending at 64 KiB/s, at or over slow_request.
  @inlinable @inline(__always)
  public var slow: UInt64 { reader.scalar(160, of: 184) }

  /// Style sheets, scripts, images, fonts.
  @inlinable @inline(__always)
  public var assets: UInt64 { reader.scalar(168, of: 184) }

  /// Requests with a referrer.
  @inlinable @inline(__always)
  public var referrers: UInt64 { reader.scalar(176, of: 184) }
}
public typealias CountsList = StructList<Counts>

/// Builder of `Counts`.
public struct CountsBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
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

  /// Duration, less sending at 64 KiB/s, at or over slow_request.
  @inlinable @inline(__always)
  public var slow: UInt64 {
    get { builder.get(160) }
    nonmutating set { builder.set(newValue, at: 160) }
  }

  /// Style sheets, scripts, images, fonts.
  @inlinable @inline(__always)
  public var assets: UInt64 {
    get { builder.get(168) }
    nonmutating set { builder.set(newValue, at: 168) }
  }

  /// Requests with a referrer.
  @inlinable @inline(__always)
  public var referrers: UInt64 {
    get { builder.get(176) }
    nonmutating set { builder.set(newValue, at: 176) }
  }
}
public typealias CountsListBuilder = StructListBuilder<CountsBuilder>

public struct StatusCount: ~Escapable, BitwiseCopyable, StructView {
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
  public var code: UInt16 { reader.scalar(0, of: 16) }

  @inlinable @inline(__always)
  public var count: UInt64 { reader.scalar(8, of: 16) }
}
public typealias StatusCountList = StructList<StatusCount>

/// Builder of `StatusCount`.
public struct StatusCountBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var code: UInt16 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var count: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }
}
public typealias StatusCountListBuilder = StructListBuilder<StatusCountBuilder>

public struct HeavyHitters: ~Escapable, BitwiseCopyable, StructView {
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
  public var total: UInt64 { reader.scalar(0, of: 16) }

  /// A key that is not listed counts at most this.
  @inlinable @inline(__always)
  public var floor: UInt64 { reader.scalar(8, of: 16) }

  /// In no defined order.
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
public struct HeavyHittersBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var total: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// A key that is not listed counts at most this.
  @inlinable @inline(__always)
  public var floor: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// In no defined order.
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

public struct HeavyHitter: ~Escapable, BitwiseCopyable, StructView {
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
  public var hash: UInt64 { reader.scalar(0, of: 40) }

  /// Bytes of the value, cut to 256; 16 bytes for addresses.
  @inlinable @inline(__always)
  public var key: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `key` was set.
  @inlinable
  public var hasKey: Bool { reader.hasPointer(0) }

  /// Lower bound; count + error is the upper one.
  @inlinable @inline(__always)
  public var count: UInt64 { reader.scalar(8, of: 40) }

  @inlinable @inline(__always)
  public var error: UInt64 { reader.scalar(16, of: 40) }

  /// Lower bounds, as count.
  @inlinable @inline(__always)
  public var bytes: UInt64 { reader.scalar(24, of: 40) }

  /// Requests answered 4xx or 5xx.
  @inlinable @inline(__always)
  public var errors: UInt64 { reader.scalar(32, of: 40) }
}
public typealias HeavyHitterList = StructList<HeavyHitter>

/// Builder of `HeavyHitter`.
public struct HeavyHitterBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 5, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var hash: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// Bytes of the value, cut to 256; 16 bytes for addresses.
  @inlinable @inline(__always)
  public func setKey(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Lower bound; count + error is the upper one.
  @inlinable @inline(__always)
  public var count: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var error: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Lower bounds, as count.
  @inlinable @inline(__always)
  public var bytes: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  /// Requests answered 4xx or 5xx.
  @inlinable @inline(__always)
  public var errors: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }
}
public typealias HeavyHitterListBuilder = StructListBuilder<HeavyHitterBuilder>

public struct TupleSample: ~Escapable, BitwiseCopyable, StructView {
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

  /// Keyed hash of (source, ordinal) over the weight; the smallest are kept.
  @inlinable @inline(__always)
  public var priority: UInt64 { reader.scalar(0, of: 80) }

  @inlinable @inline(__always)
  public var time: Int64 { reader.scalar(8, of: 80) }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 { reader.scalar(16, of: 80) }

  @inlinable @inline(__always)
  public var clientLow: UInt64 { reader.scalar(24, of: 80) }

  @inlinable @inline(__always)
  public var weight: UInt32 { reader.scalar(32, of: 80) }

  @inlinable @inline(__always)
  public var asn: UInt32 { reader.scalar(36, of: 80) }

  @inlinable @inline(__always)
  public var status: UInt16 { reader.scalar(40, of: 80) }

  @inlinable @inline(__always)
  public var method: Method { Method(wire: reader.scalar(42, of: 80)) }

  @inlinable @inline(__always)
  public var `protocol`: `Protocol` { `Protocol`(wire: reader.scalar(44, of: 80)) }

  @inlinable @inline(__always)
  public var country: UInt16 { reader.scalar(46, of: 80) }

  @inlinable @inline(__always)
  public var score: UInt8 { reader.scalar(48, of: 80) }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public var target: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `target` was set.
  @inlinable
  public var hasTarget: Bool { reader.hasPointer(0) }

  /// Hash, as in userAgents.
  @inlinable @inline(__always)
  public var userAgent: UInt64 { reader.scalar(56, of: 80) }

  /// Hash, as in referrers; 0 where there is none.
  @inlinable @inline(__always)
  public var referrer: UInt64 { reader.scalar(64, of: 80) }

  /// Hash, as in fingerprints; 0 where there is none.
  @inlinable @inline(__always)
  public var tlsFingerprint: UInt64 { reader.scalar(72, of: 80) }

  /// Sent to the client; the largest value stands for more. As in Evidence.
  @inlinable @inline(__always)
  public var bytes: UInt32 { reader.scalar(52, of: 80) }
}
public typealias TupleSampleList = StructList<TupleSample>

/// Builder of `TupleSample`.
public struct TupleSampleBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 10, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Keyed hash of (source, ordinal) over the weight; the smallest are kept.
  @inlinable @inline(__always)
  public var priority: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var time: Int64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var clientLow: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var weight: UInt32 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var asn: UInt32 {
    get { builder.get(36) }
    nonmutating set { builder.set(newValue, at: 36) }
  }

  @inlinable @inline(__always)
  public var status: UInt16 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var method: Method {
    get { Method(wire: builder.get(42)) }
    nonmutating set { builder.set(newValue.wire, at: 42) }
  }

  @inlinable @inline(__always)
  public var `protocol`: `Protocol` {
    get { `Protocol`(wire: builder.get(44)) }
    nonmutating set { builder.set(newValue.wire, at: 44) }
  }

  @inlinable @inline(__always)
  public var country: UInt16 {
    get { builder.get(46) }
    nonmutating set { builder.set(newValue, at: 46) }
  }

  @inlinable @inline(__always)
  public var score: UInt8 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public func setTarget(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Hash, as in userAgents.
  @inlinable @inline(__always)
  public var userAgent: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  /// Hash, as in referrers; 0 where there is none.
  @inlinable @inline(__always)
  public var referrer: UInt64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// Hash, as in fingerprints; 0 where there is none.
  @inlinable @inline(__always)
  public var tlsFingerprint: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  /// Sent to the client; the largest value stands for more. As in Evidence.
  @inlinable @inline(__always)
  public var bytes: UInt32 {
    get { builder.get(52) }
    nonmutating set { builder.set(newValue, at: 52) }
  }
}
public typealias TupleSampleListBuilder = StructListBuilder<TupleSampleBuilder>

public struct SourceName: ~Escapable, BitwiseCopyable, StructView {
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
  public var id: UInt64 { reader.scalar(0, of: 8) }

  @inlinable @inline(__always)
  public var path: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `path` was set.
  @inlinable
  public var hasPath: Bool { reader.hasPointer(0) }
}
public typealias SourceNameList = StructList<SourceName>

/// Builder of `SourceName`.
public struct SourceNameBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 1, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var id: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public func setPath(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }
}
public typealias SourceNameListBuilder = StructListBuilder<SourceNameBuilder>

public struct Evidence: ~Escapable, BitwiseCopyable, StructView {
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

  /// Its name is in sources.
  @inlinable @inline(__always)
  public var source: UInt64 { reader.scalar(0, of: 96) }

  @inlinable @inline(__always)
  public var line: UInt64 { reader.scalar(8, of: 96) }

  @inlinable @inline(__always)
  public var offset: UInt64 { reader.scalar(16, of: 96) }

  /// Line's number in its source: breaks ties.
  @inlinable @inline(__always)
  public var ordinal: UInt64 { reader.scalar(24, of: 96) }

  @inlinable @inline(__always)
  public var time: Int64 { reader.scalar(32, of: 96) }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 { reader.scalar(40, of: 96) }

  @inlinable @inline(__always)
  public var clientLow: UInt64 { reader.scalar(48, of: 96) }

  /// Hash, as in userAgents.
  @inlinable @inline(__always)
  public var userAgent: UInt64 { reader.scalar(56, of: 96) }

  @inlinable @inline(__always)
  public var status: UInt16 { reader.scalar(64, of: 96) }

  @inlinable @inline(__always)
  public var method: Method { Method(wire: reader.scalar(66, of: 96)) }

  @inlinable @inline(__always)
  public var score: UInt8 { reader.scalar(68, of: 96) }

  /// Worth as evidence: the score, or a little for failures, logins and forms.
  @inlinable @inline(__always)
  public var rank: UInt8 { reader.scalar(69, of: 96) }

  /// Target, cut to 512 bytes.
  @inlinable @inline(__always)
  public var request: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `request` was set.
  @inlinable
  public var hasRequest: Bool { reader.hasPointer(0) }

  /// Hash, as in fingerprints; 0 where there is none.
  @inlinable @inline(__always)
  public var tlsFingerprint: UInt64 { reader.scalar(72, of: 96) }

  /// Sent to the client.
  @inlinable @inline(__always)
  public var bytes: UInt32 { reader.scalar(80, of: 96) }

  @inlinable @inline(__always)
  public var asn: UInt32 { reader.scalar(84, of: 96) }

  @inlinable @inline(__always)
  public var country: UInt16 { reader.scalar(70, of: 96) }

  @inlinable @inline(__always)
  public var `protocol`: `Protocol` { `Protocol`(wire: reader.scalar(88, of: 96)) }

  /// There was one.
  @inlinable @inline(__always)
  public var referrer: Bool { reader.bit(720) }
}
public typealias EvidenceList = StructList<Evidence>

/// Builder of `Evidence`.
public struct EvidenceBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 12, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Its name is in sources.
  @inlinable @inline(__always)
  public var source: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
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

  /// Line's number in its source: breaks ties.
  @inlinable @inline(__always)
  public var ordinal: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var time: Int64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var clientHigh: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var clientLow: UInt64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// Hash, as in userAgents.
  @inlinable @inline(__always)
  public var userAgent: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  @inlinable @inline(__always)
  public var status: UInt16 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  @inlinable @inline(__always)
  public var method: Method {
    get { Method(wire: builder.get(66)) }
    nonmutating set { builder.set(newValue.wire, at: 66) }
  }

  @inlinable @inline(__always)
  public var score: UInt8 {
    get { builder.get(68) }
    nonmutating set { builder.set(newValue, at: 68) }
  }

  /// Worth as evidence: the score, or a little for failures, logins and forms.
  @inlinable @inline(__always)
  public var rank: UInt8 {
    get { builder.get(69) }
    nonmutating set { builder.set(newValue, at: 69) }
  }

  /// Target, cut to 512 bytes.
  @inlinable @inline(__always)
  public func setRequest(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Hash, as in fingerprints; 0 where there is none.
  @inlinable @inline(__always)
  public var tlsFingerprint: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  /// Sent to the client.
  @inlinable @inline(__always)
  public var bytes: UInt32 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  @inlinable @inline(__always)
  public var asn: UInt32 {
    get { builder.get(84) }
    nonmutating set { builder.set(newValue, at: 84) }
  }

  @inlinable @inline(__always)
  public var country: UInt16 {
    get { builder.get(70) }
    nonmutating set { builder.set(newValue, at: 70) }
  }

  @inlinable @inline(__always)
  public var `protocol`: `Protocol` {
    get { `Protocol`(wire: builder.get(88)) }
    nonmutating set { builder.set(newValue.wire, at: 88) }
  }

  /// There was one.
  @inlinable @inline(__always)
  public var referrer: Bool {
    get { builder.getBit(720) }
    nonmutating set { builder.setBit(newValue, at: 720) }
  }
}
public typealias EvidenceListBuilder = StructListBuilder<EvidenceBuilder>

public struct RuleActivity: ~Escapable, BitwiseCopyable, StructView {
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

  /// Hash of the rule's id.
  @inlinable @inline(__always)
  public var rule: UInt64 { reader.scalar(0, of: 16) }

  @inlinable @inline(__always)
  public var matches: UInt64 { reader.scalar(8, of: 16) }

  /// HyperLogLog of precision 8, as all that follow.
  @inlinable @inline(__always)
  public var distinctClients: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `distinctClients` was set.
  @inlinable
  public var hasDistinctClients: Bool { reader.hasPointer(0) }

  /// As in ClientActivity.
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
public struct RuleActivityBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
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

  /// HyperLogLog of precision 8, as all that follow.
  @inlinable @inline(__always)
  public func setDistinctClients(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// As in ClientActivity.
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

/// One client in one window and zone. What most clients don't have is in `more`.
public struct ClientActivity: ~Escapable, BitwiseCopyable, StructView {
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
  public var high: UInt64 { reader.scalar(0, of: 104) }

  @inlinable @inline(__always)
  public var low: UInt64 { reader.scalar(8, of: 104) }

  @inlinable @inline(__always)
  public var firstTime: Int64 { reader.scalar(16, of: 104) }

  @inlinable @inline(__always)
  public var lastTime: Int64 { reader.scalar(24, of: 104) }

  @inlinable @inline(__always)
  public var bytes: UInt64 { reader.scalar(32, of: 104) }

  @inlinable @inline(__always)
  public var requests: UInt32 { reader.scalar(40, of: 104) }

  @inlinable @inline(__always)
  public var status2xx: UInt32 { reader.scalar(44, of: 104) }

  @inlinable @inline(__always)
  public var status3xx: UInt32 { reader.scalar(48, of: 104) }

  @inlinable @inline(__always)
  public var status4xx: UInt32 { reader.scalar(52, of: 104) }

  @inlinable @inline(__always)
  public var status5xx: UInt32 { reader.scalar(56, of: 104) }

  @inlinable @inline(__always)
  public var notFound: UInt32 { reader.scalar(60, of: 104) }

  @inlinable @inline(__always)
  public var get: UInt32 { reader.scalar(64, of: 104) }

  @inlinable @inline(__always)
  public var post: UInt32 { reader.scalar(68, of: 104) }

  @inlinable @inline(__always)
  public var assets: UInt32 { reader.scalar(72, of: 104) }

  @inlinable @inline(__always)
  public var referrers: UInt32 { reader.scalar(76, of: 104) }

  @inlinable @inline(__always)
  public var topPathCount: UInt32 { reader.scalar(80, of: 104) }

  /// Of its first request: place in userAgents, from 1; 0 where that was evicted.
  @inlinable @inline(__always)
  public var userAgent: UInt32 { reader.scalar(84, of: 104) }

  /// Its most asked path, if one has more than half; place in paths, from 1.
  @inlinable @inline(__always)
  public var topPath: UInt32 { reader.scalar(88, of: 104) }

  /// The largest seen, as country.
  @inlinable @inline(__always)
  public var asn: UInt32 { reader.scalar(92, of: 104) }

  @inlinable @inline(__always)
  public var country: UInt16 { reader.scalar(96, of: 104) }

  /// Asked for robots.txt.
  @inlinable @inline(__always)
  public var robots: Bool { reader.bit(784) }

  /// Distinct paths.
  @inlinable @inline(__always)
  public var paths: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `paths` was set.
  @inlinable
  public var hasPaths: Bool { reader.hasPointer(0) }

  @inlinable
  public var more: ClientDetail {
    @_lifetime(copy self)
    get throws(WireError) { ClientDetail(try reader.structure(1)) }
  }
  /// Whether `more` was set.
  @inlinable
  public var hasMore: Bool { reader.hasPointer(1) }
}
public typealias ClientActivityList = StructList<ClientActivity>

/// Builder of `ClientActivity`.
public struct ClientActivityBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 13, pointers: 2) }

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

  @inlinable @inline(__always)
  public var bytes: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var requests: UInt32 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var status2xx: UInt32 {
    get { builder.get(44) }
    nonmutating set { builder.set(newValue, at: 44) }
  }

  @inlinable @inline(__always)
  public var status3xx: UInt32 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  @inlinable @inline(__always)
  public var status4xx: UInt32 {
    get { builder.get(52) }
    nonmutating set { builder.set(newValue, at: 52) }
  }

  @inlinable @inline(__always)
  public var status5xx: UInt32 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  @inlinable @inline(__always)
  public var notFound: UInt32 {
    get { builder.get(60) }
    nonmutating set { builder.set(newValue, at: 60) }
  }

  @inlinable @inline(__always)
  public var get: UInt32 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  @inlinable @inline(__always)
  public var post: UInt32 {
    get { builder.get(68) }
    nonmutating set { builder.set(newValue, at: 68) }
  }

  @inlinable @inline(__always)
  public var assets: UInt32 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  @inlinable @inline(__always)
  public var referrers: UInt32 {
    get { builder.get(76) }
    nonmutating set { builder.set(newValue, at: 76) }
  }

  @inlinable @inline(__always)
  public var topPathCount: UInt32 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  /// Of its first request: place in userAgents, from 1; 0 where that was evicted.
  @inlinable @inline(__always)
  public var userAgent: UInt32 {
    get { builder.get(84) }
    nonmutating set { builder.set(newValue, at: 84) }
  }

  /// Its most asked path, if one has more than half; place in paths, from 1.
  @inlinable @inline(__always)
  public var topPath: UInt32 {
    get { builder.get(88) }
    nonmutating set { builder.set(newValue, at: 88) }
  }

  /// The largest seen, as country.
  @inlinable @inline(__always)
  public var asn: UInt32 {
    get { builder.get(92) }
    nonmutating set { builder.set(newValue, at: 92) }
  }

  @inlinable @inline(__always)
  public var country: UInt16 {
    get { builder.get(96) }
    nonmutating set { builder.set(newValue, at: 96) }
  }

  /// Asked for robots.txt.
  @inlinable @inline(__always)
  public var robots: Bool {
    get { builder.getBit(784) }
    nonmutating set { builder.setBit(newValue, at: 784) }
  }

  /// Distinct paths.
  @inlinable @inline(__always)
  public func setPaths(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable
  @_lifetime(copy self)
  public func initMore() -> ClientDetailBuilder {
    return ClientDetailBuilder(builder.pointer(1).makeStruct(ClientDetailBuilder.size))
  }
  /// What `initMore` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeMore() -> ClientDetailBuilder { ClientDetailBuilder(builder.pointer(1).resumeStruct(ClientDetailBuilder.size)) }
  @inlinable
  public func setMore(_ value: ClientDetail) throws(WireError) {
    try builder.pointer(1).copy(value.reader)
  }
}
public typealias ClientActivityListBuilder = StructListBuilder<ClientActivityBuilder>

public struct ClientDetail: ~Escapable, BitwiseCopyable, StructView {
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
  public var status1xx: UInt32 { reader.scalar(0, of: 72) }

  @inlinable @inline(__always)
  public var unauthorized: UInt32 { reader.scalar(4, of: 72) }

  @inlinable @inline(__always)
  public var tooMany: UInt32 { reader.scalar(8, of: 72) }

  @inlinable @inline(__always)
  public var head: UInt32 { reader.scalar(12, of: 72) }

  @inlinable @inline(__always)
  public var otherMethods: UInt32 { reader.scalar(16, of: 72) }

  @inlinable @inline(__always)
  public var cacheHits: UInt32 { reader.scalar(20, of: 72) }

  @inlinable @inline(__always)
  public var cacheMisses: UInt32 { reader.scalar(24, of: 72) }

  @inlinable @inline(__always)
  public var malformed: UInt32 { reader.scalar(28, of: 72) }

  @inlinable @inline(__always)
  public var matched: UInt32 { reader.scalar(32, of: 72) }

  @inlinable @inline(__always)
  public var logins: UInt32 { reader.scalar(36, of: 72) }

  @inlinable @inline(__always)
  public var loginFailures: UInt32 { reader.scalar(40, of: 72) }

  @inlinable @inline(__always)
  public var slow: UInt32 { reader.scalar(44, of: 72) }

  /// Requests it may have had before its row was evicted and made again.
  @inlinable @inline(__always)
  public var error: UInt32 { reader.scalar(48, of: 72) }

  /// Union of the attack classes of its matched requests.
  @inlinable @inline(__always)
  public var classes: UInt32 { reader.scalar(52, of: 72) }

  @inlinable @inline(__always)
  public var scoreSum: UInt32 { reader.scalar(56, of: 72) }

  /// Where it tried to log in: place in paths, from 1.
  @inlinable @inline(__always)
  public var loginPath: UInt32 { reader.scalar(60, of: 72) }

  @inlinable @inline(__always)
  public var maxScore: UInt8 { reader.scalar(64, of: 72) }

  /// Distinct paths answered 4xx.
  @inlinable @inline(__always)
  public var failedPaths: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `failedPaths` was set.
  @inlinable
  public var hasFailedPaths: Bool { reader.hasPointer(0) }

  /// Distinct query strings.
  @inlinable @inline(__always)
  public var queries: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `queries` was set.
  @inlinable
  public var hasQueries: Bool { reader.hasPointer(1) }

  /// Distinct remote users.
  @inlinable @inline(__always)
  public var users: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `users` was set.
  @inlinable
  public var hasUsers: Bool { reader.hasPointer(2) }

  /// Distinct user agents, where more than one.
  @inlinable @inline(__always)
  public var userAgents: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(3) }
  }
  /// Whether `userAgents` was set.
  @inlinable
  public var hasUserAgents: Bool { reader.hasPointer(3) }

  /// Highest rank first, then earliest; at most 3.
  @inlinable
  public var evidence: EvidenceList {
    @_lifetime(copy self)
    get throws(WireError) { EvidenceList(try reader.list(4, of: EvidenceList.elementSize)) }
  }
  /// Whether `evidence` was set.
  @inlinable
  public var hasEvidence: Bool { reader.hasPointer(4) }

  /// By rule.
  @inlinable
  public var rules: RuleCountList {
    @_lifetime(copy self)
    get throws(WireError) { RuleCountList(try reader.list(5, of: RuleCountList.elementSize)) }
  }
  /// Whether `rules` was set.
  @inlinable
  public var hasRules: Bool { reader.hasPointer(5) }
}
public typealias ClientDetailList = StructList<ClientDetail>

/// Builder of `ClientDetail`.
public struct ClientDetailBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 9, pointers: 6) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var status1xx: UInt32 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var unauthorized: UInt32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  @inlinable @inline(__always)
  public var tooMany: UInt32 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var head: UInt32 {
    get { builder.get(12) }
    nonmutating set { builder.set(newValue, at: 12) }
  }

  @inlinable @inline(__always)
  public var otherMethods: UInt32 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var cacheHits: UInt32 {
    get { builder.get(20) }
    nonmutating set { builder.set(newValue, at: 20) }
  }

  @inlinable @inline(__always)
  public var cacheMisses: UInt32 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var malformed: UInt32 {
    get { builder.get(28) }
    nonmutating set { builder.set(newValue, at: 28) }
  }

  @inlinable @inline(__always)
  public var matched: UInt32 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var logins: UInt32 {
    get { builder.get(36) }
    nonmutating set { builder.set(newValue, at: 36) }
  }

  @inlinable @inline(__always)
  public var loginFailures: UInt32 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var slow: UInt32 {
    get { builder.get(44) }
    nonmutating set { builder.set(newValue, at: 44) }
  }

  /// Requests it may have had before its row was evicted and made again.
  @inlinable @inline(__always)
  public var error: UInt32 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  /// Union of the attack classes of its matched requests.
  @inlinable @inline(__always)
  public var classes: UInt32 {
    get { builder.get(52) }
    nonmutating set { builder.set(newValue, at: 52) }
  }

  @inlinable @inline(__always)
  public var scoreSum: UInt32 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  /// Where it tried to log in: place in paths, from 1.
  @inlinable @inline(__always)
  public var loginPath: UInt32 {
    get { builder.get(60) }
    nonmutating set { builder.set(newValue, at: 60) }
  }

  @inlinable @inline(__always)
  public var maxScore: UInt8 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// Distinct paths answered 4xx.
  @inlinable @inline(__always)
  public func setFailedPaths(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Distinct query strings.
  @inlinable @inline(__always)
  public func setQueries(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  /// Distinct remote users.
  @inlinable @inline(__always)
  public func setUsers(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  /// Distinct user agents, where more than one.
  @inlinable @inline(__always)
  public func setUserAgents(_ bytes: RawSpan) {
    builder.pointer(3).setData(bytes)
  }

  /// Highest rank first, then earliest; at most 3.
  @inlinable
  @_lifetime(copy self)
  public func initEvidence(count: Int) -> EvidenceListBuilder {
    return EvidenceListBuilder(makeAt: builder.pointer(4), count: count)
  }
  @inlinable
  public func placeEvidence(_ list: borrowing GrowingStructList<EvidenceBuilder>) {
    list.place(at: builder.pointer(4))
  }

  /// By rule.
  @inlinable
  @_lifetime(copy self)
  public func initRules(count: Int) -> RuleCountListBuilder {
    return RuleCountListBuilder(makeAt: builder.pointer(5), count: count)
  }
  @inlinable
  public func placeRules(_ list: borrowing GrowingStructList<RuleCountBuilder>) {
    list.place(at: builder.pointer(5))
  }
}
public typealias ClientDetailListBuilder = StructListBuilder<ClientDetailBuilder>

public struct RuleCount: ~Escapable, BitwiseCopyable, StructView {
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
  public var count: UInt64 { reader.scalar(8, of: 16) }
}
public typealias RuleCountList = StructList<RuleCount>

/// Builder of `RuleCount`.
public struct RuleCountBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
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

/// What several clients share in one window: of failed, matched, writing and logging-in requests.
public struct SignatureActivity: ~Escapable, BitwiseCopyable, StructView {
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

  /// Of kind and value.
  @inlinable @inline(__always)
  public var hash: UInt64 { reader.scalar(0, of: 48) }

  @inlinable @inline(__always)
  public var kind: SignatureActivity.Kind { SignatureActivity.Kind(wire: reader.scalar(8, of: 48)) }

  /// Cut to 256 bytes.
  @inlinable @inline(__always)
  public var value: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `value` was set.
  @inlinable
  public var hasValue: Bool { reader.hasPointer(0) }

  @inlinable @inline(__always)
  public var requests: UInt64 { reader.scalar(16, of: 48) }

  @inlinable @inline(__always)
  public var errors: UInt64 { reader.scalar(24, of: 48) }

  @inlinable @inline(__always)
  public var matched: UInt64 { reader.scalar(32, of: 48) }

  @inlinable @inline(__always)
  public var distinctClients: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `distinctClients` was set.
  @inlinable
  public var hasDistinctClients: Bool { reader.hasPointer(1) }

  /// Distinct query strings.
  @inlinable @inline(__always)
  public var queries: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(2) }
  }
  /// Whether `queries` was set.
  @inlinable
  public var hasQueries: Bool { reader.hasPointer(2) }

  @inlinable
  public var evidence: EvidenceList {
    @_lifetime(copy self)
    get throws(WireError) { EvidenceList(try reader.list(3, of: EvidenceList.elementSize)) }
  }
  /// Whether `evidence` was set.
  @inlinable
  public var hasEvidence: Bool { reader.hasPointer(3) }

  /// Requests it may have had before it was evicted and taken in again.
  @inlinable @inline(__always)
  public var error: UInt64 { reader.scalar(40, of: 48) }

  public enum Kind: UInt16, WireEnum, CaseIterable {
    case path
    case payloadShape
    case userAgent
    case loginPath

    /// The enumerant of this number; `path` where this schema has none such.
    @inlinable @inline(__always)
    public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 4) }

    /// The number on the wire.
    @inlinable @inline(__always)
    public var wire: UInt16 { WireEnumTag.number(self) }
  }
}
public typealias SignatureActivityList = StructList<SignatureActivity>

/// Builder of `SignatureActivity`.
public struct SignatureActivityBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 6, pointers: 4) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Of kind and value.
  @inlinable @inline(__always)
  public var hash: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var kind: SignatureActivity.Kind {
    get { SignatureActivity.Kind(wire: builder.get(8)) }
    nonmutating set { builder.set(newValue.wire, at: 8) }
  }

  /// Cut to 256 bytes.
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

  /// Distinct query strings.
  @inlinable @inline(__always)
  public func setQueries(_ bytes: RawSpan) {
    builder.pointer(2).setData(bytes)
  }

  @inlinable
  @_lifetime(copy self)
  public func initEvidence(count: Int) -> EvidenceListBuilder {
    return EvidenceListBuilder(makeAt: builder.pointer(3), count: count)
  }
  @inlinable
  public func placeEvidence(_ list: borrowing GrowingStructList<EvidenceBuilder>) {
    list.place(at: builder.pointer(3))
  }

  /// Requests it may have had before it was evicted and taken in again.
  @inlinable @inline(__always)
  public var error: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }
}
public typealias SignatureActivityListBuilder = StructListBuilder<SignatureActivityBuilder>

/// A Sigma correlation's counts for one group of values.
public struct CorrelationActivity: ~Escapable, BitwiseCopyable, StructView {
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

  /// Hash of its id; of one of its rules as well where they are told apart.
  @inlinable @inline(__always)
  public var correlation: UInt64 { reader.scalar(0, of: 40) }

  @inlinable @inline(__always)
  public var groupHash: UInt64 { reader.scalar(8, of: 40) }

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
  public var count: UInt64 { reader.scalar(16, of: 40) }

  /// Distinct values of the field that value_count counts.
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
  public var firstTime: Int64 { reader.scalar(24, of: 40) }

  @inlinable @inline(__always)
  public var lastTime: Int64 { reader.scalar(32, of: 40) }
}
public typealias CorrelationActivityList = StructList<CorrelationActivity>

/// Builder of `CorrelationActivity`.
public struct CorrelationActivityBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 5, pointers: 3) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Hash of its id; of one of its rules as well where they are told apart.
  @inlinable @inline(__always)
  public var correlation: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var groupHash: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// The group-by values, each length-prefixed.
  @inlinable @inline(__always)
  public func setGroup(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  @inlinable @inline(__always)
  public var count: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Distinct values of the field that value_count counts.
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
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var lastTime: Int64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }
}
public typealias CorrelationActivityListBuilder = StructListBuilder<CorrelationActivityBuilder>
