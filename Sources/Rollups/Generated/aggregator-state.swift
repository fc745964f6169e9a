// Generated from aggregator-state.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto

// What the aggregator of one input partition keeps in the compacted topic aggregator-state, in the
// partition of the same number: what it cannot know again by reading `events` from `resume` on.
// Key "N" holds a PartitionState, key "N.zones.M" the M-th ConfirmedZones of input partition N.

public struct PartitionState: ~Escapable, BitwiseCopyable, StructView {
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

  @inlinable @inline(__always)
  public var inputPartition: UInt16 { reader.scalar(2, of: 80) }

  /// Drained: nothing more is counted.
  @inlinable @inline(__always)
  public var closed: Bool { reader.bit(32) }

  @inlinable @inline(__always)
  public var windowLength: Int64 { reader.scalar(8, of: 80) }

  @inlinable @inline(__always)
  public var hashSeed: UInt64 { reader.scalar(16, of: 80) }

  @inlinable @inline(__always)
  public var ruleSet: UInt64 { reader.scalar(24, of: 80) }

  /// Offset of the first record of `events` that is not counted in here.
  @inlinable @inline(__always)
  public var position: Int64 { reader.scalar(32, of: 80) }

  /// Offset of the first record with an event in a window still open.
  @inlinable @inline(__always)
  public var resume: Int64 { reader.scalar(40, of: 80) }

  /// Windows that end by this are written.
  @inlinable @inline(__always)
  public var closedUpTo: Int64 { reader.scalar(48, of: 80) }

  @inlinable @inline(__always)
  public var watermark: Int64 { reader.scalar(56, of: 80) }

  /// Largest low watermark of any source.
  @inlinable @inline(__always)
  public var front: Int64 { reader.scalar(64, of: 80) }

  /// By id.
  @inlinable
  public var sources: SourceStateList {
    @_lifetime(copy self)
    get throws(WireError) { SourceStateList(try reader.list(0, of: SourceStateList.elementSize)) }
  }
  /// Whether `sources` was set.
  @inlinable
  public var hasSources: Bool { reader.hasPointer(0) }

  /// Names in the ConfirmedZones records that count.
  @inlinable @inline(__always)
  public var zones: UInt32 { reader.scalar(72, of: 80) }

  @inlinable
  public var ledger: AggregatorLedger {
    @_lifetime(copy self)
    get throws(WireError) { AggregatorLedger(try reader.structure(1)) }
  }
  /// Whether `ledger` was set.
  @inlinable
  public var hasLedger: Bool { reader.hasPointer(1) }
}
public typealias PartitionStateList = StructList<PartitionState>

