// A struct in a message. Its sizes were checked when it was reached, so that scalars cannot fail.

/// A struct being read, of whatever type: what generated accessors are made of.
///
/// Fields past the end of what the sender knew read as their defaults. Offsets are those of the schema's
/// compiler: bytes into the data section, indices into the pointer section.
public struct StructReader: ~Escapable, BitwiseCopyable {
  @usableFromInline let context: ReadContext
  @usableFromInline let segment: Segment
  /// Offset of the data section; the pointers follow it.
  @usableFromInline let data: Int
  @usableFromInline let shape: Shape

  @inlinable @inline(__always)
  @_lifetime(copy context, copy segment)
  init(context: ReadContext, segment: Segment, data: Int, shape: Shape) {
    self.context = context
    self.segment = segment
    self.data = data
    self.shape = shape
  }

  /// A struct that is not there: every field reads as its default.
  @inlinable
  @_lifetime(copy context, copy segment)
  init(absentIn context: ReadContext, segment: Segment) {
    self.init(context: context, segment: segment, data: 0, shape: Shape(dataBytes: 0, pointers: 0, depth: 0))
  }

  /// Bytes of the data section and number of pointers, as sent.
  @inlinable
  public var size: (dataBytes: Int, pointers: Int) { (shape.dataBytes, shape.pointers) }

  /// The scalar at byte `offset`; zero where the sender had no such field.
  @inlinable @inline(__always)
  public func scalar<T: WireScalar>(_ offset: Int, as type: T.Type = T.self) -> T {
    guard offset &+ MemoryLayout<T>.size <= shape.dataBytes else { return .zero }
    return segment.load(data &+ offset)
  }

  /// The bit at `offset` of the data section.
  @inlinable @inline(__always)
  public func bit(_ offset: Int) -> Bool {
    guard offset >> 3 < shape.dataBytes else { return false }
    let byte: UInt8 = segment.load(data &+ offset >> 3)
    return byte >> UInt8(truncatingIfNeeded: offset & 7) & 1 != 0
  }

  /// Whether pointer `index` is there and not null.
  @inlinable @inline(__always)
  public func hasPointer(_ index: Int) -> Bool {
    index < shape.pointers && segment.word(data &+ shape.dataBytes &+ index &* 8) != 0
  }

  /// Pointer `index`; nil where the sender had no such field or set none.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func pointer(_ index: Int) -> AnyPointer? {
    guard hasPointer(index) else { return nil }
    return AnyPointer(
      context: context, segment: segment, at: data &+ shape.dataBytes &+ index &* 8,
      depth: shape.depth)
  }

  /// The bytes of pointer `index`, a `Data`; none where it is not there or null.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func data(_ index: Int) throws(WireError) -> RawSpan {
    guard index < shape.pointers else { return segment.none }
    let at = data &+ shape.dataBytes &+ index &* 8
    let word = segment.word(at)
    // A near pointer to a list of bytes, by its kind and element size at once; else nothing, or the long way.
    guard word & 0x7_0000_0003 == 0x2_0000_0001 else {
      return word == 0 ? segment.none : try AnyPointer.distantData(context, segment, at: at)
    }
    // The lower half is four times the offset in words, plus 1 for the kind.
    let start = at &+ 6 &+ Int(Int32(truncatingIfNeeded: word)) &* 2
    let count = Int(truncatingIfNeeded: word >> 35)
    // Segment and start are whole words, so that the padding after the bytes is inside if they are.
    guard start | (segment.byteCount &- start &- count) >= 0 else {
      // What has no size may be anywhere, as in libcapnp.
      if count == 0 { return segment.none }
      throw .outOfBounds
    }
    try context.charge(words: (count &+ 7) >> 3)
    return segment.bytes(start, count)
  }

  @inlinable
  @_lifetime(copy self)
  public func text(_ index: Int) throws(WireError) -> RawSpan {
    guard let pointer = pointer(index) else { return segment.none }
    return try pointer.text
  }

  @inlinable
  @_lifetime(copy self)
  public func structure(_ index: Int) throws(WireError) -> StructReader {
    guard let pointer = pointer(index) else { return StructReader(absentIn: context, segment: segment) }
    return try pointer.structure
  }

  @inlinable
  @_lifetime(copy self)
  public func list(_ index: Int, of expected: ElementSize) throws(WireError) -> ListReader {
    guard let pointer = pointer(index) else { return ListReader(emptyIn: context, segment: segment) }
    return try pointer.list(of: expected)
  }

  /// A constant of the schema, read within this message's limits: what an absent pointer field stands for.
  @inlinable
  @_lifetime(copy self)
  public func constant(_ constant: WireConstant) throws(WireError) -> AnyPointer {
    try context.charge(words: 1)
    return AnyPointer(
      context: ReadContext(constantWithin: context), segment: Segment(constant.segment), at: 0, depth: 64)
  }
}

/// Scalars of the wire: fixed size, any bit pattern valid.
public protocol WireScalar: BitwiseCopyable, Sendable {
  static var zero: Self { get }
  static var elementSize: ElementSize { get }
}
extension UInt8: WireScalar { @inlinable public static var elementSize: ElementSize { .byte } }
extension Int8: WireScalar { @inlinable public static var elementSize: ElementSize { .byte } }
extension UInt16: WireScalar { @inlinable public static var elementSize: ElementSize { .twoBytes } }
extension Int16: WireScalar { @inlinable public static var elementSize: ElementSize { .twoBytes } }
extension UInt32: WireScalar { @inlinable public static var elementSize: ElementSize { .fourBytes } }
extension Int32: WireScalar { @inlinable public static var elementSize: ElementSize { .fourBytes } }
extension UInt64: WireScalar { @inlinable public static var elementSize: ElementSize { .eightBytes } }
extension Int64: WireScalar { @inlinable public static var elementSize: ElementSize { .eightBytes } }
extension Float: WireScalar { @inlinable public static var elementSize: ElementSize { .fourBytes } }
extension Double: WireScalar { @inlinable public static var elementSize: ElementSize { .eightBytes } }

/// A struct of a schema, being read.
public protocol StructView: ~Escapable {
  @_lifetime(copy reader)
  init(_ reader: StructReader)
}

/// Words of a constant, or of the default of a pointer field, kept for the life of the process.
///
/// Invariant of the unsafe code: `base` addresses `count` initialised words that are never freed.
public struct WireConstant: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<UInt64>
  @usableFromInline let count: Int

  /// Copies `words`: one segment, its root pointer first.
  public init(_ words: [UInt64]) {
    base = .allocate(capacity: max(words.count, 1))
    base.initialize(to: 0)
    for (i, word) in words.enumerated() { (base + i).initialize(to: word) }
    count = max(words.count, 1)
  }

  public var segment: RawSpan {
    @inlinable
    @_lifetime(immortal)
    get {
      let span = RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: count * 8)
      return _overrideLifetime(span, borrowing: ())
    }
  }
}

extension StructView where Self: ~Escapable {
  /// The root of `message`; all defaults where it has none.
  @inlinable
  @_lifetime(copy message)
  public static func read(from message: Message) throws(WireError) -> Self {
    Self(try message.rootStruct)
  }
}
