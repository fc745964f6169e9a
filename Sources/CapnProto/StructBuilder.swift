// Structs and pointers being built.

/// A struct being built, of whatever type: what generated builders are made of. Offsets as in `StructReader`;
/// the caller (generated code) keeps them inside the struct.
public struct StructBuilder: ~Escapable, BitwiseCopyable {
  @usableFromInline let arena: UnsafeMutablePointer<Arena>
  /// Where what the pointers lead to is made: `arena`, but for elements of a `GrowingStructList`.
  @usableFromInline let targets: UnsafeMutablePointer<Arena>
  @usableFromInline let data: Int
  @usableFromInline let pointers: Int

  /// The struct of some schema's size at `data` of `arena`. The arenas live as long as the builder's lifetime says.
  @inlinable @inline(__always)
  @_lifetime(immortal)
  init(arena: UnsafeMutablePointer<Arena>, targets: UnsafeMutablePointer<Arena>, data: Int, dataWords: Int) {
    self.arena = arena
    self.targets = targets
    self.data = data
    pointers = data &+ dataWords &* 8
  }

  @inlinable @inline(__always)
  @_lifetime(copy source)
  init(from source: borrowing AnyPointerBuilder, data: Int, dataWords: Int) {
    arena = source.targets
    targets = source.targets
    self.data = data
    pointers = data &+ dataWords &* 8
  }

  @inlinable @inline(__always)
  @_lifetime(copy list)
  init(element index: Int, of list: borrowing ListBuilder) {
    precondition(index >= 0 && index < list.count)
    arena = list.arena
    targets = list.arena
    data = list.start &+ index &* list.step
    pointers = data &+ list.dataBytes
  }

  @inlinable @inline(__always)
  public func set<T: WireScalar>(_ value: T, at offset: Int) { arena.pointee.store(value, at: data &+ offset) }

  @inlinable @inline(__always)
  public func get<T: WireScalar>(_ offset: Int, as type: T.Type = T.self) -> T {
    arena.pointee.load(data &+ offset)
  }

  @inlinable @inline(__always)
  public func setBit(_ value: Bool, at offset: Int) {
    let place = data &+ offset >> 3
    let mask = UInt8(1) &<< UInt8(truncatingIfNeeded: offset & 7)
    let byte: UInt8 = arena.pointee.load(place)
    arena.pointee.store(value ? byte | mask : byte & ~mask, at: place)
  }

  @inlinable @inline(__always)
  public func getBit(_ offset: Int) -> Bool {
    let byte: UInt8 = arena.pointee.load(data &+ offset >> 3)
    return byte >> UInt8(truncatingIfNeeded: offset & 7) & 1 != 0
  }

  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func pointer(_ index: Int) -> AnyPointerBuilder {
    AnyPointerBuilder(of: self, at: pointers &+ index &* 8)
  }
}

/// A pointer being set. Setting one again leaves what it led to as unused bytes in the message.
public struct AnyPointerBuilder: ~Escapable, BitwiseCopyable {
  @usableFromInline let arena: UnsafeMutablePointer<Arena>
  @usableFromInline let targets: UnsafeMutablePointer<Arena>
  @usableFromInline let at: Int

  @inlinable @inline(__always)
  @_lifetime(immortal)
  init(arena: UnsafeMutablePointer<Arena>, at: Int) {
    self.arena = arena
    targets = arena
    self.at = at
  }

  @inlinable @inline(__always)
  @_lifetime(copy builder)
  init(of builder: borrowing StructBuilder, at: Int) {
    arena = builder.arena
    targets = builder.targets
    self.at = at
  }

  @inlinable @inline(__always)
  @_lifetime(copy list)
  init(element index: Int, of list: borrowing ListBuilder) {
    precondition(index >= 0 && index < list.count)
    arena = list.arena
    targets = list.arena
    at = list.start &+ index &* list.step
  }

  @inlinable
  public var isNull: Bool { arena.pointee.load(at) as UInt64 == 0 }

  @inlinable
  public func setNull() { arena.pointee.store(0 as UInt64, at: at) }

