// Lists. Bounds and element sizes are checked once, when a list is opened: elements then cost no check but
// that of the index, which is the caller's to get right.

import CPlatform

/// A list being read, of whatever element.
public struct ListReader: ~Escapable, BitwiseCopyable {
  @usableFromInline let context: ReadContext
  @usableFromInline let segment: Segment
  @usableFromInline let start: Int
  public let count: Int
  @usableFromInline let layout: ListLayout
  /// Of each element, as a struct.
  @usableFromInline let shape: Shape

  @inlinable @inline(__always)
  @_lifetime(copy context, copy segment)
  init(context: ReadContext, segment: Segment, start: Int, count: Int, layout: ListLayout, shape: Shape) {
    self.context = context
    self.segment = segment
    self.start = start
    self.count = count
    self.layout = layout
    self.shape = shape
  }

  @inlinable
  @_lifetime(copy context, copy segment)
  init(emptyIn context: ReadContext, segment: Segment) {
    self.init(
      context: context, segment: segment, start: 0, count: 0, layout: ListLayout(stepBytes: 0, size: .empty),
      shape: Shape(dataBytes: 0, pointers: 0, depth: 0))
  }

  /// The size of the elements, as sent.
  @inlinable
  public var size: ElementSize { layout.size }

  @inlinable @inline(__always)
  func offset(_ index: Int) -> Int {
    precondition(index >= 0 && index < count)
    return start &+ index &* layout.stepBytes
  }

  /// Element `index` as a struct.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func structure(_ index: Int) -> StructReader {
    // Opaque, or a loop over the elements carries an offset for each of their fields.
    StructReader(
      context: context, segment: segment, data: optimizer_opaque(offset(index)), shape: shape.oneLevelDown)
  }

  /// Element `index` as a scalar; the list was opened with elements at least as large.
  @inlinable @inline(__always)
  func scalar<T: WireScalar>(_ index: Int) -> T {
    segment.load(offset(index))
  }

  /// Element `index` as a pointer; the list was opened as one of pointers.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  func pointer(_ index: Int) -> AnyPointer {
    AnyPointer(context: context, segment: segment, at: offset(index), depth: shape.depth)
  }
}

/// A list of a schema, being read.
public protocol ListView: ~Escapable {
  static var elementSize: ElementSize { get }
  /// The list was opened as one of `elementSize`.
  @_lifetime(copy reader)
  init(_ reader: ListReader)
}

/// `List(Int8)` to `List(Float64)`.
public struct ScalarList<Element: WireScalar>: ~Escapable, BitwiseCopyable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { Element.elementSize }
  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> Element { reader.scalar(index) }
}

/// `List(E)` of an enum.
public struct EnumList<Element: WireEnum>: ~Escapable, BitwiseCopyable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .twoBytes }
  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> Element { Element(wire: reader.scalar(index)) }
}

/// `List(Bool)`.
public struct BoolList: ~Escapable, BitwiseCopyable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .bit }
  @inlinable
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> Bool {
    precondition(index >= 0 && index < reader.count)
    let byte: UInt8 = reader.segment.load(reader.start &+ index >> 3)
    return byte >> UInt8(truncatingIfNeeded: index & 7) & 1 != 0
  }
}

/// `List(Void)`: only its length says anything.
public struct VoidList: ~Escapable, BitwiseCopyable, ListView {
  public let count: Int
  @inlinable public static var elementSize: ElementSize { .empty }
  @inlinable
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { count = reader.count }
}

/// `List(Data)`.
public struct DataList: ~Escapable, BitwiseCopyable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .pointer }
  @inlinable
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.pointer(index).data }
  }
}

/// `List(Text)`; elements are bytes without the NUL.
public struct TextList: ~Escapable, BitwiseCopyable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .pointer }
  @inlinable
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> RawSpan {
    @_lifetime(copy self)
    get throws(WireError) { try reader.pointer(index).text }
  }
}

/// `List(S)` of a struct. Elements do not throw: they were checked when the list was opened.
public struct StructList<Element: StructView & ~Escapable>: ~Escapable, BitwiseCopyable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .composite }
  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable @inline(__always)
  public var count: Int { reader.count }
  @inlinable @inline(__always)
  public subscript(index: Int) -> Element {
    @_lifetime(copy self)
    get { Element(reader.structure(index)) }
  }
}

/// `List(List(X))`.
public struct ListOfLists<Inner: ListView & ~Escapable>: ~Escapable, BitwiseCopyable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .pointer }
  @inlinable
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> Inner {
    @_lifetime(copy self)
    get throws(WireError) { Inner(try reader.pointer(index).list(of: Inner.elementSize)) }
  }
}

/// `List(AnyPointer)`.
public struct AnyPointerList: ~Escapable, BitwiseCopyable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .pointer }
  @inlinable
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> AnyPointer {
    @_lifetime(copy self)
    get { reader.pointer(index) }
  }
}
