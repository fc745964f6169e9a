// A growing array of plain values that is emptied without giving its memory back: what every table
// here is made of. Unlike Array it is never copied on write and has no reference to count.

import Bytes

/// Owned storage for plain values. O(1) amortised `append`; `removeAll` keeps the memory.
///
/// Invariant of the unsafe code: `base` addresses `capacity` elements, of which the first `count` are initialised.
public struct FlatArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  @usableFromInline var base: UnsafeMutablePointer<Element>
  @usableFromInline var _count: Int
  @usableFromInline var _capacity: Int

  @inlinable
  public init() {
    _count = 0
    _capacity = 0
    // No memory before the first element: an idle table costs nothing.
    base = UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment)!
  }

  deinit { if _capacity > 0 { base.deallocate() } }

  @inlinable public var count: Int { @inline(__always) get { _count } }
  @inlinable public var capacity: Int { @inline(__always) get { _capacity } }
  @inlinable public var isEmpty: Bool { @inline(__always) get { _count == 0 } }

  /// Element at `index`, which must be below `count`.
  @inlinable
  public subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress {
      precondition(index >= 0 && index < _count)
      return UnsafePointer(base + index)
    }
    @inline(__always) unsafeMutableAddress {
      precondition(index >= 0 && index < _count)
      return base + index
    }
  }

  /// Address of an element, which must be below `count`: good until the array grows, is released or dies. For hot paths
  /// that change an element and other parts of its owner at once.
  @inlinable @inline(__always)
  public mutating func unsafeAddress(of index: Int) -> UnsafeMutablePointer<Element> {
    precondition(index >= 0 && index < _count)
    return base + index
  }

  /// Has the processor fetch an element that will be looked at soon; any index may be given.
  @inlinable @inline(__always)
  public func prefetch(_ index: Int) {
    guard index >= 0 && index < _count else { return }
    let start = UnsafeRawPointer(base + index)
    var offset = 0
    while offset < MemoryLayout<Element>.stride {
      Bytes.prefetch(start + offset)
      offset &+= 64
    }
  }

  @inlinable @inline(__always)
  public mutating func append(_ element: Element) {
    if _count == _capacity { grow(to: _count &+ 1) }
    (base + _count).initialize(to: element)
    _count &+= 1
  }

  /// Makes the array `count` elements long, new ones being `element`.
  @inlinable
  public mutating func resize(to count: Int, filledWith element: Element) {
    precondition(count >= 0)
    if count > _capacity { grow(to: count) }
    if count > _count { (base + _count).initialize(repeating: element, count: count - _count) }
    _count = count
  }

  /// Overwrites every element.
  @inlinable
  public mutating func fill(with element: Element) { base.update(repeating: element, count: _count) }

  @inlinable @inline(__always)
  public mutating func removeAll() { _count = 0 }

  @inlinable @inline(__always)
  public mutating func removeLast() -> Element {
    precondition(_count > 0)
    _count &-= 1
    return base[_count]
  }

  /// Keeps the first `count` elements.
  @inlinable
  public mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= _count)
    _count = count
  }

  @inlinable
  public mutating func swapAt(_ i: Int, _ j: Int) {
    precondition(i >= 0 && i < _count && j >= 0 && j < _count)
    let held = base[i]
    base[i] = base[j]
    base[j] = held
  }

  /// Sorts in place. O(n log n).
  @inlinable
  public mutating func sort(_ precedes: (Element, Element) -> Bool) {
    var elements = UnsafeMutableBufferPointer(start: base, count: _count)
    elements.sort(by: precedes)
  }

  /// Gives all memory back.
  public mutating func release() {
    if _capacity > 0 { base.deallocate() }
    base = UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment)!
    _count = 0
    _capacity = 0
  }

  /// The elements as a buffer to sort or scan within `body`.
  @inlinable
  public mutating func withMutableElements<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws(E) -> R
  ) throws(E) -> R {
    try body(UnsafeMutableBufferPointer(start: base, count: _count))
  }

  @inlinable
  public func withElements<R, E: Error>(_ body: (UnsafeBufferPointer<Element>) throws(E) -> R) throws(E) -> R {
    try body(UnsafeBufferPointer(start: base, count: _count))
  }

  @usableFromInline @inline(never)
  mutating func grow(to wanted: Int) {
    // Large elements start one at a time: there are very many tables with few rows.
    let size = max(wanted, _capacity * 2, max(1, 64 / MemoryLayout<Element>.stride))
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: size)
    moved.update(from: base, count: _count)
    if _capacity > 0 { base.deallocate() }
    base = moved
    _capacity = size
  }
}
