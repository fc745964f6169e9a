// A struct in a message. Its sizes were checked when it was reached, so that scalars cannot fail.

import CPlatform

/// A struct being read, of whatever type: what generated accessors are made of.
///
/// Fields past the end of what the sender knew read as their defaults. Offsets are those of the schema's
/// compiler: bytes into the data section, indices into the pointer section.
public struct StructReader: ~Escapable, BitwiseCopyable {
  @usableFromInline let context: ReadContext
  @usableFromInline let segment: Segment
  /// Offset of the data section.
  @usableFromInline let data: Int
  /// Offset of the pointers, which follow it: kept, so that it is not worked out anew for each of them.
  @usableFromInline let pointers: Int
  @usableFromInline let shape: Shape

  @inlinable @inline(__always)
  @_lifetime(copy context, copy segment)
  init(context: ReadContext, segment: Segment, data: Int, shape: Shape) {
    self.context = context
    self.segment = segment
    self.data = data
    pointers = optimizer_opaque(data &+ shape.dataBytes)
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
  ///
  /// `whole`, which the field lies within, is the size of the data section that the caller knows. Where as much or
  /// more was sent, the same test serves all fields, and the compiler keeps one for those that are read together.
  @inlinable @inline(__always)
  public func scalar<T: WireScalar>(_ offset: Int, of whole: Int = .max, as type: T.Type = T.self) -> T {
    assert(offset &+ MemoryLayout<T>.size <= whole)
    if _slowPath(shape.dataBytes < whole), offset &+ MemoryLayout<T>.size > shape.dataBytes { return .zero }
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
    index < shape.pointers && segment.word(pointers &+ index &* 8) != 0
  }

  /// Pointer `index`; nil where the sender had no such field or set none.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func pointer(_ index: Int) -> AnyPointer? {
    guard hasPointer(index) else { return nil }
    return AnyPointer(
      context: context, segment: segment, at: pointers &+ index &* 8,
      depth: shape.depth)
  }

  /// The bytes of pointer `index`, a `Data`; none where it is not there or null.
  ///
  /// Four of these are most of the work of an event: instructions were counted (docs/workarounds.md).
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func data(_ index: Int) throws(WireError) -> RawSpan {
    guard index < shape.pointers else { return segment.none }
    let at = pointers &+ index &* 8
    let sent = segment.word(at)
    // Null reads as no bytes, right here, without a branch: whether a field is set is hard to predict.
    let word = sent == 0 ? AnyPointer.emptyData : sent
    // The lower half is four times the offset in words, plus the kind: 1 makes the start a multiple of 8.
    let start = optimizer_opaque(at &+ 6 &+ Int(Int32(truncatingIfNeeded: word)) &* 2)
    // The upper half is eight times the count, plus the size of an element: 2, bytes, makes this the bits that are
    // charged, to be cut to words, and a multiple of 8.
    let bits = Int(truncatingIfNeeded: word >> 32) &- 2 &+ 56
    let count = Int(truncatingIfNeeded: word >> 35)
    // Segment and start are whole words, so that the padding after the bytes is inside if they are.
    if _fastPath((start | bits) & 7 == 0), _fastPath(start | (segment.byteCount &- start &- count) >= 0),
      _fastPath(context.spend(words: bits >> 6))
    {
      return segment.bytes(start, count)
    }
    // A far pointer, or something wrong. A budget that is spent is found so again.
    return try AnyPointer.distantData(context, segment, at: at)
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
