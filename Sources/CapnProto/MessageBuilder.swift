// Building messages: one segment that grows and is used again, so that from the second message on nothing
// is allocated.

#if canImport(Glibc)
  import Glibc
#endif

/// A message being built, in one segment. Keep it and call `removeAll()`: the memory stays.
///
/// Builders handed out by it know their place as an offset, so the segment may move while they live.
/// A message is at most 4 GiB; to go past that is a programmer's error and stops the program, so writers bound
/// what they put in.
///
/// Invariant of the unsafe code: `arena` addresses one initialised `Arena` for as long as `self` lives, and every
/// builder's lifetime depends on `self`.
public struct MessageBuilder: ~Copyable, @unchecked Sendable {
  @usableFromInline let arena: UnsafeMutablePointer<Arena>

  /// `capacity`: bytes to set aside at first.
  public init(capacity: Int = 8192) {
    arena = .allocate(capacity: 1)
    arena.initialize(to: Arena(capacity: capacity))
  }

  deinit {
    free(arena.pointee.base)
    arena.deallocate()
  }

  /// Forgets the message, keeps the memory. O(1).
  @inlinable
  public mutating func removeAll() { arena.pointee.reset() }

  /// Starts the message over with a root struct.
  @inlinable
  @_lifetime(&self)
  public mutating func start<Root: StructBuilderView & ~Escapable>(_ type: Root.Type = Root.self) -> Root {
    arena.pointee.reset()
    return Root(root.makeStruct(type.size))
  }

  /// The root struct again, after `start` of the same type: to fill in what was not known before.
  @inlinable
  @_lifetime(borrow self)
  public func resume<Root: StructBuilderView & ~Escapable>(_ type: Root.Type = Root.self) -> Root {
    let pointer: UInt64 = arena.pointee.load(8)
    let sizes = UInt64(type.size.dataWords) | UInt64(type.size.pointers) << 16
    precondition(pointer == sizes << 32, "resume after start of the same type")
    return Root(StructBuilder(arena: arena, targets: arena, data: 16, dataWords: type.size.dataWords))
  }

  /// Bytes of the message so far, with its table.
  @inlinable
  public var byteCount: Int { arena.pointee.used }

  /// The root pointer.
  @inlinable
  public var root: AnyPointerBuilder {
    @_lifetime(&self)
    mutating get { AnyPointerBuilder(arena: arena, at: 8) }
  }

  /// The message with its segment table, ready for a stream, a file or a record.
  @inlinable
  public var framed: RawSpan {
    @_lifetime(borrow self)
    get {
      arena.pointee.writeTable()
      let span = RawSpan(_unsafeStart: UnsafeRawPointer(arena.pointee.base), byteCount: arena.pointee.used)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// The only segment, without a table.
  @inlinable
  public var segment: RawSpan {
    @_lifetime(borrow self)
    get { framed.extracting(droppingFirst: 8) }
  }
}

/// The memory of a message: the frame's table of one segment (8 bytes), then the segment.
///
/// Invariant of the unsafe code: `base` addresses `capacity` bytes, the first `used` of which are initialised;
/// `used` is a multiple of 8 and at least 16.
@usableFromInline
struct Arena {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var used: Int
  @usableFromInline var capacity: Int

  @usableFromInline
  init(capacity wanted: Int) {
    capacity = (max(wanted, 64) + 7) & ~7
    base = malloc(capacity)
    used = 0
    reset()
  }

  @inlinable @inline(__always)
  mutating func reset() {
    base.storeBytes(of: 0, toByteOffset: 0, as: UInt64.self)
    base.storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
    used = 16
  }

  @inlinable @inline(__always)
  func writeTable() {
    let words = UInt64(truncatingIfNeeded: used - 8) / 8
    base.storeBytes(of: words << 32, toByteOffset: 0, as: UInt64.self)
  }

  /// Appends `bytes`, a multiple of 8, of undefined content, and returns their offset.
  @inlinable @inline(__always)
  mutating func allocate(_ bytes: Int) -> Int {
    if capacity &- used < bytes { grow(bytes) }
    let offset = used
    used &+= bytes
    return offset
  }

  @inlinable @inline(__always)
  mutating func allocateZeroed(_ bytes: Int) -> Int {
    let offset = allocate(bytes)
    memset(base + offset, 0, bytes)
    return offset
  }

  @usableFromInline @inline(never)
  mutating func grow(_ bytes: Int) {
    let needed = used + bytes
    precondition(needed <= 1 << 32, "a message is at most 4 GiB")
    capacity = max(capacity * 2, (needed + 7) & ~7)
    guard let moved = realloc(base, capacity) else { fatalError("out of memory for a message of \(needed) bytes") }
    base = moved
  }

  @inlinable @inline(__always)
  func store<T: BitwiseCopyable>(_ value: T, at offset: Int) {
    assert(offset >= 0 && offset + MemoryLayout<T>.size <= used)
    base.storeBytes(of: value, toByteOffset: offset, as: T.self)
  }

  @inlinable @inline(__always)
  func load<T: BitwiseCopyable>(_ offset: Int) -> T {
    assert(offset >= 0 && offset + MemoryLayout<T>.size <= used)
    return base.loadUnaligned(fromByteOffset: offset, as: T.self)
  }

  /// Appends `bytes` and as many zeros as complete the last word; returns the offset.
  @inlinable @inline(__always)
  mutating func append(_ bytes: RawSpan, extra: Int = 0) -> Int {
    let count = bytes.byteCount
    let padded = (count &+ extra &+ 7) & ~7
    let offset = allocate(padded)
    if padded > 0 {
      store(0 as UInt64, at: offset &+ padded &- 8)
      bytes.withUnsafeBytes { if count > 0 { memcpy(base + offset, $0.baseAddress!, count) } }
    }
    return offset
  }

  /// Stores a pointer word at `at` that leads to `target`; `low` is the kind, `high` the upper half.
  @inlinable @inline(__always)
  func storePointer(at: Int, to target: Int, low: UInt64, high: UInt64) {
    let words = (target &- at &- 8) >> 3
    store(UInt64(UInt32(truncatingIfNeeded: words &<< 2)) | low | high &<< 32, at: at)
  }
}

/// Words of a struct's data section and number of its pointers.
public struct StructSize: Equatable, Sendable {
  public let dataWords: Int
  public let pointers: Int
  @inlinable
  public init(dataWords: Int, pointers: Int) {
    self.dataWords = dataWords
    self.pointers = pointers
  }
  @inlinable @inline(__always)
  public var bytes: Int { (dataWords &+ pointers) &* 8 }
}
