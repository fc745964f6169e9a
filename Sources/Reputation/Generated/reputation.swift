// Generated from reputation.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto

// What millrace-reputation writes and analyzers read: which lists of addresses there are, and who is on them.
// Topic `reputation`, compacted. Key "list/NAME" holds a KnownList, key "net/NETWORK" a KnownNetwork; a record
// without a value takes back what its key said.

public struct ReputationRecord: ~Escapable, BitwiseCopyable, StructView {
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

  @inlinable
  public var known: Known {
    @_lifetime(copy self)
    get { Known(reader) }
  }

  public struct Known: ~Escapable, BitwiseCopyable, StructView {
    @usableFromInline let reader: StructReader

    @inlinable @inline(__always)
    @_lifetime(copy reader)
    public init(_ reader: StructReader) { self.reader = reader }

    /// The members of the union.
    public enum Which: Sendable, CaseIterable {
      case list
      case network
      /// One that a newer schema added.
      case unrecognized
    }

    /// The member that is set.
    @inlinable
    public var which: Which {
      switch reader.scalar(2, as: UInt16.self) {
      case 0: .list
      case 1: .network
      default: .unrecognized
      }
    }

    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var list: KnownList {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(2, as: UInt16.self) == 0 else { throw .unionMember }
        return KnownList(try reader.structure(0))
      }
    }
    /// Whether `list` was set.
    @inlinable
    public var hasList: Bool { reader.scalar(2, as: UInt16.self) == 0 && reader.hasPointer(0) }

    /// - Throws: `.unionMember` where another member of the union is set.
    @inlinable
    public var network: KnownNetwork {
      @_lifetime(copy self)
      get throws(WireError) {
        guard reader.scalar(2, as: UInt16.self) == 1 else { throw .unionMember }
        return KnownNetwork(try reader.structure(0))
      }
    }
    /// Whether `network` was set.
    @inlinable
    public var hasNetwork: Bool { reader.scalar(2, as: UInt16.self) == 1 && reader.hasPointer(0) }
  }

  /// Builder of `Known`.
  public struct KnownBuilder: ~Escapable, BitwiseCopyable {
    @usableFromInline let builder: StructBuilder

    @inlinable @inline(__always)
    @_lifetime(copy builder)
    public init(_ builder: StructBuilder) { self.builder = builder }

    @inlinable
    @_lifetime(copy self)
    public func initList() -> KnownListBuilder {
      builder.set(0 as UInt16, at: 2)
      return KnownListBuilder(builder.pointer(0).makeStruct(KnownListBuilder.size))
    }
    @inlinable
    public func setList(_ value: KnownList) throws(WireError) {
      builder.set(0 as UInt16, at: 2)
      try builder.pointer(0).copy(value.reader)
    }

    @inlinable
    @_lifetime(copy self)
    public func initNetwork() -> KnownNetworkBuilder {
      builder.set(1 as UInt16, at: 2)
      return KnownNetworkBuilder(builder.pointer(0).makeStruct(KnownNetworkBuilder.size))
    }
    @inlinable
    public func setNetwork(_ value: KnownNetwork) throws(WireError) {
      builder.set(1 as UInt16, at: 2)
      try builder.pointer(0).copy(value.reader)
    }
  }
}
public typealias ReputationRecordList = StructList<ReputationRecord>

/// Builder of `ReputationRecord`.
public struct ReputationRecordBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
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

  @inlinable
  public var known: ReputationRecord.KnownBuilder {
    @_lifetime(copy self)
    get { ReputationRecord.KnownBuilder(builder) }
  }
}
public typealias ReputationRecordListBuilder = StructListBuilder<ReputationRecordBuilder>

public struct KnownList: ~Escapable, BitwiseCopyable, StructView {
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

  @inlinable
  public var name: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.text(0) }
  }
  /// Whether `name` was set.
  @inlinable
  public var hasName: Bool { reader.hasPointer(0) }

  /// tor, abuse, vpn, hosting, crawler, monitor or other.
  @inlinable
  public var kind: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.text(1) }
  }
  /// Whether `kind` was set.
  @inlinable
  public var hasKind: Bool { reader.hasPointer(1) }

  /// In the pipeline: lists are told in this order.
  @inlinable @inline(__always)
  public var place: UInt32 { reader.scalar(0, of: 32) }

  /// On it when it was read.
  @inlinable @inline(__always)
  public var networks: UInt64 { reader.scalar(8, of: 32) }

  /// When that was, ns.
  @inlinable @inline(__always)
  public var read: Int64 { reader.scalar(16, of: 32) }

  /// From then on it says nothing.
  @inlinable @inline(__always)
  public var expires: Int64 { reader.scalar(24, of: 32) }
}
public typealias KnownListList = StructList<KnownList>