  @inlinable @inline(__always)
  public func setData(_ bytes: RawSpan) {
    let target = targets.pointee.append(bytes)
    arena.pointee.storePointer(
      at: at, to: target, low: 1, high: UInt64(truncatingIfNeeded: bytes.byteCount) &<< 3 | 2)
  }

  /// Sets text from its bytes, which should be UTF-8; the NUL is added.
  @inlinable
  public func setText(_ bytes: RawSpan) {
    let target = targets.pointee.append(bytes, extra: 1)
    arena.pointee.storePointer(
      at: at, to: target, low: 1, high: UInt64(truncatingIfNeeded: bytes.byteCount &+ 1) &<< 3 | 2)
  }

  @inlinable
  public func setText(_ text: String) {
    var text = text
    text.withUTF8 { setText($0.span.bytes) }
  }

  /// Makes a struct of zeros and points at it.
  @inlinable @inline(__always)
  @_lifetime(copy self)
  public func makeStruct(_ size: StructSize) -> StructBuilder {
    let bytes = size.bytes
    // A struct of no size is pointed at with an offset of -1, lest the pointer look null; that offset must not
    // move where the pointer will.
    let target =
      bytes == 0 ? (arena == targets ? at : targets.pointee.allocateZeroed(8)) : targets.pointee.allocateZeroed(bytes)
    arena.pointee.storePointer(
      at: at, to: target, low: 0,
      high: UInt64(truncatingIfNeeded: size.dataWords) | UInt64(truncatingIfNeeded: size.pointers) &<< 16)
    return StructBuilder(from: self, data: target, dataWords: size.dataWords)
  }

  /// The struct that `makeStruct` of the same size made here.
  @inlinable
  @_lifetime(copy self)
  public func resumeStruct(_ size: StructSize) -> StructBuilder {
    let word: UInt64 = arena.pointee.load(at)
    precondition(
      arena == targets && word & 3 == 0
        && word >> 32 == UInt64(truncatingIfNeeded: size.dataWords) | UInt64(truncatingIfNeeded: size.pointers) << 16,
      "no struct of this type was made here")
    return StructBuilder(from: self, data: AnyPointer.start(word, at: at), dataWords: size.dataWords)
  }

  /// Makes a list of `count` zeros and points at it. `element` is not `.composite`.
  @inlinable
  @_lifetime(copy self)
  public func makeList(_ element: ElementSize, count: Int) -> ListBuilder {
    precondition(count >= 0 && count < 1 << 29, "a list has at most 2^29 - 1 elements")
    let target = targets.pointee.allocateZeroed((count * element.bits + 63) / 64 * 8)
    arena.pointee.storePointer(
      at: at, to: target, low: 1,
      high: UInt64(truncatingIfNeeded: count) &<< 3 | UInt64(truncatingIfNeeded: element.rawValue))
    return ListBuilder(from: self, start: target, count: count, step: element.bits / 8, dataBytes: element.bits / 8)
  }

  /// Makes a list of `count` structs of zeros and points at it.
  @inlinable
  @_lifetime(copy self)
  public func makeList(of size: StructSize, count: Int) -> ListBuilder {
    precondition(count >= 0 && count < 1 << 29, "a list has at most 2^29 - 1 elements")
    let bytes = count * size.bytes
    precondition(bytes < 1 << 32, "a list of structs has at most 2^29 - 1 words")
    let tag = targets.pointee.allocateZeroed(8 + bytes)
    targets.pointee.store(
      UInt64(truncatingIfNeeded: count) &<< 2 | UInt64(truncatingIfNeeded: size.dataWords) &<< 32
        | UInt64(truncatingIfNeeded: size.pointers) &<< 48, at: tag)
    arena.pointee.storePointer(at: at, to: tag, low: 1, high: UInt64(truncatingIfNeeded: bytes) | 7)
    return ListBuilder(from: self, start: tag + 8, count: count, step: size.bytes, dataBytes: size.dataWords * 8)
  }
}

/// A struct of a schema, being built.
public protocol StructBuilderView: ~Escapable {
  static var size: StructSize { get }
  @_lifetime(copy builder)
  init(_ builder: StructBuilder)
}
