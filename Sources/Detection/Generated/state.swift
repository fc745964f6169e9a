// Generated from state.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto

// What stations remember across restarts, on compacted topics: each record is one chunk of one part, keyed by both.

public struct StateChunkRecord: ~Escapable, BitwiseCopyable, StructView {
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

  /// Of this frame and of the codec inside.
  @inlinable @inline(__always)
  public var schemaVersion: UInt16 { reader.scalar(0, of: 24) }

  /// Name of the part: a zone, a campaign, the manifest.
  @inlinable @inline(__always)
  public var part: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(0) }
  }
  /// Whether `part` was set.
  @inlinable
  public var hasPart: Bool { reader.hasPointer(0) }

  /// Of this chunk in its part, from 0.
  @inlinable @inline(__always)
  public var index: UInt32 { reader.scalar(4, of: 24) }

  /// Chunks of the part.
  @inlinable @inline(__always)
  public var count: UInt32 { reader.scalar(8, of: 24) }

  /// The same in all chunks of a part that belong together.
  @inlinable @inline(__always)
  public var generation: UInt64 { reader.scalar(16, of: 24) }

  /// The chunk's bytes of the part, which StateReader reads.
  @inlinable @inline(__always)
  public var data: RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.data(1) }
  }
  /// Whether `data` was set.
  @inlinable
  public var hasData: Bool { reader.hasPointer(1) }
}
public typealias StateChunkRecordList = StructList<StateChunkRecord>

/// Builder of `StateChunkRecord`.
public struct StateChunkRecordBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 3, pointers: 2) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  /// Of this frame and of the codec inside.
  @inlinable @inline(__always)
  public var schemaVersion: UInt16 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  /// Name of the part: a zone, a campaign, the manifest.
  @inlinable @inline(__always)
  public func setPart(_ bytes: RawSpan) {
    builder.pointer(0).setData(bytes)
  }

  /// Of this chunk in its part, from 0.
  @inlinable @inline(__always)
  public var index: UInt32 {
    get { builder.get(4) }
    nonmutating set { builder.set(newValue, at: 4) }
  }

  /// Chunks of the part.
  @inlinable @inline(__always)
  public var count: UInt32 {
    get { builder.get(8) }
    nonmutating set { builder.set(newValue, at: 8) }
  }

  /// The same in all chunks of a part that belong together.
  @inlinable @inline(__always)
  public var generation: UInt64 {
    get { builder.get(16) }
    nonmutating set { builder.set(newValue, at: 16) }
  }

  /// The chunk's bytes of the part, which StateReader reads.
  @inlinable @inline(__always)
  public func setData(_ bytes: RawSpan) {
    builder.pointer(1).setData(bytes)
  }
}
public typealias StateChunkRecordListBuilder = StructListBuilder<StateChunkRecordBuilder>
