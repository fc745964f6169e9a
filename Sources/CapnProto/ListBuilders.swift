// Lists being built. Their length is fixed when they are made.

/// A list being built, of whatever element.
public struct ListBuilder: ~Escapable, BitwiseCopyable {
  @usableFromInline let arena: UnsafeMutablePointer<Arena>
  @usableFromInline let start: Int
  public let count: Int
  @usableFromInline let step: Int
  @usableFromInline let dataBytes: Int

  @inlinable @inline(__always)
  @_lifetime(copy source)
  init(from source: borrowing AnyPointerBuilder, start: Int, count: Int, step: Int, dataBytes: Int) {
    arena = source.targets
    self.start = start
    self.count = count
    self.step = step
    self.dataBytes = dataBytes
  }

  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func structure(_ index: Int) -> StructBuilder { StructBuilder(element: index, of: self) }

  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func pointer(_ index: Int) -> AnyPointerBuilder { AnyPointerBuilder(element: index, of: self) }

  @inlinable @inline(__always)
  func offset(_ index: Int) -> Int {
    precondition(index >= 0 && index < count)
    return start &+ index &* step
  }
}

/// A list of a schema, being built.
public protocol ListBuilderView: ~Escapable {
  /// Makes a list of `count` elements at `pointer`.
  @_lifetime(copy pointer)
  init(makeAt pointer: AnyPointerBuilder, count: Int)
}

public struct ScalarListBuilder<Element: WireScalar>: ~Escapable, BitwiseCopyable, ListBuilderView {
  @usableFromInline let builder: ListBuilder
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) {
    builder = pointer.makeList(Element.elementSize, count: count)
  }

  @inlinable public var count: Int { builder.count }
  @inlinable public subscript(index: Int) -> Element {
    get { builder.arena.pointee.load(builder.offset(index)) }
    nonmutating set { builder.arena.pointee.store(newValue, at: builder.offset(index)) }
  }
}

public struct EnumListBuilder<Element: WireEnum>: ~Escapable, BitwiseCopyable, ListBuilderView {
  @usableFromInline let builder: ListBuilder
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) {
    builder = pointer.makeList(.twoBytes, count: count)
  }

  @inlinable public var count: Int { builder.count }
  @inlinable public subscript(index: Int) -> Element {
    get { Element(wire: builder.arena.pointee.load(builder.offset(index))) }
    nonmutating set { builder.arena.pointee.store(newValue.wire, at: builder.offset(index)) }
  }
}

public struct BoolListBuilder: ~Escapable, BitwiseCopyable, ListBuilderView {
  @usableFromInline let builder: ListBuilder
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) { builder = pointer.makeList(.bit, count: count) }

  @inlinable public var count: Int { builder.count }
  @inlinable public subscript(index: Int) -> Bool {
    get {
      precondition(index >= 0 && index < count)
      let byte: UInt8 = builder.arena.pointee.load(builder.start &+ index >> 3)
      return byte >> UInt8(truncatingIfNeeded: index & 7) & 1 != 0
    }
    nonmutating set {
      precondition(index >= 0 && index < count)
      let mask = UInt8(1) &<< UInt8(truncatingIfNeeded: index & 7)
      let byte: UInt8 = builder.arena.pointee.load(builder.start &+ index >> 3)
      builder.arena.pointee.store(newValue ? byte | mask : byte & ~mask, at: builder.start &+ index >> 3)
    }
  }
}

public struct VoidListBuilder: ~Escapable, BitwiseCopyable, ListBuilderView {
  public let count: Int
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) {
    self.count = pointer.makeList(.empty, count: count).count
  }
}

public struct DataListBuilder: ~Escapable, BitwiseCopyable, ListBuilderView {
  @usableFromInline let builder: ListBuilder
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) { builder = pointer.makeList(.pointer, count: count) }

  @inlinable public var count: Int { builder.count }
  @inlinable public func set(_ index: Int, _ bytes: RawSpan) { builder.pointer(index).setData(bytes) }
}

public struct TextListBuilder: ~Escapable, BitwiseCopyable, ListBuilderView {
  @usableFromInline let builder: ListBuilder
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) { builder = pointer.makeList(.pointer, count: count) }

  @inlinable public var count: Int { builder.count }
  @inlinable public func set(_ index: Int, _ bytes: RawSpan) { builder.pointer(index).setText(bytes) }
  @inlinable public func set(_ index: Int, _ text: String) { builder.pointer(index).setText(text) }
}

public struct StructListBuilder<Element: StructBuilderView & ~Escapable>: ~Escapable, BitwiseCopyable, ListBuilderView {
  @usableFromInline let builder: ListBuilder
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) {
    builder = pointer.makeList(of: Element.size, count: count)
  }

  @inlinable public var count: Int { builder.count }
  @inlinable public subscript(index: Int) -> Element {
    @_lifetime(copy self)
    get { Element(builder.structure(index)) }
  }
}

public struct ListOfListsBuilder<Inner: ListBuilderView & ~Escapable>: ~Escapable, BitwiseCopyable, ListBuilderView {
  @usableFromInline let builder: ListBuilder
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) { builder = pointer.makeList(.pointer, count: count) }

  @inlinable public var count: Int { builder.count }
  /// Makes the inner list `index`, of `count` elements.
  @inlinable
  @_lifetime(copy self)
  public func make(_ index: Int, count: Int) -> Inner { Inner(makeAt: builder.pointer(index), count: count) }
}

public struct AnyPointerListBuilder: ~Escapable, BitwiseCopyable, ListBuilderView {
  @usableFromInline let builder: ListBuilder
  @inlinable
  @_lifetime(copy pointer)
  public init(makeAt pointer: AnyPointerBuilder, count: Int) { builder = pointer.makeList(.pointer, count: count) }

  @inlinable public var count: Int { builder.count }
  @inlinable public subscript(index: Int) -> AnyPointerBuilder {
    @_lifetime(copy self)
    get { builder.pointer(index) }
  }
}
