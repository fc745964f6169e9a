// A struct in a message. Its sizes were checked when it was reached, so that scalars cannot fail.

/// A struct being read, of whatever type: what generated accessors are made of.
///
/// Fields past the end of what the sender knew read as their defaults. Offsets are those of the schema's
/// compiler: bytes into the data section, indices into the pointer section.
public struct StructReader: ~Escapable {
  @usableFromInline let message: Message
  @usableFromInline let segment: RawSpan
  /// Offset of the data section; the pointers follow it.
  @usableFromInline let data: Int
  @usableFromInline let dataBytes: Int32
  @usableFromInline let pointers: Int32
  @usableFromInline let depth: Int32

  @inlinable @inline(__always)
  @_lifetime(copy message, copy segment)
  init(message: Message, segment: RawSpan, data: Int, dataBytes: Int32, pointers: Int32, depth: Int32) {
    self.message = message
    self.segment = segment
    self.data = data
    self.dataBytes = dataBytes
    self.pointers = pointers
    self.depth = depth
  }

  /// A struct that is not there: every field reads as its default.
  @inlinable
  @_lifetime(copy message, copy segment)
  init(absentIn message: Message, segment: RawSpan) {
    self.init(message: message, segment: segment, data: 0, dataBytes: 0, pointers: 0, depth: 0)
  }

  /// Bytes of the data section and number of pointers, as sent.
  @inlinable
  public var size: (dataBytes: Int, pointers: Int) { (Int(dataBytes), Int(pointers)) }

  /// The scalar at byte `offset`; zero where the sender had no such field.
  @inlinable @inline(__always)
  public func scalar<T: WireScalar>(_ offset: Int, as type: T.Type = T.self) -> T {
    guard offset &+ MemoryLayout<T>.size <= Int(dataBytes) else { return .zero }
    return segment.unsafeLoadUnaligned(fromUncheckedByteOffset: data &+ offset, as: T.self)
  }

  /// The bit at `offset` of the data section.
  @inlinable @inline(__always)
  public func bit(_ offset: Int) -> Bool {
    guard offset >> 3 < Int(dataBytes) else { return false }
    let byte = segment.unsafeLoad(fromUncheckedByteOffset: data &+ offset >> 3, as: UInt8.self)
    return byte >> UInt8(truncatingIfNeeded: offset & 7) & 1 != 0
  }

  /// Whether pointer `index` is there and not null.
  @inlinable @inline(__always)
  public func hasPointer(_ index: Int) -> Bool {
    index < Int(pointers) && segment.word64(data &+ Int(dataBytes) &+ index &* 8) != 0
  }

  /// Pointer `index`; nil where the sender had no such field or set none.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func pointer(_ index: Int) -> AnyPointer? {
    guard hasPointer(index) else { return nil }
    return AnyPointer(
      message: message, segment: segment, at: data &+ Int(dataBytes) &+ index &* 8, depth: depth)
  }

  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func data(_ index: Int) throws(WireError) -> RawSpan {
    guard let pointer = pointer(index) else { return segment.extracting(unchecked: 0..<0) }
    return try pointer.byteList()
  }

  @inlinable
  @_lifetime(copy self)
  public func text(_ index: Int) throws(WireError) -> RawSpan {
    guard let pointer = pointer(index) else { return segment.extracting(unchecked: 0..<0) }
    return try pointer.text
  }

  @inlinable
  @_lifetime(copy self)
  public func structure(_ index: Int) throws(WireError) -> StructReader {
    guard let pointer = pointer(index) else { return StructReader(absentIn: message, segment: segment) }
    return try pointer.structure
  }

  @inlinable
  @_lifetime(copy self)
  public func list(_ index: Int, of expected: ElementSize) throws(WireError) -> ListReader {
    guard let pointer = pointer(index) else { return ListReader(emptyIn: message, segment: segment) }
    return try pointer.list(of: expected)
  }

  /// A constant of the schema, read within this message's limits: what an absent pointer field stands for.
  @inlinable
  @_lifetime(copy self)
  public func constant(_ constant: WireConstant) throws(WireError) -> AnyPointer {
    let inner = Message(constant: constant.segment, within: message)
    return try inner.root
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

/// An enum of a schema. Values a newer sender added read as the first one.
public protocol WireEnum: Sendable {
  /// The enumerant of this number; the first where there is none such.
  init(wire: UInt16)
  var wire: UInt16 { get }
}

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
