// Generated from checkpoints.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto

// Where a forwarder goes on after a restart: the compacted topic `checkpoints`. Written in the same transaction as the
// batches that it speaks of. Key: "FORWARDER/SOURCE", the forwarder's id and the source's in hex; "FORWARDER" alone
// holds the owner. A forwarder's records stand in one partition, chosen by its id.

@inlinable
public var checkpointVersion: UInt16 { 1 }

public struct Checkpoint: ~Escapable, BitwiseCopyable, StructView {
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
  public var schemaVersion: UInt16 { reader.scalar(0, of: 112) }

  @inlinable @inline(__always)
  public var kind: Checkpoint.Kind { Checkpoint.Kind(wire: reader.scalar(2, of: 112)) }

  @inlinable @inline(__always)
  public var source: UInt64 { reader.scalar(8, of: 112) }

  /// Where the file was seen last, or the listener: for people, and to look for it first.
  @inlinable @inline(__always)
  public var path: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `path` was set.
  @inlinable
  public var hasPath: Bool { reader.hasPointer(0) }

  /// ns since the epoch, by the host's clock.
  /// What the file is known by: the hash of its first bytes, decompressed, as many as headLength says. The inode tells
  /// apart files whose heads are the same; the bytes before the position prove that a file was read so far.
  @inlinable @inline(__always)
  public var written: Int64 { reader.scalar(16, of: 112) }

  @inlinable @inline(__always)
  public var headHash: UInt64 { reader.scalar(24, of: 112) }

  @inlinable @inline(__always)
  public var headLength: UInt32 { reader.scalar(4, of: 112) }

  @inlinable @inline(__always)
  public var tailLength: UInt32 { reader.scalar(32, of: 112) }

  @inlinable @inline(__always)
  public var tailHash: UInt64 { reader.scalar(40, of: 112) }

  @inlinable @inline(__always)
  public var device: UInt64 { reader.scalar(48, of: 112) }

  @inlinable @inline(__always)
  public var inode: UInt64 { reader.scalar(56, of: 112) }

  /// First byte, decompressed, that is in no batch yet.
  @inlinable @inline(__always)
  public var position: UInt64 { reader.scalar(64, of: 112) }

  /// Number of the line there, from 1.
  @inlinable @inline(__always)
  public var line: UInt64 { reader.scalar(72, of: 112) }

  /// Number of that line in its source, from 0.
  @inlinable @inline(__always)
  public var ordinal: UInt64 { reader.scalar(80, of: 112) }

  /// Number of the next batch.
  @inlinable @inline(__always)
  public var sequence: UInt64 { reader.scalar(88, of: 112) }

  /// Highest stamp believed; -2^63 before the first.
  @inlinable @inline(__always)
  public var time: Int64 { reader.scalar(96, of: 112) }

  /// What lines to come need of those before: FormatState of LogFormats.
  @inlinable @inline(__always)
  public var carried: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `carried` was set.
  @inlinable
  public var hasCarried: Bool { reader.hasPointer(1) }

  /// The file was read to its end and will not grow.
  @inlinable @inline(__always)
  public var final: Bool { reader.bit(288) }

  /// Of the owner: a number of its own for each run.
  @inlinable @inline(__always)
  public var instance: UInt64 { reader.scalar(104, of: 112) }

  public enum Kind: UInt16, WireEnum, CaseIterable {
    case file
    case stream
    case owner

    /// The enumerant of this number; `file` where this schema has none such.
    @inlinable @inline(__always)
    public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 3) }

    /// The number on the wire.
    @inlinable @inline(__always)
    public var wire: UInt16 { WireEnumTag.number(self) }
  }
}
public typealias CheckpointList = StructList<Checkpoint>

/// Builder of `Checkpoint`.
public struct CheckpointBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 14, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var schemaVersion: UInt16 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var kind: Checkpoint.Kind {
    get { Checkpoint.Kind(wire: builder.get(2)) }
    nonmutating set { builder.set(newValue.wire, at: 2) }
  }

  @inlinable @inline(__always)
  public var source: UInt64 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// Where the file was seen last, or the listener: for people, and to look for it first.
  @inlinable @inline(__always)
  public func setPath(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// ns since the epoch, by the host's clock.
  /// What the file is known by: the hash of its first bytes, decompressed, as many as headLength says. The inode tells
  /// apart files whose heads are the same; the bytes before the position prove that a file was read so far.
  @inlinable @inline(__always)
  public var written: Int64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  @inlinable @inline(__always)
  public var headHash: UInt64 {
    get { builder.get(24) }
    nonmutating set { builder.set(newValue, at: 24) }
  }

  @inlinable @inline(__always)
  public var headLength: UInt32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  @inlinable @inline(__always)
  public var tailLength: UInt32 {
    get { builder.get(32) }
    nonmutating set { builder.set(newValue, at: 32) }
  }

  @inlinable @inline(__always)
  public var tailHash: UInt64 {
    get { builder.get(40) }
    nonmutating set { builder.set(newValue, at: 40) }
  }

  @inlinable @inline(__always)
  public var device: UInt64 {
    get { builder.get(48) }
    nonmutating set { builder.set(newValue, at: 48) }
  }

  @inlinable @inline(__always)
  public var inode: UInt64 {
    get { builder.get(56) }
    nonmutating set { builder.set(newValue, at: 56) }
  }

  /// First byte, decompressed, that is in no batch yet.
  @inlinable @inline(__always)
  public var position: UInt64 {
    get { builder.get(64) }
    nonmutating set { builder.set(newValue, at: 64) }
  }

  /// Number of the line there, from 1.
  @inlinable @inline(__always)
  public var line: UInt64 {
    get { builder.get(72) }
    nonmutating set { builder.set(newValue, at: 72) }
  }

  /// Number of that line in its source, from 0.
  @inlinable @inline(__always)
  public var ordinal: UInt64 {
    get { builder.get(80) }
    nonmutating set { builder.set(newValue, at: 80) }
  }

  /// Number of the next batch.
  @inlinable @inline(__always)
  public var sequence: UInt64 {
    get { builder.get(88) }
    nonmutating set { builder.set(newValue, at: 88) }
  }

  /// Highest stamp believed; -2^63 before the first.
  @inlinable @inline(__always)
  public var time: Int64 {
    get { builder.get(96) }
    nonmutating set { builder.set(newValue, at: 96) }
  }

  /// What lines to come need of those before: FormatState of LogFormats.
  @inlinable @inline(__always)
  public func setCarried(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }

  /// The file was read to its end and will not grow.
  @inlinable @inline(__always)
  public var final: Bool {
    get { builder.getBit(288) }
    nonmutating set { builder.setBit(newValue, at: 288) }
  }

  /// Of the owner: a number of its own for each run.
  @inlinable @inline(__always)
  public var instance: UInt64 {
    get { builder.get(104) }
    nonmutating set { builder.set(newValue, at: 104) }
  }
}
public typealias CheckpointListBuilder = StructListBuilder<CheckpointBuilder>