/// Builder of `PartitionState`.
public struct PartitionStateBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 10, pointers: 2) }

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

  /// Drained: nothing more is counted.
  @inlinable @inline(__always)
  public var closed: Bool {
    get { builder.getBit(32) }
    nonmutating set { builder.setBit(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var windowLength: Int64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var hashSeed: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var ruleSet: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  /// Offset of the first record of `events` that is not counted in here.
  @inlinable @inline(__always)
  public var position: Int64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  /// Offset of the first record with an event in a window still open.
  @inlinable @inline(__always)
  public var resume: Int64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  /// Windows that end by this are written.
  @inlinable @inline(__always)
  public var closedUpTo: Int64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  @inlinable @inline(__always)
  public var watermark: Int64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  /// Largest low watermark of any source.
  @inlinable @inline(__always)
  public var front: Int64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// By id.
  @inlinable
  @_lifetime(copy self)
  public func initSources(count: Int) -> SourceStateListBuilder {
    return SourceStateListBuilder(makeAt: builder.pointer(0), count: count)
  }
  @inlinable
  public func placeSources(_ list: borrowing GrowingStructList<SourceStateBuilder>) {
    list.place(at: builder.pointer(0))
  }

  /// Names in the ConfirmedZones records that count.
  @inlinable @inline(__always)
  public var zones: UInt32 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initLedger() -> AggregatorLedgerBuilder {
    return AggregatorLedgerBuilder(builder.pointer(1).makeStruct(AggregatorLedgerBuilder.size))
  }
  /// What `initLedger` made, again.
  @inlinable
  @_lifetime(copy self)
  public func resumeLedger() -> AggregatorLedgerBuilder { AggregatorLedgerBuilder(builder.pointer(1).resumeStruct(AggregatorLedgerBuilder.size)) }
  @inlinable
  public func setLedger(_ value: AggregatorLedger) throws(WireError) {
    try builder.pointer(1).copy(value.reader)
  }
}
public typealias PartitionStateListBuilder = StructListBuilder<PartitionStateBuilder>

public struct SourceState: ~Escapable, BitwiseCopyable, StructView {
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
  public var id: UInt64 { reader.scalar(0, of: 24) }

  @inlinable @inline(__always)
  public var lowWatermark: Int64 { reader.scalar(8, of: 24) }

  @inlinable @inline(__always)
  public var live: Bool { reader.bit(128) }
}
public typealias SourceStateList = StructList<SourceState>

/// Builder of `SourceState`.
public struct SourceStateBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 3, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var id: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var lowWatermark: Int64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var live: Bool {
    get { builder.getBit(128) }
    nonmutating set { builder.setBit(newValue, at: 128) }
  }
}
public typealias SourceStateListBuilder = StructListBuilder<SourceStateBuilder>

/// Hosts in the order in which a successful answer confirmed them.
public struct ConfirmedZones: ~Escapable, BitwiseCopyable, StructView {
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
  public var schemaVersion: UInt16 { reader.scalar(0, of: 8) }

  @inlinable @inline(__always)
  public var inputPartition: UInt16 { reader.scalar(2, of: 8) }

  /// Number of the first of them.
  @inlinable @inline(__always)
  public var first: UInt32 { reader.scalar(4, of: 8) }

  @inlinable
  public var names: ConfirmedZoneList {
    @_lifetime(copy self)
    get throws(WireError) { ConfirmedZoneList(try reader.list(0, of: ConfirmedZoneList.elementSize)) }
  }
  /// Whether `names` was set.
  @inlinable
  public var hasNames: Bool { reader.hasPointer(0) }
}
public typealias ConfirmedZonesList = StructList<ConfirmedZones>

/// Builder of `ConfirmedZones`.
public struct ConfirmedZonesBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 1, pointers: 1) }

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

  /// Number of the first of them.
  @inlinable @inline(__always)
  public var first: UInt32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  @inlinable
  @_lifetime(copy self)
  public func initNames(count: Int) -> ConfirmedZoneListBuilder {
    return ConfirmedZoneListBuilder(makeAt: builder.pointer(0), count: count)
  }
  @inlinable
  public func placeNames(_ list: borrowing GrowingStructList<ConfirmedZoneBuilder>) {
    list.place(at: builder.pointer(0))
  }
}
public typealias ConfirmedZonesListBuilder = StructListBuilder<ConfirmedZonesBuilder>

public struct ConfirmedZone: ~Escapable, BitwiseCopyable, StructView {
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
  public var name: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `name` was set.
  @inlinable
  public var hasName: Bool { reader.hasPointer(0) }

  /// Of the record that confirmed it.
  @inlinable @inline(__always)
  public var offset: Int64 { reader.scalar(0, of: 8) }
}
public typealias ConfirmedZoneList = StructList<ConfirmedZone>

/// Builder of `ConfirmedZone`.
public struct ConfirmedZoneBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 1, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public func setName(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Of the record that confirmed it.
  @inlinable @inline(__always)
  public var offset: Int64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }
}
public typealias ConfirmedZoneListBuilder = StructListBuilder<ConfirmedZoneBuilder>

/// Sums since the partition began.
public struct AggregatorLedger: ~Escapable, BitwiseCopyable, StructView {
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
  public var batches: UInt64 { reader.scalar(0, of: 128) }

  @inlinable @inline(__always)
  public var lines: UInt64 { reader.scalar(8, of: 128) }

