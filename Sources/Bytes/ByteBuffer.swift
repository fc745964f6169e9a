// A reusable, growing byte buffer: what scratch space and output are made of. It never shrinks, so
// that after warm-up nothing allocates.

#if canImport(Glibc)
  import Glibc
#endif

/// Owned bytes, appended to and cleared; capacity is kept.
///
/// Invariant of the unsafe code: `base` addresses `capacity` bytes, of which the first `count` are initialised.
public struct ByteBuffer: ~Copyable, @unchecked Sendable {
  @usableFromInline var base: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  public private(set) var count: Int {
    @inline(__always) get { _count }
    @inline(__always) set { _count = newValue }
  }
  @usableFromInline var _count: Int

  public init(capacity: Int = 256) {
    self.capacity = max(capacity, 16)
    base = .allocate(capacity: self.capacity)
    _count = 0
  }

  deinit { base.deallocate() }

  /// The bytes written so far.
  public var bytes: RawSpan {
    @inlinable @inline(__always)
    @_lifetime(borrow self)
    get {
      let span = RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: _count)
      return _overrideLifetime(span, borrowing: self)
    }
  }

  /// Forgets the contents, keeps the memory. O(1).
  @inlinable @inline(__always)
  public mutating func removeAll() { _count = 0 }

  /// Keeps the first `count` bytes.
  @inlinable
  public mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= _count)
    _count = count
  }

  /// Makes room for `extra` more bytes. Amortised O(1) a byte.
  @inlinable @inline(__always)
  public mutating func reserve(_ extra: Int) {
    if capacity - _count < extra { grow(extra) }
  }

  @usableFromInline @inline(never)
  mutating func grow(_ extra: Int) {
    let wanted = max(capacity * 2, _count + extra)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    moved.update(from: base, count: _count)
    base.deallocate()
    base = moved
    capacity = wanted
  }

  @inlinable @inline(__always)
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    base[_count] = byte
    _count &+= 1
  }

  @inlinable @inline(__always)
  public mutating func append(_ bytes: RawSpan) {
    let n = bytes.byteCount
    reserve(n)
    bytes.withUnsafeBytes { if n > 0 { memcpy(base + _count, $0.baseAddress!, n) } }
    _count &+= n
  }

  /// Appends the UTF-8 of `text`.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      reserve(utf8.count)
      if let start = utf8.baseAddress { (base + _count).update(from: start, count: utf8.count) }
      _count += utf8.count
    }
  }

  @inlinable
  public mutating func append(_ bytes: [UInt8]) { append(bytes.span.bytes) }

  /// Appends up to `capacity` bytes that `body` writes, and returns how many it said it wrote.
  @inlinable
  @discardableResult
  public mutating func append<E: Error>(
    upTo capacity: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) -> Int {
    reserve(capacity)
    let written = try body(UnsafeMutableRawBufferPointer(start: base + _count, count: capacity))
    precondition(written >= 0 && written <= capacity)
    _count += written
    return written
  }

  @inlinable
  public subscript(index: Int) -> UInt8 {
    get {
      precondition(index >= 0 && index < _count)
      return base[index]
    }
    set {
      precondition(index >= 0 && index < _count)
      base[index] = newValue
    }
  }
}
