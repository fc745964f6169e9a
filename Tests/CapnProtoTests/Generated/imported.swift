// Generated from imported.capnp by capnpc-swift. Do not edit: change the schema and generate again.
// swift-format-ignore-file

import CapnProto

// What everything.capnp imports.

public enum Colour: UInt16, WireEnum, CaseIterable {
  case red
  case green
  case blue

  /// The enumerant of this number; `red` where this schema has none such.
  @inlinable @inline(__always)
  public init(wire: UInt16) { self = WireEnumTag.enumerant(wire, count: 3) }

  /// The number on the wire.
  @inlinable @inline(__always)
  public var wire: UInt16 { WireEnumTag.number(self) }
}

public struct Point: ~Escapable, BitwiseCopyable, StructView {
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
  public var x: Int32 { reader.scalar(0, of: 8) }

  @inlinable @inline(__always)
  public var y: Int32 { Int32(bitPattern: reader.scalar(4, of: 8, as: UInt32.self) ^ 0xffff_fff9) }
}
public typealias PointList = StructList<Point>

/// Builder of `Point`.
public struct PointBuilder: ~Escapable, BitwiseCopyable, StructBuilderView {
  @usableFromInline let builder: StructBuilder

  @inlinable @inline(__always)
  public static var size: StructSize { StructSize(dataWords: 1, pointers: 0) }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  public init(_ builder: StructBuilder) { self.builder = builder }

  @inlinable @inline(__always)
  public var x: Int32 {
    get { builder.get(0) }
    nonmutating set { builder.set(newValue, at: 0) }
  }

  @inlinable @inline(__always)
  public var y: Int32 {
    get { Int32(bitPattern: builder.get(4, as: UInt32.self) ^ 0xffff_fff9) }
    nonmutating set { builder.set(UInt32(bitPattern: newValue) ^ 0xffff_fff9, at: 4) }
  }
}
public typealias PointListBuilder = StructListBuilder<PointBuilder>
