// A list of structs whose length is known only at its end.
//
// A list's elements stand together, and so would what they point at before them if the length were known. Here
// the elements wait in memory of their own, with pointers as if that memory stood where the message begins;
// `place` moves them behind what they point at and shifts the pointers by the distance. One more pass over
// elements that are still in the cache, instead of one over the input to count.

#if canImport(Glibc)
  import Glibc
#endif

/// A list that grows by one element at a time beside the message it belongs to. Keep it: the memory stays.
///
/// The count lives outside `self`, so that a list and its message can be borrowed side by side.
///
/// Invariant of the unsafe code: `arena` and `stored` address one initialised value for as long as `self` lives; the arena's
/// first `count` elements of `Element.size` are initialised.
public struct GrowingStructList<Element: StructBuilderView & ~Escapable>: ~Copyable, @unchecked Sendable {
  @usableFromInline let arena: UnsafeMutablePointer<Arena>
  @usableFromInline let stored: UnsafeMutablePointer<Int>
  @inlinable @inline(__always)
  public var count: Int { stored.pointee }

  /// `capacity`: elements to set memory aside for at first.
  public init(capacity: Int = 1024) {
    arena = .allocate(capacity: 1)
    arena.initialize(to: Arena(capacity: capacity * Element.size.bytes))
    arena.pointee.used = 0
    stored = .allocate(capacity: 1)
    stored.initialize(to: 0)
  }

  deinit {
    stored.deallocate()
    free(arena.pointee.base)
    arena.deallocate()
  }

  /// Bytes of the elements so far.
  @inlinable
  public var byteCount: Int { arena.pointee.used }

  /// Forgets the elements, keeps the memory. O(1).
  @inlinable
  public mutating func removeAll() {
    arena.pointee.used = 0
    stored.pointee = 0
  }

  /// Adds an element of zeros. What its pointers are set to is made in `message`, which must be the one the list
  /// is placed in.
  @inlinable @inline(__always)
  @_lifetime(borrow self, borrow message)
  public func append(in message: borrowing MessageBuilder) -> Element {
    let data = arena.pointee.allocateZeroed(Element.size.bytes)
    stored.pointee &+= 1
    return Element(
      StructBuilder(arena: arena, targets: message.arena, data: data, dataWords: Element.size.dataWords))
  }

  /// Element `index` again, before the list is placed.
  @inlinable
  @_lifetime(borrow self, borrow message)
  public func element(_ index: Int, in message: borrowing MessageBuilder) -> Element {
    precondition(index >= 0 && index < count)
    return Element(
      StructBuilder(
        arena: arena, targets: message.arena, data: index &* Element.size.bytes, dataWords: Element.size.dataWords))
  }

  /// Makes the list at `pointer`, of the message whose elements they are. Call once for each message.
  public func place(at pointer: AnyPointerBuilder) {
    let size = Element.size
    let list = pointer.makeUninitializedList(of: size, count: count)
    let message = pointer.targets
    // Pointers were made as if the elements began at 0; offsets are in words and stand above two bits of kind.
    let shift = UInt32(truncatingIfNeeded: -(list.start >> 3)) &<< 2
    let dataWords = size.dataWords
    let words = dataWords &+ size.pointers
    let from = UnsafeRawPointer(arena.pointee.base)
    let to = message.pointee.base + list.start
    var offset = 0
    for _ in 0..<count {
      memcpy(to + offset, from + offset, dataWords &* 8)
      for i in dataWords..<words {
        let word = from.load(fromByteOffset: offset &+ i &* 8, as: UInt64.self)
        let moved = word & ~0xffff_ffff | UInt64(UInt32(truncatingIfNeeded: word) &+ shift)
        to.storeBytes(of: word == 0 ? 0 : moved, toByteOffset: offset &+ i &* 8, as: UInt64.self)
      }
      offset &+= words &* 8
    }
  }
}

extension AnyPointerBuilder {
  /// A list of structs of undefined content, which the caller writes at once.
  @_lifetime(copy self)
  func makeUninitializedList(of size: StructSize, count: Int) -> ListBuilder {
    precondition(count >= 0 && count < 1 << 29, "a list has at most 2^29 - 1 elements")
    let bytes = count * size.bytes
    precondition(bytes < 1 << 32, "a list of structs has at most 2^29 - 1 words")
    let tag = targets.pointee.allocate(8 + bytes)
    targets.pointee.store(
      UInt64(truncatingIfNeeded: count) &<< 2 | UInt64(truncatingIfNeeded: size.dataWords) &<< 32
        | UInt64(truncatingIfNeeded: size.pointers) &<< 48, at: tag)
    arena.pointee.storePointer(at: at, to: tag, low: 1, high: UInt64(truncatingIfNeeded: bytes) | 7)
    return ListBuilder(from: self, start: tag + 8, count: count, step: size.bytes, dataBytes: size.dataWords * 8)
  }
}