/// Builder of `KnownList`.
public struct KnownListBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 4, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable
  public func setName(_ text: String) {
    builder.pointer(0).setText(text)
  }
  @inlinable
  public func setName(_ bytes: RawSpan) {
    builder.pointer(0).setText(bytes)
  }

  /// tor, abuse, vpn, hosting, crawler, monitor or other.
  @inlinable
  public func setKind(_ text: String) {
    builder.pointer(1).setText(text)
  }
  @inlinable
  public func setKind(_ bytes: RawSpan) {
    builder.pointer(1).setText(bytes)
  }

  /// In the pipeline: lists are told in this order.
  @inlinable @inline(__always)
  public var place: UInt32 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// On it when it was read.
  @inlinable @inline(__always)
  public var networks: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// When that was, ns.
  @inlinable @inline(__always)
  public var read: Int64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// From then on it says nothing.
  @inlinable @inline(__always)
  public var expires: Int64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }
}
public typealias KnownListListBuilder = StructListBuilder<KnownListBuilder>

public struct KnownNetwork: ~Escapable, BitwiseCopyable, StructView {
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

  /// First address, as in HttpEvent.
  @inlinable @inline(__always)
  public var high: UInt64 { reader.scalar(0, of: 32) }

  @inlinable @inline(__always)
  public var low: UInt64 { reader.scalar(8, of: 32) }

  /// Bits of the 128.
  @inlinable @inline(__always)
  public var prefix: UInt8 { reader.scalar(16, of: 32) }

  /// Names of those it is on.
  @inlinable
  public var lists: TextList {
    @_lifetime(copy self)
    get throws(WireError) { TextList(try reader.list(0, of: TextList.elementSize)) }
  }
  /// Whether `lists` was set.
  @inlinable
  public var hasLists: Bool { reader.hasPointer(0) }

  /// Of the line's own that told of an address in it; counted where a list of kind tor has it.
  @inlinable @inline(__always)
  public var attacks: UInt32 { reader.scalar(20, of: 32) }

  /// The latest end of these, rounded down to ten minutes, ns.
  @inlinable @inline(__always)
  public var lastAttack: Int64 { reader.scalar(24, of: 32) }

  /// 0 to 100, as it was at lastAttack: 100 - 100 * (3/4)^attacks. It halves in 30 days.
  @inlinable @inline(__always)
  public var score: UInt8 { reader.scalar(17, of: 32) }

  /// Those of them that started last, the latest first; at most 8.
  @inlinable
  public var recent: SeenAttackList {
    @_lifetime(copy self)
    get throws(WireError) { SeenAttackList(try reader.list(1, of: SeenAttackList.elementSize)) }
  }
  /// Whether `recent` was set.
  @inlinable
  public var hasRecent: Bool { reader.hasPointer(1) }
}
public typealias KnownNetworkList = StructList<KnownNetwork>

/// Builder of `KnownNetwork`.
public struct KnownNetworkBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 4, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// First address, as in HttpEvent.
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

  /// Bits of the 128.
  @inlinable @inline(__always)
  public var prefix: UInt8 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// Names of those it is on.
  @inlinable
  @_lifetime(copy self)
  public func initLists(count: Int) -> TextListBuilder {
    return TextListBuilder(makeAt: builder.pointer(0), count: count)
  }

  /// Of the line's own that told of an address in it; counted where a list of kind tor has it.
  @inlinable @inline(__always)
  public var attacks: UInt32 {
    get { builder.get(20) }
    nonmutating set { builder.set(newValue, at: 20) }
  }

  /// The latest end of these, rounded down to ten minutes, ns.
  @inlinable @inline(__always)
  public var lastAttack: Int64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  /// 0 to 100, as it was at lastAttack: 100 - 100 * (3/4)^attacks. It halves in 30 days.
  @inlinable @inline(__always)
  public var score: UInt8 {
    get { builder.get(17) }
    nonmutating set { builder.set(newValue, at: 17) }
  }

  /// Those of them that started last, the latest first; at most 8.
  @inlinable
  @_lifetime(copy self)
  public func initRecent(count: Int) -> SeenAttackListBuilder {
    return SeenAttackListBuilder(makeAt: builder.pointer(1), count: count)
  }
  @inlinable
  public func placeRecent(_ list: borrowing GrowingStructList<SeenAttackBuilder>) {
    list.place(at: builder.pointer(1))
  }
}
public typealias KnownNetworkListBuilder = StructListBuilder<KnownNetworkBuilder>

public struct SeenAttack: ~Escapable, BitwiseCopyable, StructView {
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

  /// ns
  @inlinable @inline(__always)
  public var start: Int64 { reader.scalar(0, of: 16) }

  /// Rounded down as lastAttack.
  @inlinable @inline(__always)
  public var end: Int64 { reader.scalar(8, of: 16) }
}
public typealias SeenAttackList = StructList<SeenAttack>

/// Builder of `SeenAttack`.
public struct SeenAttackBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 2, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// ns
  @inlinable @inline(__always)
  public var start: Int64 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// Rounded down as lastAttack.
  @inlinable @inline(__always)
  public var end: Int64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }
}
public typealias SeenAttackListBuilder = StructListBuilder<SeenAttackBuilder>