  @inlinable @inline(__always)
  public var parsed: UInt64 { reader.scalar(16, of: 128) }

  @inlinable @inline(__always)
  public var unparsed: UInt64 { reader.scalar(24, of: 128) }

  @inlinable @inline(__always)
  public var ahead: UInt64 { reader.scalar(32, of: 128) }

  @inlinable @inline(__always)
  public var sampledOut: UInt64 { reader.scalar(40, of: 128) }

  @inlinable @inline(__always)
  public var late: UInt64 { reader.scalar(48, of: 128) }

  @inlinable @inline(__always)
  public var events: UInt64 { reader.scalar(56, of: 128) }

  @inlinable @inline(__always)
  public var damaged: UInt64 { reader.scalar(64, of: 128) }

  @inlinable @inline(__always)
  public var onTime: UInt64 { reader.scalar(72, of: 128) }

  @inlinable @inline(__always)
  public var afterClose: UInt64 { reader.scalar(80, of: 128) }

  @inlinable @inline(__always)
  public var inWindows: UInt64 { reader.scalar(88, of: 128) }

  @inlinable @inline(__always)
  public var windows: UInt64 { reader.scalar(96, of: 128) }

  @inlinable @inline(__always)
  public var latePartials: UInt64 { reader.scalar(104, of: 128) }

  /// Records that could not be read; they went to dead-letters.
  @inlinable @inline(__always)
  public var poisoned: UInt64 { reader.scalar(112, of: 128) }

  /// Unparsed lines by reason.
  @inlinable
  public var reasons: ScalarList<UInt64> {
    @_lifetime(copy self)
    get throws(WireError) { ScalarList<UInt64>(try reader.list(0, of: ScalarList<UInt64>.elementSize)) }
  }
  /// Whether `reasons` was set.
  @inlinable
  public var hasReasons: Bool { reader.hasPointer(0) }

  /// Of the events counted: allowed by the pipeline, and in no table.
  @inlinable @inline(__always)
  public var allowed: UInt64 { reader.scalar(120, of: 128) }
}
public typealias AggregatorLedgerList = StructList<AggregatorLedger>

/// Builder of `AggregatorLedger`.
public struct AggregatorLedgerBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 16, pointers: 1) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var batches: UInt64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var lines: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  @inlinable @inline(__always)
  public var parsed: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var unparsed: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var ahead: UInt64 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var sampledOut: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var late: UInt64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  @inlinable @inline(__always)
  public var events: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  @inlinable @inline(__always)
  public var damaged: UInt64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  @inlinable @inline(__always)
  public var onTime: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  @inlinable @inline(__always)
  public var afterClose: UInt64 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  @inlinable @inline(__always)
  public var inWindows: UInt64 {
    get { builder.get(88) }
    nonmutating set { builder.set(newValue, at: 88) }
  }

  @inlinable @inline(__always)
  public var windows: UInt64 {
    get { builder.get(96) }
    nonmutating set { builder.set(newValue, at: 96) }
  }

  @inlinable @inline(__always)
  public var latePartials: UInt64 {
    get { builder.get(104) }
    nonmutating set { builder.set(newValue, at: 104) }
  }

  /// Records that could not be read; they went to dead-letters.
  @inlinable @inline(__always)
  public var poisoned: UInt64 {
    get { builder.get(112) }
    nonmutating set { builder.set(newValue, at: 112) }
  }

  /// Unparsed lines by reason.
  @inlinable
  @_lifetime(copy self)
  public func initReasons(count: Int) -> ScalarListBuilder<UInt64> {
    return ScalarListBuilder<UInt64>(makeAt: builder.pointer(0), count: count)
  }

  /// Of the events counted: allowed by the pipeline, and in no table.
  @inlinable @inline(__always)
  public var allowed: UInt64 {
    get { builder.get(120) }
    nonmutating set { builder.set(newValue, at: 120) }
  }
}
public typealias AggregatorLedgerListBuilder = StructListBuilder<AggregatorLedgerBuilder>
