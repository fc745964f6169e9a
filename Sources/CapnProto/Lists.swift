// Lists. Bounds and element sizes are checked once, when a list is opened: elements then cost no check but
// that of the index, which is the caller's to get right.

/// A list being read, of whatever element.
public struct ListReader: ~Escapable {
  @usableFromInline let message: Message
  @usableFromInline let segment: RawSpan
  @usableFromInline let start: Int
  public let count: Int
  @usableFromInline let stepBits: Int
  @usableFromInline let dataBytes: Int32
  @usableFromInline let pointers: Int32
  @usableFromInline let depth: Int32
  /// As sent.
  public let size: ElementSize

  @inlinable @inline(__always)
  @_lifetime(copy message, copy segment)
  init(
    message: Message, segment: RawSpan, start: Int, count: Int, stepBits: Int, dataBytes: Int32,
    pointers: Int32, depth: Int32, size: ElementSize
  ) {
    self.message = message
    self.segment = segment
    self.start = start
    self.count = count
    self.stepBits = stepBits
    self.dataBytes = dataBytes
    self.pointers = pointers
    self.depth = depth
    self.size = size
  }

  @inlinable
  @_lifetime(copy message, copy segment)
  init(emptyIn message: Message, segment: RawSpan) {
    self.init(
      message: message, segment: segment, start: 0, count: 0, stepBits: 0, dataBytes: 0, pointers: 0, depth: 0,
      size: .empty)
  }

  @inlinable @inline(__always)
  func offset(_ index: Int) -> Int {
    precondition(index >= 0 && index < count)
    return start &+ (index &* stepBits) >> 3
  }

  /// Element `index` as a struct.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func structure(_ index: Int) -> StructReader {
    StructReader(
      message: message, segment: segment, data: offset(index), dataBytes: dataBytes, pointers: pointers,
      depth: depth &- 1)
  }

  /// Element `index` as a scalar; the list was opened with elements at least as large.
  @inlinable @inline(__always)
  func scalar<T: WireScalar>(_ index: Int) -> T {
    segment.unsafeLoadUnaligned(fromUncheckedByteOffset: offset(index), as: T.self)
  }

  /// Element `index` as a pointer; the list was opened as one of pointers.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  func pointer(_ index: Int) -> AnyPointer {
    AnyPointer(message: message, segment: segment, at: offset(index), depth: depth)
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
public struct ScalarList<Element: WireScalar>: ~Escapable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { Element.elementSize }
  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> Element { reader.scalar(index) }
}

/// `List(E)` of an enum.
public struct EnumList<Element: WireEnum>: ~Escapable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .twoBytes }
  @inlinable @inline(__always)
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> Element { Element(wire: reader.scalar(index)) }
}

/// `List(Bool)`.
public struct BoolList: ~Escapable, ListView {
  @usableFromInline let reader: ListReader
  @inlinable public static var elementSize: ElementSize { .bit }
  @inlinable
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { self.reader = reader }

  @inlinable public var count: Int { reader.count }
  @inlinable public subscript(index: Int) -> Bool {
    precondition(index >= 0 && index < reader.count)
    let byte = reader.segment.unsafeLoad(fromUncheckedByteOffset: reader.start &+ index >> 3, as: UInt8.self)
    return byte >> UInt8(truncatingIfNeeded: index & 7) & 1 != 0
  }
}

/// `List(Void)`: only its length says anything.
public struct VoidList: ~Escapable, ListView {
  public let count: Int
  @inlinable public static var elementSize: ElementSize { .empty }
  @inlinable
  @_lifetime(copy reader)
  public init(_ reader: ListReader) { count = reader.count }
}

/// `List(Data)`.
public struct DataList: ~Escapable, ListView {
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
public struct TextList: ~Escapable, ListView {
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
public struct StructList<Element: StructView & ~Escapable>: ~Escapable, ListView {
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
public struct NestedList<Inner: ListView & ~Escapable>: ~Escapable, ListView {
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
public struct AnyPointerList: ~Escapable, ListView {
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
